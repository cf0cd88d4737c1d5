package scoring

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/parus-lending/parus/parcels"
)

// index holds the evidence known on the as-of day, sorted, by grower and parcel.
type index struct {
	ev *CountyEvidence

	contracts    table[parcels.Contract]
	transfers    table[parcels.Transfer]
	declarations table[Declaration]
	policies     table[Policy]
	subsidies    table[Subsidy]
	debts        table[Debt]
	roster       table[RosterEntry]
	costs        table[Cost]
	statistics   table[Statistic]
	people       table[Person]
	certificates table[Certificate]
	machines     table[Machine]
	purchases    table[Purchase]
	meters       table[Meter]
	lists        table[ListEntry]
	claims       table[parcels.Claim]
	prices       table[Price]
	disasters    table[Disaster]
	plots        table[SeenPlot] // by ID

	growers, parcels *names
	land             []holding // by parcel's number
	landOfGrower     [][]int32 // by grower's number: parcels he farms
	overlaps         []Overlap
	drawn            drawn
	head             digest   // season, as-of, feeds, models
	evidence         []digest // by applicant's number: what his decision rests on
}

func newIndex(ev *CountyEvidence) *index {
	r := ev.Records
	r.Policies, r.Debts = append([]Policy(nil), r.Policies...), newestDebts(r.Debts, ev.AsOf)
	for i := range r.Policies {
		r.Policies[i].ParcelIDs = sortedCopy(r.Policies[i].ParcelIDs)
	}
	for i := range r.Debts {
		r.Debts[i].ParcelIDs = sortedCopy(r.Debts[i].ParcelIDs)
	}
	x := &index{ev: ev}
	large := len(ev.Parcels)+len(ev.Plots)+len(r.Declarations)+len(r.Policies)+len(r.Costs) > 500
	atOnce(large,
		func() { x.contracts = tabulate(r.Contracts, ev.AsOf, &contractKind) },
		func() { x.declarations = tabulate(r.Declarations, ev.AsOf, &declarationKind) },
		func() { x.policies = tabulate(r.Policies, ev.AsOf, &policyKind) },
		func() { x.subsidies = tabulate(r.Subsidies, ev.AsOf, &subsidyKind) },
		func() { x.debts = tabulate(r.Debts, ev.AsOf, &debtKind) },
		func() { x.people = tabulate(r.People, ev.AsOf, &personKind) },
		func() { x.meters = tabulate(r.Meters, ev.AsOf, &meterKind) },
		func() { x.plots = sortPlots(ev.Plots) },
		func() { x.transfers = tabulate(r.Transfers, ev.AsOf, &transferKind) },
		func() { x.roster = tabulate(r.Roster, ev.AsOf, &rosterKind) },
		func() { x.costs = tabulate(r.Costs, ev.AsOf, &costKind) },
		func() { x.statistics = tabulate(r.Statistics, ev.AsOf, &statisticKind) },
		func() { x.certificates = tabulate(r.Certificates, ev.AsOf, &certificateKind) },
		func() { x.machines = tabulate(r.Machines, ev.AsOf, &machineKind) },
		func() { x.purchases = tabulate(r.Purchases, ev.AsOf, &purchaseKind) },
		func() { x.lists = tabulate(r.Lists, ev.AsOf, &listKind) },
		func() { x.claims = tabulate(r.Claims, ev.AsOf, &claimKind) },
		func() { x.prices = tabulate(r.Prices, ev.AsOf, &priceKind) },
		func() { x.disasters = tabulate(r.Disasters, ev.AsOf, &disasterKind) },
	)
	x.overlaps = sortOverlaps(ev.Overlaps)
	x.draw()
	x.nameAll(large)
	x.holdings()
	x.fingerprints()
	return x
}

// nameAll numbers growers and parcels and lays out every table by them.
func (x *index) nameAll(large bool) {
	growers, land := map[string]int32{}, map[string]int32{}
	for id, f := range x.ev.Farmers {
		land[id] = 0
		growers[f.GrowerID] = 0
	}
	for id := range x.ev.Parcels {
		land[id] = 0
	}
	for _, o := range x.overlaps {
		land[o.A], land[o.B] = 0, 0
	}
	collect(&x.contracts, &contractKind, growers, land)
	collect(&x.transfers, &transferKind, growers, land)
	collect(&x.declarations, &declarationKind, growers, land)
	collect(&x.policies, &policyKind, growers, land)
	collect(&x.subsidies, &subsidyKind, growers, land)
	collect(&x.debts, &debtKind, growers, land)
	collect(&x.roster, &rosterKind, growers, land)
	collect(&x.people, &personKind, growers, land)
	collect(&x.certificates, &certificateKind, growers, land)
	collect(&x.machines, &machineKind, growers, land)
	collect(&x.purchases, &purchaseKind, growers, land)
	collect(&x.meters, &meterKind, growers, land)
	collect(&x.lists, &listKind, growers, land)
	collect(&x.claims, &claimKind, growers, land)
	collect(&x.plots, &plotKind, growers, land)
	g, l := number(growers), number(land)
	x.growers, x.parcels = g, l
	atOnce(large,
		func() { place(&x.contracts, &contractKind, g, l) },
		func() { place(&x.transfers, &transferKind, g, l) },
		func() { place(&x.declarations, &declarationKind, g, l) },
		func() { place(&x.policies, &policyKind, g, l) },
		func() { place(&x.subsidies, &subsidyKind, g, l) },
		func() { place(&x.debts, &debtKind, g, l) },
		func() { place(&x.roster, &rosterKind, g, l) },
		func() { place(&x.people, &personKind, g, l) },
		func() { place(&x.certificates, &certificateKind, g, l) },
		func() { place(&x.machines, &machineKind, g, l) },
		func() { place(&x.purchases, &purchaseKind, g, l) },
		func() { place(&x.meters, &meterKind, g, l) },
		func() { place(&x.lists, &listKind, g, l) },
		func() { place(&x.claims, &claimKind, g, l) },
		func() { place(&x.plots, &plotKind, g, l) },
	)
}

// sortPlots sorts plots by ID; the order in which their parcels, cycles and past
// seasons came changes nothing.
func sortPlots(plots []SeenPlot) table[SeenPlot] {
	t := table[SeenPlot]{rows: slices.Clone(plots)}
	slices.SortStableFunc(t.rows, func(a, b SeenPlot) int {
		return cmp.Or(strings.Compare(a.PlotID, b.PlotID), strings.Compare(a.GrowerID, b.GrowerID))
	})
	for i := range t.rows {
		p := &t.rows[i]
		p.ParcelIDs = sortedCopy(p.ParcelIDs)
		p.Cycles = append([]SeenCycle(nil), p.Cycles...)
		slices.SortStableFunc(p.Cycles, func(a, b SeenCycle) int { return cmp.Compare(a.Number, b.Number) })
		p.Past = append([]PastSeason(nil), p.Past...)
		slices.SortStableFunc(p.Past, func(a, b PastSeason) int { return strings.Compare(a.Season, b.Season) })
	}
	return t
}

func sortOverlaps(overlaps []Overlap) []Overlap {
	var out []Overlap
	for _, o := range overlaps {
		if o.A > o.B {
			o.A, o.B = o.B, o.A
		}
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b Overlap) int {
		return cmp.Or(strings.Compare(a.A, b.A), strings.Compare(a.B, b.B), cmp.Compare(a.Area, b.Area))
	})
	return out
}

// plotsOf are a grower's plots, landOf the parcels that he farms.
func (x *index) plotsOf(grower string) []*SeenPlot { return x.plots.of(grower) }

func (x *index) landOf(grower string) []string {
	n := x.growers.of(grower)
	if n < 0 {
		return nil
	}
	out := make([]string, len(x.landOfGrower[n]))
	for i, id := range x.landOfGrower[n] {
		out[i] = x.parcels.list[id]
	}
	return out
}

// given reports whether a feed was given. Evidence without the list of feeds
// counts those that have rows.
func (x *index) given(feed string) bool {
	r := &x.ev.Records
	if r.Feeds != nil {
		return r.Feeds[feed].Given
	}
	return map[string]int{"contracts": len(r.Contracts), "transfers": len(r.Transfers), "roster": len(r.Roster),
		"declarations": len(r.Declarations), "policies": len(r.Policies), "subsidies": len(r.Subsidies),
		"debts": len(r.Debts), "costs": len(r.Costs), "statistics": len(r.Statistics),
		"members": len(r.People), "certificates": len(r.Certificates), "prices": len(r.Prices), "disasters": len(r.Disasters),
		"machinery": len(r.Machines), "purchases": len(r.Purchases), "meters": len(r.Meters), "lists": len(r.Lists), "claims": len(r.Claims)}[feed] > 0
}

// declared lists what a grower declares on a plot or parcel this season.
func (x *index) declared(grower string, land []string) []*Declaration {
	var out []*Declaration
	for _, id := range land {
		for _, d := range x.declarations.on(id) {
			if d.GrowerID == grower && x.thisSeason(d.Season) {
				out = append(out, d)
			}
		}
	}
	return out
}

func (x *index) thisSeason(season string) bool { return season == "" || season == x.ev.SeasonID }

func (x *index) inSeason(p parcels.Provenance) bool {
	return overlapDays(p.ValidFrom, p.ValidTo, x.ev.SeasonFrom, x.ev.SeasonTo) > 0
}

// active reports whether a debt is owed on the as-of day. A debt past its last
// day is still owed.
func (x *index) active(d *Debt) bool {
	return d.Outstanding > 0 && (d.ValidFrom.IsZero() || !d.ValidFrom.After(x.ev.AsOf))
}

// newestDebts keeps of a debt that was reported several times the report
// received last by as-of; two of the same day both stay.
func newestDebts(rows []Debt, asOf Date) []Debt {
	key := func(d Debt) string { return d.GrowerID + "\x00" + d.Lender + "\x00" + d.DebtID }
	newest := map[string]Date{}
	for _, d := range rows {
		if d.DebtID != "" && d.KnownOn(asOf) && d.Received.After(newest[key(d)]) {
			newest[key(d)] = d.Received
		}
	}
	var out []Debt
	for _, d := range rows {
		if d.DebtID == "" || d.Received == newest[key(d)] {
			out = append(out, d)
		}
	}
	return out
}

func sortedCopy(s []string) []string {
	out := append([]string(nil), s...)
	sort.Strings(out)
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func unique(s []string) []string {
	s = sortedCopy(s)
	out := s[:0]
	for i, v := range s {
		if v != "" && (i == 0 || v != s[i-1]) {
			out = append(out, v)
		}
	}
	return out
}
