package scoring

// sure reports whether a cycle's crop may contradict a grower. Half a curve
// looks like many crops: a standing one must be past its peak.
func (b *bench) sure(c *SeenCycle) bool {
	ripe := c.Complete || c.Current && !b.ev.AsOf.Before(c.Peak.Add(b.cp.Thresholds.CropPastPeakDays))
	from, own := b.cp.Thresholds.CropProbabilityBy[c.Model]
	if !own {
		from = b.cp.Thresholds.CropProbability
	}
	return c.Assessable && c.InService && ripe && b.inCalendar(c) && c.Probability >= from
}

// inCalendar reports whether the seen crop can stand at that time of the year:
// spring wheat that emerges in June is another crop taken for it.
func (b *bench) inCalendar(c *SeenCycle) bool {
	t, known := b.cp.Period(c.Crop, Date{}, b.ev.SeasonFrom)
	if !known {
		return true
	}
	late := t.Harvest.Add(b.cp.Thresholds.CropWindowDays)
	return t.holds(c) && !c.Emergence.After(t.Visible) && (c.HarvestP50.IsZero() || !c.HarvestP50.After(late))
}

func (b *bench) recognizable(crops []string) bool {
	for _, c := range crops {
		if !contains(b.cp.Imagery.Recognizable, c) {
			return false
		}
	}
	return true
}

// agrees reports whether a seen crop may be one of the declared ones.
func (cp *CreditPolicy) agrees(seen string, declared []string) bool {
	for _, d := range declared {
		if cp.sameGroup(seen, d) {
			return true
		}
	}
	return false
}

func cropDiffers(b *bench, _ Check) {
	for p := range b.plots.all {
		if !p.Assessable {
			continue
		}
		declared, periods, w, ok := b.plotDeclared(b.cp, p)
		if !ok || !b.recognizable(declared) {
			continue
		}
		agreed, due := false, true
		for i := range p.Cycles {
			c := &p.Cycles[i]
			agreed = agreed || b.cp.agrees(c.Crop, declared)
		}
		margin := b.cp.Thresholds.CropWindowDays
		for _, crop := range declared {
			t, known := periods.of(crop)
			due = due && known && !b.ev.AsOf.Before(t.Planting.Add(margin))
		}
		for i := range p.Cycles {
			c := &p.Cycles[i]
			if !b.sure(c) || b.cp.agrees(c.Crop, declared) || !contains(b.cp.Imagery.Recognizable, c.Crop) {
				continue
			}
			if !(!agreed && due) && !b.inWindow(p, c, periods, margin) {
				continue // another crop before or after the declared one
			}
			b.find(p.GrowerID, p.PlotID,
				b.say("Imagery shows %s (%s sure) where %s is declared.", c.Crop, c.Probability, list(declared)),
				b.say("影像识别为%s（置信度%s），申报为%s。", CropZH(c.Crop), c.Probability, listCropsZH(declared)),
				append(w, "imagery"), "seen", c.Crop, "probability", b.text(c.Probability), "declared", list(declared), "area", b.text(p.Area), "cycle", b.text(c.Number))
		}
	}
}

// inWindow reports whether a cycle peaks while a declared crop should grow and
// no other cycle shows that crop then.
func (b *bench) inWindow(p *SeenPlot, c *SeenCycle, periods periods, margin int) bool {
	for _, at := range periods {
		crop, t := at.crop, at.Period
		if !t.holds(c) || b.ev.AsOf.Before(t.Planting.Add(margin)) {
			continue
		}
		shown := false
		for i := range p.Cycles {
			o := &p.Cycles[i]
			shown = shown || b.cp.sameGroup(o.Crop, crop) && t.holds(o)
		}
		if !shown {
			return true
		}
	}
	return false
}

// holds reports whether a cycle peaks within the period.
func (p Period) holds(c *SeenCycle) bool {
	peak := c.Peak
	if peak.IsZero() {
		peak = c.Emergence
	}
	return !peak.Before(p.Planting) && !peak.After(p.Harvest)
}

// covers reports whether the cycle, whatever it is, stands through most of the
// period: another crop may hide in it.
func (c *SeenCycle) covers(t Period) bool {
	return 2*overlapDays(c.Emergence, c.HarvestP50, t.Planting, t.Harvest) > t.days()
}

// lookedAt reports whether a canopy, had there been one, would have been seen:
// a clear look between shortly before it is due and its ripening.
func (p *SeenPlot) lookedAt(t Period) bool {
	const before, ripening = 15, 40 // days
	for _, d := range p.Looks {
		if !d.Before(t.Visible.Add(-before)) && !d.After(t.Harvest.Add(-ripening)) {
			return true
		}
	}
	return p.Looks == nil
}

func landFallow(b *bench, _ Check) {
	for p := range b.plots.all {
		if !p.Assessable || p.Vegetated || len(p.Cycles) > 0 || p.ClearDates < b.cp.Thresholds.FallowClearDates {
			continue
		}
		declared, periods, w, ok := b.plotDeclared(b.cp, p)
		if !ok || p.BrightCover || b.cp.anyUnseen(declared) {
			continue // covered, not fallow: nonGrain or landBuiltOver says so
		}
		for _, crop := range declared {
			t, known := periods.of(crop)
			if !known || b.ev.AsOf.Before(t.Visible) || !p.LastClear.IsZero() && p.LastClear.Before(t.Visible) || !p.lookedAt(t) {
				continue // not due, or not looked at since
			}
			b.find(p.GrowerID, p.PlotID,
				b.say("%s should have stood by %s, but no crop is seen on %d clear dates.", crop, t.Visible, p.ClearDates),
				b.say("%s应在%s前成苗，但%d个晴空影像均未见作物。", CropZH(crop), t.Visible, p.ClearDates),
				append(w, "imagery"), "declared", crop, "due", b.text(t.Visible), "clear_dates", b.text(p.ClearDates), "area", b.text(p.Area))
			break
		}
	}
}

// basic lists a plot's parcels that are permanent basic farmland.
func (b *bench) basic(p *SeenPlot) (ids []string) {
	for _, id := range p.ParcelIDs {
		if b.parcel(id).basic {
			ids = append(ids, id)
		}
	}
	return ids
}

func nonGrain(b *bench, _ Check) {
	for p := range b.plots.all {
		if !p.Assessable {
			continue
		}
		basic := b.basic(p)
		if len(basic) == 0 {
			continue
		}
		var w []string
		var area Area
		for _, id := range basic {
			w = append(w, b.say("registry:%s", id))
			area += b.parcel(id).drawn
		}
		what, zh, sure := "", "", ""
		for i := range p.Cycles {
			c := &p.Cycles[i]
			if b.sure(c) && b.cp.Crops[c.Crop].NonGrain {
				what, zh, sure = c.Crop, CropZH(c.Crop), Percent(c.Probability)
			}
		}
		if what == "" && p.BrightCover {
			what, zh, sure = "bright cover", "设施覆盖", "not given"
		}
		if what == "" {
			continue
		}
		b.find(p.GrowerID, p.PlotID, b.say("%s is seen on %s of permanent basic farmland.", what, area),
			b.say("%s永久基本农田上见%s。", MuZH(area), zh),
			append(w, "imagery"), "seen", what, "probability", sure, "basic_farmland", b.text(area), "parcels", list(basic))
	}
}

func historyDiffers(b *bench, _ Check) {
	for p := range b.plots.all {
		declared, _, w, ok := b.plotDeclared(b.cp, p)
		if !ok || !b.recognizable(declared) {
			continue
		}
		var past, seasons []string
		for _, s := range p.Past {
			if s.Share >= b.cp.Yields.MinHistoryShare && len(s.Crops) > 0 {
				seasons = append(seasons, s.Season)
				past = append(past, s.Crops...)
			}
		}
		if seasons = b.store.unique(seasons); len(seasons) < b.cp.Thresholds.HistorySeasons {
			continue
		}
		var unseen []string
		for _, d := range declared {
			if !b.cp.agrees(d, past) {
				unseen = append(unseen, d)
			}
		}
		if len(unseen) == 0 {
			continue
		}
		past = b.store.unique(past)
		b.find(p.GrowerID, p.PlotID, b.say("%s is declared; seasons %s showed %s.", list(unseen), list(seasons), list(past)),
			b.say("申报%s，往年（%s）所见为%s。", listCropsZH(unseen), listZH(seasons), listCropsZH(past)),
			append(w, "imagery"), "declared", list(unseen), "past", list(past), "seasons", list(seasons))
	}
}
