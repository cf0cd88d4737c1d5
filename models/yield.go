package models

import "math"

// What a yield rests on.
const (
	BasisImagery    = "imagery"
	BasisBoth       = "imagery and county statistics"
	BasisStatistics = "county statistics"
	BasisPast       = "county statistics and the land's past"
)

// Spreads of the yield model, relative. They are prudent values, wider than the
// 15 % that published field studies reach after local calibration.
const (
	fieldCV      = 0.15 // between fields of a county in one year
	countyCV     = 0.10 // between years, where statistics have one year only
	imageryCV    = 0.30 // of light-use efficiency without local calibration
	fewDatesCV   = 0.15 // added where FAPAR rests on fewer than six clear dates
	unseenCV     = 0.40 // added in proportion to the part of the cycle not yet grown
	clearEnough  = 6
	leastShare   = 0.35 // of the final biomass, below which imagery says nothing yet
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
// trade moisture. Water stress is what FAPAR itself shows. A cycle not yet ripe
// is projected along the logistic-like share of biomass 3s² − 2s³ at the share
// s of its days. That estimate and the county's statistics (times half of the
// land's own past deviation) are weighted by their precision. Without a cycle
// the statistics stand alone: the answer at planting.
func EstimateYield(in YieldInput, table CoefficientTable) YieldResult {
	co, known := table[in.Crop]
	y, ycv, seen := 0.0, 0.0, false
	if known {
		y, ycv, seen = fromImagery(in, co)
	}
	prior, psd, basis, stats := fromStatistics(in)
	switch {
	case seen && stats:
		isd := ycv * y
		wi, wp := 1/(isd*isd), 1/(psd*psd)
		return quantiles((y*wi+prior*wp)/(wi+wp), math.Sqrt(1/(wi+wp)), BasisBoth)
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
	days := min(len(in.FAPARDays), len(in.Days))
	if days == 0 || in.Emergence.IsZero() {
		return 0, 0, false
	}
	weather := map[string]WeatherDay{}
	for _, d := range in.Days {
		weather[d.Date.String()] = d
	}
	var grams float64
	missing := 0
	for i, fapar := range in.FAPARDays {
		d, have := weather[in.Emergence.Add(i).String()]
		if !have {
			missing++
			continue
		}
		r := d.RadiationMJ
		if co.PAR {
			r *= parOfGlobal
		}
		grams += co.RUE * r * fapar * warmth(d.TmeanC, co)
	}
	n := len(in.FAPARDays)
	if missing*10 > n { // more than a tenth of the weather is not there
		return 0, 0, false
	}
	grams *= float64(n) / float64(n-missing)
	share := 1.0
	if total := in.Harvest.Sub(in.Emergence) + 1; !in.Harvest.IsZero() && total > n {
		s := float64(n) / float64(total)
		share = s * s * (3 - 2*s)
	} else if in.Harvest.IsZero() {
		return 0, 0, false
	}
	if share < leastShare {
		return 0, 0, false
	}
	y = grams / share * co.HarvestIndex / (1 - co.Moisture) * m2PerMu / 1000
	cv = imageryCV + unseenCV*(1-share)
	if in.ClearDates < clearEnough {
		cv += fewDatesCV
	}
	return y, cv, y > 0
}

func warmth(t float64, co Coefficients) float64 {
	return math.Max(0, math.Min(1, (t-co.TBaseC)/(co.TOptC-co.TBaseC)))
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
