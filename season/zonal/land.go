package zonal

import (
	"context"
	"fmt"
	"math"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"
)

// place is where a polygon is observed: its home tile and the row of blocks of
// that tile its middle lies in.
type place struct {
	tile string
	row  int
}

// placed is one batch of rows, each polygon in the CRS of its home tile.
type placed struct {
	pieces  []piece // by place, in the order of first use
	rejects []rejectRow
	ids     []uint64 // hashes of the IDs
	left    int
	err     error
}

// readLand reads all polygons and stores them by place. One goroutine reads,
// workers prepare, one stores in the order of the file.
func (r *run) readLand(ctx context.Context, src *vector.Polygons) error {
	for _, n := range src.Notes() {
		r.warn(raster.Warning{Code: n.Code, Subject: n.Subject, Detail: n.Detail})
	}
	r.opt.Progress.Stage("polygons", src.Batches())
	r.land = newStore(r.opt.Out, r.limits.held)
	rejects := newRejects(r.opt.Out)
	defer rejects.abandon()

	g, ctx := errgroup.WithContext(ctx)
	type job struct {
		batch *vector.Batch
		done  chan placed
	}
	jobs := make(chan job)
	order := make(chan chan placed, 2*r.opt.Workers)
	g.Go(func() error {
		defer close(order)
		defer close(jobs)
		for {
			b, err := src.Next(ctx)
			if err != nil || b == nil {
				return err
			}
			j := job{b, make(chan placed, 1)}
			select {
			case order <- j.done:
			case <-ctx.Done():
				b.Close()
				return ctx.Err()
			}
			select {
			case jobs <- j:
			case <-ctx.Done():
				b.Close()
				return ctx.Err()
			}
		}
	})
	for range r.opt.Workers {
		g.Go(func() error {
			for j := range jobs {
				j.done <- r.prepare(src, j.batch)
				j.batch.Close()
			}
			return nil
		})
	}
	seen, twice := map[uint64]struct{}{}, 0
	g.Go(func() error {
		for done := range order {
			var p placed
			select {
			case p = <-done:
			case <-ctx.Done():
				return ctx.Err()
			}
			if p.err != nil {
				return p.err
			}
			for _, x := range p.rejects {
				if err := rejects.add(x); err != nil {
					return err
				}
				r.count(x)
			}
			for _, id := range p.ids {
				if _, ok := seen[id]; ok {
					twice++
				} else if len(seen) < maxIDs {
					seen[id] = struct{}{}
				}
			}
			r.sum.NoScene += p.left
			for _, x := range p.pieces {
				if err := r.land.add(x); err != nil {
					return err
				}
			}
			r.opt.Progress.Step()
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return err
	}
	r.sum.Read, r.sum.Polygons = src.Rows(), r.land.n
	if twice > 0 {
		r.warn(raster.Warning{Code: "id_repeated", Subject: r.opt.Parcels, Detail: fmt.Sprintf("%d rows have an ID that stands in a row before: all are observed, and their observations cannot be told apart", twice)})
	}
	if n := r.sum.NoScene; n > 0 {
		r.warn(raster.Warning{Code: "no_imagery", Subject: r.opt.Parcels, Detail: fmt.Sprintf("%d polygons lie in no scene: they have no rows", n)})
	}
	path, err := rejects.finish()
	if err != nil {
		return err
	}
	r.sum.Rejects = path
	return r.someLand()
}

// maxIDs bounds the memory that looking for repeated IDs takes.
const maxIDs = 4_000_000

func (r *run) count(x rejectRow) {
	if x.repaired {
		r.sum.Repaired++
	} else {
		r.sum.LeftOut++
	}
}

// someLand is an error where nothing can be observed.
func (r *run) someLand() error {
	in := r.opt.Parcels
	switch {
	case r.sum.Polygons > 0:
		if n := r.sum.LeftOut; n > 0 {
			r.warn(raster.Warning{Code: "rows_left_out", Subject: in, Detail: fmt.Sprintf("%d rows are no polygons that can be observed: see %s", n, r.sum.Rejects)})
		}
		if n := r.sum.Repaired; n > 0 {
			r.warn(raster.Warning{Code: "geometry_repaired", Subject: in, Detail: fmt.Sprintf("%d polygons were repaired: see %s", n, r.sum.Rejects)})
		}
		return nil
	case r.sum.Read == 0:
		return fmt.Errorf("%s holds no rows: give a file with polygons", in)
	case r.sum.NoScene == 0:
		return fmt.Errorf("none of the %d rows of %s is a polygon: see %s", r.sum.Read, in, r.sum.Rejects)
	}
	return fmt.Errorf("none of the %d polygons of %s lies in any of the %d scenes: check that the scenes are of this land, and the CRS of the file", r.sum.NoScene, in, len(r.sum.Scenes))
}

// prepare finds the home of each polygon and takes it there.
func (r *run) prepare(src *vector.Polygons, b *vector.Batch) (out placed) {
	at := map[place]int{}
	out.ids = make([]uint64, 0, b.Len())
	b.Each(func(p vector.Polygon) {
		if out.err != nil {
			return
		}
		out.ids = append(out.ids, fnv64(p.ID))
		if p.Repaired != "" {
			out.rejects = append(out.rejects, rejectRow{p.Row, p.ID, "geometry", true, p.Repaired})
		}
		pl, shape, ok, err := r.home(src, p.Shape)
		switch {
		case err != nil:
			out.rejects = append(out.rejects, rejectRow{p.Row, p.ID, "geometry", false, err.Error()})
			return
		case !ok:
			out.left++
			return
		}
		k, known := at[pl]
		if !known {
			k = len(out.pieces)
			at[pl] = k
			out.pieces = append(out.pieces, piece{at: pl})
		}
		out.pieces[k].put(p.ID, shape)
	}, func(x vector.Reject) {
		out.rejects = append(out.rejects, rejectRow{x.Row, x.ID, x.Column, false, x.Reason})
	})
	return out
}

// home is where a polygon is observed, and the polygon in that tile's CRS. ok
// is false where no tile holds it.
func (r *run) home(src *vector.Polygons, given orb.MultiPolygon) (pl place, shape orb.MultiPolygon, ok bool, err error) {
	lonlat, err := src.LonLatPoint(parcels.InteriorPoint(given))
	if err != nil {
		return pl, nil, false, err
	}
	if !(math.Abs(lonlat[0]) <= 180.001 && math.Abs(lonlat[1]) <= 90) {
		return pl, nil, false, fmt.Errorf("its longitude %.4f and latitude %.4f are not on the earth: check the file's CRS", lonlat[0], lonlat[1])
	}
	cell, ok := r.tiling.Home(lonlat)
	if !ok {
		return pl, nil, false, nil
	}
	if shape, err = src.To(given, cell.EPSG); err != nil {
		return pl, nil, false, err
	}
	g := r.tiling.Grid(cell)
	box := shape.Bound()
	row := int(math.Floor((g.Y0 - (box.Min[1]/2 + box.Max[1]/2)) / (g.Res * rowsPerPlace)))
	return place{cell.Tile, min(max(row, 0), (g.Height-1)/rowsPerPlace)}, shape, true, nil
}

// rowsPerPlace is the height of a place in pixels of 10 m: that of the blocks
// most imagery is stored in.
const rowsPerPlace = 512

// fnv64 is the FNV-1a hash.
func fnv64(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}
