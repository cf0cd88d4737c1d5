package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/parus-lending/parus/raster"
)

// Dates in the catalog of a season, and of the small try-out. All show the same
// land; the scene classification of each has clouds of its own.
const (
	seasonDates = 60
	quickDates  = 6
)

// footprints are the corners of the tile and of the small one (lon, lat of
// EPSG:32650, by PROJ).
var footprints = map[bool][][2]float64{
	false: {{115.934694, 32.532843}, {115.946103, 31.542424}, {117.102827, 31.546725}, {117.10394, 32.537312}, {115.934694, 32.532843}},
	true:  {{115.934694, 32.532843}, {115.936865, 32.348121}, {116.154485, 32.349768}, {116.152758, 32.534501}, {115.934694, 32.532843}},
}

func (w *workload) seasonDates() int {
	if w.quick {
		return quickDates
	}
	return seasonDates
}

type object = map[string]any

// writeCatalogs writes three STAC catalogs of the same files: one date, one
// date that is clear everywhere, and a season.
func (w *workload) writeCatalogs(context.Context) error {
	first := time.Date(2024, 3, 2, 3, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		dates int
		scl   func(date int) string
	}{{"date", 1, sclOf}, {"clear", 1, func(int) string { return "CLEAR" }}, {"season", w.seasonDates(), sclOf}} {
		links := []object{}
		for i := range c.dates {
			id := fmt.Sprintf("S2_%s_%03d", c.name, i+1)
			if err := writeJSON(w.path(filepath.Join(c.name, id+".json")), w.item(id, first.AddDate(0, 0, 5*i), c.scl(i))); err != nil {
				return err
			}
			links = append(links, object{"rel": "item", "href": "./" + id + ".json", "type": "application/geo+json"})
		}
		doc := object{"type": "Catalog", "stac_version": "1.0.0", "id": "bench-" + c.name, "description": "Made-up tile for timing", "links": links}
		if err := writeJSON(w.path(filepath.Join(c.name, "catalog.json")), doc); err != nil {
			return err
		}
	}
	return nil
}

func (w *workload) item(id string, at time.Time, scl string) object {
	assets := object{}
	for _, b := range append([]raster.Band{raster.SCL}, raster.OpticalBands...) {
		file := string(b)
		if b == raster.SCL {
			file = scl
		}
		g := w.grid(b)
		assets[string(b)] = object{
			"href": "../scene/" + file + ".tif", "type": "image/tiff; application=geotiff; profile=cloud-optimized", "roles": []string{"data"},
			"proj:shape": []int{g.Height, g.Width}, "proj:transform": []float64{g.Res, 0, g.X0, 0, -g.Res, g.Y0},
			"raster:bands": []object{{"nodata": 0, "scale": 0.0001, "offset": 0}},
		}
	}
	return object{
		"type": "Feature", "stac_version": "1.0.0", "id": id, "collection": "sentinel-2-l2a",
		"geometry": object{"type": "Polygon", "coordinates": [][][2]float64{footprints[w.quick]}},
		"bbox":     []float64{115.9, 31.5, 117.2, 32.6},
		"properties": object{
			"datetime": at.Format(time.RFC3339), "platform": "sentinel-2a", "proj:epsg": w.ten.EPSG,
			"s2:processing_baseline": "03.01", "eo:cloud_cover": 100 * cloudShare, // before the offset of baseline 04.00
			"view:sun_elevation": 55, "view:sun_azimuth": 150,
		},
		"assets": assets, "links": []object{},
	}
}

func writeJSON(path string, v any) error {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}
