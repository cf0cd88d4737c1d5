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
	return beside(func(ctx context.Context) {
		s.CloseDays(ctx, path, wallClock{}, func(err error) { log.Error("close the day of the audit log", "error", err.Error()) })
	})
}

// everyDay does what the service does by itself, until stop.
func everyDay(s *store.Store, log *slog.Logger) (stop func()) {
	return beside(func(ctx context.Context) {
		s.EveryDay(ctx, wallClock{}, func(err error) { log.Error("the service's own work of the day", "error", err.Error()) })
	})
}

// beside runs f until stop, which waits for it.
func beside(f func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(ctx)
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
