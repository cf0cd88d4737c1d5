package sample

import (
	"fmt"

	"github.com/parus-lending/parus/data/feeds"
)

// known writes a number, and nothing where there is none.
func known(v float64) any {
	if v == 0 {
		return nil
	}
	return v
}

func digits6(n int) string { return fmt.Sprintf("%06d", n) }

func (b *book) membersTable() *feeds.Table {
	t := feeds.NewTable("members", "CBFBM", "CYXM", "CYZJLX", "CYZJHM", "YHZGX", "CYBZ", "received")
	for _, r := range b.members {
		t.Add(r.household.code, r.name, "1", r.number, r.relation, r.note, on(2023, 12, 15))
	}
	return t
}

func (b *book) certificatesTable() *feeds.Table {
	t := feeds.NewTable("certificates", "CBJYQZBM", "CBHTBM", "CBFBM", "FZRQ", "QZZT", "received")
	for _, r := range b.certificates {
		t.Add(r.id, r.contract, r.who.code, r.issued, r.status, on(2019, 1, 31))
	}
	return t
}

func (b *book) listsTable() *feeds.Table {
	t := feeds.NewTable("lists", "id_number", "list", "listed", "day", "received")
	for _, r := range b.lists {
		t.Add(r.who.number, r.list, fmt.Sprint(r.listed), r.day, on(b.year, 2, 22))
	}
	return t
}

func (b *book) purchasesTable() *feeds.Table {
	t := feeds.NewTable("purchases", "purchase_id", "id_number", "buyer", "crop", "day", "weight_kg", "received")
	for _, r := range b.purchases {
		t.Add(r.id, r.who.number, "Shanque Grain Depot", r.crop, r.day, r.kg, r.day.Add(5))
	}
	return t
}

func (b *book) metersTable() *feeds.Table {
	t := feeds.NewTable("meters", "meter_id", "id_number", "water_m3", "use", "valid_from", "valid_to", "received")
	for _, r := range b.meters {
		t.Add(r.id, r.who.number, r.m3, "灌溉", r.from, r.to, r.to.Add(10))
	}
	return t
}

func (b *book) machineryTable() *feeds.Table {
	t := feeds.NewTable("machinery", "machine_id", "id_number", "kind", "power_kw", "bought", "received")
	for _, r := range b.machines {
		t.Add(r.id, r.who.number, r.kind, r.kw, on(b.year-3, 4, 1), on(b.year-3, 6, 1))
	}
	return t
}
