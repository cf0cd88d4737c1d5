package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/parus-lending/parus/data/store"
)

// at puts the made-up county so many days after 2024-07-15.
func at(t *testing.T, days int) {
	t.Helper()
	run(t, factoryURL, fmt.Sprintf("UPDATE parus.run SET published = now() - interval '%d days'", days))
}

// owes says what is owed on a limit: principal, interest, the overdue part and its days.
func owes(t *testing.T, s *store.Store, limit int64) string {
	t.Helper()
	l, err := s.LimitSheet(context.Background(), li, limit)
	if err != nil {
		t.Fatal(err)
	}
	if l.OwedFen != l.OutstandingFen+l.InterestFen {
		t.Errorf("owed %d of %d and %d", l.OwedFen, l.OutstandingFen, l.InterestFen)
	}
	return fmt.Sprint(l.OutstandingFen, l.InterestFen, l.OverdueFen, l.OverdueDays)
}

func move(t *testing.T, s *store.Store, kind string, limit, fen int64) {
	t.Helper()
	if _, err := s.Move(context.Background(), li, "", kind, limit, fen); err != nil {
		t.Fatal(err)
	}
}

// Interest by hand at 6.5 % a year, actual days of 365. The limit ends on
// 2024-12-01, day 139.
func TestInterestByTheDay(t *testing.T) {
	s := newFactory(t)
	_, limit := active(t, s, 0, 500_000)
	move(t, s, "drawing", limit, 300_000)
	for _, c := range []struct {
		day  int
		move int64 // > 0 drawn, < 0 repaid, after the first look
		want string
	}{
		{0, 0, "300000 0 0 0"},
		{1, 0, "300000 53 0 0"},                 // 300,000 × 0.065 / 365 = 53.42
		{30, 100_000, "300000 1603 0 0"},        // 53.42… × 30 = 1,602.74
		{60, -3_000, "400000 3740 0 0"},         // 1,602.74 + 400,000 × 0.065 × 30 / 365 = 1,602.74 + 2,136.99 = 3,739.73; all 3,000 pay interest
		{61, -10_000, "400000 811 0 0"},         // 3,739.73 + 71.23 = 3,810.96 → 3,811 − 3,000; then 811 of interest, 9,189 of principal
		{61, 0, "390811 0 0 0"},                 // of the same day
		{139, 0, "390811 5428 0 0"},             // 3,810.96 + 390,811 × 0.065 × 78 / 365 = 3,810.96 + 5,428.53 = 9,239.48 → 9,239 − 3,811
		{140, -396_309, "390811 5498 396309 1"}, // one day more, 69.60: 9,309.08 → 9,309 − 3,811
	} {
		at(t, c.day)
		if got := owes(t, s, limit); got != c.want {
			t.Errorf("day %d: %s, want %s", c.day, got, c.want)
		}
		switch {
		case c.move > 0:
			move(t, s, "drawing", limit, c.move)
		case c.move < 0:
			move(t, s, "repayment", limit, -c.move)
		}
	}
}

// Where the decision's schedule has interest every 30 days, it is overdue from the
// day after each that it was not paid on, and in default 90 days after the first.
func TestInterestDays(t *testing.T) {
	s := newFactory(t)
	run(t, factoryURL, `UPDATE parus.decision SET trace = '{"schedule": [{"due": "2024-08-14"}, {"due": "2024-09-13"}, {"due": "2024-12-01"}]}'`)
	_, limit := active(t, s, 0, 500_000)
	move(t, s, "drawing", limit, 300_000)
	at(t, 30) // the interest day itself
	if got := owes(t, s, limit); got != "300000 1603 0 0" {
		t.Error(got)
	}
	at(t, 35) // 300,000 × 0.065 × 35 / 365 = 1,869.86; by day 30 it was 1,602.74
	if got := owes(t, s, limit); got != "300000 1870 1603 5" {
		t.Error(got)
	}
	move(t, s, "repayment", limit, 1_600)
	if got := owes(t, s, limit); got != "300000 270 3 5" {
		t.Error(got)
	}
	move(t, s, "repayment", limit, 3)
	if got := owes(t, s, limit); got != "300000 267 0 0" {
		t.Error(got)
	}
	at(t, 150) // days 60, 90, 120 and the last, 139, were not met: 53.4247 × 150 = 8,013.70 → 8,014 − 1,603 = 6,411; since day 60: 90 days
	if got := owes(t, s, limit); got != "300000 6411 306411 90" {
		t.Error(got)
	}
	late, err := s.Limits(context.Background(), zhao, store.LimitQuery{County: "341523", Overdue: true}, store.Page{Limit: 10})
	if err != nil || len(late) != 1 || !late[0].Default || late[0].InterestDays != 30 {
		t.Error(late, err)
	}
}

// However drawings and repayments fall, what comes in and what is owed add up to
// what was drawn and its interest, and a repayment pays no principal while
// interest is owed.
func TestWhatComesInIsInterestThenPrincipal(t *testing.T) {
	s := newFactory(t)
	_, limit := active(t, s, 0, 500_000)
	drawn, paid := int64(0), int64(0)
	r := rand.New(rand.NewPCG(7, 7))
	for day := 0; day < 139; day += 1 + r.IntN(9) {
		at(t, day)
		l, err := s.LimitSheet(context.Background(), li, limit)
		if err != nil {
			t.Fatal(err)
		}
		interest := int64(0)
		for _, m := range l.Movements {
			interest += m.InterestFen
		}
		if l.OwedFen != drawn-paid+interest+l.InterestFen || l.InterestFen < 0 {
			t.Fatalf("day %d: %d owed, of it %d interest; %d drawn, %d came in, %d of it interest", day, l.OwedFen, l.InterestFen, drawn, paid, interest)
		}
		if fen := r.Int64N(60_000) + 1; r.IntN(2) == 0 && fen <= l.LeftFen {
			move(t, s, "drawing", limit, fen)
			drawn += fen
		} else if fen = r.Int64N(l.OwedFen+1) / (1 + r.Int64N(40)); fen > 0 {
			move(t, s, "repayment", limit, fen)
			paid += fen
			now, _ := s.LimitSheet(context.Background(), li, limit)
			if now.OutstandingFen < l.OutstandingFen && now.InterestFen > 0 || now.OwedFen != l.OwedFen-fen {
				t.Fatalf("day %d: %d came in: %+v after %+v", day, fen, now.Limit, l.Limit)
			}
		}
	}
}
