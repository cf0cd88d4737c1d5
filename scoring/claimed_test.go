package scoring

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// boxOf is a box of so many m² with its south-west corner at lon, 31° N, one
// thousandth of a degree wide; from and to cut a part of its width.
func boxOf(lon, m2, from, to float64) orb.MultiPolygon {
	box := func(tall float64) orb.MultiPolygon {
		w, e := lon+0.001*from, lon+0.001*to
		return orb.MultiPolygon{{{{w, 31}, {e, 31}, {e, 31 + tall}, {w, 31 + tall}, {w, 31}}}}
	}
	full := orb.MultiPolygon{{{{lon, 31}, {lon + 0.001, 31}, {lon + 0.001, 31.001}, {lon, 31.001}, {lon, 31}}}}
	return box(0.001 * m2 / parcels.AreaM2(full))
}

// mapped is the county with polygons: p1 and p2 side by side, p3 apart.
func mapped() (*CountyEvidence, []parcels.Parcel) {
	ev := county()
	var land []parcels.Parcel
	for id, lon := range map[string]float64{"p1": 115, "p2": 115.001, "p3": 115.01} {
		p := ev.Parcels[id]
		p.Polygon = boxOf(lon, p.AreaM2, 0, 1)
		land = append(land, p)
	}
	return ev, land
}

func claimOf(who, crop string, shape orb.MultiPolygon) parcels.Claim {
	c := parcels.Claim{Provenance: rec("claim:" + who), ClaimID: "Q-" + who, GrowerID: who, Season: "2024", Crop: crop, Method: "walked", Polygon: shape, AreaM2: parcels.AreaM2(shape)}
	c.Received = day("2024-05-30") // after as-of
	return c
}

func codesOf(fs []Finding) string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Code+"@"+f.ParcelID)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// A claim is judged as the batch judges the county with the claim, and what it
// declares, among the records. The wanted findings and areas are worked out from
// the county of county_test.go: p1 has 6,000 m², p2 12,000, p3 20,000.
func TestClaimedAsTheBatch(t *testing.T) {
	cp := goldenPolicy(t, nil)
	both := append(boxOf(115, 6000, 0, 1), boxOf(115.001, 12000, 0, 1)...)
	for _, c := range []struct {
		name    string
		claim   parcels.Claim
		others  []parcels.Claim
		sown    []Declaration // what the claim declares
		instead bool          // of what is declared there

		new     string
		own     Area // within 1 m²
		foreign Area
		applied bool
	}{
		{name: "own land as declared", claim: claimOf("anna", "winter_wheat", boxOf(115, 6000, 0, 1)), own: 6000_00, applied: true},
		{name: "half of a neighbour's", claim: claimOf("anna", "winter_wheat", boxOf(115.01, 20000, 0, .5)), sown: []Declaration{{ParcelID: "p3", Area: 10000_00}},
			new: "CLAIM_OFF_REGISTRY@ NOT_THE_FARMER@p3", foreign: 10000_00, applied: true},
		{name: "two growers on the same half", claim: claimOf("anna", "", boxOf(115.01, 20000, 0, .5)), others: []parcels.Claim{claimOf("bert", "winter_wheat", boxOf(115.01, 20000, .25, 1))},
			new: "CLAIMS_OVERLAP@ CLAIM_OFF_REGISTRY@", foreign: 10000_00, applied: true}, // 5,000 m² shared of the smaller 10,000
		{name: "leased out, and no applicant", claim: claimOf("olga", "winter_wheat", boxOf(115.001, 12000, 0, 1)), sown: []Declaration{{ParcelID: "p2"}},
			new: "CLAIM_OFF_REGISTRY@ LEASED_OUT_YET_CLAIMED@p2", foreign: 12000_00},
		{name: "a second crop after the wheat", claim: claimOf("anna", "maize", both), sown: []Declaration{{ParcelID: "p1"}, {ParcelID: "p2"}}, new: "HISTORY_DIFFERS@plot-a", own: 18000_00, applied: true},
		{name: "another crop in its time", claim: claimOf("anna", "rapeseed", both), sown: []Declaration{{ParcelID: "p1"}, {ParcelID: "p2"}}, instead: true,
			new: "CROP_DIFFERS@plot-a HISTORY_DIFFERS@plot-a SUBSIDY_CROP_DIFFERS@p1 SUBSIDY_CROP_DIFFERS@p2", own: 18000_00, applied: true},
		{name: "outside the registry", claim: claimOf("bert", "winter_wheat", boxOf(115.02, 5000, 0, 1)), new: "CLAIM_OFF_REGISTRY@", applied: true},
		{name: "a corner of a parcel", claim: claimOf("bert", "winter_wheat", append(boxOf(115.01, 20000, .9, 1), boxOf(115.02, 5000, 0, 1)...)), new: "CLAIM_OFF_REGISTRY@", own: 2000_00, applied: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			ev, land := mapped()
			got := NewCounty(ev, cp).Claimed(c.claim, c.others, land)
			near := func(a, b Area) bool { return a-b < 100 && b-a < 100 }
			if codesOf(got.New) != c.new || !near(got.Lie.Own, c.own) || !near(got.Lie.Others, c.foreign) || (got.Decision != nil) != c.applied {
				t.Errorf("%s, own %s, others' %s, decision %v", codesOf(got.New), Mu(got.Lie.Own), Mu(got.Lie.Others), got.Decision)
			}

			// The batch: polygons, claim, others and what is sown among the records.
			all, land := mapped()
			for _, p := range land {
				all.Parcels[p.ID] = p
			}
			first := c.claim
			first.Received = all.AsOf
			all.Records.Claims = append([]parcels.Claim{first}, c.others...)
			all.MeasureClaims()
			for i := range all.Records.Claims[1:] { // known later than as-of, they count on the map alone
				all.Records.Claims[1+i].Received = day("2024-05-30")
			}
			for _, d := range c.sown {
				all.Records.Declarations = slices.DeleteFunc(all.Records.Declarations, func(o Declaration) bool {
					return c.instead && o.GrowerID == c.claim.GrowerID && o.ParcelID == d.ParcelID
				})
				for _, l := range got.Land { // the area to the centimetre; that it is right to the metre is said above
					if l.Parcel.ID == d.ParcelID && d.Area != 0 && near(d.Area, l.Area) {
						d.Area = l.Area
					}
				}
				d.Provenance, d.GrowerID, d.Season, d.Crop = first.Provenance, first.GrowerID, "2024", first.Crop
				all.Records.Declarations = append(all.Records.Declarations, d)
			}
			findings, decisions := Judge(all, cp)
			var own []Finding
			for _, f := range findings {
				if f.GrowerID == c.claim.GrowerID {
					own = append(own, f)
				}
			}
			if mine := append(slices.Clone(got.New), got.Standing...); codesOf(mine) != codesOf(own) {
				t.Errorf("%s, the batch finds %s", codesOf(mine), codesOf(own))
			}
			for _, d := range decisions {
				if d.GrowerID != c.claim.GrowerID {
					continue
				}
				a, _ := json.Marshal(got.Decision)
				if b, _ := json.Marshal(d); string(a) != string(b) {
					t.Errorf("claimed:\n%s\nbatch:\n%s", a, b)
				}
			}
		})
	}
}

// A claim that one of a household drew is his who acts for it, and so are others'.
func TestClaimedByTheHousehold(t *testing.T) {
	ev, land := mapped()
	ev.Records.Roster[0].ActsFor = []string{"carla"} // anna applies
	c := NewCounty(ev, goldenPolicy(t, nil))
	others := []parcels.Claim{claimOf("carla", "", boxOf(115, 6000, 0, 1))}
	got := c.Claimed(claimOf("carla", "winter_wheat", boxOf(115, 6000, 0, 1)), nil, land)
	if codesOf(got.New) != "" || got.Lie.GrowerID != "anna" || got.Lie.Own != got.Lie.Area || got.Decision == nil || got.Decision.GrowerID != "anna" {
		t.Errorf("%s %+v %v", codesOf(got.New), got.Lie, got.Decision)
	}
	if got := c.Claimed(claimOf("anna", "", boxOf(115, 6000, 0, 1)), others, land); codesOf(got.New) != "" || others[0].GrowerID != "carla" {
		t.Errorf("%s, the other claim is %s's now", codesOf(got.New), others[0].GrowerID)
	}
}
