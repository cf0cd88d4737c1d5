package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
)

// flandersRadar are parcels of the Flanders patch in some ten-day steps of 2018:
// dates of the parcel's orbit, VV and VH in dB. By numpy, from the files and the
// polygons alone:
//
//	python3 tools/check_radar.py ../shared/data/s2s1_patches/BE_00002806639B424A 2018-11-29
var flandersRadar = []struct {
	parcel, dekad string
	dates         int32
	vv, vh        float64
}{
	{"001", "2018-01-01", 2, -10.0886, -16.9463},
	{"001", "2018-05-11", 1, -12.6105, -17.0086},
	{"001", "2018-07-11", 1, -13.1503, -18.8378},
	{"001", "2018-08-21", 1, -11.5334, -17.9317},
	{"001", "2018-11-21", 1, -10.5849, -17.0865},
	{"003", "2018-01-01", 2, -7.2932, -15.3739},
	{"003", "2018-05-11", 1, -10.1955, -20.4903},
	{"003", "2018-07-11", 1, -11.0243, -17.7254},
	{"003", "2018-08-21", 1, -7.9438, -15.4646},
	{"003", "2018-11-21", 1, -7.3461, -15.7007},
	{"005", "2018-01-01", 2, -8.2698, -15.1851},
	{"005", "2018-05-11", 1, -11.3183, -21.2276},
	{"005", "2018-07-11", 1, -11.0939, -16.6877},
	{"005", "2018-08-21", 1, -8.3676, -15.3631},
	{"005", "2018-11-21", 1, -7.1846, -15.0958},
	{"006", "2018-01-01", 2, -5.7818, -15.9179},
	{"006", "2018-05-11", 1, -7.6796, -15.4837},
	{"006", "2018-07-11", 1, -6.2406, -16.3346},
	{"006", "2018-08-21", 1, -6.8197, -16.0597},
	{"006", "2018-11-21", 1, -8.1571, -15.8030},
}

// TestRealRadar runs a season of real Sentinel-1 alone: what a season without
// one clear day has. The catalog tells no tracks; by time there are two, and
// each plot's series is of one. Every plot says that clear dates are too few or,
// once the crop network takes radar, that radar alone judged.
func TestRealRadar(t *testing.T) {
	patch := sharedData(t, "data/s2s1_patches/BE_00002806639B424A")
	records, out := t.TempDir(), t.TempDir()
	parus(t, "sample", "records", "--parcels", filepath.Join(patch, "labels/parcels_derived.geojson"), "--scenes", filepath.Join(patch, "stac"),
		"--weather", filepath.Join(patch, "meteo/agera5_daily.csv"), "--out", records)
	county := filepath.Join(records, "county.toml")
	b, err := os.ReadFile(county)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(b), `collections = ["sentinel-2-l2a"]`, `collections = ["sentinel-1-grd"]`, 1)
	if text == string(b) {
		t.Fatalf("%s names no collection of Sentinel-2: %s", county, b)
	}
	if err := os.WriteFile(county, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	parus(t, "season", "run", county, "--out", out)
	info, err := rundir.ReadInfo(out)
	if err != nil {
		t.Fatal(err)
	}
	// Of 109 dates in 2018 that of 29 November had not been delivered on its own day.
	if info.Counts["scenes"] != 0 || info.Counts["radar_scenes"] != 108 {
		t.Errorf("%v; want 108 radar scenes and no other", info.Counts)
	}
	for _, w := range info.Warnings {
		if strings.Contains(w.Code, "radar") || strings.HasPrefix(w.Code, "unreadable") {
			t.Errorf("unexpected warning %+v", w)
		}
	}
	plots, err := rundir.ReadPlots(out)
	if err != nil {
		t.Fatal(err)
	}
	plotOf, size := map[string]string{}, map[string]int{}
	for _, p := range plots {
		plotOf[p.ParcelID] = p.PlotID
		size[p.PlotID]++
	}
	series, err := rundir.ReadParquet[rundir.SeriesRow](filepath.Join(out, rundir.SeriesFile))
	if err != nil {
		t.Fatal(err)
	}
	rows, orbits := map[string]rundir.SeriesRow{}, map[string]int{}
	for _, r := range series {
		rows[r.ParcelID+" "+r.Date] = r
		if r.RadarOrbit != "" {
			orbits[r.RadarOrbit]++
		}
	}
	if len(orbits) != 1 {
		t.Errorf("series of the orbits %v; all plots lie in both swaths and have the same days", orbits)
	}
	for _, w := range flandersRadar {
		id := plotOf["00002806639B424A-"+w.parcel]
		if size[id] != 1 {
			t.Errorf("parcel %s is part of a plot of %d parcels: its series is not its own", w.parcel, size[id])
			continue
		}
		r := rows[id+" "+w.dekad]
		if r.VV == nil || r.VH == nil || r.RadarDates != w.dates || math.Abs(*r.VV-w.vv) > 1e-4 || math.Abs(*r.VH-w.vh) > 1e-4 {
			t.Errorf("parcel %s on %s: %+v, want %+v", w.parcel, w.dekad, r, w)
		}
	}
	cycles, err := rundir.ReadCycles(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cycles {
		if c.Cycle != 0 || c.ClearDates != 0 || c.RadarDates < 50 || c.Reason == "too_few_pixels" || c.Reason == "no_imagery" || c.Peak != "" {
			t.Errorf("%+v", c)
		}
	}
}
