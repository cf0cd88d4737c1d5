package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
)

// copyCounty is a county of its own to spoil.
func copyCounty(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "county")
	if err := os.CopyFS(dir, os.DirFS(smallCounty(t))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// edit replaces text in a file, which must be there.
func edit(t *testing.T, path, old, new string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), old) {
		t.Fatalf("%s does not hold %q", path, old)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(b), old, new, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// refused runs the season, which must fail, and checks what it says.
func refused(t *testing.T, county string, says ...string) {
	t.Helper()
	out, err := command("season", "run", filepath.Join(county, "county.toml"), "--out", t.TempDir()).CombinedOutput()
	if err == nil {
		t.Fatalf("the run went through:\n%s", out)
	}
	for _, s := range says {
		if !strings.Contains(string(out), s) {
			t.Errorf("the error does not say %q:\n%s", s, out)
		}
	}
}

func TestBadInputIsRefusedByName(t *testing.T) {
	t.Run("no scenes in the season", func(t *testing.T) {
		c := copyCounty(t)
		edit(t, filepath.Join(c, "county.toml"), `start = "2024-01-01"`, `start = "2031-01-01"`)
		edit(t, filepath.Join(c, "county.toml"), `end = "2024-12-31"`, `end = "2031-12-31"`)
		refused(t, c, "no scene of 2031-01-01 to 2031-12-31", "catalog.json")
	})
	t.Run("no catalog", func(t *testing.T) {
		c := copyCounty(t)
		edit(t, filepath.Join(c, "county.toml"), "scenes/catalog.json", "scenes/other.json")
		refused(t, c, "other.json")
	})
	t.Run("no parcels", func(t *testing.T) {
		c := copyCounty(t)
		if err := os.WriteFile(filepath.Join(c, "empty.geojson"), []byte(`{"type":"FeatureCollection","features":[]}`), 0o644); err != nil {
			t.Fatal(err)
		}
		edit(t, filepath.Join(c, "county.toml"), "parcels.gpkg", "empty.geojson")
		refused(t, c, "empty.geojson", "parcel")
	})
	t.Run("credit policy without a needed value", func(t *testing.T) {
		c := copyCounty(t)
		edit(t, filepath.Join(c, "credit_policy.toml"), "min_inside_pixels", "# min_inside_pixels")
		refused(t, c, "credit policy", "min_inside_pixels")
	})
	t.Run("setting that does not exist", func(t *testing.T) {
		c := copyCounty(t)
		edit(t, filepath.Join(c, "county.toml"), "[season]", "[season]\ncolour = 1")
		refused(t, c, "season.colour is not a setting")
	})
	t.Run("identity key inside the run", func(t *testing.T) {
		c := copyCounty(t)
		out, err := command("season", "run", filepath.Join(c, "county.toml"), "--out", c).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "identity key") {
			t.Errorf("a run into the county's own folder: %v\n%s", err, out)
		}
	})
	t.Run("feed without a needed column", func(t *testing.T) {
		c := copyCounty(t)
		edit(t, filepath.Join(c, "transfers.csv"), "SRFBM", "XXXXX")
		refused(t, c, "transfers.csv", "SRFBM")
	})
}

// TestTruncatedBand: a band cut in half is a named warning, the rest goes on,
// the plots say so, and the next run tries again.
func TestTruncatedBand(t *testing.T) {
	c := copyCounty(t)
	bands, _ := filepath.Glob(filepath.Join(c, "scenes", "*", "*", "B04.tif"))
	if len(bands) < 10 {
		t.Fatalf("the sample has %d B04 files", len(bands))
	}
	bad := bands[len(bands)/2]
	whole, err := os.ReadFile(bad)
	if err != nil {
		t.Fatal(err)
	}
	st, _ := os.Stat(bad)
	if err := os.WriteFile(bad, whole[:len(whole)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	scene := filepath.Base(filepath.Dir(bad))
	out := t.TempDir()
	run := func() rundir.Info {
		parus(t, "season", "run", filepath.Join(c, "county.toml"), "--out", out)
		info, err := rundir.ReadInfo(out)
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	named := func(info rundir.Info) bool {
		for _, w := range info.Warnings {
			if w.Code == "unreadable_band" && strings.HasPrefix(w.Subject, scene) && strings.Contains(w.Subject, "B04") {
				return true
			}
		}
		return false
	}
	for i := range 2 { // the second run reports what the first did
		if info := run(); !named(info) {
			b, _ := json.Marshal(info.Warnings)
			t.Fatalf("run %d: no warning names %s B04: %s", i+1, scene, b)
		}
	}
	rows, err := rundir.ReadParquet[rundir.Observation](filepath.Join(out, "observations", scene+".parquet"))
	if err != nil {
		t.Fatal(err)
	}
	other := 0.0
	for _, r := range rows {
		if r.Band == "B04" && (r.Count != 0 || r.Mean != nil) {
			t.Fatalf("%s has count %g in the unreadable band", r.ParcelID, r.Count)
		}
		if r.Band == "B08" {
			other += r.Count
		}
	}
	if other == 0 {
		t.Error("the scene's other bands were lost with the unreadable one")
	}
	cycles, err := rundir.ReadCycles(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, cy := range cycles {
		if !strings.Contains(cy.Unread, scene+" B04") {
			t.Fatalf("plot %s does not say that %s B04 could not be read: %q", cy.ParcelID, scene, cy.Unread)
		}
	}
	// The same bytes come back with the same time: only a new try can see it.
	if err := os.WriteFile(bad, whole, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(bad, st.ModTime(), st.ModTime()); err != nil {
		t.Fatal(err)
	}
	if info := run(); named(info) {
		t.Error("the band can be read again but the run still warns")
	}
	clean := t.TempDir()
	parus(t, "season", "run", filepath.Join(c, "county.toml"), "--out", clean)
	sameFiles(t, "after the band came back", sums(t, clean), sums(t, out))
}
