package store_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

// Sums of a portfolio by hand: limits of 1,000 yuan to twelve growers; six have
// drawn 600 yuan each and one of them has paid 100 of principal and 5 of interest;
// what five owe is past. Today is 2024-07-15. Interest at 6.5 % since 2024-05-01, 75
// days: 60,000 × 0.065 × 75 / 365 = 801.37 → 801 fen for each of five; of the other
// (60,000 × 31 + 50,000 × 44) × 0.065 / 365 = 723.01 → 723, less 500 paid: 223. So
// 4,228 in all, and of six overdue 350,000 + 4,228.
func TestPortfolioNamesNobody(t *testing.T) {
	s, address := newStore(t)
	ctx := context.Background()
	run := publish(t, s, storetest.Run(t, "341523", 18)).Run
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	do := func(sql string, args ...any) {
		t.Helper()
		if _, err := conn.Exec(ctx, sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	manager := store.Asker{ID: "zhao", Role: "risk_manager", Counties: []string{"341523"}}
	told := func() string {
		t.Helper()
		p, err := s.Portfolio(ctx, manager, "341523")
		if err != nil {
			t.Fatal(err)
		}
		b, _ := json.Marshal(p)
		return string(b)
	}
	const none = `{"growers":0,"limits":0,"limit_fen":0,"growers_drawn":0,"outstanding_fen":0,"drawn_fen":0,"repaid_fen":0,"interest_fen":0,"interest_paid_fen":0,"growers_overdue":0,"overdue_fen":0}`
	if got := told(); got != none {
		t.Error(got)
	}
	do("UPDATE parus.run SET sample = true")     // its day is the as-of day, 2024-07-15
	do("SET session_replication_role = replica") // rows as they stand, without the factory's steps
	do(`INSERT INTO parus.credit_limit (county, application, run, grower_id, product, limit_fen, outstanding_fen, from_day, until, rate_bp, alert)
		SELECT '341523', n, $1, 'g' || n, 'season', 100000, CASE WHEN n > 6 THEN 0 WHEN n = 1 THEN 50000 ELSE 60000 END, '2024-01-01', CASE WHEN n <= 5 THEN '2024-07-12'::date ELSE '2024-07-18' END, 650, 0 FROM generate_series(1, 12) n`, run)
	do(`INSERT INTO parus.drawing (county, credit_limit, grower_id, amount_fen, day, left_fen, asker) SELECT county, id, grower_id, 60000, '2024-05-01', 40000, 'x' FROM parus.credit_limit WHERE outstanding_fen > 0`)
	do(`INSERT INTO parus.repayment (county, credit_limit, grower_id, amount_fen, interest_fen, day, left_fen, asker) SELECT county, id, grower_id, 10500, 500, '2024-06-01', 50000, 'x' FROM parus.credit_limit WHERE grower_id = 'g1'`)
	// Five of six who drew are behind: the sixth would be the difference, so what is overdue is not told.
	if got := told(); got != `{"growers":12,"limits":12,"limit_fen":1200000,"growers_drawn":6,"outstanding_fen":350000,"drawn_fen":360000,"repaid_fen":10000,"interest_fen":4228,"interest_paid_fen":500}` {
		t.Error(got)
	}
	do("UPDATE parus.credit_limit SET until = '2024-07-12' WHERE grower_id = 'g6'")
	if got := told(); got != `{"growers":12,"limits":12,"limit_fen":1200000,"growers_drawn":6,"outstanding_fen":350000,"drawn_fen":360000,"repaid_fen":10000,"interest_fen":4228,"interest_paid_fen":500,"growers_overdue":6,"overdue_fen":354228}` {
		t.Error(got)
	}
	do("UPDATE parus.credit_limit SET state = 'closed' WHERE grower_id NOT IN ('g1', 'g2', 'g3', 'g4')")
	if got := told(); got != "null" {
		t.Error(got)
	}
	if p, err := s.Portfolio(ctx, store.Asker{ID: "x", Role: "risk_manager", Counties: []string{"411622"}}, "341523"); p == nil || p.Growers != 0 || err != nil {
		t.Error(p, err)
	}
}
