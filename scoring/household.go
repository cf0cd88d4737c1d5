package scoring

import (
	"slices"

	"github.com/parus-lending/parus/parcels"
)

// ActForHouseholds gives what a household of the registry farms, owes, insures
// and declares to the one of it who applies, where only one does: contracts name
// the head, and a spouse or child may apply as well. Records change hands in
// place; the applicant's roster rows say for whom he acts.
//
// A member who holds land of his own stands for himself, and so does one who is
// of two households or has married out. Where several without land of their own
// apply and the head does not, nobody is chosen.
func (r *Records) ActForHouseholds(asOf Date) {
	known := func(p *parcels.Provenance) bool { return p.KnownOn(asOf) }
	holds, applies := map[string]bool{}, map[string]bool{}
	for i := range r.Contracts {
		if c := &r.Contracts[i]; known(&c.Provenance) {
			holds[c.GrowerID] = true
		}
	}
	for i := range r.Transfers {
		if t := &r.Transfers[i]; known(&t.Provenance) {
			holds[t.To] = true
		}
	}
	for i := range r.Roster {
		if e := &r.Roster[i]; known(&e.Provenance) {
			applies[e.GrowerID] = true
		}
	}
	members, households := map[string][]string{}, map[string]map[string]bool{}
	for i := range r.People {
		p := &r.People[i]
		if p.GrowerID == "" || p.HouseholdID == "" || p.GrowerID == p.HouseholdID || p.Note == "married_out" || !known(&p.Provenance) || !p.ValidOn(asOf) {
			continue
		}
		if households[p.GrowerID] == nil {
			households[p.GrowerID] = map[string]bool{}
		}
		households[p.GrowerID][p.HouseholdID] = true
		members[p.HouseholdID] = append(members[p.HouseholdID], p.GrowerID)
	}
	actor, actsFor := map[string]string{}, map[string][]string{}
	for head, all := range members {
		if len(households[head]) > 0 {
			continue // a head who is another's member: nobody knows whose land it is
		}
		var others, candidates []string
		for _, m := range slices.Compact(slices.Sorted(slices.Values(all))) {
			switch {
			case holds[m] || len(households[m]) > 1:
			case applies[m]:
				candidates = append(candidates, m)
			default:
				others = append(others, m)
			}
		}
		who := head
		if !applies[head] {
			if len(candidates) != 1 {
				continue
			}
			who, others = candidates[0], append(others, head)
		}
		slices.Sort(others)
		for _, o := range others {
			actor[o] = who
		}
		actsFor[who] = others
	}
	if len(actor) > 0 {
		r.handOver(actor)
	}
	for i := range r.Roster {
		r.Roster[i].ActsFor = actsFor[r.Roster[i].GrowerID]
	}
}

// handOver changes whose the records are. Who is who (people), who is on a list
// and who applies stay as they are.
func (r *Records) handOver(to map[string]string) {
	give := func(id *string) {
		if who, ok := to[*id]; ok {
			*id = who
		}
	}
	for i := range r.Contracts {
		give(&r.Contracts[i].GrowerID)
	}
	for i := range r.Transfers {
		give(&r.Transfers[i].From)
		give(&r.Transfers[i].To)
	}
	for i := range r.Certificates {
		give(&r.Certificates[i].GrowerID)
	}
	for i := range r.Declarations {
		give(&r.Declarations[i].GrowerID)
	}
	for i := range r.Policies {
		give(&r.Policies[i].GrowerID)
	}
	for i := range r.Subsidies {
		give(&r.Subsidies[i].GrowerID)
	}
	for i := range r.Debts {
		give(&r.Debts[i].GrowerID)
	}
	for i := range r.Machines {
		give(&r.Machines[i].GrowerID)
	}
	for i := range r.Purchases {
		give(&r.Purchases[i].GrowerID)
	}
	for i := range r.Meters {
		give(&r.Meters[i].GrowerID)
	}
	for i := range r.Claims {
		give(&r.Claims[i].GrowerID)
	}
}
