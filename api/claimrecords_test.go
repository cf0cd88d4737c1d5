package api_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/parcels"
)

// Claims drawn in the service, downloaded and brought into the county's store by
// the same service, are claims of the batch's feed: the same polygon (to nine
// decimals of a degree), method, coordinate system, crop, season and days.
func TestKeptClaimsBecomeRecords(t *testing.T) {
	land := withLand(t)
	officer, clerk := land.as(t, "officer"), land.as(t, "clerk")
	var ring [][2]float64
	corners := []orb.Point{{115.00010001, 31.00010002}, {115.00080003, 31.0001}, {115.0008, 31.00080004}, {115.0001, 31.0008}, {115.00010001, 31.00010002}}
	for _, p := range corners {
		ring = append(ring, parcels.ToGCJ02(p))
	}
	walk, _ := json.Marshal(map[string]any{"county": "341523", "grower_id": "g341523-0", "crop": "maize", "method": "walked", "source_crs": "GCJ-02", "accuracy_m": 14.6, "taken": "2024-07-30",
		"geometry": map[string]any{"type": "Polygon", "coordinates": []any{ring}}})
	kept := map[string]map[string]any{}
	for _, body := range []string{string(walk), drawnBox("g341523-1", "", 1.1, 1.7)} {
		status, v := land.ask(t, officer, "POST", "/v1/claims", body)
		if status != 201 {
			t.Fatal(status, v)
		}
		kept[v["claim_id"].(string)] = v
	}
	// Growers are named as real runs name them, which the feed holds to.
	conn, err := pgx.Connect(context.Background(), land.database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), "UPDATE parus.claim SET grower_id = '0123456789abcde' || right(grower_id, 1)"); err != nil {
		t.Fatal(err)
	}
	if status, _ := land.ask(t, officer, "GET", "/v1/claims.csv?county=341523", ""); status != http.StatusForbidden {
		t.Error("an officer takes all claims:", status)
	}
	if file := land.download(t, clerk, "/v1/claims.csv?county=411622"); strings.Count(file, "\n") != 1 {
		t.Error("another county's claims:", file)
	}
	file := land.download(t, clerk, "/v1/claims.csv?county=341523")
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil || len(rows) != 3 || strings.Contains(file, "officer") {
		t.Fatal(file, err)
	}
	if entries := fmt.Sprint(land.get(t, land.as(t, "auditor"), "/v1/audit?act=export_claims")["items"]); !strings.Contains(entries, "claims 341523") {
		t.Error(entries)
	}

	folder := t.TempDir()
	if err := identity.NewKeyFile(filepath.Join(folder, "identity.key"), 7); err != nil {
		t.Fatal(err)
	}
	key, err := identity.LoadKey(filepath.Join(folder, "identity.key"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "claims.csv")
	if err := os.WriteFile(path, []byte(file), 0o644); err != nil {
		t.Fatal(err)
	}
	opt := feeds.Options{County: "341523", Key: key, Store: filepath.Join(folder, "store")}
	for i := range 2 { // the second time changes nothing
		done, err := feeds.Import(context.Background(), "claims", path, opt)
		if err != nil || done.Rejects != "" || i == 0 && done.New != 2 || i == 1 && done.Unchanged != 2 {
			t.Fatalf("%+v %v", done, err)
		}
	}
	claims, err := feeds.Claims(context.Background(), nil, opt)
	if err != nil || len(claims) != 2 {
		t.Fatal(claims, err)
	}
	for _, c := range claims {
		v := kept[c.ClaimID]
		got := fmt.Sprint(c.GrowerID, " ", c.Season, " ", c.Crop, " ", c.Method, " ", c.SourceCRS, " ", c.Taken)
		crop, _ := v["crop"].(string)
		if want := fmt.Sprint("0123456789abcde", v["grower_id"].(string)[8:], " ", v["season"], " ", crop, " ", v["method"], " ", v["source_crs"], " ", v["taken"]); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		at, err := time.Parse(time.RFC3339, v["drawn_at"].(string))
		if day := parcels.DateOf(at.In(time.FixedZone("China", 8*3600))); err != nil || c.Received != day {
			t.Errorf("received %s, kept on %s: %v", c.Received, day, err)
		}
		var was struct{ Coordinates orb.MultiPolygon }
		text, _ := json.Marshal(land.get(t, officer, "/v1/claims/"+c.ClaimID+"?county=341523")["geometry"])
		if err := json.Unmarshal(text, &was); err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(c.Polygon[0][0], was.Coordinates[0][0], func(a, b orb.Point) bool { return close9(a[0], b[0]) && close9(a[1], b[1]) }) {
			t.Errorf("%v, want %v", c.Polygon, was.Coordinates)
		}
	}
}

func close9(a, b float64) bool { return a-b < 1.01e-9 && b-a < 1.01e-9 }

// download is a file that the service gives.
func (s *service) download(t *testing.T, token, path string) string {
	t.Helper()
	res, b := s.send(t, token, "GET", path, "")
	if res.StatusCode != http.StatusOK {
		t.Fatal(path, res.Status, string(b))
	}
	return string(b)
}
