package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

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

// asked is a decision to be kept, with who asked.
type asked struct {
	Asker
	key    string // '' = none
	d      Decision
	answer []byte
}

// answered is what its asker gets.
type answered struct {
	answer []byte
	err    error
}

// How many decisions one commit keeps at most, and how long it may take.
const (
	mostAsked    = 64
	askedSeconds = 15 * time.Second
)

// KeepAsked keeps a decision that the asker asked for, with its answer, and an
// entry of the audit log: both or neither. Where another request with the same
// key (empty = none) was faster, its answer is given and nothing is kept. It
// returns after the commit, which those who ask at the same time share; where
// ctx ends first, it may have been kept.
func (s *Store) KeepAsked(ctx context.Context, a Asker, key string, d Decision, answer []byte) (was []byte, err error) {
	got, err := s.asking.of(ctx, asked{a, key, d, answer})
	if err == nil {
		err = got.err
	}
	if err != nil && !errors.Is(err, ErrKey) {
		err = fmt.Errorf("keep the decision of %s: %w", d.GrowerID, err)
	}
	return got.answer, err
}

// keepAsked keeps a batch. What the database refuses (another's county, a role
// without the right) spoils it for the others: then each is kept by itself.
func (s *Store) keepAsked(batch []asked) ([]answered, error) {
	got, err := s.keepBatch(batch)
	var refused *pgconn.PgError // nothing of the batch was kept
	if len(batch) == 1 || !errors.As(err, &refused) {
		return got, err
	}
	got = got[:0]
	for i := range batch {
		one, err := s.keepBatch(batch[i : i+1])
		if err != nil {
			one = []answered{{err: err}}
		}
		got = append(got, one...)
	}
	return got, nil
}

func (s *Store) keepBatch(batch []asked) (got []answered, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), askedSeconds)
	defer cancel()
	n := len(batch)
	var text [8][]string // askers, roles, their counties, county, growers, decisions, answers, details
	runs, keys := make([]int32, n), make([]*string, n)
	for i, q := range batch {
		detail, err := json.Marshal(map[string]any{"run": q.d.Run, "grower_id": q.d.GrowerID, "outcome": q.d.Outcome, "limit_fen": q.d.LimitFen})
		if err != nil {
			return nil, err
		}
		for k, v := range [...]string{q.ID, q.Role, strings.Join(q.Counties, ","), q.d.County, q.d.GrowerID, q.d.DecisionID, string(q.answer), string(detail[1:])} {
			text[k] = append(text[k], v)
		}
		if runs[i] = q.d.Run; q.key != "" {
			keys[i] = &q.key
		}
	}
	rows, err := s.pool.Query(ctx, "SELECT kept, same, was FROM parus.keep_asked($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
		text[0], text[1], text[2], runs, text[3], text[4], text[5], text[6], keys, text[7])
	if err != nil {
		return nil, err
	}
	var kept bool
	var same *bool
	var was []byte
	_, err = pgx.ForEachRow(rows, []any{&kept, &same, &was}, func() error {
		one := answered{answer: batch[len(got)].answer}
		switch {
		case kept:
		case same != nil && *same:
			one.answer = bytes.Clone(was)
		default:
			one = answered{err: ErrKey}
		}
		got = append(got, one)
		return nil
	})
	if err == nil && len(got) != n {
		err = fmt.Errorf("%d of %d answers came back", len(got), n)
	}
	return got, err
}
