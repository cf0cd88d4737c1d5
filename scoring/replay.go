package scoring

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/parus-lending/parus/parcels"
)

// Version of the decision: it changes whenever the same evidence would be
// decided otherwise.
const Version = "3"

// EvidenceOf cuts out what one grower's decision rests on: his plots and
// records and everybody's records on the same land, in a fixed order and known
// on as-of. CrossCheck and Decide give the grower the same findings and the
// same decision on it as on the whole county, so its JSON replays the decision.
func EvidenceOf(ev *CountyEvidence, grower string) *CountyEvidence {
	return newIndex(ev).slice(grower)
}

func (x *index) slice(g string) *CountyEvidence {
	ev := x.ev
	ids, named := x.touched(g)
	land, crops := map[string]bool{}, map[string]bool{}
	note(land, ids...)
	note(crops, named...)
	out := &CountyEvidence{County: ev.County, SeasonID: ev.SeasonID, SeasonFrom: ev.SeasonFrom, SeasonTo: ev.SeasonTo, AsOf: ev.AsOf,
		Parcels: map[string]parcels.Parcel{}, Farmers: map[string]parcels.Farmer{}, Models: ev.Models}
	for _, i := range x.plotsOf[g] {
		out.Plots = append(out.Plots, x.plots[i])
	}
	r, all := &out.Records, x
	r.Contracts = about(all.contracts, g, ids)
	r.Transfers = about(all.transfers, g, ids)
	r.Declarations = about(all.declarations, g, ids)
	r.Policies = about(all.policies, g, ids)
	r.Subsidies = about(all.subsidies, g, ids)
	r.Debts = about(all.debts, g, ids)
	r.Roster = about(all.roster, g, nil)
	for _, c := range x.costs {
		if crops[c.Crop] {
			r.Costs = append(r.Costs, c)
		}
	}
	for _, s := range x.statistics {
		if crops[s.Crop] {
			r.Statistics = append(r.Statistics, s)
		}
	}
	for _, p := range x.prices {
		if crops[p.Crop] {
			r.Prices = append(r.Prices, p)
		}
	}
	for _, d := range x.disasters {
		for _, id := range ids {
			if d.Covers(id) {
				r.Disasters = append(r.Disasters, d)
				break
			}
		}
	}
	r.People = x.household(g)
	r.Certificates, r.Machines = about(all.certificates, g, nil), about(all.machines, g, nil)
	r.Purchases, r.Meters = about(all.purchases, g, nil), about(all.meters, g, ids)
	r.Lists, r.Claims = about(all.lists, g, nil), about(all.claims, g, ids)
	r.Feeds = map[string]FeedState{}
	for _, f := range Feeds {
		r.Feeds[f] = FeedState{Given: x.given(f)}
	}
	var overlaps []int
	for _, id := range ids {
		overlaps = append(overlaps, x.overlapN[id]...)
	}
	sort.Ints(overlaps)
	for i, n := range overlaps {
		if i == 0 || n != overlaps[i-1] {
			o := x.overlaps[n]
			out.Overlaps = append(out.Overlaps, o)
			note(land, o.A, o.B)
		}
	}
	for id := range land {
		if p, ok := ev.Parcels[id]; ok {
			p.Polygon, p.Source = nil, nil // scoring looks at areas, not at shapes
			out.Parcels[id] = p
		}
		if f, ok := ev.Farmers[id]; ok {
			out.Farmers[id] = f
		}
	}
	return out
}

// household lists the people of a grower's household, himself too.
func (x *index) household(g string) []Person { return pick(x.people.rows, x.householdRows(g)) }

func (x *index) householdRows(g string) []int {
	if len(x.people.rows) == 0 {
		return nil
	}
	heads := []string{g}
	for _, p := range x.people.of(g) {
		heads = append(heads, p.HouseholdID)
	}
	var places []int
	for _, h := range unique(heads) {
		places = append(places, x.people.byGrower[h]...)
	}
	sort.Ints(places)
	return slices.Compact(places)
}

func note(set map[string]bool, ids ...string) {
	for _, id := range ids {
		if id != "" {
			set[id] = true
		}
	}
}

// about picks the rows of a grower or on his land, in the table's order.
func about[T any](t table[T], grower string, land []string) []T {
	places := append([]int(nil), t.byGrower[grower]...)
	for _, id := range land {
		places = append(places, t.byParcel[id]...)
	}
	sort.Ints(places)
	var out []T
	for i, n := range places {
		if i == 0 || n != places[i-1] {
			out = append(out, t.rows[n])
		}
	}
	return out
}

var severityRank = map[string]int{"decline": 0, "refer": 1, "warn": 2, "info": 3}

// sortFindings puts the gravest first, then by code, land, sentence and
// witnesses.
func sortFindings(fs []Finding) []Finding {
	out := slices.Clone(fs)
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(severityRank[a.Severity], severityRank[b.Severity]), strings.Compare(a.Code, b.Code),
			strings.Compare(a.ParcelID, b.ParcelID), strings.Compare(a.Detail, b.Detail), slices.Compare(a.Witnesses, b.Witnesses))
	})
	return out
}
