package scoring

import (
	"fmt"
	"math/rand"

	"github.com/parus-lending/parus/parcels"
)

// anyCounty is a county of n growers with land, records and faults by chance.
func anyCounty(seed int64, n int) *CountyEvidence {
	r := rand.New(rand.NewSource(seed))
	ev := county()
	some := func(p float64) bool { return r.Float64() < p }
	crops := []string{"winter_wheat", "maize", "rice", "grapes", "barley", "peanut"}
	for i := range n {
		g, plotID := fmt.Sprintf("g%03d", i), fmt.Sprintf("plot-%03d", i)
		crop := crops[r.Intn(len(crops))]
		var ids []string
		var total float64
		for k := range 1 + r.Intn(3) {
			id := fmt.Sprintf("q%03d-%d", i, k)
			m2 := 500 + r.Float64()*20_000
			total += m2
			ids = append(ids, id)
			ev.Parcels[id] = parcels.Parcel{County: ev.County, ID: id, AreaM2: m2, SurveyedM2: m2 * (0.8 + r.Float64()*0.4), Basic: some(.3)}
			owner := g
			if some(.6) {
				owner = fmt.Sprintf("g%03d", r.Intn(n))
			}
			ev.Farmers[id] = parcels.Farmer{ParcelID: id, GrowerID: g, OwnerID: owner, Leased: owner != g, Until: day("2024-06-01").Add(r.Intn(900))}
			ev.Records.Contracts = append(ev.Records.Contracts, parcels.Contract{Provenance: term("contracts.csv:"+id, "2000-01-01", "2025-12-31"), ContractID: "c" + id, ParcelID: id, GrowerID: owner, AreaM2: m2})
			if owner != g {
				tr := parcels.Transfer{Provenance: term("transfers.csv:"+id, "2022-01-01", ev.Farmers[id].Until.String()), TransferID: "t" + id, ContractID: "c" + id, ParcelID: id, From: owner, To: g, AreaM2: m2}
				ev.Records.Transfers = append(ev.Records.Transfers, tr)
				if some(.1) {
					tr.To, tr.TransferID, tr.Source = fmt.Sprintf("g%03d", r.Intn(n)), "u"+id, "transfers.csv:u"+id
					ev.Records.Transfers = append(ev.Records.Transfers, tr)
				}
			}
			who := g
			if some(.1) {
				who = fmt.Sprintf("g%03d", r.Intn(n))
			}
			ev.Records.Declarations = append(ev.Records.Declarations, Declaration{Provenance: rec("declarations.csv:" + id), GrowerID: who, ParcelID: id, Season: "2024", Crop: crop})
			for j := range r.Intn(3) {
				ev.Records.Subsidies = append(ev.Records.Subsidies, Subsidy{Provenance: rec(fmt.Sprint("subsidies.csv:", id, j)), SubsidyID: fmt.Sprint("s", id, j), GrowerID: who, ParcelID: id, Season: "2024", Crop: crops[r.Intn(2)], Area: AreaOfM2(m2)})
			}
		}
		p := SeenPlot{PlotID: plotID, GrowerID: g, ParcelIDs: ids, Area: AreaOfM2(total), InsidePixels: r.Intn(80), ClearDates: r.Intn(12), Assessable: some(.9), Vegetated: true}
		if some(.8) {
			c := seenWheat(1)
			c.Crop, c.Probability, c.InService, c.Assessable = crops[r.Intn(len(crops))], Prob(5000+r.Intn(5000)), some(.9), some(.9)
			if some(.7) {
				c.Crop = crop
			}
			c.YieldP25 = Yield(500 + r.Intn(6000))
			p.Cycles = append(p.Cycles, c)
		} else {
			p.Vegetated = false
		}
		for y := range r.Intn(4) {
			p.Past = append(p.Past, PastSeason{Season: fmt.Sprint(2020 + y), Crops: []string{crops[r.Intn(3)]}, Yields: []Yield{Yield(3000 + r.Intn(2000))}, Share: Prob(r.Intn(10_001))})
		}
		ev.Plots = append(ev.Plots, p)
		ev.Records.Roster = append(ev.Records.Roster, RosterEntry{Provenance: rec("roster.csv:" + g), GrowerID: g, DeclaredDebt: Fen(r.Intn(900_000)), Product: []string{"", "season", "insured_season", "odd"}[r.Intn(4)]})
		for j := range r.Intn(3) {
			ev.Records.Debts = append(ev.Records.Debts, Debt{Provenance: rec(fmt.Sprint("debts.csv:", g, j)), DebtID: fmt.Sprint("d", g, j), GrowerID: g, Lender: []string{"bank-1", "bank-2"}[r.Intn(2)],
				Purpose: []string{"production", "equipment"}[r.Intn(2)], Season: "2024", Outstanding: Fen(r.Intn(800_000)), Due: day("2024-03-01").Add(r.Intn(500)), DaysPastDue: max(0, r.Intn(400)-300), ParcelIDs: sortedCopy(ids[:r.Intn(len(ids)+1)])})
			ev.Records.Policies = append(ev.Records.Policies, Policy{Provenance: term(fmt.Sprint("policies.csv:", g, j), "2023-10-15", day("2024-05-25").Add(r.Intn(200)).String()), PolicyID: fmt.Sprint("i", g, j), GrowerID: g, Crop: crop,
				Area: AreaOfM2(total * (0.5 + r.Float64())), ParcelIDs: sortedCopy(ids[:r.Intn(len(ids)+1)]), SumInsuredPerMu: 600_00, Pledged: Fen(r.Intn(500_000))})
		}
		if some(.1) {
			ev.Overlaps = append(ev.Overlaps, Overlap{A: ids[0], B: "p3", Area: AreaOfM2(r.Float64() * 3000)})
		}
	}
	addMore(rand.New(rand.NewSource(seed+1000)), ev, n)
	return ev
}
