package vector

import (
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/planar"
	"github.com/peterstace/simplefeatures/geom"

	"github.com/airbusgeo/godal"
)

// maxAreaChange is the share of its area a polygon may lose or gain by repair.
const maxAreaChange = 0.01

// Repair closes rings, drops repeated corners and, where the outline crosses
// itself, rebuilds it, in any coordinates. Done says what changed the shape,
// empty for nothing. A repair that changes the area by 1 % or more is an error.
func Repair(given orb.MultiPolygon) (out orb.MultiPolygon, done string, err error) {
	return repair(given)
}

// repair closes rings, drops repeated corners and, where the outline crosses
// itself, rebuilds it. done says what changed the shape, empty for nothing. A
// repair that changes the area by 1 % or more is an error: the surveyor must say
// what was meant.
func repair(given orb.MultiPolygon) (out orb.MultiPolygon, done string, err error) {
	var clean orb.MultiPolygon
	dropped := 0
	for _, poly := range given {
		var kept orb.Polygon
		for i, ring := range poly {
			r, err := closed(ring)
			if err != nil {
				return nil, "", err
			}
			if hasWidth(r) {
				kept = append(kept, r)
			} else if dropped++; i == 0 {
				break
			}
		}
		if len(kept) > 0 {
			clean = append(clean, kept)
		}
	}
	if len(clean) == 0 {
		return nil, "", errors.New("its polygon is empty or has no area")
	}
	if dropped > 0 {
		done = fmt.Sprintf("%d rings without area dropped", dropped)
	}
	if valid(clean) {
		return clean, done, nil
	}
	g, err := geometryOf(clean)
	if err != nil {
		return nil, "", err
	}
	defer g.Close()
	fixed, err := g.Buffer(0, 8, quiet())
	if err != nil {
		return nil, "", fmt.Errorf("its polygon crosses itself and cannot be repaired: %w", err)
	}
	defer fixed.Close()
	b, err := fixed.WKB(quiet())
	if err != nil {
		return nil, "", fmt.Errorf("its polygon crosses itself and cannot be repaired: %w", err)
	}
	if out, err = polygonsOf(b); err != nil || len(out) == 0 {
		return nil, "", errors.New("its polygon crosses itself and nothing is left after repair")
	}
	before, after := grossArea(clean), planar.Area(out)
	if change := math.Abs(after - before); !(change < maxAreaChange*before) {
		return nil, "", fmt.Errorf("its polygon crosses or overlaps itself, and repair would change its area by %.0f %% or more: draw it again", 100*math.Min(change/math.Max(after, before), 1))
	}
	return out, "its polygon crossed or touched itself and was rebuilt", nil
}

// closed is the ring closed, without repeated corners.
func closed(ring orb.Ring) (orb.Ring, error) {
	out := make(orb.Ring, 0, len(ring)+1)
	for _, p := range ring {
		if math.IsNaN(p[0]+p[1]) || math.IsInf(p[0]+p[1], 0) {
			return nil, fmt.Errorf("its polygon has a corner that is not a number")
		}
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	if len(out) > 0 && out[0] != out[len(out)-1] {
		out = append(out, out[0])
	}
	return out, nil
}

// hasWidth reports whether the corners do not all lie on one line.
func hasWidth(r orb.Ring) bool {
	if len(r) < 4 {
		return false
	}
	b := r.Bound()
	size := math.Hypot(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1])
	var most float64
	for i := range r {
		p, q := r[0], r[(i+1)%len(r)]
		c := (r[i][0]-p[0])*(q[1]-p[1]) - (q[0]-p[0])*(r[i][1]-p[1])
		most = math.Max(most, math.Abs(c))
	}
	return most > 1e-12*size*size
}

// valid asks the pure Go engine, which says nothing aloud.
func valid(mp orb.MultiPolygon) bool {
	b, err := wkb.Marshal(mp)
	if err != nil {
		return false
	}
	g, err := geom.UnmarshalWKB(b, geom.NoValidate{})
	return err == nil && g.Validate() == nil
}

// grossArea is the area enclosed as drawn: of a figure eight, both loops are
// lost or gained by repair, so the sum of |signed| rings is what counts.
func grossArea(mp orb.MultiPolygon) float64 {
	var sum float64
	for _, poly := range mp {
		for i, ring := range poly {
			if a := math.Abs(planar.Area(ring)); i == 0 {
				sum += a
			} else {
				sum -= a
			}
		}
	}
	return math.Abs(sum)
}

func geometryOf(mp orb.MultiPolygon) (*godal.Geometry, error) {
	b, err := wkb.Marshal(mp)
	if err != nil {
		return nil, fmt.Errorf("encode polygon: %w", err)
	}
	g, err := godal.NewGeometryFromWKB(b, nil)
	if err != nil {
		return nil, fmt.Errorf("encode polygon: %w", err)
	}
	return g, nil
}
