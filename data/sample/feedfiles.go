package sample

import (
	"path/filepath"

	"github.com/parus-lending/parus/data/feeds"
)

// writeFeeds writes the county's tables under the headings of the registry
// (contractors, contracts, transfers) and of Parus (the others). The statistics
// and costs are made up around national figures of 2024.
func (b *book) writeFeeds(dir string, l *land, t *tenure) error {
	season := on(b.year, 1, 1).String()[:4]
	asked, filed := on(b.year, 2, 25), on(b.year, 2, 20)

	people := feeds.NewTable("contractors", "CBFBM", "CBFLX", "CBFMC", "CBFZJLX", "CBFZJHM", "LXDH", "CBFDZ", "received")
	for _, p := range t.people {
		kind, card := "1", "1"
		if p.firm() {
			kind, card = "3", "9"
		}
		people.Add(p.code, kind, p.name, card, p.number, p.phone, countyName+" "+p.code[9:12]+" "+p.code[14:], on(2019, 1, 31))
	}
	contracts := feeds.NewTable("contracts", "CBHTBM", "DKBM", "CBFBM", "HTMJ", "CBQXQ", "CBQXZ", "received")
	for _, r := range b.contracts {
		contracts.Add(r.id, r.parcel.id, r.who.code, r.m2, r.from, r.to, on(2019, 1, 31))
	}
	transfers := feeds.NewTable("transfers", "LZHTBM", "CBHTBM", "DKBM", "CBFBM", "SRFBM", "LZQXKSRQ", "LZQXJSRQ", "LZMJ", "HTQDRQ", "rent_yuan_mu", "received")
	for _, r := range b.transfers {
		transfers.Add(r.id, r.contract, r.parcel.id, r.giver.code, r.taker.code, r.from, r.to, r.m2, r.signed, known(r.rent), r.signed.Add(20))
	}
	roster := feeds.NewTable("roster", "id_number", "name", "phone", "kind", "requested_yuan", "declared_debt_yuan", "received")
	for _, r := range b.roster {
		roster.Add(r.who.number, r.who.name, r.who.phone, r.who.kind, r.requested, b.owed(r.who)-r.hidden, asked)
	}
	declarations := feeds.NewTable("declarations", "contractor_id", "parcel_id", "season", "crop", "planting", "cost_yuan_mu", "yield_kg_mu", "received")
	for _, r := range b.declarations {
		declarations.Add(r.who.code, r.parcel.id, season, r.crop, r.planting, known(r.cost), known(r.yield), filed)
	}
	policies := feeds.NewTable("policies", "policy_id", "id_number", "crop", "area_m2", "parcel_ids", "sum_insured_per_mu_yuan", "valid_from", "valid_to", "received")
	for _, r := range b.policies {
		policies.Add(r.id, r.who.number, r.crop, r.m2, parcelList(r.land), r.perMu, r.from, r.to, filed)
	}
	subsidies := feeds.NewTable("subsidies", "subsidy_id", "contractor_id", "parcel_id", "season", "crop", "area_m2", "received")
	for _, r := range b.subsidies {
		subsidies.Add(r.id, r.who.code, r.parcel.id, season, r.crop, r.m2, filed)
	}
	debts := feeds.NewTable("debts", "debt_id", "id_number", "lender", "purpose", "outstanding_yuan", "due", "days_past_due", "parcel_ids", "valid_from", "received")
	for _, r := range b.debts {
		debts.Add(r.id, r.who.number, r.lender, r.purpose, r.yuan, r.due, r.late, parcelList(r.land), r.drawn, filed)
	}
	statistics := feeds.NewTable("statistics", "county", "crop", "year", "yield_kg_mu", "received")
	costs := feeds.NewTable("costs", "county", "crop", "year", "total_yuan_mu", "materials_yuan_mu", "hired_labour_yuan_mu", "family_labour_yuan_mu",
		"rent_yuan_mu", "own_land_yuan_mu", "yield_kg_mu", "price_yuan_50kg", "split", "received")
	for _, y := range yields {
		for k, f := range yearFactor {
			year := b.year - len(yearFactor) + k
			statistics.Add(countyCode, y.crop, year, cents(y.kgMu*f), on(year+1, 2, 10))
		}
		costs.Add(countyCode, y.crop, b.year-1, y.materials+y.hired+y.family+y.rent+y.own, y.materials, y.hired, y.family, y.rent, y.own, y.kgMu, y.price50, "true", on(b.year, 1, 31))
	}
	issuers, err := l.issuersTable(on(2019, 1, 31))
	if err != nil {
		return err
	}
	for name, table := range map[string]*feeds.Table{"issuers": issuers, "claims": b.claimsTable(), "members": b.membersTable(), "certificates": b.certificatesTable(), "lists": b.listsTable(),
		"purchases": b.purchasesTable(), "meters": b.metersTable(), "machinery": b.machineryTable(), "contractors": people, "contracts": contracts, "transfers": transfers, "roster": roster,
		"declarations": declarations, "policies": policies, "subsidies": subsidies, "debts": debts, "statistics": statistics, "costs": costs} {
		if err := table.Write(filepath.Join(dir, name+".csv")); err != nil {
			return err
		}
	}
	return nil
}

func parcelList(ps []*parcel) string {
	s := ""
	for i, p := range ps {
		if i > 0 {
			s += ";"
		}
		s += p.id
	}
	return s
}

// cropYield is a crop's usual yield (at trade moisture), price and cost per mu
// in the made-up county, near the national surveys.
type cropYield struct {
	crop                                string
	kgMu, price50                       float64
	materials, hired, family, rent, own float64
}

var yields = []cropYield{
	{"winter_wheat", 410, 118, 430, 20, 240, 180, 60},
	{"maize", 440, 104, 434, 25, 260, 170, 60},
	{"rice", 520, 136, 560, 60, 330, 220, 70},
	{"soybean", 150, 235, 260, 15, 200, 170, 60},
	{"cotton", 240, 370, 620, 90, 900, 200, 60},
}

// yearFactor are the good and bad years before the season, oldest first.
var yearFactor = []float64{.97, 1.02, .94, 1.03, .99, 1.01}

func usualYield(crop string) float64 {
	for _, y := range yields {
		if y.crop == crop {
			return y.kgMu
		}
	}
	return 0
}
