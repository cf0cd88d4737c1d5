package store_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

// Who follows is called at once and after each publication, never twice at the
// same time, and no more once the store is closed; the service's own login, which
// owns nothing, is told which runs are current and reads none of them unnamed.
func TestFollow(t *testing.T) {
	owner, address := newStore(t)
	ctx := context.Background()
	login := loginOf(t, owner, address, "follower")
	s, err := store.Open(ctx, login)
	if err != nil {
		t.Fatal(err)
	}
	first := int32(publish(t, owner, storetest.Run(t, "341523", 3)).Run)
	other := int32(publish(t, owner, storetest.Run(t, "411622", 3)).Run)
	var calls, inside, wrong atomic.Int32
	var found atomic.Value
	ended := make(chan struct{})
	follow := func(ctx context.Context) {
		if inside.Add(1) > 1 {
			wrong.Add(1)
		}
		defer inside.Add(-1)
		runs, err := s.CurrentRuns(ctx)
		if err == nil {
			found.Store(runs)
		}
		calls.Add(1)
		time.Sleep(5 * time.Millisecond)
	}
	s.Follow(follow)
	s.Follow(func(ctx context.Context) { // another, which is busy until the end
		<-ctx.Done()
		time.Sleep(20 * time.Millisecond)
		close(ended)
	})
	current := func(want ...store.Current) func() bool {
		return func() bool {
			runs, _ := found.Load().([]store.Current)
			if len(runs) != len(want) {
				return false
			}
			for i := range want {
				if runs[i] != want[i] {
					return false
				}
			}
			return true
		}
	}
	soon(t, "the runs that were there", current(store.Current{Run: other, County: "411622"}, store.Current{Run: first, County: "341523"}))
	newer := int32(publish(t, owner, storetest.Run(t, "341523", 4)).Run)
	soon(t, "the new run", current(store.Current{Run: newer, County: "341523"}, store.Current{Run: other, County: "411622"}))
	if runs, err := s.Runs(ctx, store.Asker{ID: "service", Role: "officer"}, "341523"); err != nil || len(runs) != 0 {
		t.Errorf("one without counties reads %v, %v", runs, err)
	}
	time.Sleep(20 * time.Millisecond) // what is still told of that publication
	before := calls.Load()
	if err := owner.PutMember(ctx, "https://id.example", store.Member{Subject: "li", Role: "officer", Counties: []string{"341523"}}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	if n := calls.Load() - before; n != 0 {
		t.Errorf("called %d times for a member", n)
	}
	s.Close()
	select {
	case <-ended:
	default:
		t.Error("the store was closed before who follows had ended")
	}
	before = calls.Load()
	s.Follow(follow)
	publish(t, owner, storetest.Run(t, "341523", 5))
	time.Sleep(20 * time.Millisecond)
	if calls.Load() != before || wrong.Load() != 0 {
		t.Errorf("%d calls after the end, %d at the same time", calls.Load()-before, wrong.Load())
	}
}
