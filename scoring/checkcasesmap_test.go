package scoring

// mapCases of the checks of claims and homes.
func mapCases() []checkCase {
	claim := func(own, others Area) func(*CountyEvidence) {
		return func(e *CountyEvidence) {
			e.Claims = append(e.Claims, ClaimOnLand{ClaimID: "k1", GrowerID: "anna", Source: "claims.csv:2", Method: "walked", Area: 6000_00, Own: own, Others: others, Parcels: []string{"p1", "p3"}})
		}
	}
	pair := func(a, b string, shared Area) func(*CountyEvidence) {
		return func(e *CountyEvidence) {
			e.ClaimPairs = append(e.ClaimPairs, ClaimPair{ClaimA: "k2", ClaimB: "k1", GrowerA: b, GrowerB: a, SourceA: "claims.csv:3", SourceB: "claims.csv:2", AreaA: 6000_00, AreaB: 20_000_00, Area: shared})
		}
	}
	home := func(metres int64) func(*CountyEvidence) {
		return func(e *CountyEvidence) {
			e.Homes = append(e.Homes, Home{GrowerID: "bert", Village: "341523101201", ParcelID: "p3", Metres: metres})
		}
	}
	return []checkCase{
		{"CLAIM_OFF_REGISTRY", "600.01 of 6,000 m² are not his", claim(5399_99, 400_00), "anna//CLAIM_OFF_REGISTRY"},
		{"CLAIM_OFF_REGISTRY", "a tenth is not his", claim(5400_00, 0), ""},
		{"CLAIM_OFF_REGISTRY", "nobody knows who farms what", func(e *CountyEvidence) {
			claim(0, 0)(e)
			e.Records.Feeds["contracts"] = FeedState{}
		}, ""},
		{"CLAIMS_OVERLAP", "600.01 m² of the smaller, 6,000 m²", pair("anna", "bert", 600_01), "anna//CLAIMS_OVERLAP bert//CLAIMS_OVERLAP"},
		{"CLAIMS_OVERLAP", "a tenth of the smaller", pair("anna", "bert", 600_00), ""},
		{"CLAIMS_OVERLAP", "drawn twice by one grower", pair("anna", "anna", 6000_00), ""},
		{"HOME_FAR_FROM_LAND", "50,001 m", home(50_001), "bert//HOME_FAR_FROM_LAND"},
		{"HOME_FAR_FROM_LAND", "50 km", home(50_000), ""},
	}
}
