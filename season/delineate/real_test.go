package delineate

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels/outline"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
	"github.com/paulmach/orb"
)

// shared is a file of the data kept beside the repository.
func shared(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("PARUS_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	path := filepath.Join(root, "data", name)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("shared test data are missing: %v (set PARUS_TEST_DATA)", err)
		}
		t.Skipf("shared test data are missing: %v (set PARUS_TEST_DATA)", err)
	}
	return path
}

// lonlats are the polygons of a file, lon and lat.
func lonlats(t *testing.T, path string) (out []orb.MultiPolygon) {
	t.Helper()
	src, err := vector.OpenPolygons(path, vector.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	for {
		b, err := src.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if b == nil {
			return out
		}
		b.Each(func(p vector.Polygon) {
			mp, err := src.LonLat(p.Shape)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, mp)
		}, func(r vector.Reject) { t.Errorf("row %d: %s", r.Row, r.Reason) })
		b.Close()
	}
}

func scoreOf(t *testing.T, proposed, reference string) outline.Score {
	t.Helper()
	s := outline.Compare(lonlats(t, proposed), lonlats(t, reference), 0.5)
	t.Logf("extent %.3f, object F1 %.3f (precision %.3f, recall %.3f), over %.3f, under %.3f", s.ExtentIoU, s.ObjectF1, s.ObjectPrecision, s.ObjectRecall, s.OverSegmentation, s.UnderSegmentation)
	return s
}

// A season of Flanders, the land the settings were chosen on: the scores of
// docs/evaluation/delineate.md.
func TestFlanders(t *testing.T) {
	patch := "s2s1_patches/BE_00002806639B424A"
	opt := Options{Scenes: shared(t, patch+"/stac/catalog.json"), Out: filepath.Join(t.TempDir(), "be.gpkg"), Collections: []string{"sentinel-2-l2a"},
		From: time.Date(2018, 3, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2018, 11, 1, 23, 0, 0, 0, time.UTC)}
	if _, err := Run(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	if s := scoreOf(t, opt.Out, shared(t, patch+"/labels/parcels_derived.geojson")); s.ExtentIoU < 0.79 || s.ObjectF1 < 0.5 {
		t.Errorf("worse than docs/evaluation/delineate.md says: %+v", s)
	}
}

// One date of three visible bands in Denmark, seen by nobody while settings were
// chosen.
func TestDenmark(t *testing.T) {
	b, err := os.ReadFile(shared(t, "field_boundaries_denmark/s2_rgb_10m.tif"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "chip_20160601.tif"), b, 0o644); err != nil {
		t.Fatal(err)
	}
	rep, err := gdal.Index(t.Context(), dir, gdal.IndexOptions{Bands: map[raster.Band]int{raster.B02: 1, raster.B03: 2, raster.B04: 3}})
	if err != nil {
		t.Fatal(err)
	}
	opt := Options{Scenes: rep.Catalog, Out: filepath.Join(t.TempDir(), "dk.gpkg")}
	if _, err := Run(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	if s := scoreOf(t, opt.Out, shared(t, "field_boundaries_denmark/fields_lpis2016.gpkg")); s.ExtentIoU < 0.77 || s.ObjectF1 < 0.48 {
		t.Errorf("worse than docs/evaluation/delineate.md says: %+v", s)
	}
}
