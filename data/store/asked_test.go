package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

// Many who ask at once share a commit, and each is still judged alone: what one
// may not keep is refused to him and kept for nobody, the others' is kept, every
// entry of the log is in its own asker's name, and the chain holds.
func TestKeptTogether(t *testing.T) {
	s, _ := newStore(t)
	ctx := context.Background()
	run := publish(t, s, storetest.Run(t, "341523", 3)).Run
	asker := func(i int) store.Asker {
		a := store.Asker{ID: fmt.Sprint("asker", i), Role: "officer", Counties: []string{"341523"}}
		switch i % 5 {
		case 1:
			a.Counties = []string{"411622"} // another's county
		case 2:
			a.Role = "clerk" // who decides nothing
		}
		return a
	}
	const n = 60
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() {
			d := store.Decision{DecisionID: fmt.Sprint("d", i), Run: int32(run), County: "341523", GrowerID: fmt.Sprint("g", i), Outcome: "admit", LimitFen: int64(i)}
			answer := fmt.Sprintf(`{"n":  %d}`, i)
			got, err := s.KeepAsked(ctx, asker(i), "key", d, []byte(answer))
			if refused := i%5 == 1 || i%5 == 2; refused != (err != nil) || got == refused {
				t.Errorf("%d: %t, %v", i, got, err)
			}
		})
	}
	wait.Wait()
	auditor := store.Asker{ID: "zhao", Role: "auditor", Counties: []string{"341523"}}
	var kept, named int
	if err := s.As(ctx, auditor, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE e.asker = a.asker AND e.role = a.role AND e.county = a.county AND a.asker = 'asker' || substr(decision_id, 2)
			AND e.detail::json ->> 'asked' = a.id::text AND e.detail::json ->> 'limit_fen' = substr(decision_id, 2) AND answer::text = '{"n":  ' || substr(decision_id, 2) || '}')
			FROM parus.asked_decision a LEFT JOIN parus.audit e ON e.act = 'decide' AND e.subject = a.decision_id`).Scan(&kept, &named)
	}); err != nil {
		t.Fatal(err)
	}
	if want := n * 3 / 5; kept != want || named != want {
		t.Errorf("kept %d, of them %d with their own entry; want %d", kept, named, want)
	}
	if end, err := s.VerifyAudit(ctx, nil); err != nil || end.Seq != n*3/5 {
		t.Error(end, err)
	}
	// The key again: nothing is kept; the same question has the first answer, another none.
	d := store.Decision{DecisionID: "other", Run: int32(run), County: "341523", GrowerID: "g0"}
	if got, err := s.KeepAsked(ctx, asker(0), "key", d, []byte(`{}`)); err != nil || got {
		t.Error(got, err)
	}
	if got, err := s.AskedBefore(ctx, asker(0), "key", "341523", "g0"); err != nil || string(got) != `{"n":  0}` {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := s.AskedBefore(ctx, asker(0), "key", "341523", "g1"); !errors.Is(err, store.ErrKey) {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := s.AskedBefore(ctx, asker(3), "key2", "341523", "g0"); !errors.Is(err, store.ErrNone) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := s.KeepAsked(ctx, store.Asker{}, "", d, []byte(`{}`)); err == nil || !strings.Contains(err.Error(), "may not decide growers of county 341523") {
		t.Error(err)
	}
	if end, err := s.VerifyAudit(ctx, nil); err != nil || end.Seq != n*3/5 {
		t.Error(end, err)
	}
}

// A run's own decision is kept by its name: an entry of the log and, where there
// is a key, a row without an answer, by which the same bytes are given again.
func TestKeptByName(t *testing.T) {
	s, _ := newStore(t)
	ctx := context.Background()
	run := int32(publish(t, s, storetest.Run(t, "341523", 3)).Run)
	li := store.Asker{ID: "li", Role: "officer", Counties: []string{"341523"}}
	d, err := s.Decision(ctx, li, run, "d341523-0")
	if err != nil {
		t.Fatal(err)
	}
	for i, key := range []string{"", "k", "k", ""} {
		if kept, err := s.KeepAsked(ctx, li, key, d, nil); err != nil || kept != (i != 2) {
			t.Error(i, kept, err)
		}
	}
	want, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.AskedBefore(ctx, li, "k", "341523", d.GrowerID); err != nil || string(got) != string(want) {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	auditor := store.Asker{ID: "zhao", Role: "auditor", Counties: []string{"341523"}}
	if got := ask(t, s, auditor, "SELECT count(*) || coalesce(string_agg(answer::text, ''), ' none') FROM parus.asked_decision"); got != "1 none" {
		t.Error(got)
	}
	one := `li officer 341523 decide d341523-0 {"run":1,"grower_id":"g341523-0","outcome":"admit","limit_fen":680000}`
	if got := ask(t, s, auditor, "SELECT string_agg(concat_ws(' ', asker, role, county, act, subject, detail), '; ' ORDER BY seq) FROM parus.audit"); got != one+"; "+strings.Replace(one, "{", `{"asked":1,`, 1)+"; "+one {
		t.Error(got)
	}
	if end, err := s.VerifyAudit(ctx, nil); err != nil || end.Seq != 3 {
		t.Error(end, err)
	}
}
