package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
)

// TestPlantedFaultsAreFound runs whole seasons of counties of several seeds:
// faults in records are found with precision and recall 1, those that only
// imagery shows with recall ≥ 0.95 and at most one false finding per 1,000
// clean plots (one is allowed for fewer). PARUS_FAULT_SEEDS ("9 10 11"),
// PARUS_FAULT_PARCELS and PARUS_FAULT_RUNTIME measure other counties, as
// docs/evaluation/sample.md does.
func TestPlantedFaultsAreFound(t *testing.T) {
	var planted, missed, falseImagery, plots int
	setting := func(name, normal string) string {
		if v := os.Getenv(name); v != "" {
			return v
		}
		return normal
	}
	for _, seed := range strings.Fields(setting("PARUS_FAULT_SEEDS", "1 2 3")) {
		county, out := filepath.Join(t.TempDir(), "county"), t.TempDir()
		parus(t, "sample", "county", "--out", county, "--seed", seed, "--parcels", setting("PARUS_FAULT_PARCELS", "3500"))
		parus(t, "season", "run", filepath.Join(county, "county.toml"), "--out", out, "--runtime", setting("PARUS_FAULT_RUNTIME", "auto"))
		want := expected(t, filepath.Join(county, "expected.csv"))
		findings, err := rundir.ReadFindings(out)
		if err != nil {
			t.Fatal(err)
		}
		got := map[fault]bool{}
		for _, f := range findings {
			got[fault{f.GrowerID, f.ParcelID, f.Code}] = true
		}
		records := map[string]bool{}
		for f, by := range want {
			records[f.code] = by == "records"
			switch {
			case by == "imagery":
				planted++
				if !got[f] {
					missed++
					t.Logf("seed %s: missed %v", seed, f)
				}
			case !got[f]:
				t.Errorf("seed %s: planted in the records and not found: %v", seed, f)
			}
		}
		for f := range got {
			if _, ok := want[f]; ok {
				continue
			}
			if fromRecords, known := records[f.code]; fromRecords || !known {
				t.Errorf("seed %s: found in the records and not planted: %v", seed, f)
				continue
			}
			falseImagery++
			t.Logf("seed %s: false finding %v", seed, f)
		}
		info, err := rundir.ReadInfo(out)
		if err != nil {
			t.Fatal(err)
		}
		plots += info.Counts["plots"]
	}
	t.Logf("imagery faults: %d of %d missed; %d false findings on %d plots", missed, planted, falseImagery, plots)
	if planted < 30 || float64(missed) > 0.05*float64(planted) {
		t.Errorf("%d of %d imagery faults missed: recall below 0.95", missed, planted)
	}
	if falseImagery > max(1, plots/1000) {
		t.Errorf("%d false findings on %d plots: more than one in a thousand", falseImagery, plots)
	}
}

type fault struct{ grower, parcel, code string }

// expected reads expected.csv: fault → seen_by.
func expected(t *testing.T, path string) map[fault]string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[fault]string{}
	for _, r := range rows[1:] {
		out[fault{r[0], r[1], r[2]}] = r[3]
	}
	return out
}
