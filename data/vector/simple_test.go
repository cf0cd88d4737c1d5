package vector

import (
	"math"
	"math/rand"
	"testing"

	"github.com/paulmach/orb"
)

// star is a ring around a middle that does not cross itself.
func star(rnd *rand.Rand, x, y, r float64, n int) orb.Ring {
	var ring orb.Ring
	for i := range n {
		a := 2 * math.Pi * (float64(i) + 0.8*rnd.Float64()) / float64(n)
		d := r * (0.4 + 0.6*rnd.Float64())
		ring = append(ring, orb.Point{x + d*math.Cos(a), y + d*math.Sin(a)})
	}
	return append(ring, ring[0])
}

// The quick check never passes what the full one (simplefeatures) refuses, and
// knows ordinary fields by itself.
func TestSurelySimpleAgreesWithTheFullCheck(t *testing.T) {
	rnd := rand.New(rand.NewSource(7))
	passed, refused := 0, 0
	check := func(what string, mp orb.MultiPolygon) {
		t.Helper()
		if !surelySimple(mp) {
			return
		}
		if passed++; !valid(mp) {
			t.Fatalf("%s: passed, but it is not valid: %v", what, mp)
		}
	}
	for range 4000 {
		// Corners anywhere: mostly crossing.
		var any orb.Ring
		for range 3 + rnd.Intn(6) {
			any = append(any, orb.Point{math.Round(8 * rnd.Float64()), math.Round(8 * rnd.Float64())})
		}
		any = append(any, any[0])
		check("any ring", orb.MultiPolygon{{any}})
		if !valid(orb.MultiPolygon{{any}}) {
			refused++
		}
		// Holes and parts that may lie wrong.
		outer := star(rnd, 500000, 4000000, 100, 5+rnd.Intn(60))
		hole := star(rnd, 500000+80*rnd.NormFloat64(), 4000000+80*rnd.NormFloat64(), 5+30*rnd.Float64(), 4+rnd.Intn(8))
		second := star(rnd, 500000+20*rnd.NormFloat64(), 4000000, 10, 6)
		check("hole", orb.MultiPolygon{{outer, hole}})
		check("two holes", orb.MultiPolygon{{outer, hole, second}})
		check("two parts", orb.MultiPolygon{{outer}, {hole}})
		check("part in a hole", orb.MultiPolygon{{outer, hole}, {second}})
	}
	if passed < 2000 || refused < 1000 {
		t.Errorf("the test looks at too little: %d passed, %d refused", passed, refused)
	}
	for i := range 2000 {
		if f := star(rnd, 412345, 3912345, 60, 4+rnd.Intn(100)); !surelySimple(orb.MultiPolygon{{f}}) && valid(orb.MultiPolygon{{f}}) {
			t.Fatalf("field %d is simple but was left to the slow check: %v", i, f)
		}
	}
}

func TestSurelySimpleLeavesDoubtToTheFullCheck(t *testing.T) {
	square := func(x, y, d float64) orb.Ring {
		return orb.Ring{{x, y}, {x + d, y}, {x + d, y + d}, {x, y + d}, {x, y}}
	}
	for name, mp := range map[string]orb.MultiPolygon{
		"nothing":               {},
		"no ring":               {{}},
		"open":                  {{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}}},
		"repeated corner":       {{{{0, 0}, {1, 0}, {1, 0}, {1, 1}, {0, 0}}}},
		"not a number":          {{{{0, 0}, {1, math.NaN()}, {1, 1}, {0, 0}}}},
		"infinite":              {{{{0, 0}, {math.Inf(1), 0}, {1, 1}, {0, 0}}}},
		"no area":               {{{{0, 0}, {1, 1}, {2, 2}, {0, 0}}}},
		"spike":                 {{{{0, 0}, {4, 0}, {4, 4}, {4, 9}, {4, 4}, {0, 4}, {0, 0}}}},
		"spike of two corners":  {{{{0, 0}, {4, 0}, {4, 9}, {4, 4}, {0, 4}, {0, 0}}}},
		"figure eight":          {{{{0, 0}, {2, 2}, {2, 0}, {0, 2}, {0, 0}}}},
		"touches itself":        {{{{0, 0}, {4, 0}, {4, 4}, {2, 0}, {0, 4}, {0, 0}}}},
		"hole outside":          {{square(0, 0, 2), square(5, 5, 1)}},
		"hole over the edge":    {{square(0, 0, 2), square(1, 1, 2)}},
		"hole in a hole":        {{square(0, 0, 9), square(1, 1, 6), square(2, 2, 1)}},
		"hole that is outline":  {{square(0, 0, 2), square(0, 0, 2)}},
		"parts over each other": {{square(0, 0, 2)}, {square(1, 1, 2)}},
		"part in a part":        {{square(0, 0, 9)}, {square(1, 1, 2)}},
		"parts side by side":    {{square(0, 0, 2)}, {square(2, 0, 2)}},
	} {
		if surelySimple(mp) {
			t.Errorf("%s is called surely simple", name)
		}
	}
	for name, mp := range map[string]orb.MultiPolygon{
		"square":           {{square(0, 0, 2)}},
		"corner on a line": {{{{0, 0}, {1, 0}, {2, 0}, {2, 2}, {0, 2}, {0, 0}}}},
		"clockwise":        {{{{0, 0}, {0, 2}, {2, 2}, {2, 0}, {0, 0}}}},
		"with a hole":      {{square(0, 0, 9), square(1, 1, 2)}},
		"island in a hole": {{square(0, 0, 9), square(1, 1, 6)}, {square(2, 2, 2)}},
		"two parts":        {{square(0, 0, 2)}, {square(5, 0, 2)}},
	} {
		if !surelySimple(mp) || !valid(mp) {
			t.Errorf("%s is left to the slow check", name)
		}
	}
}

func BenchmarkSurelySimple(b *testing.B) {
	f := orb.MultiPolygon{{star(rand.New(rand.NewSource(1)), 412345, 3912345, 60, 20)}}
	for range b.N {
		surelySimple(f)
	}
}
