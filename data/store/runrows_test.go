package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/parus-lending/parus/data/cluster/clustertest"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

// runTables hold the rows of runs.
var runTables = []string{"parcel", "cycle", "series", "finding", "decision", "scene", "area", "agreement", "tenure", "past"}

// seenRun is a run with rows in each of runTables.
func seenRun(t *testing.T, county string) string {
	dir := storetest.Run(t, county, 3)
	storetest.Seen(t, dir, county, rundir.SeenScene{})
	return dir
}

// owner connects as the owner of the tables.
func owner(t *testing.T, url string) *pgx.Conn {
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// held is how many rows each of runTables has.
func held(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	var counts []string
	for _, table := range runTables {
		var n string
		if err := conn.QueryRow(context.Background(), "SELECT count(*)::text FROM parus."+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		counts = append(counts, n)
	}
	return strings.Join(counts, " ")
}

// refused says whether the database refused for the sake of a run's rows.
func refused(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "23503"
}

// A deleted run takes its rows from every table, and no other's; a run that
// something else rests on is not deleted at all.
func TestRunTakesItsRows(t *testing.T) {
	ctx := context.Background()
	s, url := newStore(t)
	conn := owner(t, url)
	one := publish(t, s, seenRun(t, "341523"))
	want := held(t, conn) // of three parcels, and what Seen writes
	if want != "3 3 3 2 2 1 2 2 2 1" {
		t.Fatalf("one run has %s rows", want)
	}
	two := publish(t, s, seenRun(t, "411622"))
	if _, err := conn.Exec(ctx, "DELETE FROM parus.run WHERE id = $1", two.Run); err != nil {
		t.Fatal(err)
	}
	if got := held(t, conn); got != want {
		t.Errorf("after the second run is deleted: %s rows, want %s", got, want)
	}
	// No table refers to runs that the tests above leave out.
	rows, err := conn.Query(ctx, `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'run' AND NOT a.attisdropped
		WHERE c.relnamespace = 'parus'::regnamespace AND c.relkind = 'r' AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.conrelid = c.oid AND f.confrelid = 'parus.run'::regclass)
		AND EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND g.tgname = 'have_run') ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if all := slices.Sorted(slices.Values(runTables)); err != nil || !slices.Equal(kept, all) {
		t.Errorf("%v hold rows of runs by the statement, want %v; %v", kept, all, err)
	}
	if _, err := conn.Exec(ctx, `INSERT INTO parus.claim (county, claim_id, run, grower_id, season, crop, method, source_crs, taken, area_m2, geom, says, asker, role)
		SELECT county, 'c', run, 'g', '2024', '', 'drawn', '', '2024-01-01', 1, geom, '{}', 'li', 'clerk' FROM parus.parcel WHERE run = $1 LIMIT 1`, one.Run); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, "DELETE FROM parus.run"); !refused(err) {
		t.Errorf("a run with a claim was deleted: %v", err)
	}
	if got := held(t, conn); got != want {
		t.Errorf("after the refusal: %s rows, want %s", got, want)
	}
}

// Rows never stand without their run, whatever the owner does.
func TestRowsHaveTheirRun(t *testing.T) {
	ctx := context.Background()
	s, url := newStore(t)
	conn := owner(t, url)
	publish(t, s, seenRun(t, "341523"))
	publish(t, s, seenRun(t, "411622"))
	before := held(t, conn)
	attacks := []string{
		"INSERT INTO parus.finding SELECT 3, county, n, grower_id, parcel_id, code, severity, detail, detail_zh, numbers, witnesses FROM parus.finding WHERE run = 1",
		"INSERT INTO parus.finding SELECT 0, county, n, grower_id, parcel_id, code, severity, detail, detail_zh, numbers, witnesses FROM parus.finding WHERE run = 1",
		"UPDATE parus.run SET id = DEFAULT", "TRUNCATE parus.run CASCADE",
	}
	for _, table := range runTables {
		attacks = append(attacks, fmt.Sprintf("UPDATE parus.%s SET run = 99 WHERE run = 2", table))
	}
	for _, attack := range attacks {
		if _, err := conn.Exec(ctx, attack); !refused(err) {
			t.Errorf("%s: %v", attack, err)
		}
	}
	if got := held(t, conn); got != before {
		t.Errorf("%s rows, before %s", got, before)
	}
}

// Who adds rows to a run and who deletes it wait for each other, in either order.
func TestRowsAndDeletionsWait(t *testing.T) {
	ctx := context.Background()
	const (
		add    = "INSERT INTO parus.finding SELECT run, county, n + 100, grower_id, parcel_id, code, severity, detail, detail_zh, numbers, witnesses FROM parus.finding WHERE run = 1 AND n < 100"
		addOne = "INSERT INTO parus.finding VALUES (1, '341523', 200, NULL, NULL, '', '', '', '', '', '')"
		remove = "DELETE FROM parus.run WHERE id = 1"
	)
	for _, c := range []struct {
		first, second string
		refused       bool
	}{{add, remove, false}, {remove, addOne, true}} {
		s, url := newStore(t)
		publish(t, s, seenRun(t, "341523"))
		one, other, watch := owner(t, url), owner(t, url), owner(t, url)
		tx, err := one.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(ctx, c.first); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { _, err := other.Exec(ctx, c.second); done <- err }()
		for waits := false; !waits; time.Sleep(time.Millisecond) {
			if err := watch.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = $1 AND NOT granted)", other.PgConn().PID()).Scan(&waits); err != nil {
				t.Fatal(err)
			}
			select {
			case err := <-done:
				t.Fatalf("%s did not wait for %s: %v", c.second, c.first, err)
			default:
			}
		}
		// Readers wait for neither.
		if n := ask(t, s, clerk, "SELECT count(*)::text FROM parus.finding"); n != "2" {
			t.Errorf("a reader sees %s findings, want 2", n)
		}
		if err := tx.Commit(ctx); err != nil {
			t.Fatal(err)
		}
		if err := <-done; c.refused != refused(err) || !c.refused && err != nil {
			t.Errorf("%s after %s: %v", c.second, c.first, err)
		}
		if got := held(t, watch); got != "0 0 0 0 0 0 0 0 0 0" {
			t.Errorf("%s, %s: %s rows stay", c.first, c.second, got)
		}
	}
}

// A database from before keeps its rows, and from now on what holds for new ones holds for them.
func TestRowsFromBefore(t *testing.T) {
	ctx := context.Background()
	url := clustertest.New(t, address)
	store.MigrateWithout(t, url, "0023_runrows.sql")
	s, err := store.Open(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	conn := owner(t, url)
	dir := seenRun(t, "341523")
	first := publish(t, s, dir)
	before := held(t, conn)
	if err := store.Migrate(ctx, url); err != nil {
		t.Fatal(err)
	}
	if got := held(t, conn); got != before {
		t.Errorf("%s rows after the step, %s before", got, before)
	}
	if again := publish(t, s, dir); !again.Already || again.Run != first.Run {
		t.Errorf("the same run after the step: %+v", again)
	}
	publish(t, s, seenRun(t, "411622"))
	if n := ask(t, s, clerk, "SELECT count(*)::text FROM parus.parcel"); n != "3" {
		t.Errorf("a clerk sees %s parcels, want 3", n)
	}
	if _, err := conn.Exec(ctx, "DELETE FROM parus.run WHERE id = $1", first.Run); err != nil {
		t.Fatal(err)
	}
	if got := held(t, conn); got != before {
		t.Errorf("%s rows after the first run is deleted, want %s", got, before)
	}
}
