package season

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// zonesCounty is a county on both sides of 120° E, where UTM zones 50 and 51
// meet: small tiles of 3 km that overlap by 300 m within a zone and by about
// 1.2 km across the border. Reflectance is a smooth function of place and day,
// so what each polygon must show is known whatever tile shows it.
type zonesCounty struct {
	dir    string
	tiles  []zoneTile
	land   []zoneField
	scenes map[string]bool // "tile day"
}

type zoneTile struct {
	name string
	grid raster.Grid // of 10 m pixels
	at10 []orb.Point // lon, lat of the pixels' middles
	at20 []orb.Point
}

type zoneField struct {
	id   string
	poly orb.MultiPolygon // lon, lat
}

// The days, and the tiles that have a scene on them.
var zoneDays = []struct{ day, tiles string }{
	{"2024-05-01", "A B C D F"}, // A in two baselines
	{"2024-05-06", "B C D"},
	{"2024-05-11", "C"},
	{"2024-05-16", "B D F"},
	{"2024-05-21", "A B C D F"},
	{"2024-06-10", "A B C D F"},
}

// zoneBase is the reflectance at 120° E, 32° N on the first day, by OpticalBands.
var zoneBase = [10]float64{.05, .08, .06, .12, .2, .25, .35, .37, .2, .12}

// zoneLight is the reflectance of band b (by OpticalBands) at a place on a day.
func zoneLight(b int, p orb.Point, day int) float64 {
	return zoneBase[b] + .008*(p[0]-120)/.03 + .012*(p[1]-32)/.03 + .002*float64(day)
}

func rectangle(x0, y0, x1, y1 float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}}
}

// newZonesCounty lays out the tiles and the land and writes all files.
func newZonesCounty(t *testing.T) *zonesCounty {
	t.Helper()
	c := &zonesCounty{dir: t.TempDir(), scenes: map[string]bool{}}
	for _, z := range []struct {
		name   string
		epsg   int
		dx, dy float64 // of the upper left corner from 120° E, 32° N
	}{
		{"A", 32650, -2400, 2860}, {"B", 32650, -2400, 160}, {"F", 32650, -5100, 1500}, // F overlaps A and B at their western corner
		{"C", 32651, -600, 2860}, {"D", 32651, -600, 160},
	} {
		mp, err := parcels.Project(orb.MultiPolygon{{{{120, 32}}}}, z.epsg)
		if err != nil {
			t.Fatal(err)
		}
		corner := mp[0][0][0]
		g := raster.Grid{EPSG: z.epsg, X0: math.Round((corner[0]+z.dx)/20) * 20, Y0: math.Round((corner[1]+z.dy)/20) * 20, Res: 10, Width: 300, Height: 300}
		tile := zoneTile{name: z.name, grid: g, at10: middles(t, g)}
		g.Res, g.Width, g.Height = 20, 150, 150
		tile.at20 = middles(t, g)
		c.tiles = append(c.tiles, tile)
	}
	c.layLand(t)
	c.writeRecords(t)
	var links []map[string]string
	for i, d := range zoneDays {
		for _, tile := range c.tiles {
			if !strings.Contains(d.tiles, tile.name) {
				continue
			}
			c.scenes[tile.name+" "+d.day] = true
			links = append(links, c.writeScene(t, tile, i, "05.09", 0))
			if i == 0 && tile.name == "A" {
				links = append(links, c.writeScene(t, tile, i, "04.00", .05))
			}
		}
	}
	links = append(append(links, c.writeRadar(t)...), c.writeItem(t, "web", "sentinel-2-l2a", "red", 3857))
	writeAny(t, filepath.Join(c.dir, "scenes", "catalog.json"), map[string]any{"type": "Catalog", "stac_version": "1.0.0", "id": "zones", "description": "made up", "links": links})
	return c
}

func middles(t *testing.T, g raster.Grid) []orb.Point {
	t.Helper()
	ring := make(orb.Ring, 0, g.Width*g.Height)
	for row := range g.Height {
		for col := range g.Width {
			ring = append(ring, orb.Point{g.X0 + (float64(col)+.5)*g.Res, g.Y0 - (float64(row)+.5)*g.Res})
		}
	}
	mp, err := parcels.Unproject(orb.MultiPolygon{{ring}}, g.EPSG)
	if err != nil {
		t.Fatal(err)
	}
	return mp[0][0]
}

func (c *zonesCounty) writeRecords(t *testing.T) {
	t.Helper()
	fc := geojson.NewFeatureCollection()
	for _, f := range c.land {
		feature := geojson.NewFeature(f.poly)
		feature.Properties["id"] = f.id
		fc.Append(feature)
	}
	writeAny(t, filepath.Join(c.dir, "parcels.geojson"), fc)
	people, contracts := "CBFBM,CBFLX,CBFMC,CBFZJLX,CBFZJHM,received\n", "CBHTBM,DKBM,CBFBM,HTMJ,CBQXQ,CBQXZ,received\n"
	for i, ids := range []string{"west east", "arm hook"} {
		code := fmt.Sprintf("34159910120101%04d", i+1)
		people += fmt.Sprintf("%s,1,N%d,1,%s,2019-01-31\n", code, i, identity.IDCard("000000", time.Date(1970, 1, 1+i, 0, 0, 0, 0, time.UTC), 6))
		for k, id := range strings.Fields(ids) {
			contracts += fmt.Sprintf("H%d%d,%s,%s,100,1998-10-01,2028-09-30,2019-01-31\n", i, k, id, code)
		}
	}
	for name, text := range map[string]string{
		"contractors.csv": people, "contracts.csv": contracts, "identity.key": strings.Repeat("1f2e3d4c", 8) + "\n",
		"county.toml": `county = "341599"
name = "two zones"
identity_key = "identity.key"
as_of = "2024-12-31"
[season]
id = "2024"
start = "2024-01-01"
end = "2024-12-31"
[imagery]
catalog = "scenes/catalog.json"
collections = ["sentinel-2-l2a", "sentinel-1-rtc"]
[parcels]
file = "parcels.geojson"
id_field = "id"
[feeds]
contractors = "contractors.csv"
contracts = "contracts.csv"
`} {
		if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// writeScene writes a scene's bands and item and returns the catalog's link.
// wrong is added to every reflectance.
func (c *zonesCounty) writeScene(t *testing.T, tile zoneTile, day int, baseline string, wrong float64) map[string]string {
	t.Helper()
	id := fmt.Sprintf("S2A_%s_%s_%s", tile.name, zoneDays[day].day, baseline)
	dir := filepath.Join(c.dir, "scenes", id)
	assets := map[string]any{}
	for b, name := range append(append([]raster.Band{}, raster.OpticalBands...), raster.SCL) {
		g, at := tile.grid, tile.at10
		if !strings.Contains("B02 B03 B04 B08", string(name)) {
			g.Res, g.Width, g.Height, at = 20, 150, 150, tile.at20
		}
		dn := make([]uint16, len(at))
		for i, p := range at {
			if dn[i] = 4; name != raster.SCL {
				dn[i] = uint16(math.Round((zoneLight(b, p, day)+wrong)*10000) + 1000)
			}
		}
		if err := gdal.WriteCOG(filepath.Join(dir, string(name)+".tif"), g, dn, gdal.COGOptions{Byte: name == raster.SCL}); err != nil {
			t.Fatal(err)
		}
		assets[string(name)] = map[string]any{"href": "./" + string(name) + ".tif", "proj:shape": []int{g.Height, g.Width}, "proj:transform": []float64{g.Res, 0, g.X0, 0, -g.Res, g.Y0},
			"raster:bands": []map[string]any{{"nodata": 0, "scale": .0001, "offset": -.1}}}
	}
	g := tile.grid
	foot, err := parcels.Unproject(rectangle(g.X0, g.Y0-3000, g.X0+3000, g.Y0), g.EPSG)
	if err != nil {
		t.Fatal(err)
	}
	when, err := time.Parse("2006-01-02", zoneDays[day].day)
	if err != nil {
		t.Fatal(err)
	}
	when = when.Add(2*time.Hour + 50*time.Minute + time.Duration(tile.name[0])*time.Second)
	writeAny(t, filepath.Join(dir, "item.json"), map[string]any{
		"type": "Feature", "stac_version": "1.0.0", "id": id, "collection": "sentinel-2-l2a", "geometry": geojson.NewGeometry(foot[0]), "links": []any{}, "assets": assets,
		"properties": map[string]any{"datetime": when.Format(time.RFC3339), "platform": "sentinel-2a", "proj:epsg": g.EPSG, "s2:processing_baseline": baseline, "s2:mgrs_tile": tile.name},
	})
	return map[string]string{"rel": "item", "href": "./" + id + "/item.json"}
}

// writeItem writes the item of a scene that no season uses, so that its one file
// may be empty, and returns the catalog's link.
func (c *zonesCounty) writeItem(t *testing.T, id, collection, asset string, epsg int) map[string]string {
	t.Helper()
	g := c.tiles[0].grid
	dir := filepath.Join(c.dir, "scenes", id)
	writeAny(t, filepath.Join(dir, "item.json"), map[string]any{
		"type": "Feature", "stac_version": "1.0.0", "id": id, "collection": collection, "geometry": geojson.NewGeometry(rectangle(119.9, 31.9, 120.1, 32.1)[0]), "links": []any{},
		"assets":     map[string]any{asset: map[string]any{"href": "./empty.tif", "proj:shape": []int{300, 300}, "proj:transform": []float64{10, 0, g.X0, 0, -10, g.Y0}}},
		"properties": map[string]any{"datetime": "2024-05-06T10:00:00Z", "proj:epsg": epsg},
	})
	if err := os.WriteFile(filepath.Join(dir, "empty.tif"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"rel": "item", "href": "./" + id + "/item.json"}
}

func writeAny(t *testing.T, path string, v any) {
	t.Helper()
	b, err := json.Marshal(v)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o755)
	}
	if err == nil {
		err = os.WriteFile(path, b, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
