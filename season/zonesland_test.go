package season

import (
	"fmt"
	"math"
	"testing"

	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// layLand is a field of 60–110 m every 200 m or so wherever a tile holds it with
// all its corners; beside them the land of two growers at the border.
func (c *zonesCounty) layLand(t *testing.T) {
	t.Helper()
	n := 0
	for lat := 31.973; lat < 32.027; lat += .00191 {
		for lon := 119.945; lon < 120.026; lon += .00213 {
			n++
			w, h := .0003+.0000021*float64(n*37%100), .0003+.0000019*float64(n*61%100)
			poly := orb.MultiPolygon{{{{lon - w, lat - h}, {lon + w*.8, lat - h*1.1}, {lon + w, lat + h*.9}, {lon - w*1.1, lat + h}, {lon - w, lat - h}}}}
			atBorder := math.Abs(lat-32.0002) < .002 && math.Abs(lon-119.9999) < .0045
			if c.home(t, poly) != nil && !atBorder {
				c.land = append(c.land, zoneField{fmt.Sprintf("field%04d", n), poly})
			}
		}
	}
	// In A, where on a day without A both B and F could fill: F holds it deeper.
	a := c.tiles[0].grid
	corner, err := parcels.Unproject(rectangle(a.X0+160, a.Y0-2830, a.X0+220, a.Y0-2770), a.EPSG)
	if err != nil {
		t.Fatal(err)
	}
	c.land = append(c.land, zoneField{"corner", corner},
		// Neighbours that meet on the border: two plots, each in its zone.
		zoneField{"west", rectangle(119.9991, 31.9990, 120, 31.9996)},
		zoneField{"east", rectangle(120, 31.9990, 120.0009, 31.9996)},
		// Two parcels at home in zone 50 whose plot has its middle in zone 51.
		zoneField{"arm", rectangle(119.9984, 32.0005, 119.9990, 32.0010)},
		zoneField{"hook", orb.MultiPolygon{{{{119.9970, 32}, {120, 32}, {120, 32.0005}, {120.0018, 32.0005}, {120.0018, 32.0010}, {119.9990, 32.0010}, {119.9990, 32.0005}, {119.9970, 32.0005}, {119.9970, 32}}}}},
	)
}

// home is the tile a polygon must be judged in: of its own zone first, then
// where its representative point lies deepest. Nil where that tile does not hold
// it whole.
func (c *zonesCounty) home(t *testing.T, poly orb.MultiPolygon) *zoneTile {
	t.Helper()
	p := parcels.RepresentativePoint(poly)
	own := 32650
	if p[0] >= 120 {
		own = 32651
	}
	var best *zoneTile
	rank, deep := -1, 0.0
	for i := range c.tiles {
		tile := &c.tiles[i]
		r := 0
		if tile.grid.EPSG == own {
			r = 1
		}
		if d := tile.depth(t, orb.MultiPolygon{{{p}}}); d > 0 && (r > rank || r == rank && d > deep) {
			best, rank, deep = tile, r, d
		}
	}
	if best == nil || best.depth(t, poly) <= 0 {
		return nil
	}
	return best
}

// depth is how far inside the tile the polygon lies, metres.
func (z *zoneTile) depth(t *testing.T, poly orb.MultiPolygon) float64 {
	t.Helper()
	mp, err := parcels.Project(poly, z.grid.EPSG)
	if err != nil {
		t.Fatal(err)
	}
	b, g := mp.Bound(), z.grid
	return min(b.Min[0]-g.X0, g.X0+3000-b.Max[0], g.Y0-b.Max[1], b.Min[1]-(g.Y0-3000))
}
