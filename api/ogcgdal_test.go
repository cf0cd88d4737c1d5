package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/store"
)

const (
	uri84   = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	uriEPSG = "http://www.opengis.net/def/crs/EPSG/0/"
)

// ogr runs a GDAL program against the service as somebody, with what it prints.
func ogr(t *testing.T, token, program string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("ogr2ogr is missing: tools/setup.sh packages test installs it")
		}
		t.Skip("GDAL's programs are not installed (Debian package gdal-bin)")
	}
	headers := filepath.Join(t.TempDir(), "headers")
	if err := os.WriteFile(headers, []byte("Authorization: Bearer "+token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "GDAL_HTTP_HEADER_FILE="+headers)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", program, args, err, out)
	}
	return string(out)
}

type feature struct {
	ID         string
	Properties map[string]any
	Geometry   *struct {
		Type        string
		Coordinates [][][][2]float64
	}
}

func featuresIn(t *testing.T, text string) map[string]feature {
	t.Helper()
	var v struct{ Features []feature }
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %.200s", err, text)
	}
	out := map[string]feature{}
	for _, f := range v.Features {
		if f.ID == "" {
			f.ID, _ = f.Properties["id"].(string)
		}
		out[f.ID] = f
	}
	return out
}

// stored are the polygons of the newest run by ID, asked of the database itself:
// of parcels as they are, of decisions that of the one parcel that each grower has.
func (s *service) stored(t *testing.T, kind string) map[string]feature {
	t.Helper()
	ctx, out := context.Background(), map[string]feature{}
	sql := "SELECT parcel_id, ST_AsGeoJSON(geom, 15) FROM parus.parcel WHERE county = '341523'"
	if kind == "decisions" {
		sql = "SELECT decision_id, ST_AsGeoJSON(geom, 15) FROM parus.decision d JOIN parus.parcel p USING (run, grower_id) WHERE d.county = '341523'"
	}
	err := s.owner.As(ctx, store.Asker{ID: "x", Role: "officer", Counties: []string{"341523"}}, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sql)
		if err != nil {
			return err
		}
		var id, shape string
		_, err = pgx.ForEachRow(rows, []any{&id, &shape}, func() error {
			f := feature{ID: id}
			out[id] = f
			err := json.Unmarshal([]byte(shape), &f.Geometry)
			out[id] = f
			return err
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// corners are a polygon's vertices in an order that does not hang on where its ring begins.
func corners(f feature, swap bool) [][2]float64 {
	var out [][2]float64
	for _, p := range f.Geometry.Coordinates {
		for _, ring := range p {
			for _, v := range ring[:len(ring)-1] {
				if swap {
					v[0], v[1] = v[1], v[0]
				}
				out = append(out, v)
			}
		}
	}
	slices.SortFunc(out, func(a, b [2]float64) int {
		if d := a[0] - b[0]; math.Abs(d) > 1e-5 {
			return int(math.Copysign(1, d))
		}
		return int(math.Copysign(1, a[1]-b[1]))
	})
	return out
}

func same(t *testing.T, what string, got, want map[string]feature, swap bool, within float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d features, want %d", what, len(got), len(want))
	}
	for id, w := range want {
		g, ok := got[id]
		if !ok || g.Geometry == nil || g.Geometry.Type != "MultiPolygon" {
			t.Errorf("%s: %s: %+v", what, id, g)
			continue
		}
		a, b := corners(g, swap), corners(w, false)
		if len(a) != len(b) {
			t.Errorf("%s: %s: %v, want %v", what, id, a, b)
			continue
		}
		for i := range a {
			if math.Abs(a[i][0]-b[i][0]) > within || math.Abs(a[i][1]-b[i][1]) > within {
				t.Errorf("%s: %s: corner %v, want %v", what, id, a[i], b[i])
			}
		}
	}
}

// page reads a page of items.
func (s *service) page(t *testing.T, token, path string) (*http.Response, string) {
	t.Helper()
	res, b := s.send(t, token, "GET", strings.TrimPrefix(path, s.URL), "") // links are whole
	return res, string(b)
}

// GDAL's own driver reads both collections page by page: as many, with the IDs
// and places that the store holds. In the county's 3-degree zone and the other
// CRSs the service says what GDAL's transform of the driver's answer says.
func TestGDALReadsTheFeatures(t *testing.T) {
	s := newService(t)
	officer := s.as(t, "officer")
	for _, kind := range []string{"parcels", "decisions"} {
		want := s.stored(t, kind)
		from := "OAPIF:" + s.URL + "/ogc"
		if said := ogr(t, officer, "ogrinfo", "-so", from, kind); !strings.Contains(said, fmt.Sprintf("Feature Count: %d\n", len(want))) {
			t.Errorf("%s: %s", kind, said)
		}
		read := func(args ...string) map[string]feature {
			out := filepath.Join(t.TempDir(), "out.json")
			ogr(t, officer, "ogr2ogr", append([]string{"-f", "GeoJSON", "-lco", "RFC7946=NO", "-lco", "COORDINATE_PRECISION=15", "-oo", "PAGE_SIZE=4", out, from, kind}, args...)...)
			text, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			return featuresIn(t, string(text))
		}
		same(t, kind+" by GDAL", read(), want, false, 1.1e-8)
		// 115.0° E lies in the 3-degree zone 38 (114° E): EPSG:4526 with the zone's number, 4547 without.
		for _, crs := range []struct {
			uri  string
			args []string
			tol  float64
			swap bool
		}{
			{uri84, nil, 1.1e-8, false}, {uriEPSG + "4326", nil, 1.1e-8, true}, {uriEPSG + "4490", nil, 1.1e-8, true},
			{uriEPSG + "4526", []string{"-s_srs", "EPSG:4490", "-t_srs", "EPSG:4526"}, 0.002, true}, {uriEPSG + "4547", []string{"-s_srs", "EPSG:4490", "-t_srs", "EPSG:4547"}, 0.002, true},
		} {
			res, text := s.page(t, officer, "/ogc/collections/"+kind+"/items?crs="+url.QueryEscape(crs.uri))
			if res.StatusCode != 200 || res.Header.Get("Content-Crs") != "<"+crs.uri+">" || res.Header.Get("Content-Type") != "application/geo+json" {
				t.Errorf("%s in %s: %s %v %s", kind, crs.uri, res.Status, res.Header, text)
				continue
			}
			same(t, kind+" in "+crs.uri, featuresIn(t, text), read(crs.args...), crs.swap, crs.tol)
		}
	}
	p := s.get(t, officer, "/ogc/collections/parcels/items/3415230000000000001")
	d := s.get(t, officer, "/ogc/collections/decisions/items/d341523-1")
	if props := p["properties"].(map[string]any); p["id"] != "3415230000000000001" || props["grower_id"] != "g341523-1" || props["area_m2"] != 8700.25 || props["crop"] != "maize" {
		t.Error(p)
	}
	if props := d["properties"].(map[string]any); props["outcome"] != "admit" || props["limit_fen"] != 680000.0 || props["as_of"] != "2024-07-15" {
		t.Error(d)
	}
}
