package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Limit is a limit that may be drawn, with how full it is, what is owed today and
// how late. Outstanding is principal; interest is counted by parus.owed.
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
	InterestDays   int32  `json:"interest_days"` // interest falls due every so many days; 0 = with the principal
	InterestFen    int64  `json:"interest_fen"`  // owed today
	OwedFen        int64  `json:"owed_fen"`      // today: what is outstanding, and interest
	OverdueFen     int64  `json:"overdue_fen"`   // fell due before today
	OverdueDays    int32  `json:"overdue_days"`  // since the first due day that was not met
	Default        bool   `json:"default"`       // 90 days or more
}

// DefaultDays past maturity is default.
const DefaultDays = 90

const limitColumns = `SELECT id, county, application, grower_id, product, limit_fen, outstanding_fen, limit_fen - outstanding_fen, from_day::text, until::text, rate_bp,
	(outstanding_fen * 10000 / limit_fen)::int, alert, alert > 0 AND outstanding_fen * 10000 / limit_fen >= alert, state, today::text, interest_days,
	interest_fen, outstanding_fen + interest_fen, overdue_fen, overdue_days, overdue_days >= 90
	FROM parus.credit_limit l, LATERAL (SELECT parus.day_of(run) AS today) t, LATERAL parus.owed(l, today) o `

// LimitQuery narrows a list of limits; empty fields do not.
type LimitQuery struct {
	County, GrowerID string
	Overdue          bool // with something that fell due and is not paid: the collection list
}

// Limits lists a county's limits, the earliest last day first.
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
	return all[Limit](ctx, s, a, limitColumns+`WHERE county = $1 AND ($2 = '' OR grower_id = $2) AND (NOT $3 OR overdue_fen > 0)
		AND (until, id) > ($4::date, $5) ORDER BY until, id LIMIT $6`, q.County, q.GrowerID, q.Overdue, until, id, page.Limit)
}

// Cursor is the limit's place in Limits.
func (l Limit) Cursor() string { return fmt.Sprintf("%s.%d", l.Until, l.ID) }

// Movement is money drawn or repaid.
type Movement struct {
	Kind      string    `json:"kind"` // drawing, repayment
	ID        int64     `json:"id"`
	AmountFen int64     `json:"amount_fen"`
	Day       string    `json:"day"`
	LeftFen   int64     `json:"left_fen"` // of the limit, after it
	Asker     string    `json:"asker"`
	At        time.Time `json:"at"`

	InterestFen int64 `json:"interest_fen"` // of a repayment, what paid interest; the rest is principal
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
	if out.Movements, err = all[Movement](ctx, s, a, `SELECT kind, id, amount_fen, day::text, left_fen, asker, at, interest_fen FROM (
		SELECT 'drawing' AS kind, *, 0 AS interest_fen FROM parus.drawing WHERE credit_limit = $1 UNION ALL SELECT 'repayment', * FROM parus.repayment WHERE credit_limit = $1) m ORDER BY at, kind, id`, id); err != nil {
		return out, err
	}
	out.Reliefs, err = all[Relief](ctx, s, a, reliefColumns+"WHERE credit_limit = $1 ORDER BY id", id)
	return out, err
}

// Move books money: kind is drawing or repayment. Never more is drawn than the
// limit leaves, nor repaid than is owed, however many ask at once: the database
// counts. A repayment pays interest first.
func (s *Store) Move(ctx context.Context, a Asker, key, kind string, limit, amountFen int64) (json.RawMessage, error) {
	table, interest := "parus.drawing", "0"
	if kind == "repayment" {
		table, interest = "parus.repayment", "interest_fen"
	}
	return s.write(ctx, a, key, []any{kind, limit, amountFen}, func(tx pgx.Tx) (any, entry, error) {
		m := Movement{Kind: kind, AmountFen: amountFen}
		var county string
		if err := tx.QueryRow(ctx, "INSERT INTO "+table+" (credit_limit, amount_fen) VALUES ($1, $2) RETURNING id, county, day::text, left_fen, asker, at, "+interest, limit, amountFen).
			Scan(&m.ID, &county, &m.Day, &m.LeftFen, &m.Asker, &m.At, &m.InterestFen); err != nil {
			return nil, entry{}, fmt.Errorf("%s of limit %d: %w", kind, limit, err)
		}
		return m, entry{county, kind, subjectOf("limit", limit), map[string]any{"id": m.ID, "amount_fen": amountFen, "interest_fen": m.InterestFen, "left_fen": m.LeftFen}}, nil
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
		app.state, l.limit_fen, l.outstanding_fen, coalesce(o.overdue_days, 0), coalesce(o.overdue_days >= 90, false)
		FROM parus.application_event e JOIN parus.application app ON app.id = e.application LEFT JOIN parus.credit_limit l ON l.application = app.id
		LEFT JOIN LATERAL parus.owed(l, parus.day_of(app.run)) o ON l.id IS NOT NULL
		WHERE e.county = $1 AND (e.act = 'review' AND (machine_outcome NOT IN ('admit', 'refer') OR e.amount_fen > machine_fen OR e.until > machine_until) OR e.act = 'refuse' AND machine_outcome = 'admit')
		AND e.reason_code IS NOT NULL AND e.from_state <> 'refusing' AND ($2 = 0 OR e.id < $2) ORDER BY e.id DESC LIMIT $3`, county, after, page.Limit)
}
