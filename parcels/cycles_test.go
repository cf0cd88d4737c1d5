package parcels_test

import (
	"math"
	"testing"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
)

// Made curves with days known by construction: emergence is where the rise has
// gone 20 %, harvest where the fall has 30 % left.
func TestCyclesOfMadeCurves(t *testing.T) {
	gauss := func(peaks ...string) func(parcels.Date) float64 {
		return func(d parcels.Date) float64 {
			v := 0.15
			for _, p := range peaks {
				v = math.Max(v, cropNDVI(d, day(p), 30))
			}
			return v
		}
	}
	season := func(f func(parcels.Date) float64, asOf string) []parcels.Cycle {
		var obs []raster.Observation
		for d := day("2024-01-03"); !d.After(day(asOf)); d = d.Add(5) {
			obs = append(obs, spectrum(d, f(d), 1)...)
		}
		return parcels.FindCycles(parcels.BuildSeries("p", obs, axis2024, parcels.SeriesOptions{}), day(asOf), parcels.CycleOptions{})
	}
	near := func(name string, got parcels.Date, want string, days int) {
		t.Helper()
		if d := got.Sub(day(want)); d > days || d < -days {
			t.Errorf("%s on %s, want %s ± %d days", name, got, want, days)
		}
	}
	if cs := season(gauss(), "2024-12-31"); len(cs) != 0 {
		t.Errorf("bare land: %+v", cs)
	}
	one := season(gauss("2024-07-15"), "2024-12-31")
	if len(one) != 1 || !one[0].Complete {
		t.Fatalf("one crop: %+v", one)
	}
	// 20 %: x = sqrt(ln 5 / 0.7) × 30 = 45.5 days before; 30 %: sqrt(ln(1/0.3)/0.7) × 30 = 39.3 after
	near("emergence", one[0].Emergence, "2024-05-31", 5)
	near("peak", one[0].Peak, "2024-07-15", 6)
	near("harvest", one[0].HarvestP50, "2024-08-23", 5)
	two := season(gauss("2024-04-20", "2024-08-20"), "2024-12-31")
	if len(two) != 2 || !two[0].Complete || !two[1].Complete || two[1].Number != 2 || two[0].Last > two[1].First+1 {
		t.Fatalf("two crops: %+v", two)
	}
	half := season(gauss("2024-04-20", "2024-08-20"), "2024-08-01")
	if len(half) != 2 || !half[0].Complete || half[1].Complete || !half[1].HarvestP50.IsZero() {
		t.Errorf("second crop still growing: %+v", half)
	}
	turned := season(gauss("2024-07-15"), "2024-08-12")
	if len(turned) != 1 || turned[0].Complete || turned[0].HarvestP50.IsZero() {
		t.Fatalf("turned: %+v", turned)
	}
	near("foretold harvest", turned[0].HarvestP50, "2024-08-23", 12)
	evergreen := season(func(d parcels.Date) float64 { return 0.65 + 0.1*math.Sin(float64(d.Sub(day("2024-01-01")))/58) }, "2024-12-31")
	if len(evergreen) != 1 || !evergreen[0].Perennial {
		t.Errorf("green all the year: %+v", evergreen)
	}
	cut := season(func(d parcels.Date) float64 {
		n := d.Sub(day("2024-03-15"))
		if n < 0 || n > 230 {
			return 0.2
		}
		return 0.45 + 0.4*float64(n%38)/38 // six cuts
	}, "2024-12-31")
	if len(cut) != 1 || !cut[0].Perennial {
		t.Errorf("cut six times: %+v", cut)
	}
}

// A wide gap around the harvest shows in its spread.
func TestHarvestSpreadFollowsTheGap(t *testing.T) {
	curve := func(skip func(parcels.Date) bool) parcels.Cycle {
		var obs []raster.Observation
		for d := day("2024-03-03"); d.Before(day("2024-12-30")); d = d.Add(5) {
			if !skip(d) {
				obs = append(obs, spectrum(d, cropNDVI(d, day("2024-07-15"), 30), 1)...)
			}
		}
		cs := parcels.FindCycles(parcels.BuildSeries("p", obs, axis2024, parcels.SeriesOptions{}), day("2024-12-31"), parcels.CycleOptions{})
		if len(cs) != 1 {
			t.Fatalf("%+v", cs)
		}
		return cs[0]
	}
	dense := curve(func(parcels.Date) bool { return false })
	gappy := curve(func(d parcels.Date) bool { return d.After(day("2024-08-05")) && d.Before(day("2024-09-20")) })
	a, b := dense.HarvestP75.Sub(dense.HarvestP25), gappy.HarvestP75.Sub(gappy.HarvestP25)
	// 46 days without a look: half of the gap is the spread between quartiles.
	if a > 8 || b < 20 || b > 35 {
		t.Errorf("spread %d days with looks every 5 days, %d over a gap of 46", a, b)
	}
}

// Winter wheat and maize on the North China Plain by the usual calendar: wheat
// emerges in October, tillers (0.45), rests in winter (0.28), stands green in
// April (0.85) and is cut about 8 June; maize emerges in late June, is full in
// August and cut about 28 September. The pause in winter is no harvest.
func TestWinterWheatThenMaize(t *testing.T) {
	knots := []struct {
		day  string
		ndvi float64
	}{{"2023-10-01", 0.15}, {"2023-10-18", 0.17}, {"2023-11-25", 0.45}, {"2024-01-20", 0.28}, {"2024-02-20", 0.30}, {"2024-04-15", 0.85}, {"2024-05-10", 0.83},
		{"2024-06-05", 0.30}, {"2024-06-12", 0.18}, {"2024-06-25", 0.20}, {"2024-07-25", 0.75}, {"2024-08-20", 0.85}, {"2024-09-15", 0.55}, {"2024-09-28", 0.25}, {"2024-10-10", 0.17}}
	at := func(d parcels.Date) float64 {
		for i := 1; i < len(knots); i++ {
			a, b := day(knots[i-1].day), day(knots[i].day)
			if !d.After(b) {
				return knots[i-1].ndvi + (knots[i].ndvi-knots[i-1].ndvi)*float64(d.Sub(a))/float64(b.Sub(a))
			}
		}
		return 0.17
	}
	season := func(asOf string) []parcels.Cycle {
		var obs []raster.Observation
		for d := day("2023-10-03"); !d.After(day(asOf)); d = d.Add(5) {
			obs = append(obs, spectrum(d, at(d), 1)...)
		}
		axis := parcels.Axis(day("2023-10-01"), day(asOf))
		return parcels.FindCycles(parcels.BuildSeries("p", obs, axis, parcels.SeriesOptions{}), day(asOf), parcels.CycleOptions{})
	}
	between := func(name string, got parcels.Date, from, to string) {
		t.Helper()
		if got.Before(day(from)) || got.After(day(to)) {
			t.Errorf("%s on %s, want %s to %s", name, got, from, to)
		}
	}
	cs := season("2024-10-09")
	if len(cs) != 2 || !cs[0].Complete || !cs[1].Complete {
		t.Fatalf("%+v", cs)
	}
	between("wheat emergence", cs[0].Emergence, "2023-10-15", "2023-11-25")
	between("wheat peak", cs[0].Peak, "2024-04-11", "2024-05-10")
	between("wheat harvest", cs[0].HarvestP50, "2024-05-28", "2024-06-12")
	between("maize emergence", cs[1].Emergence, "2024-06-18", "2024-07-10")
	between("maize harvest", cs[1].HarvestP50, "2024-09-15", "2024-10-02")
	if cs := season("2024-03-20"); len(cs) != 1 || cs[0].Complete || !cs[0].HarvestP50.IsZero() {
		t.Errorf("wheat greening up: %+v", cs)
	}
	if cs := season("2024-07-20"); len(cs) != 2 || !cs[0].Complete || cs[1].Complete {
		t.Errorf("maize shooting: %+v", cs)
	}
}
