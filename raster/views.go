package raster

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// View is one scene over a cell and the shapes that are to be observed in it,
// by their place in the list given.
type View struct {
	Scene  Scene
	Shapes []int
}

// Views are the scenes of a cell, each with its shapes, so that every shape is
// observed once per pass: in all scenes of the home tile; and of several other
// scenes of one pass (neighbours that fill a day, slices of a radar swath) in
// the one it lies deepest in, the earlier and then first by ID where equal.
// Shapes are in the CRS of the cell. Sorted by time, then scene ID; scenes left
// without a shape are not listed.
func (t *Tiling) Views(c Cell, shapes []Shape) []View {
	home := t.tiles[c.Tile]
	if home == nil {
		return nil
	}
	all := make([]int, len(shapes))
	for k := range all {
		all[k] = k
	}
	own := map[string]bool{}
	for _, s := range t.scenes[c.Tile] {
		own[s.ID] = true
	}
	scenes := t.Scenes(c)
	serve := make([][]int, len(scenes))
	for _, pass := range passes(scenes, own) {
		if len(pass) == 1 {
			serve[pass[0]] = all
			continue
		}
		deep := make([]func(orb.Bound) float64, len(pass))
		for i, at := range pass {
			deep[i] = depthIn(scenes[at], home.zone)
		}
		for k, shape := range shapes {
			b := shape.Polygon.Bound()
			best, at := math.Inf(-1), pass[0]
			for i := range pass {
				if d := deep[i](b); d > best {
					best, at = d, pass[i]
				}
			}
			serve[at] = append(serve[at], k)
		}
	}
	var out []View
	for i, s := range scenes {
		if len(serve[i]) > 0 {
			out = append(out, View{s, serve[i]})
		}
	}
	return out
}

// passes groups scenes (sorted by time) by the pass they are of; those of the
// home tile stand alone.
func passes(scenes []Scene, own map[string]bool) [][]int {
	var out [][]int
next:
	for i, s := range scenes {
		for j := len(out) - 1; j >= 0 && !own[s.ID]; j-- {
			first := scenes[out[j][0]]
			if !own[first.ID] && s.Time.Sub(first.Time) <= samePass && onePass(first, s) {
				out[j] = append(out[j], i)
				continue next
			}
		}
		out = append(out, []int{i})
	}
	return out
}

// onePass reports whether two scenes, close in time, come from one pass of one
// satellite.
func onePass(a, b Scene) bool {
	return a.Radar() == b.Radar() && samePlatform(a, b) && (a.Orbit == b.Orbit || a.Orbit == "" || b.Orbit == "")
}

// depthIn tells how far inside a scene a box lies, in metres of the zone:
// inside its pixel grid and, from the middle of the box, inside its footprint.
// Negative where it reaches outside.
func depthIn(s Scene, z zone) func(orb.Bound) float64 {
	g := s.grid()
	foot := projectEdges(s.Footprint, z)
	return func(b orb.Bound) float64 {
		middle := b.Center()
		d := math.Inf(1)
		for _, ring := range foot {
			d = min(d, planar.DistanceFrom(orb.LineString(ring), middle))
		}
		if !planar.PolygonContains(foot, middle) {
			d = -d
		}
		return min(g.depth(b), d-math.Hypot(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1])/2)
	}
}

// edgeParts is how many straight pieces an edge of a footprint becomes, because
// a straight line in degrees is none in metres.
const edgeParts = 8

// projectEdges takes a polygon from degrees to the zone.
func projectEdges(p orb.Polygon, z zone) orb.Polygon {
	out := make(orb.Polygon, len(p))
	for i, ring := range p {
		for j, b := range ring {
			if j == 0 {
				out[i] = append(out[i], z.point(b))
				continue
			}
			a := ring[j-1]
			for k := 1; k <= edgeParts; k++ {
				f := float64(k) / edgeParts
				out[i] = append(out[i], z.point(orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}))
			}
		}
	}
	return out
}
