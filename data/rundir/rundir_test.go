package rundir

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

func TestTablesComeBackAndAreEqualBytes(t *testing.T) {
	mean := 0.25
	obs := []Observation{{ParcelID: "p1", Kind: "plot", SceneID: "s", Time: time.Date(2024, 5, 1, 2, 50, 0, 0, time.UTC), Band: "B04", Total: 10.5, Count: 9, Inside: 6, Mean: &mean}, {ParcelID: "p2", Time: time.Date(2024, 5, 1, 2, 50, 0, 0, time.UTC), Band: "B04", Total: 3}}
	ds := []Decision{{DecisionID: "d", GrowerID: "g", LimitFen: 1_234_500, AreaMu: 12.5, Reasons: "A;B"}}
	shapes := []Shape{{ParcelID: "3415990001010000001", PlotID: "P1", AreaMu: 1.5, Polygon: orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}}}
	fs := []Finding{{GrowerID: "g", ParcelID: "p", Code: "C", Severity: "warn", Detail: "a, \"b\"", Numbers: "x=1", Witnesses: "w", DetailZH: "中"}}
	var first map[string][]byte
	for range 2 {
		dir := t.TempDir()
		must(t, WriteParquet(filepath.Join(dir, "o.parquet"), obs))
		must(t, WriteDecisions(dir, ds))
		must(t, WriteShapes(dir, shapes))
		must(t, WriteFindings(dir, fs))
		gotObs, err := ReadParquet[Observation](filepath.Join(dir, "o.parquet"))
		must(t, err)
		if d := cmp.Diff(obs, gotObs); d != "" {
			t.Error(d)
		}
		gotD, err := ReadDecisions(dir)
		must(t, err)
		gotS, err := ReadShapes(dir)
		must(t, err)
		gotF, err := ReadFindings(dir)
		must(t, err)
		if d := cmp.Diff(ds, gotD) + cmp.Diff(shapes, gotS) + cmp.Diff(fs, gotF); d != "" {
			t.Error(d)
		}
		files := map[string][]byte{}
		for _, e := range mustDir(t, dir) {
			b, err := os.ReadFile(filepath.Join(dir, e.Name()))
			must(t, err)
			files[e.Name()] = b
		}
		if first == nil {
			first = files
			time.Sleep(1100 * time.Millisecond) // file formats that carry a clock carry seconds
			continue
		}
		for name, b := range files {
			if !bytes.Equal(b, first[name]) {
				t.Errorf("%s differs between two equal writes", name)
			}
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func mustDir(t *testing.T, dir string) []os.DirEntry {
	es, err := os.ReadDir(dir)
	must(t, err)
	return es
}

// Each gives the rows of ReadParquet, in order, also through a type with fewer
// columns.
func TestEachReadsAllRowsInOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.parquet")
	var rows []SeriesRow
	for i := range 3*rowsAtOnce + 7 {
		v := float64(i) / 2
		r := SeriesRow{ParcelID: "p", Date: time.Unix(int64(i)*86400, 0).UTC().Format("2006-01-02")}
		if i%3 == 0 {
			r.NDVI = &v
		}
		rows = append(rows, r)
	}
	must(t, WriteParquet(path, rows))
	i := 0
	must(t, Each(path, func(part []struct {
		Date string   `parquet:"date,dict"`
		NDVI *float64 `parquet:"ndvi,optional"`
	}) error {
		for _, r := range part {
			if r.Date != rows[i].Date || !cmp.Equal(r.NDVI, rows[i].NDVI) {
				t.Fatalf("row %d: %v %v, want %v %v", i, r.Date, r.NDVI, rows[i].Date, rows[i].NDVI)
			}
			i++
		}
		return nil
	}))
	if i != len(rows) {
		t.Errorf("%d rows of %d", i, len(rows))
	}
}
