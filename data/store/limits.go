package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Limit is a limit that may be drawn, with how full it is and how late.
type Limit struct {
	ID             int64  `json:"id"`
	County         string `json:"county"`
	Application    int64  `json:"application"`
	GrowerID       string `json:"grower_id"`
	Product        string `json:"product"`
	LimitFen       int64  `json:"limit_fen"`
	OutstandingFen int64  `json:"outstanding_fen"`
	LeftFen        int64  `json:"left_fen"`
	FromDay        string `json:"from_day"`
	Until          string `json:"until"`
	RateBP         int32  `json:"rate_bp"`
	Share          int32  `json:"share"` // water level: outstanding of the limit, 1/10000
	Alert          int32  `json:"alert"` // from which it is called nearly full; 0 = never
	Over           bool   `json:"over"`
	State          string `json:"state"`
	Today          string `json:"today"`
	OverdueDays    int32  `json:"overdue_days"` // past Until with something outstanding
	Default        bool   `json:"default"`      // 90 days or more
}

// DefaultDays past maturity is default.
const DefaultDays = 90

const limitColumns = `SELECT id, county, application, grower_id, product, limit_fen, outstanding_fen, limit_fen - outstanding_fen, from_day::text, until::text, rate_bp,
	(outstanding_fen * 10000 / limit_fen)::int, alert, alert > 0 AND outstanding_fen * 10000 / limit_fen >= alert, state, parus.day_of(run)::text,
	CASE WHEN outstanding_fen > 0 THEN greatest(parus.day_of(run) - until, 0) ELSE 0 END, outstanding_fen > 0 AND parus.day_of(run) - until >= 90 FROM parus.credit_limit `

// LimitQuery narrows a list of limits; empty fields do not.
type LimitQuery struct {
	County, GrowerID string
	Overdue          bool // past their day with something outstanding: the collection list
}

// Limits lists a county's limits, the longest overdue first.
func (s *Store) Limits(ctx context.Context, a Asker, q LimitQuery, page Page) ([]Limit, error) {
	until, id := "0001-01-01", int64(0)
	if page.After != "" {
		day, n, ok := strings.Cut(page.After, ".")
		_, err := time.Parse(time.DateOnly, day)
		if id, _ = afterID(Page{After: n}); !ok || err != nil || id == 0 {
			return nil, ErrCursor
		}
		until = day
	}
	return all[Limit](ctx, s, a, limitColumns+`WHERE county = $1 AND ($2 = '' OR grower_id = $2) AND (NOT $3 OR outstanding_fen > 0 AND parus.day_of(run) > until)
		AND (until, id) > ($4::date, $5) ORDER BY until, id LIMIT $6`, q.County, q.GrowerID, q.Overdue, until, id, page.Limit)
}

// Cursor is the limit's place in Limits.
func (l Limit) Cursor() string { return fmt.Sprintf("%s.%d", l.Until, l.ID) }

// Movement is money drawn or repaid (principal).
type Movement struct {
	Kind      string    `json:"kind"` // drawing, repayment
	ID        int64     `json:"id"`
	AmountFen int64     `json:"amount_fen"`
	Day       string    `json:"day"`
	LeftFen   int64     `json:"left_fen"` // of the limit, after it
	Asker     string    `json:"asker"`
	At        time.Time `json:"at"`
}

// LimitSheet is a limit with its movements, and what was asked to put it off.
type LimitSheet struct {
	Limit
	Movements []Movement `json:"movements"`
	Reliefs   []Relief   `json:"reliefs"`
}

// LimitSheet is one limit with its movements, in order.
func (s *Store) LimitSheet(ctx context.Context, a Asker, id int64) (out LimitSheet, err error) {
	if out.Limit, err = one[Limit](ctx, s, a, limitColumns+"WHERE id = $1", id); err != nil {
		return out, err
	}
	if out.Movements, err = all[Movement](ctx, s, a, `SELECT kind, id, amount_fen, day::text, left_fen, asker, at FROM (
		SELECT 'drawing' AS kind, * FROM parus.drawing WHERE credit_limit = $1 UNION ALL SELECT 'repayment', * FROM parus.repayment WHERE credit_limit = $1) m ORDER BY at, kind, id`, id); err != nil {
		return out, err
	}
	out.Reliefs, err = all[Relief](ctx, s, a, reliefColumns+"WHERE credit_limit = $1 ORDER BY id", id)
	return out, err
}

// Move books money: kind is drawing or repayment. Never more is drawn than the
// limit leaves, however many ask at once: the database counts.
func (s *Store) Move(ctx context.Context, a Asker, key, kind string, limit, amountFen int64) (json.RawMessage, error) {
	table := map[string]string{"drawing": "parus.drawing", "repayment": "parus.repayment"}[kind]
	return s.write(ctx, a, key, []any{kind, limit, amountFen}, func(tx pgx.Tx) (any, entry, error) {
		m := Movement{Kind: kind, AmountFen: amountFen}
		var county string
		if err := tx.QueryRow(ctx, "INSERT INTO "+table+" (credit_limit, amount_fen) VALUES ($1, $2) RETURNING id, county, day::text, left_fen, asker, at", limit, amountFen).
			Scan(&m.ID, &county, &m.Day, &m.LeftFen, &m.Asker, &m.At); err != nil {
			return nil, entry{}, fmt.Errorf("%s of limit %d: %w", kind, limit, err)
		}
		return m, entry{county, kind, subjectOf("limit", limit), map[string]any{"id": m.ID, "amount_fen": amountFen, "left_fen": m.LeftFen}}, nil
	})
}

// Override is where a person differed from the machine, and what came of it.
type Override struct {
	Event          int64     `json:"-"`
	Application    int64     `json:"application"`
	GrowerID       string    `json:"grower_id"`
	MachineOutcome string    `json:"machine_outcome"`
	MachineFen     int64     `json:"machine_fen"`
	Act            string    `json:"act"`
	AmountFen      *int64    `json:"amount_fen,omitempty"`
	ReasonCode     string    `json:"reason_code"`
	Why            string    `json:"why"`
	Asker          string    `json:"asker"`
	At             time.Time `json:"at"`
	SecondBy       *string   `json:"second_by,omitempty"`
	State          string    `json:"state"` // of the application
	LimitFen       *int64    `json:"limit_fen,omitempty"`
	OutstandingFen *int64    `json:"outstanding_fen,omitempty"`
	OverdueDays    int32     `json:"overdue_days"`
	Default        bool      `json:"default"`
}

// Overrides lists where people differed from the machine in a county, the newest first.
func (s *Store) Overrides(ctx context.Context, a Asker, county string, page Page) ([]Override, error) {
	after, err := afterID(page)
	if err != nil {
		return nil, err
	}
	return all[Override](ctx, s, a, `SELECT e.id, app.id, app.grower_id, machine_outcome, machine_fen, e.act, e.amount_fen, e.reason_code, e.why, e.asker, e.at,
		(SELECT n.asker FROM parus.application_event n WHERE n.application = app.id AND n.id > e.id AND n.from_state IN ('second', 'refusing') AND n.act IN ('approve', 'refuse') ORDER BY n.id LIMIT 1),
		app.state, l.limit_fen, l.outstanding_fen, CASE WHEN l.outstanding_fen > 0 THEN greatest(parus.day_of(app.run) - l.until, 0) ELSE 0 END, coalesce(l.outstanding_fen > 0 AND parus.day_of(app.run) - l.until >= 90, false)
		FROM parus.application_event e JOIN parus.application app ON app.id = e.application LEFT JOIN parus.credit_limit l ON l.application = app.id
		WHERE e.county = $1 AND (e.act = 'review' AND (machine_outcome NOT IN ('admit', 'refer') OR e.amount_fen > machine_fen OR e.until > machine_until) OR e.act = 'refuse' AND machine_outcome = 'admit')
		AND e.reason_code IS NOT NULL AND e.from_state <> 'refusing' AND ($2 = 0 OR e.id < $2) ORDER BY e.id DESC LIMIT $3`, county, after, page.Limit)
}
