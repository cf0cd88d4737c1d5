package api

import (
	"fmt"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/parcels"
)

func (s *server) ListAudit(c *gin.Context, q contract.ListAuditParams) {
	p, err := pageOf(q.Limit, q.Cursor)
	for name, day := range map[string]*string{"from": q.From, "to": q.To} {
		if _, bad := parcels.ParseDate(deref(day)); day != nil && bad != nil {
			err = fmt.Errorf("%w: %s: %q is no day", errQuestion, name, *day)
		}
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	where := store.AuditQuery{County: deref(q.County), Subject: deref(q.Subject), Asker: deref(q.Asker), Act: deref(q.Act), From: deref(q.From), To: deref(q.To)}
	found, err := s.Store.AuditLog(c.Request.Context(), asker(c), where, p)
	s.answer(c, paged(found, p, func(e store.AuditEntry) string { return strconv.FormatInt(e.Seq, 10) }), err)
}

func (s *server) ListUnmaskings(c *gin.Context, q contract.ListUnmaskingsParams) {
	p, err := pageOf(q.Limit, q.Cursor)
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	found, err := s.Store.Unmaskings(c.Request.Context(), asker(c), deref(q.Asker), deref(q.GrowerId), p)
	s.answer(c, paged(found, p, func(u store.Unmasking) string { return strconv.FormatInt(u.ID, 10) }), err)
}

// VerifyAudit follows the whole log, and holds it against the days' ends that
// are kept outside the database.
func (s *server) VerifyAudit(c *gin.Context) {
	var heads []store.Head
	var last time.Time
	var err error
	if s.Heads != "" {
		heads, last, err = store.ReadHeads(s.Heads)
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	end, wrong, err := s.Store.WalkAudit(c.Request.Context(), asker(c), heads)
	state := contract.AuditState{Whole: wrong == "", Entries: end.Seq, Head: end.Hash, DaysClosed: len(heads)}
	if wrong != "" {
		state.Wrong = &wrong
		s.Log.Error("the audit log was tampered with", "what", wrong)
	}
	if !last.IsZero() {
		state.LastClosed = &last
	}
	s.answer(c, state, err)
}
