package parcels

import (
	"fmt"
	"math"
	"sort"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/peterstace/simplefeatures/geom"
)

// dissolve makes one plot of a group of adjacent parcels. Where the union
// cannot be made, or changes the area, the plot is the collection of its parts
// and the note says so.
func dissolve(group []land) (Plot, string) {
	p := Plot{GrowerID: group[0].grower, EPSG: group[0].epsg}
	var parts orb.MultiPolygon
	var sum float64
	for _, l := range group {
		p.ParcelIDs = append(p.ParcelIDs, l.ID)
		p.AreaM2 += l.AreaM2
		parts = append(parts, l.poly...)
		sum += planar.Area(l.poly)
	}
	sort.Strings(p.ParcelIDs)
	p.ID = plotID(group[0].County, p.GrowerID, p.ParcelIDs)
	p.Polygon = parts
	note := ""
	if len(group) > 1 {
		if whole, err := union(parts, sum); err != nil {
			note = fmt.Sprintf("plot %s keeps its %d parcels side by side: %v", p.ID, len(group), err)
		} else {
			p.Polygon = whole
		}
	}
	p.Point = RepresentativePoint(largest(p.Polygon))
	return p, note
}

// largest keeps the biggest polygon, for a point well inside it.
func largest(mp orb.MultiPolygon) orb.MultiPolygon {
	best, area := 0, -1.0
	for i, poly := range mp {
		if a := planar.Area(poly); a > area {
			best, area = i, a
		}
	}
	if area < 0 {
		return mp
	}
	return mp[best : best+1]
}

func union(parts orb.MultiPolygon, sum float64) (whole orb.MultiPolygon, err error) {
	defer func() { // a failure of the geometry engine is not worth a season
		if r := recover(); r != nil {
			err = fmt.Errorf("union failed: %v", r)
		}
	}()
	origin := parts[0][0][0] // small numbers keep more digits
	gs := make([]geom.Geometry, len(parts))
	for i, poly := range parts {
		gs[i] = polygonOf(poly, origin).AsGeometry()
	}
	g, err := geom.UnionMany(gs)
	if err != nil {
		return nil, fmt.Errorf("union failed: %w", err)
	}
	switch {
	case g.IsPolygon():
		whole = orb.MultiPolygon{orbOf(g.MustAsPolygon(), origin)}
	case g.IsMultiPolygon():
		m := g.MustAsMultiPolygon()
		for i := range m.NumPolygons() {
			whole = append(whole, orbOf(m.PolygonN(i), origin))
		}
	default:
		return nil, fmt.Errorf("union gave a %s", g.Type())
	}
	got := planar.Area(whole)
	if math.Abs(got-sum) <= 1e-3*sum {
		return whole, nil
	}
	if least := sum - sharedByParts(parts); got > sum*1.001 || got < least*0.999 {
		return nil, fmt.Errorf("union has %.1f m², its parts at least %.1f m²", got, least)
	}
	return whole, nil
}

// sharedByParts is what the parts share pair by pair: the most a union can
// lose.
func sharedByParts(parts orb.MultiPolygon) float64 {
	edges := make([][]edge, len(parts))
	for i, p := range parts {
		edges[i] = edgesOf(orb.MultiPolygon{p}, parts[0][0][0], 1, 1)
	}
	var sum float64
	for i := range edges {
		for j := i + 1; j < len(edges); j++ {
			if parts[i].Bound().Intersects(parts[j].Bound()) {
				sum += sharedArea(edges[i], edges[j])
			}
		}
	}
	return sum
}

func polygonOf(poly orb.Polygon, origin orb.Point) geom.Polygon {
	rings := make([]geom.LineString, len(poly))
	for i, ring := range poly {
		xy := make([]float64, 0, 2*len(ring)+2)
		for _, p := range ring {
			xy = append(xy, p[0]-origin[0], p[1]-origin[1])
		}
		if len(ring) > 0 && ring[0] != ring[len(ring)-1] {
			xy = append(xy, ring[0][0]-origin[0], ring[0][1]-origin[1])
		}
		rings[i] = geom.NewLineString(geom.NewSequence(xy, geom.DimXY))
	}
	return geom.NewPolygon(rings)
}

func orbOf(p geom.Polygon, origin orb.Point) orb.Polygon {
	p = p.ForceCCW()
	out := make(orb.Polygon, 0, p.NumRings())
	for k, ls := range p.DumpRings() {
		s := ls.Coordinates()
		ring := make(orb.Ring, s.Length())
		for i := range ring {
			xy := s.GetXY(i)
			ring[i] = orb.Point{xy.X + origin[0], xy.Y + origin[1]}
		}
		if k > 0 && math.Abs(planar.Area(ring)) < crack {
			continue
		}
		out = append(out, ring)
	}
	return out
}

// crack in m²: a hole below it is a rounding gap where three parcels meet.
const crack = 1e-3
