package sample

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
	"github.com/paulmach/orb"
)

const collection = "sentinel-2-l2a"

type object = map[string]any

// writeScenes shoots every date and writes its bands and STAC item, one date at
// a time.
func (c *making) writeScenes(ctx context.Context) error {
	p := &painter{canvas: c.canvas, seed: uint64(c.opt.Seed), fields: c.tenure.fields, tables: c.tables}
	var links []object
	for i, s := range c.skies {
		if err := ctx.Err(); err != nil {
			return err
		}
		shot := p.shoot(s)
		if err := c.writeScene(&shot); err != nil {
			return err
		}
		links = append(links, object{"rel": "item", "href": "./" + shot.id + "/" + shot.id + ".json", "type": "application/geo+json"})
		c.opt.Progress("scenes", i+1, len(c.skies))
	}
	return c.writeCatalog(links)
}

func (c *making) writeScene(s *shot) error {
	when := s.sky.when
	s.id = fmt.Sprintf("S2%s_%s_%s_0_L2A", strings.ToUpper(s.sky.platform[len(s.sky.platform)-1:]), tile, when.Format("20060102"))
	dir := c.path("scenes", collection, s.id)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	assets := object{}
	for _, b := range append(append([]raster.Band{}, raster.OpticalBands...), raster.SCL) {
		g := c.canvas.grid
		if !tenMetre[b] {
			g.Res, g.Width, g.Height = 20, g.Width/2, g.Height/2
		}
		file := filepath.Join(dir, string(b)+".tif")
		if err := gdal.WriteCOG(file, g, s.bands[b], gdal.COGOptions{Byte: b == raster.SCL}); err != nil {
			return err
		}
		a, err := asset(file, b, g)
		if err != nil {
			return err
		}
		assets[string(b)] = a
	}
	ring, err := c.footprint()
	if err != nil {
		return err
	}
	box := ring.Bound()
	item := object{
		"type": "Feature", "stac_version": "1.0.0", "id": s.id, "collection": collection,
		"stac_extensions": []string{stacURL("projection/v1.1.0"), stacURL("raster/v1.1.0"), stacURL("eo/v1.1.0"), stacURL("view/v1.0.0"), stacURL("file/v2.1.0"), stacURL("grid/v1.1.0")},
		"bbox":            []float64{box.Min[0], box.Min[1], box.Max[0], box.Max[1]},
		"geometry":        object{"type": "Polygon", "coordinates": []orb.Ring{ring}},
		"properties": object{
			"datetime": when.Format(time.RFC3339), "platform": s.sky.platform, "constellation": "sentinel-2", "instruments": []string{"msi"}, "gsd": 10,
			"eo:cloud_cover": round2(100 * s.cloud), "view:sun_azimuth": round2(s.sky.azimuth), "view:sun_elevation": round2(90 - s.sky.zenith),
			"proj:epsg": utm, "grid:code": "MGRS-" + tile, "s2:mgrs_tile": tile, "s2:processing_baseline": "05.10",
			"description": "made by parus sample county; not a real acquisition",
		},
		"links": []object{
			{"rel": "root", "href": "../../catalog.json", "type": "application/json"},
			{"rel": "parent", "href": "../collection.json", "type": "application/json"},
			{"rel": "collection", "href": "../collection.json", "type": "application/json"},
		},
		"assets": assets,
	}
	return writeJSON(filepath.Join(dir, s.id+".json"), item)
}

func stacURL(name string) string { return "https://stac-extensions.github.io/" + name + "/schema.json" }

func round2(v float64) float64 { return math.Round(v*100) / 100 }

var bandNames = map[raster.Band]struct {
	common string
	centre float64 // micrometres
}{
	raster.B02: {"blue", .49}, raster.B03: {"green", .56}, raster.B04: {"red", .665}, raster.B05: {"rededge", .704}, raster.B06: {"rededge", .741},
	raster.B07: {"rededge", .783}, raster.B08: {"nir", .842}, raster.B8A: {"nir08", .865}, raster.B11: {"swir16", 1.61}, raster.B12: {"swir22", 2.19},
}

func asset(file string, b raster.Band, g raster.Grid) (object, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(raw)
	a := object{
		"href": "./" + filepath.Base(file), "type": "image/tiff; application=geotiff; profile=cloud-optimized", "roles": []string{"data"},
		"proj:shape": []int{g.Height, g.Width}, "proj:transform": []float64{g.Res, 0, g.X0, 0, -g.Res, g.Y0},
		"file:size": len(raw), "file:checksum": "1220" + hex.EncodeToString(sum[:]), // multihash: sha2-256
	}
	if b == raster.SCL {
		a["raster:bands"] = []object{{"nodata": 0, "data_type": "uint8", "spatial_resolution": 20}}
		return a, nil
	}
	n := bandNames[b]
	a["eo:bands"] = []object{{"name": string(b), "common_name": n.common, "center_wavelength": n.centre}}
	// Baseline 05.10: BOA_ADD_OFFSET −1000.
	a["raster:bands"] = []object{{"nodata": 0, "data_type": "uint16", "spatial_resolution": g.Res, "scale": .0001, "offset": -.1}}
	return a, nil
}

// footprint is the outline of the pixels in lon, lat.
func (c *making) footprint() (orb.Ring, error) {
	g := c.canvas.grid
	x1, y1 := g.X0+g.Res*float64(g.Width), g.Y0-g.Res*float64(g.Height)
	mp, err := parcels.Unproject(orb.MultiPolygon{{{{g.X0, y1}, {x1, y1}, {x1, g.Y0}, {g.X0, g.Y0}, {g.X0, y1}}}}, utm)
	if err != nil {
		return nil, err
	}
	return mp[0][0], nil
}

func (c *making) writeCatalog(items []object) error {
	ring, err := c.footprint()
	if err != nil {
		return err
	}
	box := ring.Bound()
	first, last := c.skies[0].when.Format(time.RFC3339), c.skies[len(c.skies)-1].when.Format(time.RFC3339)
	root := object{"rel": "root", "href": "./catalog.json", "type": "application/json"}
	if err := writeJSON(c.path("scenes", "catalog.json"), object{
		"type": "Catalog", "stac_version": "1.0.0", "id": "parus-sample-county", "description": "Scenes of a made-up county",
		"links": []object{root, {"rel": "child", "href": "./" + collection + "/collection.json", "type": "application/json"}},
	}); err != nil {
		return err
	}
	links := append([]object{{"rel": "root", "href": "../catalog.json", "type": "application/json"}, {"rel": "parent", "href": "../catalog.json", "type": "application/json"}}, items...)
	return writeJSON(c.path("scenes", collection, "collection.json"), object{
		"type": "Collection", "stac_version": "1.0.0", "id": collection, "description": "Made-up Sentinel-2 L2A scenes", "license": "other",
		"extent": object{"spatial": object{"bbox": [][]float64{{box.Min[0], box.Min[1], box.Max[0], box.Max[1]}}},
			"temporal": object{"interval": [][]string{{first, last}}}},
		"links": links,
	})
}

func writeJSON(path string, v any) error {
	return rundir.WriteFile(path, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", " ")
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	})
}
