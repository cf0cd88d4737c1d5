package delineate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// box is what scenes are looked for in; nil = everywhere.
func (r *run) box() (*orb.Bound, error) {
	box := r.opt.BBox
	if r.opt.Within == "" {
		return box, nil
	}
	src, err := vector.OpenPolygons(r.opt.Within, vector.Options{})
	if err != nil {
		return nil, err
	}
	defer src.Close()
	b, ok := src.Bound()
	switch {
	case !ok:
		return box, nil
	case box == nil:
		return &b, nil
	case !b.Intersects(*box):
		return nil, fmt.Errorf("--bbox does not meet the polygons of %s", r.opt.Within)
	}
	out := orb.Bound{Min: orb.Point{max(b.Min[0], box.Min[0]), max(b.Min[1], box.Min[1])}, Max: orb.Point{min(b.Max[0], box.Max[0]), min(b.Max[1], box.Max[1])}}
	return &out, nil
}

// bits is one bit for each pixel of a tile.
type bits struct {
	width int
	words []uint64
}

func newBits(width, height int) bits { return bits{width, make([]uint64, (width*height+63)/64)} }

func (b bits) at(x, y int) bool { i := y*b.width + x; return b.words[i>>6]>>(i&63)&1 != 0 }

func (b bits) put(x, y int, v bool) {
	i := y*b.width + x
	if v {
		b.words[i>>6] |= 1 << (i & 63)
	} else {
		b.words[i>>6] &^= 1 << (i & 63)
	}
}

// allowed marks the pixels of a tile that may be proposed, by their middles:
// within the box and the polygons asked for, in no known parcel, and in no
// polygon of a tile before.
func (r *run) allowed(ctx context.Context, g raster.Grid) (bits, error) {
	b := newBits(g.Width, g.Height)
	all := func(v bool) {
		for y := range g.Height {
			for x := range g.Width {
				b.put(x, y, v)
			}
		}
	}
	if r.opt.Within == "" {
		all(true)
	} else if _, err := fill(ctx, r.opt.Within, g, func(x, y int) { b.put(x, y, true) }); err != nil {
		return b, err
	}
	if r.opt.BBox != nil {
		in := newBits(g.Width, g.Height)
		shape, err := parcels.Project(boxPolygon(*r.opt.BBox), g.EPSG)
		if err != nil {
			return b, fmt.Errorf("--bbox: %w", err)
		}
		eachPixel(shape, g, func(x, y int) { in.put(x, y, true) })
		for i := range b.words {
			b.words[i] &= in.words[i]
		}
	}
	if r.opt.Known != "" {
		if _, err := fill(ctx, r.opt.Known, g, func(x, y int) { b.put(x, y, false) }); err != nil {
			return b, err
		}
	}
	return b, nil
}

// boxPolygon is a box with points along its sides, which are no straight lines
// in metres.
func boxPolygon(b orb.Bound) orb.MultiPolygon {
	const parts = 16
	var ring orb.Ring
	corners := [5]orb.Point{b.Min, {b.Max[0], b.Min[1]}, b.Max, {b.Min[0], b.Max[1]}, b.Min}
	for i := range 4 {
		for k := range parts {
			f := float64(k) / parts
			ring = append(ring, orb.Point{corners[i][0] + f*(corners[i+1][0]-corners[i][0]), corners[i][1] + f*(corners[i+1][1]-corners[i][1])})
		}
	}
	return orb.MultiPolygon{{append(ring, ring[0])}}
}

// fill calls set for the pixels of a grid in the polygons of a file. It returns
// the rows that were no polygons.
func fill(ctx context.Context, path string, g raster.Grid, set func(x, y int)) (rejects int, err error) {
	src, err := vector.OpenPolygons(path, vector.Options{})
	if err != nil {
		return 0, err
	}
	defer src.Close()
	for {
		batch, err := src.Next(ctx)
		if err != nil || batch == nil {
			return rejects, err
		}
		var failed error
		batch.Each(func(p vector.Polygon) {
			shape, err := src.To(p.Shape, g.EPSG)
			if err != nil {
				failed = fmt.Errorf("%s, row %d: %w", path, p.Row, err)
				return
			}
			eachPixel(shape, g, set)
		}, func(vector.Reject) { rejects++ })
		batch.Close()
		if failed != nil {
			return rejects, failed
		}
	}
}

// eachPixel gives the pixels of a grid whose middle lies in a polygon in the
// grid's CRS.
func eachPixel(mp orb.MultiPolygon, g raster.Grid, set func(x, y int)) {
	box := mp.Bound()
	top := max(int(math.Floor((g.Y0-box.Max[1])/g.Res)), 0)
	bottom := min(int(math.Ceil((g.Y0-box.Min[1])/g.Res)), g.Height)
	var xs []float64
	for row := top; row < bottom; row++ {
		y := g.Y0 - (float64(row)+0.5)*g.Res
		xs = xs[:0]
		for _, poly := range mp {
			for _, ring := range poly {
				for i := range ring {
					a, b := ring[i], ring[(i+1)%len(ring)]
					if (a[1] > y) != (b[1] > y) {
						xs = append(xs, a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]))
					}
				}
			}
		}
		slices.Sort(xs)
		for i := 0; i+1 < len(xs); i += 2 {
			from := max(int(math.Ceil((xs[i]-g.X0)/g.Res-0.5)), 0)
			to := min(int(math.Ceil((xs[i+1]-g.X0)/g.Res-0.5)), g.Width)
			for x := from; x < to; x++ {
				set(x, row)
			}
		}
	}
}
