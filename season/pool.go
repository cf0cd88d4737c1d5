package season

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/parus-lending/parus/data/rundir"
	"golang.org/x/sync/errgroup"
)

// do makes the files of tasks that are missing, in order, with one worker per
// core. Plan = wanted − existing, so a second run does nothing here.
func (e *engine) do(ctx context.Context, stage string, tasks []Task) error {
	var missing []Task
	for _, t := range tasks {
		if !e.cache.has(t.file()) {
			missing = append(missing, t)
		}
	}
	e.progress.Stage(stage, len(tasks))
	for range len(tasks) - len(missing) {
		e.progress.Step()
	}
	queue := make(chan Task)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(queue)
		for _, t := range missing {
			select {
			case queue <- t:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	workers := e.workers
	if stage == stageCloud {
		workers = min(workers, skyWorkers)
	}
	for range min(workers, len(missing)) {
		g.Go(func() error {
			w := e.newWorker()
			defer w.close()
			for t := range queue {
				// Another process on the same folder may have made it meanwhile.
				if !e.cache.has(t.file()) {
					if err := w.run(ctx, t); err != nil {
						return fmt.Errorf("%s of cell %s (task %s): %w", t.Stage, t.Cell, t.Key, err)
					}
				}
				e.progress.Step()
			}
			return nil
		})
	}
	return g.Wait()
}

func (e *engine) doOne(ctx context.Context, t Task) error {
	w := e.newWorker()
	defer w.close()
	return w.run(ctx, t)
}

// store writes a task's rows and footer under its whole or partial name.
func store[T any](c cache, t Task, rows []T, f footer) error {
	name, other := t.file(), t.partial()
	if f.Partial {
		name, other = other, name
	}
	if err := rundir.WriteParquet(c.path(name), rows, [2]string{footerKey, jsonText(f)}); err != nil {
		return err
	}
	if err := os.Remove(c.path(other)); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

func writeBytes(path string, b []byte) error {
	return rundir.WriteFile(path, func(w io.Writer) error { _, err := w.Write(b); return err })
}
