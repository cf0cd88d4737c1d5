package raster

import "fmt"

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
	var scratch sweep
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

// Area is the covered area in pixels.
func (c Coverage) Area() float64 {
	var sum float64
	for _, p := range c.Pixels {
		sum += p.Fraction
	}
	return sum
}

// At is the coverage of shape k on the grid of 10 m or of 20 m pixels.
func (c *Cover) At(k int, res float64) Coverage {
	if res == 20 {
		return c.Cov20[k]
	}
	return c.Cov10[k]
}
