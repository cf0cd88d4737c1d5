package feeds

import (
	"context"
	"errors"
	"testing"
	"time"
)

// Who waits for a store comes in when it is free, or goes when his time is up; who
// does not wait is refused.
func TestWaitForTheStore(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	nothing := func() error { return nil }
	inside, leave := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- locked(ctx, Options{Store: dir}, func() error { close(inside); <-leave; return nil })
	}()
	<-inside
	if err := locked(ctx, Options{Store: dir}, nothing); err == nil {
		t.Error("two are at work in one store")
	}
	short, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
	defer cancel()
	if err := locked(short, Options{Store: dir, Wait: true}, nothing); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	second := make(chan error, 1)
	go func() { second <- locked(ctx, Options{Store: dir, Wait: true}, nothing) }()
	select {
	case err := <-second:
		t.Error("came in too early:", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(leave)
	if err := errors.Join(<-first, <-second); err != nil {
		t.Error(err)
	}
}
