package raster

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"sync/atomic"
	"testing"
)

// drawn is a LevelReader of made-up files: a value for each pixel of level 0.
type drawnFile struct {
	grid  Grid
	value func(col, row int) uint16
}

type drawn struct {
	files map[string]drawnFile
	reads *atomic.Int64
}

func (m drawn) Levels(_ context.Context, a Asset) (Grid, []Level, error) {
	f, ok := m.files[a.Href]
	if !ok {
		return Grid{}, nil, fmt.Errorf("open %s: no such file", a.Href)
	}
	return f.grid, []Level{{f.grid.Width, f.grid.Height, 64, 96}}, nil
}

func (m drawn) ReadLevel(ctx context.Context, a Asset, level int, w Window, dst []uint16) error {
	m.reads.Add(1)
	f := m.files[a.Href]
	if level != 0 || w.Col < 0 || w.Row < 0 || w.Col+w.Width > f.grid.Width || w.Row+w.Height > f.grid.Height || len(dst) != w.Width*w.Height {
		return fmt.Errorf("read %s: window %+v of level %d does not lie in it", a.Href, w, level)
	}
	for i := range dst {
		dst[i] = f.value(w.Col+i%w.Width, w.Row+i/w.Width)
	}
	return ctx.Err()
}

func (m drawn) Close() error { return nil }

// scene adds a scene whose bands have the values given.
func (m drawn) scene(id string, g Grid, bands map[Band]func(col, row int) uint16) Scene {
	s := Scene{ID: id, EPSG: g.EPSG, Assets: map[Band]Asset{}}
	for b, v := range bands {
		href := id + "/" + string(b)
		own := g
		if b == SCL {
			own.Res, own.Width, own.Height = 2*g.Res, g.Width/2, g.Height/2
		}
		m.files[href] = drawnFile{own, v}
		s.Assets[b] = Asset{Href: href}
	}
	return s
}

func newDrawn() drawn { return drawn{map[string]drawnFile{}, &atomic.Int64{}} }

func (m drawn) renderer(t *testing.T) *Renderer {
	r := NewRenderer(func() LevelReader { return m }, RenderOptions{Readers: 2})
	t.Cleanup(func() { r.Close() })
	return r
}

func flat(v uint16) func(int, int) uint16 { return func(int, int) uint16 { return v } }

func picture(t *testing.T, b []byte, err error) image.Image {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func colorAt(img image.Image, x, y int) color.NRGBA {
	return color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
}

// red is a composite whose brightness is DN/10000 of each band.
var red = Style{Name: "red", Bands: []Band{B04, B03, B02}, Hi: 1}

// The tile that the golden positions of TestPixelsLieWhereProjSays are of, in a
// scene that holds it all.
const tz, tx, ty = 14, 13544, 6456

var wide = Grid{EPSG: 32650, X0: 552000, Y0: 3942000, Res: 10, Width: 600, Height: 600}

// Each pixel of a tile shows the scene pixel that PROJ puts its centre in: a
// scene whose DN tell column and row, and the positions of pyproj.
func TestPixelsShowTheirPlace(t *testing.T) {
	m := newDrawn()
	s := m.scene("a", wide, map[Band]func(int, int) uint16{
		B02: func(col, row int) uint16 { return uint16(col + 1) },
		B03: func(col, row int) uint16 { return uint16(row + 1) },
	})
	var cols, rows []float32
	style := Style{Name: "place", Bands: []Band{B02, B03}, Hi: 1, Layer: func(_ context.Context, got Scene, bands [][]float32, out []float32) error {
		if got.ID != "a" {
			t.Errorf("scene %s", got.ID)
		}
		cols, rows = bands[0], bands[1]
		copy(out, bands[0])
		return nil
	}}
	if _, err := m.renderer(t).Tile(context.Background(), tz, tx, ty, []Scene{s}, style, TileOptions{}); err != nil {
		t.Fatal(err)
	}
	if len(cols) != 256*256 {
		t.Fatalf("%d pixels", len(cols))
	}
	checked := 0
	for _, p := range projected {
		if p.z != tz || p.epsg != wide.EPSG {
			continue
		}
		checked++
		i := p.row*256 + p.col
		col, row := int(math.Round(float64(cols[i])*10000))-1, int(math.Round(float64(rows[i])*10000))-1
		if wc, wr := int((p.east-wide.X0)/10), int((wide.Y0-p.north)/10); col != wc || row != wr {
			t.Errorf("pixel %d, %d shows column %d, row %d; want %d, %d", p.col, p.row, col, row, wc, wr)
		}
	}
	if checked < 5 {
		t.Errorf("only %d golden positions", checked)
	}
}

// By hand: reflectance is (DN − 1000)/10000, NDVI (0.5−0.1)/(0.5+0.1) = 2/3.
func TestColoursByHand(t *testing.T) {
	m := newDrawn()
	s := m.scene("a", wide, map[Band]func(int, int) uint16{B02: flat(1000), B03: flat(1500), B04: flat(2000), B08: flat(6000), SCL: flat(6)})
	s.Settled.DN0 = -1000
	r := m.renderer(t)
	black := RGB{0, 0, 0}
	for _, c := range []struct {
		name  string
		style Style
		want  RGB
	}{
		// 0.1 of 0.2 is half, 0.05 a quarter, 0 nothing: 255 × 0.5 = 127.5, × 0.25 = 63.75
		{"colour", Style{Bands: []Band{B04, B03, B02}, Hi: 0.2}, RGB{128, 64, 0}},
		// half and a quarter to the power 1/2: 0.7071 × 255 = 180.3, 0.5 × 255 = 127.5
		{"gamma", Style{Bands: []Band{B04, B03, B02}, Hi: 0.2, Gamma: 2}, RGB{180, 128, 0}},
		// 0 to 0.3 by default; 0.5 is beyond it
		{"beyond", Style{Bands: []Band{B08, B02, B02}}, RGB{255, 0, 0}},
		// 2/3 of 254 steps is 169.3: step 169, at 169/254 = 0.6654 of black to white: × 255 = 169.7
		{"ndvi", Style{Formula: "(B08-B04)/(B08+B04)", Hi: 1, Ramp: Ramp{black, {255, 255, 255}}}, RGB{170, 170, 170}},
		{"below", Style{Formula: "B02", Lo: 0.5, Hi: 1, Ramp: Ramp{{1, 2, 3}, {255, 255, 255}}}, RGB{1, 2, 3}},
		{"scl", Style{Bands: []Band{SCL}, Classes: SCLClasses}, RGB{0, 0, 255}},
		// a function that knows SCL: 6 + 10 × 0.5 = 11
		{"function", Style{Bands: []Band{SCL, B08}, Classes: []Class{{5, "five", black}, {11, "eleven", RGB{9, 8, 7}}}, Layer: func(_ context.Context, _ Scene, b [][]float32, out []float32) error {
			for i := range out {
				out[i] = b[0][i] + 10*b[1][i]
			}
			return nil
		}}, RGB{9, 8, 7}},
	} {
		c.style.Name = c.name
		for _, size := range []int{256, 512} {
			b, err := r.Tile(context.Background(), tz, tx, ty, []Scene{s}, c.style, TileOptions{Size: size})
			img := picture(t, b, err)
			if img.Bounds().Dx() != size || img.Bounds().Dy() != size {
				t.Errorf("%s: %v", c.name, img.Bounds())
			}
			for _, p := range [][2]int{{0, 0}, {size - 1, size - 1}, {size / 2, 3}} {
				if got, want := colorAt(img, p[0], p[1]), (color.NRGBA{c.want[0], c.want[1], c.want[2], 255}); got != want {
					t.Errorf("%s at %v: %v, want %v", c.name, p, got, want)
				}
			}
		}
	}
}

// Where a formula divides by zero or a function says NaN, and where SCL or a
// band has no data, the pixel is transparent.
func TestNoDataIsTransparent(t *testing.T) {
	m := newDrawn()
	half := func(a, b uint16) func(int, int) uint16 { // changes at column 300, easting 555000
		return func(col, _ int) uint16 {
			if col < 300 {
				return a
			}
			return b
		}
	}
	s := m.scene("a", wide, map[Band]func(int, int) uint16{B02: flat(2000), B03: flat(2000), B04: half(0, 2000), B08: half(1000, 3000),
		SCL: func(col, _ int) uint16 { return half(0, 4)(2*col, 0) }})
	r := m.renderer(t)
	s.Settled.DN0 = -1000
	for _, style := range []Style{red, {Name: "zero", Formula: "1/B08", Hi: 100}, {Name: "scl", Bands: []Band{SCL}, Classes: SCLClasses},
		{Name: "nan", Bands: []Band{B08}, Hi: 1, Layer: func(_ context.Context, _ Scene, b [][]float32, out []float32) error {
			for i, v := range b[0] {
				out[i] = v
				if v == 0 {
					out[i] = float32(math.NaN())
				}
			}
			return nil
		}}} {
		b, err := r.Tile(context.Background(), tz, tx, ty, []Scene{s}, style, TileOptions{})
		img := picture(t, b, err)
		// Row 37: column 100 is at 554917 east (golden), so columns to 110 end
		// below 555000 and from 111 above: 7.77 m a pixel.
		for _, x := range []int{0, 100, 110} {
			if a := colorAt(img, x, 37).A; a != 0 {
				t.Errorf("%s: pixel %d has alpha %d", style.Name, x, a)
			}
		}
		for _, x := range []int{112, 255} {
			if a := colorAt(img, x, 37).A; a != 255 {
				t.Errorf("%s: pixel %d has alpha %d", style.Name, x, a)
			}
		}
	}
}
