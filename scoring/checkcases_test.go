package scoring

import "github.com/parus-lending/parus/parcels"

// checkCase changes the clean county and names all findings that must follow,
// or just misses a fault and wants none. Written from the words of each check,
// by hand.
type checkCase struct {
	code  string // the check that it tries
	name  string
	plant func(*CountyEvidence)
	want  string // grower/land/code, in order
}

func leaseOf(id, parcel, from, to, a, z string) parcels.Transfer {
	return parcels.Transfer{Provenance: term("transfers.csv:"+id, a, z), TransferID: id, ParcelID: parcel, From: from, To: to, AreaM2: 6000}
}

// recordCases of the checks of land, insurance, subsidies and debts.
func recordCases() []checkCase {
	return []checkCase{
		{"LEASE_ENDS_BEFORE_HARVEST", "lease ends a day early", func(e *CountyEvidence) { e.Records.Transfers[0].ValidTo = day("2024-06-14") }, "anna/p2/LEASE_ENDS_BEFORE_HARVEST"},
		{"LEASE_ENDS_BEFORE_HARVEST", "lease ends on the harvest day", func(e *CountyEvidence) { e.Records.Transfers[0].ValidTo = day("2024-06-15") }, ""},
		{"LEASE_ENDS_BEFORE_HARVEST", "lease is renewed in time", func(e *CountyEvidence) {
			e.Records.Transfers[0].ValidTo = day("2024-05-31")
			e.Records.Transfers = append(e.Records.Transfers, leaseOf("9", "p2", "olga", "anna", "2024-06-01", "2026-12-31"))
		}, ""},
		{"LEASE_ENDS_BEFORE_HARVEST", "lease ended before as-of", func(e *CountyEvidence) {
			e.Records.Transfers[0].ValidTo = day("2024-03-31")
			e.Farmers["p2"] = parcels.Farmer{ParcelID: "p2", GrowerID: "olga", OwnerID: "olga"}
		}, "anna/p2/LEASE_ENDS_BEFORE_HARVEST"},

		{"LEASED_OUT_YET_CLAIMED", "giver declares", func(e *CountyEvidence) {
			e.Records.Declarations = append(e.Records.Declarations, Declaration{Provenance: rec("declarations.csv:9"), GrowerID: "olga", ParcelID: "p2", Season: "2024", Crop: "winter_wheat"})
		}, "olga/p2/LEASED_OUT_YET_CLAIMED"},
		{"LEASED_OUT_YET_CLAIMED", "giver insures", func(e *CountyEvidence) {
			e.Records.Policies = append(e.Records.Policies, Policy{Provenance: term("policies.csv:9", "2024-03-01", "2024-10-31"), PolicyID: "i9", GrowerID: "olga", Crop: "maize", Area: 12000_00, ParcelIDs: []string{"p2"}})
		}, "olga/p2/LEASED_OUT_YET_CLAIMED"},
		{"LEASED_OUT_YET_CLAIMED", "giver leases out only after his harvest", func(e *CountyEvidence) {
			e.Records.Transfers = append(e.Records.Transfers, leaseOf("9", "p3", "bert", "anna", "2024-06-20", "2027-12-31"))
		}, ""},

		{"NOT_THE_FARMER", "stranger declares", func(e *CountyEvidence) {
			e.Records.Declarations = append(e.Records.Declarations, Declaration{Provenance: rec("declarations.csv:9"), GrowerID: "zoe", ParcelID: "p3", Season: "2024", Crop: "winter_wheat"})
		}, "zoe/p3/NOT_THE_FARMER"},
		{"NOT_THE_FARMER", "stranger declares in another season", func(e *CountyEvidence) {
			e.Records.Declarations = append(e.Records.Declarations, Declaration{Provenance: rec("declarations.csv:9"), GrowerID: "zoe", ParcelID: "p3", Season: "2023", Crop: "winter_wheat"})
		}, ""},
		{"NOT_THE_FARMER", "a member of the farmer's household declares", func(e *CountyEvidence) {
			e.Records.Declarations = append(e.Records.Declarations, Declaration{Provenance: rec("declarations.csv:9"), GrowerID: "wife", ParcelID: "p3", Season: "2024", Crop: "winter_wheat"})
			e.Records.People = append(e.Records.People, Person{Provenance: rec("members.csv:2"), GrowerID: "wife", HouseholdID: "bert", Relation: "spouse"})
		}, ""},
		{"NOT_THE_FARMER", "nobody is known to farm it", func(e *CountyEvidence) {
			e.Records.Declarations = append(e.Records.Declarations, Declaration{Provenance: rec("declarations.csv:9"), GrowerID: "zoe", ParcelID: "p9", Season: "2024", Crop: "maize"})
		}, ""},

		{"LAND_PLEDGED_TWICE", "second lender", func(e *CountyEvidence) {
			e.Records.Debts = append(e.Records.Debts, Debt{Provenance: rec("debts.csv:9"), DebtID: "d9", GrowerID: "anna", Lender: "bank-2", Purpose: "other", Outstanding: 200_00, ParcelIDs: []string{"p1"}})
		}, "anna/p1/LAND_PLEDGED_TWICE"},
		{"LAND_PLEDGED_TWICE", "second lender was repaid", func(e *CountyEvidence) {
			e.Records.Debts = append(e.Records.Debts, Debt{Provenance: rec("debts.csv:9"), DebtID: "d9", GrowerID: "anna", Lender: "bank-2", Purpose: "other", Outstanding: 0, ParcelIDs: []string{"p1"}})
		}, ""},
		{"LAND_PLEDGED_TWICE", "second lender's older report", func(e *CountyEvidence) {
			d := Debt{Provenance: rec("debts.csv:9"), DebtID: "d9", GrowerID: "anna", Lender: "bank-2", Purpose: "other", Outstanding: 200_00, ParcelIDs: []string{"p1"}}
			paid := d
			paid.Received, paid.Outstanding = day("2024-04-01"), 0
			e.Records.Debts = append(e.Records.Debts, paid, d)
		}, ""},
		{"LAND_PLEDGED_TWICE", "same lender twice", func(e *CountyEvidence) {
			e.Records.Debts = append(e.Records.Debts, Debt{Provenance: rec("debts.csv:9"), DebtID: "d9", GrowerID: "anna", Lender: "bank-1", Purpose: "other", Outstanding: 200_00, ParcelIDs: []string{"p1"}})
		}, ""},

		{"INSURED_TWICE", "insured twice", func(e *CountyEvidence) {
			e.Records.Policies = append(e.Records.Policies, Policy{Provenance: term("policies.csv:9", "2024-03-01", "2024-06-30"), PolicyID: "i9", GrowerID: "anna", Crop: "winter_wheat", Area: 6000_00, ParcelIDs: []string{"p1"}})
		}, "anna/p1/INSURED_TWICE"},
		{"INSURED_TWICE", "insured for the next crop", func(e *CountyEvidence) {
			e.Records.Policies = append(e.Records.Policies, Policy{Provenance: term("policies.csv:9", "2024-06-10", "2024-10-31"), PolicyID: "i9", GrowerID: "anna", Crop: "maize", Area: 6000_00, ParcelIDs: []string{"p1"}})
		}, ""},

		{"INSURED_AREA_EXCEEDS_LAND", "insured 11 % too much", func(e *CountyEvidence) { e.Records.Policies[0].Area = 19_980_00 }, "anna//INSURED_AREA_EXCEEDS_LAND"},
		{"INSURED_AREA_EXCEEDS_LAND", "insured 10 % too much", func(e *CountyEvidence) { e.Records.Policies[0].Area = 19_800_00 }, ""},
		{"INSURED_AREA_EXCEEDS_LAND", "area-only policy over all land", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles[0].Assessable = false // imagery silent
			e.Records.Policies[1].Area = 40_000_00
		}, "bert//INSURED_AREA_EXCEEDS_LAND"},
		{"INSURED_AREA_EXCEEDS_LAND", "insured land is not in the registry", func(e *CountyEvidence) {
			e.Records.Policies[0].ParcelIDs = []string{"p1", "p8"}
		}, ""},

		{"POLICY_ENDS_BEFORE_HARVEST", "cover ends a day early", func(e *CountyEvidence) { e.Records.Policies[0].ValidTo = day("2024-06-14") }, "anna//POLICY_ENDS_BEFORE_HARVEST"},
		{"POLICY_ENDS_BEFORE_HARVEST", "cover of last season", func(e *CountyEvidence) {
			e.Records.Policies = append(e.Records.Policies, Policy{Provenance: term("policies.csv:9", "2022-10-15", "2023-06-30"), PolicyID: "i9", GrowerID: "anna", Crop: "winter_wheat", Area: 6000_00})
		}, ""},

		{"POLICY_ENDS_BEFORE_HARVEST", "cover of last year's rice that reaches into this year", func(e *CountyEvidence) {
			e.Records.Policies = append(e.Records.Policies, Policy{Provenance: term("policies.csv:9", "2023-05-15", "2024-01-10"), PolicyID: "i9", GrowerID: "anna", Crop: "rice", Area: 18000_00})
		}, ""},

		{"SUBSIDY_CROP_DIFFERS", "subsidy for another crop", func(e *CountyEvidence) { e.Records.Subsidies[0].Crop = "soybean" }, "anna/p1/SUBSIDY_CROP_DIFFERS"},
		{"SUBSIDY_CROP_DIFFERS", "subsidy for the second declared crop", func(e *CountyEvidence) {
			e.Records.Subsidies[0].Crop = "maize"
			e.Records.Declarations = append(e.Records.Declarations, Declaration{Provenance: rec("declarations.csv:9"), GrowerID: "anna", ParcelID: "p1", Season: "2024", Crop: "maize"})
			e.plot("plot-a").Past = nil // maize would be new there
		}, ""},
		{"SUBSIDY_CROP_DIFFERS", "subsidy on undeclared land", func(e *CountyEvidence) { e.Records.Subsidies[0].ParcelID = "p7" }, ""},

		{"SUBSIDY_TWICE", "two growers claim", func(e *CountyEvidence) {
			e.Records.Subsidies = append(e.Records.Subsidies, Subsidy{Provenance: rec("subsidies.csv:9"), SubsidyID: "s9", GrowerID: "zoe", ParcelID: "p3", Season: "2024", Crop: "winter_wheat"})
		}, "bert/p3/SUBSIDY_TWICE zoe/p3/SUBSIDY_TWICE"},
		{"SUBSIDY_TWICE", "one grower claims twice", func(e *CountyEvidence) {
			e.Records.Subsidies = append(e.Records.Subsidies, Subsidy{Provenance: rec("subsidies.csv:9"), SubsidyID: "s9", GrowerID: "bert", ParcelID: "p3", Season: "2024", Crop: "winter_wheat"})
		}, "bert/p3/SUBSIDY_TWICE"},
		{"SUBSIDY_TWICE", "claimed last season too", func(e *CountyEvidence) {
			e.Records.Subsidies = append(e.Records.Subsidies, Subsidy{Provenance: rec("subsidies.csv:9"), SubsidyID: "s9", GrowerID: "bert", ParcelID: "p3", Season: "2023", Crop: "winter_wheat"})
		}, ""},

		{"LEASE_OVERLAP", "leased to two", func(e *CountyEvidence) {
			e.Records.Transfers = append(e.Records.Transfers, leaseOf("9", "p2", "olga", "zoe", "2024-01-01", "2024-12-31"))
		}, "anna/p2/LEASE_OVERLAP olga/p2/LEASE_OVERLAP zoe/p2/LEASE_OVERLAP"},
		{"LEASE_OVERLAP", "leased to one after the other", func(e *CountyEvidence) {
			e.Records.Transfers[0].ValidTo = day("2024-08-31")
			e.Records.Transfers = append(e.Records.Transfers, leaseOf("9", "p2", "olga", "zoe", "2024-09-01", "2026-12-31"))
		}, ""},
		{"LEASE_OVERLAP", "sub-lease", func(e *CountyEvidence) {
			e.Records.Transfers = append(e.Records.Transfers, leaseOf("9", "p2", "anna", "zoe", "2024-07-01", "2024-12-31"))
		}, ""},

		{"LEASE_EXCEEDS_CONTRACT", "lease outlives its contract", func(e *CountyEvidence) { e.Records.Transfers[0].ValidTo = day("2029-01-01") }, "anna/p2/LEASE_EXCEEDS_CONTRACT"},
		{"LEASE_EXCEEDS_CONTRACT", "lease ends with its contract", func(e *CountyEvidence) { e.Records.Transfers[0].ValidTo = day("2028-12-31") }, ""},

		{"UNDECLARED_DEBT", "debt kept back", func(e *CountyEvidence) { e.Records.Roster[0].DeclaredDebt = 3999_99 }, "anna//UNDECLARED_DEBT"},
		{"UNDECLARED_DEBT", "debt off by ¥1,000", func(e *CountyEvidence) { e.Records.Roster[0].DeclaredDebt = 4000_00 }, ""},
		{"UNDECLARED_DEBT", "large debt off by 5 %", func(e *CountyEvidence) {
			e.Records.Debts[0].Outstanding, e.Records.Roster[0].DeclaredDebt = 100_000_00, 95_000_00
		}, ""},
		{"UNDECLARED_DEBT", "not on the roster", func(e *CountyEvidence) {
			e.Records.Debts = append(e.Records.Debts, Debt{Provenance: rec("debts.csv:9"), DebtID: "d9", GrowerID: "zoe", Lender: "bank-2", Outstanding: 9000_00})
		}, ""},

		{"PARCEL_OVERLAP", "polygons overlap 11 %", func(e *CountyEvidence) { e.Overlaps = []Overlap{{A: "p3", B: "p1", Area: 660_00}} }, "anna/p1/PARCEL_OVERLAP bert/p3/PARCEL_OVERLAP"},
		{"PARCEL_OVERLAP", "polygons overlap 10 %", func(e *CountyEvidence) { e.Overlaps = []Overlap{{A: "p3", B: "p1", Area: 600_00}} }, ""},

		{"CONTRACT_AREA_DIFFERS", "contract 11 % off", func(e *CountyEvidence) { e.Records.Contracts[1].AreaM2 = 13_320 }, "anna/p2/CONTRACT_AREA_DIFFERS"},
		{"CONTRACT_AREA_DIFFERS", "contract 10 % off", func(e *CountyEvidence) { e.Records.Contracts[1].AreaM2 = 10_800 }, ""},

		{"OVERDUE_DEBT", "past due", func(e *CountyEvidence) { e.Records.Debts[0].DaysPastDue = 1 }, "anna//OVERDUE_DEBT"},
		{"OVERDUE_DEBT", "was past due, repaid since", func(e *CountyEvidence) { e.Records.Debts[0].DaysPastDue, e.Records.Debts[0].Outstanding = 40, 0 }, ""},

		{"SUBSIDY_TWICE", "received after as-of", func(e *CountyEvidence) {
			late := rec("subsidies.csv:9")
			late.Received = day("2024-05-21")
			e.Records.Subsidies = append(e.Records.Subsidies, Subsidy{Provenance: late, SubsidyID: "s9", GrowerID: "zoe", ParcelID: "p3", Season: "2024", Crop: "winter_wheat"})
		}, ""},
	}
}
