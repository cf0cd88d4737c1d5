package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/store"
)

const serviceTasks = `SELECT coalesce(string_agg(concat_ws(' ', kind, subject, made_by, CASE WHEN done_at IS NULL THEN 'open' ELSE 'done' END), ', ' ORDER BY id), '') FROM parus.task WHERE kind IN ('monitor', 'collect')`

// The limit ends on 2024-12-01, day 139: from day 125 on somebody looks, from day
// 140 on somebody collects, each once, in the service's own name and its log.
func TestLimitsAreWatched(t *testing.T) {
	s := newFactory(t)
	_, limit := active(t, s, 0, 100_000)
	active(t, s, 1, 50_000) // nothing is drawn: nothing is owed
	move(t, s, "drawing", limit, 60_000)
	ctx, today := context.Background(), time.Now()
	watched := func(day, made int, want string) {
		t.Helper()
		n, err := s.WatchLimits(ctx, today.AddDate(0, 0, day))
		if got := ask(t, s, li, serviceTasks); err != nil || n != made || got != want {
			t.Errorf("day %d: %d made, %s, %v; want %d, %s", day, n, got, err, made, want)
		}
	}
	finish := func(kind string) {
		t.Helper()
		id := ask(t, s, li, "SELECT max(id)::text FROM parus.task WHERE kind = '"+kind+"'")
		var n int64
		fmt.Sscan(id, &n)
		if _, err := s.TaskAct(ctx, zhang, n, "finish", "he will pay"); err != nil {
			t.Fatal(err)
		}
	}
	watched(0, 0, "")
	watched(124, 0, "")
	watched(125, 1, "monitor limit 1 due 2024-12-01 parus open")
	watched(126, 0, "monitor limit 1 due 2024-12-01 parus open")
	finish("monitor")
	watched(139, 0, "monitor limit 1 due 2024-12-01 parus done")
	var wait sync.WaitGroup // several services at once
	for range 4 {
		wait.Go(func() {
			if _, err := s.WatchLimits(ctx, today.AddDate(0, 0, 140)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	watched(141, 0, "monitor limit 1 due 2024-12-01 parus done, collect limit 1 due 2024-12-01 parus open")
	finish("collect")
	watched(150, 0, "monitor limit 1 due 2024-12-01 parus done, collect limit 1 due 2024-12-01 parus done")
	// Put off, the limit has another due day, and another task for it.
	run(t, factoryURL, "UPDATE parus.credit_limit SET until = '2025-01-01' WHERE id = 1")
	watched(150, 0, "monitor limit 1 due 2024-12-01 parus done, collect limit 1 due 2024-12-01 parus done")
	watched(160, 1, "monitor limit 1 due 2024-12-01 parus done, collect limit 1 due 2024-12-01 parus done, monitor limit 1 due 2025-01-01 parus open")
	auditor := store.Asker{ID: "x", Role: "auditor", Counties: li.Counties}
	if got := ask(t, s, auditor, "SELECT string_agg(concat_ws(' ', role, act), ', ' ORDER BY seq) FROM parus.audit WHERE asker = 'parus'"); got != "service make_task, service make_task, service make_task" {
		t.Error(got)
	}
}

// Where a person has made a task of the kind already, the service makes none beside it.
func TestNoTaskBesideAnOpenOne(t *testing.T) {
	s := newFactory(t)
	id, limit := active(t, s, 0, 100_000)
	move(t, s, "drawing", limit, 60_000)
	if _, err := s.MakeTask(context.Background(), zhao, "", store.Task{County: "341523", Kind: "collect", Application: &id, GrowerID: "g341523-0"}); err != nil {
		t.Fatal(err)
	}
	if n, err := s.WatchLimits(context.Background(), time.Now().AddDate(0, 0, 150)); n != 0 || err != nil {
		t.Error(n, err)
	}
}

// The service's role lets nobody do more than that: it sees no people, writes no
// other task, books nothing, and sees the rows of counties that are named alone.
func TestTheServicesOwnRole(t *testing.T) {
	s := newFactory(t)
	id, limit := active(t, s, 0, 100_000)
	move(t, s, "drawing", limit, 60_000)
	ctx := context.Background()
	service := store.Asker{ID: "parus", Role: "service", Counties: []string{"341523"}}
	for _, attack := range []string{
		fmt.Sprintf("INSERT INTO parus.task (county, kind, application, grower_id) VALUES ('341523', 'survey', %d, 'g341523-0')", id),
		"INSERT INTO parus.task (county, kind, grower_id) VALUES ('411622', 'monitor', 'g')",
		fmt.Sprintf("INSERT INTO parus.repayment (credit_limit, amount_fen) VALUES (%d, 1)", limit),
		fmt.Sprintf("INSERT INTO parus.application_event (application, act, why) VALUES (%d, 'freeze', 'because')", id),
		"INSERT INTO parus.relief (credit_limit, why, asked_until, offer) VALUES (1, 'because', '2025-06-01', '{}')",
	} {
		if err := s.As(ctx, service, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, attack); return err }); err == nil {
			t.Errorf("%s: not refused", attack)
		}
	}
	for _, table := range []string{"person", "audit", "survey", "photo", "claim", "unmasking", "asked_decision", "application_event"} {
		if n := ask(t, s, service, "SELECT count(*)::text FROM parus."+table); n != "0" {
			t.Errorf("the service sees %s rows of %s", n, table)
		}
	}
	service.Counties = nil
	for _, table := range []string{"credit_limit", "drawing", "application", "task"} {
		if n := ask(t, s, service, "SELECT count(*)::text FROM parus."+table); n != "0" {
			t.Errorf("without a county the service sees %s rows of %s", n, table)
		}
	}
}

// A key is kept for 30 days: then the same write is done again.
func TestOldKeysAreCleared(t *testing.T) {
	s := newFactory(t)
	_, limit := active(t, s, 0, 100_000)
	ctx, now := context.Background(), time.Now()
	for _, key := range []string{"old", "young"} {
		if _, err := s.Move(ctx, li, key, "drawing", limit, 1_000); err != nil {
			t.Fatal(err)
		}
	}
	run(t, factoryURL, "UPDATE parus.request_key SET at = now() - interval '30 days 1 minute' WHERE key = 'old'")
	run(t, factoryURL, "UPDATE parus.request_key SET at = now() - interval '29 days 23 hours' WHERE key = 'young'")
	if n, err := s.ClearKeys(ctx, now.AddDate(0, 0, -1)); n != 0 || err != nil {
		t.Error("by a clock of yesterday:", n, err)
	}
	if n, err := s.ClearKeys(ctx, now.AddDate(1, 0, 0)); n != 1 || err != nil { // the database's own clock holds
		t.Error(n, err)
	}
	for key, drawn := range map[string]int64{"old": 3_000, "young": 3_000} {
		if _, err := s.Move(ctx, li, key, "drawing", limit, 1_000); err != nil {
			t.Fatal(err)
		}
		if l, err := s.LimitSheet(ctx, li, limit); err != nil || l.OutstandingFen > drawn {
			t.Error(key, l.OutstandingFen, err)
		}
	}
	if l, _ := s.LimitSheet(ctx, li, limit); l.OutstandingFen != 3_000 { // twice by the forgotten key, once by the other
		t.Error(l.OutstandingFen)
	}
	if err := s.As(ctx, li, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, "DELETE FROM parus.request_key")
		if err == nil && done.RowsAffected() > 0 {
			t.Error("an officer cleared keys")
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	auditor := store.Asker{ID: "x", Role: "auditor", Counties: li.Counties}
	var detail struct{ Cleared int }
	if err := json.Unmarshal([]byte(ask(t, s, auditor, "SELECT detail FROM parus.audit WHERE act = 'clear_keys'")), &detail); err != nil || detail.Cleared != 1 {
		t.Error(detail, err)
	}
}

// The service's work is done at once, then at each 00:00 UTC; what failed a minute later.
func TestEveryDay(t *testing.T) {
	s := newFactory(t)
	_, limit := active(t, s, 0, 100_000)
	move(t, s, "drawing", limit, 60_000)
	m, done := &moved{time.Now().AddDate(0, 0, 130).UTC().Truncate(24 * time.Hour).Add(9 * time.Hour), make(chan time.Time), make(chan bool)}, make(chan struct{})
	begin, said := m.now, 0
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		defer close(done)
		s.EveryDay(ctx, m, func(error) { said++ })
	}()
	if at := <-m.wait; !at.Equal(begin.Add(15 * time.Hour)) {
		t.Error(at)
	}
	if got := ask(t, s, li, serviceTasks); got != "monitor limit 1 due 2024-12-01 parus open" {
		t.Error(got)
	}
	run(t, factoryURL, "ALTER TABLE parus.credit_limit RENAME TO away")
	m.go_ <- true
	if at := <-m.wait; !at.Equal(begin.Add(15*time.Hour+time.Minute)) || said != 1 {
		t.Error(at, said)
	}
	run(t, factoryURL, "ALTER TABLE parus.away RENAME TO credit_limit")
	m.go_ <- true
	if at := <-m.wait; !at.Equal(begin.Add(39*time.Hour)) || said != 1 {
		t.Error(at, said)
	}
	m.go_ <- false
	<-done
}
