package scoring

import (
	"fmt"
	"strconv"
)

// samePolicyTime reports whether two policies insure one crop at one time.
func samePolicyTime(p, q Policy) bool {
	return p.PolicyID != q.PolicyID && p.Crop == q.Crop && overlapDays(p.ValidFrom, p.ValidTo, q.ValidFrom, q.ValidTo) > 0
}

func insuredTwice(b *bench, _ Check) {
	for _, id := range sortedKeys(b.policies.byParcel) {
		ps := b.policies.on(id)
		hits, crops, numbers := map[string][]string{}, []string{}, []string{}
		for i, p := range ps {
			for _, q := range ps[i+1:] {
				if samePolicyTime(p, q) && b.inSeason(p.Provenance) && b.inSeason(q.Provenance) {
					crops = append(crops, p.Crop)
					numbers = append(numbers, p.PolicyID, q.PolicyID)
					for _, g := range []string{p.GrowerID, q.GrowerID} {
						hits[g] = append(hits[g], p.Source, q.Source)
					}
				}
			}
		}
		crops = unique(crops)
		for _, g := range sortedKeys(hits) {
			b.find(g, id, fmt.Sprintf("%s is insured on this parcel by %d policies at the same time.", list(crops), len(unique(numbers))),
				fmt.Sprintf("该地块%s同期有%d份保单。", listCropsZH(crops), len(unique(numbers))),
				hits[g], "policies", list(unique(numbers)), "crop", list(crops))
		}
	}
}

// cover is what a grower's policies insure of one crop; land insured twice
// counts once.
type cover struct {
	crop     string
	area     Area
	land     []string // parcels named
	byArea   bool     // a policy names no parcel
	policies []Policy
}

// covers adds up a grower's policies of the season, crop by crop.
func (x *index) covers(grower string) []cover {
	byCrop := map[string]*cover{}
	for _, p := range x.policies.of(grower) {
		if !x.inSeason(p.Provenance) {
			continue
		}
		c := byCrop[p.Crop]
		if c == nil {
			c = &cover{crop: p.Crop}
			byCrop[p.Crop] = c
		}
		twice := false
		for _, q := range c.policies {
			if samePolicyTime(p, q) && shares(p.ParcelIDs, q.ParcelIDs) {
				twice = true
			}
		}
		if twice {
			continue
		}
		c.policies = append(c.policies, p)
		c.area += p.Area
		c.land = append(c.land, p.ParcelIDs...)
		c.byArea = c.byArea || len(p.ParcelIDs) == 0
	}
	var out []cover
	for _, crop := range sortedKeys(byCrop) {
		c := byCrop[crop]
		c.land = unique(c.land)
		out = append(out, *c)
	}
	return out
}

func (c cover) sources() (w []string) {
	for _, p := range c.policies {
		w = append(w, p.Source)
	}
	return w
}

func shares(a, b []string) bool {
	in := map[string]bool{}
	for _, s := range a {
		in[s] = true
	}
	for _, s := range b {
		if in[s] {
			return true
		}
	}
	return false
}

func insuredExceedsLand(b *bench, _ Check) {
	for _, g := range sortedKeys(b.policies.byGrower) {
		for _, c := range b.covers(g) {
			land := c.land
			if c.byArea {
				land = unique(append(append([]string{}, land...), b.landOf[g]...))
			}
			var have Area
			known := len(land) > 0
			for _, id := range land {
				a := b.largest(id)
				known = known && a > 0
				have += a
			}
			if !known || !over(int64(c.area), int64(have), b.cp.Thresholds.InsuredOverLand) {
				continue
			}
			b.find(g, "", fmt.Sprintf("%s of %s are insured, but the land has only %s.", Mu(c.area), c.crop, Mu(have)),
				fmt.Sprintf("%s投保%s，而可核实土地仅%s。", CropZH(c.crop), MuZH(c.area), MuZH(have)),
				c.sources(), "insured", Mu(c.area), "land", Mu(have), "crop", c.crop)
		}
	}
}

func policyEndsBeforeHarvest(b *bench, _ Check) {
	for _, p := range b.policies.rows {
		if p.GrowerID == "" || p.ValidTo.IsZero() || !b.inSeason(p.Provenance) {
			continue
		}
		start := b.ev.SeasonFrom
		if p.ValidFrom.After(start) {
			start = p.ValidFrom
		}
		t, ok := b.cp.Period(p.Crop, Date{}, start)
		if !ok || !p.ValidTo.Before(t.Harvest) {
			continue
		}
		short := t.Harvest.Sub(p.ValidTo)
		b.find(p.GrowerID, "", fmt.Sprintf("Policy %s ends on %s, %d days before the %s harvest (%s).", p.PolicyID, p.ValidTo, short, p.Crop, t.Harvest),
			fmt.Sprintf("保单%s于%s届满，早于%s预计收获期%s共%d天。", p.PolicyID, p.ValidTo, CropZH(p.Crop), t.Harvest, short),
			[]string{p.Source}, "policy", p.PolicyID, "cover_end", p.ValidTo.String(), "harvest_p75", t.Harvest.String(), "short_by", days(short), "crop", p.Crop)
	}
}

func subsidyCropDiffers(b *bench, _ Check) {
	for _, s := range b.subsidies.rows {
		if s.GrowerID == "" || s.Crop == "" || !b.thisSeason(s.Season) {
			continue
		}
		var declared, w []string
		for _, d := range b.declarations.on(s.ParcelID) {
			if b.thisSeason(d.Season) {
				declared = append(declared, d.Crop)
				w = append(w, d.Source)
			}
		}
		declared = unique(declared)
		if len(declared) == 0 || contains(declared, s.Crop) {
			continue
		}
		b.find(s.GrowerID, s.ParcelID, fmt.Sprintf("The subsidy is claimed for %s, declared is %s.", s.Crop, list(declared)),
			fmt.Sprintf("补贴申报作物为%s，种植申报为%s。", CropZH(s.Crop), listCropsZH(declared)),
			append(w, s.Source), "subsidy_crop", s.Crop, "declared", list(declared), "claimed_area", Mu(s.Area))
	}
}

func subsidyTwice(b *bench, _ Check) {
	for _, id := range sortedKeys(b.subsidies.byParcel) {
		byCrop := map[string][]Subsidy{}
		for _, s := range b.subsidies.on(id) {
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
				b.find(g, id, fmt.Sprintf("The subsidy for %s is claimed %d times by %d grower(s).", crop, len(claims), len(growers)),
					fmt.Sprintf("%s补贴被%d个主体申报%d次。", CropZH(crop), len(growers), len(claims)),
					w, "claims", strconv.Itoa(len(claims)), "growers", strconv.Itoa(len(growers)), "crop", crop)
			}
		}
	}
}

func landPledgedTwice(b *bench, _ Check) {
	for _, id := range sortedKeys(b.debts.byParcel) {
		lenders, growers := map[string]bool{}, map[string]bool{}
		var w []string
		var sum Fen
		for _, d := range b.debts.on(id) {
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
			b.find(g, id, fmt.Sprintf("%d lenders hold this parcel for debts of %s.", len(lenders), Yuan(sum)),
				fmt.Sprintf("%d家机构的在途贷款（合计%s）以该地块担保。", len(lenders), Yuan(sum)),
				w, "lenders", list(sortedKeys(lenders)), "outstanding", Yuan(sum))
		}
	}
}

func undeclaredDebt(b *bench, _ Check) {
	for _, g := range sortedKeys(b.roster.byGrower) {
		var declared, owed Fen
		var w []string
		for _, e := range b.roster.of(g) {
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
		if gap <= b.cp.Thresholds.UndeclaredDebtMin || product(int64(gap), 10_000).Cmp(product(int64(owed), int64(b.cp.Thresholds.UndeclaredDebt))) <= 0 {
			continue
		}
		b.find(g, "", fmt.Sprintf("%s are owed, %s were declared.", Yuan(owed), Yuan(declared)),
			fmt.Sprintf("在途负债%s，自报%s。", Yuan(owed), Yuan(declared)),
			w, "owed", Yuan(owed), "declared", Yuan(declared), "difference", Yuan(gap))
	}
}

func overdueDebt(b *bench, _ Check) {
	for _, g := range sortedKeys(b.debts.byGrower) {
		var worst int
		var sum Fen
		var w []string
		for _, d := range b.debts.of(g) {
			if b.active(d) && d.DaysPastDue >= b.cp.Thresholds.OverdueDays {
				worst = max(worst, d.DaysPastDue)
				sum += d.Outstanding
				w = append(w, d.Source)
			}
		}
		if len(w) == 0 {
			continue
		}
		b.find(g, "", fmt.Sprintf("Debts of %s are up to %d days past due.", Yuan(sum), worst),
			fmt.Sprintf("逾期债务%s，最长逾期%d天。", Yuan(sum), worst), w, "overdue", Yuan(sum), "days_past_due", days(worst))
		if worst >= b.cp.Thresholds.OverdueDeclineDays {
			b.out[len(b.out)-1].Severity = "decline"
		}
	}
}

func parcelOverlap(b *bench, _ Check) {
	for _, o := range b.overlaps {
		small := min(AreaOfM2(b.ev.Parcels[o.A].AreaM2), AreaOfM2(b.ev.Parcels[o.B].AreaM2))
		if small <= 0 || o.A == o.B || product(int64(o.Area), 10_000).Cmp(product(int64(small), int64(b.cp.Thresholds.Overlap))) <= 0 {
			continue
		}
		share := Prob(roundDiv(int64(o.Area)*10_000, int64(small)))
		for _, pair := range [][2]string{{o.A, o.B}, {o.B, o.A}} {
			b.find(b.ev.Farmers[pair[0]].GrowerID, pair[0],
				fmt.Sprintf("%s of this parcel and of parcel %s are the same land (%s of the smaller).", Mu(o.Area), pair[1], Percent(share)),
				fmt.Sprintf("与地块%s重叠%s，占较小地块的%s。", pair[1], MuZH(o.Area), Percent(share)),
				[]string{"registry:" + o.A, "registry:" + o.B}, "overlap", Mu(o.Area), "share_of_smaller", Percent(share), "other_parcel", pair[1])
		}
	}
}

func contractAreaDiffers(b *bench, _ Check) {
	for _, c := range b.contracts.rows {
		surveyed, paper := AreaOfM2(b.ev.Parcels[c.ParcelID].SurveyedM2), AreaOfM2(c.AreaM2)
		if surveyed <= 0 || paper <= 0 || !c.ValidOn(b.ev.AsOf) {
			continue
		}
		gap := paper - surveyed
		if gap < 0 {
			gap = -gap
		}
		if product(int64(gap), 10_000).Cmp(product(int64(surveyed), int64(b.cp.Thresholds.ContractArea))) <= 0 {
			continue
		}
		g := b.ev.Farmers[c.ParcelID].GrowerID
		if g == "" {
			g = c.GrowerID
		}
		share := Prob(roundDiv(int64(gap)*10_000, int64(surveyed)))
		b.find(g, c.ParcelID, fmt.Sprintf("The contract says %s, the survey %s: %s apart.", Mu(paper), Mu(surveyed), Percent(share)),
			fmt.Sprintf("合同面积%s，实测面积%s，相差%s。", MuZH(paper), MuZH(surveyed), Percent(share)),
			[]string{c.Source, "registry:" + c.ParcelID}, "contract", Mu(paper), "surveyed", Mu(surveyed), "difference", Percent(share))
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
