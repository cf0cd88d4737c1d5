package store_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/cluster/clustertest"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

var address func(database string) string

func TestMain(m *testing.M) { os.Exit(clustertest.Main(m, &address)) }

// newStore is a migrated store in a database of its own, and its address.
func newStore(t testing.TB) (*store.Store, string) {
	t.Helper()
	url := clustertest.New(t, address)
	if err := store.Migrate(context.Background(), url); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, url
}

func publish(t testing.TB, s *store.Store, dir string) store.Published {
	t.Helper()
	p, err := s.Publish(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ask reads one text as an asker.
func ask(t testing.TB, s *store.Store, a store.Asker, query string, args ...any) (out string) {
	t.Helper()
	err := s.As(context.Background(), a, func(tx pgx.Tx) error { return tx.QueryRow(context.Background(), query, args...).Scan(&out) })
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

var clerk = store.Asker{ID: "li", Role: "clerk", Counties: []string{"341523"}}

func TestManyMachinesMigrateAtOnce(t *testing.T) {
	url := clustertest.New(t, address)
	var wait sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wait.Go(func() { errs[i] = store.Migrate(context.Background(), url) })
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, c := range [][3]string{ // what is done to it, what Migrate says, how it is undone
		{"INSERT INTO parus.migration (name, sha256) VALUES ('9999_x', 'x')", "newer release", "DELETE FROM parus.migration WHERE name = '9999_x'"},
		{"UPDATE parus.migration SET sha256 = 'x' || sha256", "another form", "UPDATE parus.migration SET sha256 = substr(sha256, 2)"},
	} {
		if _, err := conn.Exec(context.Background(), c[0]); err != nil {
			t.Fatal(err)
		}
		if err := store.Migrate(context.Background(), url); err == nil || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%s: %v", c[0], err)
		}
		if _, err := conn.Exec(context.Background(), c[2]); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Migrate(context.Background(), url); err != nil {
		t.Error(err)
	}
}

// What is published is what the files hold; again changes nothing.
func TestPublish(t *testing.T) {
	s, _ := newStore(t)
	dir := storetest.Run(t, "341523", 9)
	first := publish(t, s, dir)
	if first.Already || first.Rows["parcel"] != 9 || first.Rows["series"] != 9 || first.Rows["decision"] != 6 || first.Rows["finding"] != 6 {
		t.Errorf("%+v", first)
	}
	for query, want := range map[string]string{
		// 0.0009° × 0.0009° at 31° N: 85.96 m × 99.79 m by the series of the WGS 84 ellipsoid (one degree at 31° is 95.504 km by 110.874 km) = 8,577 m².
		"SELECT round(ST_Area(geom::geography) / 10)::text FROM parus.parcel WHERE parcel_id = '3415230000000000000'":              "858",
		"SELECT ST_SRID(geom)::text || GeometryType(geom) FROM parus.parcel LIMIT 1":                                               "4326MULTIPOLYGON",
		"SELECT count(*)::text FROM parus.parcel WHERE grower_id IS NULL":                                                          "3",
		"SELECT ndvi::text || b04::text || radar_dates::text FROM parus.series LIMIT 1":                                            "{0.25,0.75}{NULL,0.125}{0,2}",
		"SELECT coalesce(vv::text, 'never') || left_out[2] FROM parus.series LIMIT 1":                                              "never2024-07-14 time",
		"SELECT dates::text || as_of::text FROM parus.run":                                                                         "{2024-07-01,2024-07-11}2024-07-15",
		"SELECT emergence::text || crop || crop_probability || growth_grade || coalesce(peak::text, '-') FROM parus.cycle LIMIT 1": "2024-05-20maize0.94-",
		"SELECT reasons::text || trace::text || limit_fen || tenor_end FROM parus.decision LIMIT 1":                                `{BOUND_BY_need,LITTLE_LAND}{"rules": ["a",  "b"]}6800002024-12-04`,
		"SELECT bbox::text FROM parus.run":                                                                                         "{115,31,115.0089,31.0009}", // nine squares of 0.0009° at steps of 0.001°
		"SELECT detail || detail_zh FROM parus.finding WHERE n = 5":                                                                "It, differs.不同。",
		"SELECT convert_from(evidence, 'UTF8') FROM parus.run":                                                                     "evidence of 341523",
	} {
		if got := ask(t, s, clerk, query); got != want {
			t.Errorf("%s\n got %q\nwant %q", query, got, want)
		}
	}
	again := publish(t, s, dir)
	if !again.Already || again.Run != first.Run {
		t.Errorf("the same run again: %+v", again)
	}
	if n := ask(t, s, clerk, "SELECT count(*)::text FROM parus.run"); n != "1" {
		t.Errorf("%s runs after publishing one twice", n)
	}
}

// Two programs publish the same run at once: one loads it, the other finds it.
func TestPublishAtOnce(t *testing.T) {
	s, _ := newStore(t)
	dir := storetest.Run(t, "341523", 30)
	var wait sync.WaitGroup
	done := make([]store.Published, 4)
	for i := range done {
		wait.Go(func() { done[i] = publish(t, s, dir) })
	}
	wait.Wait()
	loaded := 0
	for _, p := range done {
		if !p.Already {
			loaded++
		}
	}
	if loaded != 1 || ask(t, s, clerk, "SELECT count(*)::text FROM parus.parcel") != "30" {
		t.Errorf("%d of 4 loaded it", loaded)
	}
}

// A spoilt folder leaves the database as it was, and the message says what is wrong.
func TestPublishAllOrNothing(t *testing.T) {
	s, _ := newStore(t)
	spoil := map[string]func(dir string) error{
		"the run is not whole": func(dir string) error { return os.Remove(filepath.Join(dir, rundir.DecisionsFile)) },
		"not of one run": func(dir string) error {
			ds, _ := rundir.ReadDecisions(dir)
			return rundir.WriteParquet(filepath.Join(dir, rundir.DecisionsFile), ds[1:])
		},
		"is not a day": func(dir string) error {
			ds, _ := rundir.ReadDecisions(dir)
			ds[3].TenorEnd = "soon"
			return rundir.WriteParquet(filepath.Join(dir, rundir.DecisionsFile), ds)
		},
		"other dates": func(dir string) error {
			rows, _ := rundir.ReadParquet[rundir.SeriesRow](filepath.Join(dir, rundir.SeriesFile))
			return rundir.WriteParquet(filepath.Join(dir, rundir.SeriesFile), rows[:len(rows)-1])
		},
		"decision_pkey": func(dir string) error { // the server itself refuses
			ds, _ := rundir.ReadDecisions(dir)
			ds[0].DecisionID = ds[1].DecisionID
			return rundir.WriteParquet(filepath.Join(dir, rundir.DecisionsFile), ds)
		},
		"read ": func(dir string) error {
			b, err := os.ReadFile(filepath.Join(dir, rundir.CyclesFile))
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, rundir.CyclesFile), bytes.Replace(b, b[8:40], make([]byte, 32), 1), 0o644)
		},
	}
	for want, change := range spoil {
		dir := storetest.Run(t, "341523", 9)
		if err := change(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Publish(context.Background(), dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
		if n := ask(t, s, clerk, "SELECT ((SELECT count(*) FROM parus.run) + (SELECT count(*) FROM parus.parcel))::text"); n != "0" {
			t.Errorf("%s: %s rows stay", want, n)
		}
	}
}

// Whoever asks sees his own counties, by any path, and can change nothing; one
// who is not named sees nothing.
func TestCountiesAreKeptApart(t *testing.T) {
	s, _ := newStore(t)
	publish(t, s, storetest.Run(t, "341523", 3))
	publish(t, s, storetest.Run(t, "411622", 6))
	for counties, want := range map[string]string{"341523": "1 1 3 3 3 2 2", "411622": "1 1 6 6 6 4 4", "341523,411622": "2 2 9 9 9 6 6", "": "0 0 0 0 0 0 0", "999999": "0 0 0 0 0 0 0"} {
		a := store.Asker{ID: "li", Role: "clerk", Counties: strings.Split(counties, ",")}
		var got []string
		for _, table := range []string{"county", "run", "parcel", "cycle", "series", "finding", "decision"} {
			got = append(got, ask(t, s, a, "SELECT count(*)::text FROM parus."+table))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("counties %q: %s, want %s", counties, strings.Join(got, " "), want)
		}
	}
	ctx := context.Background()
	for _, attack := range []string{
		"DELETE FROM parus.decision", "UPDATE parus.decision SET limit_fen = 1", "INSERT INTO parus.county VALUES ('123456', 'x')",
		"TRUNCATE parus.run", "DROP SCHEMA parus CASCADE", "ALTER TABLE parus.run DISABLE ROW LEVEL SECURITY", "CREATE TABLE parus.mine (n int)",
		"SELECT * FROM parus.migration", "COPY parus.run TO PROGRAM 'cat'",
	} {
		err := s.As(ctx, clerk, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, attack); return err })
		if err == nil || !strings.Contains(err.Error(), "permission denied") && !strings.Contains(err.Error(), "must be ") {
			t.Errorf("%s: %v", attack, err)
		}
	}
}

// A list is read as its asker and as nobody more, and leaves nothing of him behind.
func TestReadsOnlyAsAsker(t *testing.T) {
	_, url := newStore(t)
	store.OnlyAsAsker(t, url)
}

// Plots may stand in another order than parcels; a parcel that no plot holds is told of.
func TestPublishJoinsPlots(t *testing.T) {
	s, _ := newStore(t)
	const n = 9000 // more than are read at once
	dir := storetest.Run(t, "341523", n)
	plots, err := rundir.ReadPlots(dir)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(plots)
	file := filepath.Join(dir, rundir.PlotsFile)
	if err := rundir.WriteParquet(file, plots[:n-1]); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(context.Background(), dir); err == nil || !strings.Contains(err.Error(), "parcel 3415230000000000000 stands in parcels.parquet and not in plots.parquet") {
		t.Errorf("a parcel without a plot: %v", err)
	}
	if err := rundir.WriteParquet(file, plots); err != nil {
		t.Fatal(err)
	}
	publish(t, s, dir)
	// Run gives parcel and plot of the same number to grower g341523-number, or to nobody every third time.
	if got := ask(t, s, clerk, `SELECT count(*) FILTER (WHERE right(plot_id, 6) = right(parcel_id, 6) AND coalesce(grower_id, 'nobody')
		= CASE right(parcel_id, 6)::int % 3 WHEN 2 THEN 'nobody' ELSE 'g341523-' || right(parcel_id, 6)::int END)::text FROM parus.parcel`); got != "9000" {
		t.Errorf("%s of 9000 parcels have their plot and grower", got)
	}
}
