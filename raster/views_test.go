package raster

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// slice is a radar scene with its own corner.
func slice(id string, at time.Time, g Grid, foot orb.Ring) Scene {
	return Scene{ID: id, EPSG: g.EPSG, Platform: "sentinel-1a", Orbit: "ascending 142", Time: at, Footprint: orb.Polygon{foot},
		Assets: map[Band]Asset{VV: {Href: id, Grid: g, Scale: 1}, VH: {Href: id, Grid: g, Scale: 1}}}
}

func served(views []View) string {
	var out []string
	for _, v := range views {
		out = append(out, fmt.Sprint(v.Scene.ID, v.Shapes))
	}
	return strings.Join(out, " ")
}

// Radar has no tile of its own where there is an optical one. Its scenes serve
// on the optical grid whatever the day, where their pixels line up, and fill no
// optical day.
func TestRadarServesOpticalTiles(t *testing.T) {
	noon := time.Date(2024, 5, 1, 10, 0, 0, 0, time.UTC)
	foot := rect(117, 30, 121, 34)
	big := func(x0, y0, res float64) Grid {
		return Grid{EPSG: 32650, X0: x0, Y0: y0, Res: res, Width: int(300000 / res), Height: int(200000 / res)}
	}
	other := big(400000, 3700000, 10)
	other.EPSG = 32651
	scenes := []Scene{
		tileScene("a1", "50RPV", 32650, 1, 600000, 3600000, rect(118.05, 31.5, 119.3, 32.55)),
		tileScene("b2", "50RQV", 32650, 2, 699960, 3600000, rect(119.1, 31.5, 120.35, 32.55)),
		slice("ten", noon, big(550010, 3650030, 10), foot),
		slice("twenty", noon.Add(time.Hour), big(550020, 3650040, 20), foot),
		slice("twenty_off", noon.Add(2*time.Hour), big(550010, 3650040, 20), foot),
		slice("half", noon.Add(3*time.Hour), big(550015, 3650040, 10), foot),
		slice("forty", noon.Add(4*time.Hour), big(550000, 3650040, 40), foot),
		slice("zone", noon.Add(5*time.Hour), other, foot),
		slice("away", noon.Add(6*time.Hour), big(550010, 3650030, 10), rect(100, 30, 101, 31)),
		slice("next_day", noon.AddDate(0, 0, 1), big(550010, 3650030, 10), foot),
	}
	for _, order := range [][]Scene{scenes, reversed(scenes)} {
		tl := NewTiling(order)
		c, ok := tl.Home(orb.Point{118.6, 32})
		if !ok || c.Tile != "50RPV" { // the radar grid holds it far deeper
			t.Fatalf("home %+v", c)
		}
		if got := ids(tl.Scenes(c)); got != "a1 ten twenty b2 next_day" {
			t.Errorf("scenes %q", got)
		}
		var left []Scene
		for _, l := range tl.LeftOut(c) {
			left = append(left, l.Scene)
			if l.Why == "" {
				t.Errorf("%s has no reason", l.Scene.ID)
			}
		}
		if got := ids(left); got != "twenty_off half forty zone" {
			t.Errorf("left out %q", got)
		}
	}
}

func reversed(s []Scene) []Scene {
	var out []Scene
	for i := range s {
		out = append(out, s[len(s)-1-i])
	}
	return out
}

// Where only radar lies, the scene that holds a place deepest is its tile; the
// others serve there where their pixels line up.
func TestRadarAlone(t *testing.T) {
	noon := time.Date(2024, 5, 1, 10, 0, 0, 0, time.UTC)
	g := Grid{EPSG: 32650, X0: 600000, Y0: 3600000, Res: 10, Width: 10000, Height: 10000}
	moved := g
	moved.X0 += 20010
	off := g
	off.X0 -= 30003
	foot := rect(117.9, 31.5, 119.5, 32.6)
	tl := NewTiling([]Scene{slice("a", noon, g, foot), slice("b", noon.AddDate(0, 0, 12), moved, foot), slice("c", noon.AddDate(0, 0, 24), off, foot)})
	// 118.6° E, 32° N is x = 651 km: 51 km inside a, 31 km inside b.
	c, ok := tl.Home(orb.Point{118.6, 32})
	if !ok || c.Tile != "S1_32650_600000_3600000" || tl.Grid(c) != g {
		t.Fatalf("home %+v", c)
	}
	if got := ids(tl.Scenes(c)); got != "a b" {
		t.Errorf("scenes %q", got)
	}
	if left := tl.LeftOut(c); len(left) != 1 || left[0].Scene.ID != "c" {
		t.Errorf("left out %v", left)
	}
}

// Around the corner of three tiles of one zone, home 50RPV: on day 2 its two
// neighbours fill, and where both hold a field the deeper one serves, once.
func TestViewsOfFillersAtACorner(t *testing.T) {
	tl := NewTiling([]Scene{
		tileScene("home1", "50RPV", 32650, 1, 600000, 3600000, rect(118, 31.4, 119.4, 32.6)),
		tileScene("home3", "50RPV", 32650, 3, 600000, 3600000, rect(118, 31.4, 119.4, 32.6)),
		tileScene("east1", "50RQV", 32650, 1, 699960, 3600000, rect(119.05, 31.4, 120.4, 32.6)),
		tileScene("east2", "50RQV", 32650, 2, 699960, 3600000, rect(119.05, 31.4, 120.4, 32.6)),
		tileScene("south2", "50RPU", 32650, 2, 600000, 3500040, rect(118, 30.5, 119.4, 31.7)),
	})
	// In metres: 50RQV from x = 699,960; 50RPU down from y = 3,500,040; 50RPV ends
	// at x = 709,800 and y = 3,490,200.
	field := func(id string, x, y float64) Shape {
		return Shape{ID: id, Polygon: orb.MultiPolygon{{rect(x, y, x+100, y+100)}}}
	}
	shapes := []Shape{
		field("both, deeper east", 705000, 3499000),
		field("both, deeper south", 701000, 3493000),
		field("east alone", 705000, 3520000),
		field("south alone", 650000, 3493000),
		field("across the edge of east", 699910, 3493000), // half of it lies in east
	}
	views := tl.Views(Cell{EPSG: 32650, Tile: "50RPV"}, shapes)
	if got := served(views); got != "home1[0 1 2 3 4] east2[0 2] south2[1 3 4] home3[0 1 2 3 4]" {
		t.Errorf("views %s", got)
	}
}

// Two slices of one radar pass: their grids (north up) overlap widely, their
// slanted footprints little. A field is observed in the slice that saw it; the
// pass of another satellite and that of the other orbit stand for themselves.
func TestViewsOfRadarSlices(t *testing.T) {
	at := time.Date(2024, 5, 1, 10, 0, 0, 0, time.UTC)
	g := Grid{EPSG: 32650, X0: 550000, Y0: 3700000, Res: 10, Width: 25000, Height: 25000}
	south, north := g, g
	north.Y0 += 50000
	// The seam runs from 31.9° N at 118° E up to 32.3° N at 120° E.
	lower := orb.Ring{{118, 31}, {120, 31.4}, {120, 32.31}, {118, 31.91}, {118, 31}}
	upper := orb.Ring{{118, 31.9}, {120, 32.3}, {120, 33.2}, {118, 32.8}, {118, 31.9}}
	other := slice("down", at.Add(3*time.Minute), south, lower)
	other.Orbit = "descending 3"
	twin := slice("twin", at.Add(5*time.Minute), south, lower)
	twin.Platform = "sentinel-1c"
	scenes := []Scene{
		tileScene("optical", "50RPV", 32650, 1, 600000, 3600000, rect(118.05, 31.5, 119.3, 32.55)),
		slice("lower", at, south, lower), slice("upper", at.Add(25*time.Second), north, upper), other, twin,
	}
	used, left := SelectScenes(scenes)
	if len(used) != 5 || len(left) != 0 {
		t.Fatalf("left out %v", left)
	}
	tl := NewTiling(used)
	field := func(lon, lat float64) Shape {
		p, _ := utmPoint(orb.Point{lon, lat}, 32650)
		return Shape{Polygon: orb.MultiPolygon{{rect(p[0], p[1], p[0]+100, p[1]+100)}}}
	}
	// At 119° E the seam lies at 32.1° N, at 118.2° at 31.94°.
	shapes := []Shape{field(119, 32.05), field(119, 32.15), field(118.2, 32.05), field(119.2, 32.05)}
	if got := served(tl.Views(Cell{EPSG: 32650, Tile: "50RPV"}, shapes)); got != "optical[0 1 2 3] lower[0 3] upper[1 2] down[0 1 2 3] twin[0 1 2 3]" {
		t.Errorf("views %s", got)
	}
}

// Radar of one pass is twice the same look only where grid, band and most of
// the ground are the same.
func TestSelectRadar(t *testing.T) {
	at := time.Date(2024, 5, 1, 10, 0, 0, 0, time.UTC)
	g := Grid{EPSG: 32650, X0: 600000, Y0: 3600000, Res: 10, Width: 10980, Height: 10980}
	foot := rect(118, 31, 119, 32)
	first := slice("first", at, g, foot)
	change := func(f func(s *Scene)) Scene {
		s := slice("second", at.Add(25*time.Second), g, foot)
		f(&s)
		return s
	}
	for _, c := range []struct {
		name  string
		s     Scene
		twice bool
	}{
		{"processed twice", change(func(*Scene) {}), true},
		{"no orbit told", change(func(s *Scene) { s.Orbit = "" }), true},
		{"three quarters of the ground", change(func(s *Scene) { s.Footprint = orb.Polygon{rect(118, 31.25, 119, 32.25)} }), true},
		{"a quarter of the ground, in one tiled grid", change(func(s *Scene) { s.Footprint = orb.Polygon{rect(118, 31.75, 119, 32.75)} }), false},
		{"another corner", change(func(s *Scene) {
			h := g
			h.Y0 += 150000
			s.Assets = map[Band]Asset{VV: {Grid: h}, VH: {Grid: h}}
		}), false},
		{"another size", change(func(s *Scene) {
			h := g
			h.Width = 5000
			s.Assets = map[Band]Asset{VV: {Grid: h}, VH: {Grid: h}}
		}), false},
		{"another orbit", change(func(s *Scene) { s.Orbit = "descending 3" }), false},
		{"another satellite", change(func(s *Scene) { s.Platform = "sentinel-1c" }), false},
		{"later", change(func(s *Scene) { s.Time = at.Add(11 * time.Minute) }), false},
		{"optical at the same time", tileScene("second", "", 32650, 1, 600000, 3600000, foot), false},
	} {
		if c.s.Time.Day() == 1 && c.s.Time.Hour() == 3 {
			c.s.Time = at
		}
		used, left := SelectScenes([]Scene{first, c.s})
		if twice := len(used) == 1 && len(left) == 1; twice != c.twice || len(used)+len(left) != 2 {
			t.Errorf("%s: used %q, left out %d", c.name, ids(used), len(left))
		}
	}
	// One band each, in items of their own: both are needed.
	vv, vh := first, change(func(s *Scene) { s.Assets = map[Band]Asset{VH: {Grid: g}} })
	vv.Assets = map[Band]Asset{VV: {Grid: g}}
	if used, _ := SelectScenes([]Scene{vv, vh}); len(used) != 2 {
		t.Errorf("of VV and VH in two items %q is used", ids(used))
	}
}

// Radar has no radiometric offset: it is not sampled, and nothing is said of it.
func TestRadarIsNotSettled(t *testing.T) {
	at := time.Date(2024, 5, 1, 10, 0, 0, 0, time.UTC)
	foot := rect(118, 31, 119, 32)
	scenes := []Scene{
		slice("radar", at, Grid{EPSG: 32650, X0: 600000, Y0: 3600000, Res: 10, Width: 10980, Height: 10980}, foot),
		tileScene("optical", "50RPV", 32650, 1, 600000, 3600000, foot),
	}
	var asked []string
	var steps int
	warns, err := SettleScenes(context.Background(), []Reader{floats{}}, scenes, func(_ context.Context, _ Reader, s Scene) (Sample, error) {
		asked = append(asked, s.ID)
		return Sample{}, nil
	}, func() { steps++ })
	if err != nil || len(warns) > 0 || strings.Join(asked, " ") != "optical" || steps != 2 {
		t.Errorf("asked %v, %d steps, warnings %v, %v", asked, steps, warns, err)
	}
	if scenes[0].Settled != (Offset{}) || scenes[1].Settled.Reason == "" {
		t.Errorf("settled %+v and %+v", scenes[0].Settled, scenes[1].Settled)
	}
}
