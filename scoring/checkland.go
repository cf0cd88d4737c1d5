package scoring

import (
	"slices"

	"github.com/parus-lending/parus/parcels"
)

// period of a declared crop; false where the calendar does not know the crop.
func (b *bench) period(crop string, planting Date) (Period, bool) {
	return b.cp.Period(crop, planting, b.ev.SeasonFrom)
}

// held is the last day up to which a grower's leases on a parcel reach without
// a gap, counted from those that touch the period; ok = he has such a lease.
func (b *bench) held(grower, parcel string, p Period) (until Date, open bool, by []*parcels.Transfer) {
	var mine []*parcels.Transfer
	for _, t := range b.transfers.on(parcel) {
		if t.To == grower {
			mine = append(mine, t)
		}
	}
	slices.SortStableFunc(mine, func(a, b *parcels.Transfer) int { return a.ValidFrom.Sub(b.ValidFrom) })
	for _, t := range mine {
		touches := overlapDays(t.ValidFrom, t.ValidTo, p.Planting, p.Harvest) > 0
		extends := len(by) > 0 && !open && !t.ValidFrom.After(until.Add(1))
		if len(by) == 0 && !touches || len(by) > 0 && !extends {
			continue
		}
		by = append(by, t)
		if t.ValidTo.IsZero() {
			open = true
		} else if t.ValidTo.After(until) {
			until = t.ValidTo
		}
	}
	return until, open, by
}

func leaseEndsBeforeHarvest(b *bench, _ Check) {
	b.eachDeclared(func(d *Declaration, p Period) {
		until, open, by := b.held(d.GrowerID, d.ParcelID, p)
		if len(by) == 0 || open || !until.Before(p.Harvest) {
			return
		}
		w := []string{d.Source}
		for _, t := range by {
			w = append(w, t.Source)
		}
		b.find(d.GrowerID, d.ParcelID,
			b.say("The lease ends on %s, %d days before the %s harvest (%s).", until, p.Harvest.Sub(until), d.Crop, p.Harvest),
			b.say("租期至%s，早于%s预计收获期%s共%d天。", until, CropZH(d.Crop), p.Harvest, p.Harvest.Sub(until)),
			w, "lease_end", b.text(until), "harvest_p75", b.text(p.Harvest), "short_by", b.say("%d days", p.Harvest.Sub(until)), "crop", d.Crop)
	})
}

// declared is a declaration of a crop in the calendar.
type declared struct {
	*Declaration
	period Period
}

// eachDeclared visits this season's declarations of crops in the calendar; the
// last-ending crop of a grower and parcel only.
func (b *bench) eachDeclared(visit func(*Declaration, Period)) {
	if b.last == nil {
		b.last = b.lastDeclared()
	}
	for i := range b.last {
		visit(b.last[i].Declaration, b.last[i].period)
	}
}

func (b *bench) lastDeclared() []declared {
	out := make([]declared, 0, len(b.declarations.rows))
	for i := range b.declarations.rows {
		d := &b.declarations.rows[i]
		if !b.thisSeason(d.Season) || d.GrowerID == "" {
			continue
		}
		p, ok := b.period(d.Crop, d.Planting)
		if !ok {
			continue
		}
		at := len(out) // rows of one parcel follow each other
		for k := at - 1; k >= 0 && out[k].ParcelID == d.ParcelID; k-- {
			if out[k].GrowerID == d.GrowerID {
				at = k
				break
			}
		}
		if at == len(out) {
			out = append(out, declared{d, p})
		} else if p.Harvest.After(out[at].period.Harvest) {
			out[at] = declared{d, p}
		}
	}
	return out
}

// leasedOut finds the lease by which a grower gave a parcel away for most of a
// crop's days.
func (b *bench) leasedOut(grower, parcel string, p Period) (*parcels.Transfer, bool) {
	for _, t := range b.transfers.on(parcel) {
		if t.From != grower || t.To == grower {
			continue
		}
		n := overlapDays(t.ValidFrom, t.ValidTo, p.Planting, p.Harvest)
		if int64(n)*10_000 > int64(p.days())*int64(b.cp.Thresholds.LeasedOutShare) {
			return t, true
		}
	}
	return nil, false
}

func leasedOutYetClaimed(b *bench, _ Check) {
	type key struct{ grower, parcel string }
	type hit struct {
		lease  *parcels.Transfer
		claims []string
		how    []string
	}
	hits := map[key]*hit{}
	add := func(grower, parcel, crop string, planting Date, how, source string) {
		if !contains(b.cp.Thresholds.LeasedOutClaims, how) {
			return
		}
		if !slices.ContainsFunc(b.transfers.on(parcel), func(t *parcels.Transfer) bool { return t.From == grower }) {
			return
		}
		p, ok := b.period(crop, planting)
		if !ok {
			p = Period{Planting: b.ev.SeasonFrom, Harvest: b.ev.SeasonTo}
		}
		t, ok := b.leasedOut(grower, parcel, p)
		if !ok || grower == "" {
			return
		}
		k := key{grower, parcel}
		if hits[k] == nil {
			hits[k] = &hit{lease: t}
		}
		hits[k].claims = append(hits[k].claims, source)
		hits[k].how = append(hits[k].how, how)
	}
	for d := range b.declarations.all {
		if b.thisSeason(d.Season) {
			add(d.GrowerID, d.ParcelID, d.Crop, d.Planting, "declared", d.Source)
		}
	}
	for s := range b.subsidies.all {
		if b.thisSeason(s.Season) {
			add(s.GrowerID, s.ParcelID, s.Crop, Date{}, "subsidy", s.Source)
		}
	}
	for p := range b.policies.all {
		if b.insures(b.cp, p) {
			for _, id := range unique(p.ParcelIDs) {
				add(p.GrowerID, id, p.Crop, Date{}, "insured", p.Source)
			}
		}
	}
	for k, h := range hits {
		how := unique(h.how)
		b.find(k.grower, k.parcel,
			b.say("Leased out from %s to %s, yet the giver still claims it (%s).", from(h.lease.ValidFrom), until(h.lease.ValidTo), list(how)),
			b.say("该地块已于%s至%s转出，转出方仍在主张（%s）。", from(h.lease.ValidFrom), until(h.lease.ValidTo), listZH(how)),
			append(h.claims, h.lease.Source), "lease_from", from(h.lease.ValidFrom), "lease_to", until(h.lease.ValidTo), "claimed_by", list(how), "taker", h.lease.To)
	}
}

func notTheFarmer(b *bench, _ Check) {
	b.eachDeclared(func(d *Declaration, p Period) {
		f := &b.parcel(d.ParcelID).farmer
		if f.GrowerID == "" || f.GrowerID == d.GrowerID || f.OwnerID == d.GrowerID || b.livesWith(d.GrowerID, f.GrowerID) {
			return
		}
		for _, t := range b.transfers.on(d.ParcelID) {
			touches := overlapDays(t.ValidFrom, t.ValidTo, p.Planting, p.Harvest) > 0
			if touches && (t.To == d.GrowerID || t.From == d.GrowerID) {
				return
			}
		}
		w := []string{d.Source}
		for _, c := range b.contracts.on(d.ParcelID) {
			if c.GrowerID == d.GrowerID {
				return
			}
			w = append(w, c.Source)
		}
		for _, t := range b.transfers.on(d.ParcelID) {
			if t.To == f.GrowerID {
				w = append(w, t.Source)
			}
		}
		b.find(d.GrowerID, d.ParcelID,
			b.say("Declared with %s, but contract and leases give the parcel to another grower (%s).", d.Crop, f.GrowerID),
			b.say("申报种植%s，但按承包与流转合同该地块由他人（%s）经营。", CropZH(d.Crop), f.GrowerID),
			w, "farmer", f.GrowerID, "owner", f.OwnerID, "crop", d.Crop)
	})
}

// livesWith reports whether a grower is of another's household: contracts name
// its head, and any of its members may farm the land.
func (b *bench) livesWith(grower, other string) bool {
	for _, p := range b.people.of(grower) {
		if p.GrowerID == grower && p.HouseholdID == other || p.GrowerID == other && p.HouseholdID == grower {
			return true
		}
	}
	return false
}

func leaseOverlap(b *bench, _ Check) {
	for id, ts := range b.transfers.byParcel {
		if len(ts) < 2 {
			continue
		}
		hits := map[string][]string{} // grower → witnesses
		var from1, to1 Date
		for i, s := range ts {
			for _, t := range ts[i+1:] {
				if s.From != t.From || s.To == t.To {
					continue
				}
				a, z := s.ValidFrom, s.ValidTo
				if t.ValidFrom.After(a) {
					a = t.ValidFrom
				}
				if z.IsZero() || !t.ValidTo.IsZero() && t.ValidTo.Before(z) {
					z = t.ValidTo
				}
				if !z.IsZero() && z.Before(a) || overlapDays(a, z, b.ev.SeasonFrom, b.ev.SeasonTo) == 0 {
					continue
				}
				if from1.IsZero() || a.Before(from1) {
					from1 = a
				}
				if z.After(to1) {
					to1 = z
				}
				for _, g := range []string{s.From, s.To, t.To} {
					hits[g] = append(hits[g], s.Source, t.Source)
				}
			}
		}
		for _, g := range sortedKeys(hits) {
			b.find(g, id, b.say("Leased to two takers at once between %s and %s.", from(from1), until(to1)),
				b.say("%s至%s期间同时流转给两方。", from(from1), until(to1)),
				hits[g], "from", from(from1), "to", until(to1))
		}
	}
}

func leaseExceedsContract(b *bench, _ Check) {
	for t := range b.transfers.all {
		if !b.inSeason(t.Provenance) || t.To == "" || t.ValidTo.IsZero() {
			continue
		}
		var end Date
		var src []string
		for _, c := range b.contracts.on(t.ParcelID) {
			if t.ContractID != "" && c.ContractID != t.ContractID || t.ContractID == "" && overlapDays(c.ValidFrom, c.ValidTo, t.ValidFrom, t.ValidTo) == 0 {
				continue
			}
			if c.ValidTo.IsZero() {
				end, src = Date{}, nil
				break
			}
			if c.ValidTo.After(end) {
				end = c.ValidTo
			}
			src = append(src, c.Source)
		}
		if end.IsZero() || !t.ValidTo.After(end) {
			continue
		}
		b.find(t.To, t.ParcelID, b.say("The lease runs to %s, the contract it rests on only to %s.", t.ValidTo, end),
			b.say("流转期限至%s，而承包合同仅至%s。", t.ValidTo, end),
			append(src, t.Source), "lease_end", b.text(t.ValidTo), "contract_end", b.text(end))
	}
}

func from(d Date) string {
	if d.IsZero() {
		return "always"
	}
	return d.String()
}

func until(d Date) string {
	if d.IsZero() {
		return "open"
	}
	return d.String()
}
