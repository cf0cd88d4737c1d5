package outline

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/peterstace/simplefeatures/geom"
)

// connected numbers the parts of a raster that hang together by their sides and
// leaves 0 as it is.
func connected(at []int32, w, h int) *Labels {
	out := &Labels{w, h, make([]int32, w*h)}
	n := int32(0)
	for i := range at {
		if at[i] == 0 || out.At[i] != 0 {
			continue
		}
		n++
		stack := []int{i}
		out.At[i] = n
		for len(stack) > 0 {
			p := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, q := range neighbours(p, w, h) {
				if q >= 0 && at[q] == at[p] && out.At[q] == 0 {
					out.At[q] = n
					stack = append(stack, q)
				}
			}
		}
	}
	return out
}

// checkPartition holds what polygons of a raster must be: valid, the mesh of
// their sides without crossing, each side between two regions in both, and each
// about as large as its pixels.
func checkPartition(t *testing.T, l *Labels, tolerance float64) {
	t.Helper()
	type side struct{ a, b orb.Point }
	sides := map[side]int32{}
	var all []side
	size := map[int32]int{}
	for _, v := range l.At {
		size[v]++
	}
	for region, pixels := range size {
		if region == 0 {
			continue
		}
		poly := l.Polygon(region, [4]int{0, 0, l.Width, l.Height}, tolerance)
		if err := simple(poly); err != nil {
			t.Fatalf("region %d of %d pixels: %v\n%v\n%v", region, pixels, err, poly, l)
		}
		length := 0.0
		for _, ring := range poly {
			for i := range len(ring) - 1 {
				s := side{ring[i], ring[i+1]}
				if other, twice := sides[s]; twice {
					t.Fatalf("regions %d and %d both lie right of %v\n%v", region, other, s, l)
				}
				sides[s] = region
				all = append(all, s)
				length += math.Hypot(s.b[0]-s.a[0], s.b[1]-s.a[1])
			}
		}
		// Every border lies within the tolerance, and half a pixel for cutting corners.
		if got := planar.Area(poly); math.Abs(got-float64(pixels)) > (tolerance+0.5)*length {
			t.Fatalf("region %d has %.2f pixels, its polygon %.2f", region, float64(pixels), got)
		}
	}
	for i, s := range all {
		for _, o := range all[:i] {
			if o.a == s.b && o.b == s.a {
				continue
			}
			if crosses(s.a, s.b, o.a, o.b) {
				t.Fatalf("%v crosses %v\n%v", s, o, l)
			}
		}
	}
}

// crosses reports whether two sides share more than an end.
func crosses(a, b, c, d orb.Point) bool {
	turn := func(p, q, r orb.Point) float64 { return (q[0]-p[0])*(r[1]-p[1]) - (q[1]-p[1])*(r[0]-p[0]) }
	on := func(p, q, r orb.Point) bool { // r between p and q, on their line
		return turn(p, q, r) == 0 && r != p && r != q && (r[0]-p[0])*(r[0]-q[0])+(r[1]-p[1])*(r[1]-q[1]) < 0
	}
	if on(a, b, c) || on(a, b, d) || on(c, d, a) || on(c, d, b) || a == c && b == d {
		return true
	}
	return turn(a, b, c)*turn(a, b, d) < 0 && turn(c, d, a)*turn(c, d, b) < 0
}

func simple(poly orb.Polygon) error {
	rings := make([]geom.LineString, len(poly))
	for i, ring := range poly {
		var xy []float64
		for _, p := range ring {
			xy = append(xy, p[0], p[1])
		}
		rings[i] = geom.NewLineString(geom.NewSequence(xy, geom.DimXY))
	}
	return geom.NewPolygon(rings).Validate()
}

func TestPolygonsOfARasterPartThePlane(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		w, h, kinds := 1+r.IntN(14), 1+r.IntN(14), 1+r.IntN(5)
		at := make([]int32, w*h)
		for i := range at {
			switch {
			case i > 0 && i%w > 0 && r.IntN(3) > 0:
				at[i] = at[i-1]
			case i >= w && r.IntN(3) > 0:
				at[i] = at[i-w]
			default:
				at[i] = int32(r.IntN(kinds + 1))
			}
		}
		checkPartition(t, connected(at, w, h), []float64{0, 0.4, 0.7, 3}[r.IntN(4)])
	}
}

func FuzzPolygonsOfARaster(f *testing.F) {
	f.Add(uint8(3), []byte("\x01\x00\x01\x00\x01\x00\x01\x00\x01"), uint8(7))
	f.Add(uint8(4), []byte("\x01\x01\x01\x01\x01\x02\x01\x01\x01\x01\x02\x01\x01\x01\x01\x01"), uint8(30))
	f.Add(uint8(1), []byte{1}, uint8(0))
	f.Fuzz(func(t *testing.T, width uint8, data []byte, tenths uint8) {
		w := int(width%24) + 1
		h := min(len(data)/w, 24)
		if h == 0 {
			return
		}
		at := make([]int32, w*h)
		for i := range at {
			at[i] = int32(data[i] % 6)
		}
		checkPartition(t, connected(at, w, h), float64(tenths%40)/10)
	})
}
