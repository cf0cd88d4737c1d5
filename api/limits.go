package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/store"
)

func (s *server) ListLimits(c *gin.Context, q contract.ListLimitsParams) {
	listed(s, c, q.Limit, q.Cursor, func(p store.Page) ([]store.Limit, error) {
		return s.Store.Limits(c.Request.Context(), asker(c), store.LimitQuery{County: q.County, GrowerID: deref(q.GrowerId), Overdue: deref(q.Overdue)}, p)
	}, store.Limit.Cursor)
}

func (s *server) GetLimit(c *gin.Context, id contract.ByNumber) {
	found, err := s.Store.LimitSheet(c.Request.Context(), asker(c), id)
	s.answer(c, found, err)
}

func (s *server) Draw(c *gin.Context, id contract.ByNumber, q contract.DrawParams) {
	s.move(c, "drawing", id, q.IdempotencyKey)
}

func (s *server) Repay(c *gin.Context, id contract.ByNumber, q contract.RepayParams) {
	s.move(c, "repayment", id, q.IdempotencyKey)
}

func (s *server) move(c *gin.Context, kind string, limit int64, key string) {
	body, key, err := order[contract.Money](c, &key)
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	answer, err := s.Store.Move(c.Request.Context(), asker(c), key, kind, limit, body.AmountFen)
	s.kept(c, http.StatusCreated, answer, err)
}

func (s *server) ListOverrides(c *gin.Context, q contract.ListOverridesParams) {
	listed(s, c, q.Limit, q.Cursor, func(p store.Page) ([]store.Override, error) {
		return s.Store.Overrides(c.Request.Context(), asker(c), q.County, p)
	}, func(o store.Override) string { return number(o.Event) })
}

func (s *server) ListApprovalRules(c *gin.Context, q contract.ListApprovalRulesParams) {
	found, err := s.Store.ApprovalRules(c.Request.Context(), asker(c), q.County)
	s.answer(c, append([]store.ApprovalRule{}, found...), err)
}

func (s *server) ProposeApprovalRule(c *gin.Context, q contract.ProposeApprovalRuleParams) {
	body, key, err := order[contract.ProposeApprovalRuleJSONBody](c, q.IdempotencyKey)
	if err == nil {
		err = aCounty(body.County)
	}
	if err == nil {
		err = prose("why", body.Why)
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	answer, err := s.Store.ProposeApprovalRule(c.Request.Context(), asker(c), key, body.County, body.FromFen, body.Why)
	s.kept(c, http.StatusCreated, answer, err)
}

func (s *server) ConfirmApprovalRule(c *gin.Context, id contract.ByNumber) {
	answer, err := s.Store.ConfirmApprovalRule(c.Request.Context(), asker(c), id)
	s.kept(c, http.StatusOK, answer, err)
}
