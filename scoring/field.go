package scoring

import (
	"slices"
	"strings"
)

// What a field's numbers rest on.
const (
	restsDeclaration = "declaration"
	restsHistory     = "declaration and history"
	restsImagery     = "imagery"
)

// field is one crop on one plot as it enters the limit.
type field struct {
	plot    *SeenPlot
	crop    string
	land    []parcelArea
	area    Area // lower bound, sum of land
	rests   string
	why     string // code where it does not count
	blind   bool   // does not count because it cannot be assessed
	period  Period
	harvest Date // P75
	cycle   *SeenCycle
	yield   Yield // P25
	yieldOn basis
	rule    *cropRule
}

func (f *field) counts() bool { return f.why == "" }

// parcelArea is the part of a field in one parcel.
type parcelArea struct {
	id      string
	on      int32 // number of the parcel
	area    Area
	witness string // which vouches for it
	leased  bool
	until   Date // covered by lease and insurance only until then, see coveredUntil; zero = until the harvest
}

// findFields lists every crop on every plot of a grower: by imagery where it can
// be seen, by declaration before that.
func (d *desk) findFields(b *rulebook, grower int32) {
	d.fields, d.land = d.fields[:0], d.land[:0]
	name := d.growers.list[grower]
	for _, row := range d.plots.growers.numsAt(grower) {
		p := &d.plots.rows[row]
		d.sown = d.sown[:0]
		on := d.plots.land.namesOf(row)
		for _, n := range on {
			for _, dec := range d.declarations.land.at(n) {
				if dec.GrowerID == name && d.thisSeason(dec.Season) {
					d.sown = append(d.sown, sown{dec, n})
				}
			}
		}
		if len(d.sown) == 0 {
			d.undeclared(b, name, p, on)
			continue
		}
		slices.SortStableFunc(d.sown, func(a, b sown) int { return strings.Compare(a.Crop, b.Crop) })
		for from := 0; from < len(d.sown); {
			to := from + 1
			for to < len(d.sown) && d.sown[to].Crop == d.sown[from].Crop {
				to++
			}
			d.fields = append(d.fields, d.declaredField(b, name, p, d.sown[from:to]))
			from = to
		}
	}
}

// sown is a declaration on a numbered parcel.
type sown struct {
	*Declaration
	on int32
}

// declaredField is a crop that is declared on some parcels of a plot; the
// declarations come parcel by parcel.
func (d *desk) declaredField(b *rulebook, grower string, p *SeenPlot, ds []sown) field {
	f := field{plot: p, crop: ds[0].Crop, rests: restsDeclaration, rule: b.crop(ds[0].Crop)}
	var planting Date
	first := len(d.land)
	for i := 0; i < len(ds); {
		on, claimed := ds[i].on, ds[i].Area
		for ; i < len(ds) && ds[i].on == on; i++ {
			if a := ds[i].Area; a > 0 && (claimed == 0 || a < claimed) {
				claimed = a
			}
			if sown := ds[i].Planting; !sown.IsZero() && (planting.IsZero() || sown.Before(planting)) {
				planting = sown
			}
		}
		f.add(d, d.lowerBound(b, grower, on, claimed, p))
	}
	f.cap(b, p, d.land[first:])
	if !f.rule.known || d.ev.SeasonFrom.IsZero() && planting.IsZero() {
		f.why = "COST_UNKNOWN"
		return f
	}
	f.period = f.rule.period(planting, d.ev.SeasonFrom)
	f.harvest = f.period.Harvest
	if f.rule.unseen {
		return f // imagery cannot say; ruleUnseen asks for an officer
	}
	cp := b.CreditPolicy
	if tooSmall(cp, p) {
		f.why, f.blind = "TOO_FEW_PIXELS", true
		return f
	}
	if c := d.confirming(cp, p, f.crop, f.period); c != nil && d.datesOK(cp, p) {
		f.rests, f.cycle = restsImagery, c
		if !c.HarvestP75.IsZero() {
			f.harvest = c.HarvestP75
		}
		return f
	}
	if d.ev.AsOf.Before(f.period.Visible) {
		if inPast(cp, p, f.crop) {
			f.rests = restsHistory
		}
		return f
	}
	switch {
	case p.ClearDates < cp.Imagery.MinClearDates:
		f.why, f.blind = "TOO_FEW_DATES", true
	case !p.Assessable:
		f.why, f.blind = stateCode(p.Reason, "CROP_NOT_CONFIRMED"), true
	case d.contradicted(cp, p, f.crop):
		f.why = "CROP_NOT_SEEN"
	default:
		f.why, f.blind = "CROP_NOT_CONFIRMED", true
	}
	return f
}

// undeclared land counts only by what imagery surely shows.
func (d *desk) undeclared(b *rulebook, grower string, p *SeenPlot, on []int32) {
	cp := b.CreditPolicy
	if tooSmall(cp, p) {
		d.fields = append(d.fields, field{plot: p, why: "TOO_FEW_PIXELS", blind: true})
		return
	}
	seen := false
	for i := range p.Cycles {
		c := &p.Cycles[i]
		rule := b.crop(c.Crop)
		if !rule.known || !d.datesOK(cp, p) || !believable(cp, c) {
			continue
		}
		f := field{plot: p, crop: c.Crop, rests: restsImagery, cycle: c, rule: rule}
		f.period, _ = cp.Period(c.Crop, c.Emergence, d.ev.SeasonFrom)
		if f.harvest = c.HarvestP75; f.harvest.IsZero() {
			f.harvest = f.period.Harvest
		}
		first := len(d.land)
		for _, n := range on {
			f.add(d, d.lowerBound(b, grower, n, 0, p))
		}
		f.cap(b, p, d.land[first:])
		d.fields = append(d.fields, f)
		seen = true
	}
	if !seen {
		d.fields = append(d.fields, field{plot: p, why: "NO_DECLARATION"})
	}
}

// believable reports whether a cycle's crop may raise a limit.
func believable(cp *CreditPolicy, c *SeenCycle) bool {
	return c.Assessable && c.InService && c.Probability >= cp.Imagery.MinProbability
}

// confirming finds the cycle that confirms a declared crop: the crop itself
// before one of its group, then the one nearest to its calendar.
func (x *index) confirming(cp *CreditPolicy, p *SeenPlot, crop string, t Period) *SeenCycle {
	var best *SeenCycle
	for i := range p.Cycles {
		c := &p.Cycles[i]
		if !believable(cp, c) || !cp.sameGroup(c.Crop, crop) {
			continue
		}
		if best == nil || (c.Crop == crop) != (best.Crop == crop) && c.Crop == crop ||
			(c.Crop == crop) == (best.Crop == crop) && away(c, t) < away(best, t) {
			best = c
		}
	}
	return best
}

// away is how many days a cycle's peak lies from the middle of the calendar.
func away(c *SeenCycle, t Period) int {
	n := c.Peak.Sub(t.Planting.Add(t.days() / 2))
	if n < 0 {
		return -n
	}
	return n
}

// contradicted: the plot can be judged, and either nothing grows or another
// crop surely does.
func (x *index) contradicted(cp *CreditPolicy, p *SeenPlot, crop string) bool {
	if !p.Vegetated && len(p.Cycles) == 0 {
		return true
	}
	for i := range p.Cycles {
		c := &p.Cycles[i]
		if cp.sameGroup(c.Crop, crop) || !believable(cp, c) {
			return false
		}
	}
	return len(p.Cycles) > 0
}

func (x *index) datesOK(cp *CreditPolicy, p *SeenPlot) bool {
	return p.Assessable && p.ClearDates >= cp.Imagery.MinClearDates
}

// tooSmall holds at any time of the season: size does not change. Before any
// clear look the pixels within are not known, and only the area can say so.
func tooSmall(cp *CreditPolicy, p *SeenPlot) bool {
	const pixel = 100_00 // 100 m²
	return p.InsidePixels < cp.Imagery.MinInsidePixels && (p.ClearDates > 0 || p.Area < Area(cp.Imagery.MinInsidePixels*pixel))
}

func inPast(cp *CreditPolicy, p *SeenPlot, crop string) bool {
	for _, s := range p.Past {
		if s.Share >= cp.Yields.MinHistoryShare && cp.agrees(crop, s.Crops) {
			return true
		}
	}
	return false
}

// add lays a parcel's part to the field's land, which is the end of the desk's.
func (f *field) add(d *desk, a parcelArea) {
	first := len(d.land) - len(f.land)
	d.land = append(d.land, a)
	f.land = d.land[first:]
	f.area += a.area
}

// cap keeps the sum within the plot as it is seen.
func (f *field) cap(b *rulebook, p *SeenPlot, land []parcelArea) {
	if p.Area <= 0 || f.area <= p.Area || !b.witness.seen {
		return
	}
	excess := f.area - p.Area
	for i := len(land) - 1; i >= 0 && excess > 0; i-- {
		cut := min(excess, land[i].area)
		land[i].area -= cut
		excess -= cut
	}
	f.area = p.Area
}

// lowerBound is the smallest area that a witness of the credit policy vouches
// for; a witness that is missing says nothing.
func (d *desk) lowerBound(b *rulebook, grower string, on int32, claimed Area, p *SeenPlot) parcelArea {
	out := parcelArea{id: d.parcels.list[on], on: on}
	take := func(counts bool, a Area, witness string) {
		if counts && a > 0 && (out.witness == "" || a < out.area) {
			out.area, out.witness = a, witness
		}
	}
	land := &d.index.land[on]
	for _, c := range d.contracts.land.at(on) {
		if c.ValidOn(d.ev.AsOf) {
			take(b.witness.contract, AreaOfM2(c.AreaM2), "contract")
		}
	}
	for _, t := range d.transfers.land.at(on) {
		if t.To == grower && t.ValidOn(d.ev.AsOf) {
			out.leased = true
			take(b.witness.transfer, AreaOfM2(t.AreaM2), "transfer")
		}
	}
	if land.farmer.GrowerID == grower {
		out.leased = out.leased || land.farmer.Leased
	}
	take(b.witness.surveyed, land.surveyed, "surveyed")
	take(b.witness.claimed, claimed, "claimed")
	seen := land.drawn
	if seen == 0 && len(p.ParcelIDs) == 1 {
		seen = p.Area
	}
	take(b.witness.seen, seen, "seen")
	return out
}
