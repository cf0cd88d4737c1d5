package raster

import (
	"math"

	"github.com/paulmach/orb"
)

// sweepPixels bounds the sweep's buffers (16 bytes each): a larger polygon is
// done in strips of rows.
const sweepPixels = 1 << 20

// sweep computes exact pixel fractions by accumulating, for each edge of the
// rings, the signed area it sweeps to its right within each pixel row, as scan
// converters of outline fonts do, in float64. The running sum along a row is
// the covered fraction. Holes subtract because they are wound against the outer
// ring. The buffers are reused between polygons.
type sweep struct {
	left []float64 // signed height of the edges in the pixel: covers all right of it
	area []float64 // of that, the part of the pixel itself left of the edges
	w, h int       // of the strip, in pixels
}

// cover is the coverage of g by a polygon; what lies outside g has no pixels.
func (s *sweep) cover(mp orb.MultiPolygon, g Grid) Coverage {
	b := mp.Bound()
	if len(mp) == 0 || b.IsEmpty() {
		return Coverage{}
	}
	col, row := int(math.Floor((b.Min[0]-g.X0)/g.Res)), int(math.Floor((g.Y0-b.Max[1])/g.Res))
	win := Window{col, row, int(math.Ceil((b.Max[0]-g.X0)/g.Res)) - col, int(math.Ceil((g.Y0-b.Min[1])/g.Res)) - row}.clip(g)
	if win.empty() {
		return Coverage{}
	}
	out := Coverage{}
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
		s.collect(strip, &out)
	}
	return out
}

func (s *sweep) reset(w, h int) {
	n := w * h
	if cap(s.left) < n {
		s.left, s.area = make([]float64, n), make([]float64, n)
	}
	s.left, s.area, s.w, s.h = s.left[:n], s.area[:n], w, h
	clear(s.left)
	clear(s.area)
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

// edge walks one edge, in pixels of the strip with y downwards, row by row.
func (s *sweep) edge(x0, y0, x1, y1 float64) {
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
		s.span(row*s.w, min(xa, xb), max(xa, xb), (yb-ya)*sign)
	}
}

// span spreads a piece of an edge inside one row over the columns from xa to
// xb. dy is its signed height. Left of the strip it covers the whole row, right
// of it nothing.
func (s *sweep) span(base int, xa, xb, dy float64) {
	w := float64(s.w)
	if xb <= 0 {
		s.left[base] += dy
		return
	}
	if xa >= w {
		return
	}
	ca, cb := int(max(xa, 0)), int(min(xb, w))
	if xa >= 0 && ca == cb {
		s.left[base+ca] += dy
		s.area[base+ca] += dy * ((xa+xb)/2 - float64(ca))
		return
	}
	per := dy / (xb - xa)
	if xa < 0 {
		s.left[base] += per * -xa
	}
	for c := ca; c <= cb && c < s.w; c++ {
		l, r := max(xa, float64(c)), min(xb, float64(c+1))
		if r <= l {
			continue
		}
		d := per * (r - l)
		s.left[base+c] += d
		s.area[base+c] += d * ((l+r)/2 - float64(c))
	}
}

// collect lists the strip's covered pixels.
func (s *sweep) collect(strip Window, out *Coverage) {
	box := Window{}
	for row := range s.h {
		acc := 0.0
		first, last := -1, 0
		for col := range s.w {
			i := row*s.w + col
			f := acc + s.left[i] - s.area[i]
			acc += s.left[i]
			if f < 1e-12 {
				continue
			}
			if f > 1-insideTolerance {
				f = 1 // also where parts of an invalid polygon overlap
			}
			out.Pixels = append(out.Pixels, CoveredPixel{int32(strip.Col + col), int32(strip.Row + row), f})
			if last = col; first < 0 {
				first = col
			}
		}
		if first >= 0 {
			box = box.union(Window{strip.Col + first, strip.Row + row, last - first + 1, 1})
		}
	}
	out.Window = out.Window.union(box)
}
