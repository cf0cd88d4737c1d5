package delineate

import (
	"context"
	"sync"

	"github.com/parus-lending/parus/raster"
	"golang.org/x/sync/errgroup"
)

// parallel does n pieces of work, one at a time with each reader.
func parallel(ctx context.Context, readers []raster.Reader, n int, work func(context.Context, raster.Reader, int) error) error {
	g, within := errgroup.WithContext(ctx)
	var mu sync.Mutex
	at := 0
	next := func() int {
		mu.Lock()
		defer mu.Unlock()
		at++
		return at - 1
	}
	for _, r := range readers {
		g.Go(func() error {
			for i := next(); i < n; i = next() {
				if err := within.Err(); err != nil {
					return err
				}
				if err := work(within, r, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// inOrder is parallel, and hands each result to take in the order of the work.
// No more than two results for each reader wait.
func inOrder[T any](ctx context.Context, readers []raster.Reader, n int, work func(context.Context, raster.Reader, int) (T, error), take func(int, T) error) error {
	g, ctx := errgroup.WithContext(ctx)
	type job struct {
		i    int
		done chan T
	}
	jobs := make(chan job)
	order := make(chan chan T, len(readers))
	g.Go(func() error {
		defer close(jobs)
		defer close(order)
		for i := range n {
			j := job{i, make(chan T, 1)}
			for _, send := range []func() error{
				func() error {
					select {
					case order <- j.done:
						return nil
					case <-ctx.Done():
						return ctx.Err()
					}
				},
				func() error {
					select {
					case jobs <- j:
						return nil
					case <-ctx.Done():
						return ctx.Err()
					}
				},
			} {
				if err := send(); err != nil {
					return err
				}
			}
		}
		return nil
	})
	for _, r := range readers {
		g.Go(func() error {
			for j := range jobs {
				v, err := work(ctx, r, j.i)
				if err != nil {
					return err
				}
				j.done <- v
			}
			return nil
		})
	}
	g.Go(func() error {
		i := 0
		for done := range order {
			select {
			case v := <-done:
				if err := take(i, v); err != nil {
					return err
				}
				i++
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return g.Wait()
}
