package scoring

import "github.com/parus-lending/parus/parcels"

// kind says how a table's rows are read: when a row became known, the names it
// carries, given one by one, and how all of it is written.
type kind[T any] struct {
	prov    func(*T) *parcels.Provenance
	growers func(*T, func(string))
	land    func(*T, func(string))
	crop    func(*T) string // rows that are about a crop, no land: they stand in its order
	text    *rowText
}

var contractKind = kind[parcels.Contract]{
	prov:    func(c *parcels.Contract) *parcels.Provenance { return &c.Provenance },
	growers: func(c *parcels.Contract, is func(string)) { is(c.GrowerID) },
	land:    func(c *parcels.Contract, is func(string)) { is(c.ParcelID) },
	text:    textOf[parcels.Contract](),
}

var transferKind = kind[parcels.Transfer]{
	prov:    func(t *parcels.Transfer) *parcels.Provenance { return &t.Provenance },
	growers: func(t *parcels.Transfer, is func(string)) { is(t.From); is(t.To) },
	land:    func(t *parcels.Transfer, is func(string)) { is(t.ParcelID) },
	text:    textOf[parcels.Transfer](),
}

var declarationKind = kind[Declaration]{
	prov:    func(d *Declaration) *parcels.Provenance { return &d.Provenance },
	growers: func(d *Declaration, is func(string)) { is(d.GrowerID) },
	land:    func(d *Declaration, is func(string)) { is(d.ParcelID) },
	text:    textOf[Declaration](),
}

var policyKind = kind[Policy]{
	prov:    func(p *Policy) *parcels.Provenance { return &p.Provenance },
	growers: func(p *Policy, is func(string)) { is(p.GrowerID) },
	land:    func(p *Policy, is func(string)) { each(p.ParcelIDs, is) },
	text:    textOf[Policy](),
}

var subsidyKind = kind[Subsidy]{
	prov:    func(s *Subsidy) *parcels.Provenance { return &s.Provenance },
	growers: func(s *Subsidy, is func(string)) { is(s.GrowerID) },
	land:    func(s *Subsidy, is func(string)) { is(s.ParcelID) },
	text:    textOf[Subsidy](),
}

var debtKind = kind[Debt]{
	prov:    func(d *Debt) *parcels.Provenance { return &d.Provenance },
	growers: func(d *Debt, is func(string)) { is(d.GrowerID) },
	land:    func(d *Debt, is func(string)) { each(d.ParcelIDs, is) },
	text:    textOf[Debt](),
}

var rosterKind = kind[RosterEntry]{
	prov:    func(e *RosterEntry) *parcels.Provenance { return &e.Provenance },
	growers: func(e *RosterEntry, is func(string)) { is(e.GrowerID) },
	text:    textOf[RosterEntry](),
}

var costKind = kind[Cost]{
	prov: func(c *Cost) *parcels.Provenance { return &c.Provenance },
	crop: func(c *Cost) string { return c.Crop },
	text: textOf[Cost](),
}

var statisticKind = kind[Statistic]{
	prov: func(s *Statistic) *parcels.Provenance { return &s.Provenance },
	crop: func(s *Statistic) string { return s.Crop },
	text: textOf[Statistic](),
}

var priceKind = kind[Price]{
	prov: func(p *Price) *parcels.Provenance { return &p.Provenance },
	crop: func(p *Price) string { return p.Crop },
	text: textOf[Price](),
}

var disasterKind = kind[Disaster]{
	prov: func(d *Disaster) *parcels.Provenance { return &d.Provenance },
	text: textOf[Disaster](),
}

var personKind = kind[Person]{
	prov:    func(p *Person) *parcels.Provenance { return &p.Provenance },
	growers: func(p *Person, is func(string)) { is(p.GrowerID); is(p.HouseholdID) },
	text:    textOf[Person](),
}

var certificateKind = kind[Certificate]{
	prov:    func(c *Certificate) *parcels.Provenance { return &c.Provenance },
	growers: func(c *Certificate, is func(string)) { is(c.GrowerID) },
	text:    textOf[Certificate](),
}

var machineKind = kind[Machine]{
	prov:    func(m *Machine) *parcels.Provenance { return &m.Provenance },
	growers: func(m *Machine, is func(string)) { is(m.GrowerID) },
	text:    textOf[Machine](),
}

var purchaseKind = kind[Purchase]{
	prov:    func(p *Purchase) *parcels.Provenance { return &p.Provenance },
	growers: func(p *Purchase, is func(string)) { is(p.GrowerID) },
	text:    textOf[Purchase](),
}

var meterKind = kind[Meter]{
	prov:    func(m *Meter) *parcels.Provenance { return &m.Provenance },
	growers: func(m *Meter, is func(string)) { is(m.GrowerID) },
	land:    func(m *Meter, is func(string)) { each(m.ParcelIDs, is) },
	text:    textOf[Meter](),
}

var listKind = kind[ListEntry]{
	prov:    func(l *ListEntry) *parcels.Provenance { return &l.Provenance },
	growers: func(l *ListEntry, is func(string)) { is(l.GrowerID) },
	text:    textOf[ListEntry](),
}

var claimKind = kind[parcels.Claim]{
	prov:    func(c *parcels.Claim) *parcels.Provenance { return &c.Provenance },
	growers: func(c *parcels.Claim, is func(string)) { is(c.GrowerID) },
	land:    func(c *parcels.Claim, is func(string)) { is(c.ParcelID) },
	text:    textOf[parcels.Claim](),
}

// Plots come sorted by their ID (sortPlots); the order of this kind is not used.
var plotKind = kind[SeenPlot]{
	growers: func(p *SeenPlot, is func(string)) { is(p.GrowerID) },
	land:    func(p *SeenPlot, is func(string)) { each(p.ParcelIDs, is) },
	text:    textOf[SeenPlot](),
}

func each(list []string, is func(string)) {
	for _, s := range list {
		is(s)
	}
}
