package raster

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// numbers reads numbers from fuzzed bytes: every fourth byte group is taken as it
// is, so that NaN, infinities and huge numbers come up, the others near the grid.
func numbers(b []byte) (out []float64) {
	for i := 0; i+4 <= len(b); i += 4 {
		v := binary.LittleEndian.Uint32(b[i:])
		if i%16 == 12 && v%5 == 0 {
			out = append(out, float64(math.Float32frombits(v)))
			continue
		}
		out = append(out, float64(int32(v))/(1<<21)) // −1024 … 1024 m
	}
	return out
}

// Whatever rings come in, coverage neither panics nor leaves the grid; fractions
// are above 0 and at most 1, pixels come once and in order, the total is their
// sum, and the 20 m grid covers what the 10 m grid covers.
func FuzzCover(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 3))
	for n := 2; n < 40; n += 5 {
		b := make([]byte, 8*n)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		f.Add(b, uint8(n/2))
	}
	grid := Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 10, Width: 61, Height: 47} // odd: the last 20 m pixels are half
	f.Fuzz(func(t *testing.T, b []byte, cut uint8) {
		v := numbers(b)
		var ring orb.Ring
		for i := 0; i+1 < len(v); i += 2 {
			ring = append(ring, orb.Point{grid.X0 + 300 + v[i], grid.Y0 - 230 + v[i+1]})
		}
		k := min(int(cut), len(ring))
		mp := orb.MultiPolygon{{ring[:k]}, {ring[k:], ring[:k/2]}, {}}
		c, err := NewCover([]Shape{{Polygon: mp}, {}}, grid)
		if err != nil {
			t.Fatal(err)
		}
		for _, res := range []float64{10, 20} {
			g, on := c.Grid10, &c.on10
			if res == 20 {
				g, on = c.Grid20, &c.on20
			}
			cov := c.At(0, res)
			last, sum := int64(-1), 0.0
			for _, p := range cov.Pixels {
				at := int64(p.Row)*int64(g.Width) + int64(p.Col)
				if at <= last || p.Col < 0 || int(p.Col) >= g.Width || int(p.Row) >= g.Height || !(p.Fraction > 0 && p.Fraction <= 1) {
					t.Fatalf("pixel %+v after place %d of %+v", p, last, g)
				}
				if w := cov.Window; int(p.Col) < w.Col || int(p.Row) < w.Row || int(p.Col) >= w.Col+w.Width || int(p.Row) >= w.Row+w.Height {
					t.Fatalf("pixel %+v outside %+v", p, w)
				}
				last, sum = at, sum+p.Fraction
			}
			if total := on.total(int(c.slot[0])); math.Abs(total-sum) > 1e-9*(1+sum) {
				t.Fatalf("total %g, sum %g", total, sum)
			}
		}
		if len(c.At(1, 10).Pixels) > 0 {
			t.Fatal("nothing covers something")
		}
	})
}

// Statistics by bins are those of sorting, whatever the values and weights.
func FuzzTally(f *testing.F) {
	f.Add([]byte{1, 0, 2, 0, 3, 0, 4, 0, 9, 9}, uint8(3), uint64(1))
	f.Add(bytes.Repeat([]byte{7, 1, 8, 1, 0, 200}, 300), uint8(200), uint64(2))
	f.Fuzz(func(t *testing.T, b []byte, edges uint8, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 1))
		var tl tally
		var smp sample
		var weight []float64
		for i := 0; i+2 <= len(b); i += 2 {
			v := max(binary.LittleEndian.Uint16(b[i:]), 1)
			if len(tl.border) < int(edges) {
				w := 1e-9 + 0.999*r.Float64()
				tl.border, weight = append(tl.border, v), append(weight, w)
				smp.px = append(smp.px, weighted{float64(v), w})
				continue
			}
			tl.inside = append(tl.inside, v)
			smp.px = append(smp.px, weighted{float64(v), 1})
		}
		tl.weigh(weight)
		got := tl.work()
		want := smp.stats()
		if len(smp.px) == 0 {
			if got.count != 0 {
				t.Fatalf("of nothing: %+v", got)
			}
			return
		}
		if !closeTo(got.count, want.Count, 1e-12) || !closeTo(got.mean, want.Mean, 1e-11) || math.Abs(got.std-want.Std) > 1e-6*(1+want.Std) ||
			float64(got.min) != want.Min || float64(got.max) != want.Max {
			t.Fatalf("%+v, by sorting %+v", got, want)
		}
		for q, w := range []float64{want.P25, want.Median, want.P75} {
			if float64(got.quantile[q]) != w && !tie(&smp, 0.25*float64(q+1), float64(got.quantile[q])) {
				t.Fatalf("quantile %d: %d, by sorting %g", q, got.quantile[q], w)
			}
		}
	})
}

// tie reports whether the weight up to v or to below v is q of the sum but for
// rounding: then either neighbour is right.
func tie(s *sample, q, v float64) bool {
	var below, upTo, sum float64
	for _, p := range s.px {
		sum += p.w
		if p.v < v {
			below += p.w
		}
		if p.v <= v {
			upTo += p.w
		}
	}
	return math.Abs(below-q*sum) <= 3e-9*sum || math.Abs(upTo-q*sum) <= 3e-9*sum
}

// Ground from any bytes is refused or comes back as it was.
func FuzzGround(f *testing.F) {
	g := &Ground{Window: Window{-15, 3, 9, 5}, bright: newPlane(9, 5), dark: newPlane(9, 5)}
	g.bright.set(8, 4)
	g.dark.set(0, 0)
	b, _ := g.MarshalBinary()
	f.Add(b)
	f.Add(b[:16])
	f.Fuzz(func(t *testing.T, b []byte) {
		var g Ground
		if g.UnmarshalBinary(b) != nil {
			return
		}
		again, err := g.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var back Ground
		if err := back.UnmarshalBinary(again); err != nil {
			t.Fatal(err)
		}
		for i := range g.Window.Width * g.Window.Height {
			c, r := g.Window.Col+i%g.Window.Width, g.Window.Row+i/g.Window.Width
			if g.Bright(c, r) != back.Bright(c, r) || g.Dark(c, r) != back.Dark(c, r) {
				t.Fatalf("pixel %d changed", i)
			}
		}
	})
}
