package api_test

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/api"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

// Both are examples of GB 11643 itself.
const farmer, another = "11010519491231002X", "440524188001010014"

// A person who farms in two counties is admitted in both by the newest runs; a
// county without a run, or with an old one, is named and not guessed at.
func TestPreAdmission(t *testing.T) {
	s := newService(t)
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "identity.key")
	if err := identity.NewKeyFile(path, 7); err != nil {
		t.Fatal(err)
	}
	key, err := identity.LoadKey(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, county := range []string{"341523", "411622"} { // newer runs, in which decision i is his; in the second he is referred
		dir := storetest.Run(t, county, 12)
		ds, err := rundir.ReadDecisions(dir)
		if err != nil {
			t.Fatal(err)
		}
		ds[i].GrowerID, ds[i].LimitFen = key.GrowerID(farmer), int64(1_000_000*(i+1))
		if err := rundir.WriteParquet(filepath.Join(dir, rundir.DecisionsFile), ds); err != nil {
			t.Fatal(err)
		}
		if _, err := s.owner.Publish(ctx, dir); err != nil {
			t.Fatal(err)
		}
	}
	token, err := s.owner.NewToken(ctx, store.Member{Subject: "portal", Role: "partner", Counties: []string{"341523", "411622", "999999"}}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	on := func(day int) *service {
		return s.with(t, func(c *api.Config) {
			c.Identity, c.Now = key, func() time.Time { return time.Date(2024, 7, day, 12, 0, 0, 0, time.UTC) }
		})
	}
	body := `{"number":"` + farmer + `"}`
	status, v := on(20).ask(t, token, "POST", "/v1/pre-admission", body)
	admitted := v["admitted"].([]any)
	if status != 200 || len(v["counties"].([]any)) != 2 || len(admitted) != 2 || v["degraded"] != true {
		t.Fatal(status, v)
	}
	if first := admitted[0].(map[string]any); first["county"] != "341523" || first["limit_fen"] != 1e6 || first["as_of"] != "2024-07-15" {
		t.Error(first)
	}
	if none := v["not_asked"].([]any); len(none) != 1 || none[0].(map[string]any)["county"] != "999999" || none[0].(map[string]any)["why"] != "no_run" {
		t.Error(none)
	}
	// 300 days from now, years after 2024, both runs are too old, but for that of a made-up county, which lives from its as-of day on.
	later := s.with(t, func(c *api.Config) {
		c.Identity, c.Now = key, func() time.Time { return time.Now().AddDate(0, 0, 300) }
	})
	askedOf := func(s *service) map[string]any {
		t.Helper()
		status, v := s.ask(t, token, "POST", "/v1/pre-admission", body)
		if status != 200 {
			t.Fatal(status, v)
		}
		return v
	}
	if v := askedOf(later); len(v["counties"].([]any)) != 0 || len(v["not_asked"].([]any)) != 3 {
		t.Error(v)
	}
	conn, err := pgx.Connect(ctx, s.database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	sample := func(is bool) {
		t.Helper()
		if _, err := conn.Exec(ctx, "UPDATE parus.run SET sample = $1 WHERE county = '341523'", is); err != nil {
			t.Fatal(err)
		}
	}
	sample(true)
	if v := askedOf(later); len(v["counties"].([]any)) != 1 || len(v["not_asked"].([]any)) != 2 {
		t.Error(v)
	}
	sample(false)
	for _, c := range []struct {
		name, body    string
		day, want     int
		admitted, not int
	}{
		{"one county", strings.Replace(body, "}", `,"counties":["411622"]}`, 1), 20, 200, 1, 0},
		{"another's county", strings.Replace(body, "}", `,"counties":["110000"]}`, 1), 20, 200, 0, 0},
		{"old runs", strings.Replace(body, "}", `,"max_age_days":4}`, 1), 20, 200, 0, 3}, // 15 July is five days before the 20th
		{"just new enough", strings.Replace(body, "}", `,"max_age_days":5}`, 1), 20, 200, 2, 1},
		{"nothing by halves", strings.Replace(body, "}", `,"degrade":false}`, 1), 20, 503, 0, 0},
		{"whole", strings.Replace(body, "}", `,"degrade":false,"counties":["341523"]}`, 1), 20, 200, 1, 0},
		{"somebody else", `{"number":"` + another + `"}`, 20, 200, 0, 1},
		{"a slip", `{"number":"110105194912310022"}`, 20, 422, 0, 0}, {"a name", `{"number":"王小二王小二王小二王小二王小二"}`, 20, 422, 0, 0},
		{"SQL", `{"number":"' OR 1=1; --   "}`, 20, 422, 0, 0}, {"age", strings.Replace(body, "}", `,"max_age_days":0}`, 1), 20, 400, 0, 0},
		{"county", strings.Replace(body, "}", `,"counties":["34152x"]}`, 1), 20, 400, 0, 0}, {"nothing", `{}`, 20, 400, 0, 0},
	} {
		status, v := on(c.day).ask(t, token, "POST", "/v1/pre-admission", c.body)
		if status != c.want {
			t.Errorf("%s: %d, want %d: %v", c.name, status, c.want, v)
		} else if status == 200 && (len(v["counties"].([]any)) != c.admitted || len(v["not_asked"].([]any)) != c.not) {
			t.Errorf("%s: %v", c.name, v)
		}
		if strings.Contains(inJSON(v), farmer) {
			t.Errorf("%s: the answer repeats the number: %v", c.name, v)
		}
	}
	if status, v := s.ask(t, token, "POST", "/v1/pre-admission", body); status != http.StatusServiceUnavailable { // no key
		t.Error(status, v)
	}
	for role, want := range map[string]int{"clerk": 403, "auditor": 403, "model_owner": 403, "officer": 200, "approver": 200, "risk_manager": 200, "partner": 200} {
		if status, v := on(20).ask(t, s.as(t, role), "POST", "/v1/pre-admission", body); status != want || status == 200 && len(v["counties"].([]any)) != 1 {
			t.Errorf("%s: %d %v", role, status, v)
		}
	}
	if n := s.countAudit(t, "pre-admission"); n == 0 || strings.Contains(s.log.String(), farmer) {
		t.Error(n)
	}
	if text := ask1(t, s, "SELECT count(*) || ' ' || count(DISTINCT subject) || ' ' || (string_agg(detail || subject, '') LIKE '%"+farmer+"%') FROM parus.audit WHERE act = 'pre-admission'"); text != "14 2 false" {
		t.Error(text) // 1 + 2 years later + 7 that were answered or half answered + 4 roles, of two people
	}
}
