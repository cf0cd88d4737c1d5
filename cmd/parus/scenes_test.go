package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
)

type listed struct {
	Scenes []struct {
		ID      string `json:"id"`
		Settled struct {
			Reason string `json:"reason"`
		} `json:"settled"`
	} `json:"scenes"`
	LeftOut []struct {
		ID  string `json:"id"`
		Why string `json:"why"`
	} `json:"left_out"`
	Parcels  map[string]int `json:"parcels"`
	Warnings []any          `json:"warnings"`
}

func listScenes(t *testing.T, args ...string) (l listed) {
	t.Helper()
	out := parus(t, append([]string{"scenes", "list", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &l); err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	return l
}

// What the list says a season would use is what the season used.
func TestScenesListIsWhatTheSeasonUses(t *testing.T) {
	county := filepath.Join(smallCounty(t), "county.toml")
	all := listScenes(t, "--county", county)
	optical, parcels := 0, 0
	for _, s := range all.Scenes {
		if s.Settled.Reason != "" {
			optical++
		}
	}
	for _, n := range all.Parcels {
		parcels += n
	}
	if len(all.Scenes) != 14 || optical != 14 || parcels != 120 { // as smallCounty asks for them
		t.Fatalf("%d scenes, %d with a claimed offset, %d parcels with a home; want 14, 14, 120", len(all.Scenes), optical, parcels)
	}
	early := listScenes(t, "--county", county, "--as-of", "2024-06-30")
	late := 0
	for _, o := range early.LeftOut {
		if strings.HasPrefix(o.Why, "not delivered by 2024-06-30") {
			late++
		}
	}
	run := t.TempDir()
	out := parus(t, "season", "run", county, "--out", run, "--as-of", "2024-06-30", "--runtime", "onnx-go")
	m := regexp.MustCompile(`(\d+) scenes`).FindStringSubmatch(out)
	if m == nil || m[1] != fmt.Sprint(len(early.Scenes)) || len(early.Scenes)+late != 14 || late == 0 {
		t.Errorf("the list uses %d scenes and %d are late; the season says:\n%s", len(early.Scenes), late, out)
	}
	if got := listScenes(t, "--county", county, "--bbox", "10,50,11,51"); len(got.Scenes) != 0 || len(got.LeftOut) == 0 || !strings.Contains(got.LeftOut[0].Why, "footprint") {
		t.Errorf("far away: %+v", got)
	}
	text := parus(t, "scenes", "list", filepath.Join(smallCounty(t), "scenes"), "--to", "2024-03-31")
	for _, want := range []string{"OFFSET CLAIMED", "10/10+SCL", "scenes used", "taken after 2024-03-31"} {
		if !strings.Contains(text, want) {
			t.Errorf("the table does not say %q:\n%s", want, text)
		}
	}
}

// A STAC API by its landing page.
func TestScenesListOfAnAPI(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			fmt.Fprint(w, `{"type":"Catalog","id":"api","conformsTo":["https://api.stacspec.org/v1.0.0/item-search"],"links":[{"rel":"search","href":"/search","method":"POST"}]}`)
			return
		}
		if r.URL.Path != "/search" {
			w.Header().Set("ETag", `"1"`)
			return
		}
		item := `{"type":"Feature","id":"S2A_%s","collection":"c","bbox":[115,31,116,32],"properties":{"datetime":"2024-06-10T03:05:41Z","platform":"sentinel-2a","grid:code":"MGRS-50SKA","eo:cloud_cover":3,"s2:processing_baseline":"%s"},
"assets":{"red":{"href":"%s.tif","proj:epsg":32650,"proj:shape":[10,10],"proj:transform":[10,0,600000,0,-10,3500000]}}}`
		fmt.Fprintf(w, `{"type":"FeatureCollection","features":[%s,%s]}`, fmt.Sprintf(item, "old", "02.14", "a"), fmt.Sprintf(item, "new", "05.00", "b"))
	}))
	defer srv.Close()
	text := parus(t, "scenes", "list", srv.URL+"/", "--bbox", "115,31,116,32", "--max-cloud", "50")
	for _, want := range []string{"S2A_new", "-1000 DN: processing baseline 05.00", "1 scenes used, 1 left out, 0 warnings", "S2A_old", "is used as S2A_new (baseline 05.00)"} {
		if !strings.Contains(text, want) {
			t.Errorf("the table does not say %q:\n%s", want, text)
		}
	}
}

func TestScenesListRefuses(t *testing.T) {
	for want, args := range map[string][]string{
		"name a catalog":    {},
		"--bbox":            {os.TempDir(), "--bbox", "5,1,4,2"},
		"--from":            {os.TempDir(), "--from", "spring"},
		"--as-of needs":     {os.TempDir(), "--as-of", "2024-01-01"},
		"no STAC item":      {"testdata-empty"},
		"unknown flag --by": {os.TempDir(), "--by"},
	} {
		if want == "no STAC item" {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "catalog.json"), []byte(`{"type":"Catalog","links":[]}`), 0o644); err != nil {
				t.Fatal(err)
			}
			args = []string{dir}
		}
		out, err := command(append([]string{"scenes", "list"}, args...)...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%v: want an error that says %q, got %v: %s", args, want, err, out)
		}
	}
}

// A folder of GeoTIFFs, indexed and listed; a file that cannot be used is named.
func TestScenesIndex(t *testing.T) {
	dir := t.TempDir()
	g := raster.Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 10, Width: 32, Height: 32}
	for _, name := range []string{"farm_20240610_B04.tif", "farm_20240610_B08.tif", "farm_B08.tif"} {
		if err := gdal.WriteCOG(filepath.Join(dir, name), g, make([]uint16, 32*32), gdal.COGOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	out := parus(t, "scenes", "index", dir)
	for _, want := range []string{"1 scenes, 1 of them found now; 0 bands converted", "1 warnings", "! no_date", "farm_B08.tif", "Next: parus scenes list"} {
		if !strings.Contains(out, want) {
			t.Errorf("index does not say %q:\n%s", want, out)
		}
	}
	text := parus(t, "scenes", "list", filepath.Join(dir, "stac"))
	for _, want := range []string{"farm_20240610", "2/10", "1 scenes used, 0 left out, 0 warnings"} {
		if !strings.Contains(text, want) {
			t.Errorf("the table does not say %q:\n%s", want, text)
		}
	}
	for want, args := range map[string][]string{
		"--bands":        {dir, "--bands", "B99=1"},
		"--date-pattern": {dir, "--date-pattern", "("},
		"no scene in it": {t.TempDir()},
	} {
		if out, err := command(append([]string{"scenes", "index"}, args...)...).CombinedOutput(); err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%v: want an error that says %q, got %v: %s", args, want, err, out)
		}
	}
}
