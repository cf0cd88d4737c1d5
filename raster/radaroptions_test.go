package raster

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// The pixels of a field are chosen for radar as for the optical bands: over the
// same ground, all of it clear, count and inside agree for any options, and so
// does the total.
func TestRadarOptionsAgreeWithOptical(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 3))
	m := memory{}
	s := m.scene("a", 1, 40, func(b Band, _, _ int) uint16 {
		if b == SCL {
			return 4
		}
		return 2000
	})
	var shapes []Shape
	for k := range 60 {
		x, y, w, h, slant := 500100+500*rnd.Float64(), 3499300+500*rnd.Float64(), 5+90*rnd.Float64(), 5+90*rnd.Float64(), 40*rnd.Float64()
		shapes = append(shapes, Shape{ID: fmt.Sprint(k), Polygon: orb.MultiPolygon{{{{x, y}, {x + w, y + slant}, {x + w - slant/2, y + slant + h}, {x - slant/2, y + h}, {x, y}}}}})
	}
	cover, err := NewCover(shapes, Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 10, Width: 80, Height: 80})
	if err != nil {
		t.Fatal(err)
	}
	for _, res := range []float64{10, 20} {
		f := floats{}
		g := Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: res, Width: int(800 / res), Height: int(800 / res)}
		px := make([]float32, g.Width*g.Height)
		for i := range px {
			px[i] = 0.5
		}
		radar := radarScene(f, "r", g, px, px)
		band := B02
		if res == 20 {
			band = B05
		}
		for _, opt := range []ObserveOptions{{}, {MinCoverage: 0.5}, {MinCoverage: 1}, {Inset: 1}, {Inset: 2}} {
			want, err := Observe(context.Background(), m, s, cover, opt)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Observe(context.Background(), f, radar, cover, opt)
			if err != nil {
				t.Fatal(err)
			}
			optical := map[string]Observation{}
			for _, o := range want.Rows() {
				if o.Band == band {
					optical[o.ParcelID] = o
				}
			}
			less := 0
			for _, o := range got.Rows() {
				w, ok := optical[o.ParcelID]
				if !ok || math.Abs(o.Total-w.Total) > 1e-9 || math.Abs(o.Count-w.Count) > 1e-9 || o.Inside != w.Inside {
					t.Errorf("%g m, %+v: radar %+v, %s %+v", res, opt, o.Stats, band, w.Stats)
				}
				if o.Count < o.Total-1e-9 {
					less++
				}
			}
			if got.Len() != 2*len(optical) || (less == 0) != (opt.Inset == 0 && opt.MinCoverage == 0) {
				t.Errorf("%g m, %+v: %d rows of %d, %d with a lower count", res, opt, got.Len(), 2*len(optical), less)
			}
		}
	}
}
