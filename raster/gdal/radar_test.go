package gdal

import (
	"context"
	"math"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// The radar statistics of the real parcels of both patches against
// exactextract and numpy: testdata/radar.csv was written by
// tools/compare_radar.py.
func TestRadarOfRealParcels(t *testing.T) {
	want := golden(t, "radar.csv")
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

// A float32 file as sentinel-1-rtc comes: linear power, −32768 and NaN for no
// data, in blocks. By hand: of 30 × 20 pixels the field covers columns 10–13 of
// rows 5–6; powers 0.1 but for one 0.2, one −32768 and one NaN: the mean power
// of six pixels is 0.7/6.
func TestRadarOfFloatFiles(t *testing.T) {
	register()
	px := make([]float32, 30*20)
	for i := range px {
		px[i] = 0.1
	}
	px[5*30+10], px[5*30+11], px[6*30+12] = 0.2, -32768, float32(math.NaN())
	path := filepath.Join(t.TempDir(), "vv.tif")
	ds, err := godal.Create(godal.GTiff, path, 1, godal.Float32, 30, 20, godal.CreationOption("TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16", "COMPRESS=DEFLATE", "PREDICTOR=3"))
	if err != nil {
		t.Fatal(err)
	}
	sr, err := godal.NewSpatialRefFromEPSG(32650)
	if err != nil {
		t.Fatal(err)
	}
	defer sr.Close()
	for _, err := range []error{ds.SetSpatialRef(sr), ds.SetGeoTransform([6]float64{500000, 10, 0, 3500000, 0, -10}), ds.SetNoData(-32768), ds.Bands()[0].Write(0, 0, px, 30, 20), ds.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	home := raster.Grid{EPSG: 32650, X0: 499800, Y0: 3500200, Res: 10, Width: 100, Height: 100}
	x, y := 500100.0, 3499950.0
	cover, err := raster.NewCover([]raster.Shape{{ID: "p", Polygon: orb.MultiPolygon{{{{x, y - 20}, {x + 40, y - 20}, {x + 40, y}, {x, y}, {x, y - 20}}}}}}, home)
	if err != nil {
		t.Fatal(err)
	}
	r := Open(Options{})
	defer r.Close()
	grid := raster.Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 10, Width: 30, Height: 20}
	for name, a := range map[string]raster.Asset{"grid told": {Href: path, Grid: grid, Scale: 1, NoData: -32768}, "grid of the file": {Href: path}} {
		s := raster.Scene{ID: name, Assets: map[raster.Band]raster.Asset{raster.VV: a, raster.VH: a}}
		res, err := raster.Observe(context.Background(), r, s, cover, raster.ObserveOptions{})
		if err != nil || len(res.Warnings) > 0 || res.Len() != 2 {
			t.Fatal(name, err, res)
		}
		for _, o := range res.Rows() {
			if o.Total != 8 || o.Count != 6 || o.Inside != 6 || math.Abs(o.Mean-10*math.Log10(0.7/6)) > 1e-6 || math.Abs(o.Max-10*math.Log10(0.2)) > 1e-6 || math.Abs(o.Median+10) > 1e-6 {
				t.Errorf("%s: %+v", name, o)
			}
		}
	}
}
