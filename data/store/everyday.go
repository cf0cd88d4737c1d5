package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// DueSoonDays before a limit's last day the service has somebody look.
	DueSoonDays = 14
	// KeyDays is how long a write's Idempotency-Key is kept; the database lets
	// nobody clear younger ones.
	KeyDays = 30
)

// itself is who the service is in what it does by itself: no member has the role.
var itself = Asker{ID: "parus", Role: "service"}

// EveryDay does what the service does by itself (WatchLimits, ClearKeys) at once,
// then each day at 00:00 UTC, eight o'clock in China, until the context ends. What
// fails is said, and tried again a minute later.
func (s *Store) EveryDay(ctx context.Context, clock Clock, say func(error)) {
	for ctx.Err() == nil {
		now := clock.Now()
		_, err := s.WatchLimits(ctx, now)
		_, clear := s.ClearKeys(ctx, now)
		next := now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
		if err = errors.Join(err, clear); err != nil && ctx.Err() == nil {
			say(err)
			next = now.Add(again)
		}
		if clock.Until(ctx, next) != nil {
			return
		}
	}
}

// WatchLimits makes a task of monitoring for each limit that ends within
// DueSoonDays of today with something owed, and one of collection where something
// was not paid on its due day: once for each due day, however often and by however
// many services it is called, and none beside an open one of its kind. It answers
// how many were made.
func (s *Store) WatchLimits(ctx context.Context, now time.Time) (made int, err error) {
	counties, err := s.Counties(ctx, itself)
	if err != nil {
		return 0, fmt.Errorf("watch limits: %w", err)
	}
	for _, c := range counties {
		a := itself
		a.Counties = []string{c.Code}
		n, err := s.watchCounty(ctx, a, now)
		if err != nil {
			return made, fmt.Errorf("watch the limits of county %s: %w", c.Code, err)
		}
		made += n
	}
	return made, nil
}

func (s *Store) watchCounty(ctx context.Context, a Asker, now time.Time) (made int, err error) {
	type due struct {
		Application   int64
		Grower        string
		Kind, Subject string
	}
	err = s.As(ctx, a, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtext('parus.watch_limits'))"); err != nil { // several services wait for each other
			return err
		}
		rows, err := tx.Query(ctx, `SELECT l.application, l.grower_id, k.kind, s.subject FROM parus.credit_limit l, LATERAL (SELECT parus.day_of(l.run, $2) AS today) t, LATERAL parus.owed(l, today) o,
			LATERAL (SELECT 'collect' AS kind, o.due AS day WHERE o.overdue_fen > 0 UNION ALL SELECT 'monitor', l.until WHERE l.until BETWEEN today AND today + $3::int AND l.outstanding_fen + o.interest_fen > 0) k,
			LATERAL (SELECT format('limit %s due %s', l.id, k.day) AS subject) s
			WHERE l.county = $1 AND l.state <> 'closed' AND NOT EXISTS (SELECT FROM parus.task x WHERE x.application = l.application AND x.kind = k.kind AND (x.done_at IS NULL OR x.made_by = parus.asker() AND x.subject = s.subject))
			ORDER BY l.id, k.kind`, a.Counties[0], now, DueSoonDays)
		if err != nil {
			return err
		}
		found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[due])
		if err != nil {
			return err
		}
		ids := make([]int64, len(found))
		for i, d := range found {
			if ids[i], err = AddTask(ctx, tx, Task{County: a.Counties[0], Kind: d.Kind, Application: &d.Application, GrowerID: d.Grower, Subject: d.Subject}); err != nil {
				return err
			}
		}
		for i, d := range found { // the chain of the log is locked from here on
			if err := Audit(ctx, tx, a.Counties[0], "make_task", subjectOf("task", ids[i]), map[string]any{"kind": d.Kind, "grower_id": d.Grower, "subject": d.Subject}); err != nil {
				return err
			}
		}
		made = len(found)
		return nil
	})
	return made, err
}

// ClearKeys forgets the keys of writes that are older than KeyDays, and how many
// they were.
func (s *Store) ClearKeys(ctx context.Context, now time.Time) (cleared int64, err error) {
	err = s.As(ctx, itself, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, "DELETE FROM parus.request_key WHERE at < $1", now.AddDate(0, 0, -KeyDays))
		if err != nil || done.RowsAffected() == 0 {
			return err
		}
		cleared = done.RowsAffected()
		return Audit(ctx, tx, "", "clear_keys", "request keys", map[string]any{"cleared": cleared})
	})
	if err != nil {
		return 0, fmt.Errorf("clear the keys of writes: %w", err)
	}
	return cleared, nil
}
