package scoring

// insuredExceedsSeen passes over plots where another check has already said
// that the crop is not there: one fact, one finding.
func insuredExceedsSeen(b *bench, _ Check) {
	for g := range b.policies.byGrower {
		for _, c := range b.covers(b.cp, g) {
			t, known := b.cp.Period(c.crop, Date{}, b.ev.SeasonFrom)
			if !known || b.ev.AsOf.Before(t.Visible) || !contains(b.cp.Imagery.Recognizable, c.crop) {
				continue
			}
			var seen Area
			plots, sure := 0, true
			for _, p := range b.plotsOf(g) {
				if !c.byArea && !shares(p.ParcelIDs, c.land) {
					continue
				}
				plots++
				has, judged := b.showsCrop(p, c.crop, t)
				explained := b.found(p.PlotID, "CROP_DIFFERS") || b.found(p.PlotID, "LAND_FALLOW") || b.found(p.PlotID, "LAND_BUILT_OVER")
				sure = sure && judged
				if has || explained {
					seen += p.Area
				}
			}
			if plots == 0 || !sure || !c.byArea && !b.allOnPlots(g, c.land) ||
				!over(int64(c.area), int64(seen), b.cp.Thresholds.InsuredOverSeen) {
				continue
			}
			b.find(g, "", b.say("%s of %s are insured, but it is seen on only %s.", c.area, c.crop, seen),
				b.say("%s投保%s，而影像仅见%s。", CropZH(c.crop), MuZH(c.area), MuZH(seen)),
				append(c.sources(), "imagery"), "insured", b.text(c.area), "seen", b.text(seen), "plots", b.text(plots), "crop", c.crop)
		}
	}
}

// showsCrop says whether a crop is seen on a plot, and whether imagery could
// judge for sure what grew there in the crop's time.
func (b *bench) showsCrop(p *SeenPlot, crop string, t Period) (has, judged bool) {
	if !p.Assessable || p.ClearDates < b.cp.Imagery.MinClearDates {
		return false, false
	}
	_, periods, _, _ := b.plotDeclared(b.cp, p)
	told := func(c *SeenCycle) bool { // by imagery alone, or by imagery and the grower's own declaration
		for _, d := range periods {
			if c.Assessable && c.InService && c.Complete && d.holds(c) && b.inCalendar(c) && b.cp.sameGroup(c.Crop, d.crop) {
				return true
			}
		}
		return b.sure(c)
	}
	looked := (p.LastClear.IsZero() || !p.LastClear.Before(t.Visible)) && p.lookedAt(t)
	judged = len(p.Cycles) == 0 && !p.Vegetated && looked // bare in the crop's time
	for i := range p.Cycles {
		c := &p.Cycles[i]
		if b.cp.sameGroup(c.Crop, crop) {
			return true, c.Assessable
		}
		judged = judged || told(c) && t.holds(c) // another crop in its place
	}
	for i := range p.Cycles {
		c := &p.Cycles[i]
		if !told(c) && (t.holds(c) || c.covers(t)) {
			return false, false
		}
	}
	return false, judged
}

// allOnPlots reports whether every parcel lies in one of the grower's plots.
func (b *bench) allOnPlots(grower string, land []string) bool {
	in := map[string]bool{}
	for _, p := range b.plotsOf(grower) {
		for _, id := range p.ParcelIDs {
			in[id] = true
		}
	}
	for _, id := range land {
		if !in[id] {
			return false
		}
	}
	return true
}
