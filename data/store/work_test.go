package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

// People of a bank: who they are and what they may.
var (
	li    = store.Asker{ID: "li", Role: "officer", Counties: []string{"341523"}}
	zhang = store.Asker{ID: "zhang", Role: "officer", Counties: []string{"341523"}}
	chen  = store.Asker{ID: "chen", Role: "approver", Counties: []string{"341523"}}
	ma    = store.Asker{ID: "ma", Role: "approver", Counties: []string{"341523"}}
	zhao  = store.Asker{ID: "zhao", Role: "risk_manager", Counties: []string{"341523"}}
	far   = store.Asker{ID: "far", Role: "officer", Counties: []string{"411622"}}
)

// newFactory is a store with a made-up county of six decisions, each admitted to
// 680,000 fen until 2024-12-04; its day is the run's as-of day, 2024-07-15. Up to
// 500,000 fen one person approves.
func newFactory(t *testing.T) *store.Store {
	t.Helper()
	s, url := newStore(t)
	publish(t, s, storetest.Run(t, "341523", 9))
	run(t, url, "UPDATE parus.run SET sample = true")
	if err := s.SetApprovalRule(context.Background(), "341523", 500_000, "the board's order", [2]string{"zhao", "chen"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { factoryURL = "" })
	factoryURL = url
	return s
}

var factoryURL string // of the last factory, for what only the owner does

func run(t *testing.T, url, query string) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), query); err != nil {
		t.Fatal(query, err)
	}
}

// apply makes an application of grower n and returns its number.
func apply(t *testing.T, s *store.Store, a store.Asker, n int, fen int64) int64 {
	t.Helper()
	answer, err := s.Apply(context.Background(), a, "", store.Applying{County: "341523", GrowerID: fmt.Sprintf("g341523-%d", n), DecisionID: fmt.Sprintf("d341523-%d", n), Run: 1,
		Product: "season", Purpose: "inputs", AskedFen: fen, AskedUntil: "2024-12-01"})
	if err != nil {
		t.Fatal(err)
	}
	var made store.Application
	if err := json.Unmarshal(answer, &made); err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// survey finishes the open survey of an application.
func survey(t *testing.T, s *store.Store, a store.Asker, application int64) {
	t.Helper()
	sheet, err := s.ApplicationSheet(context.Background(), a, application)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(sheet.Tasks, func(t store.Task) bool { return t.Kind == "survey" && t.DoneAt == nil })
	if at < 0 {
		t.Fatalf("no open survey: %+v", sheet.Tasks)
	}
	lat, lon := 31.0004, 115.0004
	if _, err := s.KeepSurvey(context.Background(), a, "", store.Survey{Task: sheet.Tasks[at].ID, SeenAt: time.Now(), Lat: &lat, Lon: &lon, Crop: "maize", Farmed: "yes", Condition: "good", Boundary: "as_registered"}); err != nil {
		t.Fatal(err)
	}
}

func ptr[T any](v T) *T { return &v }

// step does an act and checks the state that comes of it, or the problem.
func step(t *testing.T, s *store.Store, a store.Asker, application int64, q store.Acting, want string) {
	t.Helper()
	answer, err := s.Act(context.Background(), a, "", application, q)
	var refused *store.Refusal
	switch {
	case errors.As(err, &refused):
		if refused.Kind != want {
			t.Errorf("%s by %s: refused as %s (%s), want %s", q.Act, a.ID, refused.Kind, refused.Message, want)
		}
	case err != nil:
		if !errors.Is(err, store.ErrNone) || want != "none" {
			t.Errorf("%s by %s: %v", q.Act, a.ID, err)
		}
	default:
		var now store.Application
		if json.Unmarshal(answer, &now); now.State != want {
			t.Errorf("%s by %s: %s, want %s", q.Act, a.ID, now.State, want)
		}
	}
}

var review = store.Acting{Act: "review", AmountFen: ptr(int64(400_000)), Until: ptr("2024-12-01")}

func proposing(fen int64) store.Acting {
	q := review
	q.AmountFen = &fen
	return q
}

// active brings an application of grower n to a limit of the amount, at most 500,000 fen.
func active(t *testing.T, s *store.Store, n int, fen int64) (application, limit int64) {
	t.Helper()
	id := apply(t, s, li, n, fen)
	survey(t, s, li, id)
	step(t, s, zhang, id, proposing(fen), "approval")
	step(t, s, chen, id, store.Acting{Act: "approve"}, "active")
	sheet, err := s.ApplicationSheet(context.Background(), chen, id)
	if err != nil || sheet.Limit == nil {
		t.Fatal(err, sheet)
	}
	return id, sheet.Limit.ID
}

// The database holds the same steps and kinds of task as the program.
func TestStepsAreThoseOfTheDatabase(t *testing.T) {
	s, _ := newStore(t)
	var want, kinds []string
	list := func(v []string) string { return strings.Join(v, ",") }
	for _, x := range store.Steps {
		want = append(want, fmt.Sprintf("%s %s %s [%s] [%s] %t", x.From, x.Act, x.To, list(x.Roles), list(x.NotBy), x.Why))
	}
	for _, k := range store.TaskKinds {
		kinds = append(kinds, fmt.Sprintf("%s [%s] %d [%s]", k.Kind, list(k.Roles), k.Hours, list(k.States)))
	}
	slices.Sort(want)
	slices.Sort(kinds)
	got := ask(t, s, clerk, `SELECT string_agg(line, E'\n' ORDER BY line COLLATE "C") FROM (SELECT format('%s %s %s [%s] [%s] %s', from_state, act, to_state, array_to_string(roles, ','), array_to_string(not_by, ','), CASE WHEN why THEN 'true' ELSE 'false' END) AS line FROM parus.step) x`)
	if got != strings.Join(want, "\n") {
		t.Errorf("steps of the database:\n%s\nof the program:\n%s", got, strings.Join(want, "\n"))
	}
	got = ask(t, s, clerk, `SELECT string_agg(line, E'\n' ORDER BY line COLLATE "C") FROM (SELECT format('%s [%s] %s [%s]', kind, array_to_string(roles, ','), hours, array_to_string(states, ',')) AS line FROM parus.task_kind) x`)
	if got != strings.Join(kinds, "\n") {
		t.Errorf("kinds of the database:\n%s\nof the program:\n%s", got, strings.Join(kinds, "\n"))
	}
}

// From the application to the limit within the threshold, and each step in a
// wrong role, by a wrong person or out of order.
func TestOneApproverWithinTheThreshold(t *testing.T) {
	s := newFactory(t)
	id := apply(t, s, li, 0, 450_000)
	step(t, s, zhang, id, review, "no-such-step") // not surveyed yet
	step(t, s, li, id, store.Acting{Act: "surveyed"}, "survey-open")
	survey(t, s, li, id)
	step(t, s, li, id, review, "own-work") // he applied and surveyed
	step(t, s, zhao, id, review, "not-your-role")
	step(t, s, far, id, review, "none") // another county's officer
	step(t, s, zhang, id, proposing(450_001), "amount")
	step(t, s, zhang, id, store.Acting{Act: "review", AmountFen: ptr(int64(400_000)), Until: ptr("2024-07-15")}, "until")
	step(t, s, zhang, id, store.Acting{Act: "review", AmountFen: ptr(int64(400_000)), Until: ptr("2024-12-05")}, "override") // the machine said 2024-12-04
	step(t, s, chen, id, store.Acting{Act: "send_back"}, "no-reason")
	step(t, s, chen, id, store.Acting{Act: "send_back", Why: "call 13900001234"}, "does-not-fit")
	step(t, s, chen, id, review, "approval")
	step(t, s, chen, id, store.Acting{Act: "approve"}, "own-work") // he reviewed
	step(t, s, zhang, id, store.Acting{Act: "approve"}, "not-your-role")
	step(t, s, ma, id, store.Acting{Act: "approve", AmountFen: ptr(int64(400_001))}, "amount")
	step(t, s, ma, id, store.Acting{Act: "approve", Version: 1}, "stale")
	step(t, s, ma, id, store.Acting{Act: "approve", AmountFen: ptr(int64(390_000))}, "active")
	step(t, s, zhao, id, store.Acting{Act: "approve"}, "no-such-step")
	if got := ask(t, s, zhao, "SELECT concat_ws(' ', limit_fen, outstanding_fen, from_day, until, rate_bp, state) FROM parus.credit_limit"); got != "390000 0 2024-07-15 2024-12-01 650 active" {
		t.Error(got)
	}
	if got := ask(t, s, zhao, "SELECT string_agg(act || ' ' || asker, ', ' ORDER BY id) FROM parus.application_event"); got != "apply li, survey li, surveyed li, review chen, approve ma" {
		t.Error(got)
	}
	if got := ask(t, s, zhao, "SELECT string_agg(kind || ' ' || coalesce(done_by, '-'), ', ' ORDER BY id) FROM parus.task"); got != "survey li, review chen, approval ma" {
		t.Error(got)
	}
	if got := ask(t, s, zhao, "SELECT round(distance_m)::text FROM parus.survey"); got != "0" { // within the parcel 115.000–115.0009, 31.000–31.0009
		t.Error(got)
	}
	auditor := store.Asker{ID: "x", Role: "auditor", Counties: li.Counties}
	if got := ask(t, s, auditor, "SELECT string_agg(act, ' ' ORDER BY seq) FROM parus.audit WHERE subject = 'application 1' OR subject LIKE 'task%'"); got != "apply survey review approve" {
		t.Error(got)
	}
}

// Above the threshold, and where the approval differs from the machine, one
// approver is not enough and the same one twice neither.
func TestTwoApproversAboveTheThreshold(t *testing.T) {
	s := newFactory(t)
	id := apply(t, s, li, 0, 600_000)
	survey(t, s, li, id)
	step(t, s, zhang, id, proposing(500_001), "approval")
	step(t, s, chen, id, store.Acting{Act: "approve"}, "second")
	step(t, s, chen, id, store.Acting{Act: "approve"}, "own-work")
	step(t, s, zhao, id, store.Acting{Act: "approve"}, "active")

	more := apply(t, s, li, 1, 700_000) // the machine gives 680,000
	survey(t, s, zhang, more)
	step(t, s, chen, more, proposing(690_000), "override")
	q := proposing(690_000)
	q.ReasonCode, q.Why = ptr("seen_on_site"), "the crop is better than the county's"
	step(t, s, zhang, more, q, "own-work")
	step(t, s, chen, more, q, "approval")
	step(t, s, zhao, more, store.Acting{Act: "approve"}, "second")
	step(t, s, ma, more, store.Acting{Act: "approve"}, "active")

	with := apply(t, s, li, 4, 100_000) // a reason where nothing differs makes no override
	survey(t, s, zhang, with)
	small := proposing(100_000)
	small.ReasonCode = ptr("other")
	step(t, s, chen, with, small, "approval")

	no := apply(t, s, li, 3, 100_000) // refusing what the machine admitted takes two, and a reason
	survey(t, s, li, no)
	step(t, s, zhang, no, proposing(100_000), "approval")
	step(t, s, chen, no, store.Acting{Act: "refuse", Why: "the land is not his"}, "override")
	step(t, s, chen, no, store.Acting{Act: "refuse", Why: "the land is not his", ReasonCode: ptr("misstated")}, "refusing")
	step(t, s, chen, no, store.Acting{Act: "refuse", Why: "the land is not his", ReasonCode: ptr("misstated")}, "own-work")
	step(t, s, ma, no, store.Acting{Act: "refuse", Why: "seen the papers", ReasonCode: ptr("misstated")}, "refused")
	over, err := s.Overrides(context.Background(), zhao, "341523", store.Page{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range over {
		second := "-"
		if o.SecondBy != nil {
			second = *o.SecondBy
		}
		got = append(got, fmt.Sprintf("%d %s %s %s by %s and %s: %s", o.Application, o.MachineOutcome, o.Act, o.ReasonCode, o.Asker, second, o.State))
	}
	want := "4 admit refuse misstated by chen and ma: refused; 2 admit review seen_on_site by chen and ma: active"
	if strings.Join(got, "; ") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, "; "), want)
	}
	if _, err := s.Apply(context.Background(), zhang, "", store.Applying{County: "341523", GrowerID: "g341523-0", DecisionID: "d341523-0", Run: 1, Product: "season", Purpose: "inputs", AskedFen: 1, AskedUntil: "2024-12-01"}); err == nil || !strings.Contains(err.Error(), "application_open") {
		t.Error("a second application beside an open one:", err)
	}
}
