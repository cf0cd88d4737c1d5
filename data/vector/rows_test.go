package vector_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/vector"
)

func geojson(t *testing.T, features string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), "p.geojson")
	if err := os.WriteFile(p, []byte(`{"type":"FeatureCollection","features":[`+features+`]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func feature(props, rings string) string {
	return `{"type":"Feature","properties":{` + props + `},"geometry":{"type":"Polygon","coordinates":` + rings + `}}`
}

const (
	good   = `[[[115.5,31.7],[115.501,31.7],[115.501,31.701],[115.5,31.701],[115.5,31.7]]]`
	bowtie = `[[[115.5,31.7],[115.501,31.701],[115.501,31.7],[115.5,31.701],[115.5,31.7]]]`
	// a spike of no width on one corner
	spike = `[[[115.5,31.7],[115.501,31.7],[115.501,31.701],[115.5,31.701],[115.5,31.7015],[115.5,31.701],[115.5,31.7]]]`
	line  = `[[[115.5,31.7],[115.501,31.7],[115.5,31.7]]]`
)

func TestRowsAreKeptRepairedOrRejectedByName(t *testing.T) {
	path := geojson(t, strings.Join([]string{
		feature(`"parcel_id":"a","SCMJ":900,"SFJBNT":"1","TDLYLX":"011"`, good),
		feature(`"parcel_id":"b"`, bowtie),
		feature(`"parcel_id":"c"`, spike),
		feature(`"parcel_id":"a"`, good),
		`{"type":"Feature","properties":{"parcel_id":"d"},"geometry":null}`,
		feature(`"parcel_id":"e"`, line),
		feature(`"parcel_id":"3.41523E+18"`, good),
		feature(`"parcel_id":""`, good),
		`{"type":"Feature","properties":{"parcel_id":"f"},"geometry":{"type":"Point","coordinates":[115.5,31.7]}}`,
		feature(`"parcel_id":"3415231000000000004"`, good),
		feature(`"parcel_id":"6101231000000000004"`, good),
	}, ","))
	ps, rejects, notes, err := vector.Read(context.Background(), path, vector.Options{County: "341523"})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, p := range ps {
		ids = append(ids, p.ID)
	}
	if got := strings.Join(ids, " "); got != "a c 3415231000000000004 6101231000000000004" {
		t.Errorf("parcels %s", got)
	}
	if p := ps[0]; p.SurveyedM2 != 900 || !p.Basic || p.Use != "011" || p.SourceEPSG != 4326 || len(p.Notes) != 1 {
		t.Errorf("%+v", p)
	}
	want := map[int]string{2: "crosses", 4: "rows 1 and 4", 5: "no polygon", 6: "no area", 7: "spreadsheet", 8: "empty", 9: "not a polygon"}
	for _, r := range rejects {
		if s, ok := want[r.Row]; !ok || !strings.Contains(r.Reason, s) {
			t.Errorf("row %d: %s", r.Row, r.Reason)
		}
		delete(want, r.Row)
	}
	if len(want) > 0 {
		t.Errorf("not rejected: %v", want)
	}
	codes := map[string]string{}
	for _, n := range notes {
		codes[n.Code] = n.Subject
	}
	if codes["geometry_repaired"] != "c" || codes["other_county"] != "6101231000000000004" {
		t.Errorf("notes %v", notes)
	}
}

func TestNothingToReadIsAnError(t *testing.T) {
	ctx := context.Background()
	if _, _, _, err := vector.Read(ctx, geojson(t, ""), vector.Options{}); err == nil {
		t.Error("an empty file must be an error")
	}
	if _, _, _, err := vector.Read(ctx, geojson(t, feature(`"id":"x"`, line)), vector.Options{}); err == nil || !strings.Contains(err.Error(), "none of its 1 rows") {
		t.Errorf("no parcel at all must be an error: %v", err)
	}
	if _, _, _, err := vector.Read(ctx, filepath.Join(t.TempDir(), "absent.gpkg"), vector.Options{}); err == nil || !strings.Contains(err.Error(), "absent.gpkg") {
		t.Errorf("%v", err)
	}
	junk := filepath.Join(t.TempDir(), "junk.gpkg")
	_ = os.WriteFile(junk, []byte("not a package"), 0o600)
	if _, _, _, err := vector.Read(ctx, junk, vector.Options{}); err == nil {
		t.Error("junk must be an error")
	}
	metres := feature(`"id":"x"`, `[[[500000,3500000],[500100,3500000],[500100,3500100],[500000,3500000]]]`)
	if _, _, _, err := vector.Read(ctx, geojson(t, metres), vector.Options{}); err == nil || !strings.Contains(err.Error(), "cannot be that of its coordinates") {
		t.Errorf("metres in a GeoJSON without CRS must be refused: %v", err)
	}
	long := feature(`"id":3415231000000000123.5`, good)
	if _, _, _, err := vector.Read(ctx, geojson(t, long), vector.Options{}); err == nil || !strings.Contains(err.Error(), "as text") {
		t.Errorf("a rounded number is no code: %v", err)
	}
}

func TestOddCodesAmongRegistryCodesAreNoted(t *testing.T) {
	path := geojson(t, strings.Join([]string{
		feature(`"DKBM":"3415231000000000004"`, good), feature(`"DKBM":"3415231000000000005"`, good), feature(`"DKBM":"17"`, good),
	}, ","))
	ps, _, notes, err := vector.Read(context.Background(), path, vector.Options{})
	if err != nil || len(ps) != 3 || len(notes) != 1 || notes[0].Code != "odd_code" || notes[0].Subject != "17" {
		t.Errorf("%d parcels, %v, %v", len(ps), notes, err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, _, _, err := vector.Read(ctx, path, vector.Options{}); err == nil {
		t.Error("a cancelled read must say so")
	}
}
