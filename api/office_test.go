package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/api"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/scoring"
)

// asks sends a body of JSON.
func (s *service) asks(t *testing.T, token, path string, body any, header ...string) (int, map[string]any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return s.ask(t, token, "POST", path, string(text), header...)
}

// again is the service started anew, with what its config says now.
func (s *service) again(t *testing.T) *service {
	t.Helper()
	c := s.config
	c.Metrics = nil
	h, err := api.New(c)
	if err != nil {
		t.Fatal(err)
	}
	out := *s
	out.Server = httptest.NewServer(h)
	t.Cleanup(out.Close)
	return &out
}

// changed is the credit policy that comes with Parus with another version and
// some values replaced.
func changed(pairs ...string) string {
	return strings.NewReplacer(append([]string{`version = "1.0.0"`, `version = "1.1.0"`}, pairs...)...).Replace(string(scoring.DefaultCreditPolicy()))
}

// What a changed credit policy would do is what judging the same evidence under
// both says; nothing is kept.
func TestSimulateAPolicy(t *testing.T) {
	s := newService(t)
	manager := s.as(t, "risk_manager")
	text := changed("max_warnings = 3", "max_warnings = 2", `required = ["contracts", "transfers", "roster", "declarations", "debts"]`, `required = ["roster"]`)
	status, v := s.asks(t, manager, "/v1/credit-policies/simulate", map[string]string{"county": "341523", "text": text})
	if status != http.StatusOK {
		t.Fatal(status, v)
	}
	var sides [2][]scoring.Decision
	for i, file := range []string{string(scoring.DefaultCreditPolicy()), text} {
		cp, err := scoring.ParseCreditPolicy([]byte(file))
		if err != nil {
			t.Fatal(err)
		}
		_, sides[i] = scoring.Judge(evidenceOf("341523"), cp)
	}
	want := scoring.CompareDecisions(sides[0], sides[1])
	total := v["total"].(map[string]any)
	if total["decisions"] != 4.0 || total["changed"] != float64(want.Changed) || total["fen_moved"] != float64(want.MoneyMoved) || len(v["moves"].([]any)) != len(want.List) {
		t.Errorf("%v, want %+v", v, want)
	}
	if got := fmt.Sprint(v["outcomes"]); got != fmt.Sprint(anyOf(t, want.Outcomes)) {
		t.Errorf("outcomes %s, want %v", got, want.Outcomes)
	}
	for _, by := range []string{"by_kind", "by_first_time", "by_area", "by_village"} {
		n := 0.0
		for _, g := range v[by].([]any) {
			n += g.(map[string]any)["decisions"].(float64)
		}
		if n != 4 {
			t.Errorf("%s holds %g of 4 decisions", by, n)
		}
	}
	if kinds := v["by_kind"].([]any); len(kinds) != 1 || kinds[0].(map[string]any)["group"] != "person" {
		t.Error(kinds)
	}
	if text := fmt.Sprint(v["changes"]); !strings.Contains(text, "path:version") || !strings.Contains(text, "path:feeds.required") {
		t.Error(text)
	}
	if n := s.kept(t); n != [2]int{} {
		t.Errorf("kept %v", n)
	}
	for body, want := range map[string]string{
		`x = `: "line 1", changed("cap_yuan = 300000", "cap_yuan = -5"): "products.season", changed("[quota]", "[quota]\nfree = true"): "quota.free is not a key", "": "",
	} {
		status, v := s.asks(t, manager, "/v1/credit-policies/simulate", map[string]string{"county": "341523", "text": body})
		if detail, _ := v["detail"].(string); want != "" && (status != http.StatusUnprocessableEntity || !strings.Contains(detail, want) || !strings.Contains(detail, "line ")) || want == "" && status != http.StatusBadRequest {
			t.Errorf("%.20q: %d %v", body, status, v)
		}
	}
	if status, _ := s.asks(t, manager, "/v1/credit-policies/simulate", map[string]string{"county": "411622", "text": text}); status != http.StatusNotFound {
		t.Errorf("another county's decisions: %d", status)
	}
	if status, _ := s.asks(t, manager, "/v1/credit-policies/simulate", map[string]string{"county": "341523", "text": strings.Repeat("#", 200_001)}); status != http.StatusBadRequest {
		t.Errorf("a text too long: %d", status)
	}
}

func anyOf(t *testing.T, v any) (out any) {
	t.Helper()
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A risk manager proposes, an approver releases, and the file given out is what
// a season takes; who proposed cannot release, nobody else can do either.
func TestReleaseAPolicy(t *testing.T) {
	s := newService(t).with(t, func(c *api.Config) { c.Now = func() time.Time { return time.Date(2024, 8, 1, 20, 0, 0, 0, time.UTC) } }) // 2 August in China
	manager, approver := s.as(t, "risk_manager"), s.as(t, "approver")
	known := s.get(t, manager, "/v1/credit-policies?county=341523")["list"].([]any)
	if len(known) != 1 || known[0].(map[string]any)["state"] != "in_use" || fmt.Sprint(known[0].(map[string]any)["runs"]) == "[]" {
		t.Fatal(known)
	}
	propose := map[string]string{"county": "341523", "text": changed("cap_yuan = 300000", "cap_yuan = 250000"), "why": "less exposure"}
	status, p := s.asks(t, manager, "/v1/credit-policies/proposals", propose, "Idempotency-Key", "k")
	if status != http.StatusCreated || p["state"] != "proposed" || p["author"] != "risk_manager" {
		t.Fatal(status, p)
	}
	path := "/v1/credit-policies/" + p["sha256"].(string)
	file, verdict := path+"/file?county=341523", map[string]string{"county": "341523", "verdict": "released", "why": "looked at the simulation"}
	for what, c := range map[string]struct {
		token, path string
		body        any
		header      []string
		want        int
	}{
		"the same again":               {manager, "/v1/credit-policies/proposals", propose, []string{"Idempotency-Key", "k"}, 201},
		"without its key":              {manager, "/v1/credit-policies/proposals", propose, nil, 409},
		"another by the same key":      {manager, "/v1/credit-policies/proposals", map[string]string{"county": "341523", "text": changed("version = \"1.1.0\"", "version = \"1.2.0\""), "why": "less exposure"}, []string{"Idempotency-Key", "k"}, 422},
		"another text of the version":  {manager, "/v1/credit-policies/proposals", map[string]string{"county": "341523", "text": changed("cap_yuan = 300000", "cap_yuan = 1"), "why": "less exposure"}, nil, 422},
		"an approver proposes":         {approver, "/v1/credit-policies/proposals", propose, nil, 403},
		"another county":               {manager, "/v1/credit-policies/proposals", map[string]string{"county": "411622", "text": propose["text"], "why": "less exposure"}, nil, 404},
		"who made it releases":         {manager, path + "/verdict", verdict, nil, 403},
		"an officer releases":          {s.as(t, "officer"), path + "/verdict", verdict, nil, 403},
		"a run's own policy is judged": {approver, "/v1/credit-policies/" + known[0].(map[string]any)["sha256"].(string) + "/verdict", verdict, nil, 404},
		"neither word":                 {approver, path + "/verdict", map[string]string{"county": "341523", "verdict": "maybe", "why": "looked at it"}, nil, 400},
		"no reason":                    {approver, path + "/verdict", map[string]string{"county": "341523", "verdict": "released", "why": ""}, nil, 400},
		"a phone in the reason":        {approver, path + "/verdict", map[string]string{"county": "341523", "verdict": "released", "why": "call 138 0013 8000"}, nil, 422},
		"a number in the reason":       {manager, "/v1/credit-policies/proposals", map[string]string{"county": "341523", "text": changed("version = \"1.1.0\"", "version = \"1.3.0\""), "why": "as 341523197001010014 says"}, nil, 422},
		"SQL":                          {approver, "/v1/credit-policies/' OR 1=1 --/verdict", verdict, nil, 404},
	} {
		if c.path = strings.ReplaceAll(c.path, " ", "%20"); true {
			if status, v := s.asks(t, c.token, c.path, c.body, c.header...); status != c.want {
				t.Errorf("%s: %d, want %d: %v", what, status, c.want, v)
			}
		}
	}
	if status, _ := s.ask(t, approver, "GET", file, ""); status != http.StatusConflict {
		t.Errorf("a file that nobody released: %d", status)
	}
	status, v := s.asks(t, approver, path+"/verdict", verdict)
	if status != http.StatusOK || v["state"] != "released" || v["judged_by"] != "approver" {
		t.Fatal(status, v)
	}
	if status, _ := s.asks(t, approver, path+"/verdict", map[string]string{"county": "341523", "verdict": "refused", "why": "after all"}); status != http.StatusConflict {
		t.Errorf("a second verdict: %d", status)
	}
	req, _ := http.NewRequest("GET", s.URL+file, nil)
	req.Header.Set("Authorization", "Bearer "+approver)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	cp, err := scoring.ParseCreditPolicy(text)
	if err != nil || cp.Released() != nil || cp.Author != "risk_manager" || cp.ApprovedBy != "approver" || cp.ApprovedOn.String() != "2024-08-02" || cp.Products["season"].Cap != 250_000_00 || cp.SHA256 != v["released_sha256"] {
		t.Errorf("%v %+v", err, cp)
	}
	one := s.get(t, s.as(t, "model_owner"), path+"?county=341523")
	if len(one["values"].([]any)) < 100 || !strings.Contains(fmt.Sprint(one["changes"]), "new:250000") || one["text"] != propose["text"] {
		t.Errorf("%.300v", one)
	}
	if status, _ := s.ask(t, s.as(t, "model_owner"), "GET", strings.Replace(path, p["sha256"].(string), strings.Repeat("0", 64), 1)+"?county=341523", ""); status != http.StatusNotFound {
		t.Error(status)
	}
}

// Models of the run without a file here are named; those of the service have their cards.
func TestModels(t *testing.T) {
	s := newService(t)
	list := s.get(t, s.as(t, "model_owner"), "/v1/models?county=341523")["list"].([]any)
	names := map[string]bool{}
	for _, m := range list {
		m := m.(map[string]any)
		card, _ := m["card"].(map[string]any)
		names[m["name"].(string)] = m["here"] == true && card["sha256"] == m["sha256"] && len(card["known_failures"].([]any)) > 0
	}
	for _, want := range []string{"crop", "crop-small", "lai", "fapar", "fcover"} {
		if !names[want] {
			t.Errorf("no card of %s: %v", want, names)
		}
	}
}

// An auditor reads who did what in his counties, page by page, and verifies the
// whole log; a log that was cut is found by the day's end kept outside.
func TestAudit(t *testing.T) {
	s := newService(t)
	officer, auditor := s.as(t, "officer"), s.as(t, "auditor")
	for range 3 {
		if status, v := s.ask(t, officer, "POST", "/v1/decisions", decideFirst); status != http.StatusCreated {
			t.Fatal(status, v)
		}
	}
	s.ask(t, officer, "POST", "/v1/growers/g341523-0/unmask?county=341523", `{"purpose":"survey call"}`)
	s.ask(t, officer, "POST", "/v1/growers/g341523-0/unmask?county=341523", `{"purpose":"second call"}`)
	away := store.Asker{ID: "away", Role: "officer", Counties: []string{"411622"}}
	ctx := context.Background()
	if err := s.owner.As(ctx, away, func(tx pgx.Tx) error { return store.Audit(ctx, tx, "411622", "decide", "d411622-1", nil) }); err != nil {
		t.Fatal(err)
	}
	pages := func(path string) (all []map[string]any) {
		for next := ""; ; {
			v := s.get(t, auditor, path+"&limit=2&cursor="+next)
			for _, row := range v["items"].([]any) {
				all = append(all, row.(map[string]any))
			}
			if next, _ = v["next"].(string); next == "" {
				return all
			}
		}
	}
	today, tomorrow := time.Now().UTC().Format(time.DateOnly), time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)
	for q, want := range map[string]int{"act=decide": 3, "asker=officer&act=decide": 3, "act=unmask&subject=g341523-0": 2, "asker=away": 0, "county=411622": 0, "county=341523&act=decide": 3, "subject=nothing": 0,
		"act=decide&from=" + today + "&to=" + tomorrow: 3, "act=decide&from=2999-01-01": 0, "act=decide&to=2024-01-01": 0} {
		if rows := pages("/v1/audit?" + q); len(rows) != want {
			t.Errorf("%s: %d entries, want %d: %v", q, len(rows), want, rows)
		}
	}
	looks := pages("/v1/audit/unmaskings?grower_id=g341523-0")
	if len(looks) != 2 || looks[0]["purpose"] != "second call" || looks[1]["asker"] != "officer" {
		t.Error(looks)
	}
	for _, q := range []string{"from=x", "to=2024-13-01", "cursor=x", "cursor=' OR 1=1", "limit=0", "from=2024-01-01' OR '1'='1"} {
		if status, _ := s.ask(t, auditor, "GET", "/v1/audit?"+strings.ReplaceAll(q, " ", "%20"), ""); status != http.StatusBadRequest {
			t.Errorf("%s: %d", q, status)
		}
	}
	heads := filepath.Join(t.TempDir(), "heads")
	s.config.Heads = heads
	if v := s.get(t, auditor, "/v1/audit/verify"); v["whole"] != true || v["days_closed"] != 0.0 {
		t.Error(v)
	}
	if _, err := s.owner.CloseAudit(ctx, heads, time.Now()); err != nil {
		t.Fatal(err)
	}
	restarted := s.again(t)
	v := restarted.get(t, auditor, "/v1/audit/verify")
	if v["whole"] != true || v["days_closed"] != 1.0 {
		t.Error(v)
	}
	text, err := os.ReadFile(heads)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(heads, []byte(strings.Replace(string(text), fmt.Sprint(" ", int(v["entries"].(float64)), " "), " 99 ", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if v := restarted.get(t, auditor, "/v1/audit/verify"); v["whole"] != false || !strings.Contains(v["wrong"].(string), "entry 99 was there") {
		t.Error(v)
	}
}
