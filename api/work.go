package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/store"
)

// order reads the body of a write and its key; "" = it has none.
func order[T any](c *gin.Context, key *string) (body T, once string, err error) {
	err = question(c, &body)
	if once = deref(key); key != nil {
		err = errors.Join(err, inLength("Idempotency-Key", once, 1, 100), plain("Idempotency-Key", once))
	}
	return body, once, err
}

// prose refuses a text that nobody writes by hand, or too long a one.
func prose(name, text string) error {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
		return fmt.Errorf("%w: %s: control characters or broken UTF-8", errQuestion, name)
	}
	return inLength(name, text, 0, 1000)
}

// aDay refuses what is no calendar day.
func aDay(name string, text *string) error {
	if text == nil {
		return nil
	}
	if d, err := time.Parse(time.DateOnly, *text); err != nil || d.Year() < 1900 || d.Year() > 2200 {
		return fmt.Errorf("%w: %s is no day (2024-12-01)", errQuestion, name)
	}
	return nil
}

func aCounty(code string) error {
	if !sixDigits(code) {
		return fmt.Errorf("%w: county: not six digits (GB/T 2260)", errQuestion)
	}
	return nil
}

func oneOf[T interface{ Valid() bool }](name string, v T) error {
	if !v.Valid() {
		return fmt.Errorf("%w: %s: no %v", errQuestion, name, v)
	}
	return nil
}

// kept answers a write with what the store kept of it.
func (s *server) kept(c *gin.Context, status int, answer json.RawMessage, err error) {
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	c.Header("Cache-Control", "no-store")
	c.Data(status, "application/json; charset=utf-8", answer)
}

// listed answers with one page of a county's rows.
func listed[T any](s *server, c *gin.Context, limit *int, cursor *string, ask func(store.Page) ([]T, error), key func(T) string) {
	p, err := pageOf(limit, cursor)
	var found []T
	if err == nil {
		found, err = ask(p)
	}
	s.answer(c, paged(found, p, key), err)
}

func number(id int64) string { return strconv.FormatInt(id, 10) }

func (s *server) ListApplications(c *gin.Context, q contract.ListApplicationsParams) {
	listed(s, c, q.Limit, q.Cursor, func(p store.Page) ([]store.Application, error) {
		return s.Store.Applications(c.Request.Context(), asker(c), store.ApplicationQuery{County: q.County, State: deref(q.State), GrowerID: deref(q.GrowerId)}, p)
	}, func(a store.Application) string { return number(a.ID) })
}

func (s *server) GetApplication(c *gin.Context, id contract.ByNumber) {
	found, err := s.Store.ApplicationSheet(c.Request.Context(), asker(c), id)
	s.answer(c, found, err)
}

func (s *server) Apply(c *gin.Context, q contract.ApplyParams) {
	body, key, err := order[contract.ApplyJSONBody](c, q.IdempotencyKey)
	if err = errors.Join(err, aCounty(body.County), inLength("grower_id", body.GrowerId, 1, 100), plain("grower_id", body.GrowerId), inLength("decision_id", body.DecisionId, 1, 100),
		plain("decision_id", body.DecisionId), plain("product", body.Product), plain("industry", deref(body.Industry)), oneOf("purpose", body.Purpose), aDay("asked_until", &body.AskedUntil)); err != nil {
		s.answer(c, nil, err)
		return
	}
	answer, err := s.Store.Apply(c.Request.Context(), asker(c), key, store.Applying{County: body.County, Run: body.Run, GrowerID: body.GrowerId, DecisionID: body.DecisionId, Product: body.Product,
		Industry: deref(body.Industry), Purpose: string(body.Purpose), AskedFen: body.AskedFen, AskedUntil: body.AskedUntil})
	s.kept(c, http.StatusCreated, answer, err)
}

func (s *server) ActOnApplication(c *gin.Context, id contract.ByNumber, q contract.ActOnApplicationParams) {
	body, key, err := order[contract.ActOnApplicationJSONBody](c, q.IdempotencyKey)
	if err == nil && body.ReasonCode != nil {
		err = oneOf("reason_code", *body.ReasonCode)
	}
	if err = errors.Join(err, oneOf("act", body.Act), aDay("until", body.Until), prose("why", deref(body.Why))); err != nil {
		s.answer(c, nil, err)
		return
	}
	answer, err := s.Store.Act(c.Request.Context(), asker(c), key, id, store.Acting{Act: string(body.Act), Version: deref(body.Version), AmountFen: body.AmountFen, Until: body.Until,
		ReasonCode: (*string)(body.ReasonCode), Why: deref(body.Why)})
	s.kept(c, http.StatusOK, answer, err)
}

// taskPage is one part of the open tasks, with how many there are of each kind.
type taskPage struct {
	page[store.Task]
	Counts []store.TaskCount `json:"counts"`
}

func (s *server) ListTasks(c *gin.Context, q contract.ListTasksParams) {
	p, err := pageOf(q.Limit, q.Cursor)
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	ctx, a := c.Request.Context(), asker(c)
	tasks, err := s.Store.Tasks(ctx, a, store.TaskQuery{County: q.County, Kind: deref(q.Kind), Mine: deref(q.Mine)}, p)
	counts := []store.TaskCount{}
	if err == nil {
		counts, err = s.Store.TaskCounts(ctx, a, q.County)
	}
	s.answer(c, taskPage{paged(tasks, p, store.Task.Cursor), counts}, err)
}

func (s *server) GetTask(c *gin.Context, id contract.ByNumber) {
	found, err := s.Store.Task(c.Request.Context(), asker(c), id)
	s.answer(c, found, err)
}

func (s *server) MakeTask(c *gin.Context, q contract.MakeTaskParams) {
	body, key, err := order[contract.MakeTaskJSONBody](c, q.IdempotencyKey)
	if err = errors.Join(err, aCounty(body.County), oneOf("kind", body.Kind), inLength("grower_id", body.GrowerId, 1, 100), plain("grower_id", body.GrowerId), inLength("subject", deref(body.Subject), 0, 100),
		plain("subject", deref(body.Subject)), prose("note", deref(body.Note))); err != nil {
		s.answer(c, nil, err)
		return
	}
	answer, err := s.Store.MakeTask(c.Request.Context(), asker(c), key, store.Task{County: body.County, Kind: string(body.Kind), GrowerID: body.GrowerId, Application: body.Application,
		Subject: deref(body.Subject), Note: deref(body.Note)})
	s.kept(c, http.StatusCreated, answer, err)
}

func (s *server) ActOnTask(c *gin.Context, id contract.ByNumber) {
	body, _, err := order[contract.ActOnTaskJSONBody](c, nil)
	if err = errors.Join(err, oneOf("act", body.Act), prose("result", deref(body.Result))); err != nil {
		s.answer(c, nil, err)
		return
	}
	answer, err := s.Store.TaskAct(c.Request.Context(), asker(c), id, string(body.Act), deref(body.Result))
	s.kept(c, http.StatusOK, answer, err)
}
