package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/parus-lending/parus/api"
	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
)

// withLand publishes a newer run of 341523 whose evidence knows the parcels of
// storetest.Run: squares of 0.0009° at 31° N (85.96 m by 99.79 m = 8,577 m² by the
// series of the ellipsoid), a thousandth of a degree apart; parcel i is farmed by
// grower i, every third by nobody known.
func withLand(t *testing.T) *service { return withParcels(t, 9) }

// withParcels is withLand with more parcels, 300 in a row.
func withParcels(t *testing.T, n int) *service {
	t.Helper()
	s := newService(t)
	ev := evidenceOf("341523")
	for i := range n {
		id, g, x, y := fmt.Sprintf("341523%013d", i), fmt.Sprintf("g341523-%d", i), 115+0.001*float64(i%300), 31+0.001*float64(i/300)
		shape := orb.MultiPolygon{{{{x, y}, {x + 0.0009, y}, {x + 0.0009, y + 0.0009}, {x, y + 0.0009}, {x, y}}}}
		m2 := parcels.AreaM2(shape)
		ev.Parcels[id] = parcels.Parcel{County: "341523", ID: id, AreaM2: m2, SurveyedM2: m2, Basic: i == 1}
		if i%3 == 2 {
			continue
		}
		ev.Farmers[id] = parcels.Farmer{ParcelID: id, GrowerID: g, OwnerID: g, Chain: []string{"c"}}
		ev.Records.Contracts = append(ev.Records.Contracts, parcels.Contract{Provenance: parcels.Provenance{Source: "contracts.csv"}, ContractID: "c" + id, ParcelID: id, GrowerID: g, AreaM2: m2})
		ev.Plots = append(ev.Plots, scoring.SeenPlot{PlotID: "P" + id, GrowerID: g, ParcelIDs: []string{id}, Area: scoring.AreaOfM2(m2), InsidePixels: 60, ClearDates: 9, Assessable: true, Vegetated: true, SeasonShare: 5000})
	}
	ev.Records.Feeds = map[string]scoring.FeedState{"roster": {Given: true}, "contracts": {Given: true}, "transfers": {Given: true}}
	dir := storetest.Run(t, "341523", n)
	if err := os.WriteFile(filepath.Join(dir, rundir.EvidenceFile), evidenceFile(t, ev), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.owner.Publish(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	return s.with(t, func(c *api.Config) { c.Now = func() time.Time { return time.Date(2024, 8, 1, 20, 0, 0, 0, time.UTC) } })
}

// drawnBox is a claim of a box in thousandths of a degree east of 115°, as tall as
// the parcels.
func drawnBox(grower, crop string, from, to float64) string {
	ring := fmt.Sprintf("[[[%.7f,31],[%.7f,31],[%.7f,31.0009],[%.7f,31.0009],[%.7f,31]]]", 115+from/1e3, 115+to/1e3, 115+to/1e3, 115+from/1e3, 115+from/1e3)
	return fmt.Sprintf(`{"county":"341523","grower_id":"%s","crop":"%s","method":"drawn","source_crs":"EPSG:4326","geometry":{"type":"Polygon","coordinates":%s}}`, grower, crop, ring)
}

func codesIn(v any) string {
	var codes []string
	for _, f := range v.([]any) {
		codes = append(codes, f.(map[string]any)["code"].(string))
	}
	slices.Sort(codes)
	return strings.Join(codes, " ")
}

// From 0.3 to 1.4 thousandths lie 6 of 11 parts on parcel 0 (two thirds of it), one
// between the parcels and 4 of 11 on parcel 1 (four ninths of it): of 1.1 × 95.51 m
// by 99.79 m = 10,484 m² these are 5,718, 953 and 3,812.
func TestClaimLand(t *testing.T) {
	s := withLand(t)
	officer := s.as(t, "officer")
	near := func(v any, want float64) bool { return math.Abs(v.(float64)-want) < 3 }
	half := drawnBox("g341523-0", "maize", .3, 1.4)
	status, preview := s.ask(t, officer, "POST", "/v1/claims?preview=true", half)
	if status != 200 || preview["drawn_by"] != nil || preview["claim_id"] == "" {
		t.Fatal(status, preview)
	}
	status, v := s.ask(t, officer, "POST", "/v1/claims", half, "Idempotency-Key", "k1")
	says := v["says"].(map[string]any)
	if status != 201 || v["claim_id"] != preview["claim_id"] || v["drawn_by"] != "officer" || v["taken"] != "2024-08-02" || !near(v["area_m2"], 10_484) || math.Abs(v["area_mu"].(float64)-15.73) > .01 ||
		!near(says["own_m2"], 5718) || !near(says["others_m2"], 3812) || !near(says["outside_m2"], 953) || says["applied"] != true {
		t.Errorf("%d %v", status, v)
	}
	if got := codesIn(says["findings"]); got != "CLAIM_OFF_REGISTRY" { // 45 % of it
		t.Error(got, says["findings"])
	}
	f := says["findings"].([]any)[0].(map[string]any)
	if !strings.Contains(f["detail"].(string), "5.72 mu farmed by others") || !strings.Contains(f["detail_zh"].(string), "5.72 亩由他人经营") {
		t.Error(f)
	}
	land := says["land"].([]any)
	if len(land) != 2 {
		t.Fatal(land)
	}
	p0, p1 := land[0].(map[string]any), land[1].(map[string]any)
	if p0["farmed_by"] != "claimant" || p1["farmed_by"] != "other" || p1["farmer"] != "g341523-1" || p1["basic_farmland"] != true || math.Abs(p0["of_claim"].(float64)-.5455) > .0002 || math.Abs(p0["of_parcel"].(float64)-.6667) > .0002 || math.Abs(p1["of_parcel"].(float64)-.4444) > .0002 {
		t.Error(p0, p1)
	}
	d := v["decision"].(map[string]any)
	if d["outcome"] != "refer" || d["grower_id"] != "g341523-0" || d["trace"] == nil {
		t.Error(d)
	}

	// All of a neighbour's parcel, already claimed in part by another.
	_, v = s.ask(t, officer, "POST", "/v1/claims", drawnBox("g341523-1", "maize", 1, 1.9))
	says = v["says"].(map[string]any)
	if got := codesIn(says["findings"]); got != "CLAIMS_OVERLAP" || !near(says["own_m2"], 8577) {
		t.Error(got, v)
	}
	_, v = s.ask(t, officer, "POST", "/v1/claims", drawnBox("g341523-0", "maize", 4, 4.9))
	if got := codesIn(v["says"].(map[string]any)["findings"]); got != "CLAIM_OFF_REGISTRY NOT_THE_FARMER" {
		t.Error(got, v)
	}
	// Grower 5 stands in no record; grower 4 has land and has not applied.
	_, v = s.ask(t, officer, "POST", "/v1/claims", drawnBox("g341523-4", "", 4, 4.9))
	if says := v["says"].(map[string]any); says["applied"] != false || v["decision"] != nil || codesIn(says["findings"]) != "CLAIMS_OVERLAP" {
		t.Error(v)
	}

	// The same again, by the same key or none or by another person, is the same claim.
	id := preview["claim_id"].(string)
	for _, how := range [][]string{{"officer", "Idempotency-Key", "k1"}, {"officer", "Idempotency-Key", "k2"}, {"officer"}, {"approver"}} {
		status, v := s.ask(t, s.as(t, how[0]), "POST", "/v1/claims", half, how[1:]...)
		if status != 201 || v["claim_id"] != id || v["drawn_by"] != "officer" {
			t.Error(how, status, v)
		}
	}
	if status, v := s.ask(t, officer, "POST", "/v1/claims", drawnBox("g341523-0", "maize", .3, 1.3), "Idempotency-Key", "k1"); status != 422 {
		t.Error("another claim by the same key:", status, v)
	}
	status, v = s.ask(t, officer, "GET", "/v1/claims?county=341523", "")
	if items := v["items"].([]any); status != 200 || len(items) != 4 || items[0].(map[string]any)["geometry"] != nil {
		t.Error(status, v)
	}
	_, v = s.ask(t, officer, "GET", "/v1/claims?county=341523&grower_id=g341523-0&limit=1", "")
	if v["next"] == nil || len(v["items"].([]any)) != 1 {
		t.Error(v)
	}
	status, v = s.ask(t, s.as(t, "auditor"), "GET", "/v1/claims/"+id+"?county=341523", "")
	if g := v["geometry"].(map[string]any); status != 200 || g["type"] != "MultiPolygon" || v["decision"] == nil {
		t.Error(status, v)
	}
	if n := s.countAudit(t, "claim"); n != 4 {
		t.Errorf("%d entries of the audit log, want one a claim: 4", n)
	}

	// A clerk draws and reads claims and sees no decision.
	clerk := s.as(t, "clerk")
	if status, v := s.ask(t, clerk, "GET", "/v1/claims/"+id+"?county=341523", ""); status != 200 || v["decision"] != nil {
		t.Error(status, v)
	}
	if status, v := s.ask(t, clerk, "POST", "/v1/claims", drawnBox("g341523-0", "", 0, .9)); status != 201 || v["decision"] != nil || v["says"].(map[string]any)["applied"] != true {
		t.Error(status, v)
	}
}

func (s *service) countAudit(t *testing.T, act string) (n int) {
	t.Helper()
	ctx := context.Background()
	auditor := store.Asker{ID: "zhao", Role: "auditor", Counties: []string{"341523", "411622"}}
	if err := s.owner.As(ctx, auditor, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "SELECT count(*) FROM parus.audit WHERE act = $1", act).Scan(&n)
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// A claim drawn on a Chinese base map lies where it was meant.
func TestClaimFromGCJ02(t *testing.T) {
	s := withLand(t)
	var ring [][2]float64
	for _, p := range []orb.Point{{115, 31}, {115.0009, 31}, {115.0009, 31.0009}, {115, 31.0009}, {115, 31}} {
		ring = append(ring, parcels.ToGCJ02(p))
	}
	b, _ := json.Marshal(map[string]any{"county": "341523", "grower_id": "g341523-0", "method": "walked", "source_crs": "GCJ-02", "accuracy_m": 14.6, "taken": "2024-07-30",
		"geometry": map[string]any{"type": "LineString", "coordinates": ring}})
	status, v := s.ask(t, s.as(t, "clerk"), "POST", "/v1/claims", string(b))
	says := v["says"].(map[string]any)
	land := says["land"].([]any)
	if status != 201 || v["source_crs"] != "GCJ-02" || codesIn(says["notes"]) != "accuracy_low gcj02_undone" || codesIn(says["findings"]) != "" || len(land) != 1 || land[0].(map[string]any)["of_parcel"].(float64) < .999 {
		t.Error(status, v)
	}
}

// What cannot be a claim is refused and keeps nothing.
func TestClaimsThatAreRefused(t *testing.T) {
	s := withLand(t)
	good := drawnBox("g341523-0", "maize", 0, .9)
	change := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatal(old)
		}
		return strings.Replace(good, old, new, 1)
	}
	shape := func(kind, coordinates string) string {
		return good[:strings.Index(good, `{"type":"Polygon"`)] + `{"type":"` + kind + `","coordinates":` + coordinates + `}}`
	}
	var comb strings.Builder // 6,000 corners
	for i := range 6000 {
		fmt.Fprintf(&comb, "[%.7f,%.7f],", 115+float64(i)*1e-7, 31+0.0001*float64(i%2))
	}
	for name, c := range map[string]struct {
		role, body string
		want       int
	}{
		"auditor": {"auditor", good, 403}, "partner": {"partner", good, 403}, "model owner": {"model_owner", good, 403},
		"other county": {"officer", change("341523", "411622"), 404}, "stranger": {"officer", change("g341523-0", "g341523-99"), 404}, "another county's grower": {"officer", change("g341523-0", "g411622-0"), 404},
		"SQL for a grower": {"officer", change("g341523-0", "g'; DROP TABLE parus.claim; --"), 404}, "SQL for a crop": {"officer", change("maize", "m'; DELETE FROM parus.claim; --"), 400},
		"unknown crop": {"officer", change("maize", "gold"), 400}, "method": {"officer", change("drawn", "guessed"), 400}, "CRS": {"officer", change("EPSG:4326", "EPSG:9999"), 422}, "field": {"officer", change(`"crop"`, `"limit"`), 400},
		"tomorrow": {"officer", change(`"method"`, `"taken":"2024-08-03","method"`), 400}, "accuracy": {"officer", change(`"method"`, `"accuracy_m":5000,"method"`), 400},
		"NUL": {"officer", change("g341523-0", `g\u0000`), 400}, "no county": {"officer", change("341523", "34152"), 400},
		"bow tie":  {"officer", shape("Polygon", "[[[115,31],[115.0009,31.0009],[115.0009,31],[115,31.0009],[115,31]]]"), 422},
		"point":    {"officer", shape("Point", "[115,31]"), 422},
		"sliver":   {"officer", shape("Polygon", "[[[115,31],[115,31],[115,31],[115,31]]]"), 422},
		"huge":     {"officer", shape("Polygon", "[[[114.9,31],[115.1,31],[115.1,31.1],[114.9,31.1],[114.9,31]]]"), 422}, // 19 km by 11 km
		"far":      {"officer", shape("Polygon", "[[[116,31],[116.001,31],[116.001,31.001],[116,31.001],[116,31]]]"), 422},
		"open":     {"officer", shape("LineString", "[[115,31],[115.0009,31],[115.0009,31.0009]]"), 422},
		"corners":  {"officer", shape("Polygon", "[["+comb.String()+"[115,30.9999]]]"), 422},
		"million":  {"officer", shape("Polygon", "[["+strings.Repeat("[115.0000001,31.0000001],", 1_000_000)+"[115,31]]]"), 413},
		"deep":     {"officer", shape("Polygon", strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)), 400},
		"infinity": {"officer", shape("Polygon", "[[[1e999,31],[115,31],[115,32],[115,31]]]"), 422},
	} {
		if status, v := s.ask(t, s.as(t, c.role), "POST", "/v1/claims", c.body); status != c.want {
			t.Errorf("%s: %d, want %d: %.300v", name, status, c.want, v)
		}
	}
	if status, v := s.ask(t, s.as(t, "officer"), "GET", "/v1/claims?county=341523", ""); status != 200 || len(v["items"].([]any)) != 0 {
		t.Error(v)
	}
	if status, _ := s.ask(t, s.as(t, "officer"), "GET", "/v1/claims/Q1?county=411622", ""); status != 404 {
		t.Error(status)
	}
}

func inJSON(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// ask1 reads one text as an auditor of both counties.
func ask1(t *testing.T, s *service, query string) (out string) {
	t.Helper()
	ctx := context.Background()
	auditor := store.Asker{ID: "zhao", Role: "auditor", Counties: []string{"341523", "411622"}}
	if err := s.owner.As(ctx, auditor, func(tx pgx.Tx) error { return tx.QueryRow(ctx, query).Scan(&out) }); err != nil {
		t.Fatal(err)
	}
	return out
}

// Claims of the county's own records count as others' claims too, from when their
// file changes.
func TestClaimAgainstRecordedClaims(t *testing.T) {
	s := withLand(t)
	folder := t.TempDir()
	path := filepath.Join(folder, "claims.csv")
	write := func(rows string) {
		if err := os.WriteFile(path, []byte("claim_id,grower_id,season,method,source_crs,wkt\n"+rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	keyFile := filepath.Join(folder, "identity.key")
	if err := identity.NewKeyFile(keyFile, 7); err != nil {
		t.Fatal(err)
	}
	key, err := identity.LoadKey(keyFile)
	if err != nil {
		t.Fatal(err)
	}
	write("QD1,00000000000000ff,2023,drawn,EPSG:4326,\"POLYGON((115 31,115.0009 31,115.0009 31.0009,115 31.0009,115 31))\"\n") // another season's
	s = s.with(t, func(c *api.Config) {
		c.Records = map[string]api.Records{"341523": {Options: feeds.Options{County: "341523", Store: filepath.Join(folder, "records"), Key: key}, Files: map[string]string{"claims": path}}}
	})
	officer := s.as(t, "officer")
	found := func() string {
		_, v := s.ask(t, officer, "POST", "/v1/claims?preview=true", drawnBox("g341523-0", "", 0, .9))
		return codesIn(v["says"].(map[string]any)["findings"])
	}
	if got := found(); got != "" {
		t.Error(got)
	}
	write("QD1,00000000000000ff,2024,drawn,EPSG:4326,\"POLYGON((115.0008 31,115.0019 31,115.0019 31.0009,115.0008 31.0009,115.0008 31))\"\n") // a ninth of the parcel: more than a tenth
	if got := found(); got != "CLAIMS_OVERLAP" {
		t.Error(got)
	}
	write("QD1,00000000000000ff,2024,drawn,EPSG:4326,\"POLYGON((115.00082 31,115.0019 31,115.0019 31.0009,115.00082 31.0009,115.00082 31))\"\n") // 8 of 90 parts: less
	if got := found(); got != "" {
		t.Error(got)
	}
}

// How long an answer to a claim takes in a county of PARUS_BENCH_PARCELS parcels
// (docs/intake.md).
func TestClaimSpeed(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("PARUS_BENCH_PARCELS"))
	if n == 0 {
		t.Skip("PARUS_BENCH_PARCELS says of how many parcels")
	}
	s := withParcels(t, n)
	officer := s.as(t, "officer")
	s.ask(t, officer, "POST", "/v1/claims?preview=true", drawnBox("g341523-0", "maize", 0, 2.9)) // makes the county ready
	for _, path := range []string{"/v1/claims?preview=true", "/v1/claims"} {
		var took []time.Duration
		for i := range 300 {
			began := time.Now()
			if status, v := s.ask(t, officer, "POST", path, drawnBox(fmt.Sprintf("g341523-%d", i%4), "maize", float64(i)/10, float64(i)/10+3)); status >= 300 {
				t.Fatal(status, v)
			}
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		t.Logf("%d parcels, %s: median %v, 95th percentile %v", n, path, took[len(took)/2], took[len(took)*95/100])
	}
}
