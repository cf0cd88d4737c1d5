package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/store"
)

// kindOf is the problem's name; "" = none, or the error that is no refusal.
func kindOf(err error) string {
	var refused *store.Refusal
	switch {
	case errors.As(err, &refused):
		return refused.Kind
	case errors.Is(err, store.ErrNone):
		return "none"
	case err != nil:
		return err.Error()
	}
	return ""
}

// numberOf reads the number of what a write made.
func numberOf(t *testing.T) func(json.RawMessage, error) int64 {
	return func(answer json.RawMessage, err error) int64 {
		t.Helper()
		var made struct{ ID int64 }
		if err := errors.Join(err, json.Unmarshal(answer, &made)); err != nil {
			t.Fatal(err)
		}
		return made.ID
	}
}

// Tasks are taken by one person; who took part sees that he is barred.
func TestTasksAreTaken(t *testing.T) {
	s := newFactory(t)
	ctx := context.Background()
	id := apply(t, s, li, 0, 100_000)
	list := func(a store.Asker) (out string) {
		tasks, err := s.Tasks(ctx, a, store.TaskQuery{County: "341523"}, store.Page{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range tasks {
			out += fmt.Sprintf("%d %s %s %t %s;", x.ID, x.Kind, x.Due.Sub(x.MadeAt), x.Barred, deref(x.TakenBy))
		}
		return out
	}
	if got := list(li); got != "1 survey 72h0m0s false ;" {
		t.Error(got)
	}
	if got := list(chen); got != "" { // approvers do no surveys
		t.Error(got)
	}
	for i, c := range []struct {
		who        store.Asker
		what, want string
	}{{chen, "take", "not-your-role"}, {far, "take", "none"}, {li, "take", ""}, {zhang, "take", "taken"}, {zhang, "give_back", "taken"}, {li, "finish", "not-so"}, {li, "give_back", ""}, {zhang, "take", ""}} {
		if _, err := s.TaskAct(ctx, c.who, 1, c.what, ""); kindOf(err) != c.want {
			t.Errorf("%d: %s %s: %v, want %s", i, c.who.ID, c.what, err, c.want)
		}
	}
	if _, err := s.KeepSurvey(ctx, li, "", store.Survey{Task: 1, Crop: "maize", Farmed: "yes", Condition: "good", Boundary: "unclear"}); kindOf(err) != "taken" {
		t.Error(err)
	}
	survey(t, s, zhang, id)
	if got := list(li) + list(zhang) + list(chen); got != "2 review 48h0m0s true ;2 review 48h0m0s true ;2 review 48h0m0s false ;" {
		t.Error(got)
	}
	made, err := s.MakeTask(ctx, zhao, "k", store.Task{County: "341523", Kind: "monitor", GrowerID: "g341523-0", Subject: "P1", Note: "look at the flood"})
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.MakeTask(ctx, zhao, "k", store.Task{County: "341523", Kind: "monitor", GrowerID: "g341523-0", Subject: "P1", Note: "look at the flood"})
	if err != nil || !bytes.Equal(made, again) {
		t.Errorf("%s\n%s %v", made, again, err)
	}
	var task store.Task
	json.Unmarshal(made, &task)
	for kind, want := range map[string]string{"approval": "application", "relief": "kind", "nothing": "kind"} {
		if _, err := s.MakeTask(ctx, zhao, "", store.Task{County: "341523", Kind: kind, GrowerID: "g341523-0", Application: &id}); kindOf(err) != want {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if _, err := s.TaskAct(ctx, zhao, task.ID, "finish", "all is well"); err != nil {
		t.Error(err)
	}
	if _, err := s.TaskAct(ctx, zhao, task.ID, "finish", "again"); kindOf(err) != "task-done" {
		t.Error(err)
	}
}

func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// Photos lie sealed in the database; who looks at one is kept.
func TestPhotosAreSealed(t *testing.T) {
	s := newFactory(t)
	ctx, seal := context.Background(), sealer(t, 1, store.SM4)
	id := apply(t, s, li, 0, 100_000)
	photo := bytes.Repeat([]byte("a field in the sun, "), 50)
	n, err := s.KeepPhoto(ctx, seal, li, 1, photo)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.KeepPhoto(ctx, seal, li, 1, photo); err != nil || again != n {
		t.Error(again, err)
	}
	if _, err := s.KeepPhoto(ctx, seal, chen, 1, photo[1:]); kindOf(err) != "not-your-role" {
		t.Error(err)
	}
	if got := ask(t, s, li, "SELECT (position('field'::bytea IN sealed) > 0)::text || octet_length(sealed) || cipher FROM parus.photo"); got != "false1028SM4-GCM" { // 1000 + nonce 12 + tag 16
		t.Error(got)
	}
	if _, err := s.KeepSurvey(ctx, li, "", store.Survey{Task: 1, Crop: "maize", Farmed: "yes", Condition: "good", Boundary: "unclear", Photos: []int64{n, n + 1}}); kindOf(err) != "photos" {
		t.Error(err)
	}
	if _, err := s.KeepSurvey(ctx, li, "", store.Survey{Task: 1, Crop: "maize", Farmed: "yes", Condition: "good", Boundary: "unclear", Photos: []int64{n}}); err != nil {
		t.Error(err)
	}
	if b, err := s.Photo(ctx, seal, zhang, n); err != nil || !bytes.Equal(b, photo) {
		t.Error(err)
	}
	auditor := store.Asker{ID: "x", Role: "auditor", Counties: li.Counties}
	if got := ask(t, s, auditor, "SELECT string_agg(asker || ' ' || grower_id || ' ' || purpose, ';') FROM parus.unmasking"); got != "zhang g341523-0 photo 1 of the survey of task 1" {
		t.Error(got)
	}
	for _, a := range []store.Asker{far, auditor, clerk} {
		if _, err := s.Photo(ctx, seal, a, n); !errors.Is(err, store.ErrNone) {
			t.Errorf("%s: %v", a.Role, err)
		}
	}
	sheet, err := s.ApplicationSheet(ctx, li, id)
	if err != nil || len(sheet.Surveys) != 1 || fmt.Sprint(sheet.Surveys[0].Photos) != "[1]" || sheet.State != "review" {
		t.Errorf("%+v %v", sheet, err)
	}
}

// The grower's right to a person: decided by one who took no part; an overturned
// refusal is taken up again.
func TestHumanReview(t *testing.T) {
	s := newFactory(t)
	ctx := context.Background()
	id := apply(t, s, li, 0, 100_000)
	survey(t, s, li, id)
	if _, err := s.AskHumanReview(ctx, li, "", &id, "", 0, "he says it is his land"); kindOf(err) != "not-refused" {
		t.Error(err)
	}
	step(t, s, zhang, id, proposing(100_000), "approval")
	no := store.Acting{Act: "refuse", Why: "not his land", ReasonCode: ptr("misstated")}
	step(t, s, chen, id, no, "refusing")
	step(t, s, ma, id, no, "refused")
	if _, err := s.AskHumanReview(ctx, chen, "", &id, "", 0, "he says it is his land"); kindOf(err) != "not-your-role" {
		t.Error(err)
	}
	asked := numberOf(t)(s.AskHumanReview(ctx, li, "k", &id, "", 0, "he says it is his land"))
	if _, err := s.AskHumanReview(ctx, li, "", &id, "", 0, "he says it again"); kindOf(err) != "exists" {
		t.Error(err)
	}
	for _, a := range []store.Asker{chen, ma} {
		if _, err := s.DecideHumanReview(ctx, a, "", asked, "overturned", "the papers are in order"); kindOf(err) != "own-work" {
			t.Error(a.ID, err)
		}
	}
	if _, err := s.DecideHumanReview(ctx, zhang, "", asked, "overturned", "the papers are in order"); kindOf(err) != "not-your-role" {
		t.Error(err)
	}
	step(t, s, zhao, id, store.Acting{Act: "reopen", Why: "by itself"}, "no-such-step")
	if _, err := s.DecideHumanReview(ctx, zhao, "", asked, "overturned", "the papers are in order"); err != nil {
		t.Error(err)
	}
	if _, err := s.DecideHumanReview(ctx, zhao, "", asked, "upheld", "or not"); kindOf(err) != "decided" {
		t.Error(err)
	}
	sheet, err := s.ApplicationSheet(ctx, zhang, id)
	if err != nil || sheet.State != "review" || len(sheet.HumanReviews) != 1 || sheet.HumanReviews[0].State != "overturned" || fmt.Sprint(sheet.May) != "[review send_back withdraw]" {
		t.Errorf("%+v %v", sheet, err)
	}
	other := apply(t, s, li, 1, 100_000)
	asked = numberOf(t)(s.AskHumanReview(ctx, zhang, "", nil, "d341523-1", 1, "no machine alone, he says"))
	survey(t, s, li, other)
	step(t, s, ma, other, proposing(100_000), "approval")
	if _, err := s.DecideHumanReview(ctx, ma, "", asked, "upheld", "he reviewed the application on it"); kindOf(err) != "own-work" {
		t.Error(err)
	}
	for a, want := range map[string]bool{"ma": true, "chen": false} {
		tasks, err := s.Tasks(ctx, store.Asker{ID: a, Role: "approver", Counties: li.Counties}, store.TaskQuery{County: "341523", Kind: "human_review"}, store.Page{Limit: 10})
		if err != nil || len(tasks) != 1 || tasks[0].Barred != want {
			t.Errorf("%s: %+v %v", a, tasks, err)
		}
	}
	if _, err := s.DecideHumanReview(ctx, chen, "", asked, "upheld", "looked at all of it"); err != nil {
		t.Error(err)
	}
}

// A day is put off by a second person; more than the policy gives only by the
// risk manager.
func TestRelief(t *testing.T) {
	s := newFactory(t)
	ctx := context.Background()
	_, limit := active(t, s, 0, 100_000)
	if _, err := s.AskRelief(ctx, li, "", limit, "2024-12-01", "hail on the land", "", json.RawMessage("{}")); kindOf(err) != "until" {
		t.Error(err)
	}
	asked := numberOf(t)(s.AskRelief(ctx, li, "", limit, "2025-06-01", "hail on the land", "2025-05-30", json.RawMessage(`{"extension_days":180}`)))
	for _, c := range []struct {
		who        store.Asker
		until      string
		want       string
		whyNothing bool
	}{{li, "2025-05-30", "not-your-role", false}, {chen, "2025-05-30", "no-reason", true}, {chen, "2025-06-01", "beyond-policy", false}, {chen, "2025-06-02", "until", false}, {zhao, "2025-06-01", "", false}, {zhao, "2025-06-01", "decided", false}} {
		why := "the notice covers it"
		if c.whyNothing {
			why = ""
		}
		if _, err := s.DecideRelief(ctx, c.who, "", asked, "granted", &c.until, why); kindOf(err) != c.want {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if got := ask(t, s, li, "SELECT until::text FROM parus.credit_limit"); got != "2025-06-01" {
		t.Error(got)
	}
}

// What people write holds no long number, but may hold a day.
func TestHarmlessTexts(t *testing.T) {
	s, _ := newStore(t)
	for text, want := range map[string]string{"the lease ends on 2024-12-01": "true", "from 2024-12-01 to 2025-11-30, 300000 yuan": "true", "": "true", "his phone is 13900001234": "false", "139 0000 1234": "false", "139-0000-1234": "false",
		"１３９００００１２３４": "false", "341523197001010014": "false", "34152319700101001X": "false", "2024-12-01-2345678": "false", "12024-12-015": "false", strings.Repeat("字", 1000): "true", strings.Repeat("字", 1001): "false"} {
		if got := ask(t, s, li, "SELECT CASE WHEN parus.harmless($1) THEN 'true' ELSE 'false' END", text); got != want {
			t.Errorf("%.40q: %s", text, got)
		}
	}
}

// The login of the service can add what the rules let it, and change or read
// nothing beside them, whatever the program asks.
func TestWorkAroundTheRules(t *testing.T) {
	s := newFactory(t)
	ctx := context.Background()
	id, limit := active(t, s, 0, 100_000)
	for _, attack := range []string{
		"UPDATE parus.application SET state = 'active'", "UPDATE parus.credit_limit SET limit_fen = 999999999", "UPDATE parus.credit_limit SET outstanding_fen = 0", "DELETE FROM parus.drawing",
		"DELETE FROM parus.application_event", "UPDATE parus.application_event SET asker = 'x'", "UPDATE parus.step SET not_by = '{}'", "DELETE FROM parus.approval_rule",
		fmt.Sprintf("INSERT INTO parus.drawing (credit_limit, amount_fen, asker) VALUES (%d, 1, 'other')", limit),
		fmt.Sprintf("INSERT INTO parus.credit_limit (county, application, run, grower_id, product, limit_fen, from_day, until, rate_bp, alert) VALUES ('341523', %d, 1, 'g', 'season', 1, now(), now(), 1, 0)", id),
		fmt.Sprintf("INSERT INTO parus.application_event (application, act, asker) VALUES (%d, 'approve', 'ma')", id),
		"UPDATE parus.task SET taken_by = 'other'", "UPDATE parus.task SET due = now() + interval '1 year'", "UPDATE parus.task SET done_by = 'other'",
		"INSERT INTO parus.approval_rule (county, from_fen, why) VALUES ('341523', 99999999, 'more for me')", // not an officer's
		"UPDATE parus.request_key SET answer = '{}'", "ALTER TABLE parus.drawing DISABLE TRIGGER ALL", "SET session_replication_role = replica",
	} {
		if err := s.As(ctx, li, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, attack); return err }); err == nil {
			t.Errorf("%s: not refused", attack)
		}
	}
	rule := numberOf(t)(s.ProposeApprovalRule(ctx, zhao, "", "341523", 900_000, "a good year"))
	if _, err := s.ConfirmApprovalRule(ctx, zhao, rule); kindOf(err) != "own-work" {
		t.Error(err)
	}
	if got := ask(t, s, zhao, "SELECT parus.threshold('341523')::text"); got != "500000" {
		t.Error(got)
	}
	if _, err := s.ConfirmApprovalRule(ctx, chen, rule); err != nil {
		t.Error(err)
	}
	if got := ask(t, s, zhao, "SELECT parus.threshold('341523')::text"); got != "900000" {
		t.Error(got)
	}
	for _, a := range []store.Asker{{ID: "x", Role: "clerk", Counties: li.Counties}, {ID: "x", Role: "partner", Counties: li.Counties}, far, {}} {
		for _, table := range strings.Fields("application application_event task credit_limit drawing repayment survey photo relief human_review approval_rule request_key") {
			if n := ask(t, s, a, "SELECT count(*)::text FROM parus."+table); n != "0" {
				t.Errorf("%s sees %s rows of %s", a.Role, n, table)
			}
		}
	}
	if _, err := s.VerifyAudit(ctx, nil); err != nil {
		t.Error(err)
	}
}
