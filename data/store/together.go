package store

import (
	"context"
	"sync"
)

// together does in one go what many ask for at the same time: while one batch is
// being done, those who come meanwhile make the next. Nobody waits for a clock;
// one who comes alone is done alone, at once.
type together[T, R any] struct {
	most int // of one batch
	do   func([]T) ([]R, error)

	mu      sync.Mutex
	waiting []*wish[T, R]
	busy    bool
}

type wish[T, R any] struct {
	what T
	done chan struct{} // closed when got and err are there
	got  R
	err  error
}

// of does one thing with whatever else is waiting. Where ctx ends first, it may
// still be done.
func (g *together[T, R]) of(ctx context.Context, what T) (got R, err error) {
	w := &wish[T, R]{what: what, done: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, w)
	if !g.busy {
		g.busy = true
		go g.work()
	}
	g.mu.Unlock()
	select {
	case <-w.done:
		return w.got, w.err
	case <-ctx.Done():
		return got, ctx.Err()
	}
}

func (g *together[T, R]) work() {
	for {
		g.mu.Lock()
		batch := g.waiting[:min(len(g.waiting), g.most)]
		g.waiting = g.waiting[len(batch):]
		if len(batch) == 0 {
			g.waiting, g.busy = nil, false
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		what := make([]T, len(batch))
		for i, w := range batch {
			what[i] = w.what
		}
		got, err := g.do(what)
		for i, w := range batch {
			if w.err = err; err == nil {
				w.got = got[i]
			}
			close(w.done)
		}
	}
}
