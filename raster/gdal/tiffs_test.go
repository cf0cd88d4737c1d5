package gdal

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/raster"
)

var plainGrid = raster.Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 10, Width: 40, Height: 30}

var asGTiff = []string{"-of", "GTiff"}

func ramp(from uint16) []uint16 {
	v := make([]uint16, plainGrid.Width*plainGrid.Height)
	for i := range v {
		v[i] = from + uint16(i)
	}
	return v
}

func indexed(t *testing.T, dir string, opt IndexOptions) (map[string]raster.Scene, []raster.Warning) {
	t.Helper()
	rep, err := Index(context.Background(), dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	scenes, warns, err := raster.ReadCatalog(context.Background(), rep.Catalog, raster.CatalogOptions{})
	if err != nil || len(warns) > 0 || len(scenes) != len(rep.Scenes) {
		t.Fatalf("%d scenes read back of %d, %v, %v", len(scenes), len(rep.Scenes), warns, err)
	}
	out := map[string]raster.Scene{}
	for _, s := range scenes {
		out[s.ID] = s
	}
	return out, rep.Warnings
}

// A file of whole DN is used where it lies: bands by its descriptions, by the
// band map, or one file per band.
func TestIndexPlainDN(t *testing.T) {
	dir := t.TempDir()
	three := []layer{{values: ramp(100), about: "B4 red"}, {values: ramp(2000), about: "nir"}, {values: ramp(0), about: "cloud mask"}}
	writeRaster(t, filepath.Join(dir, "farm_20240610.tif"), plainGrid, godal.UInt16, asGTiff, three...)
	writeRaster(t, filepath.Join(dir, "2024-07-01", "B02.tif"), plainGrid, godal.UInt16, asGTiff, layer{values: ramp(300)})
	half := raster.Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 20, Width: 20, Height: 15}
	writeRaster(t, filepath.Join(dir, "2024-07-01", "SCL_20m.tif"), half, godal.Byte, asGTiff, layer{values: make([]byte, 300)})
	writeRaster(t, filepath.Join(dir, "S2A_T50SKA_20240705T031500_B04_10m.TIF"), plainGrid, godal.UInt16, asGTiff, layer{values: ramp(400), scale: 0.0001, offset: -0.1})
	writeRaster(t, filepath.Join(dir, "S2A_T50SKA_20240705T031500_B08_10m.TIF"), plainGrid, godal.UInt16, asGTiff, layer{values: ramp(500), scale: 0.0001, offset: -0.1})
	writeRaster(t, filepath.Join(dir, "openeo_20240712.tif"), plainGrid, godal.UInt16, asGTiff, layer{values: ramp(1), meta: "B08"}, layer{values: ramp(2), meta: "B04"})
	scenes, warns := indexed(t, dir, IndexOptions{})
	if len(warns) > 0 || len(scenes) != 4 {
		t.Fatalf("%v, %v", scenes, warns)
	}
	if s := scenes["openeo_20240712"]; s.Assets[raster.B08].Layer != 1 || s.Assets[raster.B04].Layer != 2 {
		t.Errorf("bands named in metadata: %+v", s)
	}
	farm := scenes["farm_20240610"]
	red := farm.Assets[raster.B04]
	if len(farm.Assets) != 2 || red.Layer != 1 || farm.Assets[raster.B08].Layer != 2 || red.Href != filepath.Join(dir, "farm_20240610.tif") || red.Grid != plainGrid || farm.Collection != "local" {
		t.Errorf("%+v", farm)
	}
	if !slices.Equal(readBand(t, farm, raster.B08), ramp(2000)) || !slices.Equal(readBand(t, farm, raster.B04), ramp(100)) {
		t.Error("other pixels")
	}
	// X 500000 is the central meridian of zone 50, 117° E; 3500000 m north is
	// 31.6351862° N (arc of the meridian on WGS 84, integrated numerically). Sentinel-2 comes over at 10:30 by
	// the sun, 02:42 UTC at 117° E.
	corner := farm.Footprint[0][0]
	if math.Abs(corner[0]-117) > 1e-6 || math.Abs(corner[1]-31.6351862) > 1e-6 {
		t.Errorf("footprint begins at %v", corner)
	}
	if want := time.Date(2024, 6, 10, 2, 42, 0, 0, time.UTC); farm.Time.Sub(want).Abs() > time.Minute {
		t.Errorf("time %v, want %v", farm.Time, want)
	}
	folder := scenes["2024-07-01"]
	if len(folder.Assets) != 2 || folder.Assets[raster.SCL].Grid.Res != 20 || folder.Time.Format("2006-01-02") != "2024-07-01" {
		t.Errorf("%+v", folder)
	}
	pair := scenes["S2A_T50SKA_20240705T031500"]
	if len(pair.Assets) != 2 || pair.Tile != "50SKA" || pair.Platform != "sentinel-2a" || !pair.Time.Equal(time.Date(2024, 7, 5, 3, 15, 0, 0, time.UTC)) || pair.ClaimedOffset().DN0 != -1000 {
		t.Errorf("%+v", pair)
	}

	other := t.TempDir()
	writeRaster(t, filepath.Join(other, "x_2024161.tif"), plainGrid, godal.UInt16, asGTiff, three...)
	bands, err := ParseBands("B02=3, b8=1")
	if err != nil {
		t.Fatal(err)
	}
	date, err := ParseDatePattern(`_(?P<y>\d{4})(?P<j>\d{3})$`)
	if err != nil {
		t.Fatal(err)
	}
	scenes, warns = indexed(t, other, IndexOptions{Bands: bands, Date: date, Collection: "drone"})
	s := scenes["x_2024161"] // day 161 of a leap year is 9 June
	if len(warns) > 0 || s.Assets[raster.B02].Layer != 3 || s.Assets[raster.B08].Layer != 1 || s.Time.Format("01-02") != "06-09" || s.Collection != "drone" {
		t.Errorf("%+v, %v", s, warns)
	}
}

// Other scales and no-data values become the standard DN, by hand: reflectance
// 0.25 is 2500 + 1000, −0.02 is 800, no data is 0.
func TestIndexConvertsScales(t *testing.T) {
	dir := t.TempDir()
	nd := -9999.0
	n := plainGrid.Width * plainGrid.Height
	refl, ints := make([]float32, n), make([]int16, n)
	for i := range refl {
		refl[i], ints[i] = 0.25, 25
	}
	refl[1], refl[2], refl[3], refl[4] = -0.02, -9999, float32(math.NaN()), 0
	ints[1], ints[2] = -2, -9999
	writeRaster(t, filepath.Join(dir, "float_20240610.tif"), plainGrid, godal.Float32, asGTiff, layer{values: refl, about: "B04", noData: &nd})
	writeRaster(t, filepath.Join(dir, "int_20240611.tif"), plainGrid, godal.Int16, asGTiff, layer{values: ints, about: "B04", noData: &nd, scale: 0.01})
	other := 65535.0
	dn := ramp(1)
	dn[7] = 65535
	writeRaster(t, filepath.Join(dir, "nodata_20240612.tif"), plainGrid, godal.UInt16, asGTiff, layer{values: dn, about: "B04", noData: &other})
	scenes, warns := indexed(t, dir, IndexOptions{})
	if len(warns) > 0 || len(scenes) != 3 {
		t.Fatalf("%v, %v", scenes, warns)
	}
	for id, want := range map[string][]uint16{"float_20240610": {3500, 800, 0, 0, 1000}, "int_20240611": {3500, 800, 0, 3500, 3500}} {
		s := scenes[id]
		if got := readBand(t, s, raster.B04)[:5]; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
		if a := s.Assets[raster.B04]; a.Offset != -0.1 || a.Scale != 1e-4 || s.ClaimedOffset().DN0 != -1000 || a.Layer != 0 {
			t.Errorf("%s: %+v claims %+v", id, a, s.ClaimedOffset())
		}
	}
	dn[7] = 0
	if s := scenes["nodata_20240612"]; !slices.Equal(readBand(t, s, raster.B04), dn) || s.ClaimedOffset().DN0 != 0 {
		t.Errorf("another no-data value: %+v", s.Assets)
	}

	// DN in floating point need to be told; then they are right.
	odd := t.TempDir()
	for i := range refl {
		refl[i] = 2500
	}
	writeRaster(t, filepath.Join(odd, "dn_20240610.tif"), plainGrid, godal.Float32, asGTiff, layer{values: refl, about: "B04"})
	writeRaster(t, filepath.Join(odd, "ok_20240610.tif"), plainGrid, godal.UInt16, asGTiff, layer{values: ramp(1), about: "B04"})
	scenes, warns = indexed(t, odd, IndexOptions{})
	if got := codes(warns); len(scenes) != 1 || got["unreadable_band"] != 1 || got["scene_left_out"] != 1 {
		t.Errorf("%v, %v", scenes, warns)
	}
	scale := 1e-4
	scenes, warns = indexed(t, odd, IndexOptions{Scale: &scale})
	if s := scenes["dn_20240610"]; len(warns) > 0 || readBand(t, s, raster.B04)[0] != 3500 {
		t.Errorf("%+v, %v", s, warns)
	}
}

// What cannot be used is named with what to do; the rest is indexed.
func TestIndexOddTIFFs(t *testing.T) {
	dir := t.TempDir()
	lonlat := raster.Grid{EPSG: 4326, X0: 117, Y0: 32, Res: 0.0001, Width: 40, Height: 30}
	writeRaster(t, filepath.Join(dir, "degrees_20240610_B04.tif"), lonlat, godal.UInt16, asGTiff, layer{values: ramp(1)})
	writeRaster(t, filepath.Join(dir, "undated_B04.tif"), plainGrid, godal.UInt16, asGTiff, layer{values: ramp(1)})
	writeRaster(t, filepath.Join(dir, "unnamed_20240610.tif"), plainGrid, godal.UInt16, asGTiff, layer{values: ramp(1)}, layer{values: ramp(1)})
	writeRaster(t, filepath.Join(dir, "a", "s_20240610_B04.tif"), plainGrid, godal.UInt16, asGTiff, layer{values: ramp(1)})
	writeRaster(t, filepath.Join(dir, "b", "s_20240610_B04.tif"), plainGrid, godal.UInt16, asGTiff, layer{values: ramp(2)})
	writeRaster(t, filepath.Join(dir, "b", "s_20240610_B4.tif"), plainGrid, godal.UInt16, asGTiff, layer{values: ramp(3)})
	gk := raster.Grid{EPSG: 4547, X0: 500000, Y0: 3500000, Res: 10, Width: 40, Height: 30} // CGCS2000, three-degree zone of 114° E
	writeRaster(t, filepath.Join(dir, "gk_20240610_B04.tif"), gk, godal.UInt16, asGTiff, layer{values: ramp(1)})
	scenes, warns := indexed(t, dir, IndexOptions{})
	if f := scenes["gk_20240610"].Footprint; len(f) != 1 || math.Abs(f[0][0][0]-114) > 1e-6 {
		t.Errorf("CGCS2000: footprint %v", f)
	}
	got := codes(warns)
	if got["unreadable_file"] != 1 || got["no_date"] != 1 || got["unknown_bands"] != 1 || got["band_twice"] != 1 || len(warns) != 4 {
		t.Errorf("%v", warns)
	}
	if len(scenes) != 3 || readBand(t, scenes["s_20240610"], raster.B04)[0] != 1 || readBand(t, scenes["b_s_20240610"], raster.B04)[0] != 2 {
		t.Errorf("%+v", scenes)
	}
}

// Bands of 20 m that someone spread over 10 m pixels go back to 20 m: by hand,
// the mean of 1000, 1001, 0 (no data) and 1003 is 1001; of two cloud and two
// land pixels the class is cloud.
func TestIndexBringsBack20m(t *testing.T) {
	dir := t.TempDir()
	v, scl := make([]uint16, plainGrid.Width*plainGrid.Height), make([]uint16, plainGrid.Width*plainGrid.Height)
	w := plainGrid.Width
	v[0], v[1], v[w], v[w+1] = 1000, 1001, 0, 1003
	scl[0], scl[1], scl[w], scl[w+1] = 4, 9, 4, 9
	scl[2], scl[3], scl[w+2], scl[w+3] = 5, 4, 4, 4
	last := len(v) - 1
	v[last], v[last-1], v[last-w], v[last-w-1] = 7, 7, 7, 7
	writeRaster(t, filepath.Join(dir, "x_20240610.tif"), plainGrid, godal.UInt16, asGTiff, layer{values: v, about: "B04"}, layer{values: v, about: "B11"}, layer{values: scl, about: "SCL"})
	scenes, warns := indexed(t, dir, IndexOptions{})
	s := scenes["x_20240610"]
	half := raster.Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 20, Width: 20, Height: 15}
	if len(warns) > 0 || s.Assets[raster.B11].Grid != half || s.Assets[raster.SCL].Grid != half || s.Assets[raster.B04].Grid != plainGrid {
		t.Fatalf("%+v, %v", s.Assets, warns)
	}
	b11, class := readBand(t, s, raster.B11), readBand(t, s, raster.SCL)
	if b11[0] != 1001 || b11[1] != 0 || b11[len(b11)-1] != 7 || class[0] != 9 || class[1] != 4 {
		t.Errorf("B11 %v … %d, SCL %v", b11[:2], b11[len(b11)-1], class[:2])
	}
	rep, err := Index(context.Background(), dir, IndexOptions{})
	if err != nil || rep.Kept != 2 || rep.Converted != 0 {
		t.Errorf("again: %+v, %v", rep, err)
	}
}
