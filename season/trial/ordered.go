package trial

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// ordered lets workers turn each batch of produce into a result, and hands the
// results to consume in the order of the batches. No more than two batches per
// worker are in flight. start makes a worker's own function and what ends it.
func ordered[A, B any](ctx context.Context, workers int, produce func(yield func(A) error) error,
	start func() (work func(context.Context, A) (B, error), stop func(), err error), consume func(B) error) error {
	type job struct {
		in   A
		done chan B
	}
	g, ctx := errgroup.WithContext(ctx)
	jobs, order := make(chan job), make(chan chan B, 2*workers)
	g.Go(func() error {
		defer close(jobs)
		defer close(order)
		return produce(func(in A) error {
			j := job{in, make(chan B, 1)}
			select {
			case order <- j.done:
			case <-ctx.Done():
				return ctx.Err()
			}
			select {
			case jobs <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
			return nil
		})
	})
	for range workers {
		g.Go(func() error {
			work, stop, err := start()
			if err != nil {
				return err
			}
			defer stop()
			for j := range jobs {
				out, err := work(ctx, j.in)
				if err != nil {
					return err
				}
				j.done <- out
			}
			return nil
		})
	}
	g.Go(func() error {
		for done := range order {
			select {
			case out := <-done:
				if err := consume(out); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return g.Wait()
}
