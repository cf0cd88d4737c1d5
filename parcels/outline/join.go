package outline

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// graph is the regions and the borders between them.
type graph struct {
	f      *features
	parent []int32
	near   []map[int32]*border // by region
	heap   pairs
	level  []float64 // sum of the edge's strength over a region's pixels
}

// border is what two regions share.
type border struct {
	length int     // pairs of pixels
	edge   float64 // sum of the edge's strength over them
	turn   int     // raised whenever the border's price is set anew
}

func newGraph(labels []int32, n, w int, level []float32, f *features) *graph {
	g := &graph{f: f, parent: make([]int32, n+1), near: make([]map[int32]*border, n+1)}
	for k := range g.parent {
		g.parent[k], g.near[k] = int32(k), map[int32]*border{}
	}
	g.level = make([]float64, n+1)
	for i, l := range labels {
		if l > 0 {
			g.level[l] += float64(level[i])
		}
	}
	meet := func(p, q int) {
		a, b := labels[p], labels[q]
		if a == b || a == 0 || b == 0 {
			return
		}
		x := g.near[a][b]
		if x == nil {
			x = &border{}
			g.near[a][b], g.near[b][a] = x, x
		}
		x.length++
		x.edge += float64(max(level[p], level[q]))
	}
	for i := range labels {
		if (i+1)%w != 0 {
			meet(i, i+1)
		}
		if i+w < len(labels) {
			meet(i, i+w)
		}
	}
	return g
}

// find is the region that k has become part of.
func (g *graph) find(k int32) int32 {
	for g.parent[k] != k {
		g.parent[k] = g.parent[g.parent[k]]
		k = g.parent[k]
	}
	return k
}

// Weights of what parts two regions: the edge between them, and how different
// they are. An edge between equal land may be a track or a hedge; different land
// without an edge may be a slope or a soil.
const edgeWeight = 0.85

// roughWeight is how much an edge weighs less in land that is rough on both
// sides, where it is one of many: houses and trees become large rough regions,
// which are no fields, instead of many small ones.
const roughWeight = 0.75

// littleLand is the size in pixels from which a region's own means are trusted
// fully: smaller ones join more easily.
const littleLand = 12

// price is how much it takes to join two neighbours.
func (g *graph) price(a, b int32, x *border) float64 {
	edge := x.edge / float64(x.length)
	p := edge
	if d, ok := g.f.apart(a, b); ok {
		p = edgeWeight*edge + (1-edgeWeight)*d
	}
	la, lb := g.level[a]/float64(g.f.size[a]), g.level[b]/float64(g.f.size[b])
	if rough := min(la, lb); rough > 1 {
		p /= math.Pow(rough, roughWeight)
	}
	if n := float64(min(g.f.size[a], g.f.size[b])); n < littleLand {
		p *= math.Sqrt(n / littleLand)
	}
	return p
}

// pair is two neighbours in the queue.
type pair struct {
	price float64
	a, b  int32 // a < b
	turn  int
}

type pairs []pair

func (p pairs) Len() int { return len(p) }
func (p pairs) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(p[i].price, p[j].price), cmp.Compare(p[i].a, p[j].a), cmp.Compare(p[i].b, p[j].b)) < 0
}
func (p pairs) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *pairs) Push(x any)   { *p = append(*p, x.(pair)) }
func (p *pairs) Pop() any {
	last := len(*p) - 1
	x := (*p)[last]
	*p = (*p)[:last]
	return x
}

// offer puts a pair of neighbours into the queue at its present price, unless it
// is too dear.
func (g *graph) offer(a, b int32, opt Options) {
	x := g.near[a][b]
	x.turn++
	if p := g.price(a, b, x); p < opt.Join {
		heap.Push(&g.heap, pair{p, min(a, b), max(a, b), x.turn})
	}
}

// join makes one of neighbours, the cheapest pair first, until none is cheaper
// than Options.Join.
func (g *graph) join(opt Options) {
	for a := range g.near {
		for b := range g.near[a] {
			if int32(a) < b {
				g.offer(int32(a), b, opt)
			}
		}
	}
	for len(g.heap) > 0 {
		p := heap.Pop(&g.heap).(pair)
		x := g.near[p.a][p.b]
		if x == nil || x.turn != p.turn || g.parent[p.a] != p.a || g.parent[p.b] != p.b {
			continue
		}
		if int(g.f.size[p.a])+int(g.f.size[p.b]) > opt.Largest {
			continue
		}
		for _, c := range g.merge(p.a, p.b) {
			g.offer(p.a, c, opt)
		}
	}
	g.swallow(opt)
}

// merge makes b a part of a and gives a's neighbours.
func (g *graph) merge(a, b int32) []int32 {
	g.parent[b] = a
	g.f.take(a, b)
	g.level[a] += g.level[b]
	delete(g.near[a], b)
	for c, x := range g.near[b] {
		delete(g.near[c], b)
		if c == a {
			continue
		}
		if y := g.near[a][c]; y != nil {
			y.length += x.length
			y.edge += x.edge
			continue
		}
		g.near[a][c], g.near[c][a] = x, x
	}
	g.near[b] = nil
	return g.neighbours(a)
}

func (g *graph) neighbours(k int32) []int32 {
	out := make([]int32, 0, len(g.near[k]))
	for c := range g.near[k] {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

// swallow gives what is too small for a field, and lies wholly in one region, to
// that region: a tree, a pylon, a wet spot.
func (g *graph) swallow(opt Options) {
	for k := int32(1); int(k) < len(g.parent); k++ {
		if g.parent[k] != k || int(g.f.size[k]) >= opt.Pixels || len(g.near[k]) != 1 {
			continue
		}
		for c := range g.near[k] {
			if g.f.size[c] > g.f.size[k] && int(g.f.size[c]+g.f.size[k]) <= opt.Largest {
				g.merge(c, k)
			}
		}
	}
}
