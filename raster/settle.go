package raster

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
)

// SettleScenes looks at a fixed sample of every scene and settles its
// radiometric offset once, for the whole scene (Scene.Settled). sample is
// SampleScene, or one that remembers; step is called after each scene. Each
// reader is one worker. A scene that cannot be sampled keeps what its metadata
// claim, with a warning. Radar has no such offset and is passed over.
func SettleScenes(ctx context.Context, readers []Reader, scenes []Scene, sample func(context.Context, Reader, Scene) (Sample, error), step func()) ([]Warning, error) {
	samples := make([]Sample, len(scenes))
	failed := make([]error, len(scenes))
	var mu sync.Mutex
	at := 0
	next := func() int {
		mu.Lock()
		defer mu.Unlock()
		at++
		return at - 1
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, r := range readers {
		g.Go(func() error {
			for i := next(); i < len(scenes); i = next() {
				if err := ctx.Err(); err != nil {
					return err
				}
				if !scenes[i].Radar() {
					samples[i], failed[i] = sample(ctx, r, scenes[i])
				}
				step()
			}
			return ctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var warns []Warning
	byID := map[string]Sample{}
	var optical []Scene
	for i, s := range scenes {
		if s.Radar() {
			continue
		}
		optical = append(optical, s)
		if failed[i] != nil {
			warns = append(warns, Warning{"offset_not_checked", s.ID, failed[i].Error()})
			continue
		}
		byID[s.ID] = samples[i]
	}
	offsets, more := SettleOffsets(optical, byID)
	for i := range scenes {
		scenes[i].Settled = offsets[scenes[i].ID]
	}
	return append(warns, more...), nil
}
