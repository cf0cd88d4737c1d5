package raster

import (
	"slices"
	"sync"
)

// blockLayout is how an asset's pixels lie on a cover's grid.
type blockLayout struct {
	dc, dr int // the asset's corner, in pixels of the cover's grid
	bw, bh int // of what is read at once
	w, h   int // of the asset
}

// Bounds of what is read at once, in pixels. Larger blocks (a JPEG 2000 image
// in one piece) are read in windows, smaller ones (lines) together.
const (
	readAtMost  = 1 << 22
	readAtLeast = 1 << 18
	readWindow  = 1024
)

// layoutOf chooses windows of whole blocks, with even sides so that the four
// 10 m pixels of one of 20 m come together.
func layoutOf(dc, dr, blockW, blockH int, g Grid) blockLayout {
	w, h := max(min(blockW, g.Width), 1), max(min(blockH, g.Height), 1)
	if w*h > readAtMost {
		w, h = readWindow, readWindow
	}
	if side := 512; w < side && w < g.Width {
		w *= (side + w - 1) / w
	}
	if w*h < readAtLeast {
		h *= max(1, readAtLeast/(w*h))
	}
	return blockLayout{dc, dr, w + w&1, h + h&1, g.Width, g.Height}
}

// block is a window of an asset that some shape touches.
type block struct {
	win    Window // on the cover's grid, inside the asset
	shapes []blockShape
}

// blockShape is a shape in a block. Where the shape lies in several blocks,
// this is one of its parts.
type blockShape struct {
	slot  int32
	split int32 // index among the shapes that several blocks share, −1 = it lies in this block alone
	part  int32
	parts int32
}

// blockIndex says which blocks of a layout the shapes touch, row by row.
type blockIndex struct {
	blocks []block
	splits int // shapes in several blocks
}

// blockIndexes keeps the indexes of a cover: all dates of a tile share one.
type blockIndexes struct {
	mu sync.Mutex
	by map[indexKey]*blockIndex
}

type indexKey struct {
	res float64
	blockLayout
}

func (c *Cover) blocks(on *covering, l blockLayout) *blockIndex {
	c.index.mu.Lock()
	defer c.index.mu.Unlock()
	key := indexKey{on.grid.Res, l}
	if b := c.index.by[key]; b != nil {
		return b
	}
	if c.index.by == nil {
		c.index.by = map[indexKey]*blockIndex{}
	}
	b := on.blockIndex(l)
	c.index.by[key] = b
	return b
}

func (c *covering) blockIndex(l blockLayout) *blockIndex {
	asset := Window{l.dc, l.dr, l.w, l.h}
	cols := (l.w + l.bw - 1) / l.bw
	count := make([]int32, cols*((l.h+l.bh-1)/l.bh)+1)
	// span is the range of blocks that a shape's box touches.
	span := func(k int) (c0, c1, r0, r1 int) {
		w := c.box(k).window().intersect(asset)
		if w.empty() {
			return 0, -1, 0, -1
		}
		w.Col, w.Row = w.Col-l.dc, w.Row-l.dr
		return w.Col / l.bw, (w.Col + w.Width - 1) / l.bw, w.Row / l.bh, (w.Row + w.Height - 1) / l.bh
	}
	n := c.len()
	for k := range n {
		c0, c1, r0, r1 := span(k)
		for r := r0; r <= r1; r++ {
			for col := c0; col <= c1; col++ {
				count[r*cols+col+1]++
			}
		}
	}
	for i := 1; i < len(count); i++ {
		count[i] += count[i-1]
	}
	all := make([]blockShape, count[len(count)-1])
	at := slices.Clone(count)
	out := &blockIndex{}
	for k := range n {
		c0, c1, r0, r1 := span(k)
		parts := (c1 - c0 + 1) * (r1 - r0 + 1)
		b := blockShape{slot: int32(k), split: -1, parts: int32(parts)}
		if parts > 1 {
			b.split = int32(out.splits)
			out.splits++
		}
		for r := r0; r <= r1; r++ {
			for col := c0; col <= c1; col++ {
				all[at[r*cols+col]] = b
				at[r*cols+col]++
				b.part++
			}
		}
	}
	for i := range len(count) - 1 {
		if count[i] == count[i+1] {
			continue
		}
		w := Window{l.dc + i%cols*l.bw, l.dr + i/cols*l.bh, l.bw, l.bh}.intersect(asset)
		out.blocks = append(out.blocks, block{w, all[count[i]:count[i+1]]})
	}
	return out
}

func (c *covering) len() int {
	n := len(c.parts)
	if n == 0 {
		return 0
	}
	return (n-1)*partShapes + len(c.parts[n-1].box)
}

// touched are the squares of the grid, counted from its corner, within margin
// pixels of any shape; row by row.
func (c *covering) touched(side, margin int) []Window {
	all := c.window.pad(margin)
	floor := func(v int) int { // towards −∞: the margin may lie outside the grid
		if v < 0 {
			return -((-v + side - 1) / side)
		}
		return v / side
	}
	c0, r0 := floor(all.Col), floor(all.Row)
	cols, rows := floor(all.Col+all.Width-1)-c0+1, floor(all.Row+all.Height-1)-r0+1
	seen := make([]bool, cols*rows)
	for k := range c.len() {
		w := c.box(k).window()
		if w.empty() {
			continue
		}
		w = w.pad(margin)
		for r := floor(w.Row); r <= floor(w.Row+w.Height-1); r++ {
			for col := floor(w.Col); col <= floor(w.Col+w.Width-1); col++ {
				seen[(r-r0)*cols+col-c0] = true
			}
		}
	}
	var out []Window
	for i, s := range seen {
		if s {
			out = append(out, Window{(c0 + i%cols) * side, (r0 + i/cols) * side, side, side}.intersect(all))
		}
	}
	return out
}
