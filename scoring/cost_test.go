package scoring

import "testing"

func cost(county string, year int, materials Fen) Cost {
	return Cost{Provenance: rec("costs.csv"), County: county, Crop: "maize", Year: year, Materials: materials, HiredLabour: 10_00, Rent: 300_00, FamilyLabour: 200_00, OwnLand: 250_00, Split: true}
}

func TestUnitCostIsTheNewestOfTheCounty(t *testing.T) {
	cp := defaults(t)
	ev := county()
	ev.Records.Costs = []Cost{cost("341523", 2021, 400_00), cost("341523", 2023, 420_00), cost("", 2024, 500_00), cost("999999", 2024, 600_00), cost("341523", 2025, 700_00)}
	// Own county before all counties, and no year after the season: 420 + 10.
	// Family labour and own land are never in it.
	u := newIndex(ev).unitCost(cp, "maize")
	if u.own != 430_00 || u.leased != 730_00 {
		t.Errorf("own %s, leased %s", Yuan(u.own), Yuan(u.leased))
	}
	ev.Records.Costs = ev.Records.Costs[2:4] // none of the county: all counties' row, 500 + 10
	if u := newIndex(ev).unitCost(cp, "maize"); u.own != 510_00 {
		t.Errorf("own %s", Yuan(u.own))
	}
	ev.Records.Costs = nil // none at all: default_policy.toml, 480 and 400 rent
	if u := newIndex(ev).unitCost(cp, "maize"); u.own != 480_00 || u.leased != 880_00 || u.price != 105_00 {
		t.Errorf("%+v", u)
	}
}

func TestYieldAtPlanting(t *testing.T) {
	cp := defaults(t)
	ev := county()
	x := newIndex(ev)
	d := x.desk(cp)
	wheat := d.base.crop("winter_wheat")
	// 2021–2023: 410, 370, 420: lower quarter of three is the smallest, mean 400.
	if p25, mean, n := x.statistic(cp, "winter_wheat"); p25 != 3700 || mean != 4000 || n != 3 {
		t.Errorf("%d %d %d", p25, mean, n)
	}
	f := field{plot: ev.plot("plot-a"), crop: "winter_wheat", rule: wheat}
	d.setYield(d.base, &f)
	// The land's past (400 + 420) ÷ 2 = 410 → 102.5 % → 370 × 1.025 = 379.25 → 379.2.
	if f.yield != 3792 {
		t.Errorf("yield %s from %s", Kg(f.yield), f.yieldOn.append(nil))
	}
	ev.plot("plot-a").Past[0].Yields[0], ev.plot("plot-a").Past[1].Yields[0] = 9000, 9000
	f = field{plot: ev.plot("plot-a"), crop: "winter_wheat", rule: wheat}
	if d.setYield(d.base, &f); f.yield != 4070 { // at most 110 %: 370 × 1.1
		t.Errorf("yield %s", Kg(f.yield))
	}
	ev.Records.Statistics = ev.Records.Statistics[:1] // one year: 410 × 85 % = 348.5
	if p25, _, n := newIndex(ev).statistic(cp, "winter_wheat"); p25 != 3485 || n != 1 {
		t.Errorf("%d of %d years", p25, n)
	}
	f = field{plot: &SeenPlot{}, crop: "no such crop", rule: d.base.crop("no such crop")}
	if d.setYield(d.base, &f); f.why != "YIELD_UNKNOWN" || f.yield != 0 {
		t.Errorf("%+v", f)
	}
}

func TestStagesStillToCome(t *testing.T) {
	cp := defaults(t)
	for _, c := range []struct {
		asOf string
		want Prob
	}{
		// winter wheat: 48 % until 12-31, 23 % until 05-10, 29 % until harvest.
		{"2023-11-01", 10_000}, {"2023-12-31", 10_000}, {"2024-01-01", 5200}, {"2024-05-10", 5200}, {"2024-05-11", 2900}, {"2024-06-15", 2900}, {"2024-06-16", 0},
	} {
		ev := county()
		ev.AsOf = day(c.asOf)
		d := newIndex(ev).desk(cp)
		p, _ := cp.Period("winter_wheat", day("2023-10-12"), Date{})
		f := field{crop: "winter_wheat", period: p, harvest: p.Harvest, rule: d.base.crop("winter_wheat")}
		if got := d.stageShare(&f, Date{}); got != c.want {
			t.Errorf("%s: %s, want %s", c.asOf, Percent(got), Percent(c.want))
		}
	}
}

func TestPeriodOfACrop(t *testing.T) {
	cp := defaults(t)
	for _, c := range []struct{ crop, planting, from, want string }{
		{"winter_wheat", "2023-10-12", "", "2023-10-12 2024-04-15 2024-06-15"},
		{"winter_wheat", "", "2024-01-01", "2023-10-10 2024-04-15 2024-06-15"},
		{"winter_wheat", "2024-10-12", "2024-01-01", "2024-10-12 2025-04-15 2025-06-15"},
		{"maize", "", "2024-01-01", "2024-06-10 2024-08-01 2024-10-05"},
		{"maize", "2024-07-01", "", "2024-07-01 2024-08-15 2024-10-05"}, // sown late: 45 days to be seen
		{"grapes", "", "2024-01-01", "2024-03-20 2024-06-15 2024-10-10"},
	} {
		var planting, start Date
		if c.planting != "" {
			planting = day(c.planting)
		}
		if c.from != "" {
			start = day(c.from)
		}
		p, ok := cp.Period(c.crop, planting, start)
		if got := p.Planting.String() + " " + p.Visible.String() + " " + p.Harvest.String(); !ok || got != c.want {
			t.Errorf("%s: %s, want %s", c.crop, got, c.want)
		}
	}
	if _, ok := cp.Period("moss", day("2024-01-01"), day("2024-01-01")); ok {
		t.Error("moss has a calendar")
	}
}
