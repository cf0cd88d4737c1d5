package sample

import (
	"fmt"
	"math"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
)

// book is what the county's offices have written down, before it goes to files.
type book struct {
	year         int
	policy       *scoring.CreditPolicy
	contracts    []*contractRow
	transfers    []*transferRow
	roster       []*rosterRow
	declarations []*declarationRow
	policies     []*policyRow
	subsidies    []*subsidyRow
	debts        []*debtRow
	members      []*memberRow
	lists        []*listRow
	certificates []*certificateRow
	purchases    []*purchaseRow
	meters       []*meterRow
	machines     []*machineRow
	claims       []*claimRow
	words        chance      // of what growers state
	leases       map[int]int // per village: transfer contracts written
	serial       int
}

type contractRow struct {
	id       string
	who      *person
	parcel   *parcel
	m2       float64
	from, to parcels.Date
}

type transferRow struct {
	id, contract     string
	parcel           *parcel
	giver, taker     *person
	m2               float64
	from, to, signed parcels.Date
	rent             float64 // yuan per mu and year, 0 = not written
}

type rosterRow struct {
	who       *person
	requested int64 // yuan
	hidden    int64 // debt kept back, yuan
}

type declarationRow struct {
	who      *person
	parcel   *parcel
	crop     string
	planting parcels.Date
	cost     float64 // stated, yuan per mu
	yield    float64 // stated, kg per mu
}

type policyRow struct {
	id       string
	who      *person
	crop     string
	m2       float64
	land     []*parcel
	from, to parcels.Date
	perMu    int64 // yuan
}

type subsidyRow struct {
	id     string
	who    *person
	parcel *parcel
	crop   string
	m2     float64
}

type debtRow struct {
	id, lender, purpose string
	who                 *person
	yuan                int64
	land                []*parcel
	drawn, due          parcels.Date
	late                int
}

var lenders = []string{"Shanque Rural Commercial Bank", "Postal Savings (sample)", "Village Bank of Shanque", "Farm Credit Co-op (sample)"}

func on(year, month, day int) parcels.Date {
	d, err := parcels.ParseDate(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
	if err != nil {
		panic(err) // a constant of this package is wrong
	}
	return d
}

func cents(m2 float64) float64 { return math.Round(m2*100) / 100 }

// write fills the books of honest people.
func writeBook(seed int64, year int, l *land, t *tenure, cp *scoring.CreditPolicy) *book {
	b := &book{year: year, policy: cp, leases: map[int]int{}, words: newChance(seed, "statements")}
	c := newChance(seed, "records")
	for _, p := range l.parcels {
		p.contract = cents(p.m2 * (1 + .012*c.normal(1.6)))
		b.contracts = append(b.contracts, &contractRow{p.owner.code + "J", p.owner, p, p.contract, on(1998, 10, 1), on(2028, 9, 30)})
	}
	for _, f := range t.fields {
		b.leaseField(f)
		b.declare(f)
		if !f.sliver && f.fault == "" && f.grown.kind == "arable" && c.Float64() < .65 {
			b.insure(f)
		}
		if !f.sliver && c.Float64() < .85 {
			b.claim(f)
		}
	}
	for _, g := range t.growers {
		b.roster = append(b.roster, &rosterRow{who: g, requested: int64(c.whole(5, 90)) * 1000})
		if c.Float64() < .4 {
			d := b.owe(c, g)
			if c.Float64() < .35 {
				d.land = []*parcel{g.fields[0].parcels[0]}
			}
		}
	}
	return b
}

// leaseField writes the chain from each contractor to the farmer, over a
// co-operative where there is one.
func (b *book) leaseField(f *field) {
	ids := map[string]string{}
	rent := cents(usualRent(f) * b.words.between(.8, 1.25))
	for _, p := range f.parcels {
		if p.owner == f.farmer {
			continue
		}
		chain := []*person{p.owner, f.farmer}
		if f.via != nil {
			chain = []*person{p.owner, f.via, f.farmer}
		}
		for i := 1; i < len(chain); i++ {
			key := chain[i-1].code + chain[i].code
			if ids[key] == "" {
				ids[key] = b.leaseID(p)
			}
			b.transfers = append(b.transfers, &transferRow{ids[key], p.owner.code + "J", p, chain[i-1], chain[i], cents(p.m2),
				on(f.from, 1, 1), on(f.to, 12, 31), on(f.from-1, 11, 10+i), rent})
		}
	}
}

func (b *book) leaseID(p *parcel) string {
	b.leases[p.village]++
	return fmt.Sprintf("%s%04d", p.id[:14], b.leases[p.village])
}

func (b *book) next() int { b.serial++; return b.serial }

func (b *book) declare(f *field) {
	for _, s := range f.declared.stands {
		if s.crop == "" {
			continue
		}
		said := &declarationRow{crop: s.crop}
		b.say(b.words, said)
		for _, p := range f.parcels {
			b.declarations = append(b.declarations, &declarationRow{f.farmer, p, s.crop, b.planting(s), said.cost, said.yield})
		}
	}
}

// planting is the day a crop of this season was put into the ground.
func (b *book) planting(s stand) parcels.Date {
	var month, day int
	if _, err := fmt.Sscanf(s.planted, "%d-%d", &month, &day); err != nil {
		panic(err) // a rotation of this package is wrong
	}
	if month > 8 {
		return on(b.year-1, month, day)
	}
	return on(b.year, month, day)
}

// insure covers each crop of a field from planting to half a month past its
// harvest.
func (b *book) insure(f *field) {
	for _, s := range f.declared.stands {
		b.insureCrop(f, s.crop, b.planting(s))
	}
}

func (b *book) insureCrop(f *field, crop string, planting parcels.Date) *policyRow {
	var m2 float64
	for _, p := range f.parcels {
		m2 += min(p.m2, p.contract)
	}
	from := planting.Add(7)
	harvest := b.harvest(crop, planting)
	row := &policyRow{fmt.Sprintf("PIC%s%06d", countyCode, b.next()), f.farmer, crop, cents(m2), f.parcels, from, harvest.Add(15), 700}
	b.policies = append(b.policies, row)
	return row
}

// harvest is the latest usual day of a crop's harvest by the credit policy's
// calendar.
func (b *book) harvest(crop string, planting parcels.Date) parcels.Date {
	p, ok := b.policy.Period(crop, planting, on(b.year, 1, 1))
	if !ok {
		return on(b.year, 12, 31)
	}
	return p.Harvest
}

// claim asks for the grain subsidy on the field's last crop.
func (b *book) claim(f *field) {
	crops := f.declared.crops()
	if len(crops) == 0 {
		return
	}
	for _, p := range f.parcels {
		b.claimParcel(f.farmer, p, crops[len(crops)-1])
	}
}

func (b *book) claimParcel(who *person, p *parcel, crop string) *subsidyRow {
	row := &subsidyRow{fmt.Sprintf("SUB%d%06d", b.year, b.next()), who, p, crop, cents(min(p.m2, p.contract))}
	b.subsidies = append(b.subsidies, row)
	return row
}

func (b *book) owe(c chance, who *person) *debtRow {
	row := &debtRow{id: fmt.Sprintf("JJ%d%06d", b.year, b.next()), lender: oneOf(c, lenders), purpose: oneOf(c, []string{"production", "equipment", "other"}),
		who: who, yuan: int64(c.whole(15, 80)) * 1000, drawn: on(b.year-1, c.whole(9, 12), c.whole(1, 28)), due: on(b.year+1, c.whole(1, 6), 15)}
	b.debts = append(b.debts, row)
	return row
}

// owed is what a person owes in all, in yuan.
func (b *book) owed(who *person) int64 {
	var sum int64
	for _, d := range b.debts {
		if d.who == who {
			sum += d.yuan
		}
	}
	return sum
}
