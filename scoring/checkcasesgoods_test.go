package scoring

// goodsCases of the checks of money, sales, water and machines. anna can have
// farmed p1 and p2, 18,000 m² = 27 mu; the best wheat year of the county gave
// 420 kg/mu (2023), the survey of 2023 has ¥1,000 in all and ¥300 of rent.
func goodsCases() []checkCase {
	states := func(cost Fen, yield Yield) func(*CountyEvidence) {
		return func(e *CountyEvidence) { e.Records.Declarations[0].Cost, e.Records.Declarations[0].Yield = cost, yield }
	}
	rent := func(fen int64) func(*CountyEvidence) {
		return func(e *CountyEvidence) { e.Records.Transfers[0].RentFenPerMu = fen }
	}
	sold := func(kg int64, day0 string) func(*CountyEvidence) {
		return func(e *CountyEvidence) {
			e.Records.Purchases = append(e.Records.Purchases, Purchase{Provenance: rec("purchases.csv:2"), GrowerID: "anna", Crop: "winter_wheat", Day: day(day0), Grams: kg * 1000})
		}
	}
	water := func(m3 int64, from, to, use string) func(*CountyEvidence) {
		return func(e *CountyEvidence) {
			e.Records.Meters = append(e.Records.Meters, Meter{Provenance: term("meters.csv:2", from, to), MeterID: "m1", GrowerID: "anna", Kind: "water", Amount: m3 * 1000, Use: use})
		}
	}
	machine := func(id string, kw int64) func(*CountyEvidence) {
		return func(e *CountyEvidence) {
			e.Records.Machines = append(e.Records.Machines, Machine{Provenance: rec("machinery.csv:" + id), MachineID: id, GrowerID: "anna", Kind: "tractor", Watts: kw * 1000})
		}
	}
	return []checkCase{
		{"COST_OFF_SURVEY", "61 % above", states(1610_00, 0), "anna//COST_OFF_SURVEY"},
		{"COST_OFF_SURVEY", "60 % above", states(1600_00, 0), ""},
		{"COST_OFF_SURVEY", "61 % below", states(390_00, 0), "anna//COST_OFF_SURVEY"},
		{"COST_OFF_SURVEY", "no survey of the crop", func(e *CountyEvidence) {
			states(9000_00, 0)(e)
			e.Records.Costs[0].Crop = "rice"
		}, ""},

		{"RENT_OFF_SURVEY", "¥1 more than 75 % above", rent(526_00), "anna/p2/RENT_OFF_SURVEY"},
		{"RENT_OFF_SURVEY", "75 % above", rent(525_00), ""},
		{"RENT_OFF_SURVEY", "75 % below", rent(75_00), ""},
		{"RENT_OFF_SURVEY", "next to nothing", rent(74_00), "anna/p2/RENT_OFF_SURVEY"},

		// 420 × 1.3 = 546 kg/mu; the land's own past is (400 + 420) / 2 = 410, × 1.3 = 533.
		{"YIELD_HISTORY_IMPLAUSIBLE", "546.1 kg/mu", states(0, 5461), "anna//YIELD_HISTORY_IMPLAUSIBLE"},
		{"YIELD_HISTORY_IMPLAUSIBLE", "546 kg/mu", states(0, 5460), ""},
		{"YIELD_HISTORY_IMPLAUSIBLE", "the land has borne as much", func(e *CountyEvidence) {
			states(0, 5461)(e)
			for i := range e.plot("plot-a").Past {
				e.plot("plot-a").Past[i].Yields = []Yield{4300}
			}
		}, ""},

		// 27 mu × 420 kg × 1.3 = 14 742 kg.
		{"SALES_EXCEED_LAND", "14,743 kg", sold(14_743, "2024-01-10"), "anna//SALES_EXCEED_LAND"},
		{"SALES_EXCEED_LAND", "14,742 kg", sold(14_742, "2024-01-10"), ""},
		{"SALES_EXCEED_LAND", "sold more than a year ago", sold(20_000, "2023-05-21"), ""},
		{"SALES_EXCEED_LAND", "land that he gave back last year counts", func(e *CountyEvidence) {
			sold(20_000, "2024-01-10")(e)
			e.Records.Transfers = append(e.Records.Transfers, leaseOf("9", "p3", "bert", "anna", "2022-01-01", "2023-08-31"))
		}, ""},

		// 27 mu × 1,500 m³ = 40 500 m³.
		{"METER_EXCEEDS_LAND", "40,501 m³", water(40_501, "2023-07-01", "2024-03-31", "irrigation"), "anna//METER_EXCEEDS_LAND"},
		{"METER_EXCEEDS_LAND", "40,500 m³", water(40_500, "2023-07-01", "2024-03-31", "irrigation"), ""},
		{"METER_EXCEEDS_LAND", "of the house", water(90_000, "2023-07-01", "2024-03-31", "home"), ""},
		{"METER_EXCEEDS_LAND", "a reading of two years", water(90_000, "2022-03-31", "2024-03-31", "irrigation"), ""},

		// 27 mu × 20 kW = 540 kW.
		{"MACHINERY_EXCEEDS_LAND", "541 kW", func(e *CountyEvidence) { machine("a", 441)(e); machine("b", 100)(e) }, "anna//MACHINERY_EXCEEDS_LAND"},
		{"MACHINERY_EXCEEDS_LAND", "540 kW", machine("a", 540), ""},
		{"MACHINERY_EXCEEDS_LAND", "a tractor on a garden", func(e *CountyEvidence) {
			machine("a", 150)(e)
			for _, id := range []string{"p1", "p2"} {
				p := e.Parcels[id]
				p.AreaM2, p.SurveyedM2 = 60, 60
				e.Parcels[id] = p
			}
			e.Records.Contracts[0].AreaM2, e.Records.Contracts[1].AreaM2, e.Records.Policies[0].Area = 60, 60, 120_00
		}, ""},
	}
}
