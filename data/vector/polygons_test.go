package vector_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/vector"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// scan reads all polygons of a file, a row at a time.
func scan(t *testing.T, path string, opt vector.Options) (ps []vector.Polygon, rejects []vector.Reject, src *vector.Polygons) {
	t.Helper()
	src, err := vector.OpenPolygons(path, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(src.Close)
	for {
		b, err := src.Next(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if b == nil {
			return ps, rejects, src
		}
		b.Each(func(p vector.Polygon) { ps = append(ps, p) }, func(r vector.Reject) { rejects = append(rejects, r) })
		b.Close()
	}
}

// The stream gives what Read gives, in every format and CRS; ogr2ogr makes the
// files.
func TestPolygonsOfAllFormats(t *testing.T) {
	in, want := sample(t)
	dir := t.TempDir()
	for _, c := range []struct {
		file string
		epsg int
		args []string
	}{
		{"same.gpkg", 4490, nil},
		{"zone.gpkg", 4527, []string{"-t_srs", "EPSG:4527"}},
		{"utm.gpkg", 32650, []string{"-t_srs", "EPSG:32650"}},
		{"degrees.geojson", 4326, []string{"-f", "GeoJSON", "-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=9"}},
		{"DK.shp", 4490, []string{"-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8"}},
		{"land.fgb", 32650, []string{"-f", "FlatGeobuf", "-t_srs", "EPSG:32650", "-lco", "SPATIAL_INDEX=NO"}},
	} {
		t.Run(c.file, func(t *testing.T) {
			out := filepath.Join(dir, c.file)
			convert(t, append(c.args, out, in)...)
			ps, rejects, src := scan(t, out, vector.Options{})
			if len(ps) != len(want) || len(rejects) != 0 || src.Rows() != len(want) {
				t.Fatalf("%d polygons, want %d; rejects %v", len(ps), len(want), rejects)
			}
			if src.EPSG() != c.epsg {
				t.Errorf("EPSG:%d, want %d", src.EPSG(), c.epsg)
			}
			box, ok := src.Bound()
			for i, p := range ps {
				if p.ID != want[i].ID || p.Row != i+1 || p.Repaired != "" {
					t.Errorf("row %d: %s %q, want %s", p.Row, p.ID, p.Repaired, want[i].ID)
				}
				lonlat, err := src.LonLat(p.Shape)
				if err != nil {
					t.Fatal(err)
				}
				if !sameCorners(lonlat, want[i].Polygon, 2e-9) { // a fifth of a millimetre; a Shapefile turns rings round
					t.Fatalf("row %d is moved: %v, want %v", p.Row, lonlat, want[i].Polygon)
				}
				if !ok || !box.Pad(1e-9).Contains(lonlat[0][0][0]) {
					t.Errorf("the box %v does not hold row %d", box, p.Row)
				}
				same, err := src.To(p.Shape, c.epsg)
				if c.epsg > 4490 && (err != nil || &same[0][0][0] != &p.Shape[0][0][0]) {
					t.Errorf("row %d was made anew for the CRS it is in: %v", p.Row, err)
				}
			}
		})
	}
}

// Rows that are no polygons are told one by one, and nothing else is lost.
func TestPolygonsRejectRowByRow(t *testing.T) {
	ring := func(text string) string { return fmt.Sprintf(`{"type":"Polygon","coordinates":[[%s]]}`, text) }
	good := ring("[110,34],[110.01,34],[110.01,34.01],[110,34.01],[110,34]")
	rows := []struct{ id, geom, want string }{
		{`"a"`, good, ""},
		{`"point"`, `{"type":"Point","coordinates":[110,34]}`, "not a polygon"},
		{`"none"`, `null`, "no polygon"},
		{`"empty"`, `{"type":"Polygon","coordinates":[]}`, "polygon"},
		{`"line"`, ring("[110,34],[110.01,34],[110.02,34],[110,34]"), "no area"},
		{`"eight"`, ring("[110,34],[110.01,34.01],[110.01,34],[110,34.01],[110,34]"), "crosses"},
		{`""`, good, "ID is empty"},
		{`null`, good, "ID is empty"},
		{`"spike"`, ring("[110,34],[110.01,34],[110.01,34.01],[110.01,34.02],[110.01,34.01],[110,34.01],[110,34]"), "repaired"},
		{`"z"`, good, ""},
	}
	var features []string
	for _, r := range rows {
		features = append(features, fmt.Sprintf(`{"type":"Feature","properties":{"id":%s},"geometry":%s}`, r.id, r.geom))
	}
	path := filepath.Join(t.TempDir(), "bad.geojson")
	if err := os.WriteFile(path, []byte(`{"type":"FeatureCollection","features":[`+strings.Join(features, ",")+`]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	ps, rejects, _ := scan(t, path, vector.Options{})
	told := map[int]string{}
	for _, p := range ps {
		if told[p.Row] = "used"; p.Repaired != "" {
			told[p.Row] = "repaired"
		}
		if a := planar.Area(p.Shape); math.Abs(math.Abs(a)-1e-4) > 1e-12 { // 0.01° squared, by hand
			t.Errorf("row %d: area %g", p.Row, a)
		}
	}
	for _, r := range rejects {
		told[r.Row] = r.Reason
	}
	for i, r := range rows {
		want := r.want
		if want == "" {
			want = "used"
		}
		if !strings.Contains(told[i+1], want) {
			t.Errorf("row %d (%s): %q, want %q", i+1, r.id, told[i+1], want)
		}
	}
}

func TestPolygonsIDs(t *testing.T) {
	write := func(name string, fields []vector.Field, values ...any) string {
		path := filepath.Join(t.TempDir(), name)
		var fs []vector.Feature
		for i, v := range values {
			fs = append(fs, vector.Feature{Polygon: square(500000+100*float64(i), 3800000, 50), Values: []any{v}})
		}
		if err := vector.WriteGPKG(path, "land", 32649, fields, fs); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ids := func(path, field string) (out []string) {
		ps, rejects, _ := scan(t, path, vector.Options{IDField: field})
		for _, p := range ps {
			out = append(out, p.ID)
		}
		for _, r := range rejects {
			out = append(out, "! "+r.Reason)
		}
		return out
	}
	is := func(got []string, want ...string) {
		t.Helper()
		if len(got) != len(want) {
			t.Fatalf("%q, want %q", got, want)
		}
		for i := range got {
			if !strings.Contains(got[i], want[i]) {
				t.Errorf("%q, want %q", got[i], want[i])
			}
		}
	}
	is(ids(write("text.gpkg", []vector.Field{{Name: "name"}}, " 0012 ", "东风"), "NAME"), "0012", "东风")
	is(ids(write("int.gpkg", []vector.Field{{Name: "k", Type: vector.Int}}, int64(9007199254740993), int64(-4)), "k"), "9007199254740993", "-4")
	is(ids(write("real.gpkg", []vector.Field{{Name: "k", Type: vector.Float}}, 12.0, 1.5), "k"), "12", "! its ID 1.5 is a floating-point number")
	plain := write("none.gpkg", []vector.Field{{Name: "k"}}, "x", "y")
	is(ids(plain, "fid"), "1", "2")
	is(ids(plain, ""), "1", "2")
	if _, _, src := scan(t, plain, vector.Options{}); len(src.Notes()) != 1 || src.Notes()[0].Code != "id_is_row_number" {
		t.Errorf("notes %v", src.Notes())
	}
	if _, err := vector.OpenPolygons(plain, vector.Options{IDField: "nope"}); err == nil || !strings.Contains(err.Error(), `no column "nope"`) {
		t.Errorf("a column that is not there: %v", err)
	}
	if _, err := vector.OpenPolygons(plain, vector.Options{Layer: "nope"}); err == nil || !strings.Contains(err.Error(), `no layer "nope"`) {
		t.Errorf("a layer that is not there: %v", err)
	}
}

// Many rows come in several batches, in order.
func TestPolygonsManyRows(t *testing.T) {
	const n = 9001
	fs := make([]vector.Feature, n)
	for i := range fs {
		fs[i] = vector.Feature{Polygon: square(400000+30*float64(i%100), 3800000+30*float64(i/100), 20), Values: []any{fmt.Sprint("p", i)}}
	}
	path := filepath.Join(t.TempDir(), "many.gpkg")
	if err := vector.WriteGPKG(path, "land", 32649, []vector.Field{{Name: "id"}}, fs); err != nil {
		t.Fatal(err)
	}
	ps, _, src := scan(t, path, vector.Options{})
	if len(ps) != n || src.Rows() != n || src.Batches() != 3 {
		t.Fatalf("%d rows", len(ps))
	}
	for i, p := range ps {
		if p.ID != fmt.Sprint("p", i) || p.Row != i+1 || !orb.Equal(p.Shape, fs[i].Polygon) {
			t.Fatalf("row %d: %v", i+1, p)
		}
	}
}
