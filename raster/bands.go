package raster

import (
	"context"
	"fmt"
	"math"
)

// bandGroup is bands whose pixels lie alike, so that a block of all of them is
// worked on together: which pixels of a shape count is found once.
type bandGroup struct {
	res    float64
	on     *covering
	layout blockLayout
	bands  []int // in OpticalBands
	index  *blockIndex
	splits []split
}

// unit is one block of a group.
type unit struct {
	group *bandGroup
	block int
}

// readBands reads each block once and works out its shapes.
func (o *observer) readBands(ctx context.Context) error {
	faulty := make([]*faults, len(OpticalBands))
	groups, err := o.groups(ctx, faulty)
	if err != nil {
		return err
	}
	var units []unit
	for _, g := range groups {
		for i := range g.index.blocks {
			units = append(units, unit{g, i})
		}
		for _, b := range g.bands {
			faulty[b] = newFaults(len(g.index.blocks))
		}
	}
	workers := make([]*bandWorker, len(o.readers))
	for i, r := range o.readers {
		workers[i] = &bandWorker{o: o, r: r, faults: faulty}
	}
	if err := each(ctx, len(workers), len(units), func(w, i int) error { return workers[w].do(ctx, units[i]) }); err != nil {
		return err
	}
	for i, f := range faulty {
		if f != nil {
			f.report(o, OpticalBands[i])
		}
	}
	return nil
}

// groups puts bands together by their layout. A band that is missing or whose
// pixels do not fit gets a warning.
func (o *observer) groups(ctx context.Context, faulty []*faults) ([]*bandGroup, error) {
	var out []*bandGroup
	for i, b := range OpticalBands {
		a, ok := o.s.Assets[b]
		if !ok {
			o.warn("missing_band", " "+string(b), "the scene has no such asset")
			continue
		}
		res, on := 20.0, &o.cover.on20
		if b.tenMetres() {
			res, on = 10, &o.cover.on10
		}
		if on.window.empty() {
			continue
		}
		l, err := o.layout(ctx, a, on.grid)
		if err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			o.unreadable(b, UnreadableBand, err.Error())
			continue
		}
		var g *bandGroup
		for _, old := range out {
			if old.res == res && old.layout == l {
				g = old
			}
		}
		if g == nil {
			index := o.cover.blocks(on, l)
			g = &bandGroup{res: res, on: on, layout: l, index: index, splits: make([]split, index.splits)}
			out = append(out, g)
		}
		g.bands = append(g.bands, i)
	}
	return out, nil
}

// layout opens the asset and says how its pixels lie on the grid. Pixels that
// do not line up are refused: they are never resampled.
func (o *observer) layout(ctx context.Context, a Asset, base Grid) (blockLayout, error) {
	g := a.Grid
	var err error
	if g.Width == 0 {
		if g, err = o.readers[0].Describe(ctx, a); err != nil {
			return blockLayout{}, err
		}
	}
	if err := fits(a, g, base); err != nil {
		return blockLayout{}, err
	}
	w, h, err := o.readers[0].Blocks(ctx, a)
	if err != nil {
		return blockLayout{}, err
	}
	if w <= 0 || h <= 0 {
		return blockLayout{}, fmt.Errorf("%s: blocks of %d × %d pixels", a.Href, w, h)
	}
	dc, dr := offset(g, base)
	return layoutOf(dc, dr, w, h, g), nil
}

// bandWorker is what one goroutine works with.
type bandWorker struct {
	o      *observer
	r      Reader
	faults []*faults // by band

	assets []Asset
	dn     [10][]uint16 // of the block, by place in the group
	have   [10]bool
	sel    selection
	tally  tally
	big    *[1 << 16]float64
}

// do reads a block of every band of the group and gathers its shapes.
func (w *bandWorker) do(ctx context.Context, u unit) error {
	b := &u.group.index.blocks[u.block]
	own := Window{b.win.Col - u.group.layout.dc, b.win.Row - u.group.layout.dr, b.win.Width, b.win.Height}
	n := own.Width * own.Height
	w.assets = w.assets[:0]
	for i, band := range u.group.bands {
		if cap(w.dn[i]) < n {
			w.dn[i] = make([]uint16, max(n, u.group.layout.bw*u.group.layout.bh))
		}
		w.dn[i] = w.dn[i][:n]
		w.assets = append(w.assets, w.o.s.Assets[OpticalBands[band]])
	}
	for i, err := range readMany(ctx, w.r, w.assets, own, w.dn[:len(w.assets)]) {
		if w.have[i] = err == nil; err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			w.faults[u.group.bands[i]].add(u.block, b.win, err)
		}
	}
	ten := u.group.res == 10
	for _, s := range b.shapes {
		at := w.o.res.rowOf[s.slot]
		if at < 0 {
			continue
		}
		c := u.group.on.of(int(s.slot))
		w.sel.pick(&c, b.win, s.split >= 0, w.o.mask, ten, &w.o.opt)
		if s.split >= 0 {
			w.gatherPart(u.group, s, &c, b.win)
			continue
		}
		for i, band := range u.group.bands {
			if w.have[i] {
				doubtful, sums := w.gather(w.dn[i])
				s := w.tally.spread(sums)
				if s.count > 0 && s.min == 0 {
					doubtful = w.withoutZeros(w.dn[i], b.win, ten)
					s = w.tally.work()
				} else {
					w.tally.quantiles(&s)
				}
				w.o.res.rows[int(at)+band] = rowOf(s, len(w.tally.inside), doubtful)
			}
		}
	}
	if w.o.pixels != nil {
		w.layerBlock(u.group, b.win)
	}
	return nil
}

// copyWidth pixels are copied at once: most runs are shorter, and a copy of fixed
// length costs less than one of the right length.
const copyWidth = 16

// gather takes the values of the chosen pixels, 0 where they are no data, with
// the sums of those inside and the weight of those that are doubtful.
func (w *bandWorker) gather(dn []uint16) (doubtful float64, sum sums) {
	t, s := &w.tally, &w.sel
	t.size(s.inside, len(s.edge))
	t.weights = s.weights
	switch {
	case len(s.runs) > 0:
		sum = startSums(dn[s.runs[0].at])
	case len(s.edge) > 0:
		sum = startSums(dn[s.edge[0]])
	}
	n := 0
	room := t.inside[:s.inside+copyWidth]
	for _, r := range s.runs {
		from, to := int(r.at), int(r.at+r.n)
		for ; from < to && from+copyWidth <= len(dn); from += copyWidth { // copies too much, in one piece
			piece := *(*[copyWidth]uint16)(dn[from:])
			*(*[copyWidth]uint16)(room[n:]) = piece
			n += copyWidth
		}
		if from >= to {
			n -= from - to
		} else {
			n += copy(room[n:], dn[from:to])
		}
	}
	sum.add(t.inside)
	border := t.border[:len(s.edge)]
	for i, at := range s.edge {
		border[i] = dn[at]
	}
	sum.addEdge(border, t.edge)
	return s.doubtful, sum
}

// withoutZeros leaves out pixels that are no data and returns the weight of
// those of the rest that are doubtful.
func (w *bandWorker) withoutZeros(dn []uint16, win Window, ten bool) (doubtful float64) {
	w.tally.dropZeros()
	s := &w.sel
	if s.doubtful == 0 {
		return 0
	}
	for _, r := range s.runs { // some doubtful pixels have no data
		for at := r.at; at < r.at+r.n; at++ {
			if dn[at] != 0 && w.o.mask.isDoubtful(at, win, ten) {
				doubtful++
			}
		}
	}
	for i, at := range s.edge {
		if dn[at] != 0 && w.o.mask.isDoubtful(at, win, ten) {
			doubtful += s.weights.edge[i]
		}
	}
	return doubtful
}

func (t *tally) dropZeros() {
	n := 0
	for _, v := range t.inside {
		if v != 0 {
			t.inside[n] = v
			n++
		}
	}
	m := 0
	weight := append(t.room.weight[:0], t.edge...)
	for i, v := range t.border {
		if v != 0 {
			t.border[m], weight[m] = v, t.edge[i]
			m++
		}
	}
	t.inside, t.border, t.room.weight = t.inside[:n], t.border[:m], weight[:m]
	t.weigh(weight[:m])
}

// weigh sets the weights of the edge pixels.
func (t *tally) weigh(edge []float64) {
	t.weights = weigh(edge, len(t.inside), t.room.whole)
	t.room.whole = t.whole
}

// size makes room for so many pixels.
func (t *tally) size(inside, edge int) {
	if cap(t.room.inside) < inside+copyWidth {
		t.room.inside = make([]uint16, 2*inside+copyWidth)
	}
	if cap(t.room.border) < edge {
		t.room.border = make([]uint16, 2*edge)
	}
	t.inside, t.border = t.room.inside[:inside], t.room.border[:edge]
}

func rowOf(s spread, inside int, doubtful float64) row {
	r := row{count: s.count, mean: s.mean, std: float32(s.std), inside: uint32(min(inside, math.MaxUint32)), min: s.min, max: s.max, quantile: s.quantile}
	if s.count > 0 {
		r.doubtful = float32(doubtful / s.count)
	}
	return r
}
