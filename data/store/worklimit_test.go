package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/parus-lending/parus/data/store"
)

// However many draw at once, the limit holds; each amount is drawn once however
// often it is sent, and what is left is always told right.
func TestNeverOverTheLimit(t *testing.T) {
	s := newFactory(t)
	_, limit := active(t, s, 0, 100_000)
	ctx := context.Background()
	var wait sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	for i := range 60 {
		wait.Go(func() {
			_, err := s.Move(ctx, li, fmt.Sprint("key ", i%30), "drawing", limit, 7_000) // each key twice
			var refused *store.Refusal
			name := "drawn"
			if errors.As(err, &refused) {
				name = refused.Kind
			} else if err != nil {
				name = err.Error()
			}
			mu.Lock()
			defer mu.Unlock()
			got[name]++
		})
	}
	wait.Wait()
	// 14 × 7,000 = 98,000 fit in 100,000. A key that came in first is answered again, so a second time it is drawn too.
	if got["drawn"] != 28 || got["over-limit"] != 32 || len(got) != 2 {
		t.Errorf("%v", got)
	}
	if n := ask(t, s, li, "SELECT concat_ws(' ', count(*), sum(amount_fen), min(left_fen), (SELECT outstanding_fen FROM parus.credit_limit)) FROM parus.drawing"); n != "14 98000 2000 98000" {
		t.Error(n)
	}
	for i, c := range []struct {
		who  store.Asker
		kind string
		fen  int64
		want string
	}{{li, "drawing", 2_001, "over-limit"}, {chen, "drawing", 1, "not-your-role"}, {li, "repayment", 98_001, "over-paid"}, {li, "repayment", 98_000, ""}, {li, "drawing", 100_000, ""}, {li, "drawing", 1, "over-limit"},
		{li, "drawing", 0, "over-limit"}, {li, "drawing", -5, "does-not-fit"}, {far, "drawing", 1, "none"}} {
		_, err := s.Move(ctx, c.who, fmt.Sprint("after ", i), c.kind, limit, c.fen)
		var refused *store.Refusal
		if errors.As(err, &refused); c.want == "" && err != nil || c.want != "" && (refused == nil || refused.Kind != c.want) && !(c.fen == 0 && err != nil) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if _, err := s.Move(ctx, li, "after 4", "drawing", limit, 100_001); !errors.Is(err, store.ErrKey) {
		t.Error("the key of another drawing:", err)
	}
}

// The water level is nearly full from the alert level of the decision's cap.
func TestWaterLevel(t *testing.T) {
	s := newFactory(t)
	run(t, factoryURL, `UPDATE parus.decision SET trace = '{"levels": [{"of": "quota", "alert": 100}, {"of": "cap", "alert": 8000}]}'`)
	_, limit := active(t, s, 0, 100_000)
	for fen, want := range map[int64]string{79_999: "7999 8000 false", 80_000: "8000 8000 true"} {
		if _, err := s.Move(context.Background(), li, "", "drawing", limit, fen); err != nil {
			t.Fatal(err)
		}
		sheet, err := s.LimitSheet(context.Background(), li, limit)
		if got := fmt.Sprint(sheet.Share, sheet.Alert, sheet.Over); err != nil || got != want {
			t.Errorf("%d: %s %v, want %s", fen, got, err, want)
		}
		if _, err := s.Move(context.Background(), li, "", "repayment", limit, fen); err != nil {
			t.Fatal(err)
		}
	}
}

// A loan past its day stands on the collection list, and is in default 90 days after.
func TestCollectionList(t *testing.T) {
	s := newFactory(t)
	id, limit := active(t, s, 0, 100_000)
	active(t, s, 1, 50_000) // nothing is drawn: never overdue
	ctx := context.Background()
	if _, err := s.Move(ctx, li, "", "drawing", limit, 60_000); err != nil {
		t.Fatal(err)
	}
	// 2024-12-01 is 139 days after 2024-07-15; 2025-03-01 is 90 days after 2024-12-01.
	for days, want := range map[int]string{0: "", 139: "", 140: "1 false", 228: "89 false", 229: "90 true"} {
		run(t, factoryURL, fmt.Sprintf("UPDATE parus.run SET published = now() - interval '%d days'", days))
		late, err := s.Limits(ctx, zhao, store.LimitQuery{County: "341523", Overdue: true}, store.Page{Limit: 10})
		got := ""
		for _, l := range late {
			got += fmt.Sprintf("%d %t", l.OverdueDays, l.Default)
		}
		if err != nil || got != want {
			t.Errorf("after %d days: %q, %v; want %q", days, got, err, want)
		}
	}
	run(t, factoryURL, "UPDATE parus.run SET published = now() - interval '140 days'")
	if _, err := s.Move(ctx, li, "", "drawing", limit, 1); err == nil || !strings.Contains(err.Error(), "ended on 2024-12-01") {
		t.Error("drawn after its day:", err)
	}
	step(t, s, li, id, store.Acting{Act: "close"}, "outstanding")
	// 140 days: 60,000 × 6.5 % × 140 / 365 = 1,495.89 → 1,496. Interest comes first, so 60,000 leave 1,496 of principal.
	if _, err := s.Move(ctx, li, "", "repayment", limit, 60_000); err != nil {
		t.Error(err)
	}
	step(t, s, li, id, store.Acting{Act: "close"}, "outstanding")
	if _, err := s.Move(ctx, li, "", "repayment", limit, 1_496); err != nil {
		t.Error(err)
	}
	step(t, s, chen, id, store.Acting{Act: "freeze", Why: "hail"}, "frozen")
	step(t, s, li, id, store.Acting{Act: "thaw", Why: "it grew"}, "not-your-role")
	step(t, s, chen, id, store.Acting{Act: "thaw", Why: "it grew"}, "own-work")
	step(t, s, ma, id, store.Acting{Act: "thaw", Why: "it grew"}, "active")
	step(t, s, li, id, store.Acting{Act: "close"}, "closed")
}
