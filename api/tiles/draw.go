package tiles

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
)

// pen writes rings as a tile's commands, each point from the one before.
type pen struct {
	commands []uint32
	at       point
	ring     []point // room for a ring
	kept     []bool
}

func (p *pen) begin() { p.commands, p.at = p.commands[:0], point{} }

const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

func (p *pen) to(q point) {
	for _, d := range [2]int32{q.x - p.at.x, q.y - p.at.y} {
		p.commands = append(p.commands, uint32(d<<1)^uint32(d>>31)) // zigzag
	}
	p.at = q
}

// put writes a ring of at least three points, outer ones clockwise on the screen.
func (p *pen) put(ring []point, outer bool) {
	n := len(ring)
	if twice := twiceArea(ring); (twice > 0) == outer {
		p.commands = append(p.commands, 1<<3|moveTo)
		p.to(ring[0])
		p.commands = append(p.commands, uint32(n-1)<<3|lineTo)
		for _, q := range ring[1:] {
			p.to(q)
		}
	} else {
		p.commands = append(p.commands, 1<<3|moveTo)
		p.to(ring[0])
		p.commands = append(p.commands, uint32(n-1)<<3|lineTo)
		for i := n - 1; i > 0; i-- {
			p.to(ring[i])
		}
	}
	p.commands = append(p.commands, 1<<3|closePath)
}

// twiceArea is positive for a ring that goes clockwise where y grows downwards.
func twiceArea(ring []point) (sum int64) {
	last := ring[len(ring)-1]
	for _, q := range ring {
		sum += int64(last.x)*int64(q.y) - int64(q.x)*int64(last.y)
		last = q
	}
	return sum
}

// draw writes a parcel's rings; a ring without size in this tile is left out,
// and the holes of one that is.
func (t *tiler) draw(parcel int32) {
	l, p := t.land, &t.pen
	half := int32(1) << t.shift >> 1
	b := l.boxes[parcel]
	corner := point{t.at.X << extentBits, t.at.Y << extentBits}
	place := func(q point) point { return point{(q.x+half)>>t.shift - corner.x, (q.y+half)>>t.shift - corner.y} }
	nw, se := place(point{b.west, b.north}), place(point{b.east, b.south})
	inside := nw.x >= -buffer && nw.y >= -buffer && se.x <= extent+buffer && se.y <= extent+buffer
	shown := false
	for _, r := range l.rings[l.first[parcel]:l.first[parcel+1]] {
		if !r.outer && !shown {
			continue
		}
		ring := p.ring[:0]
		for _, q := range l.points[r.from:r.to] {
			if q = place(q); len(ring) == 0 || q != ring[len(ring)-1] {
				ring = append(ring, q)
			}
		}
		p.ring = ring
		if !inside {
			ring = clipped(ring)
		}
		ring = p.simpler(ring, tolerance(t.at.Z))
		there := len(ring) > 2 && twiceArea(ring) != 0
		if r.outer {
			shown = there
		}
		if there {
			p.put(ring, r.outer)
		}
	}
}

// clipped cuts a ring at the tile's buffer.
func clipped(ring []point) []point {
	if len(ring) == 0 {
		return nil
	}
	loop := make(orb.Ring, 0, len(ring)+1)
	for _, q := range ring {
		loop = append(loop, orb.Point{float64(q.x), float64(q.y)})
	}
	loop = append(loop, loop[0])
	out := ring[:0:0]
	for _, q := range clip.Ring(orb.Bound{Min: orb.Point{-buffer, -buffer}, Max: orb.Point{extent + buffer, extent + buffer}}, loop) {
		p := point{int32(math.Round(q[0])), int32(math.Round(q[1]))}
		if len(out) == 0 || p != out[len(out)-1] {
			out = append(out, p)
		}
	}
	return out
}

// tolerance is how far, on the tile's grid, a ring may be moved for having fewer
// points: half a pixel of a screen of 512 pixels a tile up to zoom 12, less
// above, nothing where land is looked at closely.
func tolerance(zoom int32) float64 {
	switch {
	case zoom <= 12:
		return 4
	case zoom <= 14:
		return 2
	}
	return 0
}

// simpler leaves points out of a ring by Douglas and Peucker (1973), from its
// first point and the one farthest from it, and what repeats the first point.
func (p *pen) simpler(ring []point, tolerance float64) []point {
	for len(ring) > 1 && ring[len(ring)-1] == ring[0] {
		ring = ring[:len(ring)-1]
	}
	n := len(ring)
	if tolerance == 0 || n <= 4 {
		return ring
	}
	far, most := 0, int64(-1)
	for i, q := range ring {
		if d := square(ring[0], q); d > most {
			far, most = i, d
		}
	}
	p.kept = append(p.kept[:0], make([]bool, n)...)
	p.kept[0], p.kept[far] = true, true
	p.keep(ring, 0, far, tolerance)
	p.keep(ring, far, n, tolerance)
	out := ring[:0]
	for i, q := range ring {
		if p.kept[i] {
			out = append(out, q)
		}
	}
	return out
}

// keep marks the points between two that are kept; to may be the ring's end,
// which is its first point.
func (p *pen) keep(ring []point, from, to int, tolerance float64) {
	a, b := ring[from], ring[to%len(ring)]
	length := math.Sqrt(float64(square(a, b)))
	at, most := 0, tolerance
	for i := from + 1; i < to; i++ {
		d := math.Sqrt(float64(square(a, ring[i])))
		if length > 0 {
			d = math.Abs(float64(int64(b.x-a.x)*int64(ring[i].y-a.y)-int64(b.y-a.y)*int64(ring[i].x-a.x))) / length
		}
		if d > most {
			at, most = i, d
		}
	}
	if at > 0 {
		p.kept[at] = true
		p.keep(ring, from, at, tolerance)
		p.keep(ring, at, to, tolerance)
	}
}

func square(a, b point) int64 {
	x, y := int64(b.x-a.x), int64(b.y-a.y)
	return x*x + y*y
}
