package season

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/raster"
)

// TestEachObservation reads by columns what parquet-go reads by rows: two row
// groups, dictionaries, nulls, radar among the optical bands, one polygon in three
// not wanted.
func TestEachObservation(t *testing.T) {
	dice := rand.New(rand.NewPCG(3, 4))
	var rows []rundir.Observation
	bands := []string{"B02", "B04", "LAI", "VV"}
	for k := range 30000 {
		for b, band := range bands {
			r := rundir.Observation{ParcelID: "P" + string(rune('a'+k%26)) + strings.Repeat("x", k/900), Kind: []string{"plot", "parcel"}[k%2], SceneID: []string{"S1", "S2"}[k/20000],
				Time: time.Date(2024, 5, 1+k/20000, 3, 4, 5, 678e6, time.UTC), Band: band, Total: dice.Float64() * 100, Count: dice.Float64() * 50, Inside: float64(dice.IntN(90)), Doubtful: dice.Float64()}
			if b == 3 {
				r.Orbit = "ascending 40"
			}
			if k%4 != 0 {
				r.Mean, r.Std, r.Min = known(dice.Float64()), known(dice.Float64()), known(0.1)
			}
			rows = append(rows, r)
		}
	}
	path := filepath.Join(t.TempDir(), "observe.parquet")
	if err := rundir.WriteParquet(path, rows); err != nil {
		t.Fatal(err)
	}
	want, err := rundir.ReadParquet[rundir.Observation](path)
	if err != nil {
		t.Fatal(err)
	}
	wanted := func(id string) bool { return len(id)%3 != 0 }
	k, n := 0, 0
	same := func(v float64, p *float64) bool { return p == nil && math.IsNaN(v) || p != nil && v == *p }
	err = eachObservation(path, wanted, func(o *raster.Observation) {
		for !wanted(want[k].ParcelID) {
			k++
		}
		w := want[k]
		k, n = k+1, n+1
		if o.ParcelID != w.ParcelID || o.Kind != w.Kind || o.SceneID != w.SceneID || !o.Time.Equal(w.Time) || o.Time.Location() != time.UTC || string(o.Band) != w.Band || o.Orbit != w.Orbit ||
			o.Total != w.Total || o.Count != w.Count || o.Inside != w.Inside || o.Doubtful != w.Doubtful || !same(o.Mean, w.Mean) || !same(o.Std, w.Std) || !math.IsNaN(o.Median) {
			t.Fatalf("row %d: got %+v, the row is %+v", k-1, *o, w)
		}
	})
	if err != nil || n < 60000 || n >= len(want) {
		t.Fatalf("%d of %d rows read, %v", n, len(want), err)
	}
	if err := eachObservation(filepath.Join(t.TempDir(), "none"), wanted, nil); err == nil || !strings.Contains(err.Error(), "delete it and run again") {
		t.Errorf("a file that is not there gave %v", err)
	}
}
