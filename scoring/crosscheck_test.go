package scoring

import (
	"strings"
	"testing"

	"github.com/parus-lending/parus/parcels"
)

func found(fs []Finding) string {
	var out []string
	for _, f := range fs {
		out = append(out, f.GrowerID+"/"+f.ParcelID+"/"+f.Code)
	}
	return strings.Join(out, " ")
}

func TestCleanCountyHasNoFindings(t *testing.T) {
	if got := found(CrossCheck(county(), defaults(t))); got != "" {
		t.Errorf("clean county: %s", got)
	}
}

// Each case plants one fault into the clean county and names all findings that
// must follow, or just misses a fault and wants none. Written from the words
// of each check, by hand.
func TestChecks(t *testing.T) {
	cp := defaults(t)
	raised := map[string]bool{}
	lease := func(id, parcel, from, to, a, z string) parcels.Transfer {
		return parcels.Transfer{Provenance: term("transfers.csv:"+id, a, z), TransferID: id, ParcelID: parcel, From: from, To: to, AreaM2: 6000}
	}
	for _, c := range []struct {
		name  string
		plant func(*CountyEvidence)
		want  string
	}{
		{"lease ends a day early", func(e *CountyEvidence) { e.Records.Transfers[0].ValidTo = day("2024-06-14") }, "anna/p2/LEASE_ENDS_BEFORE_HARVEST"},
		{"lease ends on the harvest day", func(e *CountyEvidence) { e.Records.Transfers[0].ValidTo = day("2024-06-15") }, ""},
		{"lease is renewed in time", func(e *CountyEvidence) {
			e.Records.Transfers[0].ValidTo = day("2024-05-31")
			e.Records.Transfers = append(e.Records.Transfers, lease("9", "p2", "olga", "anna", "2024-06-01", "2026-12-31"))
		}, ""},
		{"lease ended before as-of", func(e *CountyEvidence) {
			e.Records.Transfers[0].ValidTo = day("2024-03-31")
			e.Farmers["p2"] = parcels.Farmer{ParcelID: "p2", GrowerID: "olga", OwnerID: "olga"}
		}, "anna/p2/LEASE_ENDS_BEFORE_HARVEST"},

		{"giver declares", func(e *CountyEvidence) {
			e.Records.Declarations = append(e.Records.Declarations, Declaration{Provenance: rec("declarations.csv:9"), GrowerID: "olga", ParcelID: "p2", Season: "2024", Crop: "winter_wheat"})
		}, "olga/p2/LEASED_OUT_YET_CLAIMED"},
		{"giver insures", func(e *CountyEvidence) {
			e.Records.Policies = append(e.Records.Policies, Policy{Provenance: term("policies.csv:9", "2024-03-01", "2024-10-31"), PolicyID: "i9", GrowerID: "olga", Crop: "maize", Area: 12000_00, ParcelIDs: []string{"p2"}})
		}, "olga/p2/LEASED_OUT_YET_CLAIMED"},
		{"giver leases out only after his harvest", func(e *CountyEvidence) {
			e.Records.Transfers = append(e.Records.Transfers, lease("9", "p3", "bert", "anna", "2024-06-20", "2027-12-31"))
		}, ""},

		{"stranger declares", func(e *CountyEvidence) {
			e.Records.Declarations = append(e.Records.Declarations, Declaration{Provenance: rec("declarations.csv:9"), GrowerID: "zoe", ParcelID: "p3", Season: "2024", Crop: "winter_wheat"})
		}, "zoe/p3/NOT_THE_FARMER"},
		{"stranger declares in another season", func(e *CountyEvidence) {
			e.Records.Declarations = append(e.Records.Declarations, Declaration{Provenance: rec("declarations.csv:9"), GrowerID: "zoe", ParcelID: "p3", Season: "2023", Crop: "winter_wheat"})
		}, ""},
		{"nobody is known to farm it", func(e *CountyEvidence) {
			e.Records.Declarations = append(e.Records.Declarations, Declaration{Provenance: rec("declarations.csv:9"), GrowerID: "zoe", ParcelID: "p9", Season: "2024", Crop: "maize"})
		}, ""},

		{"second lender", func(e *CountyEvidence) {
			e.Records.Debts = append(e.Records.Debts, Debt{Provenance: rec("debts.csv:9"), DebtID: "d9", GrowerID: "anna", Lender: "bank-2", Purpose: "other", Outstanding: 200_00, ParcelIDs: []string{"p1"}})
		}, "anna/p1/LAND_PLEDGED_TWICE"},
		{"second lender was repaid", func(e *CountyEvidence) {
			e.Records.Debts = append(e.Records.Debts, Debt{Provenance: rec("debts.csv:9"), DebtID: "d9", GrowerID: "anna", Lender: "bank-2", Purpose: "other", Outstanding: 0, ParcelIDs: []string{"p1"}})
		}, ""},
		{"second lender's older report", func(e *CountyEvidence) {
			d := Debt{Provenance: rec("debts.csv:9"), DebtID: "d9", GrowerID: "anna", Lender: "bank-2", Purpose: "other", Outstanding: 200_00, ParcelIDs: []string{"p1"}}
			paid := d
			paid.Received, paid.Outstanding = day("2024-04-01"), 0
			e.Records.Debts = append(e.Records.Debts, paid, d)
		}, ""},
		{"same lender twice", func(e *CountyEvidence) {
			e.Records.Debts = append(e.Records.Debts, Debt{Provenance: rec("debts.csv:9"), DebtID: "d9", GrowerID: "anna", Lender: "bank-1", Purpose: "other", Outstanding: 200_00, ParcelIDs: []string{"p1"}})
		}, ""},

		{"insured twice", func(e *CountyEvidence) {
			e.Records.Policies = append(e.Records.Policies, Policy{Provenance: term("policies.csv:9", "2024-03-01", "2024-06-30"), PolicyID: "i9", GrowerID: "anna", Crop: "winter_wheat", Area: 6000_00, ParcelIDs: []string{"p1"}})
		}, "anna/p1/INSURED_TWICE"},
		{"insured for the next crop", func(e *CountyEvidence) {
			e.Records.Policies = append(e.Records.Policies, Policy{Provenance: term("policies.csv:9", "2024-06-10", "2024-10-31"), PolicyID: "i9", GrowerID: "anna", Crop: "maize", Area: 6000_00, ParcelIDs: []string{"p1"}})
		}, ""},

		{"insured 11 % too much", func(e *CountyEvidence) { e.Records.Policies[0].Area = 19_980_00 }, "anna//INSURED_AREA_EXCEEDS_LAND"},
		{"insured 10 % too much", func(e *CountyEvidence) { e.Records.Policies[0].Area = 19_800_00 }, ""},
		{"area-only policy over all land", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles[0].Assessable = false // imagery silent
			e.Records.Policies[1].Area = 40_000_00
		}, "bert//INSURED_AREA_EXCEEDS_LAND"},
		{"insured land is not in the registry", func(e *CountyEvidence) {
			e.Records.Policies[0].ParcelIDs = []string{"p1", "p8"}
		}, ""},

		{"cover ends a day early", func(e *CountyEvidence) { e.Records.Policies[0].ValidTo = day("2024-06-14") }, "anna//POLICY_ENDS_BEFORE_HARVEST"},
		{"cover of last season", func(e *CountyEvidence) {
			e.Records.Policies = append(e.Records.Policies, Policy{Provenance: term("policies.csv:9", "2022-10-15", "2023-06-30"), PolicyID: "i9", GrowerID: "anna", Crop: "winter_wheat", Area: 6000_00})
		}, ""},

		{"cover of last year's rice that reaches into this year", func(e *CountyEvidence) {
			e.Records.Policies = append(e.Records.Policies, Policy{Provenance: term("policies.csv:9", "2023-05-15", "2024-01-10"), PolicyID: "i9", GrowerID: "anna", Crop: "rice", Area: 18000_00})
		}, ""},

		{"subsidy for another crop", func(e *CountyEvidence) { e.Records.Subsidies[0].Crop = "soybean" }, "anna/p1/SUBSIDY_CROP_DIFFERS"},
		{"subsidy for the second declared crop", func(e *CountyEvidence) {
			e.Records.Subsidies[0].Crop = "maize"
			e.Records.Declarations = append(e.Records.Declarations, Declaration{Provenance: rec("declarations.csv:9"), GrowerID: "anna", ParcelID: "p1", Season: "2024", Crop: "maize"})
			e.plot("plot-a").Past = nil // maize would be new there
		}, ""},
		{"subsidy on undeclared land", func(e *CountyEvidence) { e.Records.Subsidies[0].ParcelID = "p7" }, ""},

		{"two growers claim", func(e *CountyEvidence) {
			e.Records.Subsidies = append(e.Records.Subsidies, Subsidy{Provenance: rec("subsidies.csv:9"), SubsidyID: "s9", GrowerID: "zoe", ParcelID: "p3", Season: "2024", Crop: "winter_wheat"})
		}, "bert/p3/SUBSIDY_TWICE zoe/p3/SUBSIDY_TWICE"},
		{"one grower claims twice", func(e *CountyEvidence) {
			e.Records.Subsidies = append(e.Records.Subsidies, Subsidy{Provenance: rec("subsidies.csv:9"), SubsidyID: "s9", GrowerID: "bert", ParcelID: "p3", Season: "2024", Crop: "winter_wheat"})
		}, "bert/p3/SUBSIDY_TWICE"},
		{"claimed last season too", func(e *CountyEvidence) {
			e.Records.Subsidies = append(e.Records.Subsidies, Subsidy{Provenance: rec("subsidies.csv:9"), SubsidyID: "s9", GrowerID: "bert", ParcelID: "p3", Season: "2023", Crop: "winter_wheat"})
		}, ""},

		{"leased to two", func(e *CountyEvidence) {
			e.Records.Transfers = append(e.Records.Transfers, lease("9", "p2", "olga", "zoe", "2024-01-01", "2024-12-31"))
		}, "anna/p2/LEASE_OVERLAP olga/p2/LEASE_OVERLAP zoe/p2/LEASE_OVERLAP"},
		{"leased to one after the other", func(e *CountyEvidence) {
			e.Records.Transfers[0].ValidTo = day("2024-08-31")
			e.Records.Transfers = append(e.Records.Transfers, lease("9", "p2", "olga", "zoe", "2024-09-01", "2026-12-31"))
		}, ""},
		{"sub-lease", func(e *CountyEvidence) {
			e.Records.Transfers = append(e.Records.Transfers, lease("9", "p2", "anna", "zoe", "2024-07-01", "2024-12-31"))
		}, ""},

		{"lease outlives its contract", func(e *CountyEvidence) { e.Records.Transfers[0].ValidTo = day("2029-01-01") }, "anna/p2/LEASE_EXCEEDS_CONTRACT"},
		{"lease ends with its contract", func(e *CountyEvidence) { e.Records.Transfers[0].ValidTo = day("2028-12-31") }, ""},

		{"debt kept back", func(e *CountyEvidence) { e.Records.Roster[0].DeclaredDebt = 3999_99 }, "anna//UNDECLARED_DEBT"},
		{"debt off by ¥1,000", func(e *CountyEvidence) { e.Records.Roster[0].DeclaredDebt = 4000_00 }, ""},
		{"large debt off by 5 %", func(e *CountyEvidence) {
			e.Records.Debts[0].Outstanding, e.Records.Roster[0].DeclaredDebt = 100_000_00, 95_000_00
		}, ""},
		{"not on the roster", func(e *CountyEvidence) {
			e.Records.Debts = append(e.Records.Debts, Debt{Provenance: rec("debts.csv:9"), DebtID: "d9", GrowerID: "zoe", Lender: "bank-2", Outstanding: 9000_00})
		}, ""},

		{"polygons overlap 11 %", func(e *CountyEvidence) { e.Overlaps = []Overlap{{A: "p3", B: "p1", Area: 660_00}} }, "anna/p1/PARCEL_OVERLAP bert/p3/PARCEL_OVERLAP"},
		{"polygons overlap 10 %", func(e *CountyEvidence) { e.Overlaps = []Overlap{{A: "p3", B: "p1", Area: 600_00}} }, ""},

		{"contract 11 % off", func(e *CountyEvidence) { e.Records.Contracts[1].AreaM2 = 13_320 }, "anna/p2/CONTRACT_AREA_DIFFERS"},
		{"contract 10 % off", func(e *CountyEvidence) { e.Records.Contracts[1].AreaM2 = 10_800 }, ""},

		{"past due", func(e *CountyEvidence) { e.Records.Debts[0].DaysPastDue = 1 }, "anna//OVERDUE_DEBT"},

		{"another crop", func(e *CountyEvidence) { e.plot("plot-b").Cycles[0].Crop = "rapeseed" }, "bert/plot-b/CROP_DIFFERS"},
		{"another crop, unsure", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles[0].Crop, e.plot("plot-b").Cycles[0].Probability = "rapeseed", 7999
		}, ""},
		{"another crop, experimental class", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles[0].Crop, e.plot("plot-b").Cycles[0].InService = "rapeseed", false
		}, ""},
		{"another crop, not assessable", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles[0].Crop, e.plot("plot-b").Cycles[0].Assessable = "rapeseed", false
		}, ""},
		{"another crop, not past its peak", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles[0].Crop, e.plot("plot-b").Cycles[0].Peak = "rapeseed", day("2024-05-01") // as of 20 May, 19 days
		}, ""},
		{"another crop, out of its time of the year", func(e *CountyEvidence) { e.plot("plot-b").Cycles[0].Crop = "soybean" }, ""},
		{"a crop of the same group", func(e *CountyEvidence) { e.plot("plot-b").Cycles[0].Crop = "barley" }, ""},
		{"a crop that models do not know", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles[0].Crop, e.Records.Declarations[2].Crop, e.Records.Subsidies[2].Crop, e.Records.Policies[1].Crop = "grass", "peanut", "peanut", "peanut"
			e.Records.Policies[1].ValidTo = day("2024-10-31")
		}, ""},
		{"an undeclared crop before the declared one", func(e *CountyEvidence) {
			e.Records.Declarations[2].Crop, e.Records.Subsidies[2].Crop, e.Records.Policies[1].Crop = "maize", "maize", "maize"
			e.Records.Policies[1].ValidTo = day("2024-10-31")
			e.plot("plot-b").Past = nil
		}, ""},

		{"green before the declared crop, then the crop", func(e *CountyEvidence) {
			c := seenWheat(1)
			c.Crop, c.Peak, c.Current, c.Complete = "grass", day("2023-11-20"), false, true
			e.plot("plot-b").Cycles = append(e.plot("plot-b").Cycles, c)
		}, ""},

		{"nothing grows", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles, e.plot("plot-b").Vegetated = nil, false
		}, "bert/plot-b/LAND_FALLOW"},
		{"nothing grows yet", func(e *CountyEvidence) {
			e.AsOf = day("2024-04-14")
			e.plot("plot-b").Cycles, e.plot("plot-b").Vegetated = nil, false
		}, ""},
		{"nothing seen, too few clear dates", func(e *CountyEvidence) {
			p := e.plot("plot-b")
			p.Cycles, p.Vegetated, p.ClearDates = nil, false, 4
			e.Records.Policies = e.Records.Policies[:1]
		}, ""},
		{"nothing seen, no clear look since the crop was due", func(e *CountyEvidence) {
			p := e.plot("plot-b")
			p.Cycles, p.Vegetated, p.LastClear = nil, false, day("2024-04-14")
			e.Records.Policies = e.Records.Policies[:1]
		}, ""},
		{"nothing seen, no clear look while the crop should stand", func(e *CountyEvidence) {
			p := e.plot("plot-b")
			p.Cycles, p.Vegetated, p.LastClear = nil, false, day("2024-05-18")
			p.Looks = []Date{day("2024-01-10"), day("2024-02-10"), day("2024-03-10"), day("2024-03-30"), day("2024-05-18")} // due by 15 April, ripening from 6 May
			e.Records.Policies = e.Records.Policies[:1]
		}, ""},
		{"nothing seen on a look while the crop should stand", func(e *CountyEvidence) {
			p := e.plot("plot-b")
			p.Cycles, p.Vegetated, p.LastClear = nil, false, day("2024-05-18")
			p.Looks = []Date{day("2024-01-10"), day("2024-02-10"), day("2024-03-10"), day("2024-04-01"), day("2024-05-18")}
		}, "bert/plot-b/LAND_FALLOW"},
		{"nothing seen, too small", func(e *CountyEvidence) {
			p := e.plot("plot-b")
			p.Cycles, p.Vegetated, p.Assessable, p.Reason = nil, false, false, "too_few_pixels"
		}, ""},

		{"insured more than is seen", func(e *CountyEvidence) {
			e.Records.Policies[1].ParcelIDs = []string{"p3"}
			e.Records.Policies[1].Area = 22_000_00 // 10 % over the land: allowed there
			e.plot("plot-b").Area = 18_000_00      // 22 % over what is seen
		}, "bert//INSURED_AREA_EXCEEDS_SEEN"},
		{"another crop insured where the declared one is seen, though not surely", func(e *CountyEvidence) {
			e.AsOf = day("2024-06-20")
			c := &e.plot("plot-b").Cycles[0]
			c.Probability, c.Current, c.Complete = 7500, false, true
			e.Records.Policies[1].Crop, e.Records.Policies[1].ParcelIDs = "rapeseed", []string{"p3"}
		}, "bert//INSURED_AREA_EXCEEDS_SEEN"},
		{"another crop insured where a third is seen, not surely", func(e *CountyEvidence) {
			e.AsOf = day("2024-06-20")
			c := &e.plot("plot-b").Cycles[0]
			c.Crop, c.Probability, c.Current, c.Complete = "grass", 7500, false, true
			e.Records.Policies[1].Crop, e.Records.Policies[1].ParcelIDs = "rapeseed", []string{"p3"}
		}, ""},
		{"insured more than is seen, one plot not assessable", func(e *CountyEvidence) {
			e.Records.Policies[1].Area = 22_000_00
			e.plot("plot-b").Area = 18_000_00
			e.Plots = append(e.Plots, SeenPlot{PlotID: "plot-c", GrowerID: "bert", ParcelIDs: []string{"p4"}, Reason: "too_few_pixels"})
		}, ""},

		{"vineyard on basic farmland", func(e *CountyEvidence) {
			p := e.Parcels["p3"]
			p.Basic = true
			e.Parcels["p3"] = p
			e.plot("plot-b").Cycles[0].Crop = "grapes"
			e.Records.Declarations[2].Crop, e.Records.Subsidies[2].Crop, e.Records.Policies[1].Crop = "grapes", "grapes", "grapes"
			e.Records.Policies[1].ValidTo = day("2024-10-31")
			e.plot("plot-b").Past = nil
		}, "bert/plot-b/NON_GRAIN_ON_BASIC_FARMLAND"},
		{"wheat on basic farmland", func(e *CountyEvidence) {
			p := e.Parcels["p3"]
			p.Basic = true
			e.Parcels["p3"] = p
		}, ""},
		{"greenhouse on basic farmland", func(e *CountyEvidence) {
			p := e.Parcels["p3"]
			p.Basic = true
			e.Parcels["p3"] = p
			e.plot("plot-b").Cycles, e.plot("plot-b").Vegetated, e.plot("plot-b").BrightCover = nil, false, true
			e.Records.Policies = e.Records.Policies[:1]
		}, "bert/plot-b/NON_GRAIN_ON_BASIC_FARMLAND"},
		{"greenhouse on other land", func(e *CountyEvidence) {
			e.Records.Declarations, e.Records.Subsidies, e.Records.Policies = e.Records.Declarations[:2], e.Records.Subsidies[:2], e.Records.Policies[:1]
			e.plot("plot-b").Cycles, e.plot("plot-b").Vegetated, e.plot("plot-b").BrightCover = nil, false, true
		}, ""},

		{"new crop", func(e *CountyEvidence) {
			for i := range e.plot("plot-b").Past {
				e.plot("plot-b").Past[i].Crops = []string{"maize"}
			}
		}, "bert/plot-b/HISTORY_DIFFERS"},
		{"new crop, one season known", func(e *CountyEvidence) {
			e.plot("plot-b").Past = []PastSeason{{Season: "2023", Crops: []string{"maize"}, Yields: []Yield{4000}, Share: 10_000}}
		}, ""},

		{"received after as-of", func(e *CountyEvidence) {
			late := rec("subsidies.csv:9")
			late.Received = day("2024-05-21")
			e.Records.Subsidies = append(e.Records.Subsidies, Subsidy{Provenance: late, SubsidyID: "s9", GrowerID: "zoe", ParcelID: "p3", Season: "2024", Crop: "winter_wheat"})
		}, ""},
	} {
		ev := county()
		c.plant(ev)
		fs := CrossCheck(ev, cp)
		for _, f := range fs {
			raised[f.Code] = true
		}
		if got := found(fs); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
	for _, c := range Checks {
		if !raised[c.Code] {
			t.Errorf("no case here makes %s speak", c.Code)
		}
	}
}
