package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/scoring"
	"github.com/parus-lending/parus/season"
)

// Memory for counties kept ready to be decided: their evidence takes about
// unpacked times the bytes of its file.
const (
	mostCounties   = 1 << 30
	unpacked       = 40
	mostDecisions  = 128 << 20 // of answers ready to be given: about 28,000
	roomOfDecision = 1000      // of the key, the entry and the short texts
)

// DecideGrower decides one grower from the newest run's evidence, as that run
// did, and keeps who asked.
func (s *server) DecideGrower(c *gin.Context, q contract.DecideGrowerParams) {
	var body contract.DecideGrowerJSONBody
	err := errors.Join(question(c, &body), inLength("grower_id", body.GrowerId, 1, 100), plain("grower_id", body.GrowerId))
	if err == nil && !sixDigits(body.County) {
		err = fmt.Errorf("%w: county: not six digits (GB/T 2260)", errQuestion)
	}
	key := deref(q.IdempotencyKey)
	if err == nil && q.IdempotencyKey != nil {
		err = errors.Join(inLength("Idempotency-Key", key, 1, 100), plain("Idempotency-Key", key))
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	ctx, a := c.Request.Context(), asker(c)
	made, err := s.made(ctx, a, body.County, body.GrowerId)
	answer, status := made.answer, http.StatusOK
	if !deref(q.Preview) {
		status = http.StatusCreated
		kept := false
		if err == nil {
			toKeep := made.answer
			if made.held {
				toKeep = nil
			}
			kept, err = s.Store.KeepAsked(ctx, a, key, made.decision, toKeep)
		}
		if !kept && key != "" && (err == nil || errors.Is(err, store.ErrNone)) { // what he was told once he is told again, though a newer run may not know the grower
			if was, before := s.Store.AskedBefore(ctx, a, key, body.County, body.GrowerId); !errors.Is(before, store.ErrNone) {
				answer, err = was, before
			}
		}
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	s.decided(c, status, answer)
}

func (s *server) decided(c *gin.Context, status int, answer []byte) {
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Length", strconv.Itoa(len(answer))) // in one piece
	c.Data(status, "application/json; charset=utf-8", answer)
}

// madeDecision is a decision and what the service answers with it. The same run
// decides the same grower alike whenever he is asked about.
type madeDecision struct {
	decision store.Decision
	answer   []byte
	held     bool // the run holds this decision
}

type madeKey struct {
	run    int32
	at     int64 // when the run was published
	grower string
}

// made makes the decision of the newest run; store.ErrNone where the run knows no such applicant.
func (s *server) made(ctx context.Context, a store.Asker, county, grower string) (m madeDecision, err error) {
	run, err := s.Store.Run(ctx, a, county, 0)
	if err != nil {
		return m, err
	}
	key := madeKey{run.ID, run.Published.UnixNano(), grower}
	if m, ok := s.decisions.get(key); ok {
		return m, nil
	}
	ready, err := s.ready(ctx, a, run)
	if err != nil {
		return m, err
	}
	ready.asked.Do(func() { go s.makeAhead(run, ready) })
	return s.make(key, ready)
}

// make decides a grower and keeps the answer ready; store.ErrNone where the run
// knows no such applicant.
func (s *server) make(key madeKey, ready readyCounty) (m madeDecision, err error) {
	_, d, ok := ready.Judge(key.grower)
	if !ok {
		return m, store.ErrNone
	}
	m.decision, m.held = store.DecisionOf(key.run, season.DecisionRow(d)), ready.held[d.ID]
	if m.answer, err = answerOf(m.decision); err != nil {
		return m, err
	}
	m.decision.Trace = nil // it stands in the answer
	s.decisions.put(key, m, len(m.answer)+roomOfDecision)
	return m, nil
}

// makeAhead decides the growers of a county that somebody has asked about, while
// there is room, so that the next question is answered at once.
func (s *server) makeAhead(run store.Run, ready readyCounty) {
	s.ahead.Add(1)
	defer func() {
		s.ahead.Add(-1)
		if p := recover(); p != nil { // who asks about that grower gets a problem; the service goes on
			s.Log.Error("panic", "what", fmt.Sprint(p), "run", run.ID)
		}
	}()
	for _, grower := range ready.Applicants() {
		if s.decisions.size() > mostDecisions*9/10 {
			return
		}
		key := madeKey{run.ID, run.Published.UnixNano(), grower}
		if _, ok := s.decisions.get(key); ok {
			continue
		}
		if _, err := s.make(key, ready); err != nil {
			s.Log.Error("decide ahead", "run", run.ID, "error", err.Error())
			return
		}
	}
}

// answerOf is json.Marshal of a decision, without reading its trace, most of it,
// once more: that was written by json.Marshal before.
func answerOf(d store.Decision) ([]byte, error) {
	trace := d.Trace
	if len(trace) == 0 {
		return json.Marshal(d)
	}
	d.Trace = json.RawMessage("0")
	b, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(b)+len(trace))
	out = append(out, b[:len(b)-len("0}")]...) // the trace stands last
	return append(append(out, trace...), '}'), nil
}

// readyCounty is a run's evidence, cross-checked, from which growers are decided,
// and the IDs of the decisions that the run holds.
type readyCounty struct {
	*scoring.County
	held  map[string]bool
	asked *sync.Once // about a grower: then the others are decided too
}

// keyOf names a run in what is remembered: by its number and when it was published.
func keyOf(run store.Run) string { return fmt.Sprint(run.ID, " ", run.Published.UnixNano()) }

func (s *server) ready(ctx context.Context, a store.Asker, run store.Run) (readyCounty, error) {
	return s.counties.of(ctx, keyOf(run), func(ctx context.Context) (r readyCounty, size int, err error) {
		stored, size, err := s.stored(ctx, a, run.ID)
		if err != nil {
			return r, 0, err
		}
		cp, err := scoring.ParseCreditPolicy([]byte(stored.CreditPolicy))
		if err != nil {
			return r, 0, fmt.Errorf("run %d: its credit policy: %w", run.ID, err)
		}
		ids, err := s.Store.DecisionIDs(ctx, a, run.ID)
		if err != nil {
			return r, 0, err
		}
		const room = 100 // of an ID and its place
		r = readyCounty{scoring.NewCounty(stored.Evidence, cp), make(map[string]bool, len(ids)), new(sync.Once)}
		for _, id := range ids {
			r.held[id] = true
		}
		return r, size + room*len(ids), nil
	})
}

// stored reads what a run's decisions rest on, and about how much memory it takes.
func (s *server) stored(ctx context.Context, a store.Asker, run int32) (*scoring.Stored, int, error) {
	file, err := s.Store.Evidence(ctx, a, run)
	if err != nil {
		return nil, 0, err
	}
	stored, err := scoring.ReadStored(bytes.NewReader(file))
	if err != nil {
		return nil, 0, fmt.Errorf("run %d: %w", run, err)
	}
	return stored, len(file) * unpacked, nil
}
