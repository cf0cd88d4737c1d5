package raster

import (
	"math"

	"github.com/paulmach/orb"
)

// sweepPixels bounds the sweep's buffer (20 bytes each): a larger polygon is
// done in strips of rows.
const sweepPixels = 1 << 20

// sweep computes exact pixel fractions by accumulating, for each edge of the
// rings, the signed area it sweeps to its right within each pixel row, as scan
// converters of outline fonts do, in float64. The running sum along a row is
// the covered fraction. Holes subtract because they are wound against the outer
// ring. Pixels of 20 m follow from those of 10 m without walking the edges
// again. The buffers are used again for the next polygon.
type sweep struct {
	ten, twenty sweptGrid
}

// sweptGrid is what the edges do in a strip of pixels, and what is collected
// from it.
type sweptGrid struct {
	cells []swept
	rows  []span
	w, h  int

	coverPart // on its way; buffers are used again
}

// swept is what the edges do in one pixel.
type swept struct {
	left float64 // their signed height: covers all right of the pixel
	area float64 // of that, the part of the pixel itself left of the edges
}

// span is the columns of a row that edges touch.
type span struct{ first, last int32 }

// cover finds the coverage of the 10 m grid g, and of the 20 m grid over its
// corner, by a polygon that touches no more than a window of it. What lies
// outside has no pixels.
func (s *sweep) cover(mp orb.MultiPolygon, win Window, g Grid) {
	if win.empty() {
		return
	}
	// Whole pixels of 20 m.
	even := Window{win.Col &^ 1, win.Row &^ 1, 0, 0}
	even.Width, even.Height = (win.Col+win.Width-even.Col+1)&^1, (win.Row+win.Height-even.Row+1)&^1
	rows := max(2, sweepPixels/even.Width&^1)
	for top := 0; top < even.Height; top += rows {
		strip := Window{even.Col, even.Row + top, even.Width, min(rows, even.Height-top)}
		s.ten.reset(strip.Width, strip.Height)
		for _, poly := range mp {
			for i, ring := range poly {
				// Outer rings counter-clockwise, holes clockwise, whatever was given.
				s.ten.ring(ring, g, strip, (ringArea(ring) < 0) != (i > 0))
			}
		}
		s.twenty.from(&s.ten)
		s.ten.collect(strip.clip(g))
		s.twenty.collect(Window{strip.Col / 2, strip.Row / 2, strip.Width / 2, strip.Height / 2})
	}
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

func (s *sweptGrid) ring(r orb.Ring, g Grid, win Window, turn bool) {
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

func (s *sweptGrid) reset(w, h int) {
	if n := w * h; cap(s.cells) < n {
		s.cells = make([]swept, n)
	} else {
		s.cells = s.cells[:n]
		clear(s.cells)
	}
	if cap(s.rows) < h {
		s.rows = make([]span, h)
	}
	s.rows, s.w, s.h = s.rows[:h], w, h
	for i := range s.rows {
		s.rows[i] = span{int32(w), -1}
	}
}

// edge walks one edge downwards (y0 < y1), in pixels of the strip, row by row.
func (s *sweptGrid) edge(x0, y0, x1, y1, sign float64) {
	top, bottom := max(y0, 0), min(y1, float64(s.h))
	if bottom <= top {
		return
	}
	slope := (x1 - x0) / (y1 - y0)
	xa := x0
	if top > y0 {
		xa += (top - y0) * slope
	}
	w := float64(s.w)
	for row := int(top); top < bottom; row++ {
		yb, xb := float64(row+1), x1
		if yb < y1 {
			xb = x0 + (yb-y0)*slope
		}
		if yb > bottom {
			yb = bottom
		}
		dy := (yb - top) * sign
		l, r := min(xa, xb), max(xa, xb)
		if c := int(l); l >= 0 && r < w && r <= float64(c+1) {
			at := &s.cells[row*s.w+c]
			at.left += dy
			at.area += dy * ((l+r)/2 - float64(c))
			b := &s.rows[row]
			b.first, b.last = min(b.first, int32(c)), max(b.last, int32(c))
		} else {
			s.spread(row, l, r, dy)
		}
		top, xa = yb, xb
	}
}

// spread divides a piece of an edge inside one row over the columns from xa to
// xb. dy is its signed height. Left of the strip it covers the whole row, right
// of it nothing.
func (s *sweptGrid) spread(row int, xa, xb, dy float64) {
	w := float64(s.w)
	if xa >= w {
		return
	}
	line := s.cells[row*s.w : (row+1)*s.w]
	b := &s.rows[row]
	if xb <= 0 {
		b.first, b.last = 0, max(b.last, 0)
		line[0].left += dy
		return
	}
	ca, cb := int(max(xa, 0)), int(min(xb, w))
	b.first, b.last = min(b.first, int32(ca)), max(b.last, int32(min(cb, s.w-1)))
	if xa == xb {
		line[ca].left += dy
		line[ca].area += dy * (xa - float64(ca))
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

// from adds up the pixels of 10 m, four to one of 20 m. Heights halve; of an
// edge in the right half the whole left half lies left.
func (s *sweptGrid) from(ten *sweptGrid) {
	s.reset(ten.w/2, ten.h/2)
	for r, b := range ten.rows {
		if b.last < b.first {
			continue
		}
		to := &s.rows[r/2]
		to.first, to.last = min(to.first, b.first/2), max(to.last, b.last/2)
		line, out := ten.cells[r*ten.w:(r+1)*ten.w], s.cells[r/2*s.w:(r/2+1)*s.w]
		for c := b.first / 2; c <= b.last/2; c++ {
			x, y := line[2*c], line[2*c+1]
			out[c].left += (x.left + y.left) / 2
			out[c].area += (x.area + y.area + y.left) / 4
		}
	}
}

// collect lists the strip's covered pixels; what of it lies beyond w is cut off.
func (s *sweptGrid) collect(w Window) {
	width := int32(w.Width)
	for row, b := range s.rows[:w.Height] {
		b.last = min(b.last, width-1)
		if b.last < b.first {
			continue
		}
		acc, from := 0.0, int32(-1) // from: where the run began
		y, x := uint16(w.Row+row), int32(w.Col)
		for col, c := range s.cells[row*s.w+int(b.first) : row*s.w+int(b.last)+1] {
			f := acc + c.left - c.area
			acc += c.left
			if f > 1-insideTolerance { // also where parts of an invalid polygon overlap
				if from < 0 {
					from = b.first + int32(col)
				}
				continue
			}
			if from >= 0 {
				s.runs = append(s.runs, run{y, uint16(x + from), uint16(b.first + int32(col) - from)})
				from = -1
			}
			if f >= thinPixel {
				s.edges = append(s.edges, edgePixel{y, uint16(x + b.first + int32(col))})
				s.frac = append(s.frac, f)
			}
		}
		if from >= 0 {
			s.runs = append(s.runs, run{y, uint16(x + from), uint16(b.last + 1 - from)})
		}
		// Right of the last edge the sum is 0, unless the edges lie outside.
		switch rest := width - b.last - 1; {
		case rest <= 0 || acc < thinPixel:
		case acc > 1-insideTolerance:
			s.runs = append(s.runs, run{y, uint16(x + b.last + 1), uint16(rest)})
		default:
			for col := b.last + 1; col < width; col++ {
				s.edges = append(s.edges, edgePixel{y, uint16(x + col)})
				s.frac = append(s.frac, acc)
			}
		}
	}
}

// begin starts a part of n shapes.
func (s *sweptGrid) begin(n int) {
	s.coverPart = coverPart{box: make([]window32, 0, n), total: make([]float64, 0, n), runAt: make([]uint32, 1, n+1), edgeAt: make([]uint32, 1, n+1),
		runs: s.runs[:0], edges: s.edges[:0], frac: s.frac[:0]}
}

// next closes a shape: the smallest window of what was collected, and the sum.
func (s *sweptGrid) next() {
	n := len(s.box)
	runs, edges, frac := s.runs[s.runAt[n]:], s.edges[s.edgeAt[n]:], s.frac[s.edgeAt[n]:]
	var box window32
	total := 0.0
	if len(runs)+len(edges) > 0 {
		top, left, bottom, right := uint16(math.MaxUint16), uint16(math.MaxUint16), uint16(0), uint16(0)
		inside := 0
		for _, r := range runs {
			top, bottom, left, right = min(top, r.row), max(bottom, r.row), min(left, r.col), max(right, r.col+r.n-1)
			inside += int(r.n)
		}
		for i, e := range edges {
			top, bottom, left, right = min(top, e.row), max(bottom, e.row), min(left, e.col), max(right, e.col)
			total += frac[i]
		}
		box, total = window32{int32(left), int32(top), int32(right-left) + 1, int32(bottom-top) + 1}, total+float64(inside)
	}
	s.box, s.total = append(s.box, box), append(s.total, total)
	s.runAt, s.edgeAt = append(s.runAt, uint32(len(s.runs))), append(s.edgeAt, uint32(len(s.edges)))
}

// part is what was gathered, without room to spare.
func (s *sweptGrid) part() *coverPart {
	p := s.coverPart
	p.runs, p.edges, p.frac = exact(p.runs), exact(p.edges), exact(p.frac)
	return &p
}

func exact[T any](s []T) []T { return append(make([]T, 0, len(s)), s...) }
