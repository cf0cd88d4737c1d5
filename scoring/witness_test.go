package scoring

import (
	"fmt"
	"strings"
	"testing"
)

// anna's plot: p1 6,000 m² (contract 5,700, declared 5,000) and p2 12,000 m², 150
// pixels wholly inside. By hand: contracts 5,700 + 12,000; the smallest of p1 is
// the claim, of p2 all agree; seen 150 × 100 m² to the whole 18,000.
func TestLandAreas(t *testing.T) {
	ev := county()
	ev.Records.Contracts[0].AreaM2 = 5700
	ev.Records.Declarations[0].Area = 5000_00
	ev.Claims = []ClaimOnLand{{ClaimID: "k1", GrowerID: "anna", Area: 5900_00, Parcels: []string{"p1"}}, {ClaimID: "k2", GrowerID: "anna", Area: 300_00, Parcels: []string{"p1", "p3"}}}
	p := ev.plot("plot-b") // bare
	p.Cycles, p.Vegetated = nil, false
	areas, _ := Witnesses(ev, defaults(t))
	if len(areas) != 4 || areas[0].PlotID != "" || areas[1].PlotID != "plot-a" || areas[3].PlotID != "plot-b" {
		t.Fatalf("%+v", areas)
	}
	a := areas[1]
	got := fmt.Sprint(a.Contract, a.Leased, a.Surveyed, a.Claimed, a.Drawn, a.Polygon, a.SeenLow, a.SeenHigh, a.Counts, a.CountedBy)
	if want := "1770000 1200000 1800000 500000 590000 1800000 1500000 1800000 1700000 [claimed contract]"; got != want {
		t.Errorf("plot-a:\n got %s\nwant %s", got, want)
	}
	if sum := areas[0]; sum.Drawn != 6200_00 || sum.Counts != 17_000_00 || !sum.Seen {
		t.Errorf("anna: %+v", sum)
	}
	// 20,000 m² bare, 170 pixels inside: at most the rim, 3,000 m², can bear something.
	if b := areas[3]; !b.Seen || b.SeenLow != 0 || b.SeenHigh != 3000_00 {
		t.Errorf("plot-b: %+v", b)
	}
	ev.plot("plot-a").Assessable = false
	areas, _ = Witnesses(ev, defaults(t))
	if areas[0].Seen || areas[1].Seen || areas[1].SeenHigh != 0 {
		t.Errorf("land that cannot be judged is not seen: %+v", areas[1])
	}
	ev.Records.Declarations[2].Crop = "mushroom"
	if areas, _ = Witnesses(ev, defaults(t)); areas[3].Seen {
		t.Errorf("sheds are not judged by what grows: %+v", areas[3])
	}
}

// On plot-b the self says wheat on 24,000 m², government wheat and 20,000,
// the partner (once the policy names the land) maize on 20,000, imagery wheat on 17,000 to 20,000.
func TestAgreements(t *testing.T) {
	ev := county()
	ev.Records.Declarations[2].Area = 24_000_00
	ev.Records.Policies[1].Crop, ev.Records.Policies[1].ParcelIDs = "maize", []string{"p3"}
	ev.Records.Policies[1].ValidFrom, ev.Records.Policies[1].ValidTo = day("2024-06-01"), day("2024-10-31")
	_, as := Witnesses(ev, defaults(t))
	var crop, area Agreement
	for _, a := range as {
		if a.PlotID == "plot-b" && a.Subject == "crop" {
			crop = a
		}
		if a.PlotID == "plot-b" && a.Subject == "area" {
			area = a
		}
	}
	if strings.Join(crop.Says[:], " ") != "winter_wheat winter_wheat maize winter_wheat" ||
		strings.Join(crop.Agree, " ") != "self-government self-satellite government-satellite" ||
		strings.Join(crop.Differ, " ") != "self-partner government-partner partner-satellite" {
		t.Errorf("crop: %+v", crop)
	}
	// 24,000 m² = 36 mu; 20,000 = 30; 17,000 = 25.5. 36 > 30 × 1.1.
	if strings.Join(area.Says[:], " | ") != "36.00 mu | 30.00 mu | 30.00 mu | 25.50–30.00 mu" ||
		strings.Join(area.Agree, " ") != "government-partner government-satellite partner-satellite" ||
		strings.Join(area.Differ, " ") != "self-government self-partner self-satellite" {
		t.Errorf("area: %+v", area)
	}
}
