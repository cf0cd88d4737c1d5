package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
)

func (s *server) ListReliefs(c *gin.Context, q contract.ListReliefsParams) {
	listed(s, c, q.Limit, q.Cursor, func(p store.Page) ([]store.Relief, error) {
		return s.Store.Reliefs(c.Request.Context(), asker(c), q.County, p)
	}, func(r store.Relief) string { return number(r.ID) })
}

func (s *server) AskRelief(c *gin.Context, q contract.AskReliefParams) {
	body, key, err := order[contract.AskReliefJSONBody](c, q.IdempotencyKey)
	if err = errors.Join(err, aDay("until", &body.Until), prose("why", body.Why)); err != nil {
		s.answer(c, nil, err)
		return
	}
	ctx, a := c.Request.Context(), asker(c)
	limit, err := s.Store.LimitSheet(ctx, a, body.Limit)
	var o offer
	if err == nil {
		o, err = s.offer(ctx, a, limit.Limit)
	}
	var text, answer json.RawMessage
	if err == nil {
		text, err = json.Marshal(o)
	}
	if err == nil {
		answer, err = s.Store.AskRelief(ctx, a, key, body.Limit, body.Until, body.Why, o.Until, text)
	}
	s.kept(c, http.StatusCreated, answer, err)
}

// offer is what a credit policy's relief gives a loan.
type offer struct {
	CreditPolicy  string       `json:"credit_policy"`
	Run           int32        `json:"run"` // whose evidence and policy it rests on: the county's newest
	AsOf          string       `json:"as_of"`
	ExtensionDays int          `json:"extension_days"` // 0 = the policy has no relief
	MinShare      scoring.Prob `json:"min_share"`      // of the land that notices must cover, 1/10000
	WorstLevel    int          `json:"worst_level"`
	Until         string       `json:"until,omitempty"` // the day it puts the loan off to; empty = it gives nothing
	Notices       []string     `json:"notices"`
	Rule          string       `json:"rule"` // the line of the trace
}

// offer judges the grower again as if the limit stood among his debts.
func (s *server) offer(ctx context.Context, a store.Asker, l store.Limit) (o offer, err error) {
	run, err := s.Store.Run(ctx, a, l.County, 0)
	if err != nil {
		return o, err
	}
	file, _, err := s.stored(ctx, a, run.ID)
	if err != nil {
		return o, err
	}
	cp, err := scoring.ParseCreditPolicy([]byte(file.CreditPolicy))
	if err != nil {
		return o, fmt.Errorf("run %d: its credit policy: %w", run.ID, err)
	}
	o = offer{CreditPolicy: cp.Ref(), Run: run.ID, AsOf: run.AsOf, Notices: []string{}}
	if cp.Relief == nil {
		return o, nil
	}
	o.ExtensionDays, o.MinShare, o.WorstLevel = cp.Relief.ExtensionDays, cp.Relief.MinShare, cp.Relief.WorstLevel
	due, err := parcels.ParseDate(l.Until)
	if err != nil {
		return o, err
	}
	ev := scoring.EvidenceOf(file.Evidence, l.GrowerID)
	debt := scoring.Debt{Provenance: parcels.Provenance{Source: "the service's limits", Received: ev.AsOf}, DebtID: "limit " + number(l.ID), GrowerID: l.GrowerID, Lender: cp.Lender, Purpose: "production", Season: ev.SeasonID,
		Outstanding: scoring.Fen(max(l.OwedFen, 1)), Due: due, DaysPastDue: int(l.OverdueDays)}
	ev.Records.Debts = append(ev.Records.Debts, debt)
	_, d, ok := scoring.JudgeOne(ev, cp, l.GrowerID)
	if !ok {
		return o, nil
	}
	for _, x := range d.Extensions {
		if x.DebtID == debt.DebtID {
			o.Until, o.Notices = x.NewDue.String(), x.Notices
		}
	}
	for _, line := range d.Trace {
		if strings.HasPrefix(line, "rule relief:") {
			o.Rule = line
		}
	}
	return o, nil
}

func (s *server) DecideRelief(c *gin.Context, id contract.ByNumber, q contract.DecideReliefParams) {
	body, key, err := order[contract.DecideReliefJSONBody](c, q.IdempotencyKey)
	if err = errors.Join(err, oneOf("act", body.Act), aDay("until", body.Until), prose("why", body.Why)); err != nil {
		s.answer(c, nil, err)
		return
	}
	state := map[contract.DecideReliefJSONBodyAct]string{"grant": "granted", "refuse": "refused"}[body.Act]
	answer, err := s.Store.DecideRelief(c.Request.Context(), asker(c), key, id, state, body.Until, body.Why)
	s.kept(c, http.StatusOK, answer, err)
}

func (s *server) ListHumanReviews(c *gin.Context, q contract.ListHumanReviewsParams) {
	listed(s, c, q.Limit, q.Cursor, func(p store.Page) ([]store.HumanReview, error) {
		return s.Store.HumanReviews(c.Request.Context(), asker(c), q.County, p)
	}, func(r store.HumanReview) string { return number(r.ID) })
}

func (s *server) AskHumanReview(c *gin.Context, q contract.AskHumanReviewParams) {
	body, key, err := order[contract.AskHumanReviewJSONBody](c, q.IdempotencyKey)
	if (body.Application == nil) == (body.DecisionId == nil || body.Run == nil) {
		err = errors.Join(err, fmt.Errorf("%w: name an application, or decision_id and run", errQuestion))
	}
	if err = errors.Join(err, plain("decision_id", deref(body.DecisionId)), prose("why", body.Why)); err != nil {
		s.answer(c, nil, err)
		return
	}
	answer, err := s.Store.AskHumanReview(c.Request.Context(), asker(c), key, body.Application, deref(body.DecisionId), deref(body.Run), body.Why)
	s.kept(c, http.StatusCreated, answer, err)
}

func (s *server) DecideHumanReview(c *gin.Context, id contract.ByNumber, q contract.DecideHumanReviewParams) {
	body, key, err := order[contract.DecideHumanReviewJSONBody](c, q.IdempotencyKey)
	if err = errors.Join(err, oneOf("act", body.Act), prose("why", body.Why)); err != nil {
		s.answer(c, nil, err)
		return
	}
	state := map[contract.DecideHumanReviewJSONBodyAct]string{"uphold": "upheld", "overturn": "overturned"}[body.Act]
	answer, err := s.Store.DecideHumanReview(c.Request.Context(), asker(c), key, id, state, body.Why)
	s.kept(c, http.StatusOK, answer, err)
}
