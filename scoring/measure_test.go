package scoring

import (
	"math"
	"slices"
	"testing"

	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// square is d degrees wide, at a corner of longitude and latitude.
func square(lon, lat, d float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{lon, lat}, {lon + d, lat}, {lon + d, lat + d}, {lon, lat + d}, {lon, lat}}}}
}

// Parcels a, b, c lie side by side, each 0.001° wide; ann farms a, bob b, nobody
// is known to farm c. ann's claim begins in the middle of a and reaches over b
// and the middle of c, so by hand it is a quarter hers and half his; bob's claim
// is b, all of which she claims. Parallels bend so little that hundredths of a
// percent cover it.
func TestMeasureClaims(t *testing.T) {
	ev := &CountyEvidence{SeasonID: "2024", Parcels: map[string]parcels.Parcel{}, Farmers: map[string]parcels.Farmer{
		"a": {ParcelID: "a", GrowerID: "ann"}, "b": {ParcelID: "b", GrowerID: "bob"}, "c": {ParcelID: "c"}}}
	for i, id := range []string{"a", "b", "c"} {
		shape := square(116+float64(i)*.001, 33, .001)
		ev.Parcels[id] = parcels.Parcel{ID: id, Polygon: shape, AreaM2: parcels.AreaM2(shape)}
	}
	wide := orb.MultiPolygon{{{{116.0005, 33}, {116.0025, 33}, {116.0025, 33.001}, {116.0005, 33.001}, {116.0005, 33}}}}
	claim := func(id, who, season string, shape orb.MultiPolygon) parcels.Claim {
		return parcels.Claim{ClaimID: id, GrowerID: who, Season: season, Polygon: shape, AreaM2: parcels.AreaM2(shape), Method: "drawn"}
	}
	ev.Records.Claims = []parcels.Claim{claim("k1", "ann", "2024", wide), claim("k2", "bob", "", square(116.001, 33, .001)), claim("k3", "bob", "2023", wide)}
	ev.MeasureClaims()
	if len(ev.Claims) != 2 || len(ev.ClaimPairs) != 1 {
		t.Fatalf("claims %+v, pairs %+v", ev.Claims, ev.ClaimPairs)
	}
	whole := float64(ev.Claims[0].Area)
	near := func(what string, got Area, share float64) {
		t.Helper()
		if math.Abs(float64(got)-share*whole) > 1e-4*whole {
			t.Errorf("%s: %d of %.0f, want the share %v", what, got, whole, share)
		}
	}
	near("hers", ev.Claims[0].Own, .25)
	near("his of hers", ev.Claims[0].Others, .5)
	near("bob's own", ev.Claims[1].Own, .5)
	near("both", ev.ClaimPairs[0].Area, .5)
	if ev.Claims[1].Others != 0 || len(ev.Claims[0].Parcels) != 3 {
		t.Errorf("%+v", ev.Claims)
	}
	for _, c := range ev.Records.Claims {
		if c.Polygon != nil || c.AreaM2 == 0 {
			t.Errorf("claim %s keeps its polygon, or lost its area", c.ClaimID)
		}
	}
}

// One degree of latitude is π/180 × 6,371,008.8 m = 111,195.1 m.
func TestMeasureHomes(t *testing.T) {
	const village, far = "341523101201", "341523102202"
	ev := &CountyEvidence{Parcels: map[string]parcels.Parcel{}, Farmers: map[string]parcels.Farmer{}}
	put := func(id, who string, lon, lat float64) {
		ev.Parcels[id] = parcels.Parcel{ID: id, Polygon: square(lon-.0005, lat-.0005, .001)}
		ev.Farmers[id] = parcels.Farmer{ParcelID: id, GrowerID: who}
	}
	put(village+"0000001", "ann", 116, 33)
	put(village+"0000002", "ann", 116, 34)
	put(village+"0000003", "son", 116, 33.5)
	put(village+"0000004", "zoe", 116, 33.5)
	ev.Records.People = []Person{
		{GrowerID: "ann", HouseholdID: "ann", Home: village}, {GrowerID: "son", HouseholdID: "ann"},
		{GrowerID: "bob", HouseholdID: "bob", Home: far}, {GrowerID: "zoe", HouseholdID: "zoe", Home: far},
	}
	ev.MeasureHomes(nil) // the village lies in the middle of its parcels: at 33.5°
	want := []Home{{"ann", village, village + "0000001", 55_598}, {"son", village, village + "0000003", 0}}
	if len(ev.Homes) != 2 || ev.Homes[0].GrowerID != "ann" || math.Abs(float64(ev.Homes[0].Metres-want[0].Metres)) > 2 || ev.Homes[1].Metres > 2 {
		t.Errorf("got %+v, want about %+v", ev.Homes, want)
	}
	ev.MeasureHomes(map[string]orb.Point{far: {116, 35}, village: {116, 33}})
	byGrower := map[string]Home{}
	for _, h := range ev.Homes {
		byGrower[h.GrowerID] = h
	}
	if h := byGrower["ann"]; h.ParcelID != village+"0000002" || math.Abs(float64(h.Metres)-111_195) > 2 {
		t.Errorf("ann: %+v", h)
	}
	// zoe registers in ann's village too: now the nearer of her homes counts.
	ev.Records.People = append([]Person{{GrowerID: "zoe", HouseholdID: "zoe", Home: village}}, ev.Records.People...)
	for range 2 {
		ev.MeasureHomes(map[string]orb.Point{far: {116, 35}, village: {116, 33}})
		for _, h := range ev.Homes {
			if h.GrowerID == "zoe" && (h.Village != village || math.Abs(float64(h.Metres)-55_598) > 2) {
				t.Errorf("zoe with two homes: %+v", h)
			}
		}
		slices.Reverse(ev.Records.People)
	}
	if h := byGrower["zoe"]; h.Village != far || math.Abs(float64(h.Metres)-166_793) > 2 {
		t.Errorf("zoe: %+v", h)
	}
}
