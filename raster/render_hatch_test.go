package raster

import (
	"context"
	"image/color"
	"testing"
)

// What SCL hides is hatched: two pixels of eight along the diagonal, over the
// picture of a composite and over nothing of an index; what it does not hide is
// as it would be without.
func TestHatchedWhereMasked(t *testing.T) {
	m := newDrawn()
	// SCL rows are of 20 m: to row 100 (as in TestMosaicAndEdges, tile rows to 20)
	// what the case says, below vegetation.
	for scl, masked := range map[uint16]bool{0: false, 1: true, 2: false, 3: true, 4: false, 5: false, 6: false, 7: false, 8: true, 9: true, 10: true, 11: true} {
		s := m.scene("hatch", wide, map[Band]func(int, int) uint16{B02: flat(5000), B03: flat(5000), B04: flat(2500), B08: flat(7500), SCL: func(col, row int) uint16 {
			if row < 100 {
				return scl
			}
			return 4
		}})
		r := m.renderer(t)
		draw := func(style Style, opt TileOptions) func(x, y int) color.NRGBA {
			b, err := r.Tile(context.Background(), tz, tx, ty, []Scene{s}, style, opt)
			img := picture(t, b, err)
			return func(x, y int) color.NRGBA { return colorAt(img, x, y) }
		}
		ndvi, err := StyleByName("ndvi")
		if err != nil {
			t.Fatal(err)
		}
		grey := color.NRGBA{MaskedColor[0], MaskedColor[1], MaskedColor[2], 255}
		plain, hatched := draw(red, TileOptions{}), draw(red, TileOptions{HatchMasked: true})
		index, indexed := draw(ndvi, TileOptions{}), draw(ndvi, TileOptions{HatchMasked: true, HideCloud: true})
		for x := 100; x < 116; x++ {
			for _, y := range []int{5, 12, 40} { // two above, one below
				over, nothing := plain(x, y), index(x, y)
				if masked && y < 20 {
					nothing = color.NRGBA{}
					if (x+y)%8 < 2 {
						over, nothing = grey, grey
					}
				}
				if hatched(x, y) != over || indexed(x, y) != nothing {
					t.Fatalf("class %d at %d, %d: %v and %v, want %v and %v", scl, x, y, hatched(x, y), indexed(x, y), over, nothing)
				}
			}
		}
	}
	// NDVI (7500 − 2500) / (7500 + 2500) = 0.5; without SCL there is nothing to hatch.
	s := m.scene("no-scl", wide, map[Band]func(int, int) uint16{B04: flat(2500), B08: flat(7500)})
	ndvi, _ := StyleByName("ndvi")
	b, err := m.renderer(t).Tile(context.Background(), tz, tx, ty, []Scene{s}, ndvi, TileOptions{HatchMasked: true})
	if got := colorAt(picture(t, b, err), 9, 9); got.A != 255 {
		t.Errorf("%v", got)
	}
	// The ramp's end beside the hatches: one step below its own colour.
	s = m.scene("top", wide, map[Band]func(int, int) uint16{B04: flat(1), B08: flat(9999), SCL: flat(4)})
	b, err = m.renderer(t).Tile(context.Background(), tz, tx, ty, []Scene{s}, ndvi, TileOptions{HatchMasked: true})
	want := Viridis.at(253.0 / 254)
	if got := colorAt(picture(t, b, err), 9, 9); got != (color.NRGBA{want[0], want[1], want[2], 255}) {
		t.Errorf("%v, want %v", got, want)
	}
}
