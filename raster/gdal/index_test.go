package gdal

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/raster"
)

// readBand is a whole band of a scene.
func readBand(t *testing.T, s raster.Scene, b raster.Band) []uint16 {
	t.Helper()
	r := Open(Options{})
	defer r.Close()
	a, ok := s.Assets[b]
	if !ok {
		t.Fatalf("scene %s has no %s", s.ID, b)
	}
	dst := make([]uint16, a.Grid.Width*a.Grid.Height)
	if err := r.Read(context.Background(), a, raster.Window{Width: a.Grid.Width, Height: a.Grid.Height}, dst); err != nil {
		t.Fatal(err)
	}
	return dst
}

func codes(ws []raster.Warning) map[string]int {
	n := map[string]int{}
	for _, w := range ws {
		n[w.Code]++
	}
	return n
}

// tree is every file below a folder with its content.
func tree(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		out[strings.TrimPrefix(path, dir)] = b
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A SAFE folder becomes a catalog that reads back to the same scene: every
// pixel, the offset, the sun, the place.
func TestIndexSAFE(t *testing.T) {
	dir := t.TempDir()
	makeSAFE(t, filepath.Join(dir, "2024"))
	before := tree(t, filepath.Join(dir, "2024"))
	steps := -1
	rep, err := Index(context.Background(), dir, IndexOptions{Progress: func(done, total int) {
		if steps++; done != steps || total != 11 {
			t.Errorf("progress %d of %d at step %d", done, total, steps)
		}
	}})
	if err != nil || len(rep.Warnings) > 0 || rep.Converted != 11 || steps != 11 || rep.Found != 1 {
		t.Fatalf("%+v, %v, %d steps", rep, err, steps)
	}
	scenes, warns, err := raster.ReadCatalog(context.Background(), rep.Catalog, raster.CatalogOptions{Collections: []string{"sentinel-2-l2a"}})
	if err != nil || len(warns) > 0 || len(scenes) != 1 {
		t.Fatalf("%d scenes, %v, %v", len(scenes), warns, err)
	}
	s := scenes[0]
	if s.ID != safeName || s.Tile != "50SKA" || s.EPSG != 32650 || s.Baseline != "05.10" || s.Platform != "sentinel-2b" || *s.CloudCover != 12.25 ||
		*s.SunZenith != 18.125 || *s.SunAzimuth != 110.5 || !s.Time.Equal(time.Date(2024, 6, 10, 3, 5, 41, 24e6, time.UTC)) || s.Footprint[0][0] != [2]float64{113.81, 32.489} {
		t.Errorf("scene %+v", s)
	}
	if o := s.ClaimedOffset(); o.DN0 != -1000 || o.Reason != "processing baseline 05.10" {
		t.Errorf("claims %+v", o)
	}
	for b, res := range safeBands {
		a := s.Assets[b]
		if a.Grid != safeGrids[res] || a.Size == 0 || b != raster.SCL && (a.Offset != -0.1 || a.Scale != 1e-4) {
			t.Errorf("%s: %+v", b, a)
		}
		if !slices.Equal(readBand(t, s, b), safePixels(b)) {
			t.Errorf("%s: pixels differ from the product's", b)
		}
	}
	ds, err := godal.Open(s.Assets[raster.B04].Href)
	if err != nil {
		t.Fatal(err)
	}
	if st := ds.Structure(); st.DataType != godal.UInt16 || st.BlockSizeX != 512 || len(ds.Bands()[0].Overviews()) == 0 || ds.Bands()[0].Metadata("NBITS", godal.Domain("IMAGE_STRUCTURE")) != "" {
		t.Errorf("B04 is stored as %+v with %d overviews", st, len(ds.Bands()[0].Overviews()))
	}
	ds.Close()
	if ds, err = godal.Open(s.Assets[raster.SCL].Href); err != nil || ds.Structure().DataType != godal.Byte {
		t.Errorf("SCL is stored as %v, %v", ds.Structure().DataType, err)
	}
	ds.Close()
	for name, b := range tree(t, filepath.Join(dir, "2024")) {
		if !bytes.Equal(b, before[name]) {
			t.Errorf("the original %s was changed", name)
		}
	}

	// Again: nothing to convert, the same bytes.
	first := tree(t, filepath.Join(dir, "stac"))
	rep, err = Index(context.Background(), dir, IndexOptions{})
	if err != nil || rep.Converted != 0 || rep.Kept != 11 || len(rep.Scenes) != 1 {
		t.Errorf("again: %+v, %v", rep, err)
	}
	for name, b := range tree(t, filepath.Join(dir, "stac")) {
		if !bytes.Equal(b, first[name]) || strings.Contains(name, ".part") {
			t.Errorf("again: %s differs", name)
		}
	}
	// The product may go: its scene stays.
	if err := os.RemoveAll(filepath.Join(dir, "2024")); err != nil {
		t.Fatal(err)
	}
	rep, err = Index(context.Background(), dir, IndexOptions{})
	if err != nil || rep.Found != 0 || len(rep.Scenes) != 1 || rep.Scenes[0].ID != safeName || len(rep.Warnings) > 0 {
		t.Errorf("without the product: %+v, %v", rep, err)
	}
}

// Killed half-way, the same command goes on: what was converted stays, what was
// begun is done again, and the result equals an undisturbed one.
func TestIndexResumes(t *testing.T) {
	dir := t.TempDir()
	makeSAFE(t, dir)
	out := filepath.Join(dir, "stac")
	killed, n := errors.New("killed"), 0
	_, err := Index(context.Background(), dir, IndexOptions{Workers: 1, convert: func(c conversion) error {
		if n++; n == 5 {
			put(t, c.dst+".part1.tif", "half")
			put(t, c.dst+".part2.tif.ovr.tmp", "half")
			return killed
		}
		return nil
	}})
	if !errors.Is(err, killed) {
		t.Fatalf("error %v", err)
	}
	if _, err := os.Stat(filepath.Join(out, "catalog.json")); err == nil {
		t.Error("a catalog was written of half the work")
	}
	rep, err := Index(context.Background(), dir, IndexOptions{})
	if err != nil || rep.Kept != 4 || rep.Converted != 7 || len(rep.Warnings) > 0 {
		t.Fatalf("%+v, %v", rep, err)
	}
	whole := t.TempDir()
	makeSAFE(t, whole)
	if _, err := Index(context.Background(), whole, IndexOptions{}); err != nil {
		t.Fatal(err)
	}
	got, want := tree(t, out), tree(t, filepath.Join(whole, "stac"))
	if len(got) != len(want) {
		t.Errorf("%d files, an undisturbed run has %d", len(got), len(want))
	}
	for name, b := range want {
		if name != "/catalog.json" && !bytes.Equal(b, got[name]) { // it names the folder
			t.Errorf("%s differs from an undisturbed run's", name)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Index(ctx, dir, IndexOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	// A newer original is converted again.
	jp2, err := filepath.Glob(filepath.Join(dir, "*.SAFE", "GRANULE", "*", "IMG_DATA", "R10m", "*B02*"))
	if err != nil || len(jp2) != 1 || os.Chtimes(jp2[0], time.Time{}, time.Now().Add(time.Hour)) != nil {
		t.Fatal(jp2, err)
	}
	if rep, err = Index(context.Background(), dir, IndexOptions{}); err != nil || rep.Converted != 1 || rep.Kept != 10 {
		t.Errorf("%+v, %v", rep, err)
	}
}

// Broken products are warnings with their names; the others are indexed.
func TestIndexBrokenSAFE(t *testing.T) {
	dir := t.TempDir()
	good := makeSAFE(t, dir)
	image := func(name string) string {
		t.Helper()
		m, err := filepath.Glob(filepath.Join(good, "GRANULE", "*", "IMG_DATA", "*", "*"+name))
		if err != nil || len(m) != 1 {
			t.Fatal(m, err)
		}
		return m[0]
	}
	st, err := os.Stat(image("B03_10m.jp2"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Truncate(image("B03_10m.jp2"), st.Size()/2), os.Remove(image("B12_20m.jp2"))); err != nil {
		t.Fatal(err)
	}
	writeJP2(t, image("B11_20m.jp2"), raster.Grid{EPSG: 32650, X0: 300000, Y0: 3600000, Res: 20, Width: 310, Height: 300}, safePixels(raster.B11), false)
	half := filepath.Join(dir, strings.Replace(safeName, "20240610", "20240615", 1)+".SAFE")
	put(t, filepath.Join(half, "GRANULE", "L2A_T50SKA", "IMG_DATA", "R10m", "T50SKA_20240615T030541_B02_10m.jp2"), "x")
	put(t, filepath.Join(dir, strings.Replace(safeName, "20240610", "20240620", 1)+".SAFE", "MTD_MSIL2A.xml"), "<a><b></a>")
	put(t, filepath.Join(dir, "S2A_MSIL2A_20240625T030541_N0510_R075_T50SKA_20240625T062000.SAFE.zip"), "PK")
	put(t, filepath.Join(dir, "notes.tif"), "no tif")
	rep, err := Index(context.Background(), dir, IndexOptions{})
	if err != nil || len(rep.Scenes) != 1 || len(rep.Scenes[0].Assets) != 8 {
		t.Fatalf("%+v, %v", rep, err)
	}
	want := map[string]int{"unreadable_band": 2, "missing_band": 1, "unusable_safe": 2, "zipped_safe": 1, "unreadable_file": 1}
	got := codes(rep.Warnings)
	for c, n := range want {
		if got[c] != n {
			t.Errorf("%d warnings %s, want %d: %v", got[c], c, n, rep.Warnings)
		}
	}
	if len(got) != len(want) {
		t.Errorf("warnings %v", rep.Warnings)
	}
	for _, w := range rep.Warnings {
		if w.Code == "unreadable_band" && !strings.Contains(w.Subject, " B03") && !strings.Contains(w.Subject, " B11") {
			t.Errorf("warning %v", w)
		}
	}
	for name := range tree(t, filepath.Join(dir, "stac")) {
		if strings.Contains(name, ".part") {
			t.Errorf("%s was left", name)
		}
	}
	if _, err := Index(context.Background(), t.TempDir(), IndexOptions{}); err == nil || !strings.Contains(err.Error(), "no scene in it") {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := Index(context.Background(), filepath.Join(dir, "nowhere"), IndexOptions{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

// Without the tile's metadata the grid comes from the images.
func TestIndexSAFEWithoutTileMetadata(t *testing.T) {
	dir := t.TempDir()
	m, err := filepath.Glob(filepath.Join(makeSAFE(t, dir), "GRANULE", "*", "MTD_TL.xml"))
	if err != nil || len(m) != 1 || os.Remove(m[0]) != nil {
		t.Fatal(m, err)
	}
	rep, err := Index(context.Background(), dir, IndexOptions{})
	if err != nil || len(rep.Warnings) != 1 || rep.Warnings[0].Code != "safe_metadata" {
		t.Fatalf("%v, %v", rep.Warnings, err)
	}
	s := rep.Scenes[0]
	if s.EPSG != 32650 || s.Assets[raster.B08].Grid != safeGrids[10] || s.Assets[raster.B8A].Grid != safeGrids[20] || s.SunZenith != nil || math.Abs(*s.CloudCover-12.25) > 0 {
		t.Errorf("%+v", s)
	}
}
