package outline

import "github.com/paulmach/orb"

// Labels is a raster of regions: 0 = none. The pixels of a region hang together
// by their sides.
type Labels struct {
	Width, Height int
	At            []int32
}

// label is that of a pixel, 0 outside.
func (l *Labels) label(x, y int) int32 {
	if x < 0 || y < 0 || x >= l.Width || y >= l.Height {
		return 0
	}
	return l.At[y*l.Width+x]
}

// half is a place on the raster in half pixels, from the upper left corner: odd
// in one of x and y is the middle of a pixel's side, even in both a corner.
type half struct{ x, y int32 }

// Directions along pixels' sides, in the order of turning right, y downwards.
var along = [4][2]int{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}

// rings are the outlines of one region, in corners of pixels, with the region on
// the right: the outer one first, then the holes, each from its first corner in
// the order of rows.
func (l *Labels) rings(region int32, from [4]int) [][]half {
	type side struct{ x, y int } // upper side of pixel (x, y) that is the region's border
	done := map[side]bool{}
	var out [][]half
	for y := from[1]; y < from[3]; y++ {
		for x := from[0]; x < from[2]; x++ {
			if l.label(x, y) != region || l.label(x, y-1) == region || done[side{x, y}] {
				continue
			}
			var ring []half
			cx, cy, dir := x, y, 0
			for {
				if dir == 0 {
					if done[side{cx, cy}] {
						break
					}
					done[side{cx, cy}] = true
				}
				ring = append(ring, half{int32(2 * cx), int32(2 * cy)})
				cx, cy = cx+along[dir][0], cy+along[dir][1]
				dir = l.turn(region, cx, cy, dir)
			}
			out = append(out, ring)
		}
	}
	return out
}

// turn is the way on at a corner for who came along dir with the region on the
// right. Two pixels of the region that only touch at the corner hang together
// there if joined says so.
func (l *Labels) turn(region int32, cx, cy, dir int) int {
	// The pixels ahead, left and right of the way.
	var lx, ly, rx, ry int
	switch dir {
	case 0:
		lx, ly, rx, ry = cx, cy-1, cx, cy
	case 1:
		lx, ly, rx, ry = cx, cy, cx-1, cy
	case 2:
		lx, ly, rx, ry = cx-1, cy, cx-1, cy-1
	default:
		lx, ly, rx, ry = cx-1, cy-1, cx, cy-1
	}
	left, right := l.label(lx, ly) == region, l.label(rx, ry) == region
	switch {
	case left && (right || l.joined(cx, cy) == region):
		return (dir + 3) % 4
	case right:
		return dir
	}
	return (dir + 1) % 4
}

// apart is a joined region that is none.
const apart = -1

// joined is the region that hangs together across a corner where only two of the
// four pixels that are not beside each other agree, so that no outline touches
// itself; the other two are kept apart. Where both pairs agree it is that of the
// upper left pixel, unless that is no region.
func (l *Labels) joined(cx, cy int) int32 {
	a, b, c, d := l.label(cx-1, cy-1), l.label(cx, cy-1), l.label(cx-1, cy), l.label(cx, cy)
	switch {
	case a == b || a == c || d == b || d == c:
		return apart
	case a == d && (a != 0 || b != c):
		return a
	case b == c:
		return b
	}
	return apart
}

// node reports whether more than two borders end at a corner.
func (l *Labels) node(cx, cy int) bool {
	a, b, c, d := l.label(cx-1, cy-1), l.label(cx, cy-1), l.label(cx-1, cy), l.label(cx, cy)
	n := 0
	for _, differs := range [4]bool{a != b, c != d, a != c, b != d} {
		if differs {
			n++
		}
	}
	return n > 2 && l.joined(cx, cy) == apart
}

// marked reports whether a place is a point of some border: the middle of a side
// between two regions, or a node.
func (l *Labels) marked(p half) bool {
	x, y := int(p.x>>1), int(p.y>>1)
	switch {
	case p.x&1 == 1 && p.y&1 == 0:
		return l.label(x, y-1) != l.label(x, y)
	case p.x&1 == 0 && p.y&1 == 1:
		return l.label(x-1, y) != l.label(x, y)
	case p.x&1 == 0:
		return l.node(x, y)
	}
	return false
}

// Polygon is the outline of a region as a polygon, in pixels from the upper left
// corner with y downwards: borders run through the middles of pixels' sides, and
// are then thinned. Neighbours share their borders point by point, and no two
// polygons overlap. box is a window that holds the region: columns and rows from
// (inclusive) and to (exclusive).
func (l *Labels) Polygon(region int32, box [4]int, tolerance float64) orb.Polygon {
	var out orb.Polygon
	for _, ring := range l.rings(region, box) {
		path := l.smooth(ring)
		var r orb.Ring
		for _, arc := range path.arcs() {
			line := l.thin(arc, path.closed, tolerance)
			for _, p := range line[:len(line)-1] {
				r = append(r, orb.Point{float64(p.x) / 2, float64(p.y) / 2})
			}
		}
		out = append(out, append(r, r[0]))
	}
	return out
}

// path is a ring through middles of sides and nodes, not closed by its first
// point.
type path struct {
	points []half
	nodes  []int // places of nodes in points
	closed bool  // no node: the ring is one arc
}

func (l *Labels) smooth(ring []half) path {
	var p path
	for i, a := range ring {
		if l.node(int(a.x>>1), int(a.y>>1)) {
			p.nodes = append(p.nodes, len(p.points))
			p.points = append(p.points, a)
		}
		b := ring[(i+1)%len(ring)]
		p.points = append(p.points, half{(a.x + b.x) / 2, (a.y + b.y) / 2})
	}
	p.closed = len(p.nodes) == 0
	return p
}

// arcs are the parts of a path from node to node, or the whole from its first
// point in the order of rows, closed.
func (p path) arcs() [][]half {
	n := len(p.points)
	from := p.nodes
	if p.closed {
		first := 0
		for i, q := range p.points {
			if before(q, p.points[first]) {
				first = i
			}
		}
		from = []int{first}
	}
	out := make([][]half, len(from))
	for i, a := range from {
		b := from[(i+1)%len(from)]
		if b <= a {
			b += n
		}
		for k := a; k <= b; k++ {
			out[i] = append(out[i], p.points[k%n])
		}
	}
	return out
}

// before is the order of rows.
func before(a, b half) bool { return a.y < b.y || a.y == b.y && a.x < b.x }
