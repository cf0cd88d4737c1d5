package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/scoring"
)

// mostMoves is how many decisions that move are listed.
const mostMoves = 200

// errTrying is the answer while another simulation runs.
var errTrying = errors.New("another simulation is running")

// alone runs f where no other simulation runs, and leaves it behind when the
// asker has gone: the next waits for its end.
func alone[T any](ctx context.Context, s *server, f func() (T, error)) (v T, err error) {
	select {
	case s.trying <- struct{}{}:
	default:
		return v, errTrying
	}
	type result struct {
		v   T
		err error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil { // in this goroutine nobody else would catch it
				r = result{err: fmt.Errorf("panic: %v", p)}
			}
			<-s.trying // before the answer: who has it may ask again
			done <- r
		}()
		r.v, r.err = f()
	}()
	select {
	case <-ctx.Done():
		return v, ctx.Err()
	case r := <-done:
		return r.v, r.err
	}
}

// parsed reads a text as a credit policy.
func (s *server) parsed(ctx context.Context, text string) (*scoring.CreditPolicy, error) {
	return alone(ctx, s, func() (*scoring.CreditPolicy, error) {
		cp, err := scoring.ParseCreditPolicy([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errPolicy, err)
		}
		return cp, nil
	})
}

// SimulateCreditPolicy decides a run again by another text and keeps nothing.
func (s *server) SimulateCreditPolicy(c *gin.Context) {
	var body contract.SimulateCreditPolicyJSONBody
	err := errors.Join(question(c, &body), inLength("text", body.Text, 1, mostPolicyText))
	if err == nil && !sixDigits(body.County) {
		err = fmt.Errorf("%w: county: not six digits (GB/T 2260)", errQuestion)
	}
	ctx, a := c.Request.Context(), asker(c)
	var run store.Run
	if err == nil {
		run, err = s.Store.Run(ctx, a, body.County, deref(body.Run))
	}
	var own *policy
	if err == nil {
		own, err = s.policyOf(ctx, a, run)
	}
	var ready readyCounty
	if err == nil {
		ready, err = s.ready(ctx, a, run)
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	out, err := alone(ctx, s, func() (contract.Simulation, error) {
		cp, err := scoring.ParseCreditPolicy([]byte(body.Text))
		if err != nil {
			return contract.Simulation{}, fmt.Errorf("%w: %w", errPolicy, err)
		}
		out := simulated(ready.County, ready.Under(cp))
		out.Run, out.Policy = run.ID, cp.Ref()
		out.Changes, err = changesOf(own.text, body.Text)
		return out, err
	})
	s.answer(c, out, err)
}

// simulated holds all decisions of a county under two credit policies against
// each other.
func simulated(own, other *scoring.County) contract.Simulation {
	from, to := own.All(), other.All()
	moves := scoring.CompareDecisions(from, to)
	out := contract.Simulation{Outcomes: moves.Outcomes, Moves: []contract.SimulatedMove{}}
	groups := [5]map[string]*contract.SimulatedGroup{}
	for i := range groups {
		groups[i] = map[string]*contract.SimulatedGroup{}
	}
	for i := range from { // the same applicants in the same order
		a, b := &from[i], &to[i]
		first, known := own.FirstTime(a.GrowerID)
		loans := "unknown"
		switch {
		case known && first:
			loans = "first_time"
		case known:
			loans = "had_loans"
		}
		for k, name := range [5]string{"all", cmp.Or(own.Kind(a.GrowerID), "unknown"), loans, areaClass(a.Area), own.Village(a.GrowerID)} {
			g := groups[k][name]
			if g == nil {
				g = &contract.SimulatedGroup{Group: name}
				groups[k][name] = g
			}
			x, y := int64(0), int64(0)
			if a.Outcome == scoring.Admit {
				x, g.AdmittedFrom = int64(a.Limit), g.AdmittedFrom+1
			}
			if b.Outcome == scoring.Admit {
				y, g.AdmittedTo = int64(b.Limit), g.AdmittedTo+1
			}
			g.Decisions++
			if a.Outcome != b.Outcome || a.Limit != b.Limit {
				g.Changed++
			}
			g.FenFrom, g.FenTo, g.FenMoved = g.FenFrom+x, g.FenTo+y, g.FenMoved+max(x-y, y-x)
		}
	}
	out.Total = contract.SimulatedGroup{Group: "all"}
	if all := groups[0]["all"]; all != nil {
		out.Total = *all
	}
	for i, list := range []*[]contract.SimulatedGroup{&out.ByKind, &out.ByFirstTime, &out.ByArea, &out.ByVillage} {
		*list = []contract.SimulatedGroup{}
		for _, g := range groups[i+1] {
			*list = append(*list, *g)
		}
		slices.SortFunc(*list, func(a, b contract.SimulatedGroup) int { return cmp.Compare(a.Group, b.Group) })
	}
	out.MovesLeftOut = max(0, len(moves.List)-mostMoves)
	for _, m := range moves.List[:len(moves.List)-out.MovesLeftOut] {
		out.Moves = append(out.Moves, contract.SimulatedMove{GrowerId: m.GrowerID, From: m.From, To: m.To, LimitFromFen: int64(m.LimitFrom), LimitToFen: int64(m.LimitTo), Binding: m.Binding, Reasons: m.Reasons})
	}
	return out
}

// areaClass names how much land counts, in mu.
func areaClass(a scoring.Area) string {
	for _, c := range []struct {
		below float64 // mu
		name  string
	}{{10, "0-10"}, {50, "10-50"}, {200, "50-200"}} {
		if a < scoring.AreaOfMu(c.below) {
			return c.name
		}
	}
	return "200-"
}
