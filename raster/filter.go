package raster

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// unfit is why a scene does not fit the options, empty where it does.
func (o CatalogOptions) unfit(s Scene) string {
	day := func(t time.Time) string { return t.UTC().Format("2006-01-02") }
	switch {
	case !o.From.IsZero() && s.Time.Before(o.From):
		return "taken before " + day(o.From)
	case !o.To.IsZero() && s.Time.After(o.To):
		return "taken after " + day(o.To)
	case len(o.Collections) == 0 && !s.optical() && !(o.Radar && s.Radar() && s.grid().Width > 0):
		return "it has no optical band, and no collection was asked for by name"
	case len(o.Collections) > 0 && s.Collection != "" && !slices.Contains(o.Collections, s.Collection):
		return fmt.Sprintf("of collection %s, not of %s", s.Collection, strings.Join(o.Collections, ", "))
	case !o.covers(s.Footprint):
		return "its footprint does not meet the place asked for"
	case o.MaxCloud != nil && s.CloudCover != nil && *s.CloudCover > *o.MaxCloud:
		return fmt.Sprintf("%.1f %% cloud, above %g %%", *s.CloudCover, *o.MaxCloud)
	}
	return ""
}

// optical reports whether the scene has any band of reflectance.
func (s Scene) optical() bool {
	for _, b := range OpticalBands {
		if _, ok := s.Assets[b]; ok {
			return true
		}
	}
	return false
}

// covers reports whether a footprint meets the place asked for. A scene without
// a footprint is kept here; no_place warns of it.
func (o CatalogOptions) covers(footprint orb.Polygon) bool {
	if len(footprint) == 0 {
		return true
	}
	for _, p := range o.place() {
		if polygonsMeet(footprint, p) {
			return true
		}
	}
	return o.Geometry == nil && o.BBox == nil
}

// place is what was asked for as polygons, none for everywhere.
func (o CatalogOptions) place() orb.MultiPolygon {
	switch g := o.Geometry.(type) {
	case nil:
	case orb.Polygon:
		return orb.MultiPolygon{g}
	case orb.MultiPolygon:
		return g
	default:
		return orb.MultiPolygon{g.Bound().ToPolygon()}
	}
	if o.BBox != nil {
		return orb.MultiPolygon{o.BBox.ToPolygon()}
	}
	return nil
}

// polygonsMeet reports whether two polygons share a point: a corner of one
// inside the other, or edges that cross.
func polygonsMeet(a, b orb.Polygon) bool {
	if len(a) == 0 || len(b) == 0 || len(a[0]) == 0 || len(b[0]) == 0 || !a.Bound().Intersects(b.Bound()) {
		return false
	}
	if planar.PolygonContains(a, b[0][0]) || planar.PolygonContains(b, a[0][0]) {
		return true
	}
	for _, ra := range a {
		for i := 1; i < len(ra); i++ {
			for _, rb := range b {
				for j := 1; j < len(rb); j++ {
					if edgesCross(ra[i-1], ra[i], rb[j-1], rb[j]) {
						return true
					}
				}
			}
		}
	}
	return false
}

// edgesCross reports whether two segments share a point.
func edgesCross(a, b, c, d orb.Point) bool {
	side := func(p, q, r orb.Point) float64 { return (q[0]-p[0])*(r[1]-p[1]) - (q[1]-p[1])*(r[0]-p[0]) }
	if s, t := side(a, b, c), side(a, b, d); s > 0 && t > 0 || s < 0 && t < 0 {
		return false
	}
	if s, t := side(c, d, a), side(c, d, b); s > 0 && t > 0 || s < 0 && t < 0 {
		return false
	}
	return orb.MultiPoint{a, b}.Bound().Intersects(orb.MultiPoint{c, d}.Bound())
}
