package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Newest is a county's newest run with what day it is there (a made-up county lives
// from its run's as-of day on), and how many growers it admits where that was counted.
type Newest struct {
	County, Season, AsOf string
	Today                string
	Run                  int32
	Admitted             int64
}

// The newest run comes first; but runs of a made-up county live each from its own
// day on, so that none is past: there one that admits somebody goes before.
const newestOrder = ` FROM parus.run r ORDER BY county, sample AND NOT EXISTS (SELECT FROM parus.decision d WHERE d.run = r.id AND d.outcome = 'admit'), as_of DESC, id DESC`

const newestRuns = `SELECT DISTINCT ON (county) county, season, as_of::text, parus.day_of(id, $1)::text, id, `

// NewestRuns are the newest runs of the asker's counties, by county, with how many
// growers each admits. now is the service's clock.
func (s *Store) NewestRuns(ctx context.Context, a Asker, now time.Time) ([]Newest, error) {
	found, err := all[Newest](ctx, s, a, newestRuns+`(SELECT count(*) FROM parus.decision d WHERE d.run = r.id AND d.outcome = 'admit')`+newestOrder, now)
	if err != nil {
		return nil, fmt.Errorf("newest runs: %w", err)
	}
	return found, nil
}

// Admitted is a decision that admits a grower.
type Admitted struct {
	County     string  `json:"county"`
	Run        int32   `json:"run"`
	Season     string  `json:"season"`
	AsOf       string  `json:"as_of"`
	LimitFen   int64   `json:"limit_fen"`
	TenorEnd   *string `json:"tenor_end,omitempty"`
	DecisionID string  `json:"decision_id"`
}

// AdmittedIn finds where a grower is admitted: asks says which of the newest runs
// may be asked. That the asker looked, and at how many counties, is kept in the
// audit log before he is told; the log names the grower by his keyed code.
func (s *Store) AdmittedIn(ctx context.Context, a Asker, now time.Time, grower string, asks func([]Newest) (runs []int32, detail any)) (found []Admitted, err error) {
	err = s.As(ctx, a, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, newestRuns+`0::bigint`+newestOrder, now)
		if err != nil {
			return err
		}
		newest, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Newest])
		if err != nil {
			return err
		}
		runs, detail := asks(newest)
		if rows, err = tx.Query(ctx, `SELECT county, run, season, as_of::text, limit_fen, tenor_end::text, decision_id FROM parus.decision
			WHERE grower_id = $1 AND run = ANY($2) AND outcome = 'admit' ORDER BY county`, grower, runs); err != nil {
			return err
		}
		if found, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Admitted]); err != nil {
			return err
		}
		county := ""
		if len(a.Counties) == 1 {
			county = a.Counties[0]
		}
		return Audit(ctx, tx, county, "pre-admission", grower, detail)
	})
	if err != nil {
		return nil, fmt.Errorf("pre-admission: %w", err)
	}
	return found, nil
}
