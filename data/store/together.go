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

// of does one thing with whatever else is waiting. Where ctx ends while others'
// are being done, this one may still be done.
func (g *together[T, R]) of(ctx context.Context, what T) (got R, err error) {
	w := &wish[T, R]{what: what, done: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, w)
	first := !g.busy
	g.busy = true
	g.mu.Unlock()
	if first && g.batch() {
		go func() {
			for g.batch() {
			}
		}()
	}
	select {
	case <-w.done:
		return w.got, w.err
	case <-ctx.Done():
		return got, ctx.Err()
	}
}

// batch does what is waiting and says whether there may be more.
func (g *together[T, R]) batch() bool {
	g.mu.Lock()
	batch := g.waiting[:min(len(g.waiting), g.most)]
	g.waiting = g.waiting[len(batch):]
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
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.waiting, g.busy = nil, false
	}
	return g.busy
}
