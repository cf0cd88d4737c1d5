package zonal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/raster"
)

// findScenes reads the catalog, chooses, and settles each scene's offset.
func (r *run) findScenes(ctx context.Context, src *vector.Polygons) error {
	r.opt.Progress.Stage("scenes", 1)
	ask := raster.CatalogOptions{Collections: r.opt.Collections, From: r.opt.From, To: r.opt.To, MaxCloud: r.opt.MaxCloud}
	if box, ok := src.Bound(); ok {
		box = box.Pad(landMargin)
		ask.BBox = &box
	}
	list, err := raster.ListCatalog(ctx, r.opt.Scenes, ask)
	if err != nil {
		return err
	}
	r.opt.Progress.Step()
	for _, w := range list.Warnings {
		r.warn(w)
	}
	used, left := raster.SelectScenes(list.Scenes)
	if len(used) == 0 {
		return nothing(r.opt, list)
	}
	unplaced := raster.NewTiling(used).Unplaced()
	for _, l := range append(left, unplaced...) {
		r.warn(raster.Warning{Code: "scene_left_out", Subject: l.Scene.ID, Detail: l.Why})
	}
	used = slices.DeleteFunc(used, func(s raster.Scene) bool {
		return slices.ContainsFunc(unplaced, func(l raster.LeftOut) bool { return l.Scene.ID == s.ID })
	})
	r.opt.Progress.Stage("offsets", len(used))
	warns, err := raster.SettleScenes(ctx, r.readers, used, raster.SampleScene, r.opt.Progress.Step)
	if err != nil {
		return err
	}
	for _, w := range warns {
		r.warn(w)
	}
	for _, s := range used {
		r.sum.Scenes = append(r.sum.Scenes, SceneUsed{s.ID, s.Time.UTC(), s.Settled.DN0, s.Settled.Reason, s.Orbit})
	}
	r.tiling = raster.NewTiling(used)
	return nil
}

// landMargin is how far around the file's own box scenes are looked for, in
// degrees: boxes are rounded.
const landMargin = 0.01

// nothing says why there is no scene to observe.
func nothing(opt Options, list raster.Listing) error {
	why := "it holds none"
	if n := len(list.LeftOut); n > 0 {
		why = fmt.Sprintf("%d are left out, the first (%s): %s", n, list.LeftOut[0].Scene.ID, list.LeftOut[0].Why)
	}
	return fmt.Errorf("no scene to observe in %s of %s%s over the polygons: %s; widen --from, --to, --collections or --max-cloud (`parus scenes list` shows all)",
		opt.Scenes, days(opt.From, opt.To), collections(opt.Collections), why)
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
