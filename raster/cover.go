package raster

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
)

// insideTolerance is how far below 1 a fraction may be for its pixel to count
// as wholly within.
const insideTolerance = 1e-9

// thinPixel is the fraction below which a pixel is not touched: rounding alone
// makes such fractions.
const thinPixel = 1e-12

// Coverage is the exact fraction of each pixel of a grid inside one polygon:
// the area of polygon ∩ pixel over the pixel's area. Sparse: pixels it does not
// touch are not stored. Columns and rows are of the grid, row 0 at the top.
type Coverage struct {
	Window Window // smallest window that holds all its pixels
	Pixels []CoveredPixel
}

// CoveredPixel is one pixel of a coverage.
type CoveredPixel struct {
	Col, Row int32
	Fraction float64
}

// Cover is the coverage of all shapes of a task, on the 10 m grid of a scene
// and on the 20 m grid over the same corner. It is computed once and serves
// every band and date; safe for concurrent use.
type Cover struct {
	Shapes []Shape // without their polygons, which are not needed any more
	Grid10 Grid
	Grid20 Grid
	on10   covering
	on20   covering
	slot   []int32 // of each shape: its place in the coverings, where neighbours lie together
	index  blockIndexes
}

// covering is the coverage of all shapes on one grid, in parts of partShapes.
type covering struct {
	grid   Grid
	parts  []*coverPart
	window Window // that holds every shape
}

const partShapes = 2048

// coverPart is the coverage of up to partShapes shapes in flat arrays: 12 bytes
// a boundary pixel and 6 a row, nothing a pixel inside.
type coverPart struct {
	box    []window32 // by slot
	total  []float64  // covered pixels
	runAt  []uint32   // runs[runAt[i]:runAt[i+1]] are of shape i
	edgeAt []uint32
	runs   []run
	edges  []edgePixel
	frac   []float64 // of each edge pixel, < 1
}

// window32 is a Window in half the memory.
type window32 struct{ col, row, width, height int32 }

func (w window32) window() Window {
	return Window{int(w.col), int(w.row), int(w.width), int(w.height)}
}

// run is pixels wholly within, in a row of the grid.
type run struct{ row, col, n uint16 }

// edgePixel is a pixel partly within.
type edgePixel struct{ row, col uint16 }

// covered is the coverage of one shape.
type covered struct {
	box   window32
	total float64
	runs  []run
	edges []edgePixel
	frac  []float64
}

// of is the coverage of the shape in a slot.
func (c *covering) of(slot int) covered {
	p, i := c.parts[slot/partShapes], slot%partShapes
	e0, e1 := p.edgeAt[i], p.edgeAt[i+1]
	return covered{p.box[i], p.total[i], p.runs[p.runAt[i]:p.runAt[i+1]], p.edges[e0:e1], p.frac[e0:e1]}
}

func (c *covering) box(slot int) window32  { return c.parts[slot/partShapes].box[slot%partShapes] }
func (c *covering) total(slot int) float64 { return c.parts[slot/partShapes].total[slot%partShapes] }

// NewCover computes the coverage of every shape once. Parts outside the grid
// are left out (they have no pixels).
func NewCover(shapes []Shape, res10 Grid) (*Cover, error) {
	if res10.Res != 10 || res10.Width <= 0 || res10.Height <= 0 {
		return nil, fmt.Errorf("coverage: the grid must have pixels of 10 m, not %+v", res10)
	}
	if res10.Width > math.MaxUint16 || res10.Height > math.MaxUint16 {
		return nil, fmt.Errorf("coverage: the grid of %d × %d pixels is larger than %d on a side: divide the image into tiles", res10.Width, res10.Height, math.MaxUint16)
	}
	g20 := Grid{EPSG: res10.EPSG, X0: res10.X0, Y0: res10.Y0, Res: 20, Width: (res10.Width + 1) / 2, Height: (res10.Height + 1) / 2}
	n := (len(shapes) + partShapes - 1) / partShapes
	c := &Cover{Shapes: make([]Shape, len(shapes)), Grid10: res10, Grid20: g20}
	for k, s := range shapes {
		c.Shapes[k] = Shape{ID: s.ID, Kind: s.Kind}
	}
	c.on10, c.on20 = covering{grid: res10, parts: make([]*coverPart, n)}, covering{grid: g20, parts: make([]*coverPart, n)}
	order, windows := spatial(shapes, res10)
	c.slot = make([]int32, len(shapes))
	for slot, k := range order {
		c.slot[k] = int32(slot)
	}
	workers := runtime.GOMAXPROCS(0)
	sweeps := make([]sweep, workers)
	_ = each(context.Background(), workers, n, func(w, i int) error { // no part fails
		c.on10.parts[i], c.on20.parts[i] = sweeps[w].part(shapes, windows, order[i*partShapes:min((i+1)*partShapes, len(shapes))], res10)
		return nil
	})
	for _, on := range []*covering{&c.on10, &c.on20} {
		for _, p := range on.parts {
			for _, b := range p.box {
				on.window = on.window.union(b.window())
			}
		}
	}
	return c, nil
}

// spatial orders shapes by the block they begin in, so that what is worked on
// together lies together in memory; windows are what of the grid each may touch.
func spatial(shapes []Shape, g Grid) (order []int32, windows []window32) {
	keys := make([]uint64, len(shapes))
	windows = make([]window32, len(shapes))
	for k, s := range shapes {
		w := windowOf(s.Polygon, g)
		windows[k] = window32{int32(w.Col), int32(w.Row), int32(w.Width), int32(w.Height)}
		keys[k] = uint64(w.Row/512)<<48 | uint64(w.Col/512)<<32 | uint64(k)
	}
	slices.Sort(keys)
	order = make([]int32, len(shapes))
	for i, key := range keys {
		order[i] = int32(uint32(key))
	}
	return order, windows
}

// part covers the shapes of a part.
func (s *sweep) part(shapes []Shape, windows []window32, order []int32, g Grid) (ten, twenty *coverPart) {
	s.ten.begin(len(order))
	s.twenty.begin(len(order))
	for _, k := range order {
		s.cover(shapes[k].Polygon, windows[k].window(), g)
		s.ten.next()
		s.twenty.next()
	}
	return s.ten.part(), s.twenty.part()
}

// Bytes is about the memory that the coverage takes.
func (c *Cover) Bytes() int64 {
	n := int64(len(c.slot)) * 60
	for _, on := range []*covering{&c.on10, &c.on20} {
		for _, p := range on.parts {
			n += int64(len(p.box))*32 + int64(len(p.runs))*6 + int64(len(p.frac))*12
		}
	}
	return n
}

// At is the coverage of shape k on the grid of 10 m or of 20 m pixels.
func (c *Cover) At(k int, res float64) Coverage {
	on := &c.on10
	if res == 20 {
		on = &c.on20
	}
	s := on.of(int(c.slot[k]))
	out := Coverage{Window: s.box.window()}
	runs, edges, frac := s.runs, s.edges, s.frac
	for len(runs)+len(edges) > 0 { // both are in the order of rows, then columns
		if len(edges) > 0 && (len(runs) == 0 || edges[0].row < runs[0].row || edges[0].row == runs[0].row && edges[0].col < runs[0].col) {
			out.Pixels = append(out.Pixels, CoveredPixel{int32(edges[0].col), int32(edges[0].row), frac[0]})
			edges, frac = edges[1:], frac[1:]
			continue
		}
		for i := range runs[0].n {
			out.Pixels = append(out.Pixels, CoveredPixel{int32(runs[0].col + i), int32(runs[0].row), 1})
		}
		runs = runs[1:]
	}
	return out
}

// Area is the covered area in pixels.
func (c Coverage) Area() float64 {
	var sum float64
	for _, p := range c.Pixels {
		sum += p.Fraction
	}
	return sum
}
