package raster

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// insideTolerance is how far below 1 a fraction may be for its pixel to count
// as wholly within.
const insideTolerance = 1e-9

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
// and on the 20 m grid over the same corner.
type Cover struct {
	Shapes   []Shape
	Grid10   Grid
	Grid20   Grid
	Cov10    []Coverage // by shape
	Cov20    []Coverage
	window10 Window
	window20 Window
}

// NewCover computes the coverage of every shape once. Parts outside the grid
// are left out (they have no pixels).
func NewCover(shapes []Shape, res10 Grid) (*Cover, error) {
	if res10.Res != 10 || res10.Width <= 0 || res10.Height <= 0 {
		return nil, fmt.Errorf("coverage: the grid must have pixels of 10 m, not %+v", res10)
	}
	g20 := Grid{EPSG: res10.EPSG, X0: res10.X0, Y0: res10.Y0, Res: 20, Width: (res10.Width + 1) / 2, Height: (res10.Height + 1) / 2}
	c := &Cover{Shapes: shapes, Grid10: res10, Grid20: g20, Cov10: make([]Coverage, len(shapes)), Cov20: make([]Coverage, len(shapes))}
	var scratch coverScratch
	for i, s := range shapes {
		c.Cov10[i] = scratch.cover(s.Polygon, res10)
		c.Cov20[i] = scratch.cover(s.Polygon, g20)
		c.window10 = c.window10.union(c.Cov10[i].Window)
		c.window20 = c.window20.union(c.Cov20[i].Window)
	}
	// Masks and growth work on 20 m pixels and need all four 10 m pixels of each.
	w := c.window20
	c.window10 = c.window10.union(Window{w.Col * 2, w.Row * 2, w.Width * 2, w.Height * 2}).clip(res10)
	return c, nil
}

// Window20 is a window of a tile's 20 m grid.
type Window20 struct {
	Grid Grid `json:"grid"`
	Window
}

// Window20 is the window of the 20 m grid that holds every shape.
func (c *Cover) Window20() Window20 { return Window20{c.Grid20, c.window20} }

// Window10 is the window of the 10 m grid that holds every shape and Window20.
func (c *Cover) Window10() Window { return c.window10 }

func (w Window) empty() bool { return w.Width <= 0 || w.Height <= 0 }

func (w Window) union(o Window) Window {
	switch {
	case w.empty():
		return o
	case o.empty():
		return w
	}
	col, row := min(w.Col, o.Col), min(w.Row, o.Row)
	return Window{col, row, max(w.Col+w.Width, o.Col+o.Width) - col, max(w.Row+w.Height, o.Row+o.Height) - row}
}

// clip cuts the window to the grid.
func (w Window) clip(g Grid) Window {
	col, row := max(w.Col, 0), max(w.Row, 0)
	w = Window{col, row, min(w.Col+w.Width, g.Width) - col, min(w.Row+w.Height, g.Height) - row}
	if w.empty() {
		return Window{}
	}
	return w
}

// coverScratch is the reused accumulation buffer.
type coverScratch struct {
	left, area []float64
	w, h       int
}

// cover accumulates, for each edge of the rings, the signed area it sweeps to
// its right within each pixel row (as scan converters do), in float64. The sum
// over a row is the exact covered fraction. Holes subtract because their
// winding is turned against the outer ring's.
func (s *coverScratch) cover(mp orb.MultiPolygon, g Grid) Coverage {
	b := mp.Bound()
	if mp == nil || b.IsEmpty() {
		return Coverage{}
	}
	col := int(math.Floor((b.Min[0] - g.X0) / g.Res))
	row := int(math.Floor((g.Y0 - b.Max[1]) / g.Res))
	win := Window{col, row, int(math.Ceil((b.Max[0]-g.X0)/g.Res)) - col, int(math.Ceil((g.Y0-b.Min[1])/g.Res)) - row}
	// Pixels left of the grid still matter to the sweep, so cut only rows and
	// the right side; the left is cut when the pixels are listed.
	win = Window{win.Col, max(win.Row, 0), win.Width, min(win.Row+win.Height, g.Height) - max(win.Row, 0)}
	if win.Col >= g.Width || win.Col+win.Width <= 0 || win.Height <= 0 || win.Width <= 0 {
		return Coverage{}
	}
	s.reset(win.Width+1, win.Height)
	for _, poly := range mp {
		for i, ring := range poly {
			// Outer rings counter-clockwise, holes clockwise, whatever was given.
			turn := (ringArea(ring) < 0) != (i > 0)
			s.ring(ring, g, win, turn)
		}
	}
	return s.collect(g, win)
}

func (s *coverScratch) reset(w, h int) {
	n := w * h
	if cap(s.left) < n {
		s.left, s.area = make([]float64, n), make([]float64, n)
	}
	s.left, s.area, s.w, s.h = s.left[:n], s.area[:n], w, h
	clear(s.left)
	clear(s.area)
}

func ringArea(r orb.Ring) float64 {
	if len(r) < 3 {
		return 0
	}
	var sum float64
	o := r[0]
	for i := 1; i+1 < len(r); i++ {
		sum += (r[i][0]-o[0])*(r[i+1][1]-o[1]) - (r[i+1][0]-o[0])*(r[i][1]-o[1])
	}
	return sum / 2
}

func (s *coverScratch) ring(r orb.Ring, g Grid, win Window, turn bool) {
	n := len(r)
	if n > 1 && r[0] == r[n-1] {
		n--
	}
	if n < 3 {
		return
	}
	x0, y0 := g.X0+float64(win.Col)*g.Res, g.Y0-float64(win.Row)*g.Res
	at := func(i int) (float64, float64) { return (r[i][0] - x0) / g.Res, (y0 - r[i][1]) / g.Res }
	px, py := at(n - 1)
	for i := range n {
		x, y := at(i)
		if turn {
			s.edge(x, y, px, py)
		} else {
			s.edge(px, py, x, y)
		}
		px, py = x, y
	}
}

// edge walks one edge, in pixel units with y downwards, row by row.
func (s *coverScratch) edge(x0, y0, x1, y1 float64) {
	if y0 == y1 {
		return
	}
	sign := 1.0
	if y0 > y1 {
		x0, y0, x1, y1 = x1, y1, x0, y0
		sign = -1
	}
	slope := (x1 - x0) / (y1 - y0)
	top, bottom := max(y0, 0), min(y1, float64(s.h))
	for row := int(top); row < s.h && float64(row) < bottom; row++ {
		ya, yb := max(top, float64(row)), min(bottom, float64(row+1))
		if yb <= ya {
			continue
		}
		xa, xb := x0+(ya-y0)*slope, x0+(yb-y0)*slope
		if ya == y0 {
			xa = x0
		}
		if yb == y1 {
			xb = x1
		}
		s.span(row, xa, xb, (yb-ya)*sign)
	}
}

// span spreads an edge piece inside one row over the columns it crosses. dy is
// its signed height; cover gets dy (for all pixels right of it), area the part
// of the pixel left of the edge, which is not covered.
func (s *coverScratch) span(row int, xa, xb, dy float64) {
	if xa > xb {
		xa, xb = xb, xa
	}
	base := row * s.w
	last := float64(s.w - 1)
	xa, xb = min(max(xa, 0), last), min(max(xb, 0), last)
	ca, cb := int(xa), int(xb)
	if ca == cb {
		s.left[base+ca] += dy
		s.area[base+ca] += dy * ((xa+xb)/2 - float64(ca))
		return
	}
	per := dy / (xb - xa)
	for c := ca; c <= cb; c++ {
		l, r := max(xa, float64(c)), min(xb, float64(c+1))
		if r <= l {
			continue
		}
		d := per * (r - l)
		s.left[base+c] += d
		s.area[base+c] += d * ((l+r)/2 - float64(c))
	}
}

func (s *coverScratch) collect(g Grid, win Window) Coverage {
	var out Coverage
	minCol, maxCol, minRow, maxRow := math.MaxInt, -1, math.MaxInt, -1
	for row := range s.h {
		acc := 0.0
		for col := range s.w {
			i := row*s.w + col
			f := math.Abs(acc + s.left[i] - s.area[i])
			acc += s.left[i]
			c := win.Col + col
			if f < 1e-12 || c < 0 || c >= g.Width {
				continue
			}
			if f > 1-insideTolerance && f < 1+insideTolerance {
				f = 1
			}
			out.Pixels = append(out.Pixels, CoveredPixel{int32(c), int32(win.Row + row), f})
			minCol, maxCol = min(minCol, c), max(maxCol, c)
			minRow, maxRow = min(minRow, win.Row+row), max(maxRow, win.Row+row)
		}
	}
	if len(out.Pixels) > 0 {
		out.Window = Window{minCol, minRow, maxCol - minCol + 1, maxRow - minRow + 1}
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
