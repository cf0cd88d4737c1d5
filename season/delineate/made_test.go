package delineate

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
	"github.com/paulmach/orb"
)

// ground is a made-up piece of land: the field of each pixel by its column and
// row.
type ground struct {
	grid    raster.Grid
	fieldOf func(col, row int) int
}

// made is land of fields of 15 × 10 pixels, each third column of them moved down
// by half.
func made(width, height int) ground {
	return ground{raster.Grid{EPSG: 32650, X0: 500000, Y0: 3600000, Res: 10, Width: width, Height: height}, func(col, row int) int {
		c := col / 15
		return 1 + c + 1000*((row+5*(c%3/2))/10)
	}}
}

// reflectance of a field on a date: red falls and near infrared rises with its
// green, which swings over the season at the field's own time.
func reflectance(field, date, band int) float64 {
	r := rand.New(rand.NewPCG(uint64(field), uint64(date)))
	green := r.Float64()
	return [4]float64{0.08 - 0.04*green, 0.10 - 0.04*green, 0.16 - 0.12*green, 0.20 + 0.30*green}[band]
}

// writeScenes writes scenes of the four bands of 10 m and SCL, with noise of
// half a per cent, and a band of cloud that wanders from date to date.
func (g ground) writeScenes(t *testing.T, dates int) string {
	t.Helper()
	return writeCatalog(t, dates, map[string]ground{"50SMB": g})
}

// writeCatalog writes the scenes of several tiles.
func writeCatalog(t *testing.T, dates int, tiles map[string]ground) string {
	t.Helper()
	type object = map[string]any
	dir := t.TempDir()
	var links []object
	for name, g := range tiles {
		for _, id := range g.writeTile(t, dir, name, dates) {
			links = append(links, object{"rel": "item", "href": "./" + id + ".json"})
		}
	}
	b, _ := json.Marshal(object{"type": "Catalog", "stac_version": "1.0.0", "id": "made", "description": "made up", "links": links})
	path := filepath.Join(dir, "catalog.json")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func (g ground) writeTile(t *testing.T, dir, name string, dates int) (ids []string) {
	t.Helper()
	type object = map[string]any
	for d := range dates {
		id := fmt.Sprintf("S2A_%s_%02d", name, d)
		noise := rand.New(rand.NewPCG(7, uint64(d)))
		assets := object{}
		write := func(b raster.Band, grid raster.Grid, value func(col, row int) float64) {
			v := make([]uint16, grid.Width*grid.Height)
			for i := range v {
				v[i] = uint16(value(i%grid.Width, i/grid.Width))
			}
			if err := gdal.WriteCOG(filepath.Join(dir, id, string(b)+".tif"), grid, v, gdal.COGOptions{BlockSize: 256, Byte: b == raster.SCL}); err != nil {
				t.Fatal(err)
			}
			a := object{"href": "./" + id + "/" + string(b) + ".tif", "proj:shape": []int{grid.Height, grid.Width}, "proj:transform": []float64{grid.Res, 0, grid.X0, 0, -grid.Res, grid.Y0}}
			if b != raster.SCL {
				a["eo:bands"] = []object{{"name": string(b)}}
			}
			assets[string(b)] = a
		}
		for k, b := range []raster.Band{raster.B02, raster.B03, raster.B04, raster.B08} {
			write(b, g.grid, func(col, row int) float64 {
				return 10000 * (reflectance(g.fieldOf(col, row), d, k) + 0.005*noise.NormFloat64())
			})
		}
		half := g.grid
		half.Res, half.Width, half.Height = 20, g.grid.Width/2, g.grid.Height/2
		write(raster.SCL, half, func(col, _ int) float64 {
			if col/10 == d {
				return 9
			}
			return 4
		})
		foot, err := parcels.Unproject(g.pixels(0, 0, g.grid.Width, g.grid.Height), g.grid.EPSG)
		if err != nil {
			t.Fatal(err)
		}
		box := foot.Bound()
		b, err := json.Marshal(object{
			"type": "Feature", "stac_version": "1.0.0", "id": id, "collection": "sentinel-2-l2a", "links": []any{},
			"bbox": []float64{box.Min[0], box.Min[1], box.Max[0], box.Max[1]}, "geometry": object{"type": "Polygon", "coordinates": foot[0]},
			"properties": object{"datetime": time.Date(2021, 4, 1+15*d, 3, 0, 0, 0, time.UTC).Format(time.RFC3339), "platform": "sentinel-2a", "proj:epsg": g.grid.EPSG, "s2:mgrs_tile": name, "s2:processing_baseline": "02.00"},
			"assets":     assets,
		})
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, id+".json"), b, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// pixels is a rectangle from pixel to pixel, in metres.
func (g ground) pixels(col0, row0, col1, row1 int) orb.MultiPolygon {
	x := func(c int) float64 { return g.grid.X0 + 10*float64(c) }
	y := func(r int) float64 { return g.grid.Y0 - 10*float64(r) }
	return orb.MultiPolygon{{{{x(col0), y(row1)}, {x(col1), y(row1)}, {x(col1), y(row0)}, {x(col0), y(row0)}, {x(col0), y(row1)}}}}
}

// fields are the land's true fields, lon and lat, but for those of fewer pixels
// than least.
func (g ground) fields(t *testing.T, least int) []orb.MultiPolygon {
	t.Helper()
	box, n := map[int][4]int{}, map[int]int{}
	var order []int
	for row := range g.grid.Height {
		for col := range g.grid.Width {
			f := g.fieldOf(col, row)
			b, ok := box[f]
			if !ok {
				b = [4]int{col, row, col, row}
				order = append(order, f)
			}
			box[f] = [4]int{min(b[0], col), min(b[1], row), max(b[2], col+1), max(b[3], row+1)}
			n[f]++
		}
	}
	var out []orb.MultiPolygon
	for _, f := range order {
		if n[f] < least {
			continue
		}
		b := box[f]
		mp, err := parcels.Unproject(g.pixels(b[0], b[1], b[2], b[3]), g.grid.EPSG)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, mp)
	}
	return out
}

// polygonsOf reads a GeoPackage, lon and lat.
func polygonsOf(t *testing.T, path string) (shapes []orb.MultiPolygon, ids []string) {
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
			return shapes, ids
		}
		b.Each(func(p vector.Polygon) {
			if p.Repaired != "" {
				t.Errorf("%s had to be repaired: %s", p.ID, p.Repaired)
			}
			shapes, ids = append(shapes, p.Shape), append(ids, p.ID)
		}, func(r vector.Reject) { t.Errorf("row %d: %s", r.Row, r.Reason) })
		b.Close()
	}
}
