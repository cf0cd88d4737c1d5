package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

// Maker and checker are two persons, whatever the program says: the database
// itself refuses one, also by its owner's hand.
func TestTwoPersonsReleaseAPolicy(t *testing.T) {
	s, url := newStore(t)
	ctx := context.Background()
	publish(t, s, storetest.Run(t, "341523", 3))
	publish(t, s, storetest.Run(t, "411622", 3))
	zhao := store.Asker{ID: "zhao", Role: "risk_manager", Counties: []string{"341523"}}
	p, err := s.Propose(ctx, zhao, "k1", "341523", "id = 1", "lower cap")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.Propose(ctx, zhao, "k1", "341523", "id = 1", "lower cap"); err != nil || again.ID != p.ID {
		t.Error(again, err)
	}
	for what, err := range map[error]error{
		store.ErrKey:      second2(s.Propose(ctx, zhao, "k1", "341523", "id = 2", "other")),
		store.ErrProposed: second2(s.Propose(ctx, zhao, "k2", "341523", "id = 1", "the same")),
		store.ErrMaker:    s.JudgeProposal(ctx, zhao, p, "released", "good", "id = 1"),
	} {
		if !errors.Is(err, what) {
			t.Errorf("%v, want %v", err, what)
		}
	}
	another := p
	another.Asker = "wu" // a lie about who made it does not help: the verdict is tied to the proposal
	if err := s.JudgeProposal(ctx, zhao, another, "released", "good", "id = 1"); err == nil {
		t.Error("a maker releases by another's name")
	}
	for _, a := range []store.Asker{{ID: "chen", Role: "officer", Counties: zhao.Counties}, {ID: "chen", Role: "auditor", Counties: zhao.Counties}, {ID: "chen", Role: "approver", Counties: []string{"411622"}}} {
		if err := s.JudgeProposal(ctx, a, p, "released", "good", "id = 1"); err == nil {
			t.Errorf("%v releases", a)
		}
		if _, err := s.Propose(ctx, a, "", "341523", "id = 3", "lower cap"); err == nil {
			t.Errorf("%v proposes", a)
		}
	}
	chen := store.Asker{ID: "chen", Role: "approver", Counties: zhao.Counties}
	for range 2 { // the second time changes nothing
		if err := s.JudgeProposal(ctx, chen, p, "released", "looked at it", "signed"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.JudgeProposal(ctx, chen, p, "refused", "after all", ""); !errors.Is(err, store.ErrJudged) {
		t.Error(err)
	}
	found, err := s.Proposals(ctx, chen, "341523")
	if err != nil || len(found) != 1 || *found[0].Verdict != "released" || *found[0].FileText != "signed" || *found[0].JudgedBy != "chen" || found[0].Asker != "zhao" {
		t.Errorf("%+v, %v", found, err)
	}
	if n := ask(t, s, store.Asker{ID: "x", Role: "auditor", Counties: zhao.Counties}, "SELECT string_agg(asker || ' ' || act, ', ' ORDER BY seq) FROM parus.audit"); n != "zhao propose credit policy, chen judge credit policy" {
		t.Error(n)
	}
	for _, a := range []store.Asker{{ID: "x", Role: "partner", Counties: zhao.Counties}, {ID: "x", Role: "clerk", Counties: zhao.Counties}, {ID: "x", Role: "approver", Counties: []string{"411622"}}} {
		if n := ask(t, s, a, "SELECT ((SELECT count(*) FROM parus.policy_proposal) + (SELECT count(*) FROM parus.policy_verdict))::text"); n != "0" {
			t.Errorf("%v sees %s rows", a, n)
		}
	}
	for _, attack := range []string{
		"UPDATE parus.policy_proposal SET text = 'x'", "DELETE FROM parus.policy_verdict", "UPDATE parus.policy_verdict SET text = 'x'",
		"INSERT INTO parus.policy_proposal (county, sha256, text, why, asker) VALUES ('341523', 'x', 'x', 'because', 'wu')",
		"INSERT INTO parus.policy_proposal (county, sha256, text, why) VALUES ('411622', 'x', 'x', 'because')",
	} {
		if err := s.As(ctx, zhao, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, attack); return err }); err == nil {
			t.Errorf("%s: not refused", attack)
		}
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	q, err := s.Propose(ctx, zhao, "", "341523", "id = 4", "higher cap")
	if err != nil {
		t.Fatal(err)
	}
	for maker, want := range map[string]string{"zhao": "two_persons", "wu": "policy_verdict_proposal"} {
		_, err := conn.Exec(ctx, "INSERT INTO parus.policy_verdict (proposal, county, maker, verdict, why, asker, role) VALUES ($1, '341523', $2, 'refused', 'because', 'zhao', 'approver')", q.ID, maker)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the owner, maker %s: %v", maker, err)
		}
	}
}

func second2(_ store.Proposal, err error) error { return err }
