package raster

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// ItemPath is where WriteCatalog puts the item of a scene: in a folder of its
// own, where files of the scene may stand beside it.
func ItemPath(dir string, s Scene) string {
	id := fileName(s.ID)
	return filepath.Join(dir, fileName(s.Collection), id, id+".json")
}

// fileName makes an ID fit for a file name.
func fileName(id string) string {
	if s := strings.Trim(oddInNames.ReplaceAllString(id, "_"), "."); s != "" {
		return s
	}
	return "_"
}

var oddInNames = regexp.MustCompile(`[^\pL\pN._-]+`)

// WriteCatalog writes a static STAC 1.0 catalog that ReadCatalog reads back to
// the same scenes: dir/catalog.json, a collection.json for each collection, and
// the items at ItemPath. Every scene has a collection. Hrefs of files are
// relative. Each file is replaced as a whole, the items first.
func WriteCatalog(dir, id, description string, scenes []Scene) error {
	sorted := append([]Scene(nil), scenes...)
	sortScenes(sorted)
	by := map[string][]Scene{}
	var names []string
	for _, s := range sorted {
		if by[s.Collection] == nil {
			names = append(names, s.Collection)
		}
		by[s.Collection] = append(by[s.Collection], s)
		if err := writeItem(ItemPath(dir, s), s); err != nil {
			return err
		}
	}
	sort.Strings(names)
	root := []any{stacLinkTo("root", "./catalog.json")}
	for _, name := range names {
		rel := fileName(name) + "/collection.json"
		if err := writeCollection(filepath.Join(dir, filepath.FromSlash(rel)), name, by[name]); err != nil {
			return err
		}
		root = append(root, stacLinkTo("child", "./"+rel))
	}
	return writeJSON(filepath.Join(dir, "catalog.json"), map[string]any{"type": "Catalog", "stac_version": "1.0.0", "id": id, "description": description, "links": root})
}

func stacLinkTo(rel, href string) map[string]any {
	typ := "application/json"
	if rel == "item" {
		typ = "application/geo+json"
	}
	return map[string]any{"rel": rel, "href": href, "type": typ}
}

// writeCollection writes the collection of scenes sorted by time.
func writeCollection(path, id string, scenes []Scene) error {
	links := []any{stacLinkTo("root", "../catalog.json"), stacLinkTo("parent", "../catalog.json")}
	box := orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	placed := false
	for _, s := range scenes {
		name := fileName(s.ID)
		links = append(links, stacLinkTo("item", "./"+name+"/"+name+".json"))
		switch {
		case len(s.Footprint) == 0:
		case placed:
			box = box.Union(s.Footprint.Bound())
		default:
			box, placed = s.Footprint.Bound(), true
		}
	}
	when := func(s Scene) string { return s.Time.UTC().Format(time.RFC3339Nano) }
	return writeJSON(path, map[string]any{
		"type": "Collection", "stac_version": "1.0.0", "id": id, "description": "Scenes of " + id, "license": "proprietary", "links": links,
		"extent": map[string]any{
			"spatial":  map[string]any{"bbox": []any{bboxOf(box)}},
			"temporal": map[string]any{"interval": []any{[]string{when(scenes[0]), when(scenes[len(scenes)-1])}}},
		},
	})
}

func writeItem(path string, s Scene) error {
	props := map[string]any{"datetime": s.Time.UTC().Format(time.RFC3339Nano), "proj:epsg": nil}
	set := func(key string, v any, there bool) {
		if there {
			props[key] = v
		}
	}
	set("proj:epsg", s.EPSG, s.EPSG > 0)
	set("platform", s.Platform, s.Platform != "")
	set("s2:processing_baseline", s.Baseline, s.Baseline != "")
	set("s2:mgrs_tile", s.Tile, s.Tile != "")
	set("grid:code", "MGRS-"+s.Tile, isMGRS.MatchString(s.Tile))
	set("eo:cloud_cover", s.CloudCover, s.CloudCover != nil)
	if s.SunZenith != nil {
		props["view:sun_elevation"] = 90 - *s.SunZenith
	}
	set("view:sun_azimuth", s.SunAzimuth, s.SunAzimuth != nil)
	set("view:incidence_angle", s.ViewZenith, s.ViewZenith != nil)
	set("view:azimuth", s.ViewAzimuth, s.ViewAzimuth != nil)
	direction, track := s.orbit()
	if n, err := strconv.Atoi(track); err == nil {
		props["sat:relative_orbit"] = n
	}
	set("sat:orbit_state", direction, direction != "")
	set("s2:boa_offset_applied", s.OffsetApplied, s.OffsetApplied != nil)
	assets := map[string]any{}
	for b, a := range s.Assets {
		href, err := hrefFrom(path, a.Href)
		if err != nil {
			return fmt.Errorf("write STAC item %s: %w", path, err)
		}
		band := map[string]any{"nodata": a.NoData, "scale": a.Scale, "offset": a.Offset}
		if a.Unit != "" {
			band["unit"] = a.Unit
		}
		m := map[string]any{"href": href, "type": "image/tiff; application=geotiff", "roles": []string{"data"},
			"eo:bands": []map[string]any{{"name": b}}, "raster:bands": []any{band}}
		if a.Grid.Width > 0 {
			m["proj:epsg"] = a.Grid.EPSG
			m["proj:shape"] = []int{a.Grid.Height, a.Grid.Width}
			m["proj:transform"] = []float64{a.Grid.Res, 0, a.Grid.X0, 0, -a.Grid.Res, a.Grid.Y0}
		}
		if a.Size > 0 {
			m["file:size"] = a.Size
		}
		if a.Checksum != "" {
			m["file:checksum"] = a.Checksum
		}
		if a.Layer > 0 {
			m["parus:layer"] = a.Layer
		}
		assets[string(b)] = m
	}
	item := map[string]any{
		"type": "Feature", "stac_version": "1.0.0", "id": s.ID, "properties": props, "assets": assets, "geometry": nil,
		"stac_extensions": extensionsOf(props),
		"collection":      s.Collection,
		"links":           []any{stacLinkTo("root", "../../catalog.json"), stacLinkTo("parent", "../collection.json"), stacLinkTo("collection", "../collection.json")},
	}
	if len(s.Footprint) > 0 {
		item["geometry"], item["bbox"] = geojson.NewGeometry(s.Footprint), bboxOf(s.Footprint.Bound())
	}
	return writeJSON(path, item)
}

// extensionsOf are the STAC extensions whose fields an item has.
func extensionsOf(props map[string]any) []string {
	out := []string{
		"https://stac-extensions.github.io/eo/v1.1.0/schema.json", "https://stac-extensions.github.io/file/v2.1.0/schema.json",
		"https://stac-extensions.github.io/projection/v1.1.0/schema.json", "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
	}
	for _, e := range [][2]string{
		{"view:sun_azimuth", "https://stac-extensions.github.io/view/v1.0.0/schema.json"},
		{"sat:orbit_state", "https://stac-extensions.github.io/sat/v1.0.0/schema.json"},
		{"grid:code", "https://stac-extensions.github.io/grid/v1.1.0/schema.json"},
		{"s2:processing_baseline", "https://stac-extensions.github.io/sentinel-2/v1.0.0/schema.json"},
	} {
		if _, ok := props[e[0]]; ok {
			out = append(out, e[1])
		}
	}
	return out
}

// isMGRS is a Sentinel-2 tile: 50SKA.
var isMGRS = regexp.MustCompile(`^\d{2}[C-X][A-Z]{2}$`)

// hrefFrom is the address of a file seen from a document: relative, with
// slashes; a URL stays as it is.
func hrefFrom(doc, href string) (string, error) {
	if isURL(href) {
		return href, nil
	}
	rel, err := filepath.Rel(filepath.Dir(doc), href)
	if err != nil {
		return "", err
	}
	return filepath.ToSlash(rel), nil
}

// writeJSON replaces a file as a whole: a reader never sees half of it.
func writeJSON(path string, v any) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	tmp := path + ".part"
	if err := os.WriteFile(tmp, buf.Bytes(), 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
