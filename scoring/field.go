package scoring

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
	yieldOn string
}

func (f *field) counts() bool { return f.why == "" }

// parcelArea is the part of a field in one parcel.
type parcelArea struct {
	id      string
	area    Area
	witness string // which vouches for it
	leased  bool
}

// fields lists every crop on every plot of a grower: by imagery where it can
// be seen, by declaration before that.
func (x *index) fields(cp *CreditPolicy, grower string) []field {
	var out []field
	for _, p := range x.plotsOf(grower) {
		declared := x.declared(grower, p.ParcelIDs)
		if len(declared) == 0 {
			out = append(out, x.undeclared(cp, grower, p)...)
			continue
		}
		byCrop := map[string][]*Declaration{}
		for _, d := range declared {
			byCrop[d.Crop] = append(byCrop[d.Crop], d)
		}
		for _, crop := range sortedKeys(byCrop) {
			out = append(out, x.declaredField(cp, grower, p, crop, byCrop[crop]))
		}
	}
	return out
}

func (x *index) declaredField(cp *CreditPolicy, grower string, p *SeenPlot, crop string, ds []*Declaration) field {
	f := field{plot: p, crop: crop, rests: restsDeclaration}
	var planting Date
	claimed := map[string]Area{}
	for _, d := range ds {
		if !d.Planting.IsZero() && (planting.IsZero() || d.Planting.Before(planting)) {
			planting = d.Planting
		}
		if a, seen := claimed[d.ParcelID]; !seen || d.Area > 0 && (a == 0 || d.Area < a) {
			claimed[d.ParcelID] = d.Area
		}
	}
	for _, id := range sortedKeys(claimed) {
		f.add(x.lowerBound(cp, grower, id, claimed[id], p))
	}
	f.cap(cp, p)
	var known bool
	if f.period, known = cp.Period(crop, planting, x.ev.SeasonFrom); !known {
		f.why = "COST_UNKNOWN"
		return f
	}
	f.harvest = f.period.Harvest
	if cp.unseen(crop) {
		return f // imagery cannot say; ruleUnseen asks for an officer
	}
	if tooSmall(cp, p) {
		f.why, f.blind = "TOO_FEW_PIXELS", true
		return f
	}
	if c := x.confirming(cp, p, crop, f.period); c != nil && x.datesOK(cp, p) {
		f.rests, f.cycle = restsImagery, c
		if !c.HarvestP75.IsZero() {
			f.harvest = c.HarvestP75
		}
		return f
	}
	if x.ev.AsOf.Before(f.period.Visible) {
		if inPast(cp, p, crop) {
			f.rests = restsHistory
		}
		return f
	}
	switch {
	case p.ClearDates < cp.Imagery.MinClearDates:
		f.why, f.blind = "TOO_FEW_DATES", true
	case !p.Assessable:
		f.why, f.blind = stateCode(p.Reason, "CROP_NOT_CONFIRMED"), true
	case x.contradicted(cp, p, crop):
		f.why = "CROP_NOT_SEEN"
	default:
		f.why, f.blind = "CROP_NOT_CONFIRMED", true
	}
	return f
}

// undeclared land counts only by what imagery surely shows.
func (x *index) undeclared(cp *CreditPolicy, grower string, p *SeenPlot) []field {
	if tooSmall(cp, p) {
		return []field{{plot: p, why: "TOO_FEW_PIXELS", blind: true}}
	}
	var out []field
	for i := range p.Cycles {
		c := &p.Cycles[i]
		if _, known := cp.Crops[c.Crop]; !known || !x.datesOK(cp, p) || !believable(cp, c) {
			continue
		}
		f := field{plot: p, crop: c.Crop, rests: restsImagery, cycle: c}
		f.period, _ = cp.Period(c.Crop, c.Emergence, x.ev.SeasonFrom)
		if f.harvest = c.HarvestP75; f.harvest.IsZero() {
			f.harvest = f.period.Harvest
		}
		for _, id := range p.ParcelIDs {
			f.add(x.lowerBound(cp, grower, id, 0, p))
		}
		f.cap(cp, p)
		out = append(out, f)
	}
	if len(out) == 0 {
		out = append(out, field{plot: p, why: "NO_DECLARATION"})
	}
	return out
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

func (f *field) add(a parcelArea) {
	f.land = append(f.land, a)
	f.area += a.area
}

// cap keeps the sum within the plot as it is seen.
func (f *field) cap(cp *CreditPolicy, p *SeenPlot) {
	if p.Area <= 0 || f.area <= p.Area || !contains(cp.Area.Witnesses, "seen") {
		return
	}
	excess := f.area - p.Area
	for i := len(f.land) - 1; i >= 0 && excess > 0; i-- {
		cut := min(excess, f.land[i].area)
		f.land[i].area -= cut
		excess -= cut
	}
	f.area = p.Area
}

// lowerBound is the smallest area that a witness of the credit policy vouches
// for; a witness that is missing says nothing.
func (x *index) lowerBound(cp *CreditPolicy, grower, id string, claimed Area, p *SeenPlot) parcelArea {
	out := parcelArea{id: id}
	take := func(a Area, witness string) {
		if a > 0 && contains(cp.Area.Witnesses, witness) && (out.witness == "" || a < out.area) {
			out.area, out.witness = a, witness
		}
	}
	land := x.parcel(id)
	if f := &land.farmer; f.GrowerID == grower {
		out.leased = f.Leased
	}
	for _, c := range x.contracts.on(id) {
		if c.ValidOn(x.ev.AsOf) {
			take(AreaOfM2(c.AreaM2), "contract")
		}
	}
	for _, t := range x.transfers.on(id) {
		if t.To == grower && t.ValidOn(x.ev.AsOf) {
			out.leased = true
			take(AreaOfM2(t.AreaM2), "transfer")
		}
	}
	take(land.surveyed, "surveyed")
	take(claimed, "claimed")
	seen := land.drawn
	if seen == 0 && len(p.ParcelIDs) == 1 {
		seen = p.Area
	}
	take(seen, "seen")
	return out
}
