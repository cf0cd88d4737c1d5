package scoring

import (
	"fmt"
	"sort"
)

// setYield gives a field its P25 yield: from imagery where that judged it, else
// the county's statistics times the land's own past, else the cost survey, else
// the credit policy.
func (x *index) setYield(cp *CreditPolicy, f *field) {
	if !f.counts() {
		return
	}
	if f.cycle != nil && f.cycle.YieldP25 > 0 {
		f.yield, f.yieldOn = f.cycle.YieldP25, f.cycle.YieldBasis
		return
	}
	if p25, mean, years := x.statistic(cp, f.crop); p25 > 0 {
		f.yield, f.yieldOn = p25, fmt.Sprintf("county statistics of %d years", years)
		if past, n := landPast(cp, f.plot, f.crop); n > 0 {
			ratio := Prob(int64(past) * 10_000 / int64(mean))
			ratio = min(max(ratio, cp.Yields.LandRatioMin), cp.Yields.LandRatioMax)
			f.yield = Yield(int64(p25) * int64(ratio) / 10_000)
			f.yieldOn += fmt.Sprintf(" × the land's past %s of %d seasons", Percent(ratio), n)
		}
		return
	}
	if u := x.unitCost(cp, f.crop); u.yield > 0 {
		f.yield, f.yieldOn = Yield(int64(u.yield)*int64(cp.Yields.P25OfMean)/10_000), "cost survey "+u.source
		return
	}
	if c := cp.Crops[f.crop]; c.YieldP25 > 0 {
		f.yield, f.yieldOn = c.YieldP25, "credit policy: "+c.Source
		return
	}
	f.why = "YIELD_UNKNOWN"
}

// statistic is the lower quarter and the mean of the county's yearly yields. A
// year given twice counts with its lower value. With n years the lower quarter
// is the ⌊(n−1)/4⌋-th smallest; with too few, the policy's share of the mean.
func (x *index) statistic(cp *CreditPolicy, crop string) (p25, mean Yield, years int) {
	byYear := map[int]Yield{}
	for s := range x.statistics.all {
		if s.Crop != crop || s.County != "" && s.County != x.ev.County || s.Yield <= 0 || s.Year > x.ev.AsOf.Year {
			continue
		}
		if y, ok := byYear[s.Year]; !ok || s.Yield < y {
			byYear[s.Year] = s.Yield
		}
	}
	var ys []Yield
	var total Yield
	for _, y := range byYear {
		ys = append(ys, y)
		total += y
	}
	if len(ys) == 0 {
		return 0, 0, 0
	}
	sort.Slice(ys, func(i, j int) bool { return ys[i] < ys[j] })
	mean = total / Yield(len(ys))
	if len(ys) < cp.Yields.MinStatisticYears {
		return Yield(int64(mean) * int64(cp.Yields.P25OfMean) / 10_000), mean, len(ys)
	}
	return ys[(len(ys)-1)/4], mean, len(ys)
}

// landPast is the mean yield of a crop on a plot in earlier seasons.
func landPast(cp *CreditPolicy, p *SeenPlot, crop string) (Yield, int) {
	var total Yield
	n := 0
	for _, s := range p.Past {
		if s.Share < cp.Yields.MinHistoryShare {
			continue
		}
		for i, c := range s.Crops {
			if c == crop && i < len(s.Yields) && s.Yields[i] > 0 {
				total += s.Yields[i]
				n++
			}
		}
	}
	if n == 0 {
		return 0, 0
	}
	return total / Yield(n), n
}
