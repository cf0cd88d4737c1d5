package parcels_test

import (
	"math"
	"strings"
	"testing"

	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

func dot(p orb.Point) orb.MultiPolygon { return orb.MultiPolygon{{{p}}} }

// Wanted values: PROJ 9.5.1 (through pyproj 3.7.2), printed to 1 µm.
func TestProjectAgreesWithPROJ(t *testing.T) {
	for _, c := range []struct {
		lon, lat float64
		epsg     int
		e, n     float64
	}{
		{115.5, 31.7, 32650, 357850.278072, 3508161.644553},
		{115.5, 31.7, 4527, 39357793.395430, 3509565.470643},
		{115.5, 31.7, 4548, 357793.395430, 3509565.470643},
		{117.999, 52.3, 32650, 568121.631799, 5794875.832296},
		{3.01, 51.2, 32631, 500698.674994, 5672066.073929},
		{21.5, -29.2, 32734, 548606.249176, 6769752.298169},
		{123.4, 18.2, 4552, -93161.208198, 2022192.550386},
		{75.2, 39.4, 4491, 13517227.315611, 4362930.789917},
		{131.9, 47.9, 4529, 42165171.073919, 5345788.209380},
		{0.5, 83.5, 32631, 468413.483031, 9272960.663649},
	} {
		mp, err := parcels.Project(dot(orb.Point{c.lon, c.lat}), c.epsg)
		if err != nil {
			t.Fatal(err)
		}
		got := mp[0][0][0]
		if math.Abs(got[0]-c.e) > 1e-6 || math.Abs(got[1]-c.n) > 1e-6 {
			t.Errorf("EPSG:%d (%g, %g) = %.6f, %.6f; want %.6f, %.6f", c.epsg, c.lon, c.lat, got[0], got[1], c.e, c.n)
		}
		back, err := parcels.Unproject(mp, c.epsg)
		if err != nil {
			t.Fatal(err)
		}
		if b := back[0][0][0]; math.Abs(b[0]-c.lon) > 2e-13 || math.Abs(b[1]-c.lat) > 2e-13 { // 1e-13° is 0.01 µm
			t.Errorf("EPSG:%d back: %v", c.epsg, b)
		}
	}
}

func TestProjectRefusesWhatItDoesNotKnow(t *testing.T) {
	if _, err := parcels.Project(dot(orb.Point{115, 31}), 3857); err == nil || !strings.Contains(err.Error(), "3857") {
		t.Error(err)
	}
	for _, p := range []orb.Point{{115, 91}, {math.NaN(), 3}, {115, math.Inf(1)}, {1, 31}} {
		if _, err := parcels.Project(dot(p), 32650); err == nil {
			t.Errorf("%v must be refused in zone 50", p)
		}
	}
	if _, err := parcels.Unproject(dot(orb.Point{39357793, 3509565}), 32650); err == nil {
		t.Error("a prefixed easting is not UTM")
	}
}

// Zone numbers by the definition of UTM; the Norwegian exception as in PROJ.
func TestUTMEPSG(t *testing.T) {
	for _, c := range []struct {
		lon, lat float64
		want     int
	}{{115.5, 31.7, 32650}, {114, 31, 32650}, {113.999, 31, 32649}, {-180, 1, 32601}, {180, 1, 32601}, {21.5, -29.2, 32734}, {5, 60, 32632}, {20, 78, 32633}, {3, 51, 32631}} {
		if got := parcels.UTMEPSG(c.lon, c.lat); got != c.want {
			t.Errorf("UTMEPSG(%g, %g) = %d, want %d", c.lon, c.lat, got, c.want)
		}
	}
}

func FuzzProjectRoundTrip(f *testing.F) {
	f.Add(115.5, 31.7)
	f.Add(179.9999, -79.0)
	f.Add(0.0, 0.0)
	f.Fuzz(func(t *testing.T, lon, lat float64) {
		if !(math.Abs(lon) < 180) || !(math.Abs(lat) < 84) {
			t.Skip()
		}
		epsg := parcels.UTMEPSG(lon, lat)
		mp, err := parcels.Project(dot(orb.Point{lon, lat}), epsg)
		if err != nil {
			t.Fatal(err)
		}
		back, err := parcels.Unproject(mp, epsg)
		if err != nil {
			t.Fatal(err)
		}
		if b := back[0][0][0]; math.Abs(math.Remainder(b[0]-lon, 360))*math.Cos(lat*math.Pi/180) > 1e-12 || math.Abs(b[1]-lat) > 1e-12 {
			t.Errorf("(%v, %v) came back as %v", lon, lat, b)
		}
	})
}
