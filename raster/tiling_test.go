package raster

import (
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// GDAL 3.6 (PROJ) gives these for the same places.
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
	} {
		p, ok := utmPoint(orb.Point{c.lon, c.lat}, c.epsg)
		if !ok || math.Hypot(p[0]-c.x, p[1]-c.y) > 1e-3 {
			t.Errorf("EPSG:%d: %v, want %.4f %.4f", c.epsg, p, c.x, c.y)
		}
	}
	if _, ok := utmPoint(orb.Point{0, 0}, 3857); ok {
		t.Error("Web Mercator was taken for UTM")
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
	if c.Col != int((p[0]-600000)/10240) || c.Row != int((3600000-p[1])/10240) || c != CellOf(scenes[0], tl.Grid(c), p) {
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
