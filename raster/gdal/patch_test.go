package gdal

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// patch is the folder of the real Belgian patch, with PARUS_TEST_DATA naming
// the test data (default ../shared beside the repository).
func patch(t *testing.T) string {
	t.Helper()
	root := os.Getenv("PARUS_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	dir := filepath.Join(root, "data", "s2s1_patches", "BE_00002806639B424A")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("real test data are missing: %v (set PARUS_TEST_DATA)", err)
		}
		t.Skipf("real test data are missing: %v (set PARUS_TEST_DATA)", err)
	}
	return dir
}

func patchScenes(t *testing.T) []raster.Scene {
	t.Helper()
	scenes, warns, err := raster.ReadCatalog(context.Background(), filepath.Join(patch(t), "stac", "catalog.json"), raster.CatalogOptions{Collections: []string{"sentinel-2-l2a"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range warns {
		t.Errorf("warning %v", w)
	}
	return scenes
}

// shifted adds to every DN that has data, as an offset left in does; scl stays.
type shifted struct {
	raster.Reader
	by map[string]int // by scene folder
}

func (s shifted) Read(ctx context.Context, a raster.Asset, w raster.Window, dst []uint16) error {
	err := s.Reader.Read(ctx, a, w, dst)
	by := s.by[filepath.Base(filepath.Dir(a.Href))]
	if filepath.Base(a.Href) == "SCL.tif" {
		return err
	}
	for i, v := range dst {
		if v > 0 {
			dst[i] = uint16(max(int(v)+by, 1))
		}
	}
	return err
}

func settle(t *testing.T, scenes []raster.Scene, r raster.Reader) (map[string]raster.Offset, []raster.Warning, map[string]raster.Sample) {
	t.Helper()
	samples := map[string]raster.Sample{}
	for _, s := range scenes {
		smp, err := raster.SampleScene(context.Background(), r, s)
		if err != nil {
			t.Fatal(err)
		}
		samples[s.ID] = smp
	}
	o, w := raster.SettleOffsets(scenes, samples)
	return o, w, samples
}

// Metadata that are right, wrong either way or absent, on the 118 real dates of
// 2017–18, whose DN are reflectance × 10000 (the source says so).
func TestOffsetsOfRealScenes(t *testing.T) {
	scenes := patchScenes(t)
	if len(scenes) != 118 {
		t.Fatalf("%d scenes, the source lists 118", len(scenes))
	}
	r := Open(Options{})
	defer r.Close()
	folder := func(s raster.Scene) string { return filepath.Base(filepath.Dir(s.Assets[raster.B04].Href)) }
	all, third := map[string]int{}, map[string]int{}
	for i, s := range scenes {
		all[folder(s)] = 1000
		if i%3 == 0 {
			third[folder(s)] = 1000
		}
	}
	cases := []struct {
		name     string
		shift    map[string]int
		baseline string // the claim
	}{
		{"no metadata, no offset", nil, ""},
		{"right: no offset", nil, "02.06"},
		{"wrong: claims an offset", nil, "05.00"},
		{"right: offset", all, "05.00"},
		{"wrong: offset left in every scene", all, ""},
		{"wrong: offset left in every third scene", third, "02.06"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			claimed := append([]raster.Scene(nil), scenes...)
			for i := range claimed {
				claimed[i].Baseline = c.baseline
			}
			offsets, warns, samples := settle(t, claimed, shifted{r, c.shift})
			judged, wrong := 0, 0
			for _, s := range claimed {
				want := -float64(c.shift[folder(s)])
				claim := 0.0
				if c.baseline == "05.00" {
					claim = -1000
				}
				clear := samples[s.ID].Usable >= 150 // a third of the patch's sampled pixels
				if clear {
					judged++
				}
				if got := offsets[s.ID].DN0; got != want && (clear || got != claim) {
					wrong++
					t.Logf("%s: offset %g, want %g: %s (sample dark %v all %v usable %d green %d)", s.ID, got, want, offsets[s.ID].Reason, samples[s.ID].Dark, samples[s.ID].DarkAll, samples[s.ID].Usable, samples[s.ID].Green)
				}
			}
			t.Logf("%d of %d scenes are clear enough to be judged, %d wrong, %d warnings", judged, len(claimed), wrong, len(warns))
			if wrong > 0 {
				t.Errorf("%d offsets wrong", wrong)
			}
			if judged < 25 {
				t.Errorf("only %d scenes judged", judged)
			}
		})
	}
}

func patchShapes(t *testing.T) []raster.Shape {
	t.Helper()
	return shapesOf(t, patch(t))
}

// shapesOf are the parcels of a patch's folder.
func shapesOf(t *testing.T, dir string) []raster.Shape {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "labels", "parcels_derived.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	fc := geojson.NewFeatureCollection()
	if err := json.Unmarshal(b, fc); err != nil {
		t.Fatal(err)
	}
	var out []raster.Shape
	for _, f := range fc.Features {
		s := raster.Shape{ID: f.Properties["parcel_id"].(string), Kind: "parcel"}
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			s.Polygon = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			s.Polygon = g
		}
		out = append(out, s)
	}
	return out
}

// golden is a table that a tool wrote into testdata.
func golden(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
