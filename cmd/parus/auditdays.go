package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/parus-lending/parus/data/store"
)

// closeDays closes the audit log into the file at each day's end, and a last time
// at stop, which waits for it.
func closeDays(s *store.Store, path string, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.CloseDays(ctx, path, wallClock{}, func(err error) { log.Error("close the day of the audit log", "error", err.Error()) })
	}()
	return func() { cancel(); <-done }
}

// wallClock is the machine's clock, looked at once a minute: it may be set, and
// the machine may sleep.
type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

func (wallClock) Until(ctx context.Context, t time.Time) error {
	for {
		left := time.Until(t)
		if left <= 0 {
			return ctx.Err()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(left, time.Minute)):
		}
	}
}
