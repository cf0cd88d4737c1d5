package gdal

import (
	"context"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/parus-lending/parus/raster"
)

// The radar statistics of the real parcels of both patches against
// exactextract and numpy: testdata/radar.csv was written by
// tools/compare_radar.py.
func TestRadarOfRealParcels(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "radar.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	r := Open(Options{})
	defer r.Close()
	got := map[[4]string]raster.Stats{}
	scenes := 0
	for _, name := range []string{"BE_00002806639B424A", "BE_000028085BF08E7E"} {
		dir := filepath.Join(filepath.Dir(patch(t)), name)
		all, warns, err := raster.ReadCatalog(context.Background(), filepath.Join(dir, "stac", "catalog.json"), raster.CatalogOptions{})
		if err != nil || len(warns) > 0 {
			t.Fatal(err, warns)
		}
		var home raster.Grid // of the optical scenes, in 10 m
		for _, s := range all {
			if g := s.Assets[raster.B05].Grid; g.Width > 0 {
				home = raster.Grid{EPSG: g.EPSG, X0: g.X0, Y0: g.Y0, Res: 10, Width: 2 * g.Width, Height: 2 * g.Height}
			}
		}
		cover, err := raster.NewCover(moved(shapesOf(t, dir)), home)
		if err != nil {
			t.Fatal(err)
		}
		radar, _, err := raster.ReadCatalog(context.Background(), filepath.Join(dir, "stac", "catalog.json"), raster.CatalogOptions{Collections: []string{"sentinel-1-grd"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range radar {
			res, err := raster.ObserveRadar(context.Background(), r, s, cover, raster.ObserveOptions{})
			if err != nil || len(res.Warnings) > 0 {
				t.Fatal(err, res)
			}
			for _, o := range res.Rows() {
				got[[4]string{name, o.SceneID, o.ParcelID, string(o.Band)}] = o.Stats
			}
			scenes++
		}
	}
	compared, worst := 0, 0.0
	for _, row := range want[1:] {
		s, ok := got[[4]string(row[:4])]
		if !ok {
			t.Errorf("no row %v", row[:4])
			continue
		}
		for k, v := range []float64{s.Total, s.Count, s.Inside, s.Mean, s.Std, s.Min, s.P25, s.Median, s.P75, s.Max} {
			w, err := strconv.ParseFloat(row[4+k], 64)
			if err != nil {
				t.Fatal(err)
			}
			// exactextract keeps coverage fractions as float32.
			diff := math.Abs(v-w) / math.Max(1, math.Abs(w))
			worst = math.Max(worst, diff)
			if !(diff < 1e-6) {
				t.Errorf("%v %s = %.9g, exactextract %.9g", row[:4], want[0][4+k], v, w)
			}
			compared++
		}
	}
	t.Logf("%d radar scenes; %d numbers compared, largest relative difference %.1e", scenes, compared, worst)
	if scenes != 159+157 || compared < 3000 {
		t.Errorf("%d scenes, %d numbers", scenes, compared)
	}
}
