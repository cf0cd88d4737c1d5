package api_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"golang.org/x/sync/errgroup"

	"github.com/parus-lending/parus/api"
	"github.com/parus-lending/parus/data/cluster"
	"github.com/parus-lending/parus/data/cluster/clustertest"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

// BenchmarkService asks the service by HTTP, one question after another, and
// beside it what one writes with gin and pgx alone, on the same database: tiles
// by ST_AsMVT from a table made for it, a handler that inserts one row, one that
// says hello. The database keeps what it commits (PostgreSQL's own settings:
// fsync). The land has PARUS_BENCH_PARCELS parcels; growers are decided from the
// evidence of `make demo`, a hundred times over.
func BenchmarkService(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("PARUS_BENCH_PARCELS"))
	if err != nil {
		b.Skip("make bench-api")
	}
	at := benchServices(b, n)
	ours, peer, run, county, growers, token, counted, meter := at.ours, at.peer, at.run, at.county, at.growers, at.token, at.counted, at.meter
	ask := func(b *testing.B, method, address, body string, header ...string) (took time.Duration, size int) {
		req, err := http.NewRequest(method, address, strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Accept-Encoding", "gzip")
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		began := time.Now()
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			b.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		took = time.Since(began)
		res.Body.Close()
		if err != nil || res.StatusCode >= 300 {
			b.Fatal(address, res.Status, string(text), err)
		}
		return took, len(text)
	}
	// each asks both in turn, 25 questions each, and reports our times and how often as fast we are: by the clock, and by
	// the processor time of this program, which also asks, and of the database. What else runs on the machine moves that less.
	each := func(b *testing.B, rounds int, ours, peer func(i int) time.Duration) {
		const block = 25
		var sums, used [2]time.Duration
		var times []time.Duration
		for from := 0; from < rounds; from += block {
			for who, f := range []func(int) time.Duration{ours, peer} {
				before := meter()
				for i := from; i < min(from+block, rounds); i++ {
					d := f(i)
					sums[who] += d
					if who == 0 {
						times = append(times, d)
					}
				}
				used[who] += meter() - before
			}
		}
		b.ReportMetric(float64(sums[0].Microseconds())/1000/float64(rounds), "ms")
		report(b, times, sums, used)
	}
	b.Run("ready", func(b *testing.B) { // the land is read, and tiles up to zoom 14 are made, before anybody looks
		at.ready(b)
		b.ReportMetric(time.Since(at.began).Seconds(), "s-all-ready")
		b.ReportMetric(value(b, counted, `parus_memory_bytes{kind="tile"}`)/1e6, "MB-tiles")
		b.ReportMetric(0, "ns/op")
	})
	for z := maptile.Zoom(12); z <= 15; z++ { // of 15 none is made before it is asked for
		var at []maptile.Tile
		nw, se := maptile.At(orb.Point{115, 31 + 0.001*float64(n/300)}, z), maptile.At(orb.Point{115.3, 31}, z)
		for x := nw.X; x <= se.X; x++ {
			for y := nw.Y; y <= se.Y; y++ {
				at = append(at, maptile.New(x, y, z))
			}
		}
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(at), func(i, j int) { at[i], at[j] = at[j], at[i] })
		at = at[:min(len(at), 150)]
		for _, when := range []string{"first", "again"} {
			b.Run(fmt.Sprintf("tile-z%d-%s", z, when), func(b *testing.B) {
				largest := 0
				each(b, len(at), func(i int) time.Duration {
					took, size := ask(b, "GET", fmt.Sprintf("%s/v1/tiles/%d/%d/%d/%d.mvt", ours, run, z, at[i].X, at[i].Y), "")
					largest = max(largest, size)
					return took
				}, func(i int) time.Duration {
					took, _ := ask(b, "GET", fmt.Sprintf("%s/tile/%d/%d/%d", peer, z, at[i].X, at[i].Y), "")
					return took
				})
				b.ReportMetric(float64(largest)/1000, "kB-most")
			})
		}
	}
	// together asks 16 at once, us and the peer in turn, ten times each.
	together := func(b *testing.B, ours, peer func(i int) time.Duration) {
		const rounds, most, asked = 10, 16, 320
		var sums, used [2]time.Duration
		var times []time.Duration
		var lock sync.Mutex
		for r := range rounds {
			for who, f := range []func(int) time.Duration{ours, peer} {
				before, began := meter(), time.Now()
				var g errgroup.Group
				g.SetLimit(most)
				for i := range asked {
					g.Go(func() error {
						d := f(r*asked + i)
						if who == 0 {
							lock.Lock()
							defer lock.Unlock()
							times = append(times, d)
						}
						return nil
					})
				}
				g.Wait()
				sums[who] += time.Since(began)
				used[who] += meter() - before
			}
		}
		b.ReportMetric(float64(len(times))/sums[0].Seconds(), "a-second")
		report(b, times, sums, used)
	}
	question := func(i int) string {
		return fmt.Sprintf(`{"county":%q,"grower_id":%q}`, county, growers[i%len(growers)])
	}
	ask(b, "POST", ours+"/v1/decisions?preview=true", question(len(growers)-1)) // reads the evidence; then the others are decided
	for value(b, at.counted, "parus_decisions_ahead_runs") > 0 {
		time.Sleep(10 * time.Millisecond)
	}
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(growers), func(i, j int) { growers[i], growers[j] = growers[j], growers[i] })
	decide := func(i int) time.Duration { d, _ := ask(b, "POST", ours+"/v1/decisions", question(i)); return d }
	insert := func(i int) time.Duration { d, _ := ask(b, "POST", peer+"/insert", question(i)); return d }
	preview := func(i int) time.Duration {
		d, _ := ask(b, "POST", ours+"/v1/decisions?preview=true", question(i))
		return d
	}
	hello := func(i int) time.Duration { d, _ := ask(b, "GET", peer+"/hello", ""); return d }
	b.Run("preview-first", func(b *testing.B) { each(b, len(growers), preview, hello) })
	b.Run("preview-again", func(b *testing.B) { each(b, 2000, preview, hello) })
	withKey := func(i int) time.Duration {
		d, _ := ask(b, "POST", ours+"/v1/decisions", question(i), "Idempotency-Key", fmt.Sprint(i))
		return d
	}
	b.Run("decide", func(b *testing.B) { each(b, 1000, decide, insert) })
	b.Run("decide-with-key", func(b *testing.B) { each(b, 1000, withKey, insert) })
	b.Run("decide-16-at-once", func(b *testing.B) { together(b, decide, insert) })
	b.Run("preview-16-at-once", func(b *testing.B) { together(b, preview, hello) })
}

// report says how long our answers took, and how often as fast as the peer's they were.
func report(b *testing.B, times []time.Duration, sums, used [2]time.Duration) {
	slices.Sort(times)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(times[len(times)*95/100]), "ms-p95")
	b.ReportMetric(ms(times[len(times)*99/100]), "ms-p99")
	b.ReportMetric(float64(sums[1])/float64(sums[0]), "×peer")
	if used[0] > 0 {
		b.ReportMetric(float64(used[1])/float64(used[0]), "×peer-processor")
	}
	b.ReportMetric(0, "ns/op")
}

// processorTime is what this program, and a database server with all its
// processes, have used.
func processorTime(b *testing.B, server int) time.Duration {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		b.Fatal(err)
	}
	sum := time.Duration(own.Utime.Nano() + own.Stime.Nano())
	// Not all processes of the machine: looking through them would be counted too.
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", server, server))
	if err != nil {
		b.Fatal(err)
	}
	for _, pid := range append(strings.Fields(string(children)), strconv.Itoa(server)) {
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil {
			continue // it has ended
		}
		for _, ticks := range strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))[11:13] { // utime, stime; a tick is 10 ms
			n, err := strconv.Atoi(ticks)
			if err != nil {
				b.Fatal(err)
			}
			sum += time.Duration(n) * 10 * time.Millisecond
		}
	}
	return sum
}

// value is a number that the service counts.
func value(b *testing.B, m *api.Metrics, name string) float64 {
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for line := range strings.Lines(w.Body.String()) {
		if text, ok := strings.CutPrefix(line, name+" "); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
			if err != nil {
				b.Fatal(err)
			}
			return v
		}
	}
	b.Fatal("the service does not count ", name)
	return 0
}

// benched are our service and its peer over one database.
type benched struct {
	ours, peer string // addresses
	run        int
	county     string
	growers    []string
	token      string // of an officer
	owner      *store.Store
	counted    *api.Metrics
	began      time.Time            // when our service did
	meter      func() time.Duration // processor time of this program and the database
}

// ready waits until our service says that the county's newest run is ready.
func (at *benched) ready(b *testing.B) {
	for value(b, at.counted, "parus_runs_ready") < 1 || value(b, at.counted, "parus_tiles_ahead_runs") > 0 {
		time.Sleep(5 * time.Millisecond)
	}
}

func benchServices(b *testing.B, n int) *benched {
	evidence, county, made, growers := benchCounty(b, 100)
	ctx := context.Background()
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	folder := clustertest.Folder(b)
	db, err := cluster.Start(ctx, folder)
	must(err)
	b.Cleanup(func() { db.Stop() })
	text, err := os.ReadFile(filepath.Join(folder, "data", "postmaster.pid"))
	must(err)
	pid, err := strconv.Atoi(strings.SplitN(string(text), "\n", 2)[0])
	must(err)
	must(db.Create(ctx, "bench"))
	own := db.URL("bench")
	must(store.Migrate(ctx, own))
	owner, err := store.Open(ctx, own)
	must(err)
	b.Cleanup(owner.Close)
	dir := storetest.Run(b, county, n)
	others, err := rundir.ReadDecisions(dir)
	must(err)
	must(rundir.WriteParquet(filepath.Join(dir, rundir.DecisionsFile), append(others, made...))) // as a run holds what its evidence says
	info, err := rundir.ReadInfo(dir)
	must(err)
	info.Counts["decisions"] += len(made)
	must(rundir.WriteInfo(dir, info))
	must(os.WriteFile(filepath.Join(dir, rundir.EvidenceFile), evidence, 0o644))
	p, err := owner.Publish(ctx, dir)
	must(err)
	token, err := owner.NewToken(ctx, store.Member{Subject: "bench", Role: "officer", Counties: []string{county}}, time.Time{})
	must(err)
	must(owner.CreateLogin(ctx, "api_bench", "x"))
	u, err := url.Parse(own)
	must(err)
	u.User = url.UserPassword("api_bench", "x")
	as, err := store.Open(ctx, u.String())
	must(err)
	b.Cleanup(as.Close)
	pool, err := pgxpool.New(ctx, own)
	must(err)
	b.Cleanup(pool.Close)
	for _, q := range []string{
		`CREATE TABLE land AS SELECT parcel_id, p.plot_id, c.crop, c.growth_grade AS grade, c.yield_p50_kg_mu AS yield, d.outcome, f.severity AS risk, round((area_m2 * 3 / 2000)::numeric, 2)::float8 AS area_mu,
			ST_Transform(geom, 3857) AS geom FROM parus.parcel p LEFT JOIN parus.cycle c USING (run, plot_id) LEFT JOIN parus.decision d USING (run, grower_id) LEFT JOIN parus.finding f USING (run, parcel_id)`,
		"CREATE INDEX ON land USING gist (geom)", "VACUUM ANALYZE land", "CREATE TABLE inserted (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, answer json NOT NULL, at timestamptz DEFAULT now())",
	} {
		_, err := pool.Exec(ctx, q)
		must(err)
	}
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.GET("/hello", func(c *gin.Context) { c.String(200, "hello") })
	r.GET("/tile/:z/:x/:y", func(c *gin.Context) {
		var tile []byte
		if err := pool.QueryRow(c.Request.Context(), `WITH b AS (SELECT ST_TileEnvelope($1::int, $2::int, $3::int) AS e)
			SELECT ST_AsMVT(t, 'parcels', 4096, 'geom') FROM (SELECT ST_AsMVTGeom(geom, e, 4096, 64) AS geom, parcel_id, plot_id, crop, grade, yield, outcome, risk, area_mu FROM land, b
			WHERE geom && ST_Expand(e, (ST_XMax(e) - ST_XMin(e)) * 64 / 4096)) t`, c.Param("z"), c.Param("x"), c.Param("y")).Scan(&tile); err != nil {
			c.String(500, err.Error())
			return
		}
		c.Data(200, "application/vnd.mapbox-vector-tile", tile)
	})
	r.POST("/insert", func(c *gin.Context) {
		body, err := io.ReadAll(c.Request.Body)
		if err == nil {
			_, err = pool.Exec(c.Request.Context(), "INSERT INTO inserted (answer) VALUES ($1)", body)
		}
		if err != nil {
			c.String(500, err.Error())
			return
		}
		c.Status(201)
	})
	beside := httptest.NewServer(r)
	b.Cleanup(beside.Close)
	counted := api.NewMetrics()
	began := time.Now()
	h, err := api.New(api.Config{Store: as, Log: slog.New(slog.NewJSONHandler(io.Discard, nil)), Metrics: counted})
	must(err)
	server := httptest.NewServer(h)
	b.Cleanup(server.Close)
	return &benched{server.URL, beside.URL, p.Run, county, growers, token, owner, counted, began, func() time.Duration { return processorTime(b, pid) }}
}
