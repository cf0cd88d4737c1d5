package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/store"
)

var auditor = store.Asker{ID: "zhou", Role: "auditor", Counties: []string{"411622"}}

// An auditor of another county sees none of these entries, and still walks along
// all of them: he learns where the chain is broken and nothing of what it says.
func TestAnAuditorWalksTheWholeLog(t *testing.T) {
	for name, c := range map[string]struct{ change, want string }{
		"nothing":              {"SELECT 1", ""},
		"an entry edited":      {"UPDATE parus.audit SET detail = '{}' WHERE seq = 2", "entry 2 does not follow"},
		"one taken out":        {"DELETE FROM parus.audit WHERE seq = 2", "entry 3 does not follow"},
		"the first taken out":  {"DELETE FROM parus.audit WHERE seq = 1", "entry 2 does not follow"},
		"the end cut off":      {"DELETE FROM parus.audit WHERE seq = 4", "ends with entry 3, and the chain's head is entry 4"},
		"all taken out":        {"DELETE FROM parus.audit", "ends with entry 0"},
		"the end and the head": {"DELETE FROM parus.audit WHERE seq = 4; UPDATE parus.audit_head SET seq = 3, hash = (SELECT hash FROM parus.audit WHERE seq = 3)", "entry 4 was there when its day was closed"},
		"made anew": {`CREATE TABLE copy AS SELECT * FROM parus.audit ORDER BY seq; DELETE FROM parus.audit; UPDATE parus.audit_head SET seq = 0, hash = '';
			INSERT INTO parus.audit (county, act, subject, detail) SELECT county, act, subject, detail FROM copy ORDER BY seq`, "entry 4 had another hash"},
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
			if err != nil {
				t.Fatal(err)
			}
			if log, err := s.AuditLog(ctx, auditor, store.AuditQuery{}, store.Page{Limit: 9}); err != nil || len(log) > 0 {
				t.Error(log, err)
			}
			if _, wrong, err := s.WalkAudit(ctx, auditor, heads); err != nil || (wrong == "") != (c.want == "") || !strings.Contains(wrong, c.want) {
				t.Errorf("%q, want %q, %v", wrong, c.want, err)
			}
			if _, _, err := s.WalkAudit(ctx, clerk, nil); err == nil {
				t.Error("a clerk walks along the log")
			}
		})
	}
}

// moved is a clock that one moves: whoever waits is told when it stands there.
type moved struct {
	now  time.Time
	wait chan time.Time // until when somebody waits
	go_  chan bool      // false = the context ends
}

func (m *moved) Now() time.Time { return m.now }
func (m *moved) Until(_ context.Context, t time.Time) error {
	if !t.After(m.now) {
		return nil
	}
	m.wait <- t
	if !<-m.go_ {
		return context.Canceled
	}
	m.now = t
	return nil
}

// The service closes the log at 00:00 UTC, at its end, and at its beginning where
// a day's end was missed.
func TestEveryDayIsClosed(t *testing.T) {
	s, url := newStore(t)
	ctx, file := context.Background(), filepath.Join(t.TempDir(), "heads")
	var said []error
	begin := func(now string) (*moved, chan struct{}) {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		m, done := &moved{at, make(chan time.Time), make(chan bool)}, make(chan struct{})
		go func() {
			defer close(done)
			s.CloseDays(ctx, file, m, func(err error) { said = append(said, err) })
		}()
		return m, done
	}
	lines := func() string {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out := ""
		for line := range strings.Lines(string(b)) {
			f := strings.Fields(line)
			out += f[0] + " " + f[1] + "\n"
		}
		return out
	}
	waits := func(m *moved, want string) {
		t.Helper()
		if got := (<-m.wait).Format(time.RFC3339); got != want {
			t.Errorf("waits until %s, want %s", got, want)
		}
	}
	audit(t, s, clerk, "approve", "d1")
	m, done := begin("2024-07-15T09:00:00Z") // no file yet: the days before were missed
	waits(m, "2024-07-16T00:00:00Z")
	audit(t, s, clerk, "approve", "d2")
	m.go_ <- true
	waits(m, "2024-07-17T00:00:00Z")
	audit(t, s, clerk, "approve", "d3")
	m.now = m.now.Add(7 * time.Hour)
	m.go_ <- false // Ctrl-C at seven
	<-done
	want := "2024-07-15T09:00:00Z 1\n2024-07-16T00:00:00Z 2\n2024-07-16T07:00:00Z 3\n"
	if got := lines(); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	m, done = begin("2024-07-16T23:00:00Z") // the same day: nothing was missed
	waits(m, "2024-07-17T00:00:00Z")
	m.go_ <- false
	<-done
	want += "2024-07-16T23:00:00Z 3\n"
	m, done = begin("2024-07-19T10:00:00Z") // two days' ends were missed
	waits(m, "2024-07-20T00:00:00Z")
	want += "2024-07-19T10:00:00Z 3\n"
	if got := lines(); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if len(said) > 0 {
		t.Error(said)
	}
	// Where the log was cut, the next close says so.
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "DELETE FROM parus.audit WHERE seq = 3; UPDATE parus.audit_head SET seq = 2, hash = (SELECT hash FROM parus.audit WHERE seq = 2)"); err != nil {
		t.Fatal(err)
	}
	m.go_ <- true
	waits(m, "2024-07-21T00:00:00Z")
	if len(said) != 1 || !strings.Contains(said[0].Error(), "entry 3 was there when its day was closed") {
		t.Error(said)
	}
	// What cannot be written is tried again after a minute.
	if err := errors.Join(os.Remove(file), os.Mkdir(file, 0o755)); err != nil {
		t.Fatal(err)
	}
	m.go_ <- true
	waits(m, "2024-07-21T00:01:00Z")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	m.go_ <- true
	waits(m, "2024-07-22T00:00:00Z")
	if got := lines(); got != "2024-07-21T00:01:00Z 2\n" {
		t.Error(got)
	}
	m.go_ <- false
	<-done
}
