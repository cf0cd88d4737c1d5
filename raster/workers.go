package raster

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// each calls f for every i < n, in order of starting, on a number of workers.
// It stops at the first error or when the context ends.
func each(ctx context.Context, workers, n int, f func(worker, i int) error) error {
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for w := range min(workers, n) {
		g.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := f(w, i); err != nil {
					return err
				}
			}
		})
	}
	return g.Wait()
}
