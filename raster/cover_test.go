package raster

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

var testGrid = Grid{EPSG: 32631, X0: 501360, Y0: 5629680, Res: 10, Width: 64, Height: 64}

// star is a random polygon around a centre, some concave, in metres.
func star(r *rand.Rand, cx, cy, radius float64, n int) orb.Ring {
	angles := make([]float64, n) // no gap of half a turn: the ring cannot cross itself
	for i := range angles {
		angles[i] = (float64(i) + 0.6*r.Float64()) / float64(n) * 2 * math.Pi
	}
	var ring orb.Ring
	for _, a := range angles {
		d := radius * (0.3 + 0.7*r.Float64())
		ring = append(ring, orb.Point{cx + d*math.Cos(a), cy + d*math.Sin(a)})
	}
	return append(ring, ring[0])
}

// shoelace is the area by the textbook formula about the first point.
func shoelace(r orb.Ring) float64 { return math.Abs(ringArea(r)) }

func coverOne(t *testing.T, mp orb.MultiPolygon, g Grid) *Cover {
	t.Helper()
	c, err := NewCover([]Shape{{ID: "x", Kind: "parcel", Polygon: mp}}, g)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The covered pixels sum to the polygon's area on both grids: 1e-9 relative.
func TestCoverageSumsToArea(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for k := range 2000 {
		cx, cy := testGrid.X0+320+40*r.Float64(), testGrid.Y0-320-40*r.Float64()
		outer := star(r, cx, cy, 3+250*r.Float64(), 4+r.IntN(30))
		if shoelace(outer) < 1 {
			continue
		}
		want := shoelace(outer)
		mp := orb.MultiPolygon{{outer}}
		if k%2 == 1 { // a small hole near the centre, half of them wound the wrong way
			hole := star(r, cx, cy, 0.1*math.Sqrt(want), 5)
			inside := ringContains(outer, orb.Point{cx, cy})
			for i := 1; i < len(outer); i++ { // only where it surely lies within
				inside = inside && planar.DistanceFromSegment(outer[i-1], outer[i], orb.Point{cx, cy}) > 0.1*math.Sqrt(want)
			}
			if inside {
				if k%4 == 1 {
					hole.Reverse()
				}
				mp[0] = append(mp[0], hole)
				want -= shoelace(hole)
			}
		}
		if k%3 == 0 {
			outer.Reverse()
		}
		c := coverOne(t, mp, testGrid)
		for _, got := range []float64{c.At(0, 10).Area() * 100, c.At(0, 20).Area() * 400} {
			if math.Abs(got-want) > 1e-9*want+1e-9 {
				t.Fatalf("polygon %d: covered %.12f m², area %.12f m²", k, got, want)
			}
		}
	}
}

// ringContains is the even–odd rule.
func ringContains(r orb.Ring, p orb.Point) bool {
	in := false
	for i, j := 0, len(r)-1; i < len(r); j, i = i, i+1 {
		if (r[i][1] > p[1]) != (r[j][1] > p[1]) && p[0] < (r[j][0]-r[i][0])*(p[1]-r[i][1])/(r[j][1]-r[i][1])+r[i][0] {
			in = !in
		}
	}
	return in
}

// A sliver 0.3 m wide across the grid keeps its area too.
func TestCoverageOfSliver(t *testing.T) {
	x, y := testGrid.X0, testGrid.Y0
	ring := orb.Ring{{x + 13, y - 11}, {x + 611, y - 597.3}, {x + 611, y - 597.6}, {x + 13, y - 11.3}, {x + 13, y - 11}}
	c := coverOne(t, orb.MultiPolygon{{ring}}, testGrid)
	// A parallelogram with vertical sides of 0.3 m and 598 m between them.
	if got, want := c.At(0, 10).Area()*100, 0.3*598; math.Abs(got-want) > 1e-9*want+1e-8 {
		t.Errorf("covered %.10f m², want %.10f", got, want)
	}
}

// Fractions of a rectangle, by hand: from x = 5 to 25 and y = 0 to 10 (pixels
// of 10 m): half of column 0, all of column 1, half of column 2.
func TestCoverageByHand(t *testing.T) {
	x, y := testGrid.X0, testGrid.Y0
	c := coverOne(t, orb.MultiPolygon{{rect(x+5, y-10, x+25, y)}}, testGrid)
	want := []CoveredPixel{{0, 0, 0.5}, {1, 0, 1}, {2, 0, 0.5}}
	if len(c.At(0, 10).Pixels) != len(want) {
		t.Fatalf("pixels %v", c.At(0, 10).Pixels)
	}
	for i, p := range c.At(0, 10).Pixels {
		if p != want[i] {
			t.Errorf("pixel %d = %v, want %v", i, p, want[i])
		}
	}
	// On 20 m pixels: 15 × 10 of 400 m² and 5 × 10 of 400 m².
	if p := c.At(0, 20).Pixels; len(p) != 2 || p[0].Fraction != 0.375 || p[1].Fraction != 0.125 {
		t.Errorf("20 m pixels %v", p)
	}
}

func rect(x0, y0, x1, y1 float64) orb.Ring {
	return orb.Ring{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}
}

// Cutting a polygon in two changes no pixel's sum.
func TestCoverageSplitInvariant(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		x, y := testGrid.X0+100+100*r.Float64(), testGrid.Y0-400+100*r.Float64()
		a, b, c, d := orb.Point{x, y}, orb.Point{x + 150 + 90*r.Float64(), y - 40*r.Float64()}, orb.Point{x + 170, y + 200}, orb.Point{x - 20, y + 190}
		whole := coverOne(t, orb.MultiPolygon{{{a, b, c, d, a}}}, testGrid)
		parts := map[[2]int32]float64{}
		for _, ring := range []orb.Ring{{a, b, c, a}, {a, c, d, a}} {
			for _, p := range coverOne(t, orb.MultiPolygon{{ring}}, testGrid).At(0, 10).Pixels {
				parts[[2]int32{p.Col, p.Row}] += p.Fraction
			}
		}
		for _, p := range whole.At(0, 10).Pixels {
			k := [2]int32{p.Col, p.Row}
			if math.Abs(parts[k]-p.Fraction) > 1e-9 {
				t.Fatalf("pixel %v: whole %.12f, parts %.12f", k, p.Fraction, parts[k])
			}
			delete(parts, k)
		}
		for k, f := range parts {
			if f > 1e-9 {
				t.Fatalf("pixel %v only in the parts: %g", k, f)
			}
		}
	}
}

// What lies outside the grid has no pixels; what lies inside is not disturbed.
func TestCoverageOutsideTheGrid(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	wide := testGrid
	wide.X0, wide.Y0, wide.Width, wide.Height = testGrid.X0-1000, testGrid.Y0+1000, 264, 264
	for range 200 {
		mp := orb.MultiPolygon{{star(r, testGrid.X0+640*r.Float64(), testGrid.Y0-640*r.Float64(), 600, 12)}}
		want := map[[2]int32]float64{}
		for _, p := range coverOne(t, mp, wide).At(0, 10).Pixels {
			if c, r := p.Col-100, p.Row-100; c >= 0 && r >= 0 && c < 64 && r < 64 {
				want[[2]int32{c, r}] = p.Fraction
			}
		}
		got := coverOne(t, mp, testGrid).At(0, 10).Pixels
		n := 0
		for _, p := range got {
			if math.Abs(want[[2]int32{p.Col, p.Row}]-p.Fraction) > 1e-9 {
				t.Fatalf("pixel %d %d: %g, on the wider grid %g", p.Col, p.Row, p.Fraction, want[[2]int32{p.Col, p.Row}])
			}
			n++
		}
		for _, f := range want {
			if f < 1e-9 {
				n++
			}
		}
		if n < len(want) {
			t.Fatalf("%d pixels, on the wider grid %d", n, len(want))
		}
	}
	far := coverOne(t, orb.MultiPolygon{{rect(0, 0, 100, 100)}}, testGrid)
	if len(far.At(0, 10).Pixels) != 0 || !far.on20.window.empty() {
		t.Errorf("a polygon far away covers %v", far.At(0, 10))
	}
}

// A polygon larger than the sweep's buffers is done in strips: same fractions.
func TestCoverageInStrips(t *testing.T) {
	g := Grid{EPSG: 32631, X0: 500000, Y0: 5700000, Res: 10, Width: 3000, Height: 3000}
	mp := orb.MultiPolygon{{orb.Ring{{500003, 5670007}, {529991, 5671003}, {528000, 5699995}, {501000, 5699000}, {500003, 5670007}}}}
	c := coverOne(t, mp, g)
	if got, want := c.At(0, 10).Area()*100, shoelace(mp[0][0]); math.Abs(got-want) > 1e-9*want {
		t.Errorf("covered %.6f m², want %.6f", got, want)
	}
	if n := 3000 * 3000; n <= sweepPixels {
		t.Fatalf("the test polygon fits the buffers (%d pixels): make it larger", n)
	}
}

func BenchmarkCover(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 8))
	shapes := make([]Shape, 1000)
	g := Grid{EPSG: 32631, X0: 500000, Y0: 5700000, Res: 10, Width: 1024, Height: 1024}
	for i := range shapes {
		shapes[i].Polygon = orb.MultiPolygon{{star(r, g.X0+200+9800*r.Float64(), g.Y0-200-9800*r.Float64(), 60, 20)}}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := NewCover(shapes, g); err != nil {
			b.Fatal(err)
		}
	}
}
