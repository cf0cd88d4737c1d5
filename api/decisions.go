package api

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/store"
)

func (s *server) ListFindings(c *gin.Context, q contract.ListFindingsParams) {
	p, err := pageOf(q.Limit, q.Cursor)
	if q.Severity != nil && !q.Severity.Valid() {
		err = fmt.Errorf("%w: no severity %q", errQuestion, *q.Severity)
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	where := store.FindingQuery{GrowerID: deref(q.GrowerId), Code: deref(q.Code), Severity: string(deref(q.Severity))}
	s.inCounty(c, q.County, q.Run, func(run int32) (any, error) {
		found, err := s.Store.Findings(c.Request.Context(), asker(c), run, where, p)
		return paged(found, p, func(f store.Finding) string { return strconv.Itoa(int(f.N)) }), err
	})
}

func (s *server) ListDecisions(c *gin.Context, q contract.ListDecisionsParams) {
	p, err := pageOf(q.Limit, q.Cursor)
	if q.Outcome != nil && !q.Outcome.Valid() {
		err = fmt.Errorf("%w: no outcome %q", errQuestion, *q.Outcome)
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	where := store.DecisionQuery{Outcome: string(deref(q.Outcome)), GrowerID: deref(q.GrowerId)}
	s.inCounty(c, q.County, q.Run, func(run int32) (any, error) {
		found, err := s.Store.Decisions(c.Request.Context(), asker(c), run, where, p)
		return paged(found, p, func(d store.Decision) string { return d.DecisionID }), err
	})
}

func (s *server) GetDecision(c *gin.Context, id string, q contract.GetDecisionParams) {
	s.with(c, "decision", id, q.Run, func(run int32) (any, error) { return s.Store.Decision(c.Request.Context(), asker(c), run, id) })
}

// person is a grower as a sheet shows him.
type person struct {
	GrowerID string `json:"grower_id"`
	store.Person
}

func (s *server) SearchGrowers(c *gin.Context) {
	var q contract.SearchGrowersJSONBody
	if err := errors.Join(question(c, &q), inLength("text", q.Text, 1, 100)); err != nil {
		s.answer(c, nil, err)
		return
	}
	if s.Seal == nil {
		s.answer(c, []person{}, nil)
		return
	}
	found, err := s.Store.FindPeople(c.Request.Context(), s.Seal, asker(c), q.Text)
	out := []person{}
	for _, p := range found {
		out = append(out, person{p.GrowerID, p})
	}
	s.answer(c, out, err)
}

func (s *server) UnmaskGrower(c *gin.Context, id string, q contract.UnmaskGrowerParams) {
	var body contract.UnmaskGrowerJSONBody
	if err := errors.Join(question(c, &body), inLength("purpose", body.Purpose, 4, 500)); err != nil {
		s.answer(c, nil, err)
		return
	}
	if s.Seal == nil {
		s.answer(c, nil, store.ErrNoPerson)
		return
	}
	p, err := s.Store.Unmask(c.Request.Context(), s.Seal, asker(c), q.County, id, body.Purpose)
	s.answer(c, person{id, p}, err)
}

func (s *server) GetMe(c *gin.Context) {
	m := c.MustGet(memberKey).(store.Member)
	s.answer(c, contract.Me{Id: m.Subject, Name: m.Name, Role: m.Role, Counties: append([]string{}, m.Counties...)}, nil)
}
