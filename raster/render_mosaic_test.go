package raster

import (
	"bytes"
	"context"
	"errors"
	"image/color"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// A tile over the scene's edge shows it up to its edge; the second scene fills
// the rest and nothing else; out of all scenes the tile is the shared empty one.
func TestMosaicAndEdges(t *testing.T) {
	m := newDrawn()
	edge := wide
	edge.Width = 300 // ends at 555000
	bands := func(v uint16) map[Band]func(int, int) uint16 {
		return map[Band]func(int, int) uint16{B02: flat(v), B03: flat(v), B04: flat(v), SCL: func(col, row int) uint16 {
			if row < 100 {
				return 9
			}
			return 4
		}}
	}
	first, second := m.scene("first", edge, bands(4000)), m.scene("second", wide, bands(8000))
	r := m.renderer(t)
	tile := func(opt TileOptions, x int, scenes ...Scene) []byte {
		b, err := r.Tile(context.Background(), tz, x, ty, scenes, red, opt)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	grey := func(v uint8) color.NRGBA { return color.NRGBA{v, v, v, 255} }
	alone := picture(t, tile(TileOptions{}, tx, first), nil)
	both := picture(t, tile(TileOptions{}, tx, first, second), nil)
	over := picture(t, tile(TileOptions{}, tx, second, first), nil)
	for _, x := range []int{0, 110} {
		if colorAt(alone, x, 37) != grey(102) || colorAt(both, x, 37) != grey(102) || colorAt(over, x, 37) != grey(204) {
			t.Errorf("pixel %d: %v %v %v", x, colorAt(alone, x, 37), colorAt(both, x, 37), colorAt(over, x, 37))
		}
	}
	for _, x := range []int{112, 255} {
		if colorAt(alone, x, 37).A != 0 || colorAt(both, x, 37) != grey(204) {
			t.Errorf("pixel %d: %v %v", x, colorAt(alone, x, 37), colorAt(both, x, 37))
		}
	}
	// SCL row 100 is 2000 m below the top, at 3940000 north. Of the column at
	// 554917 east, row 0 lies at 3940161 and 37 at 3939875 (golden): 7.73 m a
	// row, so rows to 20 are above and rows from 22 below.
	clear := picture(t, tile(TileOptions{HideCloud: true}, tx, first), nil)
	if colorAt(clear, 100, 19).A != 0 || colorAt(clear, 100, 23) != grey(102) {
		t.Errorf("cloud: %v %v", colorAt(clear, 100, 19), colorAt(clear, 100, 23))
	}
	read := m.reads.Load()
	far, farther := tile(TileOptions{}, tx+40, first, second), tile(TileOptions{}, tx+90)
	if &far[0] != &farther[0] || m.reads.Load() != read {
		t.Error("an empty tile is not the shared one, or reads")
	}
	if a := colorAt(picture(t, far, nil), 9, 9).A; a != 0 {
		t.Errorf("empty tile with alpha %d", a)
	}
	second.Footprint = orb.Polygon{{{3, 50}, {4, 50}, {4, 51}, {3, 51}, {3, 50}}}
	if b := tile(TileOptions{}, tx, second); &b[0] != &far[0] {
		t.Error("a scene whose footprint is elsewhere was drawn")
	}
}

// Two scenes in neighbouring zones that meet inside a tile leave no gap, and
// each pixel is of the scene that PROJ puts it in: pixel 100, 37 lies at
// 785280 east in zone 50.
func TestTwoZonesWithoutGap(t *testing.T) {
	m := newDrawn()
	bands := func(v uint16) map[Band]func(int, int) uint16 {
		return map[Band]func(int, int) uint16{B02: flat(v), B03: flat(v), B04: flat(v)}
	}
	west := m.scene("west", Grid{EPSG: 32650, X0: 780000, Y0: 3440000, Res: 10, Width: 540, Height: 1200}, bands(4000)) // to 785400
	east := m.scene("east", Grid{EPSG: 32651, X0: 212000, Y0: 3440000, Res: 10, Width: 600, Height: 1200}, bands(8000)) // from 212000; the pixel is at 212418
	b, err := m.renderer(t).Tile(context.Background(), 13, 6826, 3353, []Scene{west, east}, red, TileOptions{})
	img := picture(t, b, err)
	count := map[color.NRGBA]int{}
	for y := range 256 {
		for x := range 256 {
			count[colorAt(img, x, y)]++
		}
	}
	if len(count) != 2 || count[color.NRGBA{102, 102, 102, 255}] < 10000 || count[color.NRGBA{204, 204, 204, 255}] < 10000 {
		t.Errorf("colours %v", count)
	}
	if colorAt(img, 100, 37).R != 102 || colorAt(img, 110, 37).R != 204 {
		t.Errorf("%v %v", colorAt(img, 100, 37), colorAt(img, 110, 37))
	}
}

// A picture is its pieces: drawn whole it has the pixels of the tiles it covers,
// and the same bytes each time.
func TestPictureEqualsTiles(t *testing.T) {
	m := newDrawn()
	s := m.scene("a", wide, map[Band]func(int, int) uint16{B04: func(c, r int) uint16 { return uint16(1 + c*r%3000) }, B08: func(c, r int) uint16 { return uint16(1 + c*7%5000) }})
	r := m.renderer(t)
	style := Style{Name: "x", Formula: "(B08-B04)/(B08+B04)", Lo: -1, Hi: 1}
	nw, _ := TileFrame(tz, tx, ty, 256)
	se, _ := TileFrame(tz, tx+1, ty+1, 256)
	f := Frame{West: nw.West, North: nw.North, East: se.East, South: se.South, Width: 512, Height: 512}
	one, err := r.Picture(context.Background(), f, []Scene{s}, style, TileOptions{})
	img := picture(t, one, err)
	two, err := m.renderer(t).Picture(context.Background(), f, []Scene{s}, style, TileOptions{})
	if err != nil || !bytes.Equal(one, two) {
		t.Errorf("a second renderer draws other bytes, %v", err)
	}
	for k := range 4 {
		b, err := r.Tile(context.Background(), tz, tx+k%2, ty+k/2, []Scene{s}, style, TileOptions{})
		tile := picture(t, b, err)
		differ := 0
		for i := range 256 * 256 {
			if colorAt(tile, i%256, i/256) != colorAt(img, k%2*256+i%256, k/2*256+i/256) {
				differ++ // a pixel centre on a pixel's edge, rounded the other way
			}
		}
		if differ > 6 {
			t.Errorf("tile %d: %d pixels differ", k, differ)
		}
	}
}

func TestPictureErrors(t *testing.T) {
	m := newDrawn()
	bands := map[Band]func(int, int) uint16{B02: flat(1), B03: flat(1), B04: flat(1)}
	s := m.scene("a", wide, bands)
	lonlat := wide
	lonlat.EPSG = 4326
	degrees := m.scene("degrees", lonlat, bands)
	lost := m.scene("lost", wide, bands)
	delete(m.files, "lost/B03")
	r := m.renderer(t)
	ctx, cancel := context.WithCancel(context.Background())
	layer := Style{Name: "lai", Bands: []Band{B02}, Hi: 1, Layer: func(context.Context, Scene, [][]float32, []float32) error { return errors.New("no network") }}
	for _, c := range []struct {
		z     int
		scene Scene
		style Style
		want  string
	}{
		{tz, s, Style{Name: "nir", Bands: []Band{B08, B03, B02}}, "scene a: it has no band B08"},
		{tz, degrees, red, "scene degrees: it is in EPSG:4326"},
		{tz, lost, red, "open lost/B03: no such file"},
		{tz, s, layer, "compute layer lai: no network"},
		{tz, s, Style{Name: "odd", Formula: "B02+", Hi: 1}, "style odd"},
		{31, s, red, "zoom is 0 to 24"},
	} {
		if _, err := r.Tile(ctx, c.z, tx, ty, []Scene{c.scene}, c.style, TileOptions{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
	if _, err := r.Tile(ctx, tz, tx, ty, []Scene{s}, red, TileOptions{HideCloud: true}); err == nil || !strings.Contains(err.Error(), "no band SCL") {
		t.Errorf("cloud without SCL: %v", err)
	}
	if _, err := r.Picture(ctx, Frame{}, nil, red, TileOptions{}); err == nil {
		t.Error("a picture of nothing")
	}
	cancel()
	if _, err := r.Tile(ctx, tz, tx, ty, []Scene{s}, red, TileOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	// What was cancelled or failed is not kept.
	if _, err := r.Tile(context.Background(), tz, tx, ty, []Scene{s}, red, TileOptions{}); err != nil {
		t.Error(err)
	}
}
