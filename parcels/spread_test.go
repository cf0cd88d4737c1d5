package parcels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// season is a bell of NDVI seen on every dekad but those left out.
func bell(gone ...int) Series {
	axis := Axis(Date{2024, 1, 1}, Date{2024, 12, 31})
	s := emptySeries("p", axis)
	for i := range axis {
		x := float64(i-18) / 5
		s.NDVI[i] = 0.2 + 0.6*math.Exp(-x*x)
		s.Weight[i] = 1
		nir := 0.4
		s.Bands[i][2], s.Bands[i][6] = nir*(1-s.NDVI[i])/(1+s.NDVI[i]), nir
	}
	for _, i := range gone {
		s.Weight[i] = 0
		s.Bands[i] = nans(nBands)
	}
	return s
}

func TestCycleSpreads(t *testing.T) {
	asOf := Date{2024, 12, 31}
	spread := func(s Series) Spread {
		t.Helper()
		cycles := FindCycles(s, asOf, CycleOptions{})
		if len(cycles) != 1 {
			t.Fatalf("%d cycles", len(cycles))
		}
		return CycleSpreads(s, cycles, asOf, CycleOptions{})[0]
	}
	full := spread(bell())
	if full.Found != 1 || !(full.Emergence > 0 && full.Emergence < 8) || !(full.Harvest > 0 && full.Harvest < 8) || !(full.Peak <= 20) {
		t.Errorf("a season seen throughout: %+v", full)
	}
	if again := spread(bell()); again != full {
		t.Errorf("the same series gives %+v and %+v", full, again)
	}
	// Forty days around the rise without a look: emergence is less sure, harvest as sure.
	if blind := spread(bell(11, 12, 13, 14)); !(blind.Emergence > 1.5*full.Emergence) || blind.Harvest > 2*full.Harvest+2 {
		t.Errorf("with a gap in the rise %+v, without %+v", blind, full)
	}
	if got := CycleSpreads(bell(), nil, asOf, CycleOptions{}); len(got) != 0 {
		t.Errorf("no cycles, %d spreads", len(got))
	}
}

// The errors drawn have the deviation that the smoother foretells for the same
// looks.
func TestErrorDrawsHaveThePosteriorsSpread(t *testing.T) {
	s := bell(3, 4, 5, 6, 12, 20, 21)
	e := newErrorDraws(s, rand.New(rand.NewPCG(1, 2)))
	const n = 4000
	squares := make([]float64, len(s.Dekads))
	zero := make([]float64, len(s.Dekads))
	for range n {
		for i, v := range e.draw(zero) {
			squares[i] += v * v / n
		}
	}
	for i := range e.seen {
		e.seen[i].v = float64(i % 2) // the deviation does not depend on the values but for the amplitude
	}
	f := smooth(e.seen, e.at, 0)
	for i := range zero {
		want := e.amplitude * f.sd[i] / f.amplitude
		if got := math.Sqrt(squares[i]); math.Abs(got-want) > 0.15*want {
			t.Errorf("dekad %d: drawn errors have %v, the smoother says %v", i, got, want)
		}
	}
}
