package scoring

import (
	"slices"
	"testing"

	"github.com/parus-lending/parus/parcels"
)

// wifeApplies is the clean county where not bert but his wife carla applies, and
// their son dave owes a production loan of ¥500. Land and plots follow the
// records, as in a season.
func wifeApplies() *CountyEvidence {
	ev := county()
	r := &ev.Records
	r.Roster[1] = RosterEntry{Provenance: rec("roster.csv:3"), GrowerID: "carla", Kind: "household", DeclaredDebt: 500_00}
	r.People = []Person{
		{Provenance: rec("contractors.csv:2"), GrowerID: "bert", HouseholdID: "bert", Kind: "household"},
		{Provenance: rec("members.csv:2"), GrowerID: "carla", HouseholdID: "bert", Kind: "person", Relation: "spouse"},
		{Provenance: rec("members.csv:3"), GrowerID: "dave", HouseholdID: "bert", Kind: "person", Relation: "child"},
	}
	r.Debts = append(r.Debts, Debt{Provenance: rec("debts.csv:3"), DebtID: "d2", GrowerID: "dave", Lender: "bank-1", Purpose: "production", Season: "2024", Outstanding: 500_00, Due: day("2025-12-31")})
	return ev
}

// acted gives the land to who acts for it.
func acted(ev *CountyEvidence) *CountyEvidence {
	ev.Records.ActForHouseholds(ev.AsOf)
	ev.Farmers = parcels.Farmers([]string{"p1", "p2", "p3"}, ev.Records.Contracts, ev.Records.Transfers, ev.AsOf, ev.AsOf)
	ev.plot("plot-b").GrowerID = ev.Farmers["p3"].GrowerID
	return ev
}

// Whose p3 is and for whom he acts, by the rule as it is written.
func TestHouseholdActor(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Records)
		farmer string
		acts   []string // of the applicant who is not anna
	}{
		"the wife alone":           {func(*Records) {}, "carla", []string{"bert", "dave"}},
		"the head too":             {func(r *Records) { r.Roster = append(r.Roster, RosterEntry{GrowerID: "bert"}) }, "bert", nil},
		"wife and son":             {func(r *Records) { r.Roster = append(r.Roster, RosterEntry{GrowerID: "dave"}) }, "bert", nil},
		"nobody of them":           {func(r *Records) { r.Roster = r.Roster[:1] }, "bert", nil},
		"the wife has married out": {func(r *Records) { r.People[1].Note = "married_out" }, "bert", nil},
		"the wife leases land in": {func(r *Records) {
			r.Transfers = append(r.Transfers, parcels.Transfer{ParcelID: "p9", From: "olga", To: "carla"})
		}, "bert", nil},
		"the wife is of two": {func(r *Records) { r.People = append(r.People, Person{GrowerID: "carla", HouseholdID: "olga"}) }, "bert", nil},
		"the son has land": {func(r *Records) {
			r.Contracts = append(r.Contracts, parcels.Contract{ParcelID: "p9", GrowerID: "dave"})
		}, "carla", []string{"bert"}},
		"not yet known": {func(r *Records) { r.People[1].Received = day("2024-05-21") }, "bert", nil},
	} {
		ev := wifeApplies()
		c.change(&ev.Records)
		acted(ev)
		if got := ev.Farmers["p3"].GrowerID; got != c.farmer {
			t.Errorf("%s: %s farms p3, want %s", name, got, c.farmer)
		}
		for _, e := range ev.Records.Roster {
			if e.GrowerID == "carla" && !slices.Equal(e.ActsFor, c.acts) {
				t.Errorf("%s: carla acts for %v, want %v", name, e.ActsFor, c.acts)
			}
		}
	}
	ev := wifeApplies()
	ev.Records.Roster = append(ev.Records.Roster, RosterEntry{GrowerID: "bert"})
	if acted(ev); !slices.Equal(ev.Records.Roster[2].ActsFor, []string{"dave"}) { // carla applies herself
		t.Errorf("bert acts for %v, want dave", ev.Records.Roster[2].ActsFor)
	}
	if d := ev.Records.Debts[1]; d.GrowerID != "bert" {
		t.Errorf("dave's debt counts as %s's, want bert's", d.GrowerID)
	}
}
