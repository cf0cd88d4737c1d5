package raster

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// Properties of homes and views over 200 random sets of tiles in three zones,
// with scenes of all kinds: the order of scenes changes nothing; the home's grid
// holds the place; no own-zone optical tile holds it deeper; of the scenes of a
// cell each polygon is observed in every one of the home tile, and once per pass
// of the others.
func TestTilingProperties(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 9))
	homes, shared := 0, 0
	for range 200 {
		scenes := randomScenes(rnd)
		tl := NewTiling(scenes)
		mixed := append([]Scene(nil), scenes...)
		rnd.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		again := NewTiling(mixed)
		for range 20 {
			p := orb.Point{119.5 + rnd.Float64(), 31.6 + .8*rnd.Float64()}
			c, ok := tl.Home(p)
			if d, ok2 := again.Home(p); ok != ok2 || c != d {
				t.Fatalf("home of %v is %v, or %v in another order", p, c, d)
			}
			if !ok {
				continue
			}
			homes++
			xy, _ := utmPoint(p, c.EPSG)
			deep := tl.Grid(c).depth(orb.Bound{Min: xy, Max: xy})
			if deep < 0 {
				t.Fatalf("%v lies outside its home %v", p, c)
			}
			for name, info := range tl.tiles {
				other := info.zone.point(p)
				if d := info.grid.depth(orb.Bound{Min: other, Max: other}); !info.radar && info.zone.owns(p) && d > deep && nearly(info.footprint, p) {
					t.Fatalf("%v lies %g m inside %s of its own zone, %g m inside its home %v", p, d, name, deep, c)
				}
			}
			shapes := make([]Shape, 8)
			for k := range shapes {
				x, y := xy[0]+8000*(rnd.Float64()-.5), xy[1]+8000*(rnd.Float64()-.5)
				shapes[k] = Shape{ID: fmt.Sprint(k), Polygon: orb.MultiPolygon{{rect(x, y, x+80, y+80)}}}
			}
			views := tl.Views(c, shapes)
			if got := again.Views(c, shapes); !reflect.DeepEqual(views, got) {
				t.Fatalf("views %v, or %v in another order", served(views), served(got))
			}
			shared += checkViews(t, tl, c, views, len(shapes))
		}
	}
	t.Logf("%d homes; %d passes shared by several scenes", homes, shared)
	if homes < 2000 || shared < 200 {
		t.Error("the scenes do not try what they should")
	}
}

// checkViews returns how many passes several scenes share.
func checkViews(t *testing.T, tl *Tiling, c Cell, views []View, shapes int) (shared int) {
	t.Helper()
	type pass struct {
		day   string
		radar bool
	}
	served, scenes := map[pass][]int{}, map[pass]int{}
	for _, v := range views {
		if !v.Scene.Radar() && v.Scene.tile() == c.Tile {
			if len(v.Shapes) != shapes {
				t.Fatalf("%s of the home tile serves %v", v.Scene.ID, v.Shapes)
			}
			continue
		}
		k := pass{v.Scene.Time.Format("2006-01-02"), v.Scene.Radar()} // the scenes of a day are one pass here
		if served[k] == nil {
			served[k] = make([]int, shapes)
		}
		scenes[k]++
		for _, s := range v.Shapes {
			served[k][s]++
		}
	}
	for k, counts := range served {
		if scenes[k] > 1 {
			shared++
		}
		for s, n := range counts {
			if n != 1 {
				t.Fatalf("shape %d is observed %d times on %v in %s", s, n, k, c.ID())
			}
		}
	}
	return shared
}

// randomScenes are up to 9 optical tiles in three zones, most on one 20 m
// lattice, each on some of four days, and slices of radar.
func randomScenes(rnd *rand.Rand) []Scene {
	var out []Scene
	for i := range 3 + rnd.IntN(7) {
		epsg := []int{32650, 32650, 32650, 32650, 32651, 4549}[rnd.IntN(6)]
		p, _ := utmPoint(orb.Point{119.5 + rnd.Float64(), 31.6 + .8*rnd.Float64()}, epsg)
		g := Grid{EPSG: epsg, X0: float64(int(p[0]/20))*20 - 30000, Y0: float64(int(p[1]/20))*20 + 30000, Res: 10, Width: 6000, Height: 6000 - 20*rnd.IntN(9)}
		if rnd.IntN(6) == 0 {
			g.X0 += 10 // off the lattice
		}
		radar := rnd.IntN(3) == 0
		for day := 1; day <= 4; day++ {
			if rnd.IntN(2) == 0 {
				continue
			}
			at := time.Date(2024, 5, day, 3, 0, 10*i, 0, time.UTC)
			foot := rect(118.5, 31, 121, 33)
			s := slice(fmt.Sprintf("s%d_%d", i, day), at, g, foot)
			if !radar {
				s.Platform, s.Orbit, s.Tile = "sentinel-2a", "", fmt.Sprintf("T%d", i)
				s.Assets = map[Band]Asset{B02: {Grid: g}}
			}
			out = append(out, s)
		}
	}
	return out
}
