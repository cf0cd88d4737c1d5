package raster

import (
	"fmt"
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"
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
	Shapes []Shape
	Grid10 Grid
	Grid20 Grid
	on10   covering
	on20   covering
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
	box    []window32 // by shape
	total  []float64  // by shape: covered pixels
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

func (w window32) pixel(col, row uint16, fraction float64) CoveredPixel {
	return CoveredPixel{w.col + int32(col), w.row + int32(row), fraction}
}

// run is pixels wholly within, in a row; from the corner of the shape's box.
type run struct{ row, col, n uint16 }

// edgePixel is a pixel partly within, from the corner of the shape's box.
type edgePixel struct{ row, col uint16 }

// covered is the coverage of one shape.
type covered struct {
	box   window32
	total float64
	runs  []run
	edges []edgePixel
	frac  []float64
}

func (c *covering) of(k int) covered {
	p, i := c.parts[k/partShapes], k%partShapes
	e0, e1 := p.edgeAt[i], p.edgeAt[i+1]
	return covered{p.box[i], p.total[i], p.runs[p.runAt[i]:p.runAt[i+1]], p.edges[e0:e1], p.frac[e0:e1]}
}

func (c *covering) box(k int) window32  { return c.parts[k/partShapes].box[k%partShapes] }
func (c *covering) total(k int) float64 { return c.parts[k/partShapes].total[k%partShapes] }

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
	c := &Cover{Shapes: shapes, Grid10: res10, Grid20: g20}
	c.on10, c.on20 = newCovering(shapes, res10), newCovering(shapes, g20)
	return c, nil
}

func newCovering(shapes []Shape, g Grid) covering {
	c := covering{grid: g, parts: make([]*coverPart, (len(shapes)+partShapes-1)/partShapes)}
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i := range c.parts {
		work.Go(func() error {
			c.parts[i] = new(sweep).part(shapes[i*partShapes:min((i+1)*partShapes, len(shapes))], g)
			return nil
		})
	}
	_ = work.Wait() // no part fails
	for _, p := range c.parts {
		for _, b := range p.box {
			c.window = c.window.union(b.window())
		}
	}
	return c
}

func (s *sweep) part(shapes []Shape, g Grid) *coverPart {
	n := len(shapes)
	p := &coverPart{box: make([]window32, n), total: make([]float64, n), runAt: make([]uint32, n+1), edgeAt: make([]uint32, n+1)}
	var runs []run
	var edges []edgePixel
	var frac []float64
	for i, shape := range shapes {
		box, total := s.cover(shape.Polygon, g)
		p.box[i] = window32{int32(box.Col), int32(box.Row), int32(box.Width), int32(box.Height)}
		p.total[i] = total
		runs, edges, frac = append(runs, s.runs...), append(edges, s.edges...), append(frac, s.frac...)
		p.runAt[i+1], p.edgeAt[i+1] = uint32(len(runs)), uint32(len(frac))
	}
	p.runs = append(make([]run, 0, len(runs)), runs...)
	p.edges = append(make([]edgePixel, 0, len(edges)), edges...)
	p.frac = append(make([]float64, 0, len(frac)), frac...)
	return p
}

// At is the coverage of shape k on the grid of 10 m or of 20 m pixels.
func (c *Cover) At(k int, res float64) Coverage {
	on := &c.on10
	if res == 20 {
		on = &c.on20
	}
	s := on.of(k)
	out := Coverage{Window: s.box.window()}
	runs, edges, frac := s.runs, s.edges, s.frac
	for len(runs)+len(edges) > 0 { // both are in the order of rows, then columns
		if len(edges) > 0 && (len(runs) == 0 || edges[0].row < runs[0].row || edges[0].row == runs[0].row && edges[0].col < runs[0].col) {
			out.Pixels = append(out.Pixels, s.box.pixel(edges[0].col, edges[0].row, frac[0]))
			edges, frac = edges[1:], frac[1:]
			continue
		}
		for i := range runs[0].n {
			out.Pixels = append(out.Pixels, s.box.pixel(runs[0].col+i, runs[0].row, 1))
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
