package scoring

import (
	"slices"
)

// samePolicyTime reports whether two policies insure one crop at one time.
func samePolicyTime(p, q *Policy) bool {
	return p.PolicyID != q.PolicyID && p.Crop == q.Crop && overlapDays(p.ValidFrom, p.ValidTo, q.ValidFrom, q.ValidTo) > 0
}

func insuredTwice(b *bench, _ Check) {
	for id, ps := range b.policies.byParcel {
		if len(ps) < 2 {
			continue
		}
		hits, crops, numbers := map[string][]string{}, []string{}, []string{}
		for i, p := range ps {
			for _, q := range ps[i+1:] {
				if samePolicyTime(p, q) && b.insures(b.cp, p) && b.insures(b.cp, q) {
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
			b.find(g, id, b.say("%s is insured on this parcel by %d policies at the same time.", list(crops), len(unique(numbers))),
				b.say("该地块%s同期有%d份保单。", listCropsZH(crops), len(unique(numbers))),
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
	policies []*Policy
}

// policyPeriod is the growing that a policy covers: up to the first harvest a
// month or more after its term begins.
func policyPeriod(cp *CreditPolicy, p *Policy) (Period, bool) {
	if p.ValidFrom.IsZero() {
		return Period{}, false
	}
	return cp.Period(p.Crop, Date{}, p.ValidFrom.Add(shortestCrop))
}

// insures reports whether a policy is of this season: its harvest falls in it,
// or, where the calendar cannot say, its term does.
func (x *index) insures(cp *CreditPolicy, p *Policy) bool {
	if t, ok := policyPeriod(cp, p); ok {
		return overlapDays(t.Harvest, t.Harvest, x.ev.SeasonFrom, x.ev.SeasonTo) > 0
	}
	return x.inSeason(p.Provenance)
}

// covers adds up a grower's policies of the season, crop by crop.
func (b *bench) covers(cp *CreditPolicy, grower string) []cover {
	b.insured = b.insured[:0]
	b.cover = b.addCovers(b.cover[:0], &b.insured, cp, b.growers.of(grower))
	for i := range b.cover {
		c := &b.cover[i]
		land := b.named[:0]
		for _, p := range c.policies {
			land = append(land, p.ParcelIDs...)
		}
		b.named, c.land = land, b.store.unique(land)
	}
	return b.cover
}

// findCovers does so for the decision, without the land.
func (d *desk) findCovers(cp *CreditPolicy, grower int32) {
	d.insured = d.insured[:0]
	d.cover = d.addCovers(d.cover[:0], &d.insured, cp, grower)
}

// addCovers takes the covers' lists of policies from room.
func (x *index) addCovers(out []cover, room *[]*Policy, cp *CreditPolicy, grower int32) []cover {
	all := x.policies.growers.at(grower)
	for i, p := range all {
		if !x.insures(cp, p) {
			continue
		}
		at := slices.IndexFunc(out, func(c cover) bool { return c.crop >= p.Crop })
		if at < 0 {
			at = len(out)
		}
		if at == len(out) || out[at].crop != p.Crop {
			out = slices.Insert(out, at, cover{crop: p.Crop, policies: cut(room, len(all)-i)[:0]})
		}
		c := &out[at]
		if slices.ContainsFunc(c.policies, func(q *Policy) bool { return samePolicyTime(p, q) && shares(p.ParcelIDs, q.ParcelIDs) }) {
			continue
		}
		c.policies = append(c.policies, p)
		c.area += p.Area
		c.byArea = c.byArea || len(p.ParcelIDs) == 0
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
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

func insuredExceedsLand(b *bench, _ Check) {
	for g := range b.policies.byGrower {
		for _, c := range b.covers(b.cp, g) {
			land := c.land
			if c.byArea {
				land = unique(append(append([]string{}, land...), b.landOf(g)...))
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
			b.find(g, "", b.say("%s of %s are insured, but the land has only %s.", c.area, c.crop, have),
				b.say("%s投保%s，而可核实土地仅%s。", CropZH(c.crop), MuZH(c.area), MuZH(have)),
				c.sources(), "insured", b.text(c.area), "land", b.text(have), "crop", c.crop)
		}
	}
}

func policyEndsBeforeHarvest(b *bench, _ Check) {
	for p := range b.policies.all {
		t, ok := policyPeriod(b.cp, p)
		if !ok || p.GrowerID == "" || p.ValidTo.IsZero() || !b.insures(b.cp, p) || !p.ValidTo.Before(t.Harvest) {
			continue
		}
		short := t.Harvest.Sub(p.ValidTo)
		b.find(p.GrowerID, "", b.say("Policy %s ends on %s, %d days before the %s harvest (%s).", p.PolicyID, p.ValidTo, short, p.Crop, t.Harvest),
			b.say("保单%s于%s届满，早于%s预计收获期%s共%d天。", p.PolicyID, p.ValidTo, CropZH(p.Crop), t.Harvest, short),
			[]string{p.Source}, "policy", p.PolicyID, "cover_end", b.text(p.ValidTo), "harvest_p75", b.text(t.Harvest), "short_by", b.say("%d days", short), "crop", p.Crop)
	}
}
