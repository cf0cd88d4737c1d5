package tiles

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/parus-lending/parus/data/store"
)

// scattered are parcels of any size, some far larger than a tile, in any order.
func scattered(n int) []store.LandParcel {
	rnd, out := rand.New(rand.NewPCG(3, 4)), make([]store.LandParcel, n)
	for i := range out {
		x, y, size := 115+rnd.Float64(), 31+rnd.Float64(), 0.0003/(rnd.Float64()+0.005)
		out[i] = store.LandParcel{ParcelID: fmt.Sprint(i), PlotID: fmt.Sprint(i), AreaM2: 1, Geometry: orb.MultiPolygon{{{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}}}}
	}
	return out
}

// The index finds what looking at every box finds.
func TestIndex(t *testing.T) {
	for _, n := range []int{0, 1, packet, packet + 1, 5000} {
		l, rnd := newLand(t, scattered(n)...), rand.New(rand.NewPCG(5, 6))
		for range 200 {
			z := int32(LeastZoom + rnd.IntN(MostZoom-LeastZoom+1))
			side := int32(1) << (gridBits - z)
			p, err := onGrid(orb.Point{115 + rnd.Float64(), 31 + rnd.Float64()})
			if err != nil {
				t.Fatal(err)
			}
			b := box{p.x, p.y, p.x + side, p.y + side}
			var want []int32
			for i, of := range l.boxes {
				if of.west <= b.east && of.east >= b.west && of.north <= b.south && of.south >= b.north {
					want = append(want, int32(i))
				}
			}
			if got := l.index.meeting(b, l.boxes); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%v: %d found, want %d", b, len(got), len(want))
			}
		}
	}
}

// Of the tiles with land in them none is forgotten, at any zoom made ahead.
func TestAhead(t *testing.T) {
	l := newLand(t, scattered(60)...)
	ahead := map[Address]bool{}
	for _, a := range l.Ahead() {
		if !a.Valid() || a.Z > MostAhead || ahead[a] {
			t.Fatal(a)
		}
		ahead[a] = true
	}
	// 115° to 116.1° E and 31° to 32.1° N with a margin, at zoom 11: its tiles are 0.18° wide.
	at := func(p orb.Point, z int32) (int32, int32) {
		q, err := onGrid(p)
		if err != nil {
			t.Fatal(err)
		}
		return q.x >> (gridBits - z), q.y >> (gridBits - z)
	}
	for z := int32(LeastZoom); z <= 12; z++ {
		west, north := at(orb.Point{114.9, 32.3}, z)
		east, south := at(orb.Point{116.3, 30.9}, z)
		filled := 0
		for x := west; x <= east; x++ {
			for y := north; y <= south; y++ {
				a := Address{z, x, y}
				if read(t, l, a, Everything) != nil {
					filled++
					if !ahead[a] {
						t.Errorf("%v has land and is not made ahead", a)
					}
				}
			}
		}
		if filled == 0 {
			t.Errorf("zoom %d: no land", z)
		}
	}
}
