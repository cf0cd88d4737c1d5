package models_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
)

// steady is a cycle of so many days, the first seen of them seen, with the same
// FAPAR and weather every day.
func steady(crop string, days, seen int, fapar, radiation, celsius float64) models.YieldInput {
	start := parcels.Date{Year: 2024, Month: 4, Day: 1}
	in := models.YieldInput{Crop: crop, Emergence: start, Harvest: start.Add(days - 1), AsOf: start.Add(seen - 1), ClearDates: 10}
	for i := range seen {
		in.FAPARDays = append(in.FAPARDays, fapar)
		in.Days = append(in.Days, models.WeatherDay{Date: start.Add(i), TmeanC: celsius, RadiationMJ: radiation})
	}
	return in
}

func estimate(t *testing.T, in models.YieldInput) models.YieldResult {
	t.Helper()
	table, err := models.YieldCoefficients()
	if err != nil {
		t.Fatal(err)
	}
	return models.EstimateYield(in, table)
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 0.01) {
		t.Errorf("%s is %.4f, by hand %.2f", what, got, want)
	}
}

// By hand: 100 days × 20 MJ × 0.5 = 1000 MJ; × 1.24 g × 0.34 ÷ 0.875 × 2/3 m²·kg
// = 321.22 kg/mu; spread 30 %: P10 = 321.22 × (1 − 1.28155 × 0.3).
func TestYieldFromImagery(t *testing.T) {
	r := estimate(t, steady("winter_wheat", 100, 100, 0.5, 20, 15))
	near(t, "P50", r.P50, 321.22)
	near(t, "P10", r.P10, 197.72)
	near(t, "P25", r.P25, 256.22)
	near(t, "P90", r.P90, 444.72)
	if r.Basis != models.BasisImagery || !r.OK {
		t.Errorf("basis %q, ok %v", r.Basis, r.OK)
	}
	// Barley counts photosynthetic light and is at half warmth at 12.5 °C:
	// 500 MJ × 0.48 × 2.8 × 0.54 ÷ 0.87 × 2/3.
	near(t, "barley", estimate(t, steady("barley", 100, 100, 0.5, 20, 12.5)).P50, 278.07)
}

// By hand: statistics 400, spread hypot(40, 60) = 72.11 = 18.03 %; weights
// 1/0.3² = 11.111 and 30.769; median (321.22·11.111 + 400·30.769)/41.880 =
// 379.10, spread 15.452 % of it.
func TestYieldWithStatistics(t *testing.T) {
	in := steady("winter_wheat", 100, 100, 0.5, 20, 15)
	in.County = &models.CountyYield{Crop: "winter_wheat", Years: 5, MeanKg: 400, SDKg: 40}
	r := estimate(t, in)
	near(t, "P50", r.P50, 379.10)
	near(t, "P25", r.P25, 339.59)
	if r.Basis != models.BasisBoth {
		t.Errorf("basis %q", r.Basis)
	}
}

// At planting nothing is seen. By hand: the land gave 0.8 of the county's
// yield, half of that is believed: 400 × 0.9 = 360; spread 72.11 × 0.9 = 64.90;
// P25 = 360 − 0.67449 × 64.90.
func TestYieldAtPlanting(t *testing.T) {
	in := models.YieldInput{Crop: "rice", County: &models.CountyYield{Crop: "rice", Years: 5, MeanKg: 400, SDKg: 40}}
	r := estimate(t, in)
	near(t, "P50", r.P50, 400)
	if r.Basis != models.BasisStatistics {
		t.Errorf("basis %q", r.Basis)
	}
	in.LandRatio = 0.8
	r = estimate(t, in)
	near(t, "P50", r.P50, 360)
	near(t, "P25", r.P25, 316.23)
	if r.Basis != models.BasisPast {
		t.Errorf("basis %q", r.Basis)
	}
	in.Crop = "dragon_fruit" // no coefficients: statistics still answer
	if r := estimate(t, in); !r.OK || r.Basis != models.BasisPast {
		t.Errorf("%+v", r)
	}
	in.County = nil
	if r := estimate(t, in); r.OK || r.Reason != "no_coefficients" {
		t.Errorf("nothing known: %+v", r)
	}
	in.Crop = "rice"
	if r := estimate(t, in); r.OK || r.Reason == "" {
		t.Errorf("neither statistics nor imagery: %+v", r)
	}
}

// Half of the cycle seen, the sky as clear to come: the sum over the days of
// the projected canopy is 611.05 MJ (computed apart with Python from the rule in
// project), so 1111.05 MJ × 1.24 × 0.34 ÷ 0.875 × 2/3; spread 30 % + the unseen share of 40 %.
func TestYieldMidSeason(t *testing.T) {
	r := estimate(t, steady("winter_wheat", 100, 50, 0.5, 20, 15))
	near(t, "P50", r.P50, 356.89)
	near(t, "P10", r.P10, 356.8902*(1-1.2815515655*0.523647))
	whole := estimate(t, steady("winter_wheat", 100, 100, 0.5, 20, 15))
	if (r.P90-r.P10)/r.P50 <= (whole.P90-whole.P10)/whole.P50 {
		t.Error("half a season is as sure as a whole one")
	}
	if r := estimate(t, steady("winter_wheat", 100, 5, 0.5, 20, 15)); r.OK {
		t.Errorf("five days of a hundred give a yield: %+v", r)
	}
	in := steady("winter_wheat", 100, 100, 0.5, 20, 15)
	in.Days = in.Days[:80]
	if r := estimate(t, in); r.OK {
		t.Errorf("a fifth of the weather is missing, yet: %+v", r)
	}
}

// Winter wheat seen to 1 March: growth before is small, so most of the yield is
// still to come; its projection must not take the cold months for the rest.
func TestYieldWinterCrop(t *testing.T) {
	start := parcels.Date{Year: 2023, Month: 10, Day: 20}
	year := func(seen int) models.YieldInput {
		in := models.YieldInput{Crop: "winter_wheat", Emergence: start, Harvest: parcels.Date{Year: 2024, Month: 6, Day: 1}, ClearDates: 10}
		for i := range seen {
			day := start.Add(i)
			cold := math.Cos(2 * math.Pi * float64(day.Sub(parcels.Date{Year: 2024, Month: 1, Day: 20})) / 365.25)
			dark := math.Cos(2 * math.Pi * float64(day.Sub(parcels.Date{Year: 2023, Month: 12, Day: 21})) / 365.25)
			in.Days = append(in.Days, models.WeatherDay{Date: day, TmeanC: 14.5 - 13*cold, RadiationMJ: 14 - 6*dark})
			in.FAPARDays = append(in.FAPARDays, 0.35+0.45*math.Max(0, math.Min(1, float64(i-130)/50)))
		}
		return in
	}
	early, late := estimate(t, year(133)), estimate(t, year(226))
	if !early.OK || early.P50 < 0.55*late.P50 || early.P50 > 1.3*late.P50 {
		t.Errorf("on 1 March %.0f kg/mu is projected, at harvest it was %.0f", early.P50, late.P50)
	}
}

// Properties over random cycles: quantiles in order and not negative; less
// green, darker or colder days and lower statistics never raise any of them.
func TestYieldProperties(t *testing.T) {
	dice := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		days := 60 + dice.IntN(120)
		in := steady([]string{"winter_wheat", "maize", "rice", "barley", "apple"}[dice.IntN(5)], days, 20+dice.IntN(days-20), 0.05+0.85*dice.Float64(), 5+20*dice.Float64(), 5+25*dice.Float64())
		in.ClearDates = dice.IntN(12)
		if dice.IntN(3) > 0 {
			in.County = &models.CountyYield{Years: dice.IntN(6), MeanKg: 100 + 600*dice.Float64(), SDKg: 60 * dice.Float64()}
			in.LandRatio = 2 * dice.Float64()
		}
		r := estimate(t, in)
		if !r.OK {
			continue
		}
		ordered(t, r)
		poorer := in
		poorer.FAPARDays = append([]float64(nil), in.FAPARDays...)
		for i := range poorer.FAPARDays {
			poorer.FAPARDays[i] *= 1 - 0.5*dice.Float64()
		}
		lower(t, "less green", r, estimate(t, poorer))
		if in.County != nil {
			poorer = in
			poorer.County = &models.CountyYield{Years: in.County.Years, MeanKg: in.County.MeanKg * 0.9, SDKg: in.County.SDKg * 0.9}
			lower(t, "lower statistics", r, estimate(t, poorer))
			poorer = in
			poorer.LandRatio = in.LandRatio * 0.9
			if in.LandRatio > 0 {
				lower(t, "a poorer past", r, estimate(t, poorer))
			}
		}
	}
}

func ordered(t *testing.T, r models.YieldResult) {
	t.Helper()
	if !(r.P10 >= 0 && r.P10 <= r.P25 && r.P25 <= r.P50 && r.P50 <= r.P90) {
		t.Fatalf("quantiles out of order: %+v", r)
	}
}

func lower(t *testing.T, what string, before, after models.YieldResult) {
	t.Helper()
	const eps = 1e-9
	if after.P10 > before.P10+eps || after.P25 > before.P25+eps || after.P50 > before.P50+eps || after.P90 > before.P90+eps {
		t.Fatalf("%s raised the yield: %+v to %+v", what, before, after)
	}
}
