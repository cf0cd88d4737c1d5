package report

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/paulmach/orb"
	"golang.org/x/image/vector"
)

// A map is drawn at twice the size it is shown, and smaller where the picture
// would grow beyond its share of the page.
const (
	mapPixels   = 1500
	mapMaxBytes = 1_200_000
	shades      = 4 // steps from paper to full colour: soft edges in a small picture
)

var paper = rgb(0xfbfaf7)

// frame maps lon, lat to pixels: an equirectangular view, true at its middle.
type frame struct {
	west, north float64
	perLon      float64 // pixels per degree
	perLat      float64
	metre       float64 // pixels per metre
	W, H        int
}

// Metres per degree of latitude and, at the equator, of longitude (WGS 84, mean).
const metresPerDegree = 111_195.0

func frameOf(shapes []rundir.Shape, pixels int) (frame, bool) {
	if len(shapes) == 0 {
		return frame{}, false
	}
	b := shapes[0].Polygon.Bound()
	for _, s := range shapes[1:] {
		if len(s.Polygon) > 0 {
			b = b.Union(s.Polygon.Bound())
		}
	}
	k := math.Cos(b.Center()[1] * math.Pi / 180)
	wide, high := (b.Max[0]-b.Min[0])*metresPerDegree*k, (b.Max[1]-b.Min[1])*metresPerDegree
	side := max(wide, high, 20)
	pad := side * .02
	var f frame
	f.metre = min(float64(pixels)/(wide+2*pad), float64(pixels)*1.1/(high+2*pad))
	f.perLon, f.perLat = f.metre*metresPerDegree*k, f.metre*metresPerDegree
	f.W, f.H = int(math.Ceil((wide+2*pad)*f.metre)), int(math.Ceil((high+2*pad)*f.metre))
	f.west, f.north = b.Min[0]-pad*f.metre/f.perLon, b.Max[1]+pad*f.metre/f.perLat
	return f, true
}

func (f frame) at(p orb.Point) (x, y float32) {
	return float32((p[0] - f.west) * f.perLon), float32((f.north - p[1]) * f.perLat)
}

// picture draws every shape in the colour of its class and returns a PNG.
// class[i] belongs to shapes[i]; colours are by class.
func picture(shapes []rundir.Shape, class []int, colours []color.RGBA) ([]byte, frame, error) {
	for pixels := mapPixels; ; pixels = pixels * 3 / 4 {
		f, ok := frameOf(shapes, pixels)
		if !ok {
			return nil, f, nil
		}
		var b bytes.Buffer
		enc := png.Encoder{CompressionLevel: png.BestCompression}
		if err := enc.Encode(&b, f.paint(shapes, class, colours)); err != nil {
			return nil, f, err
		}
		if b.Len() <= mapMaxBytes || pixels < 500 {
			return b.Bytes(), f, nil
		}
	}
}

// paint gives each pixel the class that covers most of it, shaded by how much
// of it is covered, with thin pale lines between parcels where they are large
// enough to have any.
func (f frame) paint(shapes []rundir.Shape, class []int, colours []color.RGBA) *image.Paletted {
	palette := color.Palette{paper}
	for _, c := range colours {
		for l := 1; l <= shades; l++ {
			palette = append(palette, mix(paper, c, float64(l)/shades))
		}
	}
	img := image.NewPaletted(image.Rect(0, 0, f.W, f.H), palette)
	best, total := make([]uint8, f.W*f.H), make([]uint16, f.W*f.H)
	mask := image.NewAlpha(img.Rect)
	var z vector.Rasterizer
	for k := range colours {
		z.Reset(f.W, f.H)
		z.DrawOp = draw.Src
		some := false
		for i, s := range shapes {
			if class[i] == k {
				f.fill(&z, s.Polygon)
				some = true
			}
		}
		if !some {
			continue
		}
		z.Draw(mask, mask.Rect, image.Opaque, image.Point{})
		for i, a := range mask.Pix {
			total[i] += uint16(a)
			if a > best[i] {
				best[i] = a
				img.Pix[i] = uint8(k*shades + 1)
			}
		}
	}
	lines := f.lines(&z, mask, shapes)
	for i, t := range total {
		if t == 0 {
			continue
		}
		share := float64(min(t, 255)) / 255
		if lines {
			share *= 1 - .6*float64(mask.Pix[i])/255
		}
		step := int(math.Round(share * shades))
		if step == 0 {
			img.Pix[i] = 0
		} else {
			img.Pix[i] += uint8(step - 1)
		}
	}
	return img
}

// fill adds a polygon; outer rings run one way and holes the other, so that
// many polygons can be filled at once. What is smaller than a pixel becomes one.
func (f frame) fill(z *vector.Rasterizer, m orb.MultiPolygon) {
	for _, p := range m {
		for i, ring := range p {
			b := ring.Bound()
			x0, y1 := f.at(b.Min)
			x1, y0 := f.at(b.Max)
			if i == 0 && x1-x0 < 1.6 && y1-y0 < 1.6 {
				x, y := (x0+x1)/2, (y0+y1)/2
				quad(z, x-.8, y-.8, x+.8, y-.8, x+.8, y+.8, x-.8, y+.8)
				break
			}
			f.ring(z, ring, i == 0)
		}
	}
}

func (f frame) ring(z *vector.Rasterizer, r orb.Ring, outer bool) {
	if len(r) < 4 {
		return
	}
	n := len(r)
	forward := (r.Orientation() == orb.CW) == outer // outer rings clockwise, as quad
	for k := range r {
		i := k
		if !forward {
			i = n - 1 - k
		}
		if x, y := f.at(r[i]); k == 0 {
			z.MoveTo(x, y)
		} else {
			z.LineTo(x, y)
		}
	}
	z.ClosePath()
}

// lines draws the outlines into the mask where a typical parcel is wide enough.
func (f frame) lines(z *vector.Rasterizer, mask *image.Alpha, shapes []rundir.Shape) bool {
	var mu float64
	for _, s := range shapes {
		mu += s.AreaMu
	}
	if side := math.Sqrt(mu/float64(len(shapes))*2000/3) * f.metre; side < 7 {
		return false
	}
	const half = .75
	z.Reset(f.W, f.H)
	z.DrawOp = draw.Src
	for _, s := range shapes {
		for _, p := range s.Polygon {
			for _, r := range p {
				for i := 1; i < len(r); i++ {
					ax, ay := f.at(r[i-1])
					bx, by := f.at(r[i])
					l := float32(math.Hypot(float64(bx-ax), float64(by-ay)))
					if l == 0 {
						continue
					}
					nx, ny := -(by-ay)/l*half, (bx-ax)/l*half
					quad(z, ax-nx, ay-ny, bx-nx, by-ny, bx+nx, by+ny, ax+nx, ay+ny)
				}
			}
		}
	}
	z.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	return true
}

func quad(z *vector.Rasterizer, ax, ay, bx, by, cx, cy, dx, dy float32) {
	z.MoveTo(ax, ay)
	z.LineTo(bx, by)
	z.LineTo(cx, cy)
	z.LineTo(dx, dy)
	z.ClosePath()
}

func mix(a, b color.RGBA, share float64) color.RGBA {
	m := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + (float64(y)-float64(x))*share)) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 255}
}

// pngURL is a picture inside the page.
func pngURL(b []byte) template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b))
}

// scale is the ruler under a map: a length, and a square of land to compare
// fields with. Shares are of the map's width.
type scale struct {
	Metres int
	Bar    float64
	Mu     int
	Side   float64
}

func (f frame) scale() scale {
	wide := float64(f.W) / f.metre
	s := scale{Metres: nice(wide / 5), Mu: nice(math.Pow(wide/22, 2) * 3 / 2000)}
	s.Bar = float64(s.Metres) / wide
	s.Side = math.Sqrt(float64(s.Mu)*2000/3) / wide
	return s
}

// nice is the largest of 1, 2, 5, 10, 20 … that is not above v, at least 1.
func nice(v float64) int {
	out := 1
	for p := 1; p < 1e9; p *= 10 {
		for _, k := range []int{1, 2, 5} {
			if float64(k*p) <= v {
				out = k * p
			}
		}
	}
	return out
}
