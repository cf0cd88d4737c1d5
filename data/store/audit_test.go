package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/store"
)

func audit(t testing.TB, s *store.Store, a store.Asker, act, subject string) {
	t.Helper()
	err := s.As(context.Background(), a, func(tx pgx.Tx) error {
		return store.Audit(context.Background(), tx, "341523", act, subject, map[string]int{"limit_fen": 680000})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever the owner of the database does to the log is found, with its place;
// each case undoes nothing, so each has a log of its own.
func TestTamperingIsFound(t *testing.T) {
	for name, c := range map[string]struct{ change, want string }{
		"an entry edited":    {"UPDATE parus.audit SET detail = '{\"limit_fen\":1}' WHERE seq = 2", "entry 2 (approve of d2) does not fit"},
		"the asker edited":   {"UPDATE parus.audit SET asker = 'other' WHERE seq = 1", "entry 1"},
		"the time edited":    {"UPDATE parus.audit SET at = at - interval '1 microsecond' WHERE seq = 3", "entry 3"},
		"text moved between": {"UPDATE parus.audit SET act = 'approved', subject = '2' WHERE seq = 2", "entry 2"},
		"one taken out":      {"DELETE FROM parus.audit WHERE seq = 2", "entry 3 follows entry 1"},
		"the end cut off":    {"DELETE FROM parus.audit WHERE seq = 4", "ends with entry 3, and the chain's head is entry 4"},
		"the end and the head": {`DELETE FROM parus.audit WHERE seq = 4; UPDATE parus.audit_head SET seq = 3, hash = (SELECT hash FROM parus.audit WHERE seq = 3)`,
			"entry 4 was there when its day was closed"},
		"all of it made anew": {`CREATE TABLE copy AS SELECT * FROM parus.audit ORDER BY seq; DELETE FROM parus.audit; UPDATE parus.audit_head SET seq = 0, hash = '';
			INSERT INTO parus.audit (county, act, subject, detail) SELECT county, act, subject, detail FROM copy ORDER BY seq`, "had another hash when its day was closed"},
		"nothing": {"SELECT 1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, url := newStore(t)
			ctx, file := context.Background(), filepath.Join(t.TempDir(), "heads")
			for i := range 4 {
				audit(t, s, clerk, "approve", fmt.Sprint("d", i+1))
			}
			if _, err := s.CloseAudit(ctx, file, time.Now()); err != nil {
				t.Fatal(err)
			}
			conn, err := pgx.Connect(ctx, url)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(ctx)
			if _, err := conn.Exec(ctx, c.change); err != nil {
				t.Fatal(err)
			}
			heads, _, err := store.ReadHeads(file)
			if err != nil || len(heads) != 1 {
				t.Fatal(heads, err)
			}
			_, err = s.VerifyAudit(ctx, heads)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// The service adds entries in its asker's own name and can do nothing else to them.
func TestTheServiceOnlyAdds(t *testing.T) {
	s, _ := newStore(t)
	ctx := context.Background()
	audit(t, s, clerk, "approve", "d1")
	for _, attack := range []string{
		"UPDATE parus.audit SET act = 'x'", "DELETE FROM parus.audit", "TRUNCATE parus.audit", "UPDATE parus.audit_head SET seq = 0", "SELECT * FROM parus.audit_head",
		"INSERT INTO parus.audit (asker, county, act, subject, detail) VALUES ('other', '', 'approve', 'd2', '{}')",
		"INSERT INTO parus.audit (seq, county, act, subject, detail) VALUES (9, '', 'approve', 'd2', '{}')",
		"ALTER TABLE parus.audit DISABLE TRIGGER chain", "CREATE OR REPLACE FUNCTION parus.chain() RETURNS trigger LANGUAGE sql AS ''",
	} {
		if err := s.As(ctx, clerk, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, attack); return err }); err == nil {
			t.Errorf("%s: not refused", attack)
		}
	}
	auditor := store.Asker{ID: "zhao", Role: "auditor", Counties: clerk.Counties}
	if got := ask(t, s, auditor, "SELECT concat_ws(' ', seq, asker, role, county, act, subject, detail) FROM parus.audit"); got != `1 li clerk 341523 approve d1 {"limit_fen":680000}` {
		t.Error(got)
	}
	if got := ask(t, s, clerk, "SELECT count(*)::text FROM parus.audit"); got != "0" {
		t.Errorf("a clerk reads %s entries", got)
	}
}

// Many at once make one chain; what is undone leaves no entry.
func TestAuditAtOnce(t *testing.T) {
	s, _ := newStore(t)
	ctx := context.Background()
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for j := range 10 {
				audit(t, s, clerk, "approve", fmt.Sprint("d", i, ".", j))
			}
		})
	}
	wait.Wait()
	s.As(ctx, clerk, func(tx pgx.Tx) error {
		if err := store.Audit(ctx, tx, "341523", "approve", "undone", nil); err != nil {
			t.Error(err)
		}
		return os.ErrClosed
	})
	if h, err := s.VerifyAudit(ctx, nil); err != nil || h.Seq != 80 {
		t.Error(h, err)
	}
}

func TestHeadsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "heads")
	for text, want := range map[string]string{"2024-01-01T00:00:00Z 5\n": ":1: want", "\n2024-01-01T00:00:00Z x " + strings.Repeat("0", 64): ":2: ", "2024-01-01T00:00:00Z 5 00": ":1: "} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := store.ReadHeads(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
