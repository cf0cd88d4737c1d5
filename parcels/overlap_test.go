package parcels_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// Rectangles of 40 × 40 m: what they share is known by hand.
func TestOverlapsByHand(t *testing.T) {
	ps := []parcels.Parcel{
		box(t, "d", 500, 0, 40, 40, 0.2),
		box(t, "a", 0, 0, 40, 40, 0.2), box(t, "b", 30, 0, 40, 40, 0.2), // 10 × 40 = 400 m²
		box(t, "c", 70, 0, 40, 40, 0.2),  // touches b
		box(t, "e", 505, 5, 10, 10, 0.2), // inside d
	}
	got := parcels.Overlaps(ps, 0.01)
	if len(got) != 2 || got[0].A != "a" || got[0].B != "b" || got[1].A != "d" || got[1].B != "e" {
		t.Fatalf("%+v", got)
	}
	if o := got[0]; math.Abs(o.AreaM2-400) > 0.5 || math.Abs(o.ShareA-0.25) > 1e-6 || math.Abs(o.ShareB-0.25) > 1e-6 {
		t.Errorf("%+v", o)
	}
	if o := got[1]; math.Abs(o.ShareA-1.0/16) > 1e-5 || math.Abs(o.ShareB-1) > 1e-5 {
		t.Errorf("%+v", o)
	}
	if got := parcels.Overlaps(ps, 0.3); len(got) != 1 || got[0].A != "d" {
		t.Errorf("from 30 %%: %+v", got)
	}
	ps[0], ps[3] = ps[3], ps[0]
	if again := parcels.Overlaps(ps, 0.01); !reflect.DeepEqual(got, again) {
		t.Errorf("order of parcels changed the overlaps: %+v", again)
	}
}

// The intersection of simplefeatures is the independent judge.
func TestOverlapsAgreeWithGeometryEngine(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 300 {
		a := star(r, orb.Point{115, 31}, 0.001, 4+r.IntN(12))
		b := star(r, orb.Point{115 + 0.001*r.Float64(), 31 + 0.001*r.Float64()}, 0.001, 4+r.IntN(12))
		hole := orb.Ring{{114.99995, 30.99995}, {115.00005, 30.99995}, {115.00005, 31.00005}, {114.99995, 31.00005}, {114.99995, 30.99995}}
		a[0] = append(a[0], hole)
		cut, err := geom.Intersection(engine(t, a), engine(t, b))
		if err != nil {
			t.Fatal(err)
		}
		want := cut.Area() / engine(t, a).Area()
		got := 0.0
		for _, o := range parcels.Overlaps([]parcels.Parcel{{ID: "a", Polygon: a}, {ID: "b", Polygon: b}}, 1e-6) {
			got = o.ShareA
		}
		if math.Abs(got-want) > 2e-6 {
			t.Fatalf("share %v, want %v of %v and %v", got, want, a, b)
		}
	}
}

func engine(t *testing.T, mp orb.MultiPolygon) geom.Geometry {
	t.Helper()
	var polys []geom.Polygon
	for _, p := range mp {
		var rings []geom.LineString
		for _, r := range p {
			var xy []float64
			for _, q := range r {
				xy = append(xy, q[0]-115, q[1]-31)
			}
			rings = append(rings, geom.NewLineString(geom.NewSequence(xy, geom.DimXY)))
		}
		polys = append(polys, geom.NewPolygon(rings))
	}
	return geom.NewMultiPolygon(polys).AsGeometry()
}
