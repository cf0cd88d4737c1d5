package store

import (
	"context"
	"fmt"
)

// Portfolio is what is lent in a county, in numbers that name nobody: nil =
// resting on fewer than LeastGrowers growers.
type Portfolio struct {
	Growers        int64  `json:"growers"` // with a limit that is not closed
	Limits         int64  `json:"limits"`
	LimitFen       int64  `json:"limit_fen"`
	GrowersDrawn   *int64 `json:"growers_drawn,omitempty"`
	OutstandingFen *int64 `json:"outstanding_fen,omitempty"`
	DrawnFen       *int64 `json:"drawn_fen,omitempty"`
	RepaidFen      *int64 `json:"repaid_fen,omitempty"`        // principal
	InterestFen    *int64 `json:"interest_fen,omitempty"`      // owed today
	InterestPaid   *int64 `json:"interest_paid_fen,omitempty"` // so far
	GrowersOverdue *int64 `json:"growers_overdue,omitempty"`
	OverdueFen     *int64 `json:"overdue_fen,omitempty"` // principal and interest that fell due before today
}

// Portfolio sums a county's limits as they stand today (of the sample county, on
// its own day); nil where they rest on too few growers, or the asker sees none.
func (s *Store) Portfolio(ctx context.Context, a Asker, county string) (*Portfolio, error) {
	type sums struct {
		Growers, Limits, LimitFen, Drawn, Outstanding, DrawnFen, RepaidFen, InterestFen, InterestPaid, Overdue, OverdueFen int64
	}
	w, err := one[sums](ctx, s, a, `WITH l AS (SELECT l.id, l.grower_id, l.limit_fen, l.outstanding_fen, o.interest_fen, o.overdue_fen FROM parus.credit_limit l, LATERAL parus.owed(l, parus.day_of(run)) o
			WHERE county = $1 AND state <> 'closed')
		SELECT count(DISTINCT grower_id), count(*), coalesce(sum(limit_fen), 0)::bigint,
			(SELECT count(DISTINCT d.grower_id) FROM parus.drawing d JOIN l ON l.id = d.credit_limit), coalesce(sum(outstanding_fen), 0)::bigint,
			(SELECT coalesce(sum(amount_fen), 0)::bigint FROM parus.drawing d JOIN l ON l.id = d.credit_limit),
			(SELECT coalesce(sum(d.amount_fen - d.interest_fen), 0)::bigint FROM parus.repayment d JOIN l ON l.id = d.credit_limit),
			coalesce(sum(interest_fen), 0)::bigint, (SELECT coalesce(sum(d.interest_fen), 0)::bigint FROM parus.repayment d JOIN l ON l.id = d.credit_limit),
			count(DISTINCT grower_id) FILTER (WHERE overdue_fen > 0), coalesce(sum(overdue_fen), 0)::bigint FROM l`, county)
	if err != nil {
		return nil, fmt.Errorf("portfolio of county %s: %w", county, err)
	}
	if w.Growers > 0 && w.Growers < LeastGrowers {
		return nil, nil
	}
	p := &Portfolio{Growers: w.Growers, Limits: w.Limits, LimitFen: w.LimitFen}
	told := func(n int64) bool {
		return (n == 0 || n >= LeastGrowers) && (n == w.Growers || w.Growers-n >= LeastGrowers)
	}
	if told(w.Drawn) {
		p.GrowersDrawn, p.DrawnFen, p.RepaidFen, p.OutstandingFen = &w.Drawn, &w.DrawnFen, &w.RepaidFen, &w.Outstanding
		p.InterestFen, p.InterestPaid = &w.InterestFen, &w.InterestPaid
		if told(w.Overdue) && (w.Drawn == w.Overdue || w.Drawn-w.Overdue >= LeastGrowers) {
			p.GrowersOverdue, p.OverdueFen = &w.Overdue, &w.OverdueFen
		}
	}
	return p, nil
}
