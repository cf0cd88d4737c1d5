package scoring

import (
	"slices"
	"strings"

	"github.com/parus-lending/parus/parcels"
)

// Version of the decision: it changes whenever the same evidence would be
// decided otherwise.
const Version = "7"

// EvidenceOf cuts out what one grower's decision rests on: his plots and
// records and everybody's records on the same land, in a fixed order and known
// on as-of. CrossCheck and Decide give the grower the same findings and the
// same decision on it as on the whole county, so its JSON replays the decision.
func EvidenceOf(ev *CountyEvidence, grower string) *CountyEvidence {
	return newIndex(ev).slice(grower)
}

func (x *index) slice(g string) *CountyEvidence { return x.sliceOn(g, nil, nil) }

// sliceOn is slice with more land and crops that he is about to name.
func (x *index) sliceOn(g string, more []int32, sown []string) *CountyEvidence {
	ev := x.ev
	n := x.growers.of(g)
	places, named := x.touched(more, sown, n)
	if n < 0 {
		places, named = sortedOnce(more), sown
	}
	land, crops := map[string]bool{}, map[string]bool{}
	for _, id := range places {
		land[x.parcels.list[id]] = true
	}
	for _, c := range named {
		crops[c] = true
	}
	out := &CountyEvidence{County: ev.County, SeasonID: ev.SeasonID, SeasonFrom: ev.SeasonFrom, SeasonTo: ev.SeasonTo, AsOf: ev.AsOf,
		Parcels: map[string]parcels.Parcel{}, Farmers: map[string]parcels.Farmer{}, Models: ev.Models}
	for _, p := range x.plots.growers.at(n) {
		out.Plots = append(out.Plots, *p)
	}
	r := &out.Records
	r.Contracts = about(&x.contracts, n, places)
	r.Transfers = about(&x.transfers, n, places)
	r.Declarations = about(&x.declarations, n, places)
	r.Policies = about(&x.policies, n, places)
	r.Subsidies = about(&x.subsidies, n, places)
	r.Debts = about(&x.debts, n, places)
	r.Roster = about(&x.roster, n, nil)
	r.Costs = keep(&x.costs, func(c *Cost) bool { return crops[c.Crop] })
	r.Statistics = keep(&x.statistics, func(s *Statistic) bool { return crops[s.Crop] })
	r.Prices = keep(&x.prices, func(p *Price) bool { return crops[p.Crop] })
	r.Disasters = keep(&x.disasters, func(d *Disaster) bool { return x.coversAny(d, places) })
	for _, row := range x.householdRows(n) {
		r.People = append(r.People, x.people.rows[row])
	}
	r.Certificates, r.Machines = about(&x.certificates, n, nil), about(&x.machines, n, nil)
	r.Purchases, r.Meters = about(&x.purchases, n, nil), about(&x.meters, n, places)
	r.Lists, r.Claims = about(&x.lists, n, nil), about(&x.claims, n, places)
	x.drawn.slice(g, out)
	r.Feeds = map[string]FeedState{}
	for _, f := range Feeds {
		r.Feeds[f] = FeedState{Given: x.given(f)}
	}
	var overlaps []int32
	for _, id := range places {
		overlaps = append(overlaps, x.land[id].overlaps...)
	}
	slices.Sort(overlaps)
	for _, i := range slices.Compact(overlaps) {
		o := x.overlaps[i]
		out.Overlaps = append(out.Overlaps, o)
		land[o.A], land[o.B] = true, true
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

// householdRows are the rows of the people of a grower's household, himself too.
func (x *index) householdRows(n int32) []int32 {
	if len(x.people.growers.at(n)) == 0 {
		return nil
	}
	heads := []int32{n}
	for _, p := range x.people.growers.at(n) {
		if p.HouseholdID != "" {
			heads = append(heads, x.growers.of(p.HouseholdID))
		}
	}
	slices.Sort(heads)
	var rows []int32
	for _, h := range slices.Compact(heads) {
		rows = append(rows, x.people.growers.numsAt(h)...)
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}

// about picks the rows of a grower or on some land, in the table's order.
func about[T any](t *table[T], grower int32, land []int32) []T {
	var out []T
	for _, row := range t.about(nil, grower, land) {
		out = append(out, t.rows[row])
	}
	return out
}

func keep[T any](t *table[T], wanted func(*T) bool) []T {
	var out []T
	for row := range t.all {
		if wanted(row) {
			out = append(out, *row)
		}
	}
	return out
}

// gravestFirst orders findings by severity, then by code, land, sentence and
// witnesses.
func gravestFirst(a, b *Finding) int {
	if n := graveness(a.Severity) - graveness(b.Severity); n != 0 {
		return n
	}
	if n := strings.Compare(a.Code, b.Code); n != 0 {
		return n
	}
	if n := strings.Compare(a.ParcelID, b.ParcelID); n != 0 {
		return n
	}
	if n := strings.Compare(a.Detail, b.Detail); n != 0 {
		return n
	}
	return slices.Compare(a.Witnesses, b.Witnesses)
}

func graveness(severity string) int {
	switch severity {
	case "refer":
		return 1
	case "warn":
		return 2
	case "info":
		return 3
	}
	return 0
}
