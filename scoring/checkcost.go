package scoring

// survey is the row of the cost surveys that stands for a crop: the county's
// newest, else the newest of all counties; nil = none.
func (x *index) survey(crop string) *Cost {
	var row *Cost
	for r := range x.costs.all {
		if r.Crop != crop || r.County != "" && r.County != x.ev.County || r.Year > x.ev.SeasonTo.Year {
			continue
		}
		if row == nil || (r.County != "") != (row.County != "") && r.County != "" || (r.County != "") == (row.County != "") && r.Year > row.Year {
			row = r
		}
	}
	return row
}

// far reports whether an amount lies off another by more than a share of it,
// above or below.
func far(a, from int64, share Prob) bool {
	gap := a - from
	if gap < 0 {
		gap = -gap
	}
	return moreThan(gap, 10_000, from, int64(share))
}

// said is what a grower states of a crop in this season, the largest of several.
type said struct {
	value   int64
	sources []string
}

// stated gathers by grower and crop what declarations of the season state;
// value gives 0 where one states nothing.
func (b *bench) stated(value func(*Declaration) int64) map[[2]string]*said {
	var out map[[2]string]*said
	for d := range b.declarations.all {
		v := value(d)
		if v <= 0 || d.GrowerID == "" || !b.thisSeason(d.Season) {
			continue
		}
		if out == nil {
			out = map[[2]string]*said{}
		}
		k := [2]string{d.GrowerID, d.Crop}
		s := out[k]
		switch {
		case s == nil:
			out[k] = &said{v, []string{d.Source}}
		case v > s.value:
			*s = said{v, []string{d.Source}}
		case v == s.value:
			s.sources = append(s.sources, d.Source)
		}
	}
	return out
}

func costOffSurvey(b *bench, _ Check) {
	for k, s := range b.stated(func(d *Declaration) int64 { return int64(d.Cost) }) {
		row := b.survey(k[1])
		if row == nil {
			continue
		}
		total := row.Total
		if total == 0 {
			total = row.Materials + row.HiredLabour + row.FamilyLabour + row.Rent + row.OwnLand
		}
		if total <= 0 || !far(s.value, int64(total), b.cp.Thresholds.CostOffSurvey) {
			continue
		}
		b.find(k[0], "", b.say("%s a mu of %s are stated; the survey of %d has %s.", Fen(s.value), k[1], row.Year, total),
			b.say("自报%s亩均成本%s，%d年成本调查为%s。", CropZH(k[1]), Fen(s.value), row.Year, total),
			append(s.sources, row.Source), "stated", b.say("%s/mu", Fen(s.value)), "survey", b.say("%s/mu", total), "crop", k[1])
	}
}

func rentOffSurvey(b *bench, _ Check) {
	for t := range b.transfers.all {
		if t.RentFenPerMu <= 0 || t.To == "" || t.ParcelID == "" || !t.ValidOn(b.ev.AsOf) {
			continue
		}
		// Of the crops declared on the parcel the one whose land costs most: the
		// year's rent is one.
		var row *Cost
		var w []string
		for _, d := range b.declarations.on(t.ParcelID) {
			if d.GrowerID != t.To || !b.thisSeason(d.Season) {
				continue
			}
			w = append(w, d.Source)
			if r := b.survey(d.Crop); r != nil && r.Rent > 0 && (row == nil || r.Rent > row.Rent) {
				row = r
			}
		}
		if row == nil || !far(t.RentFenPerMu, int64(row.Rent), b.cp.Thresholds.RentOffSurvey) {
			continue
		}
		b.find(t.To, t.ParcelID, b.say("The lease asks %s a mu and year; the survey of %d has %s for land under %s.", Fen(t.RentFenPerMu), row.Year, row.Rent, row.Crop),
			b.say("流转租金每亩每年%s，%d年成本调查（%s）为%s。", Fen(t.RentFenPerMu), row.Year, CropZH(row.Crop), row.Rent),
			append(w, t.Source, row.Source), "rent", b.say("%s/mu", Fen(t.RentFenPerMu)), "survey", b.say("%s/mu", row.Rent), "crop", row.Crop)
	}
}

// yieldHistoryImplausible: a yield beyond both the county's best year and what
// imagery saw on the grower's own land.
func yieldHistoryImplausible(b *bench, _ Check) {
	for k, s := range b.stated(func(d *Declaration) int64 { return int64(d.Yield) }) {
		best, src := b.bestYear(k[1])
		share := b.cp.Thresholds.YieldOverBest
		if best <= 0 || !over(s.value, int64(best), share) {
			continue
		}
		var past Yield
		for _, p := range b.plotsOf(k[0]) {
			if y, seasons := landPast(b.cp, p, k[1]); seasons > 0 {
				past = max(past, y)
			}
		}
		seen := "not known"
		if past > 0 {
			if seen = Kg(past); !over(s.value, int64(past), share) {
				continue
			}
			src = append(src, "imagery")
		}
		b.find(k[0], "", b.say("%s of %s are said to be usual; the county's best year gave %s.", Yield(s.value), k[1], best),
			b.say("自报%s常年亩产%s，本县最好年份为%s。", CropZH(k[1]), Yield(s.value), best),
			append(s.sources, src...), "stated", b.text(Yield(s.value)), "best_year", b.text(best), "land_past", seen, "crop", k[1])
	}
}
