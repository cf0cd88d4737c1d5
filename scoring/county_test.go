package scoring

import "github.com/parus-lending/parus/parcels"

func day(s string) Date {
	d, err := parcels.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func rec(source string) parcels.Provenance {
	return parcels.Provenance{Source: source, Authority: "test", Received: day("2024-01-05")}
}

func term(source, from, to string) parcels.Provenance {
	p := rec(source)
	p.ValidFrom, p.ValidTo = day(from), day(to)
	return p
}

func seenWheat(n int) SeenCycle {
	return SeenCycle{Number: n, Emergence: day("2024-02-20"), Peak: day("2024-04-25"), HarvestP25: day("2024-06-05"), HarvestP50: day("2024-06-08"), HarvestP75: day("2024-06-12"),
		Crop: "winter_wheat", Probability: 9800, InService: true, Assessable: true, GrowthGrade: 3, YieldP10: 3300, YieldP25: 3800, YieldP50: 4200, YieldP90: 4900, YieldBasis: "imagery", Current: true}
}

// county is a clean county in May 2024: every record agrees with every other
// and with imagery.
//
//	anna  plot-a = p1 (own, 9 mu) + p2 (leased from olga, 18 mu), winter wheat
//	bert  plot-b = p3 (own, 30 mu), winter wheat
//	olga  contractor of p2, leased out, applies for nothing
func county() *CountyEvidence {
	land := func(id string, m2 float64) parcels.Parcel {
		return parcels.Parcel{County: "341523", ID: id, AreaM2: m2, SurveyedM2: m2}
	}
	past := func() []PastSeason {
		return []PastSeason{
			{Season: "2022", Crops: []string{"winter_wheat"}, Yields: []Yield{4000}, Share: 10_000},
			{Season: "2023", Crops: []string{"winter_wheat"}, Yields: []Yield{4200}, Share: 10_000},
		}
	}
	feeds := map[string]FeedState{}
	for _, f := range Feeds {
		feeds[f] = FeedState{Given: true}
	}
	return &CountyEvidence{
		County: "341523", SeasonID: "2024", SeasonFrom: day("2024-01-01"), SeasonTo: day("2024-12-31"), AsOf: day("2024-05-20"),
		Parcels: map[string]parcels.Parcel{"p1": land("p1", 6000), "p2": land("p2", 12000), "p3": land("p3", 20000)},
		Farmers: map[string]parcels.Farmer{
			"p1": {ParcelID: "p1", GrowerID: "anna", OwnerID: "anna", Chain: []string{"c1"}},
			"p2": {ParcelID: "p2", GrowerID: "anna", OwnerID: "olga", Leased: true, Until: day("2026-12-31"), Chain: []string{"c2", "t1"}},
			"p3": {ParcelID: "p3", GrowerID: "bert", OwnerID: "bert", Chain: []string{"c3"}},
		},
		Plots: []SeenPlot{
			{PlotID: "plot-a", GrowerID: "anna", ParcelIDs: []string{"p1", "p2"}, Area: 18000_00, InsidePixels: 150, ClearDates: 9, Assessable: true, Vegetated: true, SeasonShare: 4000, Cycles: []SeenCycle{seenWheat(1)}, Past: past()},
			{PlotID: "plot-b", GrowerID: "bert", ParcelIDs: []string{"p3"}, Area: 20000_00, InsidePixels: 170, ClearDates: 9, Assessable: true, Vegetated: true, SeasonShare: 4000, Cycles: []SeenCycle{seenWheat(1)}, Past: past()},
		},
		Records: Records{
			Contracts: []parcels.Contract{
				{Provenance: term("contracts.csv:2", "2000-01-01", "2028-12-31"), ContractID: "c1", ParcelID: "p1", GrowerID: "anna", AreaM2: 6000},
				{Provenance: term("contracts.csv:3", "2000-01-01", "2028-12-31"), ContractID: "c2", ParcelID: "p2", GrowerID: "olga", AreaM2: 12000},
				{Provenance: term("contracts.csv:4", "2000-01-01", "2028-12-31"), ContractID: "c3", ParcelID: "p3", GrowerID: "bert", AreaM2: 20000},
			},
			Transfers: []parcels.Transfer{
				{Provenance: term("transfers.csv:2", "2022-01-01", "2026-12-31"), TransferID: "t1", ContractID: "c2", ParcelID: "p2", From: "olga", To: "anna", AreaM2: 12000},
			},
			Roster: []RosterEntry{
				{Provenance: rec("roster.csv:2"), GrowerID: "anna", Kind: "household", DeclaredDebt: 5000_00},
				{Provenance: rec("roster.csv:3"), GrowerID: "bert", Kind: "household"},
			},
			Declarations: []Declaration{
				{Provenance: rec("declarations.csv:2"), GrowerID: "anna", ParcelID: "p1", Season: "2024", Crop: "winter_wheat", Planting: day("2023-10-12")},
				{Provenance: rec("declarations.csv:3"), GrowerID: "anna", ParcelID: "p2", Season: "2024", Crop: "winter_wheat", Planting: day("2023-10-12")},
				{Provenance: rec("declarations.csv:4"), GrowerID: "bert", ParcelID: "p3", Season: "2024", Crop: "winter_wheat"},
			},
			Policies: []Policy{
				{Provenance: term("policies.csv:2", "2023-10-15", "2024-06-30"), PolicyID: "i1", GrowerID: "anna", Crop: "winter_wheat", Area: 18000_00, ParcelIDs: []string{"p1", "p2"}, SumInsuredPerMu: 600_00},
				{Provenance: term("policies.csv:3", "2023-10-15", "2024-06-30"), PolicyID: "i2", GrowerID: "bert", Crop: "winter_wheat", Area: 20000_00, SumInsuredPerMu: 600_00},
			},
			Subsidies: []Subsidy{
				{Provenance: rec("subsidies.csv:2"), SubsidyID: "s1", GrowerID: "anna", ParcelID: "p1", Season: "2024", Crop: "winter_wheat", Area: 6000_00},
				{Provenance: rec("subsidies.csv:3"), SubsidyID: "s2", GrowerID: "anna", ParcelID: "p2", Season: "2024", Crop: "winter_wheat", Area: 12000_00},
				{Provenance: rec("subsidies.csv:4"), SubsidyID: "s3", GrowerID: "bert", ParcelID: "p3", Season: "2024", Crop: "winter_wheat", Area: 20000_00},
			},
			Debts: []Debt{
				{Provenance: rec("debts.csv:2"), DebtID: "d1", GrowerID: "anna", Lender: "bank-1", Purpose: "other", Outstanding: 5000_00, Due: day("2025-12-31"), ParcelIDs: []string{"p1"}},
			},
			Costs: []Cost{
				{Provenance: rec("costs.csv:2"), County: "341523", Crop: "winter_wheat", Year: 2023, Total: 1000_00, Materials: 400_00, HiredLabour: 50_00, FamilyLabour: 250_00, Rent: 300_00, YieldKgPerMu: 4000, PricePer50Kg: 120_00, Split: true},
			},
			Statistics: []Statistic{
				{Provenance: rec("statistics.csv:2"), County: "341523", Crop: "winter_wheat", Year: 2021, Yield: 4100},
				{Provenance: rec("statistics.csv:3"), County: "341523", Crop: "winter_wheat", Year: 2022, Yield: 3700},
				{Provenance: rec("statistics.csv:4"), County: "341523", Crop: "winter_wheat", Year: 2023, Yield: 4200},
			},
			Feeds: feeds,
		},
		Models: map[string]string{"crop-small": "1.0.0"},
	}
}

// plot finds a plot of the county to change it.
func (ev *CountyEvidence) plot(id string) *SeenPlot {
	for i := range ev.Plots {
		if ev.Plots[i].PlotID == id {
			return &ev.Plots[i]
		}
	}
	panic("no plot " + id)
}
