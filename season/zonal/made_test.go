package zonal

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
	"github.com/paulmach/orb"
)

// tile is a made-up tile of small scenes.
type tile struct {
	name   string
	epsg   int
	x0, y0 float64
	w, h   int // pixels of 10 m
}

// gridOf is the tile's grid of 10 or 20 m pixels.
func (t tile) grid(res float64) raster.Grid {
	k := int(res / 10)
	return raster.Grid{EPSG: t.epsg, X0: t.x0, Y0: t.y0, Res: res, Width: t.w / k, Height: t.h / k}
}

// bandValue is the digital number of pixel (col, row) of the i-th of
// OpticalBands: one value a band, and one more per column.
func bandValue(i, col int) uint16 { return uint16(100*(i+1) + col%50) }

// writeScene writes a scene of baseline 02.00 (no offset), all of it vegetation
// but for the leftmost columns of 20 m, which are cloud.
func writeScene(t *testing.T, dir, id string, tl tile, when time.Time, cloudColumns int) {
	t.Helper()
	type object = map[string]any
	assets := object{}
	write := func(b raster.Band, res float64, value func(col, row int) uint16) {
		g := tl.grid(res)
		v := make([]uint16, g.Width*g.Height)
		for i := range v {
			v[i] = value(i%g.Width, i/g.Width)
		}
		file := filepath.Join(dir, id, string(b)+".tif")
		if err := gdal.WriteCOG(file, g, v, gdal.COGOptions{BlockSize: 256, Byte: b == raster.SCL}); err != nil {
			t.Fatal(err)
		}
		a := object{"href": "./" + id + "/" + string(b) + ".tif", "proj:shape": []int{g.Height, g.Width}, "proj:transform": []float64{res, 0, g.X0, 0, -res, g.Y0}}
		if b != raster.SCL {
			a["eo:bands"] = []object{{"name": string(b)}}
		}
		assets[string(b)] = a
	}
	for i, b := range raster.OpticalBands {
		res := 20.0
		if b == raster.B02 || b == raster.B03 || b == raster.B04 || b == raster.B08 {
			res = 10
		}
		write(b, res, func(col, _ int) uint16 { return bandValue(i, col) })
	}
	write(raster.SCL, 20, func(col, _ int) uint16 {
		if col < cloudColumns {
			return 9
		}
		return 4
	})
	x1, y1 := tl.x0+10*float64(tl.w), tl.y0-10*float64(tl.h)
	foot, err := parcels.Unproject(orb.MultiPolygon{{{{tl.x0, y1}, {x1, y1}, {x1, tl.y0}, {tl.x0, tl.y0}, {tl.x0, y1}}}}, tl.epsg)
	if err != nil {
		t.Fatal(err)
	}
	box := foot.Bound()
	b, err := json.Marshal(object{
		"type": "Feature", "stac_version": "1.0.0", "id": id, "collection": "sentinel-2-l2a", "links": []any{},
		"bbox": []float64{box.Min[0], box.Min[1], box.Max[0], box.Max[1]}, "geometry": object{"type": "Polygon", "coordinates": foot[0]},
		"properties": object{"datetime": when.Format(time.RFC3339), "platform": "sentinel-2a", "proj:epsg": tl.epsg, "s2:mgrs_tile": tl.name, "s2:processing_baseline": "02.00", "eo:cloud_cover": 20},
		"assets":     assets,
	})
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, id+".json"), b, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// writeCatalog links all items of a folder.
func writeCatalog(t *testing.T, dir string) string {
	t.Helper()
	items, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var links []any
	for _, item := range items {
		links = append(links, map[string]string{"rel": "item", "href": "./" + filepath.Base(item)})
	}
	b, _ := json.Marshal(map[string]any{"type": "Catalog", "stac_version": "1.0.0", "id": "made", "description": "made up", "links": links})
	path := filepath.Join(dir, "catalog.json")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

var (
	home = tile{"49SGU", 32649, 700000, 3900000, 300, 1600}
	day  = time.Date(2024, 5, 1, 3, 0, 0, 0, time.UTC)
)

// oneScene is a catalog of one scene of the home tile.
func oneScene(t *testing.T) string {
	dir := t.TempDir()
	writeScene(t, dir, "S2A_1", home, day, 0)
	return writeCatalog(t, dir)
}

type named struct {
	id    string
	shape orb.MultiPolygon
}

func rect(x0, y0, x1, y1 float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}}
}

// pixels is a rectangle from pixel to pixel of a tile's 10 m grid, columns and
// rows from its corner.
func (t tile) pixels(col0, row0, col1, row1 float64) orb.MultiPolygon {
	return rect(t.x0+10*col0, t.y0-10*row1, t.x0+10*col1, t.y0-10*row0)
}

func writeLand(t *testing.T, epsg int, land ...named) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "land.gpkg")
	var fs []vector.Feature
	for _, n := range land {
		fs = append(fs, vector.Feature{Polygon: n.shape, Values: []any{n.id}})
	}
	if err := vector.WriteGPKG(path, "land", epsg, []vector.Field{{Name: "id"}}, fs); err != nil {
		t.Fatal(err)
	}
	return path
}

// scattered are many small fields all over the home tile.
func scattered() (out []named) {
	for row := 3; row+8 < home.h; row += 9 {
		for col := 2; col+9 < home.w; col += 11 {
			f := home.pixels(float64(col)+0.3, float64(row)+0.6, float64(col)+7.7, float64(row)+6.2)
			f[0][0][2][0] += float64((row*7+col)%9) - 4 // no two alike
			out = append(out, named{id: string(rune('a'+col%26)) + time.Duration(row*1000+col).String(), shape: f})
		}
	}
	return out
}

func rowsOf(t *testing.T, path string) []rundir.Observation {
	t.Helper()
	rows, err := rundir.ReadParquet[rundir.Observation](path)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
