package parcels

import (
	"math"
	"sort"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/rtree"
)

// adjacentGroups splits parcels (sorted by ID) into groups that hang together.
// Two are adjacent where at least MinShared metres of the first one's boundary
// lie within Gap metres of the second one's.
func adjacentGroups(ls []land, opt PlotOptions) [][]land {
	parent := make([]int, len(ls))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	boxes := make([]rtree.Box, len(ls))
	items := make([]rtree.BulkItem, len(ls))
	for i, l := range ls {
		b := l.poly.Bound()
		boxes[i] = rtree.Box{MinX: b.Min[0], MinY: b.Min[1], MaxX: b.Max[0], MaxY: b.Max[1]}
		items[i] = rtree.BulkItem{Box: boxes[i], RecordID: i}
	}
	tree := rtree.BulkLoad(items)
	for i := range ls {
		b := boxes[i]
		near := rtree.Box{MinX: b.MinX - opt.Gap, MinY: b.MinY - opt.Gap, MaxX: b.MaxX + opt.Gap, MaxY: b.MaxY + opt.Gap}
		_ = tree.RangeSearch(near, func(j int) error {
			if j > i && find(i) != find(j) && sharedBorder(ls[i].poly, ls[j].poly, boxes[j], opt.Gap, opt.MinShared) {
				parent[max(find(i), find(j))] = min(find(i), find(j))
			}
			return nil
		})
	}
	groups := map[int][]land{}
	for i, l := range ls {
		groups[find(i)] = append(groups[find(i)], l)
	}
	roots := make([]int, 0, len(groups))
	for r := range groups {
		roots = append(roots, r)
	}
	sort.Ints(roots)
	out := make([][]land, len(roots))
	for i, r := range roots {
		out[i] = groups[r]
	}
	return out
}

// sharedBorder reports whether at least want metres of a's boundary lie within
// gap metres of b's boundary.
func sharedBorder(a, b orb.MultiPolygon, boxB rtree.Box, gap, want float64) bool {
	var total float64
	var spans [][2]float64
	for _, poly := range a {
		for _, ring := range poly {
			for i := range ring {
				p, q := ring[i], ring[(i+1)%len(ring)]
				length := math.Hypot(q[0]-p[0], q[1]-p[1])
				if length == 0 || !meets(p, q, boxB, gap) {
					continue
				}
				spans = spans[:0]
				for _, other := range b {
					for _, r := range other {
						for k := range r {
							if lo, hi, ok := within(p, q, r[k], r[(k+1)%len(r)], gap); ok {
								spans = append(spans, [2]float64{lo, hi})
							}
						}
					}
				}
				if total += covered(spans) * length; total >= want {
					return true
				}
			}
		}
	}
	return false
}

func meets(p, q orb.Point, b rtree.Box, gap float64) bool {
	return math.Max(p[0], q[0]) >= b.MinX-gap && math.Min(p[0], q[0]) <= b.MaxX+gap &&
		math.Max(p[1], q[1]) >= b.MinY-gap && math.Min(p[1], q[1]) <= b.MaxY+gap
}

// within gives the part [lo, hi] ⊂ [0, 1] of the segment p–q that lies within
// gap of the segment r–s: a line through a capsule, which is convex, so the
// part is the hull of its meets with the two discs and the rectangle.
func within(p, q, r, s orb.Point, gap float64) (lo, hi float64, ok bool) {
	if math.Min(p[0], q[0]) > math.Max(r[0], s[0])+gap || math.Max(p[0], q[0]) < math.Min(r[0], s[0])-gap ||
		math.Min(p[1], q[1]) > math.Max(r[1], s[1])+gap || math.Max(p[1], q[1]) < math.Min(r[1], s[1])-gap {
		return 0, 0, false
	}
	lo, hi = math.Inf(1), math.Inf(-1)
	take := func(a, b float64) {
		a, b = math.Max(a, 0), math.Min(b, 1)
		if a <= b {
			lo, hi = math.Min(lo, a), math.Max(hi, b)
		}
	}
	dx, dy := q[0]-p[0], q[1]-p[1]
	for _, c := range [2]orb.Point{r, s} {
		cx, cy := p[0]-c[0], p[1]-c[1]
		a, half, k := dx*dx+dy*dy, cx*dx+cy*dy, cx*cx+cy*cy-gap*gap
		if disc := half*half - a*k; disc >= 0 {
			root := math.Sqrt(disc)
			take((-half-root)/a, (-half+root)/a)
		}
	}
	ux, uy := s[0]-r[0], s[1]-r[1]
	if l := math.Hypot(ux, uy); l > 0 {
		ux, uy = ux/l, uy/l
		px, py := p[0]-r[0], p[1]-r[1]
		a1, b1, ok1 := slab(px*ux+py*uy, dx*ux+dy*uy, 0, l)
		a2, b2, ok2 := slab(py*ux-px*uy, dy*ux-dx*uy, -gap, gap)
		if ok1 && ok2 {
			take(math.Max(a1, a2), math.Min(b1, b2))
		}
	}
	return lo, hi, lo <= hi
}

// slab solves from ≤ x + t·d ≤ to for t.
func slab(x, d, from, to float64) (lo, hi float64, ok bool) {
	if math.Abs(d) < 1e-12 {
		return math.Inf(-1), math.Inf(1), x >= from && x <= to
	}
	lo, hi = (from-x)/d, (to-x)/d
	return math.Min(lo, hi), math.Max(lo, hi), true
}

// covered is the length of the union of spans.
func covered(spans [][2]float64) float64 {
	sort.Slice(spans, func(i, j int) bool { return spans[i][0] < spans[j][0] })
	var sum float64
	end := math.Inf(-1)
	for _, s := range spans {
		if s[1] > end {
			sum += s[1] - math.Max(s[0], end)
			end = s[1]
		}
	}
	return sum
}
