package vector

import (
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

func FuzzPolygonsOf(f *testing.F) {
	for _, g := range []orb.Geometry{
		orb.MultiPolygon{{{{1, 2}, {3, 4}, {5, 7}, {1, 2}}}}, orb.Polygon{{{1, 2}, {3, 4}, {5, 7}, {1, 2}}},
		orb.Collection{orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}, orb.Point{1, 2},
	} {
		b, err := wkb.Marshal(g)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if mp, err := polygonsOf(b); err == nil && len(mp) > len(b) {
			t.Errorf("%d polygons out of %d bytes", len(mp), len(b))
		}
	})
}

// orb's own encoder is the judge; heights (type 1003, by hand) are dropped.
func TestPolygonsOf(t *testing.T) {
	want := orb.MultiPolygon{{{{1, 2}, {3, 4}, {5, 7}, {1, 2}}}, {{{0, 0}, {9, 0}, {9, 9}, {0, 0}}, {{1, 0.1}, {2, 0.1}, {2, 0.2}, {1, 0.1}}}}
	b, err := wkb.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := polygonsOf(b)
	if err != nil || !orb.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	flat, _ := wkb.Marshal(orb.Polygon{{{1, 2}, {3, 4}, {5, 7}, {1, 2}}})
	// to ISO polygon Z: type 3 → 1003, eight bytes of height after each corner
	z := append([]byte{}, flat[:13]...)
	z[1], z[2] = 0xeb, 0x03
	for i := 13; i < len(flat); i += 16 {
		z = append(append(z, flat[i:i+16]...), 0, 0, 0, 0, 0, 0, 0x59, 0x40)
	}
	if got, err := polygonsOf(z); err != nil || !orb.Equal(got, want[:1]) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := polygonsOf(b[:len(b)-3]); err == nil {
		t.Error("a cut geometry must be an error")
	}
}
