package api_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"

	"github.com/parus-lending/parus/api"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

// tile asks for a tile as a map does and reads it with another program's reader.
func (s *service) tile(t *testing.T, token, path string, header ...string) (*http.Response, mvt.Layers) {
	t.Helper()
	res, b := s.send(t, token, "GET", path, "", append([]string{"Accept-Encoding", "gzip"}, header...)...)
	if res.StatusCode != http.StatusOK {
		return res, nil
	}
	read := mvt.Unmarshal
	if res.Header.Get("Content-Encoding") == "gzip" {
		read = mvt.UnmarshalGzipped
	}
	layers, err := read(b)
	if err != nil {
		t.Fatal(err)
	}
	return res, layers
}

// The tile that holds the first parcel, found by orb's own arithmetic: it shows
// what the store holds of it where it lies, to those who may see it.
func TestTiles(t *testing.T) {
	s := newService(t)
	ctx := context.Background()
	runs, err := s.owner.Runs(ctx, store.Asker{Counties: []string{"341523"}}, "341523")
	if err != nil || len(runs) != 1 {
		t.Fatal(runs, err)
	}
	if fmt.Sprint(runs[0].BBox) != "[115 31 115.0089 31.0009]" {
		t.Error(runs[0].BBox)
	}
	run, first := runs[0].ID, orb.Point{115.00045, 31.00045} // the middle of the first parcel
	at := maptile.At(first, 16)
	path := fmt.Sprintf("/v1/tiles/%d/%d/%d/%d.mvt", run, at.Z, at.X, at.Y)
	for _, role := range store.Roles {
		res, layers := s.tile(t, s.as(t, role), path)
		if role == "model_owner" || role == "partner" {
			if res.StatusCode != http.StatusForbidden {
				t.Errorf("%s: %s", role, res.Status)
			}
			continue
		}
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Encoding") != "gzip" || res.Header.Get("Content-Type") != "application/vnd.mapbox-vector-tile" {
			t.Fatal(role, res.Status, res.Header)
		}
		layers.ProjectToWGS84(at)
		f := layers[0].Features[slices.IndexFunc(layers[0].Features, func(f *geojson.Feature) bool { return f.Properties["parcel_id"] == "3415230000000000000" })]
		want := "map[area_mu:13.05 crop:maize grade:4 outcome:admit parcel_id:3415230000000000000 plot_id:P341523000000 risk:info]" // 8,700.25 m² × 3 / 2000 = 13.050375 mu
		if role == "clerk" {
			want = strings.Replace(want, "outcome:admit ", "", 1)
		}
		if got := fmt.Sprint(f.Properties); got != want {
			t.Errorf("%s: %s, want %s", role, got, want)
		}
		// A step of the tile's grid is 360°/2¹⁶/4096 = 1.3e-6°.
		b := f.Geometry.Bound()
		for i, v := range []float64{b.Min[0] - 115, b.Min[1] - 31, b.Max[0] - 115.0009, b.Max[1] - 31.0009} {
			if math.Abs(v) > 1.4e-6 {
				t.Errorf("%s: side %d is %g° off: %v", role, i, v, b)
			}
		}
	}
	officer := s.as(t, "officer")
	res, _ := s.tile(t, officer, path)
	tag := res.Header.Get("ETag")
	if res, _ := s.tile(t, officer, path, "If-None-Match", tag); res.StatusCode != http.StatusNotModified {
		t.Error(res.Status)
	}
	if res, _ := s.tile(t, s.as(t, "clerk"), path, "If-None-Match", tag); res.StatusCode != http.StatusOK {
		t.Error("a clerk is told that he has what officers see: ", res.Status)
	}
	if res, layers := s.tile(t, officer, path, "Accept-Encoding", "identity"); res.Header.Get("Content-Encoding") != "" || len(layers) != 1 {
		t.Error(res.Header, layers)
	}
	for tile, want := range map[string]int{"8/0/0.mvt": 204, "8/209/104.mvt": 200, "7/104/52.mvt": 400, "17/0/0.mvt": 400, "8/256/0.mvt": 400, "8/0/256.mvt": 400, "8/-1/0.mvt": 400,
		"8/0/0": 400, "8/0/0.png": 400, "8/0/x.mvt": 400, "8/0/99999999999.mvt": 400, "z/0/0.mvt": 400} {
		if res, _ := s.tile(t, officer, fmt.Sprintf("/v1/tiles/%d/%s", run, tile)); res.StatusCode != want {
			t.Errorf("%s: %s, want %d", tile, res.Status, want)
		}
	}
}

// A tile of another county's run is not there, also when its land is in the
// service's memory already, and also for who knows its ETag.
func TestAnotherCountysTiles(t *testing.T) {
	s := newService(t)
	ctx := context.Background()
	other, err := s.owner.Runs(ctx, store.Asker{Counties: []string{"411622"}}, "411622")
	if err != nil || len(other) != 1 {
		t.Fatal(other, err)
	}
	if err := s.owner.PutMember(ctx, s.id.Issuer, store.Member{Subject: "away", Role: "officer", Counties: []string{"411622"}}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	at := maptile.At(orb.Point{115.0005, 31.0005}, 14)
	path := fmt.Sprintf("/v1/tiles/%d/%d/%d/%d.mvt", other[0].ID, at.Z, at.X, at.Y)
	res, layers := s.tile(t, s.as(t, "away"), path)
	if res.StatusCode != http.StatusOK || len(layers[0].Features) != 6 {
		t.Fatal(res.Status, layers)
	}
	for _, p := range []string{path, strings.Replace(path, fmt.Sprintf("/%d/14", other[0].ID), "/9999/14", 1)} {
		if res, _ := s.tile(t, s.as(t, "officer"), p, "If-None-Match", res.Header.Get("ETag")+", *"); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", p, res.Status)
		}
	}
}

// number is what the service counts now.
func (s *service) number(t *testing.T, name string) (v float64) {
	t.Helper()
	w := httptest.NewRecorder()
	s.config.Metrics.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	_, rest, ok := strings.Cut(w.Body.String(), "\n"+name+" ")
	if _, err := fmt.Sscan(rest, &v); !ok || err != nil {
		t.Fatal("no ", name)
	}
	return v
}

// until waits until something is so.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for late := time.Now().Add(20 * time.Second); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatal("never came: ", what)
		}
	}
}

// ready waits until the newest runs of so many counties are.
func (s *service) ready(t *testing.T, counties float64) {
	t.Helper()
	until(t, "all is ready", func() bool {
		return s.number(t, "parus_runs_ready") == counties && s.number(t, "parus_tiles_ahead_runs") == 0
	})
}

const (
	landBytes = `parus_memory_bytes{kind="land"}`
	tileBytes = `parus_memory_bytes{kind="tile"}`
)

// waiting says whether the tiles of zooms 8 to 14 on the first parcel were made
// already, and of zoom 15 was not.
func (s *service) waiting(t *testing.T, token string, run any) {
	t.Helper()
	ready := s.number(t, tileBytes)
	for z := maptile.Zoom(8); z <= 15; z++ {
		at := maptile.At(orb.Point{115.0005, 31.0005}, z)
		if _, layers := s.tile(t, token, fmt.Sprintf("/v1/tiles/%v/%d/%d/%d.mvt", run, z, at.X, at.Y)); len(layers) != 1 || len(layers[0].Features) == 0 {
			t.Fatal(z, layers)
		}
		if now := s.number(t, tileBytes); (now > ready) != (z == 15) {
			t.Errorf("zoom %d: %v bytes are kept, %v were ready", z, now, ready)
		}
	}
}

// Who looks at the first tile of a run that is not the newest finds the next ones
// made: nobody asked for them, and they are what the database's land gives.
func TestTilesMadeAhead(t *testing.T) {
	s := newService(t)
	officer := s.as(t, "officer")
	run := s.get(t, officer, "/v1/runs?county=341523")["list"].([]any)[0].(map[string]any)["id"]
	if _, err := s.owner.Publish(context.Background(), storetest.Run(t, "341523", 8)); err != nil {
		t.Fatal(err)
	}
	later := s.with(t, func(c *api.Config) { c.Metrics = api.NewMetrics() })
	later.ready(t, 2)
	before := later.number(t, landBytes)
	status, _ := later.ask(t, officer, "GET", fmt.Sprintf("/v1/tiles/%v/8/0/0.mvt", run), "")
	if status != http.StatusNoContent || later.number(t, landBytes) == before {
		t.Fatal("that run was read before: ", status)
	}
	later.ready(t, 2)
	later.waiting(t, officer, run)
}

// A run is ready before anybody looks: at the start, and once it is published.
// It is shown to those who may see it, and to nobody else.
func TestReadyBeforeAnybodyLooks(t *testing.T) {
	s := newService(t)
	s.ready(t, 2)
	land, tiles := s.number(t, landBytes), s.number(t, tileBytes)
	if land == 0 || tiles == 0 {
		t.Fatal("nothing is kept")
	}
	ctx := context.Background()
	p, err := s.owner.Publish(ctx, storetest.Run(t, "411622", 7))
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the new run's land", func() bool { return s.number(t, landBytes) > land })
	s.ready(t, 2)
	if asked := s.number(t, tileBytes); asked <= tiles {
		t.Fatalf("%v bytes of tiles are kept, %v were", asked, tiles)
	}
	w := httptest.NewRecorder()
	s.count.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if strings.Contains(w.Body.String(), `route="/v1/tiles`) {
		t.Fatal("somebody has asked for a tile")
	}
	at := maptile.At(orb.Point{115.0005, 31.0005}, 12)
	path := fmt.Sprintf("/v1/tiles/%d/%d/%d/%d.mvt", p.Run, at.Z, at.X, at.Y)
	for _, role := range store.Roles { // of the other county
		want := http.StatusNotFound
		if role == "model_owner" || role == "partner" {
			want = http.StatusForbidden
		}
		if res, _ := s.tile(t, s.as(t, role), path); res.StatusCode != want {
			t.Errorf("%s: %s, want %d", role, res.Status, want)
		}
	}
	for _, role := range []string{"officer", "clerk"} {
		if err := s.owner.PutMember(ctx, s.id.Issuer, store.Member{Subject: "away-" + role, Role: role, Counties: []string{"411622"}}, time.Time{}); err != nil {
			t.Fatal(err)
		}
		away := s.as(t, "away-"+role)
		_, layers := s.tile(t, away, path)
		if len(layers) != 1 || len(layers[0].Features) != 7 {
			t.Fatal(role, layers)
		}
		if outcome := layers[0].Features[0].Properties["outcome"]; (outcome == nil) != (role == "clerk") {
			t.Errorf("a %s is told %v", role, outcome)
		}
		s.waiting(t, away, p.Run)
	}
}
