package outline

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// thin leaves out points of an arc while every point left out stays within the
// tolerance (pixels) of the line, the smallest triangle first (Visvalingam and
// Whyatt 1993). A point is only left out where no point of any border lies in
// its triangle but those of the arc itself between the triangle's ends. Then a
// line that is left and the border it stands for have no end of another line
// between them; so no two lines cross, whatever else is thinned. The point
// farthest from the line between the arc's ends stays, so that two arcs with the
// same ends stay two; of a closed arc, two points stay besides the first. The
// same arc gives the same points from either side.
func (l *Labels) thin(arc []half, closed bool, tolerance float64) []half {
	turned := false
	if n := len(arc) - 1; before(arc[n], arc[0]) || arc[0] == arc[n] && before(arc[n-1], arc[1]) {
		arc, turned = slices.Clone(arc), true
		slices.Reverse(arc)
	}
	t := &thinner{l: l, arc: arc, far: 4 * tolerance * tolerance, own: make(map[half]int, len(arc))}
	n := len(arc) - 1
	for i, p := range arc {
		t.own[p] = i
		t.prev, t.next = append(t.prev, i-1), append(t.next, i+1)
	}
	t.pinned = make([]bool, n+1)
	t.pinned[0], t.pinned[n] = true, true
	if arc[0] == arc[n] {
		k := t.farthest(0, n)
		t.pinned[k] = true
		if a := t.farthest(0, k); a > 0 {
			t.pinned[a] = true
		}
		if a := t.farthest(k, n); a > 0 {
			t.pinned[a] = true
		}
	} else if k := t.farthest(0, n); k > 0 && toLine2(arc[k], arc[0], arc[n]) > pinFrom*pinFrom {
		t.pinned[k] = true
	}
	for i := 1; i < n; i++ {
		t.offer(i)
	}
	for len(t.heap) > 0 {
		x := heap.Pop(&t.heap).(corner)
		if t.next[x.at] < 0 || x.from != t.prev[x.at] || x.to != t.next[x.at] || !t.free(x.from, x.at, x.to) {
			continue
		}
		t.next[x.from], t.prev[x.to], t.next[x.at] = x.to, x.from, -1
		t.offer(x.from)
		t.offer(x.to)
	}
	var out []half
	for i := 0; i <= n; i = t.next[i] {
		out = append(out, arc[i])
	}
	if turned {
		slices.Reverse(out)
	}
	return out
}

// pinFrom in half pixels: two borders of one region are farther apart than twice
// this somewhere.
const pinFrom = 0.45

type thinner struct {
	l          *Labels
	arc        []half
	far        float64 // square of the tolerance, half pixels
	own        map[half]int
	prev, next []int // −1 in next = left out
	pinned     []bool
	heap       corners
}

// corner is a point that may be left out.
type corner struct {
	twice        int64 // area of its triangle × 2, half pixels
	at, from, to int
}

type corners []corner

func (c corners) Len() int { return len(c) }
func (c corners) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(c[i].twice, c[j].twice), cmp.Compare(c[i].at, c[j].at), cmp.Compare(c[i].from, c[j].from), cmp.Compare(c[i].to, c[j].to)) < 0
}
func (c corners) Swap(i, j int) { c[i], c[j] = c[j], c[i] }
func (c *corners) Push(x any)   { *c = append(*c, x.(corner)) }
func (c *corners) Pop() any {
	last := len(*c) - 1
	x := (*c)[last]
	*c = (*c)[:last]
	return x
}

func (t *thinner) offer(i int) {
	if t.pinned[i] {
		return
	}
	a, b := t.prev[i], t.next[i]
	heap.Push(&t.heap, corner{abs(cross(t.arc[a], t.arc[i], t.arc[b])), i, a, b})
}

// free reports whether the point at may be left out between from and to.
func (t *thinner) free(from, at, to int) bool {
	a, b, c := t.arc[from], t.arc[at], t.arc[to]
	if a == c {
		return false
	}
	for k := from + 1; k < to; k++ {
		if toLine2(t.arc[k], a, c) > t.far {
			return false
		}
	}
	for y := min(a.y, b.y, c.y); y <= max(a.y, b.y, c.y); y++ {
		for x := min(a.x, b.x, c.x); x <= max(a.x, b.x, c.x); x++ {
			p := half{x, y}
			if !inTriangle(p, a, b, c) || !t.l.marked(p) {
				continue
			}
			if k, ok := t.own[p]; ok && (k >= from && k <= to || p == a || p == c) {
				continue
			}
			return false
		}
	}
	return true
}

// farthest is the point between two others that lies farthest from the line
// between them, the first of those; 0 = there is none.
func (t *thinner) farthest(from, to int) int {
	best, at := -1.0, 0
	for k := from + 1; k < to; k++ {
		if d := toLine2(t.arc[k], t.arc[from], t.arc[to]); d > best {
			best, at = d, k
		}
	}
	return at
}

// cross is twice the area of a triangle, with the sign of its turn.
func cross(a, b, c half) int64 {
	return int64(b.x-a.x)*int64(c.y-a.y) - int64(b.y-a.y)*int64(c.x-a.x)
}

func abs(v int64) int64 { return max(v, -v) }

// inTriangle counts points on its sides as inside.
func inTriangle(p, a, b, c half) bool {
	u, v, w := cross(a, b, p), cross(b, c, p), cross(c, a, p)
	if cross(a, b, c) == 0 { // flat: on the line, between its ends
		return u == 0 && v == 0 && w == 0
	}
	return u >= 0 && v >= 0 && w >= 0 || u <= 0 && v <= 0 && w <= 0
}

// toLine2 is the square of the distance from p to the stretch a–b.
func toLine2(p, a, b half) float64 {
	dx, dy := float64(b.x-a.x), float64(b.y-a.y)
	px, py := float64(p.x-a.x), float64(p.y-a.y)
	if l := dx*dx + dy*dy; l > 0 {
		f := math.Min(math.Max((px*dx+py*dy)/l, 0), 1)
		px, py = px-f*dx, py-f*dy
	}
	return px*px + py*py
}
