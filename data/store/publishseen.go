package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/parus-lending/parus/data/rundir"
)

// seen fills what the run looked at and what its witnesses say. Of a run that is
// there already the scenes are written anew, because imagery may have moved, and
// the rest only where an earlier release left it out. A run of an earlier
// version of the batch has no such files: its tables stay empty.
func (l *loader) seen(rows map[string]int64) error {
	if _, err := l.tx.Exec(l.ctx, "DELETE FROM parus.scene WHERE run = $1", l.id); err != nil {
		return err
	}
	for _, step := range []struct {
		table, file string
		fill        func() (int64, error)
	}{{"scene", rundir.ScenesFile, l.scenes}, {"area", rundir.AreasFile, l.areas}, {"agreement", rundir.AgreementFile, l.agreements}, {"tenure", rundir.TenureFile, l.spells}, {"past", rundir.PastFile, l.past}} {
		if _, err := os.Stat(l.file(step.file)); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var there bool
		if err := l.tx.QueryRow(l.ctx, "SELECT EXISTS (SELECT FROM parus."+step.table+" WHERE run = $1)", l.id).Scan(&there); err != nil {
			return err
		}
		if there {
			continue
		}
		n, err := step.fill()
		if err != nil {
			return err
		}
		if rows != nil {
			rows[step.table] = n
		}
	}
	return nil
}

func (l *loader) scenes() (int64, error) {
	scenes, err := rundir.ReadScenes(l.dir)
	if err != nil {
		return 0, err
	}
	return copyRows(l.ctx, l.tx, "parus.scene (run, county, scene_id, day, clear, scene)", func(r *rows) error {
		for _, s := range scenes {
			day := s.Scene.Time.UTC().Format(time.DateOnly)
			if day > l.info.AsOf {
				return fmt.Errorf("%s: scene %s is of %s, after the as-of day %s: the folder is not of one run", rundir.ScenesFile, s.Scene.ID, day, l.info.AsOf)
			}
			text, err := json.Marshal(s.Scene)
			if err != nil {
				return fmt.Errorf("scene %s: %w", s.Scene.ID, err)
			}
			l.key(r, 4)
			r.text(s.Scene.ID)
			if err := r.date(day); err != nil {
				return err
			}
			r.float4(s.Clear)
			r.bytes(text)
		}
		return nil
	})
}

func (l *loader) areas() (int64, error) {
	n := int32(0)
	return fillFrom(l, rundir.AreasFile, `parus.area (run, county, n, grower_id, plot_id, parcels, contract_mu, leased_mu, surveyed_mu, claimed_mu, drawn_mu, polygon_mu,
		seen_low_mu, seen_high_mu, counts_mu, counted_by)`, func(r *rows, a *rundir.Area) error {
		l.key(r, 14)
		r.int4(n)
		n++
		r.known(a.GrowerID)
		r.known(a.PlotID)
		r.int4(a.Parcels)
		for _, v := range []*float64{a.Contract, a.Leased, a.Surveyed, a.Claimed, a.Drawn, a.Polygon, a.SeenLow, a.SeenHigh, a.Counts} {
			r.float8p(v)
		}
		r.texts(split(a.CountedBy))
		return nil
	})
}

func (l *loader) agreements() (int64, error) {
	n := int32(0)
	return fillFrom(l, rundir.AgreementFile, "parus.agreement (run, county, n, grower_id, plot_id, subject, self, government, partner, satellite, agree, differ)", func(r *rows, a *rundir.Agreement) error {
		l.key(r, 10)
		r.int4(n)
		n++
		r.known(a.GrowerID)
		for _, s := range []string{a.PlotID, a.Subject, a.Self, a.Government, a.Partner, a.Satellite} {
			r.text(s)
		}
		r.texts(split(a.Agree))
		r.texts(split(a.Differ))
		return nil
	})
}

func (l *loader) spells() (int64, error) {
	n := int32(0)
	return fillFrom(l, rundir.TenureFile, "parus.tenure (run, county, n, parcel_id, first_day, last_day, grower_id, owner_id, leased, chain, conflict)", func(r *rows, s *rundir.Spell) error {
		l.key(r, 9)
		r.int4(n)
		n++
		r.text(s.ParcelID)
		for _, day := range []string{s.From, s.To} {
			if err := r.date(day); err != nil {
				return fmt.Errorf("%s: parcel %s: %w", rundir.TenureFile, s.ParcelID, err)
			}
		}
		r.known(s.GrowerID)
		r.known(s.OwnerID)
		r.bool(s.Leased)
		r.texts(split(s.Chain))
		r.known(s.Conflict)
		return nil
	})
}

func (l *loader) past() (int64, error) {
	n := int32(0)
	return fillFrom(l, rundir.PastFile, "parus.past (run, county, n, plot_id, season, crops, yields, share)", func(r *rows, p *rundir.Past) error {
		l.key(r, 6)
		r.int4(n)
		n++
		r.text(p.PlotID)
		r.text(p.Season)
		r.texts(split(p.Crops))
		r.texts(split(p.Yields))
		r.float4(p.Share)
		return nil
	})
}

// fillFrom fills a table from the rows of a file.
func fillFrom[T any](l *loader, file, into string, one func(*rows, *T) error) (int64, error) {
	return copyRows(l.ctx, l.tx, into, func(r *rows) error {
		return rundir.Each(l.file(file), func(all []T) error {
			for i := range all {
				if err := one(r, &all[i]); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// float8p is null where nothing is known.
func (r *rows) float8p(v *float64) {
	if v == nil {
		r.null()
		return
	}
	r.float8(*v)
}
