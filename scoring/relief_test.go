package scoring

import "testing"

// Drought of level 2 over p2, 18 of anna's 27 mu (two thirds): the season's
// loan may be put off by 180 days; that for equipment and one 40 days behind
// may not.
func TestReliefAfterAProvenDisaster(t *testing.T) {
	cp := policyWith(t, "renew_within_days = 120", "renew_within_days = 30")
	with := func(place string, level int, loss Prob) []Extension {
		return decideAnna(t, cp, func(ev *CountyEvidence) {
			debt := func(id, purpose string, late int) Debt {
				return Debt{Provenance: rec("debts.csv:" + id), DebtID: id, GrowerID: "anna", Lender: "bank-1", Purpose: purpose, Season: "2024", Outstanding: 100_00, Due: day("2024-08-01"), DaysPastDue: late}
			}
			ev.Records.Debts = append(ev.Records.Debts, debt("d2", "production", 0), debt("d3", "equipment", 0), debt("d4", "production", 40))
			ev.Records.Disasters = []Disaster{{Provenance: term("disasters.csv:2", "2024-04-01", "2024-05-01"), NoticeID: "n1", Kind: "drought", Level: level, Places: []string{place}, Loss: loss}}
		}).Extensions
	}
	got := with("p2", 2, 0)
	if len(got) != 1 || got[0].DebtID != "d2" || got[0].NewDue != day("2025-01-28") || got[0].Notices[0] != "disasters.csv:2" {
		t.Errorf("%+v", got)
	}
	for what, got := range map[string][]Extension{"a third of the land": with("p1", 2, 0), "too light": with("p2", 3, 1000)} {
		if len(got) != 0 {
			t.Errorf("%s: %+v", what, got)
		}
	}
	if len(with("p2", 0, 3000)) != 1 {
		t.Error("a stated loss of 30 % proves it too")
	}
}
