package sample

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/parcels"
)

// tinyLand writes three squares of 0.001° near Wuhan, two with a crop of their
// own, and a STAC catalog with one item in each of the months of 2023.
func tinyLand(t *testing.T, months int) RecordsOptions {
	t.Helper()
	dir := t.TempDir()
	save := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var land []string
	for i, crop := range []string{`"Maize"`, `"水稻"`, `null`} {
		w := 114 + 0.002*float64(i)
		e := w + 0.001
		land = append(land, fmt.Sprintf(`{"type":"Feature","properties":{"parcel_id":"3415231002010100%03d","Crop":%s},"geometry":{"type":"Polygon","coordinates":[[[%g,30],[%g,30],[%g,30.001],[%g,30.001],[%g,30]]]}}`, i+1, crop, w, e, e, w, w))
	}
	opt := RecordsOptions{Seed: 7, Parcels: save("land.geojson", `{"type":"FeatureCollection","features":[`+strings.Join(land, ",")+`]}`)}
	links := ""
	for m := range months {
		id := fmt.Sprintf("S2_2023%02d05", m+1)
		save(id+".json", fmt.Sprintf(`{"type":"Feature","stac_version":"1.0.0","id":%q,"collection":"sentinel-2-l2a","bbox":[113.9,29.9,114.1,30.1],`+
			`"geometry":{"type":"Polygon","coordinates":[[[113.9,29.9],[114.1,29.9],[114.1,30.1],[113.9,30.1],[113.9,29.9]]]},`+
			`"properties":{"datetime":"2023-%02d-05T03:00:00Z","proj:epsg":32650},"links":[],"assets":{"B04":{"href":"%s_B04.tif","eo:bands":[{"name":"B04","common_name":"red"}]}}}`, id, m+1, id))
		links += fmt.Sprintf(`,{"rel":"item","href":"./%s.json"}`, id)
	}
	opt.Scenes = save("catalog.json", `{"type":"Catalog","stac_version":"1.0.0","id":"tiny","description":"tiny","links":[{"rel":"root","href":"./catalog.json"}`+links+`]}`)
	opt.Weather = save("weather.csv", "date,tmin_c,tmax_c\n2023-01-01,1,9\n")
	return opt
}

// Records for land nobody prepared: the county is that of the registry codes,
// crops are the file's where it names them, and everything loads.
func TestRecordsOfTinyLand(t *testing.T) {
	opt := tinyLand(t, 9)
	a, b, c := t.TempDir(), t.TempDir(), t.TempDir()
	for dir, seed := range map[string]int64{a: 7, b: 7, c: 8} {
		opt.Seed = seed
		if err := Records(context.Background(), dir, opt); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(a, "*"))
	if err != nil || len(files) != 13 { // ten feeds, county, credit policy, key
		t.Errorf("%d files written: %v", len(files), err)
	}
	paths, other := map[string]string{}, 0
	for _, f := range files {
		name := filepath.Base(f)
		x, _ := os.ReadFile(f)
		y, _ := os.ReadFile(filepath.Join(b, name))
		z, _ := os.ReadFile(filepath.Join(c, name))
		if len(x) == 0 || !bytes.Equal(x, y) {
			t.Errorf("%s differs between equal seeds", name)
		}
		if !bytes.Equal(x, z) {
			other++
		}
		if feed, ok := strings.CutSuffix(name, ".csv"); ok {
			paths[feed] = f
		}
	}
	if other < 4 {
		t.Errorf("another seed changes only %d files", other)
	}
	key, err := identity.LoadKey(filepath.Join(a, "identity.key"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := feeds.Load(context.Background(), paths, feeds.Options{Key: key, County: "341523", AsOf: parcels.Date{Year: 2023, Month: 9, Day: 1}})
	if err != nil || len(l.Rejects) > 0 {
		t.Fatalf("%v %+v", err, l.Rejects)
	}
	got := map[string]string{}
	for _, d := range l.Records.Declarations {
		if d.Season != "2023" {
			t.Errorf("season %s", d.Season)
		}
		got[d.ParcelID] = d.Crop
	}
	if got["3415231002010100001"] != "maize" || got["3415231002010100002"] != "rice" || got["3415231002010100003"] == "" || len(got) != 3 {
		t.Errorf("declared %v", got)
	}
	// A square of 0.001° at 30° north: 111 m × 96.5 m, 10 700 m² (110 852 m and
	// 96 486 m to the degree on GRS 80, Snyder 1987).
	for _, k := range l.Records.Contracts {
		if k.AreaM2 < 10_650 || k.AreaM2 > 10_740 {
			t.Errorf("contract of %v m²", k.AreaM2)
		}
	}
	county, err := os.ReadFile(filepath.Join(a, "county.toml"))
	if err != nil || !strings.Contains(string(county), "county = \"341523\"") || !strings.Contains(string(county), `collections = ["sentinel-2-l2a"]`) {
		t.Errorf("%v\n%s", err, county)
	}
}

func TestRecordsNeedNineMonths(t *testing.T) {
	err := Records(context.Background(), t.TempDir(), tinyLand(t, 8))
	if err == nil || !strings.Contains(err.Error(), "2023 has 8") || !strings.Contains(err.Error(), "at least 9 months") {
		t.Errorf("eight months: %v", err)
	}
}
