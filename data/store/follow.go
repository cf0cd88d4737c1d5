package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Current is a county's newest run.
type Current struct {
	Run    int32
	County string
}

// CurrentRuns are the newest run of each county, the last published first: for
// the service itself, whoever asks. What they hold is told to askers only.
func (s *Store) CurrentRuns(ctx context.Context) ([]Current, error) {
	rows, err := s.pool.Query(ctx, "SELECT id, county FROM parus.current_runs()")
	if err != nil {
		return nil, fmt.Errorf("find the current runs: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Current])
}

// Follow calls f now and then after each change of the runs that the store hears
// of (Remember), one call after the other; changes during a call lead to one
// more. The context of f ends with Close, which waits for it.
func (s *Store) Follow(f func(context.Context)) {
	s.Remember()
	e := &s.ear
	told := make(chan struct{}, 1)
	told <- struct{}{}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ctx == nil || e.ctx.Err() != nil {
		return // the store is closed
	}
	e.told = append(e.told, told)
	e.following.Go(func() {
		for {
			select {
			case <-e.ctx.Done():
				return
			case <-told:
			}
			if e.ctx.Err() != nil {
				return
			}
			f(e.ctx)
		}
	})
}

// tell has those who follow called.
func (e *ear) tell() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, told := range e.told {
		select {
		case told <- struct{}{}:
		default: // it is called anyway
		}
	}
}
