package api_test

import (
	"context"
	"fmt"
	"io"
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

	"github.com/parus-lending/parus/data/store"
)

// tile asks for a tile as a map does and reads it with another program's reader.
func (s *service) tile(t *testing.T, token, path string, header ...string) (*http.Response, mvt.Layers) {
	t.Helper()
	req, err := http.NewRequest("GET", s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept-Encoding", "gzip")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
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

// Who looks at a run's first tile finds the next ones made: nobody asked for
// them, and they are what the database's land gives.
func TestTilesMadeAhead(t *testing.T) {
	s := newService(t)
	officer := s.as(t, "officer")
	run := s.get(t, officer, "/v1/runs?county=341523")["list"].([]any)[0].(map[string]any)["id"]
	numbers := func(name string) (v float64) {
		w := httptest.NewRecorder()
		s.count.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		if _, rest, ok := strings.Cut(w.Body.String(), "\n"+name+" "); ok {
			fmt.Sscan(rest, &v)
			return v
		}
		t.Fatal("no ", name)
		return 0
	}
	status, _ := s.ask(t, officer, "GET", fmt.Sprintf("/v1/tiles/%v/8/0/0.mvt", run), "")
	if status != http.StatusNoContent {
		t.Fatal(status)
	}
	for late := time.Now().Add(10 * time.Second); numbers("parus_tiles_ahead_runs") > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatal("the tiles are never ready")
		}
	}
	ready := numbers(`parus_memory_bytes{kind="tile"}`)
	for z := maptile.Zoom(8); z <= 15; z++ {
		at := maptile.At(orb.Point{115.0005, 31.0005}, z) // on the first parcel
		if _, layers := s.tile(t, officer, fmt.Sprintf("/v1/tiles/%v/%d/%d/%d.mvt", run, z, at.X, at.Y)); len(layers) != 1 || len(layers[0].Features) == 0 {
			t.Fatal(z, layers)
		}
		if now := numbers(`parus_memory_bytes{kind="tile"}`); (now > ready) != (z == 15) {
			t.Errorf("zoom %d: %v bytes are kept, %v were ready", z, now, ready)
		}
	}
}
