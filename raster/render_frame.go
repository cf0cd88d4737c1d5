package raster

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Frame is where a picture lies: a rectangle in Web Mercator (EPSG:3857,
// metres) and its size in pixels.
type Frame struct {
	West, South, East, North float64
	Width, Height            int
}

const (
	earthRadius = 6378137 // metres: the sphere of Web Mercator
	mercatorEnd = math.Pi * earthRadius
	maxZoom     = 24
	maxPicture  = 64 << 20 // pixels
)

// tileSizes are the sides a tile may have, the default first.
var tileSizes = []int{256, 512}

// TileFrame is the frame of tile z/x/y of the XYZ scheme, y counted from the
// north, size pixels wide (256 or 512).
func TileFrame(z, x, y, size int) (Frame, error) {
	if z < 0 || z > maxZoom {
		return Frame{}, fmt.Errorf("tile %d/%d/%d: zoom is 0 to %d", z, x, y, maxZoom)
	}
	if n := 1 << z; x < 0 || x >= n || y < 0 || y >= n {
		return Frame{}, fmt.Errorf("tile %d/%d/%d: x and y are 0 to %d at zoom %d", z, x, y, n-1, z)
	}
	if size != tileSizes[0] && size != tileSizes[1] {
		return Frame{}, fmt.Errorf("tile %d/%d/%d: %d pixels wide; tiles are %d or %d", z, x, y, size, tileSizes[0], tileSizes[1])
	}
	side := 2 * mercatorEnd / float64(int(1)<<z)
	w, n := -mercatorEnd+float64(x)*side, mercatorEnd-float64(y)*side
	return Frame{West: w, South: n - side, East: w + side, North: n, Width: size, Height: size}, nil
}

// BoundFrame is the frame of a rectangle of longitudes and latitudes (WGS 84
// degrees), width pixels wide, its pixels square.
func BoundFrame(b orb.Bound, width int) (Frame, error) {
	if !(b.Min[0] < b.Max[0] && b.Min[1] < b.Max[1]) || b.Min[0] < -180 || b.Max[0] > 180 || b.Min[1] < -85 || b.Max[1] > 85 {
		return Frame{}, fmt.Errorf("west %g, south %g, east %g, north %g is no rectangle of longitudes −180 to 180 and latitudes −85 to 85", b.Min[0], b.Min[1], b.Max[0], b.Max[1])
	}
	w, s := mercator(b.Min)
	e, n := mercator(b.Max)
	f := Frame{West: w, South: s, East: e, North: n, Width: width, Height: max(1, int(math.Round(float64(width)*(n-s)/(e-w))))}
	return f, f.check()
}

func (f Frame) check() error {
	if f.Width < 1 || f.Height < 1 || f.Width > maxPicture/f.Height {
		return fmt.Errorf("a picture of %d × %d pixels: it has 1 to %d", f.Width, f.Height, maxPicture)
	}
	if !(f.West < f.East && f.South < f.North) || f.West < -mercatorEnd-1 || f.East > mercatorEnd+1 {
		return fmt.Errorf("a picture from %g, %g to %g, %g: it lies inside Web Mercator, west to east, south to north", f.West, f.South, f.East, f.North)
	}
	return nil
}

func mercator(p orb.Point) (x, y float64) {
	return earthRadius * p[0] * math.Pi / 180, earthRadius * math.Atanh(math.Sin(p[1]*math.Pi/180))
}

func lonLat(x, y float64) orb.Point {
	return orb.Point{x / earthRadius * 180 / math.Pi, math.Atan(math.Sinh(y/earthRadius)) * 180 / math.Pi}
}

func (f Frame) lonLat() orb.Bound {
	return orb.Bound{Min: lonLat(f.West, f.South), Max: lonLat(f.East, f.North)}
}

// place is Web Mercator at a pixel's centre; pixel 0, 0 is the north-west one.
func (f Frame) place(col, row int) (x, y float64) {
	return f.West + (float64(col)+0.5)*(f.East-f.West)/float64(f.Width), f.North - (float64(row)+0.5)*(f.North-f.South)/float64(f.Height)
}

// part is the piece of the frame from pixel col, row, side pixels wide and high
// or up to the frame's edge.
func (f Frame) part(col, row, side int) Frame {
	px, py := (f.East-f.West)/float64(f.Width), (f.North-f.South)/float64(f.Height)
	w, h := min(side, f.Width-col), min(side, f.Height-row)
	return Frame{West: f.West + float64(col)*px, East: f.West + float64(col+w)*px, North: f.North - float64(row)*py, South: f.North - float64(row+h)*py, Width: w, Height: h}
}

// warp says where the pixels of a frame lie in a zone of a scene: exact at control
// points, bilinear between them. The error grows with the pixel: below 0.01
// pixel up to coarsePixel; pictures with larger pixels are exact everywhere.
type warp struct {
	f      Frame
	epsg   int
	step   int         // pixels between control points
	nx     int         // control points in a row
	points []orb.Point // metres; NaN far outside the zone
	metres float64     // side of a picture's pixel on the ground, in the middle
}

const (
	controlStep = 16
	coarsePixel = 2500 // Web Mercator metres
	zoneReach   = 20   // degrees of longitude from the zone's middle
)

func newWarp(f Frame, epsg int) (*warp, error) {
	w := &warp{f: f, epsg: epsg, step: controlStep}
	if (f.East-f.West)/float64(f.Width) > coarsePixel {
		w.step = 1
	}
	w.nx = (f.Width+w.step-2)/w.step + 1
	ny := (f.Height+w.step-2)/w.step + 1
	w.points = make([]orb.Point, 0, w.nx*ny)
	z, ok := zoneOf(epsg)
	if !ok {
		return nil, fmt.Errorf("it is in EPSG:%d; pictures are drawn of scenes in UTM or CGCS2000 Gauss–Krüger", epsg)
	}
	for j := range ny {
		for i := range w.nx {
			p := lonLat(f.place(i*w.step, j*w.step))
			xy, _ := utmPoint(p, epsg)
			if math.Abs(math.Remainder(p[0]-z.meridian, 360)) > zoneReach {
				xy = orb.Point{math.NaN(), math.NaN()}
			}
			w.points = append(w.points, xy)
		}
	}
	mid := f.lonLat().Center()
	w.metres = (f.East - f.West) / float64(f.Width) * math.Cos(mid[1]*math.Pi/180)
	return w, nil
}

// row fills xs and ys with the UTM place of each pixel of a row.
func (w *warp) row(j int, xs, ys []float64) {
	above := w.points[j/w.step*w.nx:][:w.nx]
	below, t := above, 0.0
	if k := j % w.step; k > 0 {
		below, t = w.points[(j/w.step+1)*w.nx:][:w.nx], float64(k)/float64(w.step)
	}
	at := func(i int) (x, y float64) {
		return above[i][0] + t*(below[i][0]-above[i][0]), above[i][1] + t*(below[i][1]-above[i][1])
	}
	for i := 0; i*w.step < len(xs); i++ {
		x, y := at(i)
		var dx, dy float64
		if i+1 < w.nx {
			ex, ey := at(i + 1)
			dx, dy = (ex-x)/float64(w.step), (ey-y)/float64(w.step)
		}
		for k := i * w.step; k < min((i+1)*w.step, len(xs)); k++ {
			d := float64(k - i*w.step)
			xs[k], ys[k] = x+d*dx, y+d*dy
		}
	}
}
