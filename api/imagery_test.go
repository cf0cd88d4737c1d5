package api_test

import (
	"bytes"
	"context"
	"fmt"
	"image/color"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parus-lending/parus/api"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
	"github.com/parus-lending/parus/models/onnxgo"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
)

func newPictures(t *testing.T) *api.Pictures {
	t.Helper()
	p, err := api.NewPictures(func() raster.LevelReader { return gdal.Open(gdal.Options{}) }, onnxgo.New())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// scene writes the files of a scene over the land of storetest: 3 km from 308000
// E, 3433000 N of UTM 50N. B04, B03 and B02 are DN 2000, 1500 and 3000; B08 is 4000
// west of 309310 E and 2500 east of it; cloud stands from 309240 to 309340 E.
func scene(t *testing.T, day string) rundir.SeenScene {
	t.Helper()
	taken, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s := raster.Scene{ID: "S2_" + day, Time: taken.Add(3 * time.Hour), EPSG: 32650, Assets: map[raster.Band]raster.Asset{}, Settled: raster.Offset{DN0: -1000}}
	for band, value := range map[raster.Band]func(col int) uint16{
		raster.B04: func(int) uint16 { return 2000 }, raster.B03: func(int) uint16 { return 1500 }, raster.B02: func(int) uint16 { return 3000 },
		raster.B08: func(col int) uint16 {
			if col < 131 {
				return 4000
			}
			return 2500
		},
		raster.SCL: func(col int) uint16 {
			if col >= 62 && col < 67 {
				return 9
			}
			return 4
		},
	} {
		g := raster.Grid{EPSG: 32650, X0: 308000, Y0: 3433000, Res: 10, Width: 300, Height: 300}
		if band == raster.SCL {
			g.Res, g.Width, g.Height = 20, 150, 150
		}
		values := make([]uint16, g.Width*g.Height)
		for i := range values {
			values[i] = value(i % g.Width)
		}
		path := filepath.Join(dir, string(band)+".tif")
		if err := gdal.WriteCOG(path, g, values, gdal.COGOptions{Byte: band == raster.SCL}); err != nil {
			t.Fatal(err)
		}
		s.Assets[band] = raster.Asset{Href: path}
	}
	return rundir.SeenScene{Clear: 0.5, Scene: s}
}

// imageryOf publishes again what newService published of the county, now with scenes.
func (s *service) imageryOf(t *testing.T, county string, n int, scenes ...rundir.SeenScene) (run int) {
	t.Helper()
	dir := storetest.Run(t, county, n)
	if err := os.WriteFile(filepath.Join(dir, rundir.EvidenceFile), evidenceFile(t, evidenceOf(county)), 0o644); err != nil {
		t.Fatal(err)
	}
	storetest.Seen(t, dir, county, scenes...)
	p, err := s.owner.Publish(context.Background(), dir)
	if err != nil || !p.Already {
		t.Fatalf("%+v %v", p, err)
	}
	return p.Run
}

func (s *service) picture(t *testing.T, token, path, known string) (*http.Response, []byte) {
	t.Helper()
	return s.send(t, token, "GET", path, "", "If-None-Match", known)
}

// Colours of tile 16/53703/26827, whose pixels 98, 285 and 471 of row 76 are the
// middles of the first, third and fifth parcels (by the formula of Web Mercator;
// pyproj 3.7.2 puts them at 309093, 309284 and 309475 E). By hand with the formulas of docs/pictures.md:
// B04 (2000 − 1000) / 10000 = 0.1 → 255 (0.1/0.3)^(1/1.4) = 116, B03 0.05 → 71, B02 0.2 → 191;
// NDVI west (0.3 − 0.1) / 0.4 = 0.5 → #22a884, east (0.15 − 0.1) / 0.25 = 0.2 → #355f8d;
// under the cloud hatches where (285 + 76) mod 8 = 1, none where (286 + 76) mod 8 = 2.
func TestPictures(t *testing.T) {
	s := newService(t)
	run := s.imageryOf(t, "341523", 9, scene(t, "2024-07-01"))
	at := func(layer string) string {
		return fmt.Sprintf("/v1/imagery/%d/2024-07-01/%s/16/53703/26827.png", run, layer)
	}
	seen := color.NRGBA{116, 71, 191, 255}
	hatch := color.NRGBA{0x7c, 0x82, 0x8e, 255}
	for layer, want := range map[string][4]color.NRGBA{
		"truecolor": {seen, hatch, seen, seen},
		"ndvi":      {{34, 168, 132, 255}, hatch, {}, {53, 95, 141, 255}},
		"scl":       {{0, 0xa0, 0, 255}, hatch, {}, {0, 0xa0, 0, 255}},
	} {
		res, b := s.picture(t, s.as(t, "officer"), at(layer), "")
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "image/png" {
			t.Fatalf("%s: %s %s", layer, res.Status, b)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range []int{98, 285, 286, 471} {
			if got := color.NRGBAModel.Convert(img.At(x, 76)); got != want[i] {
				t.Errorf("%s at %d: %v, want %v", layer, x, got, want[i])
			}
		}
		if res, _ := s.picture(t, s.as(t, "auditor"), at(layer), res.Header.Get("ETag")); res.StatusCode != http.StatusNotModified {
			t.Error(res.Status)
		}
	}
	for _, role := range store.Roles {
		want := http.StatusOK
		if role == "model_owner" || role == "partner" {
			want = http.StatusForbidden
		}
		if res, _ := s.picture(t, s.as(t, role), at("ndvi"), ""); res.StatusCode != want {
			t.Errorf("%s: %s", role, res.Status)
		}
	}
	officer := s.as(t, "officer")
	for path, want := range map[string]string{
		"2024-07-16/ndvi/16/53703/26827.png":     "400 after-as-of", // as of 15 July
		"2024-07-02/ndvi/16/53703/26827.png":     "404 no-scene",
		"2024-07-01/lai/16/53703/26827.png":      "404 no-band", // no B05 and others
		"2024-07-01/nothing/16/53703/26827.png":  "400 bad-question",
		"1.7.2024/ndvi/16/53703/26827.png":       "400 bad-question",
		"2024-02-30/ndvi/16/53703/26827.png":     "400 bad-question",
		"2024-07-01/ndvi/17/53703/26827.png":     "400 bad-question",
		"2024-07-01/ndvi/16/65536/26827.png":     "400 bad-question",
		"2024-07-01/ndvi/16/53703/26827.mvt":     "400 bad-question",
		"2024-07-01/ndvi/16/53703/-1.png":        "400 bad-question",
		"2024-07-01'--/ndvi/16/53703/26827.png":  "400 bad-question",
		"2024-07-01/..%2f/16/53703/26827.png":    "404 no-such-page",
		"2024-07-01/ndvi/16/53703/%2e%2e%2f.png": "404 no-such-page",
	} {
		status, v := s.ask(t, officer, "GET", fmt.Sprintf("/v1/imagery/%d/%s", run, path), "")
		if got := fmt.Sprint(status, " ", strings.TrimPrefix(fmt.Sprint(v["type"]), "urn:parus:problem:")); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	v := s.get(t, officer, "/v1/imagery?county=341523")
	if got := fmt.Sprint(v["days"]); got != "[map[clear:0.5 date:2024-07-01 layers:[truecolor falsecolor ndvi ndwi scl] scenes:[S2_2024-07-01]]]" {
		t.Error(got)
	}
	if l := v["layers"].([]any)[3].(map[string]any); l["name"] != "lai" || l["unit"] != "m²/m²" || l["masked"] != "#7c828e" || len(l["stops"].([]any)) != 11 {
		t.Error(l)
	}
}

// Another county's scenes are not there, also drawn already and for who knows the ETag.
func TestAnotherCountysPictures(t *testing.T) {
	s := newService(t)
	run := s.imageryOf(t, "411622", 6, scene(t, "2024-07-01"))
	if err := s.owner.PutMember(context.Background(), s.id.Issuer, store.Member{Subject: "away", Role: "officer", Counties: []string{"411622"}}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/v1/imagery/%d/2024-07-01/ndvi/16/53703/26827.png", run)
	res, _ := s.picture(t, s.as(t, "away"), path, "")
	if res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
	if res, _ := s.picture(t, s.as(t, "officer"), path, res.Header.Get("ETag")+", *"); res.StatusCode != http.StatusNotFound {
		t.Error(res.Status)
	}
	for _, path := range []string{"/v1/imagery?county=411622", "/v1/plots/P411622000000/witnesses", "/v1/plots/P411622000000/past", "/v1/plots/P411622000000/neighbours"} {
		if status, _ := s.ask(t, s.as(t, "officer"), "GET", path, ""); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
		if status, _ := s.ask(t, s.as(t, "away"), "GET", path, ""); status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
	}
}

// Scenes that cannot be read are a problem that says so; where they lay is told
// to the log alone.
func TestUnreachableScenes(t *testing.T) {
	s := newService(t)
	gone := scene(t, "2024-07-01")
	if err := os.RemoveAll(filepath.Dir(gone.Scene.Assets[raster.B04].Href)); err != nil {
		t.Fatal(err)
	}
	run := s.imageryOf(t, "341523", 9, gone)
	status, v := s.ask(t, s.as(t, "officer"), "GET", fmt.Sprintf("/v1/imagery/%d/2024-07-01/ndvi/16/53703/26827.png", run), "")
	href := filepath.Dir(gone.Scene.Assets[raster.B04].Href)
	if status != http.StatusServiceUnavailable || v["type"] != "urn:parus:problem:imagery-unreachable" || !strings.Contains(fmt.Sprint(v["detail"]), "S2_2024-07-01") || strings.Contains(fmt.Sprint(v), href) || v["etag"] != "" {
		t.Error(status, v)
	}
	if !strings.Contains(s.log.String(), href) {
		t.Error("the log does not say which file")
	}
}

// A plot's past and witnesses come as the store has them; clerks see no decisions.
func TestAroundAPlot(t *testing.T) {
	s := newService(t)
	s.imageryOf(t, "341523", 9)
	officer := s.as(t, "officer")
	if v := s.get(t, officer, "/v1/plots/P341523000000/witnesses"); len(v["areas"].([]any)) != 2 || len(v["agreements"].([]any)) != 2 || len(v["tenure"].([]any)) != 2 {
		t.Error(v)
	}
	if v := s.get(t, officer, "/v1/plots/P341523000001/neighbours"); len(v["items"].([]any)) != 2 || v["same_crop"] != 2.0 {
		t.Error(v)
	}
	dir := storetest.Run(t, "341523", 9)
	info, err := rundir.ReadInfo(dir)
	if err != nil {
		t.Fatal(err)
	}
	info.AsOf, info.Season = "2023-12-01", "2023"
	if err := rundir.WriteInfo(dir, info); err != nil {
		t.Fatal(err)
	}
	if _, err := s.owner.Publish(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	for role, want := range map[string]string{"officer": "admit", "auditor": "admit", "clerk": "<nil>"} {
		past := s.get(t, s.as(t, role), "/v1/plots/P341523000000/past")["list"].([]any)
		if got := past[0].(map[string]any); len(past) != 2 || got["season"] != "2023" || fmt.Sprint(got["outcome"]) != want {
			t.Errorf("%s: %v", role, past)
		}
	}
	for _, role := range []string{"model_owner", "partner"} {
		for _, path := range []string{"witnesses", "past", "neighbours"} {
			if status, _ := s.ask(t, s.as(t, role), "GET", "/v1/plots/P341523000000/"+path, ""); status != http.StatusForbidden {
				t.Errorf("%s, %s: %d", role, path, status)
			}
		}
	}
}

// A grower by his code comes masked, to those who meet growers, in their county.
func TestMaskedGrower(t *testing.T) {
	s := newService(t)
	for role, want := range map[string]int{"clerk": 200, "officer": 200, "approver": 200, "risk_manager": 200, "auditor": 403, "model_owner": 403, "partner": 403} {
		status, v := s.ask(t, s.as(t, role), "GET", "/v1/growers/g341523-0?county=341523", "")
		if status != want || status == 200 && fmt.Sprint(v["name"], v["number"]) != "王**3415************14" {
			t.Errorf("%s: %d %v", role, status, v)
		}
	}
	for _, path := range []string{"/v1/growers/g341523-1?county=341523", "/v1/growers/g341523-0?county=411622"} {
		if status, _ := s.ask(t, s.as(t, "officer"), "GET", path, ""); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
}
