package scoring

import (
	"slices"
)

func subsidyCropDiffers(b *bench, _ Check) {
	for s := range b.subsidies.all {
		if s.GrowerID == "" || s.Crop == "" || !b.thisSeason(s.Season) {
			continue
		}
		same := func(d *Declaration) bool { return d.Crop == s.Crop && b.thisSeason(d.Season) }
		if slices.ContainsFunc(b.declarations.on(s.ParcelID), same) {
			continue
		}
		var declared, w []string
		for _, d := range b.declarations.on(s.ParcelID) {
			if b.thisSeason(d.Season) {
				declared = append(declared, d.Crop)
				w = append(w, d.Source)
			}
		}
		declared = b.store.unique(declared)
		if len(declared) == 0 {
			continue
		}
		b.find(s.GrowerID, s.ParcelID, b.say("The subsidy is claimed for %s, declared is %s.", s.Crop, list(declared)),
			b.say("补贴申报作物为%s，种植申报为%s。", CropZH(s.Crop), listCropsZH(declared)),
			append(w, s.Source), "subsidy_crop", s.Crop, "declared", list(declared), "claimed_area", b.text(s.Area))
	}
}

func subsidyTwice(b *bench, _ Check) {
	for id, rows := range b.subsidies.byParcel {
		if len(rows) < 2 {
			continue
		}
		byCrop := map[string][]*Subsidy{}
		for _, s := range rows {
			if b.thisSeason(s.Season) {
				byCrop[s.Crop] = append(byCrop[s.Crop], s)
			}
		}
		for _, crop := range sortedKeys(byCrop) {
			claims := map[string]bool{}
			growers := map[string]bool{}
			var w []string
			for _, s := range byCrop[crop] {
				claim := s.SubsidyID
				if claim == "" {
					claim = s.Source
				}
				claims[s.GrowerID+"\x00"+claim] = true
				growers[s.GrowerID] = true
				w = append(w, s.Source)
			}
			if len(claims) < 2 {
				continue
			}
			for _, g := range sortedKeys(growers) {
				b.find(g, id, b.say("The subsidy for %s is claimed %d times by %d grower(s).", crop, len(claims), len(growers)),
					b.say("%s补贴被%d个主体申报%d次。", CropZH(crop), len(growers), len(claims)),
					w, "claims", b.text(len(claims)), "growers", b.text(len(growers)), "crop", crop)
			}
		}
	}
}

func landPledgedTwice(b *bench, _ Check) {
	for id, debts := range b.debts.byParcel {
		if len(debts) < 2 {
			continue
		}
		lenders, growers := map[string]bool{}, map[string]bool{}
		var w []string
		var sum Fen
		for _, d := range debts {
			if b.active(d) && d.Lender != "" {
				lenders[d.Lender] = true
				growers[d.GrowerID] = true
				w = append(w, d.Source)
				sum += d.Outstanding
			}
		}
		if len(lenders) < 2 {
			continue
		}
		for _, g := range sortedKeys(growers) {
			b.find(g, id, b.say("%d lenders hold this parcel for debts of %s.", len(lenders), sum),
				b.say("%d家机构的在途贷款（合计%s）以该地块担保。", len(lenders), sum),
				w, "lenders", list(sortedKeys(lenders)), "outstanding", b.text(sum))
		}
	}
}

func undeclaredDebt(b *bench, _ Check) {
	for g, entries := range b.roster.byGrower {
		var declared, owed Fen
		var w []string
		for _, e := range entries {
			declared = max(declared, e.DeclaredDebt)
			w = append(w, e.Source)
		}
		for _, d := range b.debts.of(g) {
			if b.active(d) {
				owed += d.Outstanding
				w = append(w, d.Source)
			}
		}
		gap := owed - declared
		if gap <= b.cp.Thresholds.UndeclaredDebtMin || !moreThan(int64(gap), 10_000, int64(owed), int64(b.cp.Thresholds.UndeclaredDebt)) {
			continue
		}
		b.find(g, "", b.say("%s are owed, %s were declared.", owed, declared),
			b.say("在途负债%s，自报%s。", owed, declared),
			w, "owed", b.text(owed), "declared", b.text(declared), "difference", b.text(gap))
	}
}

func overdueDebt(b *bench, _ Check) {
	for g, debts := range b.debts.byGrower {
		var worst int
		var sum Fen
		var w []string
		for _, d := range debts {
			if b.active(d) && d.DaysPastDue >= b.cp.Thresholds.OverdueDays {
				worst = max(worst, d.DaysPastDue)
				sum += d.Outstanding
				w = append(w, d.Source)
			}
		}
		if len(w) == 0 {
			continue
		}
		b.find(g, "", b.say("Debts of %s are up to %d days past due.", sum, worst),
			b.say("逾期债务%s，最长逾期%d天。", sum, worst), w, "overdue", b.text(sum), "days_past_due", b.say("%d days", worst))
		if worst >= b.cp.Thresholds.OverdueDeclineDays {
			b.out[len(b.out)-1].Severity = "decline"
		}
	}
}

func parcelOverlap(b *bench, _ Check) {
	for _, o := range b.overlaps {
		small := min(b.parcel(o.A).drawn, b.parcel(o.B).drawn)
		if small <= 0 || o.A == o.B || !moreThan(int64(o.Area), 10_000, int64(small), int64(b.cp.Thresholds.Overlap)) {
			continue
		}
		share := Prob(roundDiv(int64(o.Area)*10_000, int64(small)))
		for _, pair := range [][2]string{{o.A, o.B}, {o.B, o.A}} {
			b.find(b.parcel(pair[0]).farmer.GrowerID, pair[0],
				b.say("%s of this parcel and of parcel %s are the same land (%s of the smaller).", o.Area, pair[1], share),
				b.say("与地块%s重叠%s，占较小地块的%s。", pair[1], MuZH(o.Area), share),
				[]string{b.say("registry:%s", o.A), b.say("registry:%s", o.B)}, "overlap", b.text(o.Area), "share_of_smaller", b.text(share), "other_parcel", pair[1])
		}
	}
}

func contractAreaDiffers(b *bench, _ Check) {
	for c := range b.contracts.all {
		surveyed, paper := b.parcel(c.ParcelID).surveyed, AreaOfM2(c.AreaM2)
		if surveyed <= 0 || paper <= 0 || !c.ValidOn(b.ev.AsOf) {
			continue
		}
		gap := paper - surveyed
		if gap < 0 {
			gap = -gap
		}
		if !moreThan(int64(gap), 10_000, int64(surveyed), int64(b.cp.Thresholds.ContractArea)) {
			continue
		}
		g := b.parcel(c.ParcelID).farmer.GrowerID
		if g == "" {
			g = c.GrowerID
		}
		share := Prob(roundDiv(int64(gap)*10_000, int64(surveyed)))
		b.find(g, c.ParcelID, b.say("The contract says %s, the survey %s: %s apart.", paper, surveyed, share),
			b.say("合同面积%s，实测面积%s，相差%s。", MuZH(paper), MuZH(surveyed), share),
			[]string{c.Source, b.say("registry:%s", c.ParcelID)}, "contract", b.text(paper), "surveyed", b.text(surveyed), "difference", b.text(share))
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
