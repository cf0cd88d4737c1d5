package scoring

import (
	"reflect"
	"testing"
	"time"

	"github.com/parus-lending/parus/parcels"
)

// A witness leads to what its record says, with units, and to nothing that a
// reader has no business with.
func TestRecordOfAWitness(t *testing.T) {
	day := func(y, m, d int) Date {
		return parcels.DateOf(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC))
	}
	ev := &CountyEvidence{County: "341523", SeasonID: "2024", SeasonFrom: day(2024, 1, 1), SeasonTo: day(2024, 12, 31), AsOf: day(2024, 7, 15),
		Parcels: map[string]parcels.Parcel{"p1": {County: "341523", ID: "p1", Name: "东大田", AreaM2: 8700.256, SurveyedM2: 2000, Basic: true, SourceCRS: "EPSG:4490"}}, Farmers: map[string]parcels.Farmer{}}
	from := func(source string) parcels.Provenance {
		return parcels.Provenance{Source: source, Authority: "insurer", Received: day(2024, 3, 1), ValidFrom: day(2024, 4, 1), Checksum: "0123456789abcdef"}
	}
	ev.Records.Policies = []Policy{{Provenance: from("policies.csv:3")}, {Provenance: from("policies.csv:12"), PolicyID: "B1", GrowerID: "g", Crop: "rice", Area: AreaOfMu(14.81), ParcelIDs: []string{"p1", "p2"}, SumInsuredPerMu: FenOfYuan(1234.5)}}
	ev.Records.People = []Person{{Provenance: from("members.csv:2"), GrowerID: "g", Kind: "person", Born: day(1960, 2, 3)}}
	ev.Records.Machines = []Machine{{Provenance: from("machinery.csv:2"), MachineID: "M", Watts: 58_800}}
	cp, err := ParseCreditPolicy(DefaultCreditPolicy())
	if err != nil {
		t.Fatal(err)
	}
	c := NewCounty(ev, cp)
	known := []Number{{"authority", "insurer"}, {"valid_from", "2024-04-01"}, {"received", "2024-03-01"}}
	for _, want := range []struct {
		source, feed string
		says         []Number
	}{
		{"policies.csv:12", "policies", append(known[:3:3], Number{"policy_id", "B1"}, Number{"grower_id", "g"}, Number{"crop", "rice"}, Number{"area", "14.81 mu"}, Number{"parcel_ids", "p1, p2"}, Number{"sum_insured_per_mu", "¥1,234.50"})},
		{"members.csv:2", "people", append(known[:3:3], Number{"grower_id", "g"}, Number{"kind", "person"})}, // not when he was born
		{"machinery.csv:2", "machines", append(known[:3:3], Number{"machine_id", "M"}, Number{"watts", "58.800 kW"})},
		// 8700.256 m² × 3 / 2000 = 13.050384 mu; 2000 m² are 3 mu
		{"registry:p1", "registry", []Number{{"county", "341523"}, {"id", "p1"}, {"name", "东大田"}, {"source_crs", "EPSG:4490"}, {"area_m2", "13.05 mu"}, {"surveyed_m2", "3.00 mu"}, {"basic", "true"}}},
		{"policies.csv:13", "", nil}, {"registry:p2", "", nil}, {"", "", nil}, {"imagery", "", nil},
	} {
		feed, says, found := c.Record(want.source)
		if feed != want.feed || found != (want.feed != "") || !reflect.DeepEqual(says, want.says) {
			t.Errorf("%s: %s %v %t, want %s %v", want.source, feed, says, found, want.feed, want.says)
		}
	}
}
