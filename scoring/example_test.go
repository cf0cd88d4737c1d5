package scoring_test

import (
	"fmt"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
)

// One grower, one parcel of 30 mu of winter wheat, at planting: no imagery, no
// statistics, only the default credit policy's own numbers.
func ExampleDecide() {
	cp, err := scoring.ParseCreditPolicy(scoring.DefaultCreditPolicy())
	if err != nil {
		fmt.Println(err)
		return
	}
	received := parcels.Provenance{Source: "roster.csv:2", Received: parcels.Date{Year: 2023, Month: 9, Day: 1}}
	given := map[string]scoring.FeedState{}
	for _, f := range scoring.Feeds {
		given[f] = scoring.FeedState{Given: true}
	}
	ev := &scoring.CountyEvidence{
		County: "341523", SeasonID: "2024",
		SeasonFrom: parcels.Date{Year: 2023, Month: 10, Day: 1}, SeasonTo: parcels.Date{Year: 2024, Month: 9, Day: 30}, AsOf: parcels.Date{Year: 2023, Month: 10, Day: 1},
		Parcels: map[string]parcels.Parcel{"p1": {ID: "p1", AreaM2: 20_000, SurveyedM2: 20_000}},
		Farmers: map[string]parcels.Farmer{"p1": {ParcelID: "p1", GrowerID: "anna", OwnerID: "anna"}},
		Plots:   []scoring.SeenPlot{{PlotID: "plot-1", GrowerID: "anna", ParcelIDs: []string{"p1"}, Area: scoring.AreaOfM2(20_000)}},
		Records: scoring.Records{
			Roster:       []scoring.RosterEntry{{Provenance: received, GrowerID: "anna"}},
			Declarations: []scoring.Declaration{{Provenance: received, GrowerID: "anna", ParcelID: "p1", Season: "2024", Crop: "winter_wheat"}},
			Feeds:        given,
		},
	}
	for _, d := range scoring.Decide(ev, cp, scoring.CrossCheck(ev, cp)) {
		fmt.Println(d.GrowerID, d.Outcome, scoring.Yuan(d.Limit), "bound by", d.Binding, "until", d.TenorEnd)
		fmt.Println("rests on", d.RestsOn, "for", scoring.Mu(d.Area))
	}
	// need: 30 mu × ¥430 × 70 % = ¥9,030
	// Output:
	// anna admit ¥9,000.00 bound by need until 2024-08-14
	// rests on declaration for 30.00 mu
}
