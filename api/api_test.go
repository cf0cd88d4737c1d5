package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parus-lending/parus/api"
	"github.com/parus-lending/parus/api/devid"
	"github.com/parus-lending/parus/data/cluster/clustertest"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

var address func(database string) string

func TestMain(m *testing.M) {
	if database := os.Getenv(serveEnv); database != "" {
		fmt.Fprintln(os.Stderr, serveToBeKilled(database))
		os.Exit(1)
	}
	os.Exit(clustertest.Main(m, &address))
}

// service is a running service with two counties, 341523 of nine parcels and
// 411622 of six, and an identity provider; the service's database login owns nothing.
type service struct {
	*httptest.Server
	owner *store.Store
	id    *devid.Provider
	log   *bytes.Buffer
	count *api.Metrics

	config   api.Config
	database string // its address as its owner
}

// with is the same service with another configuration.
func (s *service) with(t *testing.T, change func(*api.Config)) *service {
	t.Helper()
	other := *s
	other.config.Metrics = nil // they count for one service
	change(&other.config)
	h, err := api.New(other.config)
	if err != nil {
		t.Fatal(err)
	}
	other.Server = httptest.NewServer(h)
	t.Cleanup(other.Close)
	return &other
}

func newService(t *testing.T) *service {
	t.Helper()
	ctx := context.Background()
	own := clustertest.New(t, address)
	if err := store.Migrate(ctx, own); err != nil {
		t.Fatal(err)
	}
	owner, err := store.Open(ctx, own)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(owner.Close)
	for county, n := range map[string]int{"341523": 9, "411622": 6} {
		dir := storetest.Run(t, county, n)
		if err := os.WriteFile(filepath.Join(dir, rundir.EvidenceFile), evidenceFile(t, evidenceOf(county)), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := owner.Publish(ctx, dir); err != nil {
			t.Fatal(err)
		}
	}
	seal, err := store.NewSealer(bytes.Repeat([]byte{7}, 32), store.AES)
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.PutPeople(ctx, seal, "341523", []store.Person{{GrowerID: "g341523-0", Name: "王小二", Number: "341523197001010014"}}); err != nil {
		t.Fatal(err)
	}
	if err := owner.CreateLogin(ctx, "api_test", "x"); err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(own)
	u.User = url.UserPassword("api_test", "x")
	as, err := store.Open(ctx, u.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(as.Close)

	s := &service{database: own, owner: owner, log: &bytes.Buffer{}, count: api.NewMetrics()}
	idServer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.id.ServeHTTP(w, r) }))
	t.Cleanup(idServer.Close)
	if s.id, err = devid.New(idServer.URL, "parus", "http://back.example", nil); err != nil {
		t.Fatal(err)
	}
	sign, err := api.NewSignIn(ctx, idServer.URL, "parus")
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range store.Roles {
		if err := owner.PutMember(ctx, idServer.URL, store.Member{Subject: role, Name: role, Role: role, Counties: []string{"341523"}}, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	s.config = api.Config{Store: as, Seal: seal, Sign: []api.SignIn{sign}, Log: slog.New(slog.NewJSONHandler(s.log, nil)), Metrics: s.count, Pictures: newPictures(t)}
	h, err := api.New(s.config)
	if err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// as is a signed-in person's token.
func (s *service) as(t *testing.T, subject string) string {
	t.Helper()
	token, err := s.id.Token(subject, "", time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// send sends a request and reads the answer, as it comes.
func (s *service) send(t *testing.T, token, method, path, body string, header ...string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, text
}

// ask sends a request and reads the answer, which must be JSON.
func (s *service) ask(t *testing.T, token, method, path, body string, header ...string) (int, map[string]any) {
	t.Helper()
	res, text := s.send(t, token, method, path, body, header...)
	if res.StatusCode >= 400 && res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s %s: %d as %s: %s", method, path, res.StatusCode, res.Header.Get("Content-Type"), text)
	}
	var v any
	if len(text) > 0 {
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, text)
		}
	}
	out, ok := v.(map[string]any)
	if !ok {
		out = map[string]any{"list": v}
	}
	out["etag"] = res.Header.Get("ETag")
	return res.StatusCode, out
}

// get is ask with GET, which must succeed.
func (s *service) get(t *testing.T, token, path string) map[string]any {
	t.Helper()
	status, v := s.ask(t, token, "GET", path, "")
	if status != http.StatusOK {
		t.Fatalf("GET %s: %d %v", path, status, v)
	}
	return v
}

func TestWhatTheServiceAnswers(t *testing.T) {
	s := newService(t)
	officer := s.as(t, "officer")
	for path, want := range map[string]string{
		"/v1/me":                          "counties:[341523] etag:* id:officer name:officer role:officer",
		"/v1/counties":                    "etag:* list:[map[code:341523 name:县341523]]",
		"/v1/parcels/3415230000000000002": "area_m2:8700.25 area_mu:13.050375 county:341523 etag:* geometry:map[coordinates:[[[[115.002 31] [115.0029 31] [115.0029 31.0009] [115.002 31.0009] [115.002 31]]]] type:MultiPolygon] parcel_id:3415230000000000002 plot_id:P341523000002 run:*",
		"/v1/plots/P341523000000":         "area_m2:8700.25 area_mu:13.050375 county:341523 cycles:[map[assessable:true clear_dates:7 complete:false crop:maize crop_probability:0.9 current:true cycle:1 emergence:2024-05-20 growth_grade:4 in_service:false perennial:false]] etag:* grower_id:g341523-0 parcels:[3415230000000000000] plot_id:P341523000000 run:*",
		"/v1/plots/P341523000000/series":  "dates:[2024-07-01 2024-07-11] etag:* plot_id:P341523000000 run:* values:map[b04:[<nil> 0.125] ndvi:[0.25 0.75] usable:[0.5 0.5] usable_vote:[0 0] weight:[0 1]]",
		// Nine parcels of 8,700.25 m² are 78,302.25 m²; every third has no grower.
		"/v1/places?county=341523": "etag:* names:map[341523000:镇341523 341523000000:村341523] run:*",
		"/v1/statistics?county=341523": "area_m2:78302.25 crops:[map[area_m2:78302.25 crop:maize grades:[map[area_m2:78302.25 grade:4]] growers:6 plots:9]] etag:* findings:map[HISTORY_DIFFERS:6] growers_admitted:6 growers_farming:6 growers_judged:6 least_growers:5 limit_fen:4.08e+06 outcomes:map[admit:6] parcels:9 " +
			"places:[map[area_m2:78302.25 code:341523000 crops:[map[area_m2:78302.25 crop:maize grades:[map[area_m2:78302.25 grade:4]] growers:6 plots:9]] growers:6 plots:9] map[area_m2:78302.25 code:341523000000 crops:[map[area_m2:78302.25 crop:maize grades:[map[area_m2:78302.25 grade:4]] growers:6 plots:9]] growers:6 plots:9]] " +
			"portfolio:map[drawn_fen:0 growers:0 growers_drawn:0 growers_overdue:0 interest_fen:0 interest_paid_fen:0 limit_fen:0 limits:0 outstanding_fen:0 overdue_fen:0 repaid_fen:0] reasons:map[BOUND_BY_need:6 LITTLE_LAND:6] run:* yield_breaks:[]",
	} {
		got := s.get(t, officer, path)
		for k := range got {
			if k == "etag" || k == "run" {
				got[k] = "*"
			}
		}
		if text := strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(got), "map["), "]"); text != want {
			t.Errorf("%s\n got %s\nwant %s", path, text, want)
		}
	}
	d := s.get(t, officer, "/v1/decisions/d341523-1")
	if d["limit_fen"] != 680000.0 || fmt.Sprint(d["trace"]) != "map[rules:[a b]]" || fmt.Sprint(d["reasons"]) != "[BOUND_BY_need LITTLE_LAND]" {
		t.Error(d)
	}
	if n := len(s.get(t, officer, "/v1/parcels?county=341523&bbox=115.0005,30.9,115.0015,31.5")["items"].([]any)); n != 2 { // 115.000–115.0009 and 115.001–115.0019
		t.Errorf("%d parcels in the box", n)
	}
}

// Every row comes once, whatever the size of a page.
func TestPages(t *testing.T) {
	s := newService(t)
	officer := s.as(t, "officer")
	for path, want := range map[string]int{"/v1/parcels?county=341523": 9, "/v1/decisions?county=341523": 6, "/v1/findings?county=341523": 6,
		"/v1/decisions?county=341523&outcome=decline": 0, "/v1/findings?county=341523&severity=info": 6, "/v1/parcels?county=341523&grower_id=g341523-1": 1} {
		for _, limit := range []int{1, 2, 3, 6, 100} {
			seen := map[string]bool{}
			for next := ""; ; {
				v := s.get(t, officer, fmt.Sprintf("%s&limit=%d&cursor=%s", path, limit, url.QueryEscape(next)))
				for _, row := range v["items"].([]any) {
					seen[fmt.Sprint(row)] = true
				}
				if next, _ = v["next"].(string); next == "" {
					break
				}
			}
			if len(seen) != want {
				t.Errorf("%s by %d: %d rows, want %d", path, limit, len(seen), want)
			}
		}
	}
}

// What was not changed is not sent again.
func TestETags(t *testing.T) {
	s := newService(t)
	officer := s.as(t, "officer")
	tag := s.get(t, officer, "/v1/decisions/d341523-1")["etag"].(string)
	for known, want := range map[string]int{tag: 304, `"other", W/` + tag: 304, `"other"`: 200, "*": 304} {
		if status, _ := s.ask(t, officer, "GET", "/v1/decisions/d341523-1", "", "If-None-Match", known); status != want {
			t.Errorf("%s: %d, want %d", known, status, want)
		}
	}
}

// Growers are found masked; to see one whole takes a purpose, which is kept.
func TestGrowers(t *testing.T) {
	s := newService(t)
	officer := s.as(t, "officer")
	if _, v := s.ask(t, officer, "POST", "/v1/growers/search", `{"text":"王小二"}`); fmt.Sprint(v["list"]) != "[map[grower_id:g341523-0 name:王** number:3415************14]]" {
		t.Error(v)
	}
	if status, v := s.ask(t, officer, "POST", "/v1/growers/g341523-0/unmask?county=341523", `{"purpose":"survey call"}`); status != 200 || v["name"] != "王小二" {
		t.Error(status, v)
	}
	if status, _ := s.ask(t, officer, "POST", "/v1/growers/g341523-0/unmask?county=341523", `{"purpose":" x "}`); status != 400 {
		t.Error(status)
	}
	if strings.Contains(s.log.String(), "王") || strings.Contains(s.log.String(), "197001") {
		t.Error("the log holds personal data")
	}
}
