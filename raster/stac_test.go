package raster

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// An item as Earth Search writes it (shortened), and one as CDSE does.
const earthItem = `{"type":"Feature","stac_version":"1.0.0","id":"S2B_50SKA_20240610_0_L2A","collection":"sentinel-2-l2a",
"bbox":[115,31,116,32],"geometry":{"type":"Polygon","coordinates":[[[115,31],[116,31],[116,32],[115,32],[115,31]]]},
"properties":{"datetime":"2024-06-10T03:05:41.024Z","platform":"sentinel-2b","proj:epsg":32650,"eo:cloud_cover":12.5,
"view:sun_elevation":70,"view:sun_azimuth":110.5,"view:incidence_angle":8.25,"view:azimuth":288.5,"grid:code":"MGRS-50SKA","s2:processing_baseline":"05.10","earthsearch:boa_offset_applied":true},
"assets":{"red":{"href":"B04.tif","eo:bands":[{"name":"red","common_name":"red"}],"proj:shape":[10980,10980],"proj:transform":[10,0,199980,0,-10,3600000],
 "raster:bands":[{"nodata":0,"scale":0.0001,"offset":-0.1}],"file:size":123,"file:checksum":"1220ab"},
"rededge1":{"href":"B05.tif","proj:shape":[5490,5490],"proj:transform":[20,0,199980,0,-20,3600000]},
"nir08":{"href":"B8A.tif"},"swir22":{"href":"B12.tif"},"scl":{"href":"SCL.tif"},
"red-jp2":{"href":"s3://sentinel-s2-l2a/B04.jp2"},"visual":{"href":"TCI.tif","eo:bands":[{"name":"red"},{"name":"green"},{"name":"blue"}]},
"thumbnail":{"href":"p.jpg"}}}`

const cdseItem = `{"type":"Feature","stac_version":"1.0.0","id":"S2A_MSIL2A_20240612","collection":"sentinel-2-l2a",
"bbox":[115,31,116,32],"geometry":null,
"properties":{"datetime":"2024-06-12T03:05:41Z","proj:code":"EPSG:32650","processing:version":"05.10"},
"assets":{"B04_10m":{"href":"../a/B04_10m.tif","proj:shape":[10980,10980],"proj:transform":[10,0,199980,0,-10,3600000]},
"B04_20m":{"href":"B04_20m.tif","proj:shape":[5490,5490],"proj:transform":[20,0,199980,0,-20,3600000]},
"B8A_20m":{"href":"B8A_20m.tif"},"SCL_20m":{"href":"SCL_20m.tif"}}}`

func TestParseItem(t *testing.T) {
	base := func(h string) string { return resolve("/cat/items/x.json", h) }
	s, err := parseItem([]byte(earthItem), base)
	if err != nil {
		t.Fatal(err)
	}
	if s.Tile != "50SKA" || s.EPSG != 32650 || s.Baseline != "05.10" || s.Platform != "sentinel-2b" || *s.CloudCover != 12.5 || *s.SunZenith != 20 || *s.SunAzimuth != 110.5 || *s.ViewZenith != 8.25 || *s.ViewAzimuth != 288.5 || s.OffsetApplied == nil || !*s.OffsetApplied {
		t.Errorf("scene %+v", s)
	}
	if !s.Time.Equal(time.Date(2024, 6, 10, 3, 5, 41, 24e6, time.UTC)) {
		t.Errorf("time %v", s.Time)
	}
	red := s.Assets[B04]
	if red.Href != "/cat/items/B04.tif" || red.Offset != -0.1 || red.Size != 123 || red.Checksum != "1220ab" || red.Grid != (Grid{32650, 199980, 3600000, 10, 10980, 10980}) {
		t.Errorf("red %+v", red)
	}
	if len(s.Assets) != 5 || s.Assets[B05].Grid.Res != 20 || s.Assets[B8A].Href == "" || s.Assets[B12].Href == "" || s.Assets[SCL].Href == "" {
		t.Errorf("assets %v", s.Assets)
	}
	s, err = parseItem([]byte(cdseItem), base)
	if err != nil {
		t.Fatal(err)
	}
	if s.EPSG != 32650 || s.Assets[B04].Grid.Res != 10 || s.Assets[B04].Href != "/cat/a/B04_10m.tif" || s.Assets[B8A].Href == "" || s.Baseline != "05.10" {
		t.Errorf("scene %+v", s)
	}
	for _, bad := range []string{`{}`, `{"type":"Feature","id":"x","properties":{}}`, `[`} {
		if _, err := parseItem([]byte(bad), base); err == nil {
			t.Errorf("%s was taken for an item", bad)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A catalog whose collection links no items is searched; what is no item there
// is passed over, a missing file and a broken item are warnings.
func TestReadCatalogFromFolders(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "catalog.json"), `{"type":"Catalog","id":"c","links":[{"rel":"child","href":"./s2/collection.json"},{"rel":"child","href":"./gone.json"}]}`)
	write(t, filepath.Join(dir, "s2", "collection.json"), `{"type":"Collection","id":"s2","links":[]}`)
	write(t, filepath.Join(dir, "s2", "b", "b.json"), cdseItem)
	write(t, filepath.Join(dir, "s2", "a", "a.json"), earthItem)
	write(t, filepath.Join(dir, "s2", "a", "B04.tif"), "1234")
	write(t, filepath.Join(dir, "s2", "parcels.json"), `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null}]}`)
	write(t, filepath.Join(dir, "s2", "0_broken.json"), `{"type":"Feature",`)
	scenes, warns, err := ReadCatalog(context.Background(), filepath.Join(dir, "catalog.json"), CatalogOptions{Collections: []string{"sentinel-2-l2a"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(scenes) != 2 || scenes[0].ID != "S2B_50SKA_20240610_0_L2A" || scenes[0].Assets[B04].Size != 4 || scenes[0].Assets[B04].ModTime == "" {
		t.Errorf("scenes %+v", scenes)
	}
	count := map[string]int{}
	for _, w := range warns {
		count[w.Code]++
	}
	// Missing: 4 files of the first item, 3 of the second; gone.json and 0_broken.json.
	if count["missing_file"] != 7 || count["unreadable_item"] != 2 || len(count) != 2 {
		t.Errorf("warnings %v", warns)
	}
	at := time.Date(2024, 6, 12, 3, 5, 41, 0, time.UTC)
	scenes, _, err = ReadCatalog(context.Background(), dir, CatalogOptions{From: at, To: at})
	if err != nil || len(scenes) != 1 || scenes[0].Time != at {
		t.Errorf("inclusive bounds: %v %v", scenes, err)
	}
}

func TestReadCatalogWithoutItems(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "catalog.json"), `{"type":"Catalog","id":"c","links":[]}`)
	_, _, err := ReadCatalog(context.Background(), dir, CatalogOptions{})
	if err == nil || !strings.Contains(err.Error(), "no STAC item") || !strings.Contains(err.Error(), dir) {
		t.Errorf("error %v", err)
	}
	_, _, err = ReadCatalog(context.Background(), filepath.Join(dir, "nothing.json"), CatalogOptions{})
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

// Over http a server's hiccup is tried again; assets are asked for size and ETag.
func TestReadCatalogOverHTTP(t *testing.T) {
	var tries atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/cat/catalog.json":
			if tries.Add(1) == 1 {
				http.Error(w, "later", http.StatusServiceUnavailable)
				return
			}
			w.Write([]byte(`{"type":"Catalog","links":[{"rel":"item","href":"items/a.json"}]}`))
		case r.URL.Path == "/cat/items/a.json":
			w.Write([]byte(earthItem))
		case r.Method == http.MethodHead && r.URL.Path == "/cat/items/B05.tif":
			w.Header().Set("Content-Length", "77")
			w.Header().Set("ETag", `"e"`)
		default:
			http.NotFound(w, r)
		}
	}))
	defer srv.Close()
	scenes, warns, err := ReadCatalog(context.Background(), srv.URL+"/cat/catalog.json", CatalogOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a := scenes[0].Assets
	if a[B05].Href != srv.URL+"/cat/items/B05.tif" || a[B05].Size != 77 || a[B05].ETag != `"e"` || a[B04].Size != 123 {
		t.Errorf("assets %+v", a)
	}
	if len(warns) != 3 { // B8A, B12 and SCL answer 404; B04 tells its checksum and is not asked
		t.Errorf("warnings %v", warns)
	}
	if tries.Load() != 2 {
		t.Errorf("%d tries", tries.Load())
	}
}

func FuzzParseItem(f *testing.F) {
	f.Add([]byte(earthItem))
	f.Add([]byte(cdseItem))
	f.Add([]byte(`{"type":"Feature","id":"x","bbox":[1,2,3,4],"properties":{"datetime":"2024-01-01T00:00:00Z","proj:shape":[1,2],"proj:transform":[1,2]},"assets":{"B04":{"href":"x","raster:bands":[{"nodata":"nan"}]}}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := parseItem(b, func(h string) string { return h })
		if err != nil {
			return
		}
		if s.ID == "" || s.Time.IsZero() && !strings.Contains(string(b), "0001-01-01") {
			t.Errorf("a scene without ID or time: %+v", s)
		}
		for band, a := range s.Assets {
			if a.Href == "" || a.Grid.Width < 0 || a.Grid.Width > 0 && !(a.Grid.Res > 0) {
				t.Errorf("%s: %+v", band, a)
			}
		}
	})
}
