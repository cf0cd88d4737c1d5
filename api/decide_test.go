package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
	"github.com/parus-lending/parus/season"
)

// evidenceOf is a county of four growers of the roster; nothing is known of their land.
func evidenceOf(county string) *scoring.CountyEvidence {
	day := func(m time.Month, d int) parcels.Date {
		return parcels.DateOf(time.Date(2024, m, d, 0, 0, 0, 0, time.UTC))
	}
	ev := &scoring.CountyEvidence{County: county, SeasonID: "2024", SeasonFrom: day(1, 1), SeasonTo: day(12, 31), AsOf: day(7, 15),
		Parcels: map[string]parcels.Parcel{}, Farmers: map[string]parcels.Farmer{}, Models: map[string]string{"crop": "1"}}
	for i := range 4 {
		g := fmt.Sprintf("g%s-%d", county, i)
		from := parcels.Provenance{Received: day(3, 1), Source: "roster.csv"}
		ev.Records.Roster = append(ev.Records.Roster, scoring.RosterEntry{Provenance: from, GrowerID: g, Kind: "person"})
	}
	return ev
}

func evidenceFile(t *testing.T, ev *scoring.CountyEvidence) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := scoring.WriteStored(&b, ev, scoring.DefaultCreditPolicy()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// kept is how many decisions that were asked for, and entries of the audit log, the store holds.
func (s *service) kept(t *testing.T) (n [2]int) {
	t.Helper()
	ctx := context.Background()
	auditor := store.Asker{ID: "zhao", Role: "auditor", Counties: []string{"341523", "411622"}}
	err := s.owner.As(ctx, auditor, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "SELECT (SELECT count(*) FROM parus.asked_decision), (SELECT count(*) FROM parus.audit WHERE act = 'decide')").Scan(&n[0], &n[1])
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

const decideFirst = `{"county":"341523","grower_id":"g341523-0"}`

// One grower is decided as the batch decides him; a preview keeps nothing, a
// decision is kept once with who asked and its entry in the audit log.
func TestDecideOneGrower(t *testing.T) {
	s := newService(t)
	cp, err := scoring.ParseCreditPolicy(scoring.DefaultCreditPolicy())
	if err != nil {
		t.Fatal(err)
	}
	_, all := scoring.Judge(evidenceOf("341523"), cp)
	want := all[0]
	officer := s.as(t, "officer")
	for _, preview := range []bool{true, false} {
		path, status, kept := "/v1/decisions", http.StatusCreated, [2]int{1, 1}
		if preview {
			path, status, kept = "/v1/decisions?preview=true", http.StatusOK, [2]int{}
		}
		got, v := s.ask(t, officer, "POST", path, decideFirst)
		if got != status || v["decision_id"] != want.ID || v["grower_id"] != want.GrowerID || v["outcome"] != want.Outcome || v["limit_fen"] != float64(want.Limit) ||
			v["evidence_sha256"] != want.Evidence || v["as_of"] != "2024-07-15" || len(v["reasons"].([]any)) != len(want.Reasons) || v["trace"] == nil {
			t.Errorf("%s: %d %v, want %+v", path, got, v, want)
		}
		if n := s.kept(t); n != kept {
			t.Errorf("%s: kept %v, want %v", path, n, kept)
		}
	}
	auditor := store.Asker{ID: "zhao", Role: "auditor", Counties: []string{"341523"}}
	var line string
	if err := s.owner.As(context.Background(), auditor, func(tx pgx.Tx) error {
		return tx.QueryRow(context.Background(), "SELECT concat_ws(' ', l.asker, l.role, l.subject, d.asker, d.role, d.grower_id, l.detail::json->>'outcome') FROM parus.audit l JOIN parus.asked_decision d ON d.id = (l.detail::json->>'asked')::bigint").Scan(&line)
	}); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprint("officer officer ", want.ID, " officer officer g341523-0 ", want.Outcome); line != want {
		t.Errorf("%q, want %q", line, want)
	}
	if _, err := s.owner.VerifyAudit(context.Background(), nil); err != nil {
		t.Error(err)
	}
}

// What the run itself decided is not written again: the log names it, and a key
// finds it.
func TestDecideAsTheRunDid(t *testing.T) {
	s := newService(t)
	cp, err := scoring.ParseCreditPolicy(scoring.DefaultCreditPolicy())
	if err != nil {
		t.Fatal(err)
	}
	ev := evidenceOf("341523")
	_, all := scoring.Judge(ev, cp)
	dir := storetest.Run(t, "341523", 4) // newer than the service's first run
	rows := make([]rundir.Decision, len(all))
	for i, d := range all {
		rows[i] = season.DecisionRow(d)
	}
	info, err := rundir.ReadInfo(dir)
	info.Counts["decisions"] = len(rows)
	for _, err := range []error{err, rundir.WriteParquet(filepath.Join(dir, rundir.DecisionsFile), rows), rundir.WriteInfo(dir, info),
		os.WriteFile(filepath.Join(dir, rundir.EvidenceFile), evidenceFile(t, ev), 0o644)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	p, err := s.owner.Publish(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	officer := s.as(t, "officer")
	_, want := s.ask(t, officer, "GET", fmt.Sprint("/v1/decisions/", all[0].ID, "?county=341523"), "")
	delete(want, "etag")
	for i, c := range []struct {
		key  []string
		kept [2]int
	}{{nil, [2]int{0, 1}}, {[]string{"Idempotency-Key", "k"}, [2]int{1, 2}}, {[]string{"Idempotency-Key", "k"}, [2]int{1, 2}}, {nil, [2]int{1, 3}}} {
		status, got := s.ask(t, officer, "POST", "/v1/decisions", decideFirst, c.key...)
		delete(got, "etag")
		if kept := s.kept(t); status != http.StatusCreated || !reflect.DeepEqual(got, want) || kept != c.kept {
			t.Errorf("%d: %d %s, kept %v; want %v, %v", i, status, got["decision_id"], kept, want["decision_id"], c.kept)
		}
	}
	status, v := s.ask(t, officer, "POST", "/v1/applications", fmt.Sprintf(`{"county":"341523","run":%d,"decision_id":%q,"grower_id":"g341523-0","product":"season","purpose":"inputs","asked_fen":100,"asked_until":"2024-12-01"}`, p.Run, all[0].ID))
	if status != http.StatusCreated || v["machine_outcome"] != all[0].Outcome {
		t.Error(status, v)
	}
}

// Once somebody has asked about a grower of a county, the others are decided
// too, with the same answers; who may not see the county gets none of them.
func TestDecidedAhead(t *testing.T) {
	s := newService(t)
	officer := s.as(t, "officer")
	if status, v := s.ask(t, officer, "POST", "/v1/decisions?preview=true", decideFirst); status != http.StatusOK {
		t.Fatal(status, v)
	}
	until(t, "all four growers are decided", func() bool {
		return s.number(t, `parus_memory_bytes{kind="decision"}`) > 4*1000 && s.number(t, "parus_decisions_ahead_runs") == 0
	})
	before := s.number(t, `parus_memory_bytes{kind="decision"}`)
	cp, err := scoring.ParseCreditPolicy(scoring.DefaultCreditPolicy())
	if err != nil {
		t.Fatal(err)
	}
	_, all := scoring.Judge(evidenceOf("341523"), cp)
	for _, want := range all {
		if _, v := s.ask(t, officer, "POST", "/v1/decisions?preview=true", strings.Replace(decideFirst, "g341523-0", want.GrowerID, 1)); v["decision_id"] != want.ID {
			t.Errorf("%s: %v, want %s", want.GrowerID, v, want.ID)
		}
	}
	if after := s.number(t, `parus_memory_bytes{kind="decision"}`); after != before || len(all) != 4 {
		t.Errorf("%.0f bytes after %d questions, %.0f before", after, len(all), before)
	}
	if status, _ := s.ask(t, s.as(t, "clerk"), "POST", "/v1/decisions?preview=true", decideFirst); status != http.StatusForbidden {
		t.Error(status)
	}
	if status, _ := s.ask(t, officer, "POST", "/v1/decisions?preview=true", strings.ReplaceAll(decideFirst, "341523", "411622")); status != http.StatusNotFound {
		t.Error(status)
	}
}

// A witness leads to its record, for those who may read the findings of the county.
func TestRecordBehindAWitness(t *testing.T) {
	s := newService(t)
	for _, c := range []struct {
		role, path string
		want       int
	}{
		{"officer", "county=341523&source=roster.csv", 200}, {"clerk", "county=341523&source=roster.csv", 200}, {"auditor", "county=341523&run=1&source=roster.csv", 200},
		{"officer", "county=341523&source=roster.csv:2", 404}, {"officer", "county=411622&source=roster.csv", 404}, {"officer", "county=341523&run=2&source=roster.csv", 404}, // another county's run
		{"officer", "county=341523&source=", 400}, {"officer", "county=341523&source=%00", 400}, {"officer", "county=341523", 400},
		{"partner", "county=341523&source=roster.csv", 403}, {"model_owner", "county=341523&source=roster.csv", 403},
	} {
		status, v := s.ask(t, s.as(t, c.role), "GET", "/v1/records?"+c.path, "")
		if status != c.want || status == 200 && (v["feed"] != "roster" || fmt.Sprint(v["says"]) != "[map[name:received value:2024-03-01] map[name:grower_id value:g341523-0] map[name:kind value:person]]") {
			t.Errorf("%s %s: %d %v, want %d", c.role, c.path, status, v, c.want)
		}
	}
}

// The same key again, also many times at once, keeps one decision and gives the
// same bytes; for another question it is refused; another asker's key is his own.
func TestReplayedWrites(t *testing.T) {
	s := newService(t)
	officer := s.as(t, "officer")
	var mu sync.Mutex
	answers := map[string]int{}
	var wait sync.WaitGroup
	for range 12 {
		wait.Go(func() {
			status, v := s.ask(t, officer, "POST", "/v1/decisions", decideFirst, "Idempotency-Key", "k 1")
			b, _ := json.Marshal(v)
			mu.Lock()
			defer mu.Unlock()
			answers[fmt.Sprint(status, " ", string(b))]++
		})
	}
	wait.Wait()
	if len(answers) != 1 {
		t.Errorf("%d different answers: %v", len(answers), answers)
	}
	for a := range answers {
		if !strings.HasPrefix(a, "201 ") {
			t.Error(a)
		}
	}
	if n := s.kept(t); n != [2]int{1, 1} {
		t.Errorf("kept %v", n)
	}
	if status, v := s.ask(t, officer, "POST", "/v1/decisions", strings.Replace(decideFirst, "-0", "-1", 1), "Idempotency-Key", "k 1"); status != http.StatusUnprocessableEntity {
		t.Error(status, v)
	}
	s.ask(t, s.as(t, "approver"), "POST", "/v1/decisions", decideFirst, "Idempotency-Key", "k 1")
	s.ask(t, officer, "POST", "/v1/decisions", decideFirst, "Idempotency-Key", "k 2")
	s.ask(t, officer, "POST", "/v1/decisions", decideFirst) // no key: a decision each time
	s.ask(t, officer, "POST", "/v1/decisions", decideFirst)
	if n := s.kept(t); n != [2]int{5, 5} {
		t.Errorf("kept %v", n)
	}
}

// What may not be asked keeps nothing.
func TestDecisionsThatAreRefused(t *testing.T) {
	s := newService(t)
	for _, c := range []struct {
		role, body string
		header     []string
		want       int
	}{
		{"clerk", decideFirst, nil, 403}, {"auditor", decideFirst, nil, 403}, {"partner", decideFirst, nil, 403},
		{"officer", `{"county":"411622","grower_id":"g411622-0"}`, nil, 404}, // another county's
		{"officer", `{"county":"341523","grower_id":"g411622-0"}`, nil, 404},
		{"officer", `{"county":"341523","grower_id":"nobody"}`, nil, 404},
		{"officer", `{"county":"341523","grower_id":"nobody"}`, []string{"Idempotency-Key", "k"}, 404},
		{"officer", `{"county":"34152","grower_id":"g341523-0"}`, nil, 400}, {"officer", `{"county":"341523"}`, nil, 400},
		{"officer", `{"county":"341523","grower_id":"g\u0000"}`, []string{"Idempotency-Key", "k"}, 400},
		{"officer", decideFirst, []string{"Idempotency-Key", strings.Repeat("k", 101)}, 400}, {"officer", decideFirst, []string{"Idempotency-Key", "\xff"}, 400},
		{"officer", strings.Replace(decideFirst, "}", `,"limit_fen":1}`, 1), nil, 400},
	} {
		if status, v := s.ask(t, s.as(t, c.role), "POST", "/v1/decisions", c.body, c.header...); status != c.want {
			t.Errorf("%s %s %q: %d, want %d: %v", c.role, c.body, c.header, status, c.want, v)
		}
	}
	if n := s.kept(t); n != [2]int{} {
		t.Errorf("kept %v", n)
	}
	ctx := context.Background()
	officer := store.Asker{ID: "li", Role: "officer", Counties: []string{"341523"}}
	for _, attack := range []string{
		"INSERT INTO parus.asked_decision (run, county, grower_id, decision_id, answer) SELECT id, '411622', 'g', 'd', '{}' FROM parus.run", // another county's run by number, or mine as another's
		"INSERT INTO parus.asked_decision (run, county, grower_id, decision_id, answer) SELECT 3 - id, '341523', 'g', 'd', '{}' FROM parus.run",
		"INSERT INTO parus.asked_decision (run, county, grower_id, decision_id, answer, asker) SELECT id, county, 'g', 'd', '{}', 'chen' FROM parus.run",
		"UPDATE parus.asked_decision SET answer = '{}'", "DELETE FROM parus.asked_decision",
	} {
		if err := s.owner.As(ctx, officer, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, attack); return err }); err == nil {
			t.Errorf("%s: not refused", attack)
		}
	}
	clerk := store.Asker{ID: "wang", Role: "clerk", Counties: []string{"341523"}}
	if _, err := s.owner.KeepAsked(ctx, clerk, "", store.Decision{Run: 1, County: "341523", GrowerID: "g", DecisionID: "d"}, []byte("{}")); err == nil {
		t.Error("a clerk keeps a decision")
	}
}
