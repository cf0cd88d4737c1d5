package season

import (
	"testing"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
)

// A season looks for who farms what after each household has found the one of it
// who applies; the rule itself is tested in scoring.
func TestSeasonActsForHouseholds(t *testing.T) {
	p := &plan{asOf: parcels.Date{Year: 2024, Month: 5, Day: 20}}
	p.info.Counts = map[string]int{}
	p.records = scoring.Records{
		Contracts: []parcels.Contract{{ContractID: "c1", ParcelID: "p1", GrowerID: "head"}},
		Roster:    []scoring.RosterEntry{{GrowerID: "wife"}},
		People:    []scoring.Person{{GrowerID: "wife", HouseholdID: "head"}},
	}
	if err := p.findFarmers(t.Context()); err != nil {
		t.Fatal(err)
	}
	if who := p.records.Contracts[0].GrowerID; who != "wife" {
		t.Errorf("p1 is %s's, want the wife's, who alone applies", who)
	}
}
