package vector_test

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

func shared(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("PARUS_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	p := filepath.Join(root, "data", name)
	if _, err := os.Stat(p); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("shared test data are missing: %v (set PARUS_TEST_DATA)", err)
		}
		t.Skipf("shared test data are missing: %v (set PARUS_TEST_DATA)", err)
	}
	return p
}

// 2497 parcels in a Mercator_2SP without an EPSG code, three of them without a
// polygon (ogrinfo says so too). The witness is the file's own column Area:
// hectares on the Mercator map, whose scale on the ellipsoid is a / (N cos φ).
func TestMercatorShapefileOfOrangeRiver(t *testing.T) {
	path := shared(t, "parcels_orange_river/train.shp")
	_, _, _, err := vector.Read(context.Background(), path, vector.Options{})
	if err == nil || !strings.Contains(err.Error(), "Field_Id") {
		t.Fatalf("without a code column the columns must be named: %v", err)
	}
	ps, rejects, _, err := vector.Read(context.Background(), path, vector.Options{IDField: "field_id"})
	if err != nil {
		t.Fatal(err)
	}
	if len(ps)+len(rejects) != 2497 {
		t.Errorf("%d parcels + %d rejects, want 2497 rows", len(ps), len(rejects))
	}
	if len(rejects) != 3 || rejects[0].Row != 801 || rejects[0].ID != "1170" {
		t.Errorf("rejects %+v", rejects)
	}
	for i, onMap := range []float64{0.915905, 2.06441, 1.0803, 1.31619} {
		phi := parcels.RepresentativePoint(ps[i].Polygon)[1] * math.Pi / 180
		n := 1 / math.Sqrt(1-0.00669437999*math.Sin(phi)*math.Sin(phi)) // N / a
		if want := onMap * 1e4 * math.Pow(n*math.Cos(phi), 2); math.Abs(ps[i].AreaM2/want-1) > 2e-5 {
			t.Errorf("parcel %s: %.2f m², want %.2f", ps[i].ID, ps[i].AreaM2, want)
		}
	}
	for _, p := range ps[:50] {
		if pt := p.Polygon[0][0][0]; pt[0] < 21 || pt[0] > 23 || pt[1] < -30 || pt[1] > -28 {
			t.Fatalf("parcel %s lies at %v, not on the Orange River", p.ID, pt)
		}
		if p.SourceEPSG != 0 || p.SourceCRS != "Mercator_2SP" {
			t.Fatalf("CRS %q %d", p.SourceCRS, p.SourceEPSG)
		}
	}
}

func TestGeoJSONGzOfKarnataka(t *testing.T) {
	ps, rejects, _, err := vector.Read(context.Background(), shared(t, "parcels_karnataka/ka28_val.geojson.gz"), vector.Options{IDField: "ID_PARCEL"})
	if err != nil {
		t.Fatal(err)
	}
	if len(ps)+len(rejects) != 714 || len(ps) < 700 {
		t.Errorf("%d parcels + %d rejects of 714", len(ps), len(rejects))
	}
	for _, r := range rejects {
		t.Logf("rejected: %+v", r)
	}
	// Shape_Area of the first parcel, 8751.84 m² by its makers, is in Web
	// Mercator. True = that × N·M·cos²φ / a², at φ = 16.7278°: N/a = 1.000277,
	// M/a = 0.994133, cos²φ = 0.917157 (hand calculation): 7981.93 m².
	if p := ps[0]; p.ID != "2" || math.Abs(p.AreaM2/7981.93-1) > 1e-5 {
		t.Errorf("parcel %s has %.2f m², want 7981.93", p.ID, p.AreaM2)
	}
}

// Flat area of the 185 fields by SQLite's st_area through ogrinfo: 7,761,999.93
// m² in EPSG:32632. On the ellipsoid it is larger by 1/k², k = 0.9996 (1 +
// (E − 500 km)² / 2R²), E = 513.5 km: k = 0.9996022 (hand calculation).
func TestDanishFieldsBecomePlots(t *testing.T) {
	in := shared(t, "field_boundaries_denmark/fields_lpis2016.gpkg")
	if _, _, _, err := vector.Read(context.Background(), in, vector.Options{}); err == nil || !strings.Contains(err.Error(), "MARKNUMMER") {
		t.Fatalf("without a code column the columns must be named: %v", err)
	}
	out := filepath.Join(t.TempDir(), "f.gpkg")
	convert(t, "-sql", "select cast(fid as text) as parcel_id, geom from fields", "-dialect", "SQLite", "-nln", "fields", out, in)
	ps, rejects, _, err := vector.Read(context.Background(), out, vector.Options{})
	if err != nil || len(rejects) > 0 || len(ps) != 185 || ps[0].SourceEPSG != 32632 {
		t.Fatal(len(ps), rejects, err)
	}
	var sum float64
	farmers := map[string]parcels.Farmer{}
	for i, p := range ps {
		sum += p.AreaM2
		farmers[p.ID] = parcels.Farmer{ParcelID: p.ID, GrowerID: "g" + itoa(i%3)}
	}
	if want := 7761999.92827097 / (0.9996022 * 0.9996022); math.Abs(sum/want-1) > 2e-7 {
		t.Errorf("%.1f m², want %.1f", sum, want)
	}
	plots, notes := parcels.GroupPlots(ps, farmers, parcels.PlotOptions{})
	var plotted float64
	for _, p := range plots {
		plotted += p.AreaM2
	}
	if len(notes) > 0 || len(plots) == 0 || len(plots) >= 185 || math.Abs(plotted-sum) > 1e-3 {
		t.Errorf("%d plots of %.3f m² from %.3f m², notes %v", len(plots), plotted, sum, notes)
	}
}

func square(x, y, d float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x, y}, {x + d, y}, {x + d, y + d}, {x, y + d}, {x, y}}}}
}

func TestWriteTwiceGivesEqualBytesAndReadsBack(t *testing.T) {
	dir := t.TempDir()
	fields := []vector.Field{{Name: "DKBM", Type: vector.String}, {Name: "SCMJ", Type: vector.Float}, {Name: "n", Type: vector.Int}}
	var fs []vector.Feature
	var land []orb.MultiPolygon
	for i := range 500 {
		mp, err := parcels.Unproject(square(500000+float64(i)*50, 3500000, 40), 4544)
		if err != nil {
			t.Fatal(err)
		}
		land = append(land, mp)
		fs = append(fs, vector.Feature{Polygon: mp, Values: []any{"34152310000000" + pad(i+1), 1600.5, int64(i)}})
	}
	fs[7].Values[1] = nil
	a, b := filepath.Join(dir, "a.gpkg"), filepath.Join(dir, "b.gpkg")
	for _, p := range []string{a, b} {
		if err := vector.WriteGPKG(p, "parcels", 4490, fields, fs); err != nil {
			t.Fatal(err)
		}
	}
	ba, _ := os.ReadFile(a)
	bb, _ := os.ReadFile(b)
	if len(ba) == 0 || !bytes.Equal(ba, bb) {
		t.Fatalf("two writes of the same land differ (%d and %d bytes)", len(ba), len(bb))
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 2 {
		t.Errorf("files left: %v", left)
	}
	ps, rejects, notes, err := vector.Read(context.Background(), a, vector.Options{County: "341523"})
	if err != nil || len(rejects) != 0 {
		t.Fatal(err, rejects)
	}
	if len(ps) != 500 || ps[3].ID != "3415231000000000004" || ps[3].SurveyedM2 != 1600.5 || ps[7].SurveyedM2 != 0 || ps[3].SourceEPSG != 4490 {
		t.Errorf("read back %d parcels, %+v", len(ps), ps[3])
	}
	if len(notes) != 1 || notes[0].Code != "datum_assumed" {
		t.Errorf("notes %v", notes)
	}
	for i, p := range ps {
		if !orb.Equal(p.Polygon, land[i]) {
			t.Fatalf("parcel %d moved", i)
		}
	}
}

func pad(i int) string { s := "0000" + itoa(i); return s[len(s)-5:] }

func itoa(i int) string {
	if i < 10 {
		return string(rune('0' + i))
	}
	return itoa(i/10) + string(rune('0'+i%10))
}
