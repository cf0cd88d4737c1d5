package parcels

import (
	"slices"
	"strings"
)

// Spell is a stretch of days over which the same grower farms a parcel by the
// same chain of records. A gap, days on which nobody is known to farm it, is a
// spell without a grower.
type Spell struct {
	From, To Date // inclusive
	Farmer
}

// Timeline says who farms each parcel day by day between two days, as spells in
// order that leave no day out: owner, contract, lease, sub-lease, by the rules of
// Farmers. Where two chains claim the parcel (an overlap in time), the spell's
// Conflict says how that was settled. Only records received by asOf count.
func Timeline(parcelIDs []string, contracts []Contract, transfers []Transfer, from, to, asOf Date) map[string][]Spell {
	if to.Before(from) {
		return nil
	}
	held, given, known := map[string][]Contract{}, map[string][]Transfer{}, 0
	wanted := make(map[string]bool, len(parcelIDs))
	for _, id := range parcelIDs {
		wanted[id] = true
	}
	for _, c := range contracts {
		if c.KnownOn(asOf) {
			known++
			if wanted[c.ParcelID] {
				held[c.ParcelID] = append(held[c.ParcelID], c)
			}
		}
	}
	for _, t := range transfers {
		if wanted[t.ParcelID] && t.KnownOn(asOf) {
			given[t.ParcelID] = append(given[t.ParcelID], t)
		}
	}
	out := make(map[string][]Spell, len(wanted))
	for id := range wanted {
		out[id] = spellsOf(id, held[id], given[id], from, to, known == 0)
	}
	return out
}

func spellsOf(id string, contracts []Contract, transfers []Transfer, from, to Date, noFeed bool) (out []Spell) {
	begins := []Date{from}
	add := func(p Provenance) {
		if p.ValidFrom.After(from) && !p.ValidFrom.After(to) {
			begins = append(begins, p.ValidFrom)
		}
		if !p.ValidTo.IsZero() && !p.ValidTo.Before(from) && p.ValidTo.Before(to) {
			begins = append(begins, p.ValidTo.Add(1))
		}
	}
	for _, c := range contracts {
		add(c.Provenance)
	}
	for _, t := range transfers {
		add(t.Provenance)
	}
	slices.SortFunc(begins, cmpDate)
	begins = slices.Compact(begins)
	for i, day := range begins {
		end := to
		if i+1 < len(begins) {
			end = begins[i+1].Add(-1)
		}
		f := farmerOf(id, standingContracts(slices.Clone(contracts), day), standingTransfers(slices.Clone(transfers), day), noFeed)
		if n := len(out); n > 0 && out[n-1].same(f) {
			out[n-1].To, out[n-1].Until = end, f.Until
			continue
		}
		out = append(out, Spell{day, end, f})
	}
	return out
}

// same reports whether the chain goes on as it was.
func (s Spell) same(f Farmer) bool {
	return s.GrowerID == f.GrowerID && s.OwnerID == f.OwnerID && s.Conflict == f.Conflict && strings.Join(s.Chain, "\x00") == strings.Join(f.Chain, "\x00")
}
