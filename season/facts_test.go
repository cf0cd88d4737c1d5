package season

import (
	"math"
	"testing"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
)

// By hand: the last three of 400, 410, 430, 440, 480 have the mean 450; all five
// have the mean 432 and the deviation √((32²+22²+2²+8²+48²)/4) = √970 = 31.145.
func TestCountyYieldIsOfRecentYears(t *testing.T) {
	p := &plan{cfg: &Config{County: "341599"}}
	p.cfg.Season.End = parcels.Date{Year: 2024, Month: 12, Day: 31}
	for i, kg := range []float64{480, 400, 440, 410, 430} { // any order
		year := []int{2023, 2019, 2022, 2020, 2021}[i]
		p.records.Statistics = append(p.records.Statistics, scoring.Statistic{Crop: "maize", Year: year, Yield: scoring.YieldOfKg(kg)})
	}
	p.records.Statistics = append(p.records.Statistics,
		scoring.Statistic{Crop: "maize", Year: 2024, Yield: 9999},                   // the season's own year is not known
		scoring.Statistic{Crop: "maize", Year: 2022, County: "999999", Yield: 9999}, // another county
	)
	got := p.countyYields()["maize"]
	if got.Years != 5 || math.Abs(got.MeanKg-450) > 1e-9 || math.Abs(got.SDKg-31.145) > 0.001 {
		t.Errorf("%+v, want 5 years, 450 kg, 31.145 kg", got)
	}
}
