package vector_test

import (
	"archive/zip"
	"bytes"
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// ogr2ogr, where installed, makes the other formats and CRSs independently.
func convert(t *testing.T, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("ogr2ogr is missing: tools/setup.sh packages test installs it")
		}
		t.Skip("ogr2ogr is not installed (Debian package gdal-bin): this format is not tested here")
	}
	if out, err := exec.Command("ogr2ogr", args...).CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr %v: %v\n%s", args, err, out)
	}
}

func sample(t *testing.T) (path string, want []parcels.Parcel) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "in.gpkg")
	var fs []vector.Feature
	for i := range 12 {
		mp, err := parcels.Unproject(square(39420000+float64(i)*60, 3500000, 50), 4527)
		if err != nil {
			t.Fatal(err)
		}
		fs = append(fs, vector.Feature{Polygon: mp, Values: []any{"34152310000000" + pad(i+1), "东风村" + itoa(i)}})
	}
	if err := vector.WriteGPKG(path, "DK", 4490, []vector.Field{{Name: "DKBM"}, {Name: "DKMC"}}, fs); err != nil {
		t.Fatal(err)
	}
	want, _, _, err := vector.Read(context.Background(), path, vector.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return path, want
}

func TestFormatsAndCRSsGiveTheSameLand(t *testing.T) {
	in, want := sample(t)
	dir := t.TempDir()
	for _, c := range []struct {
		file string
		epsg int
		args []string
	}{
		{"a.geojson", 4326, []string{"-lco", "RFC7946=NO", "-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=12"}},
		{"z.shp", 4527, []string{"-t_srs", "EPSG:4527", "-lco", "ENCODING=UTF-8"}},
		{"gk.gpkg", 4548, []string{"-t_srs", "EPSG:4548"}},
		{"utm.fgb", 32650, []string{"-t_srs", "EPSG:32650"}},
		{"web.gpkg", 3857, []string{"-t_srs", "EPSG:3857"}},
	} {
		t.Run(c.file, func(t *testing.T) {
			out := filepath.Join(dir, c.file)
			convert(t, append(c.args, out, in)...)
			got, rejects, _, err := vector.Read(context.Background(), out, vector.Options{})
			if err != nil || len(rejects) > 0 || len(got) != len(want) {
				t.Fatal(len(got), rejects, err)
			}
			byID := map[string]parcels.Parcel{}
			for _, p := range got {
				byID[p.ID] = p
			}
			for _, w := range want {
				g := byID[w.ID]
				if g.SourceEPSG != c.epsg || g.Name != w.Name || g.County != "341523" {
					t.Fatalf("got %d %q %q", g.SourceEPSG, g.Name, g.County)
				}
				// 1e-9° is 0.1 mm.
				if math.Abs(g.AreaM2-w.AreaM2) > 0.01 || math.Abs(g.Polygon[0][0][0][0]-w.Polygon[0][0][0][0]) > 1e-3 || !sameCorners(g.Polygon, w.Polygon, 1e-9) {
					t.Fatalf("moved: %v, want %v", g.Polygon, w.Polygon)
				}
			}
		})
	}
}

func sameCorners(a, b orb.MultiPolygon, eps float64) bool {
	for _, p := range a[0][0] {
		near := false
		for _, q := range b[0][0] {
			near = near || math.Hypot(p[0]-q[0], p[1]-q[1]) < eps
		}
		if !near {
			return false
		}
	}
	return true
}

func TestZippedShapefileWithoutEncodingInGB18030(t *testing.T) {
	in, want := sample(t)
	dir := t.TempDir()
	convert(t, "-t_srs", "EPSG:4527", "-lco", "ENCODING=GBK", filepath.Join(dir, "DK.shp"), in)
	if err := os.Remove(filepath.Join(dir, "DK.cpg")); err != nil {
		t.Fatal(err)
	}
	// LDID, byte 29 of the .dbf, also states an encoding: take it away.
	dbf, err := os.ReadFile(filepath.Join(dir, "DK.dbf"))
	if err != nil {
		t.Fatal(err)
	}
	dbf[29] = 0
	if err := os.WriteFile(filepath.Join(dir, "DK.dbf"), dbf, 0o600); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	files, _ := filepath.Glob(filepath.Join(dir, "DK.*"))
	for _, f := range files {
		w, _ := z.Create("登记/" + filepath.Base(f))
		b, _ := os.ReadFile(f)
		_, _ = w.Write(b)
	}
	z.Close()
	zipped := filepath.Join(dir, "dk.zip")
	if err := os.WriteFile(zipped, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	got, _, _, err := vector.Read(context.Background(), zipped, vector.Options{})
	if err != nil || len(got) != len(want) || got[1].Name != "东风村1" {
		t.Fatal(len(got), err, got)
	}
}

func TestShapefileWithoutCRS(t *testing.T) {
	in, want := sample(t)
	dir := t.TempDir()
	shp := filepath.Join(dir, "DK.shp")
	convert(t, "-t_srs", "EPSG:4527", shp, in)
	_ = os.Remove(filepath.Join(dir, "DK.prj"))
	got, _, notes, err := vector.Read(context.Background(), shp, vector.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got[0].SourceEPSG != 4527 || len(notes) == 0 || notes[0].Code != "crs_assumed" || !strings.Contains(notes[0].Detail, "EPSG:4527") {
		t.Errorf("EPSG:%d, notes %v", got[0].SourceEPSG, notes)
	}
	if !sameCorners(got[0].Polygon, want[0].Polygon, 1e-9) {
		t.Error("moved")
	}
	plain := filepath.Join(dir, "plain.shp")
	convert(t, "-t_srs", "EPSG:4548", plain, in)
	_ = os.Remove(filepath.Join(dir, "plain.prj"))
	if _, _, _, err = vector.Read(context.Background(), plain, vector.Options{}); err == nil || !strings.Contains(err.Error(), "a_srs") {
		t.Errorf("an easting without zone number must be refused and say what to give: %v", err)
	}
	old := filepath.Join(dir, "old.shp")
	convert(t, "-a_srs", "EPSG:4610", old, in)
	if _, _, _, err = vector.Read(context.Background(), old, vector.Options{}); err == nil || !strings.Contains(err.Error(), "Xian 1980") {
		t.Errorf("Xian 1980 must be refused: %v", err)
	}
}
