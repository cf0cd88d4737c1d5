package gdal

import (
	"context"
	"math"
	"strconv"
	"testing"

	"github.com/parus-lending/parus/raster"
)

// moved shifts parcels in place: as drawn, their edges lie on pixel edges.
func moved(shapes []raster.Shape) []raster.Shape {
	for _, s := range shapes {
		for _, poly := range s.Polygon {
			for _, ring := range poly {
				for i := range ring {
					ring[i][0] += 3.7
					ring[i][1] -= 4.3
				}
			}
		}
	}
	return shapes
}

// The statistics of the real parcels against exactextract and numpy:
// testdata/zonal.csv was written by tools/compare_zonal.py.
func TestStatisticsOfRealParcels(t *testing.T) {
	scenes := map[string]raster.Scene{}
	var grid raster.Grid
	for _, s := range patchScenes(t) {
		scenes[s.ID], grid = s, s.Assets[raster.B02].Grid
	}
	cover, err := raster.NewCover(moved(patchShapes(t)), grid)
	if err != nil {
		t.Fatal(err)
	}
	want := golden(t, "zonal.csv")
	r := Open(Options{})
	defer r.Close()
	got := map[[3]string]raster.Stats{}
	seen := map[string]bool{}
	compared, withValues, worst := 0, 0, 0.0
	for _, row := range want[1:] {
		if !seen[row[0]] {
			seen[row[0]] = true
			res, err := raster.Observe(context.Background(), r, scenes[row[0]], cover, raster.ObserveOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range res.Rows() {
				got[[3]string{o.SceneID, o.ParcelID, string(o.Band)}] = o.Stats
			}
		}
		s, ok := got[[3]string{row[0], row[1], row[2]}]
		if !ok {
			t.Errorf("no row %v", row[:3])
			continue
		}
		for k, v := range []float64{s.Total, s.Count, s.Inside, s.Mean, s.Std, s.Min, s.P25, s.Median, s.P75, s.Max} {
			cell := row[3+k]
			if cell == "" {
				if !math.IsNaN(v) {
					t.Errorf("%v %s = %g, want none", row[:3], want[0][3+k], v)
				}
				continue
			}
			w, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			// exactextract keeps coverage fractions as float32.
			diff := math.Abs(v-w) / math.Max(1e-3, math.Abs(w))
			worst = math.Max(worst, diff)
			if !(diff < 2e-6) {
				t.Errorf("%v %s = %.9g, exactextract %.9g", row[:3], want[0][3+k], v, w)
			}
			compared++
		}
		if s.Count > 0 {
			withValues++
		}
	}
	t.Logf("%d numbers compared, largest relative difference %.1e", compared, worst)
	if withValues < 60 {
		t.Errorf("only %d rows had usable pixels", withValues)
	}
}
