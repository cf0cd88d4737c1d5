package zonal

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// anyShapes are polygons of all kinds with their pieces.
func anyShapes(seed int64, n int) (shapes []raster.Shape, p piece) {
	rnd := rand.New(rand.NewSource(seed))
	for i := range n {
		var mp orb.MultiPolygon
		for range 1 + rnd.Intn(3) {
			var poly orb.Polygon
			for range 1 + rnd.Intn(3) {
				ring := make(orb.Ring, 4+rnd.Intn(9))
				for k := range ring {
					ring[k] = orb.Point{5e5 + 1e4*rnd.Float64(), 4e6 + 1e4*rnd.Float64()}
				}
				poly = append(poly, ring)
			}
			mp = append(mp, poly)
		}
		s := raster.Shape{ID: fmt.Sprint("地块", i*rnd.Intn(1e6)), Kind: "parcel", Polygon: mp}
		shapes = append(shapes, s)
		p.put(s.ID, s.Polygon)
	}
	return shapes, p
}

// What is put in comes out, whole or any part of it, and no memory is taken
// twice.
func TestPiecesComeBack(t *testing.T) {
	want, p := anyShapes(1, 200)
	for _, c := range [][2]int{{0, 200}, {0, 1}, {199, 1}, {70, 60}, {10, 500}, {200, 5}} {
		got := newShapes(p.size)
		room := cap(got.points)
		if _, err := got.take(p.data, c[0], c[1]); err != nil {
			t.Fatal(err)
		}
		part := want[c[0]:min(c[0]+c[1], len(want))]
		if len(got.list) != len(part) || len(part) > 0 && !cmp.Equal(got.list, part) {
			t.Errorf("from %d, %d: other shapes", c[0], c[1])
		}
		if cap(got.points) != room {
			t.Errorf("from %d, %d: the points were moved", c[0], c[1])
		}
	}
	if half := p.size.share(100); half.points < p.points*9/20 || half.points > p.points*6/10 || half.shapes != 100 {
		t.Errorf("half of %+v is %+v", p.size, half)
	}
}

// A spoilt temporary file is an error, never a crash or endless memory.
func FuzzTake(f *testing.F) {
	_, p := anyShapes(2, 3)
	f.Add(p.data, 1, 2)
	f.Add(p.data[:len(p.data)-5], 0, 9)
	f.Add([]byte{1, 'a', 0xff, 0xff, 0xff, 0xff, 0x0f}, 0, 1)
	f.Fuzz(func(t *testing.T, data []byte, skip, limit int) {
		s := newShapes(size{})
		_, _ = s.take(data, min(max(skip, 0), 1000), min(max(limit, 0), 1000))
		if 16*len(s.points) > len(data) {
			t.Errorf("%d points out of %d bytes", len(s.points), len(data))
		}
	})
}
