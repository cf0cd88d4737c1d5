package store

import (
	"context"
	"testing"
)

// OnlyAsAsker is for store_test: who a list is read as, and what is left of him
// on the connection afterwards.
func OnlyAsAsker(t *testing.T, address string) {
	ctx := context.Background()
	s, err := Open(ctx, address+"&pool_max_conns=1")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const who = "SELECT concat_ws(' ', current_user, current_setting('parus.asker', true), current_setting('parus.role', true), current_setting('parus.counties', true))"
	a := Asker{ID: "li", Role: "clerk", Counties: []string{"341523", "411622"}}
	for range 3 { // the first time statements are prepared
		if got, err := one1[string](ctx, s, a, who); err != nil || got != "parus_service li clerk 341523,411622" {
			t.Errorf("read as %q, %v", got, err)
		}
		var left string
		if err := s.pool.QueryRow(ctx, who).Scan(&left); err != nil || left != "parus   " {
			t.Errorf("left on the connection: %q, %v", left, err)
		}
	}
	if _, err := one1[string](ctx, s, a, "SELECT 1/0::text"); err == nil {
		t.Error("a query that fails is no error")
	}
	if _, err := all[struct{ V string }](ctx, s, a, "DELETE FROM parus.run RETURNING 'x'"); err == nil {
		t.Error("a list may delete")
	}
	if got, err := one1[string](ctx, s, a, who); err != nil || got != "parus_service li clerk 341523,411622" {
		t.Errorf("after an error: %q, %v", got, err)
	}
}
