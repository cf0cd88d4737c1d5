package parcels_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// The wanted values are those that the test files of eviltransform give for
// Shanghai, Shenzhen and Beijing. That library divides by an axis of 6 378 137 m
// where the formula as first published has 6 378 245 m: 1.7e-5 of an offset of
// some 0.006 degrees, hence 2e-7.
func TestGCJ02OfThreeCities(t *testing.T) {
	for _, x := range [][4]float64{ // latitude, longitude in WGS 84, then in GCJ-02
		{31.1774276, 121.5272106, 31.17530398364597, 121.531541859215},
		{22.543847, 113.912316, 22.540796131694766, 113.9171764808363},
		{39.911954, 116.377817, 39.91334545536069, 116.38404722455657},
	} {
		got := parcels.ToGCJ02(orb.Point{x[1], x[0]})
		if math.Abs(got[0]-x[3]) > 2e-7 || math.Abs(got[1]-x[2]) > 2e-7 {
			t.Errorf("%v goes to %v, want %v, %v", x[:2], got, x[3], x[2])
		}
	}
	if p := (orb.Point{2.35, 48.86}); parcels.ToGCJ02(p) != p {
		t.Error("Paris was moved")
	}
}

// There and back is the same place to 1e-9 degree, all over China.
func TestGCJ02ThereAndBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		p := orb.Point{73 + 62*rng.Float64(), 3.5 + 50*rng.Float64()}
		q := parcels.ToGCJ02(p)
		back, err := parcels.FromGCJ02(q)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(back[0]-p[0]) > 1e-9 || math.Abs(back[1]-p[1]) > 1e-9 {
			t.Fatalf("%v went to %v and came back to %v", p, q, back)
		}
		if d := math.Hypot((q[0]-p[0])*math.Cos(p[1]*math.Pi/180), q[1]-p[1]) * 111_200; d < 20 || d > 1000 {
			t.Fatalf("%v was moved by %.0f m", p, d)
		}
	}
}

// A field in Jinzhai, 115.9 E 31.7 N, in every form that registries write. The
// eastings come from Project, whose own tests compare it with PROJ; the zones by
// hand: 115.9 lies nearest to 117 (zone 39; 4513 + 39 − 25 = 4527, without number
// 4548), and in the six-degree zone of 117 (20: 4491 + 20 − 13 = 4498).
func TestDetectCGCS2000(t *testing.T) {
	field := orb.MultiPolygon{{{{115.9, 31.7}, {115.91, 31.7}, {115.91, 31.71}, {115.9, 31.7}}}}
	near := orb.Point{115.88, 31.72}
	for _, x := range []struct {
		epsg int
		near orb.Point
		want int
	}{{4527, orb.Point{}, 4527}, {4498, orb.Point{}, 4498}, {4548, near, 4548}, {4490, orb.Point{}, 4490}} {
		mp := field
		if x.epsg != 4490 {
			var err error
			if mp, err = parcels.Project(field, x.epsg); err != nil {
				t.Fatal(err)
			}
		}
		for _, swapped := range []bool{false, true} {
			if swapped {
				mp = parcels.SwapAxes(mp)
			}
			got, err := parcels.DetectCGCS2000(mp.Bound(), x.near)
			if err != nil || got.EPSG != x.want || got.Swapped != swapped || !strings.Contains(got.Why, "assumed") {
				t.Errorf("EPSG:%d swapped %v: %+v %v", x.epsg, swapped, got, err)
			}
		}
	}
	mp, _ := parcels.Project(field, 4548)
	if _, err := parcels.DetectCGCS2000(mp.Bound(), orb.Point{}); err == nil || !strings.Contains(err.Error(), "say where the county lies") {
		t.Errorf("eastings without a number and no place: %v", err)
	}
	if _, err := parcels.DetectCGCS2000(mp.Bound(), orb.Point{115.9, 45}); err == nil {
		t.Error("a county 1500 km away fits")
	}
	for _, b := range []orb.Bound{{Min: orb.Point{2, 48}, Max: orb.Point{3, 49}}, {Min: orb.Point{math.NaN(), 0}}, {Min: orb.Point{1e9, 1e9}, Max: orb.Point{1e9, 1e9}}} {
		if got, err := parcels.DetectCGCS2000(b, near); err == nil {
			t.Errorf("%v is %+v", b, got)
		}
	}
}

// Every zone with its number in the easting is told from land on its meridian.
func TestEveryPrefixedZone(t *testing.T) {
	for _, zones := range [][3]int{{4513, 4533, 3}, {4491, 4501, 6}} {
		for epsg := zones[0]; epsg <= zones[1]; epsg++ {
			lon := 75 + float64(epsg-zones[0])*float64(zones[2])
			mp, err := parcels.Project(orb.MultiPolygon{{{{lon - 1, 30}, {lon + 1, 30}, {lon + 1, 31}, {lon - 1, 30}}}}, epsg)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := parcels.DetectCGCS2000(mp.Bound(), orb.Point{}); err != nil || got.EPSG != epsg {
				t.Errorf("EPSG:%d: %+v %v", epsg, got, err)
			}
		}
	}
}
