package season

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
	"github.com/paulmach/orb/geojson"
)

// zoneRadar are radar scenes on the grid of tile A, the same everywhere: three
// of one orbit, two of them in one dekad, and two of another.
var zoneRadar = []struct {
	when, state string
	track       int
	vv, vh      float64 // dB
}{
	{"2024-05-01T10:03:00Z", "ascending", 142, -10, -17},
	{"2024-05-03T22:10:00Z", "descending", 76, -3, -4},
	{"2024-05-07T10:02:10Z", "ascending", 142, -13, -20},
	{"2024-05-15T22:10:00Z", "descending", 76, -3, -4},
	{"2024-05-25T10:03:00Z", "ascending", 142, -9.5, -16},
}

// writeRadar writes them as hundredths of a decibel above −40, and one more with
// a single polarisation, and returns the catalog's links.
func (c *zonesCounty) writeRadar(t *testing.T) []map[string]string {
	t.Helper()
	var links []map[string]string
	g := c.tiles[0].grid
	foot, err := parcels.Unproject(rectangle(g.X0, g.Y0-3000, g.X0+3000, g.Y0), g.EPSG)
	if err != nil {
		t.Fatal(err)
	}
	write := func(id, when, state string, track int, bands map[string]float64) {
		dir, assets := filepath.Join(c.dir, "scenes", id), map[string]any{}
		for name, db := range bands {
			dn := slices.Repeat([]uint16{uint16(math.Round((db + 40) * 100))}, g.Width*g.Height)
			if err := gdal.WriteCOG(filepath.Join(dir, name+".tif"), g, dn, gdal.COGOptions{}); err != nil {
				t.Fatal(err)
			}
			assets[name] = map[string]any{"href": "./" + name + ".tif", "proj:shape": []int{300, 300}, "proj:transform": []float64{10, 0, g.X0, 0, -10, g.Y0},
				"raster:bands": []map[string]any{{"scale": .01, "offset": -40, "unit": "dB"}}}
		}
		writeAny(t, filepath.Join(dir, "item.json"), map[string]any{
			"type": "Feature", "stac_version": "1.0.0", "id": id, "collection": "sentinel-1-rtc", "geometry": geojson.NewGeometry(foot[0]), "links": []any{}, "assets": assets,
			"properties": map[string]any{"datetime": when, "proj:epsg": g.EPSG, "sat:orbit_state": state, "sat:relative_orbit": track},
		})
		links = append(links, map[string]string{"rel": "item", "href": "./" + id + "/item.json"})
	}
	for i, s := range zoneRadar {
		write(fmt.Sprintf("S1A_%d", i), s.when, s.state, s.track, map[string]float64{"vv": s.vv, "vh": s.vh})
	}
	write("S1A_half", "2024-05-13T10:03:00Z", "ascending", 142, map[string]float64{"vv": -10})
	return links
}

// splitRows takes the radar rows out.
func splitRows(rows []rundir.Observation) (optical, radar []rundir.Observation) {
	for _, r := range rows {
		if isRadar(r.Band) {
			radar = append(radar, r)
		} else {
			optical = append(optical, r)
		}
	}
	return optical, radar
}

// checkRadar: each polygon of tile A's zone that the scenes hold is observed in
// every one, with the decibels that were written, and its series is of the orbit
// with most dates. By hand: the mean of −10 and −13 dB is that of the powers
// 0.1 and 0.0501187, 0.0750594 = −11.2460 dB; of −17 and −20 it is −18.2460.
func (c *zonesCounty) checkRadar(t *testing.T, rows []rundir.Observation, places map[string]zonePlace, out string) {
	t.Helper()
	scenes, orbits := map[string]int{}, []string{}
	whole := map[string]int{} // rows with three pixels within and all of the polygon seen
	for _, r := range rows {
		var k int
		if n, err := fmt.Sscanf(r.SceneID, "S1A_%d", &k); n != 1 || err != nil {
			t.Fatalf("a row of %s", r.SceneID)
		}
		want, at := zoneRadar[k].vv, zoneRadar[k]
		if r.Band == string(raster.VH) {
			want = at.vh
		}
		if r.Orbit != fmt.Sprint(at.state, " ", at.track) || r.Count > 0 && math.Abs(*r.Mean-want) > 1e-9 || places[r.ParcelID].home.grid.EPSG != 32650 {
			t.Errorf("%+v, want %g dB of %s %d in zone 50", r, want, at.state, at.track)
		}
		if r.Count > 0.5*r.Total && r.Inside >= 3 {
			whole[r.ParcelID]++
		}
		if scenes[r.SceneID]++; !slices.Contains(orbits, r.Orbit) {
			orbits = append(orbits, r.Orbit)
		}
	}
	if len(scenes) != len(zoneRadar) || len(orbits) != 2 {
		t.Errorf("rows of %v in %v", scenes, orbits)
	}
	series, err := rundir.ReadParquet[rundir.SeriesRow](filepath.Join(out, rundir.SeriesFile))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][3]float64{"2024-05-01": {-11.2460, -18.2460, 2}, "2024-05-21": {-9.5, -16, 1}}
	with := map[string]bool{}
	for _, r := range series {
		w, there := want[r.Date]
		switch {
		case whole[r.ParcelID] == 0 || !there:
			if r.VV != nil || r.VH != nil || r.RadarDates != 0 || r.RadarOrbit != "" {
				t.Errorf("%s on %s has radar: %+v", r.ParcelID, r.Date, r)
			}
		case r.VV == nil || r.VH == nil || math.Abs(*r.VV-w[0]) > 1e-4 || math.Abs(*r.VH-w[1]) > 1e-4 || r.RadarDates != int32(w[2]) || r.RadarOrbit != "ascending 142":
			t.Errorf("%s on %s: %v %v dB, %d dates, orbit %q; want %v of ascending 142", r.ParcelID, r.Date, r.VV, r.VH, r.RadarDates, r.RadarOrbit, w)
		default:
			with[r.ParcelID] = true
		}
	}
	cycles, err := rundir.ReadCycles(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range cycles {
		if dates := map[bool]int32{true: 3}[whole[r.ParcelID] > 0]; r.RadarDates != dates {
			t.Errorf("%s rests on %d radar dates, want %d", r.ParcelID, r.RadarDates, dates)
		}
	}
	if len(with) < 30 || len(with) == len(places) {
		t.Errorf("%d of %d places have radar: that tries little", len(with), len(places))
	}
	t.Logf("%d of %d places have radar", len(with), len(places))
}

// radarWarnings: the land that radar did not see is told once, and so are the
// scene with one polarisation and those whose pixels do not fit zone 51.
func (c *zonesCounty) radarWarnings(t *testing.T, info rundir.Info) {
	t.Helper()
	var part, half, zone int
	for _, w := range info.Warnings {
		switch {
		case w.Code == "radar_in_part":
			part++
		case w.Code == "scene_left_out" && w.Subject == "S1A_half":
			half++
		case w.Code == "scene_left_out" && strings.HasPrefix(w.Subject, "S1A_") && strings.Contains(w.Detail, "EPSG:32651"):
			zone++
		}
	}
	if part != 1 || half != 1 || info.Counts["radar_scenes"] != len(zoneRadar) {
		t.Errorf("%d warnings of radar in part, %d of one polarisation, %d of the other zone, %v", part, half, zone, info.Counts)
	}
}
