package raster

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// Statistics by hand: values 0.1, 0.3, 0.2 with weights 1, 0.5, 0.5.
// Mean = (0.1 + 0.15 + 0.1)/2 = 0.175; variance = (1·0.075² + 0.5·0.125² +
// 0.5·0.025²)/2 = 0.006875; half of the weight is reached at 0.1, three
// quarters at 0.2.
func TestStatsByHand(t *testing.T) {
	s := sample{px: []weighted{{0.1, 1}, {0.3, 0.5}, {0.2, 0.5}}, total: 3, inside: 1}
	got := s.stats()
	want := Stats{Total: 3, Count: 2, Inside: 1, Mean: 0.175, Std: math.Sqrt(0.006875), Min: 0.1, P25: 0.1, Median: 0.1, P75: 0.2, Max: 0.3}
	if math.Abs(got.Mean-want.Mean) > 1e-15 || math.Abs(got.Std-want.Std) > 1e-15 {
		t.Errorf("mean %g, std %g", got.Mean, got.Std)
	}
	got.Mean, got.Std = want.Mean, want.Std
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if e := new(sample).stats(); e.Count != 0 || !math.IsNaN(e.Mean) || !math.IsNaN(e.Median) {
		t.Errorf("of nothing: %+v", e)
	}
}

// double is a layer that gives twice the red, and nothing at the first pixel.
type double struct{ blocks int }

func (*double) Names() []string { return []string{"twice_red"} }

func (d *double) Eval(_ context.Context, px *PixelBlock, out [][]float32) error {
	d.blocks++
	for i := range px.N {
		out[0][i] = 2 * px.Bands[2][i]
	}
	out[0][0] = float32(math.NaN())
	return nil
}

// The scene: 4 × 4 pixels of 20 m. Red is 1000·(col+1) in 20 m columns, but 0
// (no data) in the last 10 m column of column 1; an offset of −1000 is settled.
func smallScene(m memory) (Scene, Grid) {
	s := m.scene("a", 1, 4, func(b Band, c, r int) uint16 {
		switch b {
		case SCL:
			return 4
		case B04:
			return uint16(1000 * (c + 1))
		}
		return 500
	})
	b := m["a/B04"]
	for r := range 8 {
		b.dn[r*8+3] = 0
	}
	s.Settled = Offset{DN0: -1000}
	return s, Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 10, Width: 8, Height: 8}
}

func TestObserveByHand(t *testing.T) {
	m := memory{}
	s, grid := smallScene(m)
	// Columns 1–2 in 20 m pixels and half of column 3, row 1.
	shape := Shape{ID: "p", Kind: "plot", Polygon: orb.MultiPolygon{{rect(500020, 3500000-40, 500070, 3500000-20)}}}
	far := Shape{ID: "far", Kind: "plot", Polygon: orb.MultiPolygon{{rect(600020, 3500000-40, 600070, 3500000-20)}}}
	cover, err := NewCover([]Shape{shape, far}, grid)
	if err != nil {
		t.Fatal(err)
	}
	layer := &double{}
	res, err := Observe(context.Background(), m, s, cover, ObserveOptions{Layer: layer})
	if err != nil || len(res.Warnings) > 0 || res.Unreadable {
		t.Fatal(err, res)
	}
	if res.Len() != 10 || len(res.Layers) != 1 || layer.blocks != 1 {
		t.Fatalf("%d observations, %d layer rows, %d blocks: the far shape gets none", res.Len(), len(res.Layers), layer.blocks)
	}
	// Red on 10 m: columns 2, 4, 5, 6 have data (3 has not) × 2 rows; reflectance
	// (2000−1000)/10000 once, 0.2 twice, 0.3 once: mean 0.2.
	red := res.Row(2)
	if red.Band != B04 || red.ParcelID != "p" || red.Total != 10 || red.Count != 8 || red.Inside != 8 || math.Abs(red.Mean-0.2) > 1e-12 || red.Min != 0.1 || red.Max != 0.3 {
		t.Errorf("red %+v", red)
	}
	// B05 on 20 m: two pixels and a half; (500−1000)/10000 stays negative.
	edge := res.Row(3)
	if edge.Band != B05 || edge.Total != 2.5 || edge.Count != 2.5 || edge.Inside != 2 || edge.Median != -0.05 {
		t.Errorf("red edge %+v", edge)
	}
	// The layer: column 1 misses a 10 m pixel, column 2 is the block's first and
	// NaN; half of column 3 is left, with 2 × 0.3.
	if l := res.Layers[0]; l.Band != "twice_red" || l.Total != 2.5 || l.Count != 0.5 || math.Abs(l.Mean-0.6) > 1e-6 {
		t.Errorf("layer %+v", l)
	}
}

// A torn band has count 0 and a name; the others are as they were.
func TestObserveUnreadableBand(t *testing.T) {
	m := memory{}
	s, grid := smallScene(m)
	cover, err := NewCover([]Shape{{ID: "p", Polygon: orb.MultiPolygon{{rect(500020, 3500000-60, 500070, 3500000-20)}}}}, grid)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := Observe(context.Background(), m, s, cover, ObserveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	b := m["a/B08"]
	b.err = errors.New("torn")
	m["a/B08"] = b
	res, err := Observe(context.Background(), m, s, cover, ObserveOptions{Layer: &double{}})
	if err != nil {
		t.Fatal(err)
	}
	if !res.Unreadable || len(res.Warnings) != 1 || res.Warnings[0].Code != UnreadableBand || res.Warnings[0].Subject != "a B08" {
		t.Errorf("warnings %v", res.Warnings)
	}
	for i, o := range res.Rows() {
		if o.Band == B08 {
			if o.Count != 0 || !math.IsNaN(o.Mean) || o.Total != whole.Rows()[i].Total {
				t.Errorf("torn band %+v", o)
			}
		} else if o != whole.Rows()[i] {
			t.Errorf("%s changed: %+v", o.Band, o)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Observe(ctx, m, s, cover, ObserveOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v", err)
	}
}

// A shape's statistics do not depend on what else is observed with it.
func TestObserveAloneOrTogether(t *testing.T) {
	m := memory{}
	s := m.scene("a", 1, 40, func(b Band, c, r int) uint16 {
		if b == SCL {
			switch {
			case c == 9 && r == 17, (c*31+r*17)%97 == 3: // the first just outside the window of one
				return 9
			case (c*31+r*17)%97 == 50:
				return 3
			}
			return 4
		}
		return uint16(300 + 13*c + 7*r)
	})
	grid := Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 10, Width: 80, Height: 80}
	one := Shape{ID: "one", Polygon: orb.MultiPolygon{{rect(500213, 3499503, 500397, 3499697)}}}
	two := Shape{ID: "two", Polygon: orb.MultiPolygon{{rect(500003, 3499303, 500697, 3499997)}}}
	rows := func(shapes ...Shape) []Observation {
		cover, err := NewCover(shapes, grid)
		if err != nil {
			t.Fatal(err)
		}
		res, err := Observe(context.Background(), m, s, cover, ObserveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return res.Rows()[:10]
	}
	together := rows(one, two)
	for i, o := range rows(one) {
		if o.Count == 0 || o != together[i] {
			t.Errorf("%s alone %+v, together %+v", o.Band, o.Stats, together[i].Stats)
		}
	}
}
