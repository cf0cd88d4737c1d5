package scoring

import (
	"crypto/sha256"
	"fmt"
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
	costs        []Cost
	statistics   []Statistic
	people       table[Person]
	certificates table[Certificate]
	machines     table[Machine]
	purchases    table[Purchase]
	meters       table[Meter]
	lists        table[ListEntry]
	claims       table[parcels.Claim]
	prices       []Price
	disasters    []Disaster

	costDigests, statisticDigests, priceDigests, disasterDigests []digest
	plotDigests, overlapDigests                                  []digest
	landDigests                                                  map[string]digest // parcel and farmer
	head                                                         digest            // season, as-of, feeds, models

	plots    []SeenPlot       // by ID
	plotsOf  map[string][]int // by grower
	landOf   map[string][]string
	overlaps []Overlap
	overlapN map[string][]int // by parcel
}

// digest is the SHA-256 of all that a row holds.
type digest [sha256.Size]byte

// table is a feed's rows in a fixed order with the places of each grower's and
// each parcel's rows.
type table[T any] struct {
	rows     []T
	digests  []digest
	byGrower map[string][]int
	byParcel map[string][]int
}

func (t table[T]) of(grower string) []T { return pick(t.rows, t.byGrower[grower]) }
func (t table[T]) on(parcel string) []T { return pick(t.rows, t.byParcel[parcel]) }

func pick[T any](rows []T, places []int) []T {
	out := make([]T, len(places))
	for i, n := range places {
		out[i] = rows[n]
	}
	return out
}

// tabulate keeps the rows known on asOf and sorts them by all they hold, so
// that the order in which they came changes nothing.
func tabulate[T any](rows []T, asOf Date, prov func(*T) *parcels.Provenance, growers, land func(*T) []string) table[T] {
	t := table[T]{byGrower: map[string][]int{}, byParcel: map[string][]int{}}
	keys := make([]string, 0, len(rows))
	for i := range rows {
		if prov(&rows[i]).KnownOn(asOf) {
			t.rows = append(t.rows, rows[i])
			keys = append(keys, strings.Join(land(&rows[i]), ",")+"\x00"+fmt.Sprintf("%+v", rows[i]))
		}
	}
	sort.Sort(byKey[T]{t.rows, keys})
	t.digests = make([]digest, len(keys))
	for i, k := range keys {
		t.digests[i] = sha256.Sum256([]byte(k))
	}
	for i := range t.rows {
		addOnce(t.byGrower, growers(&t.rows[i]), i)
		addOnce(t.byParcel, land(&t.rows[i]), i)
	}
	return t
}

func addOnce(m map[string][]int, keys []string, n int) {
	for _, k := range keys {
		if l := m[k]; k != "" && (len(l) == 0 || l[len(l)-1] != n) {
			m[k] = append(l, n)
		}
	}
}

type byKey[T any] struct {
	rows []T
	keys []string
}

func (s byKey[T]) Len() int           { return len(s.rows) }
func (s byKey[T]) Less(i, j int) bool { return s.keys[i] < s.keys[j] }
func (s byKey[T]) Swap(i, j int) {
	s.rows[i], s.rows[j] = s.rows[j], s.rows[i]
	s.keys[i], s.keys[j] = s.keys[j], s.keys[i]
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
	costs := tabulate(r.Costs, ev.AsOf,
		func(c *Cost) *parcels.Provenance { return &c.Provenance },
		func(*Cost) []string { return nil }, func(c *Cost) []string { return []string{c.Crop} })
	statistics := tabulate(r.Statistics, ev.AsOf,
		func(s *Statistic) *parcels.Provenance { return &s.Provenance },
		func(*Statistic) []string { return nil }, func(s *Statistic) []string { return []string{s.Crop} })
	prices := tabulate(r.Prices, ev.AsOf,
		func(p *Price) *parcels.Provenance { return &p.Provenance },
		func(*Price) []string { return nil }, func(p *Price) []string { return []string{p.Crop} })
	disasters := tabulate(r.Disasters, ev.AsOf,
		func(d *Disaster) *parcels.Provenance { return &d.Provenance },
		func(*Disaster) []string { return nil }, func(*Disaster) []string { return nil })
	x := &index{ev: ev,
		disasters: disasters.rows, disasterDigests: disasters.digests,
		prices: prices.rows, priceDigests: prices.digests,
		statistics: statistics.rows, statisticDigests: statistics.digests,
		costs: costs.rows, costDigests: costs.digests,
		contracts: tabulate(r.Contracts, ev.AsOf,
			func(c *parcels.Contract) *parcels.Provenance { return &c.Provenance },
			func(c *parcels.Contract) []string { return []string{c.GrowerID} },
			func(c *parcels.Contract) []string { return []string{c.ParcelID} }),
		transfers: tabulate(r.Transfers, ev.AsOf,
			func(t *parcels.Transfer) *parcels.Provenance { return &t.Provenance },
			func(t *parcels.Transfer) []string { return []string{t.From, t.To} },
			func(t *parcels.Transfer) []string { return []string{t.ParcelID} }),
		declarations: tabulate(r.Declarations, ev.AsOf,
			func(d *Declaration) *parcels.Provenance { return &d.Provenance },
			func(d *Declaration) []string { return []string{d.GrowerID} },
			func(d *Declaration) []string { return []string{d.ParcelID} }),
		policies: tabulate(r.Policies, ev.AsOf,
			func(p *Policy) *parcels.Provenance { return &p.Provenance },
			func(p *Policy) []string { return []string{p.GrowerID} },
			func(p *Policy) []string { return p.ParcelIDs }),
		subsidies: tabulate(r.Subsidies, ev.AsOf,
			func(s *Subsidy) *parcels.Provenance { return &s.Provenance },
			func(s *Subsidy) []string { return []string{s.GrowerID} },
			func(s *Subsidy) []string { return []string{s.ParcelID} }),
		debts: tabulate(r.Debts, ev.AsOf,
			func(d *Debt) *parcels.Provenance { return &d.Provenance },
			func(d *Debt) []string { return []string{d.GrowerID} },
			func(d *Debt) []string { return d.ParcelIDs }),
		roster: tabulate(r.Roster, ev.AsOf,
			func(e *RosterEntry) *parcels.Provenance { return &e.Provenance },
			func(e *RosterEntry) []string { return []string{e.GrowerID} },
			func(*RosterEntry) []string { return nil }),
		people: tabulate(r.People, ev.AsOf,
			func(p *Person) *parcels.Provenance { return &p.Provenance },
			func(p *Person) []string { return []string{p.GrowerID, p.HouseholdID} }, func(*Person) []string { return nil }),
		certificates: tabulate(r.Certificates, ev.AsOf,
			func(c *Certificate) *parcels.Provenance { return &c.Provenance },
			func(c *Certificate) []string { return []string{c.GrowerID} }, func(*Certificate) []string { return nil }),
		machines: tabulate(r.Machines, ev.AsOf,
			func(m *Machine) *parcels.Provenance { return &m.Provenance },
			func(m *Machine) []string { return []string{m.GrowerID} }, func(*Machine) []string { return nil }),
		purchases: tabulate(r.Purchases, ev.AsOf,
			func(p *Purchase) *parcels.Provenance { return &p.Provenance },
			func(p *Purchase) []string { return []string{p.GrowerID} }, func(*Purchase) []string { return nil }),
		meters: tabulate(r.Meters, ev.AsOf,
			func(m *Meter) *parcels.Provenance { return &m.Provenance },
			func(m *Meter) []string { return []string{m.GrowerID} }, func(m *Meter) []string { return m.ParcelIDs }),
		lists: tabulate(r.Lists, ev.AsOf,
			func(l *ListEntry) *parcels.Provenance { return &l.Provenance },
			func(l *ListEntry) []string { return []string{l.GrowerID} }, func(*ListEntry) []string { return nil }),
		claims: tabulate(r.Claims, ev.AsOf,
			func(c *parcels.Claim) *parcels.Provenance { return &c.Provenance },
			func(c *parcels.Claim) []string { return []string{c.GrowerID} },
			func(c *parcels.Claim) []string { return []string{c.ParcelID} }),
		plotsOf: map[string][]int{}, landOf: map[string][]string{}, overlapN: map[string][]int{},
	}
	x.plots = append(x.plots, ev.Plots...)
	sort.SliceStable(x.plots, func(i, j int) bool {
		a, b := &x.plots[i], &x.plots[j]
		if a.PlotID != b.PlotID {
			return a.PlotID < b.PlotID
		}
		return a.GrowerID < b.GrowerID
	})
	for i := range x.plots {
		p := &x.plots[i]
		p.ParcelIDs = sortedCopy(p.ParcelIDs)
		p.Cycles = append([]SeenCycle(nil), p.Cycles...)
		sort.SliceStable(p.Cycles, func(a, b int) bool { return p.Cycles[a].Number < p.Cycles[b].Number })
		p.Past = append([]PastSeason(nil), p.Past...)
		sort.SliceStable(p.Past, func(a, b int) bool { return p.Past[a].Season < p.Past[b].Season })
		x.plotsOf[p.GrowerID] = append(x.plotsOf[p.GrowerID], i)
	}
	for _, id := range sortedKeys(ev.Farmers) {
		if g := ev.Farmers[id].GrowerID; g != "" {
			x.landOf[g] = append(x.landOf[g], id)
		}
	}
	for _, o := range ev.Overlaps {
		if o.A > o.B {
			o.A, o.B = o.B, o.A
		}
		x.overlaps = append(x.overlaps, o)
	}
	sort.Slice(x.overlaps, func(i, j int) bool {
		a, b := x.overlaps[i], x.overlaps[j]
		if a.A != b.A {
			return a.A < b.A
		}
		if a.B != b.B {
			return a.B < b.B
		}
		return a.Area < b.Area
	})
	for i, o := range x.overlaps {
		addOnce(x.overlapN, []string{o.A, o.B}, i)
	}
	x.fingerprints()
	return x
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
func (x *index) declared(grower string, land []string) []Declaration {
	var out []Declaration
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
func (x *index) active(d Debt) bool {
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

// largest is the most that any witness says of a parcel's area; 0 = unknown.
func (x *index) largest(parcel string) Area {
	p := x.ev.Parcels[parcel]
	a := max(AreaOfM2(p.SurveyedM2), AreaOfM2(p.AreaM2))
	for _, c := range x.contracts.on(parcel) {
		a = max(a, AreaOfM2(c.AreaM2))
	}
	return a
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
