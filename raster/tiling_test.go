package raster

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// GDAL 3.6 (PROJ, gdaltransform) gives these for the same places.
func TestUTMPoint(t *testing.T) {
	for _, c := range []struct {
		epsg     int
		lon, lat float64
		x, y     float64
	}{
		{32650, 115.9, 31.7, 395759.3541273809, 3507709.589720251},
		{32631, 3.0193041564133343, 50.8130872818997, 501360.0, 5629039.999999999},
		{32720, -61, -33, 686847.2227853367, 6346936.4957081545},
		{32651, 119.5, 31.0, 165770.5024313907, 3434863.76191228}, // in its neighbour's zone
		{4491, 75.2, 39.4, 13517227.3156115, 4362930.7899171},     // Gauss-Krüger of 6°, zone in the easting
		{4501, 134.1, 47.9, 23432707.7652674, 5307700.81888647},
		{4502, 75.2, 39.4, 517227.315611481, 4362930.7899171}, // without it
		{4509, 117.5, 31.7, 547400.029662212, 3508695.85807809},
		{4513, 75.2, 39.4, 25517227.3156115, 4362930.7899171}, // of 3°
		{4527, 115.9, 31.7, 39395717.6411834, 3509113.23491512},
		{4533, 135.9, 48.2, 45566902.5116947, 5341057.77531085},
		{4548, 115.9, 31.7, 395717.641183382, 3509113.23491512},
		{4554, 135.9, 48.2, 566902.511694711, 5341057.77531085},
		{4552, 123.4, 18.2, -93161.208197584, 2022192.55038626}, // 5.6° from its meridian
	} {
		p, ok := utmPoint(orb.Point{c.lon, c.lat}, c.epsg)
		if !ok || math.Hypot(p[0]-c.x, p[1]-c.y) > 1e-3 {
			t.Errorf("EPSG:%d: %v, want %.4f %.4f", c.epsg, p, c.x, c.y)
		}
	}
	for _, epsg := range []int{0, 3857, 4326, 4490, 4555, 32600, 32661, 32761} {
		if _, ok := utmPoint(orb.Point{0, 0}, epsg); ok {
			t.Errorf("EPSG:%d was taken for a zone", epsg)
		}
	}
	for lonlat, zone := range map[orb.Point]int{{115.9, 31.7}: 50, {-180, 0}: 1, {180, 0}: 1, {5, 60}: 32, {10, 78}: 33, {-61, -33}: 20} {
		if z := utmZone(lonlat); z != zone {
			t.Errorf("zone of %v = %d, want %d", lonlat, z, zone)
		}
	}
}

func tileScene(id, tile string, epsg, day int, x0, y0 float64, foot orb.Ring) Scene {
	g := Grid{EPSG: epsg, X0: x0, Y0: y0, Res: 10, Width: 10980, Height: 10980}
	return Scene{ID: id, Tile: tile, EPSG: epsg, Time: time.Date(2024, 5, day, 3, 0, 0, 0, time.UTC), Assets: map[Band]Asset{B02: {Href: id, Grid: g}}, Footprint: orb.Polygon{foot}}
}

// Three real neighbours around 117–120° E, 31.6° N: 50RPV and 50RQV share a
// zone and a grid, 51RTQ lies in the next.
func TestHomeAndFillers(t *testing.T) {
	scenes := []Scene{
		tileScene("a1", "50RPV", 32650, 1, 600000, 3600000, rect(118.05, 31.5, 119.3, 32.55)),
		tileScene("b2", "50RQV", 32650, 2, 699960, 3600000, rect(119.1, 31.5, 120.35, 32.55)),
		tileScene("c2", "51RTQ", 32651, 2, 199980, 3600000, rect(119.0, 31.5, 120.2, 32.55)),
		tileScene("b1", "50RQV", 32650, 1, 699960, 3600000, rect(119.1, 31.5, 120.35, 32.55)),
	}
	tl := NewTiling(scenes)
	// 119.15 E, 32.0 N is x = 703,0xx m in zone 50: 6.7 km from the right edge of
	// 50RPV, 3.1 km from the left edge of 50RQV: the first holds it deeper.
	c, ok := tl.Home(orb.Point{119.15, 32})
	if !ok || c.Tile != "50RPV" || c.EPSG != 32650 {
		t.Errorf("home %+v", c)
	}
	p, _ := utmPoint(orb.Point{119.15, 32}, 32650)
	if c.Col != int((p[0]-600000)/10240) || c.Row != int((3600000-p[1])/10240) || c != cellAt(scenes[0].tile(), tl.Grid(c), p) {
		t.Errorf("cell %+v of %v", c, p)
	}
	// 120.05 E lies in zone 51: its own zone wins, however deep the other is.
	if c, ok := tl.Home(orb.Point{120.05, 32}); !ok || c.Tile != "51RTQ" {
		t.Errorf("home %+v", c)
	}
	if _, ok := tl.Home(orb.Point{100, 32}); ok {
		t.Error("a place in no tile has a home")
	}
	// On day 2 the home tile has no scene: 50RQV fills (its grid lies 99,960 m =
	// 4,998 pixels of 20 m away), 51RTQ cannot, and is named.
	var ids string
	for _, s := range tl.Scenes(c) {
		ids += s.ID + " "
	}
	if ids != "a1 b2 " {
		t.Errorf("scenes %q", ids)
	}
	if left := tl.LeftOut(c); len(left) != 1 || left[0].Scene.ID != "c2" || left[0].Why == "" {
		t.Errorf("left out %v", left)
	}
	if c.ID() != "50RPV_010_005" {
		t.Errorf("ID %s", c.ID())
	}
}

// Imagery in CGCS2000: the zones of 3° around 117° and 120° E meet at 118.5°. A
// place is at home in the zone of its nearest meridian, though it lies deeper in
// the other's tile. A CRS of another kind is named and holds no place.
func TestHomeInGaussKrueger(t *testing.T) {
	tile := func(id string, epsg int, lon float64) Scene { // around (lon, 32)
		p, _ := utmPoint(orb.Point{lon, 32}, epsg)
		return tileScene(id, id, epsg, 1, math.Round(p[0])-54900, math.Round(p[1])+54900, rect(117, 31, 120, 33))
	}
	for _, c := range []struct {
		west, east, lon float64
		want            Cell
	}{
		{118, 118.7, 118.45, Cell{4548, "west", 9, 5}}, // 12 km inside west, 31 km inside east
		{118.3, 119, 118.55, Cell{4549, "east", 1, 5}}, // the other way round
	} {
		tl := NewTiling([]Scene{tile("west", 4548, c.west), tile("east", 4549, c.east), tileScene("web", "web", 3857, 1, 13000000, 3800000, rect(117, 31, 120, 33))})
		if got, ok := tl.Home(orb.Point{c.lon, 32}); !ok || got != c.want {
			t.Errorf("home of %g° E is %+v, want %+v", c.lon, got, c.want)
		}
		if left := tl.Unplaced(); len(left) != 1 || left[0].Scene.ID != "web" || !strings.Contains(left[0].Why, "EPSG:3857") {
			t.Errorf("unplaced %v", left)
		}
	}
}

func TestSelectScenes(t *testing.T) {
	foot := rect(118, 31, 119, 32)
	old := tileScene("old", "50RPV", 32650, 1, 600000, 3600000, foot)
	old.Baseline = "02.12"
	re := old
	re.ID, re.Baseline = "reprocessed", "05.00"
	twin := re
	other := tileScene("other", "50RQV", 32650, 1, 699960, 3600000, foot)
	later := tileScene("later", "50RPV", 32650, 3, 600000, 3600000, foot)
	for _, order := range [][]Scene{{old, re, twin, other, later}, {later, other, twin, re, old}, {re, later, old, twin, other}} {
		used, left := SelectScenes(order)
		if len(used) != 3 || used[0].ID != "other" || used[1].ID != "reprocessed" || used[2].ID != "later" {
			t.Errorf("used %v", used)
		}
		if len(left) != 2 {
			t.Errorf("left %v", left)
		}
	}
}

// Against PyEphem 4 (geometric, no refraction).
func TestSunPosition(t *testing.T) {
	for _, c := range []struct {
		at              time.Time
		lon, lat        float64
		zenith, azimuth float64
	}{
		{time.Date(2018, 7, 15, 10, 53, 0, 0, time.UTC), 3.024, 50.816, 31.6572, 152.2588},
		{time.Date(2024, 6, 10, 3, 5, 41, 0, time.UTC), 115.9, 31.7, 17.7974, 114.7620},
		{time.Date(2024, 12, 21, 3, 20, 0, 0, time.UTC), 109.5, 18.3, 46.0927, 154.1413},
		{time.Date(2023, 1, 5, 15, 30, 0, 0, time.UTC), -61, -33, 13.5482, 42.2981},
	} {
		z, a := SunPosition(c.at, c.lon, c.lat)
		if math.Abs(z-c.zenith) > 0.02 || math.Abs(a-c.azimuth) > 0.05 {
			t.Errorf("%v: zenith %.4f azimuth %.4f, want %.4f %.4f", c.at, z, a, c.zenith, c.azimuth)
		}
	}
}
