package zonal

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/parus-lending/parus/raster"
)

// observe takes strip by strip, and each through all scenes while its coverage
// is kept.
func (r *run) observe(ctx context.Context, strips []strip, out *pen) error {
	steps := 0
	for _, st := range strips {
		steps += len(r.tiling.Scenes(st.cell()))
	}
	r.opt.Progress.Stage("observe", steps)
	told := map[string]bool{}
	for _, st := range strips {
		for _, l := range r.tiling.LeftOut(st.cell()) {
			if key := st.tile + " " + l.Scene.ID; !told[key] {
				told[key] = true
				r.warn(raster.Warning{Code: "scene_left_out", Subject: l.Scene.ID, Detail: l.Why})
			}
		}
		if err := r.observeStrip(ctx, st, out); err != nil {
			return err
		}
		runtime.GC() // what the strip took goes before the next takes its own
	}
	return nil
}

func (st strip) cell() raster.Cell { return raster.Cell{Tile: st.tile} }

func (r *run) observeStrip(ctx context.Context, st strip, out *pen) (err error) {
	// Nothing of a strip stays behind: not its coverage, not what is being written.
	defer func() { err = errors.Join(err, out.wait()) }()
	land, err := r.land.load(st)
	if err != nil {
		return err
	}
	r.hold(st)
	grid := r.tiling.Grid(st.cell())
	cover, err := raster.NewCover(land.list, grid)
	if err != nil {
		return fmt.Errorf("tile %s: %w", st.tile, err)
	}
	views := r.tiling.Views(st.cell(), land.list)
	forget(views, land)
	scenes := make([]raster.Scene, len(views))
	for i, v := range views {
		scenes[i] = v.Scene
	}
	opt := r.opt.Observe
	opt.More = r.readers[1:]
	if opt.Ground, err = r.ground(ctx, scenes, cover); err != nil {
		return err
	}
	for _, v := range views {
		on := cover
		if len(v.Shapes) < len(cover.Shapes) {
			if on, err = raster.NewCover(pick(land.list, v.Shapes), grid); err != nil {
				return fmt.Errorf("tile %s: %w", st.tile, err)
			}
		}
		res, err := raster.Observe(ctx, r.readers[0], v.Scene, on, opt)
		if err != nil {
			return err
		}
		for _, w := range res.Warnings {
			r.warn(w)
		}
		if err := out.write(res); err != nil {
			return err
		}
		r.opt.Progress.Step()
	}
	for range len(r.tiling.Scenes(st.cell())) - len(views) { // scenes none of the strip's shapes lie in
		r.opt.Progress.Step()
	}
	return ctx.Err()
}

// forget lets go of the polygons, where the coverage of all of them is all that
// is needed from here on.
func forget(views []raster.View, land *shapes) {
	for _, v := range views {
		if len(v.Shapes) < len(land.list) {
			return
		}
	}
	for i := range land.list {
		land.list[i].Polygon = nil
	}
	land.polygons, land.rings, land.points = nil, nil, nil
}

func pick(all []raster.Shape, which []int) []raster.Shape {
	out := make([]raster.Shape, len(which))
	for i, k := range which {
		out[i] = all[k]
	}
	return out
}

// scenesForGround is how many scenes it takes to tell bright land from cloud.
const scenesForGround = 5

// ground finds bright and dark land over all scenes; nil where the scenes are
// too few to tell.
func (r *run) ground(ctx context.Context, scenes []raster.Scene, cover *raster.Cover) (*raster.Ground, error) {
	var optical []raster.Scene
	for _, s := range scenes {
		if !s.Radar() {
			optical = append(optical, s)
		}
	}
	if len(optical) < scenesForGround {
		return nil, nil
	}
	g, warns, err := raster.BuildGround(ctx, r.readers, optical, cover)
	for _, w := range warns {
		r.warn(w)
	}
	return g, err
}
