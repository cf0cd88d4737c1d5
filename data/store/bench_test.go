package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/encoding/ewkb"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

// BenchmarkPublish loads a run of PARUS_BENCH_PARCELS parcels and, into an equal
// database, the same files by pgx's CopyFrom: parcels, findings and decisions row
// by row, seven times in turn, and the series as a table of one row a plot and
// dekad. Before each the server writes out what came before (CHECKPOINT). Times
// are medians.
func BenchmarkPublish(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("PARUS_BENCH_PARCELS"))
	if err != nil {
		b.Skip("make bench-publish")
	}
	ctx := context.Background()
	b.Run("rows", func(b *testing.B) {
		dir := storetest.Run(b, "341523", n)
		var rows float64
		var ours, peers, times []float64
		for range 7 {
			mine, p, took, _, _ := bothWays(b, ctx, dir)
			rows = float64(p.Rows["parcel"] + p.Rows["finding"] + p.Rows["decision"])
			ours, peers, times = append(ours, mine.Seconds()), append(peers, took[0].Seconds()), append(times, took[0].Seconds()/mine.Seconds())
		}
		slices.Sort(times)
		b.ReportMetric(rows/median(ours), "rows/s")
		b.ReportMetric(median(peers)/median(ours), "×CopyFrom")
		b.ReportMetric(times[0], "×CopyFrom-least")
		b.ReportMetric(times[len(times)-1], "×CopyFrom-most")
		b.ReportMetric(0, "ns/op")
	})
	b.Run("series", func(b *testing.B) {
		dir := storetest.Run(b, "341523", n)
		manyDates(b, dir)
		_, p, took, mine, peer := bothWays(b, ctx, dir)
		b.ReportMetric(float64(p.Rows["series"]*36*26)/p.Took["series"].Seconds(), "values/s")
		b.ReportMetric(took[1].Seconds()/p.Took["series"].Seconds(), "×CopyFrom")
		b.ReportMetric(megabytes(b, ctx, mine, "parus.series"), "MB")
		b.ReportMetric(megabytes(b, ctx, peer, "flat"), "MB-CopyFrom")
		b.ReportMetric(0, "ns/op")
	})
}

// bothWays publishes a folder and copies it as the peer does; mine is how long
// the rows of parcels, findings and decisions took us.
func bothWays(b *testing.B, ctx context.Context, dir string) (mine time.Duration, p store.Published, took [2]time.Duration, ours, peer string) {
	_, peer = newStore(b)
	s, ours := newStore(b)
	checkpoint(b, ctx, ours)
	p = publish(b, s, dir)
	checkpoint(b, ctx, peer)
	took = byCopyFrom(b, ctx, peer, dir)
	return p.Took["parcel"] + p.Took["finding"] + p.Took["decision"], p, took, ours, peer
}

func checkpoint(b *testing.B, ctx context.Context, url string) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "CHECKPOINT"); err != nil {
		b.Fatal(err)
	}
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// megabytes is what a table takes with its indexes.
func megabytes(b *testing.B, ctx context.Context, url, table string) (mb float64) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(ctx)
	if err := conn.QueryRow(ctx, "SELECT pg_total_relation_size($1::regclass) / 1e6::float8", table).Scan(&mb); err != nil {
		b.Fatal(err)
	}
	return mb
}

// manyDates gives every plot 36 dekads with all values known.
func manyDates(b *testing.B, dir string) {
	plots, err := rundir.ReadPlots(dir)
	if err != nil {
		b.Fatal(err)
	}
	var rows []rundir.SeriesRow
	v := 0.5
	for i, p := range plots {
		for d := range 36 {
			v = 0.1 + float64((i*31+d*7)%1000)/1500
			x := v
			day := time.Date(2024, time.Month(1+d/3), 1+d%3*10, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			rows = append(rows, rundir.SeriesRow{ParcelID: p.PlotID, Date: day, Usable: v, UsableVote: v, Weight: v, NDVI: &x, EVI2: &x, LAI: &x, FAPAR: &x, FCOVER: &x, LAIOfMean: &x,
				NDVISigma: &x, LAISigma: &x, FAPARSigma: &x, FCOVERSigma: &x, OutOfDomain: &x, VV: &x, VH: &x, B02: &x, B03: &x, B04: &x, B05: &x, B06: &x, B07: &x, B08: &x, B8A: &x, B11: &x, B12: &x})
		}
	}
	if err := rundir.WriteParquet(filepath.Join(dir, rundir.SeriesFile), rows); err != nil {
		b.Fatal(err)
	}
}

// byCopyFrom is what one writes with pgx alone, into tables with the columns,
// keys and indexes of ours and a foreign key to the run, which ours hold by the
// statement; it returns the seconds of rows and of series.
func byCopyFrom(b *testing.B, ctx context.Context, url, dir string) [2]time.Duration {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(ctx)
	must := func(_ any, err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	must(conn.Exec(ctx, `INSERT INTO parus.county VALUES ('341523', 'x'); INSERT INTO parus.run (digest, county, season, season_start, season_end, as_of, sample, dates, info, evidence)
		VALUES ('x', '341523', '2024', '2024-01-01', '2024-12-31', '2024-07-15', false, '{}', '{}', '')`))
	for _, table := range []string{"parcel", "finding", "decision"} {
		must(conn.Exec(ctx, fmt.Sprintf("CREATE TABLE plain_%[1]s (LIKE parus.%[1]s INCLUDING ALL, FOREIGN KEY (run) REFERENCES parus.run ON DELETE CASCADE)", table)))
	}
	must(conn.Exec(ctx, `
		CREATE TABLE flat (run int, county text, plot_id text, date date, usable real, usable_vote real, weight real, ndvi real, evi2 real, lai real, fapar real, fcover real, lai_of_mean real,
		ndvi_sigma real, lai_sigma real, fapar_sigma real, fcover_sigma real, out_of_domain real, vv real, vh real, b02 real, b03 real, b04 real, b05 real, b06 real, b07 real, b08 real, b8a real, b11 real, b12 real, PRIMARY KEY (run, plot_id, date))`))
	tx, err := conn.Begin(ctx)
	must(nil, err)
	began := time.Now()
	shapes, err := rundir.ReadShapes(dir)
	must(nil, err)
	plots, err := rundir.ReadPlots(dir)
	must(nil, err)
	must(tx.CopyFrom(ctx, pgx.Identifier{"plain_parcel"}, []string{"run", "county", "parcel_id", "plot_id", "grower_id", "area_m2", "geom"}, pgx.CopyFromSlice(len(shapes), func(i int) ([]any, error) {
		geom, err := ewkb.Marshal(shapes[i].Polygon, 4326)
		return []any{1, "341523", shapes[i].ParcelID, plots[i].PlotID, plots[i].GrowerID, plots[i].AreaM2, geom}, err
	})))
	fs, err := rundir.ReadFindings(dir)
	must(nil, err)
	must(tx.CopyFrom(ctx, pgx.Identifier{"plain_finding"}, []string{"run", "county", "n", "grower_id", "parcel_id", "code", "severity", "detail", "detail_zh", "numbers", "witnesses"},
		pgx.CopyFromSlice(len(fs), func(i int) ([]any, error) {
			f := fs[i]
			return []any{1, "341523", i, f.GrowerID, f.ParcelID, f.Code, f.Severity, f.Detail, f.DetailZH, f.Numbers, f.Witnesses}, nil
		})))
	ds, err := rundir.ReadDecisions(dir)
	must(nil, err)
	must(tx.CopyFrom(ctx, pgx.Identifier{"plain_decision"}, strings.Split("run county decision_id grower_id season as_of outcome limit_fen binding tenor_end rate_bp reasons rests_on area_mu plots credit_policy models trace evidence_sha256", " "),
		pgx.CopyFromSlice(len(ds), func(i int) ([]any, error) {
			d := ds[i]
			asOf, _ := time.Parse(time.DateOnly, d.AsOf)
			end, err := time.Parse(time.DateOnly, d.TenorEnd)
			return []any{1, "341523", d.DecisionID, d.GrowerID, d.Season, asOf, d.Outcome, d.LimitFen, d.Binding, end, d.RateBP, strings.Split(d.Reasons, ";"), d.RestsOn, d.AreaMu,
				strings.Split(d.Plots, ";"), d.CreditPolicy, strings.Split(d.Models, ";"), d.Trace, d.Evidence}, err
		})))
	rows := time.Since(began)
	began = time.Now()
	series, err := rundir.ReadParquet[rundir.SeriesRow](filepath.Join(dir, rundir.SeriesFile))
	must(nil, err)
	must(tx.CopyFrom(ctx, pgx.Identifier{"flat"}, append(strings.Split("run county plot_id date", " "), strings.Split(strings.ReplaceAll(store.SeriesColumns, " ", ""), ",")...),
		pgx.CopyFromSlice(len(series), func(i int) ([]any, error) {
			s := &series[i]
			day, err := time.Parse(time.DateOnly, s.Date)
			return []any{1, "341523", s.ParcelID, day, s.Usable, s.UsableVote, s.Weight, s.NDVI, s.EVI2, s.LAI, s.FAPAR, s.FCOVER, s.LAIOfMean, s.NDVISigma, s.LAISigma, s.FAPARSigma, s.FCOVERSigma,
				s.OutOfDomain, s.VV, s.VH, s.B02, s.B03, s.B04, s.B05, s.B06, s.B07, s.B08, s.B8A, s.B11, s.B12}, err
		})))
	must(nil, tx.Commit(ctx))
	return [2]time.Duration{rows, time.Since(began)}
}
