package season

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// TestTwoZonesFiveTiles runs the season of a county over two UTM zones. Every
// plot and parcel is observed once per day, in its home tile or, where that has
// no scene, in one neighbour of the same zone; its total is its projected area
// and its mean what the ground has there.
func TestTwoZonesFiveTiles(t *testing.T) {
	c := newZonesCounty(t)
	out := t.TempDir()
	info, err := Run(context.Background(), filepath.Join(c.dir, "county.toml"), Options{Out: out, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	plots, err := rundir.ReadPlots(out)
	if err != nil {
		t.Fatal(err)
	}
	places := c.places(t, plots)
	if len(places) < 250 || info.Counts["parcels"] != len(c.land) || info.Counts["scenes"] != len(c.scenes) || info.Counts["plots"] != 3 {
		t.Fatalf("%d places, %v", len(places), info.Counts)
	}
	var rows []rundir.Observation
	files, err := filepath.Glob(filepath.Join(out, rundir.ObservationsFolder, "*.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		more, err := rundir.ReadParquet[rundir.Observation](f)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, more...)
	}
	rows, radar := splitRows(rows)
	c.checkRadar(t, radar, places, out)
	seen := c.check(t, rows, places)
	homes, filled, borders := map[string]int{}, 0, 0
	for id, p := range places {
		homes[p.home.name]++
		for i, d := range zoneDays {
			want := c.serving(t, p, d.day)
			got := seen[id][i]
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("%s, home %s, on %s: observed in %v, want %v", id, p.home.name, d.day, got, want)
			}
			if len(got) == 1 && got[0] != p.home.name {
				filled++
			}
		}
		if b := p.poly.Bound(); b.Min[0] < 120 && b.Max[0] > 120 {
			borders++
		}
	}
	t.Logf("%d places with homes %v; %d observations by a neighbour; %d places across the border", len(places), homes, filled, borders)
	if len(homes) != 5 || filled < 50 || borders < 10 {
		t.Error("the land does not try what it should")
	}
	c.checkWarnings(t, info)
}

// zonePlace is a plot or a parcel of none.
type zonePlace struct {
	poly orb.MultiPolygon // lon, lat; of a plot its parcels
	home *zoneTile
}

func (c *zonesCounty) places(t *testing.T, plots []rundir.Plot) map[string]zonePlace {
	t.Helper()
	out := map[string]zonePlace{}
	plotOf := map[string]string{}
	for _, p := range plots {
		plotOf[p.ParcelID] = p.PlotID
	}
	for _, f := range c.land {
		if plotOf[f.id] == "" {
			t.Errorf("parcel %s is lost", f.id)
		}
		p := out[plotOf[f.id]]
		out[plotOf[f.id]] = zonePlace{poly: append(p.poly, f.poly...)}
	}
	if plotOf["arm"] != plotOf["hook"] || plotOf["west"] == plotOf["east"] {
		t.Errorf("plots %v: arm and hook are one, west and east two", plots)
	}
	for id, p := range out {
		whole := p.poly
		if id == plotOf["hook"] { // dissolved by hand
			whole = orb.MultiPolygon{{{{119.9970, 32}, {120, 32}, {120, 32.0005}, {120.0018, 32.0005}, {120.0018, 32.0010}, {119.9984, 32.0010}, {119.9984, 32.0005}, {119.9970, 32.0005}, {119.9970, 32}}}}
		}
		p.home = c.home(t, whole)
		if p.home == nil {
			t.Fatalf("%s has no home", id)
		}
		if id == plotOf["hook"] && p.home.grid.EPSG != 32651 {
			t.Fatalf("the hooked plot is at home in %s: it would prove nothing", p.home.name)
		}
		out[id] = p
	}
	return out
}

// serving are the tiles that must show the place on a day: its home, or the one
// neighbour of its zone that has a scene and holds any of it.
func (c *zonesCounty) serving(t *testing.T, p zonePlace, day string) []string {
	t.Helper()
	if c.scenes[p.home.name+" "+day] {
		return []string{p.home.name}
	}
	var best []string
	deepest := math.Inf(-1)
	for i := range c.tiles {
		tile := &c.tiles[i]
		if tile.grid.EPSG != p.home.grid.EPSG || !c.scenes[tile.name+" "+day] {
			continue
		}
		mp, err := parcels.Project(p.poly, tile.grid.EPSG)
		if err != nil {
			t.Fatal(err)
		}
		b, g := mp.Bound(), tile.grid
		if b.Max[0] <= g.X0 || b.Min[0] >= g.X0+3000 || b.Min[1] >= g.Y0 || b.Max[1] <= g.Y0-3000 {
			continue
		}
		if d := tile.depth(t, p.poly); d > deepest {
			best, deepest = []string{tile.name}, d
		}
	}
	return best
}

// check compares every observation with the ground and says in which tiles each
// place was seen, by day.
func (c *zonesCounty) check(t *testing.T, rows []rundir.Observation, places map[string]zonePlace) map[string][][]string {
	t.Helper()
	seen := map[string][][]string{}
	for id := range places {
		seen[id] = make([][]string, len(zoneDays))
	}
	worst := 0.0
	for _, r := range rows {
		p, ok := places[r.ParcelID]
		day := slices.IndexFunc(zoneDays, func(d struct{ day, tiles string }) bool { return d.day == r.Time.UTC().Format("2006-01-02") })
		if !ok || day < 0 {
			t.Fatalf("row of nothing: %+v", r)
		}
		tile := strings.Split(r.SceneID, "_")[1]
		if r.Band == string(raster.B02) {
			seen[r.ParcelID][day] = append(seen[r.ParcelID][day], tile)
		}
		mp, err := parcels.Project(p.poly, p.home.grid.EPSG)
		if err != nil {
			t.Fatal(err)
		}
		pixel := 400.0
		if strings.Contains("B02 B03 B04 B08", r.Band) {
			pixel = 100
		}
		within := 1e-9
		if len(p.poly) > 1 { // dissolved in zone 50, where an edge of two parcels became one straight line
			within = 1e-6
		}
		if area := planar.Area(mp); !(math.Abs(r.Total*pixel/area-1) < within) {
			t.Errorf("%s in %s: total of %.9f m², projected area %.9f", r.ParcelID, r.SceneID, r.Total*pixel, area)
		}
		whole := math.Abs(r.Count/r.Total-1) < 1e-9
		switch {
		case tile == p.home.name && !whole:
			t.Errorf("%s in its home %s: %.6f of %.6f pixels", r.ParcelID, r.SceneID, r.Count, r.Total)
		case whole:
			middle, _ := planar.CentroidArea(p.poly) // the ground is linear in degrees: its mean is that of the middle
			want := zoneLight(slices.Index(raster.OpticalBands, raster.Band(r.Band)), middle, day)
			worst = max(worst, math.Abs(*r.Mean-want))
			if math.Abs(*r.Mean-want) > 5e-5 { // DN are rounded to 1e-4, the ground changes by 1e-4 in 20 m: both even out
				t.Errorf("%s %s in %s: mean %.5f, the ground has %.5f", r.ParcelID, r.Band, r.SceneID, *r.Mean, want)
			}
		}
	}
	t.Logf("largest difference of a mean from the ground %.1e", worst)
	return seen
}

// checkWarnings: the older baseline and the scenes of the other zone on days
// without a scene of the home tile are left out, each with its reason.
func (c *zonesCounty) checkWarnings(t *testing.T, info rundir.Info) {
	t.Helper()
	why := map[string]string{}
	for _, w := range info.Warnings {
		if w.Code == "scene_left_out" {
			why[w.Subject] += w.Detail
		} else if strings.HasPrefix(w.Code, "offset") || strings.HasPrefix(w.Code, "unreadable") || w.Code == "no_imagery" || w.Code == "plot_not_dissolved" {
			t.Errorf("unexpected warning %+v", w)
		}
	}
	for id, says := range map[string]string{
		"web":                    "EPSG:3857",
		"S2A_A_2024-05-01_04.00": "newer baseline 05.09",
		"S2A_C_2024-05-06_05.09": "EPSG:32651",
		"S2A_C_2024-05-11_05.09": "EPSG:32651",
		"S2A_B_2024-05-16_05.09": "EPSG:32650",
	} {
		if !strings.Contains(why[id], says) {
			t.Errorf("%s is left out because %q, want %q", id, why[id], says)
		}
	}
	if why["S2A_A_2024-05-21_05.09"] != "" {
		t.Errorf("left out: %v", why)
	}
	c.radarWarnings(t, info)
	c.checkList(t)
}

// checkList: `parus scenes list` says the same without reading a pixel.
func (c *zonesCounty) checkList(t *testing.T) {
	t.Helper()
	cfg, err := ReadConfig(filepath.Join(c.dir, "county.toml"))
	if err != nil {
		t.Fatal(err)
	}
	list, err := ListScenes(context.Background(), cfg, parcels.Date{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	why := map[string]string{}
	for _, l := range list.LeftOut {
		why[l.Scene.ID] = l.Why
	}
	if len(list.Used) != len(c.scenes)+len(zoneRadar) || len(why) != 3 || !strings.Contains(why["S1A_half"], "one polarisation") || !strings.Contains(why["web"], "EPSG:3857") || why["S2A_A_2024-05-01_04.00"] == "" {
		t.Errorf("%d scenes listed as used, left out %v", len(list.Used), why)
	}
}
