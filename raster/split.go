package raster

import (
	"math"
	"slices"
	"sync"
)

// split is a shape that several blocks share. Its parts come in any order and
// are put together in the order of the blocks, so that sums do not depend on
// which worker was first.
type split struct {
	mu    sync.Mutex
	left  int32
	parts []part
	large *[10]*[1 << 16]uint32 // pixels wholly within by band and value, for a large shape
	n     [10]int               // of them
}

// part is a shape's pixels in one block, by place of the band in the group.
type part [10]struct {
	inside   []uint16
	edge     []uint16
	weight   []float64
	doubtful float64
}

// largeShape is the box, in pixels, beyond which values are counted instead of
// listed: memory stays bounded for a polygon of any size.
const largeShape = 1 << 18

// gatherPart adds the shape's pixels in this block; the last part works it out.
func (w *bandWorker) gatherPart(g *bandGroup, s blockShape, c *covered, win Window) {
	sp := &g.splits[s.split]
	large := int(c.box.width)*int(c.box.height) > largeShape
	var p part
	for i := range g.bands {
		if !w.have[i] {
			continue
		}
		p[i].doubtful, _ = w.gather(w.dn[i])
		if slices.Contains(w.tally.inside, 0) || slices.Contains(w.tally.border, 0) {
			p[i].doubtful = w.withoutZeros(w.dn[i], win, g.res == 10)
		}
		p[i].edge, p[i].weight = slices.Clone(w.tally.border), slices.Clone(w.tally.edge)
		if large {
			sp.count(i, w.tally.inside)
		} else {
			p[i].inside = slices.Clone(w.tally.inside)
		}
	}
	sp.mu.Lock()
	if sp.parts == nil {
		sp.parts, sp.left = make([]part, s.parts), s.parts
	}
	sp.parts[s.part] = p
	sp.left--
	last := sp.left == 0
	sp.mu.Unlock()
	if !last {
		return
	}
	at := int(w.o.res.rowOf[s.slot])
	for i, band := range g.bands {
		w.o.res.rows[at+band] = w.join(sp, i)
	}
	sp.parts, sp.large = nil, nil
}

func (sp *split) count(band int, inside []uint16) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if sp.large == nil {
		sp.large = new([10]*[1 << 16]uint32)
	}
	if sp.large[band] == nil {
		sp.large[band] = new([1 << 16]uint32)
	}
	for _, v := range inside {
		sp.large[band][v]++
	}
	sp.n[band] += len(inside)
}

// join is the row of a split shape in one band.
func (w *bandWorker) join(sp *split, i int) row {
	t := &w.tally
	t.inside, t.border = t.room.inside[:0], t.room.border[:0]
	weight := t.room.weight[:0]
	doubtful := 0.0
	for k := range sp.parts {
		p := &sp.parts[k][i]
		t.inside, t.border, weight = append(t.inside, p.inside...), append(t.border, p.edge...), append(weight, p.weight...)
		doubtful += p.doubtful
	}
	if sp.large == nil || sp.large[i] == nil {
		t.room.inside, t.room.border, t.room.weight = t.inside, t.border, weight
		t.weigh(weight)
		return rowOf(t.work(), len(t.inside), doubtful)
	}
	if w.big == nil {
		w.big = new([1 << 16]float64)
	}
	return rowOf(spreadOf(sp.large[i], t.border, weight, w.big), sp.n[i], doubtful)
}

// spreadOf are the statistics of pixels counted by value.
func spreadOf(inside *[1 << 16]uint32, edge []uint16, weight []float64, sums *[1 << 16]float64) spread {
	low, high := math.MaxUint16, 0
	for v, n := range inside {
		sums[v] = float64(n)
		if n > 0 {
			low, high = min(low, v), max(high, v)
		}
	}
	for i, v := range edge {
		sums[v] += weight[i]
		low, high = min(low, int(v)), max(high, int(v))
	}
	if low > high {
		return spread{}
	}
	var sw, swd, swdd float64
	for v := low; v <= high; v++ {
		d := float64(v - low)
		sw += sums[v]
		swd += sums[v] * d
		swdd += sums[v] * d * d
	}
	mean := swd / sw
	out := spread{count: sw, mean: mean + float64(low), min: uint16(low), max: uint16(high)}
	if high > low {
		out.std = math.Sqrt(max(0, swdd/sw-mean*mean))
	}
	acc, v := 0.0, low
	for q := range 3 {
		target := (0.25*float64(q+1) - quantileSlack) * sw
		for v < high && acc+sums[v] < target {
			acc += sums[v]
			v++
		}
		out.quantile[q] = uint16(v)
	}
	return out
}
