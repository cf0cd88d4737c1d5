package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
)

// sharedData is the folder of real data, PARUS_TEST_DATA (default ../shared).
func sharedData(t *testing.T, path string) string {
	t.Helper()
	root := os.Getenv("PARUS_TEST_DATA")
	if root == "" {
		root = "../../../shared"
	}
	p, err := filepath.Abs(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(p); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("real imagery is not here; set PARUS_TEST_DATA to the folder that holds it: %v", err)
	}
	return p
}

// TestRealPatch runs the whole chain on 118 real Sentinel-2 dates over Flanders
// with real parcels and weather, and checks what is known about them: the
// official crop map (LPIS) says which parcels are maize and which permanent
// grass; forage maize there is sown in May, greenest in July–August, and cut in
// September–October.
func TestRealPatch(t *testing.T) {
	patch := sharedData(t, "data/s2s1_patches/BE_00002806639B424A")
	records, out := t.TempDir(), t.TempDir()
	parus(t, "sample", "records", "--parcels", filepath.Join(patch, "labels/parcels_derived.geojson"), "--scenes", filepath.Join(patch, "stac"),
		"--weather", filepath.Join(patch, "meteo/agera5_daily.csv"), "--out", records)
	parus(t, "season", "run", filepath.Join(records, "county.toml"), "--out", out)
	info, err := rundir.ReadInfo(out)
	if err != nil {
		t.Fatal(err)
	}
	// The catalog has 91 dates in 2018; the newest had not been delivered on its own day.
	if info.Season != "2018" || info.Counts["scenes"] != 90 || info.Counts["parcels"] != 7 {
		t.Errorf("season %s, %d scenes, %d parcels; want 2018, 90, 7", info.Season, info.Counts["scenes"], info.Counts["parcels"])
	}
	for _, w := range info.Warnings {
		if strings.HasPrefix(w.Code, "offset") || strings.HasPrefix(w.Code, "unreadable") {
			t.Errorf("unexpected warning %+v", w)
		}
	}
	label := map[string]string{ // parcels_derived.geojson, ct_name
		"00002806639B424A-001": "grass", "00002806639B424A-003": "maize", "00002806639B424A-004": "grass",
		"00002806639B424A-005": "maize", "00002806639B424A-006": "grass", "00002806639B424A-007": "grass",
	}
	plots, err := rundir.ReadPlots(out)
	if err != nil {
		t.Fatal(err)
	}
	crop := map[string]string{}
	for _, p := range plots {
		crop[p.PlotID] = label[p.ParcelID]
	}
	cycles, err := rundir.ReadCycles(out)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string][]string{}
	for _, c := range cycles {
		if c.Assessable && c.Cycle > 0 {
			named[c.ParcelID] = append(named[c.ParcelID], c.Crop)
		}
		if crop[c.ParcelID] == "maize" && c.Crop == "maize" {
			if c.Peak < "2018-06-25" || c.Peak > "2018-08-31" || c.HarvestP50 < "2018-08-20" || c.HarvestP50 > "2018-10-31" || c.LAIPeak == nil || *c.LAIPeak < 2 || *c.LAIPeak > 7 {
				t.Errorf("maize %s peaks on %s with LAI %v, is cut on %s", c.ParcelID, c.Peak, c.LAIPeak, c.HarvestP50)
			}
			// Forage maize of Flanders as grain: 8–13 t/ha is 530–870 kg/mu; the
			// made-up statistics say 440. Either way it is no 100 and no 1,500.
			if c.YieldP50 == nil || *c.YieldP50 < 250 || *c.YieldP50 > 900 || !(*c.YieldP10 < *c.YieldP25 && *c.YieldP25 < *c.YieldP50 && *c.YieldP50 < *c.YieldP90) {
				t.Errorf("maize %s yields %v kg/mu", c.ParcelID, c.YieldP50)
			}
		}
	}
	for id, want := range crop {
		if want == "" {
			continue // field beans: no class of their own
		}
		if got := strings.Join(named[id], "+"); got != want {
			t.Errorf("plot %s is %s by the official map, seen as %q", id, want, got)
		}
	}
	ds, err := rundir.ReadDecisions(out)
	if err != nil || len(ds) == 0 {
		t.Errorf("%d decisions, %v", len(ds), err)
	}
}
