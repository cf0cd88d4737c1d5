package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/rundir"
)

// ErrKey is the answer where a key was used for another question.
var ErrKey = errors.New("this idempotency key was used for another question")

// Evidence is what a run's decisions rest on: evidence.json.gz.
func (s *Store) Evidence(ctx context.Context, a Asker, run int32) ([]byte, error) {
	b, err := one1[[]byte](ctx, s, a, "SELECT evidence FROM parus.run WHERE id = $1", run)
	if err != nil {
		return nil, fmt.Errorf("evidence of run %d: %w", run, err)
	}
	return b, nil
}

// DecisionOf is a row of decisions.parquet as the store reads it back.
func DecisionOf(run int32, d rundir.Decision) Decision {
	out := Decision{DecisionID: d.DecisionID, Run: run, County: d.County, GrowerID: d.GrowerID, Season: d.Season, AsOf: d.AsOf, Outcome: d.Outcome, LimitFen: d.LimitFen, Binding: d.Binding,
		RateBP: d.RateBP, Reasons: append([]string{}, split(d.Reasons)...), RestsOn: d.RestsOn, AreaMu: d.AreaMu, Plots: append([]string{}, split(d.Plots)...), CreditPolicy: d.CreditPolicy,
		Models: append([]string{}, split(d.Models)...), Evidence: d.Evidence, Trace: json.RawMessage(d.Trace)}
	if d.TenorEnd != "" {
		out.TenorEnd = &d.TenorEnd
	}
	return out
}

// AskedBefore is the answer that the asker got for a question with this key;
// ErrNone where he has not asked, ErrKey where it was another question.
func (s *Store) AskedBefore(ctx context.Context, a Asker, key, county, grower string) ([]byte, error) {
	var answer []byte
	err := s.As(ctx, a, func(tx pgx.Tx) (err error) {
		answer, err = askedBefore(ctx, tx, key, county, grower)
		return err
	})
	return answer, err
}

func askedBefore(ctx context.Context, tx pgx.Tx, key, county, grower string) (answer []byte, err error) {
	var same bool
	err = tx.QueryRow(ctx, "SELECT county = $2 AND grower_id = $3, answer FROM parus.asked_decision WHERE asker = current_setting('parus.asker') AND key = $1", key, county, grower).Scan(&same, &answer)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, ErrNone
	case err == nil && !same:
		return nil, ErrKey
	}
	return answer, err
}

// KeepAsked keeps a decision that the asker asked for, with its answer, and an
// entry of the audit log: both or neither. Where another request with the same
// key (empty = none) was faster, its answer is given and nothing is kept.
func (s *Store) KeepAsked(ctx context.Context, a Asker, key string, d Decision, answer []byte) (was []byte, err error) {
	var name *string
	if key != "" {
		name = &key
	}
	err = s.As(ctx, a, func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `INSERT INTO parus.asked_decision (run, county, grower_id, decision_id, answer, key) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (asker, key) DO NOTHING RETURNING id`, d.Run, d.County, d.GrowerID, d.DecisionID, answer, name).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			answer, err = askedBefore(ctx, tx, key, d.County, d.GrowerID)
			return err
		}
		if err != nil {
			return err
		}
		return Audit(ctx, tx, d.County, "decide", d.DecisionID, map[string]any{"asked": id, "run": d.Run, "grower_id": d.GrowerID, "outcome": d.Outcome, "limit_fen": d.LimitFen})
	})
	if err != nil && !errors.Is(err, ErrKey) {
		err = fmt.Errorf("keep the decision of %s: %w", d.GrowerID, err)
	}
	return answer, err
}
