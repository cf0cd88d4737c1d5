package scoring

import "slices"

// sowing is what a plot's grower declares on it.
type sowing struct {
	asked   bool
	crops   []string
	periods periods
	sources []string
	enough  bool // of the plot is declared
}

// periods are those of declared crops that stand in the calendar.
type periods []cropPeriod

type cropPeriod struct {
	crop string
	Period
}

func (ps periods) of(crop string) (Period, bool) {
	for i := range ps {
		if ps[i].crop == crop {
			return ps[i].Period, true
		}
	}
	return Period{}, false
}

// plotDeclared gives the crops that a plot's grower declares on it, with their
// calendar; ok only where enough of the plot is declared.
func (b *bench) plotDeclared(cp *CreditPolicy, p *SeenPlot) (crops []string, periods periods, sources []string, ok bool) {
	if b.sown == nil {
		b.sown = make([]sowing, len(b.plots.rows))
	}
	s := &b.sown[b.plots.row(p)]
	if !s.asked {
		b.declaredOn(cp, p, s)
	}
	return s.crops, s.periods, s.sources, s.enough
}

func (b *bench) declaredOn(cp *CreditPolicy, p *SeenPlot, s *sowing) {
	s.asked = true
	ds := b.ds[:0]
	var all, part Area
	for _, id := range p.ParcelIDs {
		a := max(b.parcel(id).drawn, 1)
		all += a
		named := false
		for _, d := range b.declarations.on(id) {
			if d.GrowerID == p.GrowerID && b.thisSeason(d.Season) {
				ds, named = append(ds, d), true
			}
		}
		if named {
			part += a
		}
	}
	if b.ds = ds; len(ds) == 0 {
		return
	}
	s.sources = b.store.strings(len(ds))
	s.periods = cut(&b.periods, len(ds))[:0]
	for i, d := range ds {
		s.sources[i] = d.Source
		t, known := cp.Period(d.Crop, d.Planting, b.ev.SeasonFrom)
		if !known {
			continue
		}
		if k := slices.IndexFunc(s.periods, func(o cropPeriod) bool { return o.crop == d.Crop }); k >= 0 {
			s.periods[k].Period = t
		} else {
			s.periods = append(s.periods, cropPeriod{d.Crop, t})
		}
	}
	crops := b.store.strings(len(ds))
	for i, d := range ds {
		crops[i] = d.Crop
	}
	slices.Sort(crops)
	s.crops = slices.Clip(slices.DeleteFunc(slices.Compact(crops), func(crop string) bool { return crop == "" }))
	s.enough = len(s.crops) > 0 && p.GrowerID != "" && !moreThan(int64(all), int64(cp.Thresholds.DeclaredShare), int64(part), 10_000)
}
