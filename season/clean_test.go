package season

import (
	"os"
	"path/filepath"
	"testing"
)

func TestCleanKeepsPublicFiles(t *testing.T) {
	out := t.TempDir()
	for name, size := range map[string]int{"run.json": 10, "cycles.parquet": 20, "cache/a.parquet": 30, "cache/.tmp-1": 5, ".tmp-2": 7, ".tmp-3/parcels.gpkg": 8, "observations/.tmp-4": 9, "observations/s.parquet": 40} {
		path := filepath.Join(out, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, make([]byte, size), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	freed, err := Clean(out)
	if err != nil || freed != 30+5+7+8+9 {
		t.Errorf("freed %d bytes (%v), want 59", freed, err)
	}
	for name, want := range map[string]bool{"run.json": true, "cycles.parquet": true, "observations/s.parquet": true, "cache": false, ".tmp-2": false, ".tmp-3": false, "observations/.tmp-4": false} {
		if _, err := os.Stat(filepath.Join(out, name)); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", name, err == nil, want)
		}
	}
	if _, err := Clean(t.TempDir()); err == nil {
		t.Error("a folder that is no run was cleaned")
	}
}
