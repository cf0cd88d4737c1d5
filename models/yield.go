package models

import (
	"math"
)

// What a yield rests on.
const (
	BasisImagery    = "imagery"
	BasisBoth       = "imagery and county statistics"
	BasisStatistics = "county statistics"
	BasisPast       = "county statistics and the land's past"
)

// Spreads are relative and were fitted on nothing: no data at hand hold yields
// of fields together with earlier years' statistics, the sum that P10–P90 tells.
// They are wider than the 80 % they stand for (docs/evaluation/yield.md): fields
// of one district in the Mekong Delta differ by 6.7 %, not 15 %. But that is one
// irrigated delta in one year, and with imagery, which was 20 % too high there,
// the yields at or above P25 were 76 %: narrower spreads would raise P25 beyond.
const (
	fieldCV      = 0.15 // between fields of a county in one year
	countyCV     = 0.10 // between years, where statistics have one year only
	fewDatesCV   = 0.15 // added where FAPAR rests on fewer than six clear dates
	unseenCV     = 0.40 // added in proportion to the part of the season's warm light not yet fallen
	clearEnough  = 6
	leastShare   = 0.15 // of that light, below which imagery says nothing yet
	parOfGlobal  = 0.48
	ratioTrust   = 0.5 // how much of the land's past deviation is believed
	ratioLow     = 0.6
	ratioHigh    = 1.5
	m2PerMu      = 2000.0 / 3
	z10, z25     = 1.2815515655, 0.6744897502 // normal quantiles
	smallestFrac = 0.05                       // of the median: quantiles never fall to nothing by the shape of the curve alone
)

// EstimateYield gives the yield of one cycle with its spread.
//
// From imagery: yield = HI · Σ RUE · R · FAPAR · f(T) / (1 − w), R global
// radiation or 0.48 of it as the coefficients ask, f(T) rising from 0 at the
// base to 1 at the optimum temperature (SIMPLE, Zhao et al. 2019, eq. 5), w the
// trade moisture. f(W) is 1: irrigation is not known, and lasting drought shows
// in FAPAR. Days still to come are projected (see project). That estimate and
// the county's statistics (times half of the land's own past deviation) are
// weighted by their precision, both spreads taken relative to the statistics,
// so that more green never means a lower yield. Without a cycle the statistics
// stand alone: the answer at planting.
func EstimateYield(in YieldInput, table CoefficientTable) YieldResult {
	co, known := table[in.Crop]
	y, ycv, seen := 0.0, 0.0, false
	if known {
		y, ycv, seen = fromImagery(in, co)
	}
	prior, psd, basis, stats := fromStatistics(in)
	switch {
	case seen && stats:
		pcv := psd / prior
		wi, wp := 1/(ycv*ycv), 1/(pcv*pcv)
		mean := (y*wi + prior*wp) / (wi + wp)
		return quantiles(mean, mean*math.Sqrt(1/(wi+wp)), BasisBoth)
	case seen:
		return quantiles(y, ycv*y, BasisImagery)
	case stats:
		return quantiles(prior, psd, basis)
	case !known:
		return YieldResult{Reason: "no_coefficients"}
	}
	return YieldResult{Reason: "no_statistics_no_imagery"}
}

// fromImagery is kg/mu with its relative spread; ok is false where imagery or
// weather do not reach.
func fromImagery(in YieldInput, co Coefficients) (y, cv float64, ok bool) {
	n := len(in.FAPARDays)
	if n == 0 || in.Emergence.IsZero() || in.Harvest.IsZero() {
		return 0, 0, false
	}
	weather := byDay(in.Days)
	first := weather.place(in.Emergence)
	var room [400]float64
	light := room[:0] // R · f(T) of each day; NaN = no weather
	var grams, known float64
	missing := 0
	for i, fapar := range in.FAPARDays {
		d, have := weather.at(first + i)
		if !have {
			missing++
			light = append(light, math.NaN())
			continue
		}
		l := d.RadiationMJ * warmth(d.TmeanC, co)
		light = append(light, l)
		grams += l * max(fapar, 0)
		known += l
	}
	if missing*10 > n { // more than a tenth of the weather is not there
		return 0, 0, false
	}
	whole := float64(n) / float64(n-missing)
	grams, known = grams*whole, known*whole
	more, coming := project(in, light, weather, co)
	if known <= leastShare*(known+coming) {
		return 0, 0, false
	}
	rue := co.RUE
	if co.PAR {
		rue *= parOfGlobal
	}
	y = (grams + more) * rue * co.HarvestIndex / (1 - co.Moisture) * m2PerMu / 1000
	cv = co.ModelCV + unseenCV*coming/(known+coming)
	if in.ClearDates < clearEnough {
		cv += fewDatesCV
	}
	return y, cv, y > 0
}

func warmth(t float64, co Coefficients) float64 {
	return max(0, min(1, (t-co.TBaseC)/(co.TOptC-co.TBaseC)))
}

func fromStatistics(in YieldInput) (mean, sd float64, basis string, ok bool) {
	if in.County == nil || in.County.MeanKg <= 0 {
		return 0, 0, "", false
	}
	mean, basis = in.County.MeanKg, BasisStatistics
	between := in.County.SDKg
	if in.County.Years < 2 || between <= 0 {
		between = countyCV * mean
	}
	sd = math.Hypot(between, fieldCV*mean)
	if in.LandRatio > 0 {
		r := math.Max(ratioLow, math.Min(ratioHigh, in.LandRatio))
		f := 1 + ratioTrust*(r-1)
		mean, sd, basis = mean*f, sd*f, BasisPast
	}
	return mean, sd, basis, true
}

// quantiles of a normal curve, kept above a small share of the median.
func quantiles(mean, sd float64, basis string) YieldResult {
	low := func(z float64) float64 { return math.Max(mean-z*sd, smallestFrac*mean) }
	return YieldResult{P10: low(z10), P25: low(z25), P50: mean, P90: mean + z10*sd, Basis: basis, OK: true}
}
