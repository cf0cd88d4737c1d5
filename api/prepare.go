package api

import (
	"context"
	"slices"
	"time"

	"github.com/parus-lending/parus/api/tiles"
	"github.com/parus-lending/parus/data/store"
)

// Memory that is filled before anybody asks: half of what there is, so that
// what people look at is not driven out by what nobody has looked at yet.
const (
	mostLandPrepared  = mostLand / 2
	mostTilesPrepared = mostTiles / 2
)

// preparer is in whose name the service reads a county's land before anybody
// asks: the database shows him that county and no other.
func preparer(county string) store.Asker {
	return store.Asker{ID: "service", Role: "officer", Counties: []string{county}}
}

// prepare reads the land of each county's newest run and makes its far tiles, one
// run after the other, the last published first, so that the first who looks does
// not wait for that. The store calls it at the start and after each publication.
func (s *server) prepare(ctx context.Context) {
	runs, err := s.Store.CurrentRuns(ctx)
	if err != nil {
		if ctx.Err() == nil {
			s.Log.Warn("no run is made ready before somebody looks", "error", err.Error())
		}
		return
	}
	ready := int32(0)
	for _, r := range runs {
		if ctx.Err() != nil || s.lands.land.size() > mostLandPrepared || s.lands.tiles.size() > mostTilesPrepared {
			break
		}
		if err := s.prepareRun(ctx, r); err != nil {
			if ctx.Err() == nil {
				s.Log.Warn("a run is not made ready before somebody looks", "run", r.Run, "error", err.Error())
			}
			continue
		}
		ready++
		s.lands.ready.Store(max(ready, s.lands.ready.Load()))
	}
	s.lands.ready.Store(ready)
}

func (s *server) prepareRun(ctx context.Context, r store.Current) error {
	a, began := preparer(r.County), time.Now()
	digest, err := s.Store.RunDigest(ctx, a, r.Run)
	if err != nil {
		return err
	}
	views := slices.DeleteFunc([]tiles.View{tiles.Everything, tiles.NoOutcome}, func(v tiles.View) bool {
		_, begun := s.lands.begun.get(tileKey{digest: digest, view: v})
		return begun
	})
	if len(views) == 0 {
		return nil
	}
	land, err := s.land(ctx, a, r.Run, digest)
	if err != nil {
		return err
	}
	for _, v := range views {
		if k := (tileKey{digest: digest, view: v}); s.lands.begins(k) {
			s.lands.makeAhead(ctx, land, k)
		}
	}
	s.Log.Info("a run is ready", "run", r.Run, "seconds", time.Since(began).Seconds())
	return nil
}
