package scoring

import "sort"

// basis says what a yield rests on.
type basis struct {
	what   string // from the imagery, or the kind of source
	source string
	years  int
	ratio  Prob // of the land's own past to the county's mean; 0 = not known
	past   int  // seasons that it rests on
}

func (o *basis) append(b []byte) []byte {
	b = append(append(b, o.what...), o.source...)
	if o.years > 0 {
		b = appendf(b, "county statistics of %d years", o.years)
		if o.past > 0 {
			b = appendf(b, " × the land's past %s of %d seasons", o.ratio, o.past)
		}
	}
	return b
}

// setYield gives a field its P25 yield: from imagery where that judged it, else
// the county's statistics times the land's own past, else the cost survey, else
// the credit policy.
func (d *desk) setYield(b *rulebook, f *field) {
	if !f.counts() {
		return
	}
	c := f.rule
	switch {
	case f.cycle != nil && f.cycle.YieldP25 > 0:
		f.yield, f.yieldOn = f.cycle.YieldP25, basis{what: f.cycle.YieldBasis}
	case c.p25 > 0:
		f.yield, f.yieldOn = c.p25, basis{years: c.years}
		if past, n := landPast(b.CreditPolicy, f.plot, f.crop); n > 0 {
			ratio := Prob(int64(past) * 10_000 / int64(c.mean))
			ratio = min(max(ratio, b.Yields.LandRatioMin), b.Yields.LandRatioMax)
			f.yield = Yield(int64(c.p25) * int64(ratio) / 10_000)
			f.yieldOn.ratio, f.yieldOn.past = ratio, n
		}
	case c.cost.yield > 0:
		f.yield, f.yieldOn = Yield(int64(c.cost.yield)*int64(b.Yields.P25OfMean)/10_000), basis{what: "cost survey ", source: c.cost.source}
	case c.YieldP25 > 0:
		f.yield, f.yieldOn = c.YieldP25, basis{what: "credit policy: ", source: c.Source}
	default:
		f.why = "YIELD_UNKNOWN"
	}
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
