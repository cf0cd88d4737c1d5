package zonal

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/parus-lending/parus/raster"
)

// findScenes reads the catalog, chooses, and settles each scene's offset.
func (r *run) findScenes(ctx context.Context) error {
	r.opt.Progress.Stage("scenes", 1)
	all, warns, err := raster.ReadCatalog(ctx, r.opt.Scenes, raster.CatalogOptions{Collections: r.opt.Collections, From: r.opt.From, To: r.opt.To})
	if err != nil {
		return err
	}
	r.opt.Progress.Step()
	for _, w := range warns {
		r.warn(w)
	}
	used, left := raster.SelectScenes(r.clear(all))
	for _, l := range left {
		r.warn(raster.Warning{Code: "scene_left_out", Subject: l.Scene.ID, Detail: l.Why})
	}
	if len(used) == 0 {
		return fmt.Errorf("no scene to observe in %s: %d scenes of %s%s, %d of them left out as too cloudy: widen --from, --to, --collections or --max-cloud",
			r.opt.Scenes, len(all), days(r.opt.From, r.opt.To), collections(r.opt.Collections), r.sum.Warned["too_cloudy"])
	}
	r.opt.Progress.Stage("offsets", len(used))
	warns, err = raster.SettleScenes(ctx, r.readers, used, raster.SampleScene, r.opt.Progress.Step)
	if err != nil {
		return err
	}
	for _, w := range warns {
		r.warn(w)
	}
	for _, s := range used {
		r.sum.Scenes = append(r.sum.Scenes, SceneUsed{s.ID, s.Time.UTC(), s.Settled.DN0, s.Settled.Reason})
	}
	r.tiling = raster.NewTiling(used)
	return nil
}

// clear leaves out scenes whose catalog tells more cloud than wanted.
func (r *run) clear(all []raster.Scene) []raster.Scene {
	if r.opt.MaxCloud == nil {
		return all
	}
	var out []raster.Scene
	for _, s := range all {
		if s.CloudCover != nil && *s.CloudCover > *r.opt.MaxCloud {
			r.warn(raster.Warning{Code: "too_cloudy", Subject: s.ID, Detail: fmt.Sprintf("%.0f %% cloud by its catalog, at most %.0f %% is wanted", *s.CloudCover, *r.opt.MaxCloud)})
			continue
		}
		out = append(out, s)
	}
	return out
}

func days(from, to time.Time) string {
	switch {
	case from.IsZero() && to.IsZero():
		return "any day"
	case from.IsZero():
		return "days up to " + to.Format(time.DateOnly)
	case to.IsZero():
		return "days from " + from.Format(time.DateOnly)
	}
	return from.Format(time.DateOnly) + " to " + to.Format(time.DateOnly)
}

func collections(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return ", collections " + strings.Join(names, ", ")
}
