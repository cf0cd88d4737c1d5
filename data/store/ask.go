package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

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
	type kept struct {
		Same     bool
		Run      int32
		Decision string
		Answer   []byte
	}
	was, err := one[kept](ctx, s, a, "SELECT county = $2 AND grower_id = $3, run, decision_id, answer FROM parus.asked_decision WHERE asker = parus.asker() AND key = $1", key, county, grower)
	switch {
	case err != nil:
		return nil, err
	case !was.Same:
		return nil, ErrKey
	case was.Answer != nil:
		return was.Answer, nil
	}
	d, err := s.Decision(ctx, a, was.Run, was.Decision)
	if err != nil {
		return nil, fmt.Errorf("decision %s of run %d, which was answered before: %w", was.Decision, was.Run, err)
	}
	return json.Marshal(d)
}

// asked is a decision to be kept, with who asked; answer is nil where it is its
// run's own.
type asked struct {
	Asker
	key    string // '' = none
	d      Decision
	answer []byte
}

// answered says whether it was kept: not where the asker had used the key before.
type answered struct {
	kept bool
	err  error
}

// How many decisions one commit keeps at most, and how long it may take.
const (
	mostAsked    = 64
	askedSeconds = 15 * time.Second
)

// KeepAsked keeps that the asker asked for a decision, with its answer, and an
// entry of the audit log: both or neither. The answer is nil where it is the
// run's own decision, written by json.Marshal: that is not kept again. It returns
// false, and keeps nothing, where the asker had used the key (empty = none)
// before: AskedBefore has what he was answered. It returns after the commit,
// which those who ask at the same time share; where ctx ends first, it may have
// been kept.
func (s *Store) KeepAsked(ctx context.Context, a Asker, key string, d Decision, answer []byte) (kept bool, err error) {
	got, err := s.asking.of(ctx, asked{a, key, d, answer})
	if err == nil {
		err = got.err
	}
	if err != nil {
		err = fmt.Errorf("keep the decision of %s: %w", d.GrowerID, err)
	}
	return got.kept, err
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

func (s *Store) keepBatch(batch []asked) ([]answered, error) {
	ctx, cancel := context.WithTimeout(context.Background(), askedSeconds)
	defer cancel()
	var asked []string
	for _, q := range batch {
		detail, err := json.Marshal(struct {
			Run      int32  `json:"run"`
			GrowerID string `json:"grower_id"`
			Outcome  string `json:"outcome"`
			LimitFen int64  `json:"limit_fen"`
		}{q.d.Run, q.d.GrowerID, q.d.Outcome, q.d.LimitFen})
		if err != nil {
			return nil, err
		}
		asked = append(asked, q.ID, q.Role, strings.Join(q.Counties, ","), q.d.County, strconv.Itoa(int(q.d.Run)), q.d.GrowerID, q.d.DecisionID, string(q.answer), q.key, string(detail[1:]))
	}
	var kept []bool
	if err := s.pool.QueryRow(ctx, "SELECT parus.keep_asked($1)", asked).Scan(&kept); err != nil {
		return nil, err
	}
	if len(kept) != len(batch) {
		return nil, fmt.Errorf("%d of %d answers came back", len(kept), len(batch))
	}
	got := make([]answered, len(batch))
	for i := range got {
		got[i].kept = kept[i]
	}
	return got, nil
}
