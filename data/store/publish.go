package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/rundir"
)

// Published says what Publish did.
type Published struct {
	Run     int                      // its number in the store
	Already bool                     // the same run was there: nothing was changed
	Rows    map[string]int64         // by table
	Took    map[string]time.Duration // by table, with what the server counts for its plans
}

// Publish loads a finished run's folder, all of it or nothing. The same run
// again changes nothing; another run of the county, season and as-of day stands
// beside it and is the newer. The store must belong to the connecting role.
func (s *Store) Publish(ctx context.Context, dir string) (Published, error) {
	p, err := s.publish(ctx, dir)
	if err != nil {
		return p, fmt.Errorf("publish %s: %w (the database is as it was)", dir, err)
	}
	return p, nil
}

func (s *Store) publish(ctx context.Context, dir string) (p Published, err error) {
	info, err := rundir.ReadInfo(dir)
	if err != nil {
		return p, err
	}
	digest, err := runDigest(dir, info)
	if err != nil {
		return p, err
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		// Two programs with the same run: the second waits and finds it there.
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('parus publish ' || $1, 0))", info.County); err != nil {
			return err
		}
		switch err := tx.QueryRow(ctx, "SELECT id FROM parus.run WHERE digest = $1", digest).Scan(&p.Run); {
		case err == nil:
			p.Already = true
			return (&loader{ctx: ctx, tx: tx, dir: dir, info: info, id: int32(p.Run)}).seen(nil)
		case !errors.Is(err, pgx.ErrNoRows):
			return err
		}
		l := loader{ctx: ctx, tx: tx, dir: dir, info: info}
		if err := l.run(digest); err != nil {
			return err
		}
		p.Run, p.Rows = int(l.id), map[string]int64{}
		p.Took = map[string]time.Duration{}
		for _, step := range []struct {
			table string
			fill  func() (int64, error)
		}{{"parcel", l.parcels}, {"cycle", l.cycles}, {"series", l.series}, {"finding", l.findings}, {"decision", l.decisions}} {
			began := time.Now()
			if p.Rows[step.table], err = step.fill(); err != nil {
				return err
			}
			p.Took[step.table] = time.Since(began)
		}
		if err := errors.Join(l.bbox(), l.seen(p.Rows)); err != nil {
			return err
		}
		if err := l.complete(p.Rows); err != nil {
			return err
		}
		// Without it the server plans questions as if it knew nothing of the run: a box of features took seconds.
		// 9,000 rows of each table tell it enough; it looks at more by itself later.
		if _, err := tx.Exec(ctx, "SET LOCAL default_statistics_target = 30"); err != nil {
			return err
		}
		for _, table := range []string{"run", "parcel", "cycle", "finding", "decision"} {
			began := time.Now()
			if _, err := tx.Exec(ctx, "ANALYZE parus."+table); err != nil {
				return err
			}
			p.Took[table] += time.Since(began)
		}
		return nil
	})
	return p, err
}

// runDigest names a run by what it found: all files that are loaded, and
// run.json without the seconds.
func runDigest(dir string, info rundir.Info) (string, error) {
	info.Seconds = nil
	head, err := json.Marshal(info)
	if err != nil {
		return "", err
	}
	all := sha256.New()
	all.Write(head)
	for _, name := range []string{rundir.PlotsFile, rundir.ParcelsFile, rundir.CyclesFile, rundir.SeriesFile, rundir.FindingsFile, rundir.DecisionsFile, rundir.EvidenceFile} {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			return "", fmt.Errorf("the run is not whole; run it again: %w", err)
		}
		one := sha256.New()
		_, err = io.Copy(one, f)
		f.Close()
		if err != nil {
			return "", err
		}
		all.Write(one.Sum(nil))
	}
	return hex.EncodeToString(all.Sum(nil)), nil
}

// loader fills the tables with one run.
type loader struct {
	ctx  context.Context
	tx   pgx.Tx
	dir  string
	info rundir.Info
	id   int32
	axis []string // dates of the series
}

func (l *loader) file(name string) string { return filepath.Join(l.dir, name) }

// key begins a row of n further fields with run and county.
func (l *loader) key(r *rows, n int) {
	r.row(n + 2)
	r.int4(l.id)
	r.text(l.info.County)
}

func (l *loader) run(digest string) error {
	evidence, err := os.ReadFile(l.file(rundir.EvidenceFile))
	if err != nil {
		return err
	}
	info, err := json.Marshal(l.info)
	if err != nil {
		return err
	}
	if l.axis, err = axis(l.file(rundir.SeriesFile)); err != nil {
		return err
	}
	if _, err := l.tx.Exec(l.ctx, "INSERT INTO parus.county (code, name) VALUES ($1, $2) ON CONFLICT (code) DO UPDATE SET name = excluded.name", l.info.County, l.info.Name); err != nil {
		return err
	}
	return l.tx.QueryRow(l.ctx, `INSERT INTO parus.run (digest, county, season, season_start, season_end, as_of, sample, dates, info, evidence)
		VALUES ($1, $2, $3, $4::text::date, $5::text::date, $6::text::date, $7, $8::text[]::date[], $9, $10) RETURNING id`,
		digest, l.info.County, l.info.Season, l.info.From, l.info.To, l.info.AsOf, l.info.Sample, l.axis, info, evidence).Scan(&l.id)
}

func (l *loader) findings() (int64, error) {
	return copyRows(l.ctx, l.tx, "parus.finding (run, county, n, grower_id, parcel_id, code, severity, detail, detail_zh, numbers, witnesses)", func(r *rows) error {
		n := int32(0)
		return rundir.EachFinding(l.dir, func(f rundir.Finding) error {
			l.key(r, 9)
			r.int4(n)
			n++
			r.known(f.GrowerID)
			r.known(f.ParcelID)
			for _, s := range []string{f.Code, f.Severity, f.Detail, f.DetailZH, f.Numbers, f.Witnesses} {
				r.text(s)
			}
			return nil
		})
	})
}

func (l *loader) decisions() (int64, error) {
	return copyRows(l.ctx, l.tx, `parus.decision (run, county, decision_id, grower_id, season, as_of, outcome, limit_fen, binding, tenor_end, rate_bp,
		reasons, rests_on, area_mu, plots, credit_policy, models, trace, evidence_sha256)`, func(r *rows) error {
		return rundir.Each(l.file(rundir.DecisionsFile), func(ds []rundir.Decision) error {
			for _, d := range ds {
				l.key(r, 17)
				r.text(d.DecisionID)
				r.text(d.GrowerID)
				r.text(d.Season)
				if err := r.date(d.AsOf); err != nil {
					return fmt.Errorf("decision %s: as_of: %w", d.DecisionID, err)
				}
				r.text(d.Outcome)
				r.int8(d.LimitFen)
				r.text(d.Binding)
				if err := r.date(d.TenorEnd); err != nil {
					return fmt.Errorf("decision %s: tenor_end: %w", d.DecisionID, err)
				}
				r.int4(d.RateBP)
				r.texts(split(d.Reasons))
				r.text(d.RestsOn)
				r.float8(d.AreaMu)
				r.texts(split(d.Plots))
				r.text(d.CreditPolicy)
				r.texts(split(d.Models))
				r.text(d.Trace)
				r.text(d.Evidence)
			}
			return nil
		})
	})
}

// split takes apart a list joined by semicolons.
func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ";")
}

// complete compares what was loaded with what the run says it made.
func (l *loader) complete(loaded map[string]int64) error {
	for table, count := range map[string]string{"parcel": "parcels", "finding": "findings", "decision": "decisions"} {
		if want, ok := l.info.Counts[count]; ok && loaded[table] != int64(want) {
			return fmt.Errorf("run.json tells of %d %s, the files hold %d: the folder is not of one run", want, count, loaded[table])
		}
	}
	return nil
}
