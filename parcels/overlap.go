package parcels

import (
	"math"
	"sort"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/rtree"
)

// Overlap is a pair of parcels that share land, A before B by ID.
type Overlap struct {
	A, B   string
	AreaM2 float64 // shared, on the ellipsoid
	ShareA float64 // of A's area
	ShareB float64
}

// Overlaps are the pairs of which at least one side shares minShare of its area
// with the other, by ID. Borders that touch, or cross by rounding, share
// nothing: the area is summed from both outlines edge by edge, with no
// topology that could fail.
func Overlaps(ps []Parcel, minShare float64) []Overlap {
	var out []Overlap
	eachOverlap(ps, minShare, func(int, int) bool { return true }, func(_, _ int, o Overlap) { out = append(out, o) })
	sort.Slice(out, func(i, j int) bool {
		if out[i].A != out[j].A {
			return out[i].A < out[j].A
		}
		return out[i].B < out[j].B
	})
	return out
}

// eachOverlap visits the overlapping pairs i < j that are wanted. The area is
// told of the pair; A and B of the overlap stand by ID.
func eachOverlap(ps []Parcel, minShare float64, wanted func(i, j int) bool, visit func(i, j int, o Overlap)) {
	boxes := make([]rtree.Box, len(ps))
	items := make([]rtree.BulkItem, 0, len(ps))
	for i, p := range ps {
		b := p.Polygon.Bound()
		boxes[i] = rtree.Box{MinX: b.Min[0], MinY: b.Min[1], MaxX: b.Max[0], MaxY: b.Max[1]}
		if len(p.Polygon) > 0 {
			items = append(items, rtree.BulkItem{Box: boxes[i], RecordID: i})
		}
	}
	tree := rtree.BulkLoad(items)
	areas := make([]float64, len(ps))
	for i, p := range ps {
		if areas[i] = p.AreaM2; areas[i] == 0 {
			areas[i] = AreaM2(p.Polygon)
		}
	}
	for i := range ps {
		_ = tree.RangeSearch(boxes[i], func(j int) error {
			if j <= i || areas[i] <= 0 || areas[j] <= 0 || !wanted(i, j) {
				return nil
			}
			if o, ok := overlapOf(ps[i], ps[j], areas[i], areas[j], boxes[i], boxes[j], minShare); ok {
				visit(i, j, o)
			}
			return nil
		})
	}
}

func overlapOf(a, b Parcel, areaA, areaB float64, boxA, boxB rtree.Box, minShare float64) (Overlap, bool) {
	if b.ID < a.ID {
		a, b, areaA, areaB, boxA, boxB = b, a, areaB, areaA, boxB, boxA
	}
	w := math.Min(boxA.MaxX, boxB.MaxX) - math.Max(boxA.MinX, boxB.MinX)
	h := math.Min(boxA.MaxY, boxB.MaxY) - math.Max(boxA.MinY, boxB.MinY)
	lat := (boxA.MinY + boxA.MaxY) / 2
	perDegree2 := 111400 * 111700 * math.Cos(lat*math.Pi/180) // m² per square degree, from above
	if need := minShare * math.Min(areaA, areaB); w <= 0 || h <= 0 || w*h*perDegree2 < need*0.99 {
		return Overlap{}, false
	}
	// A flat local frame: areas in it are compared with each other only.
	at := orb.Point{boxA.MinX, boxA.MinY}
	kx := 111320 * math.Cos(lat*math.Pi/180)
	fa, fb := edgesOf(a.Polygon, at, kx, 110574), edgesOf(b.Polygon, at, kx, 110574)
	shared, whole := sharedArea(fa, fb), edgesArea(fa)
	if whole <= 0 {
		return Overlap{}, false
	}
	share := math.Min(shared/whole, 1)
	o := Overlap{A: a.ID, B: b.ID, AreaM2: share * areaA, ShareA: share}
	o.ShareB = math.Min(o.AreaM2/areaB, 1)
	// 1 cm² per metre of outline is rounding, not land.
	if o.AreaM2 < 1e-4*outline(fa) || math.Max(o.ShareA, o.ShareB) < minShare {
		return Overlap{}, false
	}
	return o, true
}

// edge is one side of an outline from left to right; sign is +1 where the
// inside lies below it and −1 where it lies above.
type edge struct {
	x0, y0, x1, y1, sign float64
}

// edgesOf gives the outlines' edges from at, x and y scaled by kx and ky.
func edgesOf(mp orb.MultiPolygon, at orb.Point, kx, ky float64) []edge {
	var out []edge
	for _, poly := range mp {
		for r, ring := range poly {
			n := len(ring)
			var twice float64
			for i := range ring {
				p, q := ring[i], ring[(i+1)%n]
				twice += (p[0]-at[0])*(q[1]-at[1]) - (q[0]-at[0])*(p[1]-at[1])
			}
			clockwise := (twice < 0) == (r == 0) // inside below a left-to-right edge of a clockwise outer ring
			for i := range ring {
				p, q := ring[i], ring[(i+1)%n]
				e := edge{(p[0] - at[0]) * kx, (p[1] - at[1]) * ky, (q[0] - at[0]) * kx, (q[1] - at[1]) * ky, 1}
				if e.x0 == e.x1 {
					continue
				}
				if e.x0 > e.x1 {
					e = edge{e.x1, e.y1, e.x0, e.y0, -1}
				}
				if !clockwise {
					e.sign = -e.sign
				}
				out = append(out, e)
			}
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].x0 < out[j].x0 })
	return out
}

// sharedArea is the area inside both outlines. A point lies inside an outline
// as often as edges pass above it, counted with their sign; so the shared area
// is the sum over pairs of edges of sign × sign × the area below the lower one.
func sharedArea(a, b []edge) float64 {
	base := math.Inf(1)
	for _, es := range [2][]edge{a, b} {
		for _, e := range es {
			base = math.Min(base, math.Min(e.y0, e.y1))
		}
	}
	var sum float64
	for _, p := range a {
		for _, q := range b {
			if q.x0 >= p.x1 {
				break
			}
			if q.x1 > p.x0 {
				sum += p.sign * q.sign * belowBoth(p, q, base)
			}
		}
	}
	return math.Max(sum, 0)
}

func belowBoth(p, q edge, base float64) float64 {
	l, r := math.Max(p.x0, q.x0), math.Min(p.x1, q.x1)
	pl, pr, ql, qr := p.at(l)-base, p.at(r)-base, q.at(l)-base, q.at(r)-base
	if (pl-ql)*(pr-qr) >= 0 {
		return (r - l) * (math.Min(pl, ql) + math.Min(pr, qr)) / 2
	}
	t := (pl - ql) / ((pl - ql) - (pr - qr)) // where they cross
	m := pl + t*(pr-pl)
	return (r - l) * (t*(math.Min(pl, ql)+m) + (1-t)*(m+math.Min(pr, qr))) / 2
}

func (e edge) at(x float64) float64 { return e.y0 + (x-e.x0)/(e.x1-e.x0)*(e.y1-e.y0) }

func edgesArea(es []edge) float64 {
	var sum float64
	for _, e := range es {
		sum += e.sign * (e.x1 - e.x0) * (e.y0 + e.y1) / 2
	}
	return sum
}

func outline(es []edge) float64 {
	var sum float64
	for _, e := range es {
		sum += math.Hypot(e.x1-e.x0, e.y1-e.y0)
	}
	return sum
}
