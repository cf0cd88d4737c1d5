package raster

import (
	"math"

	"github.com/paulmach/orb"
)

// sweepPixels bounds the sweep's buffer (16 bytes each): a larger polygon is
// done in strips of rows.
const sweepPixels = 1 << 20

// sweep computes exact pixel fractions by accumulating, for each edge of the
// rings, the signed area it sweeps to its right within each pixel row, as scan
// converters of outline fonts do, in float64. The running sum along a row is
// the covered fraction. Holes subtract because they are wound against the outer
// ring. The buffers are used again for the next polygon.
type sweep struct {
	cells  []swept
	bounds []span16 // of each row: the columns that edges touch
	w, h   int      // of the strip, in pixels

	runs  []run
	edges []edgePixel
	frac  []float64
}

// swept is what the edges do in one pixel.
type swept struct {
	left float64 // their signed height: covers all right of the pixel
	area float64 // of that, the part of the pixel itself left of the edges
}

type span16 struct{ first, last int32 }

// cover fills runs, edges and frac with the coverage of g by a polygon and
// returns the smallest window that holds its pixels and their sum. What lies
// outside g has no pixels.
func (s *sweep) cover(mp orb.MultiPolygon, g Grid) (box Window, total float64) {
	s.runs, s.edges, s.frac = s.runs[:0], s.edges[:0], s.frac[:0]
	win := windowOf(mp, g)
	if win.empty() {
		return Window{}, 0
	}
	rows := max(1, sweepPixels/win.Width)
	for top := 0; top < win.Height; top += rows {
		strip := Window{win.Col, win.Row + top, win.Width, min(rows, win.Height-top)}
		s.reset(strip.Width, strip.Height)
		for _, poly := range mp {
			for i, ring := range poly {
				// Outer rings counter-clockwise, holes clockwise, whatever was given.
				s.ring(ring, g, strip, (ringArea(ring) < 0) != (i > 0))
			}
		}
		s.collect(top)
	}
	return s.tighten(win)
}

// windowOf is the window of g that the polygon's bound touches.
func windowOf(mp orb.MultiPolygon, g Grid) Window {
	minX, minY, maxX, maxY := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, poly := range mp {
		if len(poly) == 0 {
			continue
		}
		for _, p := range poly[0] {
			minX, maxX = min(minX, p[0]), max(maxX, p[0])
			minY, maxY = min(minY, p[1]), max(maxY, p[1])
		}
	}
	// Written so that NaN and infinite coordinates give no window.
	col, row := math.Floor((minX-g.X0)/g.Res), math.Floor((g.Y0-maxY)/g.Res)
	right, bottom := math.Ceil((maxX-g.X0)/g.Res), math.Ceil((g.Y0-minY)/g.Res)
	if !(col < float64(g.Width) && row < float64(g.Height) && right > 0 && bottom > 0) {
		return Window{}
	}
	c, r := int(max(col, 0)), int(max(row, 0))
	return Window{c, r, int(min(right, float64(g.Width))) - c, int(min(bottom, float64(g.Height))) - r}
}

func (s *sweep) reset(w, h int) {
	if n := w * h; cap(s.cells) < n {
		s.cells = make([]swept, n)
	} else {
		s.cells = s.cells[:n]
		clear(s.cells)
	}
	if cap(s.bounds) < h {
		s.bounds = make([]span16, h)
	}
	s.bounds, s.w, s.h = s.bounds[:h], w, h
	for i := range s.bounds {
		s.bounds[i] = span16{int32(w), -1}
	}
}

// ringArea is the signed area, positive counter-clockwise.
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

func (s *sweep) ring(r orb.Ring, g Grid, win Window, turn bool) {
	n := len(r)
	if n > 1 && r[0] == r[n-1] {
		n--
	}
	if n < 3 {
		return
	}
	x0, y0 := g.X0+float64(win.Col)*g.Res, g.Y0-float64(win.Row)*g.Res
	px, py := (r[n-1][0]-x0)/g.Res, (y0-r[n-1][1])/g.Res
	sign := 1.0
	if turn {
		sign = -1
	}
	for _, p := range r[:n] {
		x, y := (p[0]-x0)/g.Res, (y0-p[1])/g.Res
		if y < py {
			s.edge(x, y, px, py, -sign)
		} else if y > py {
			s.edge(px, py, x, y, sign)
		}
		px, py = x, y
	}
}

// edge walks one edge downwards (y0 < y1), in pixels of the strip, row by row.
func (s *sweep) edge(x0, y0, x1, y1, sign float64) {
	top, bottom := max(y0, 0), min(y1, float64(s.h))
	if bottom <= top {
		return
	}
	slope := (x1 - x0) / (y1 - y0)
	at := func(y float64) float64 {
		switch y {
		case y0:
			return x0
		case y1:
			return x1
		}
		return x0 + (y-y0)*slope
	}
	xa := at(top)
	for row := int(top); row < s.h && top < bottom; row++ {
		yb := min(bottom, float64(row+1))
		xb := at(yb)
		if xa <= xb {
			s.span(row, xa, xb, (yb-top)*sign)
		} else {
			s.span(row, xb, xa, (yb-top)*sign)
		}
		top, xa = yb, xb
	}
}

// span spreads a piece of an edge inside one row over the columns from xa to
// xb. dy is its signed height. Left of the strip it covers the whole row, right
// of it nothing.
func (s *sweep) span(row int, xa, xb, dy float64) {
	w := float64(s.w)
	if xa >= w {
		return
	}
	line := s.cells[row*s.w : (row+1)*s.w]
	b := &s.bounds[row]
	if xb <= 0 {
		b.first, b.last = 0, max(b.last, 0)
		line[0].left += dy
		return
	}
	ca, cb := int(max(xa, 0)), int(min(xb, w))
	b.first, b.last = min(b.first, int32(ca)), max(b.last, int32(min(cb, s.w-1)))
	if xa >= 0 && ca == cb {
		line[ca].left += dy
		line[ca].area += dy * ((xa+xb)/2 - float64(ca))
		return
	}
	per := dy / (xb - xa)
	l := xa
	if xa < 0 {
		line[0].left -= per * xa
		l = 0
	}
	for c := ca; c <= cb && c < len(line); c++ {
		r := min(xb, float64(c+1))
		if r <= l {
			continue
		}
		d := per * (r - l)
		line[c].left += d
		line[c].area += d * ((l+r)/2 - float64(c))
		l = r
	}
}

// collect lists the strip's covered pixels, top rows into the window.
func (s *sweep) collect(top int) {
	for row, b := range s.bounds {
		acc, from := 0.0, int32(-1) // from: where the run began
		line := s.cells[row*s.w : (row+1)*s.w]
		y := top + row
		for col := b.first; col <= b.last; col++ {
			c := line[col]
			f := acc + c.left - c.area
			acc += c.left
			if f > 1-insideTolerance { // also where parts of an invalid polygon overlap
				if from < 0 {
					from = col
				}
				continue
			}
			if from >= 0 {
				s.runs = append(s.runs, run{uint16(y), uint16(from), uint16(col - from)})
				from = -1
			}
			if f >= thinPixel {
				s.edges = append(s.edges, edgePixel{uint16(y), uint16(col)})
				s.frac = append(s.frac, f)
			}
		}
		if from >= 0 {
			s.runs = append(s.runs, run{uint16(y), uint16(from), uint16(b.last + 1 - from)})
		}
		// Right of the last edge the sum is 0, unless the edges lie outside.
		switch rest := int32(s.w) - b.last - 1; {
		case rest <= 0 || b.last < 0 || acc < thinPixel:
		case acc > 1-insideTolerance:
			s.runs = append(s.runs, run{uint16(y), uint16(b.last + 1), uint16(rest)})
		default:
			for col := b.last + 1; col < int32(s.w); col++ {
				s.edges = append(s.edges, edgePixel{uint16(y), uint16(col)})
				s.frac = append(s.frac, acc)
			}
		}
	}
}

// tighten finds the smallest window of what was collected and moves runs and
// edges, found in window win, into it.
func (s *sweep) tighten(win Window) (box Window, total float64) {
	if len(s.runs)+len(s.edges) == 0 {
		return Window{}, 0
	}
	top, left, bottom, right := uint16(math.MaxUint16), uint16(math.MaxUint16), uint16(0), uint16(0)
	inside := 0
	for _, r := range s.runs {
		top, bottom, left, right = min(top, r.row), max(bottom, r.row), min(left, r.col), max(right, r.col+r.n-1)
		inside += int(r.n)
	}
	for _, e := range s.edges {
		top, bottom, left, right = min(top, e.row), max(bottom, e.row), min(left, e.col), max(right, e.col)
	}
	if top > 0 || left > 0 {
		for i := range s.runs {
			s.runs[i].row -= top
			s.runs[i].col -= left
		}
		for i := range s.edges {
			s.edges[i].row -= top
			s.edges[i].col -= left
		}
	}
	for _, f := range s.frac {
		total += f
	}
	return Window{win.Col + int(left), win.Row + int(top), int(right-left) + 1, int(bottom-top) + 1}, total + float64(inside)
}
