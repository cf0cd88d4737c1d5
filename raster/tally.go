package raster

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// tally is the usable pixels of one polygon in one band, as raw values: those
// wholly within weigh 1, those on the edge their fraction. It is used again for
// the next polygon.
type tally struct {
	inside []uint16
	border []uint16 // pixels on the edge
	weights

	room struct { // what is used again
		inside, border []uint16
		weight         []float64
		whole          []uint64
	}
	bins [256]uint64
	bin  []uint8        // of each value
	slot [256]uint8     // of a bin that is looked into: its place in near
	near [3][]weighedDN // values of such bins
	few  []weighedDN
}

// weights are those of the edge pixels, with what follows from them for every
// band alike. As whole numbers their sums are exact, and fast.
type weights struct {
	edge  []float64
	sum   float64   // of all pixels
	one   uint64    // what 1 is as a whole number
	whole []uint64  // edge
	reach [3]uint64 // what the quantiles' cumulated weight must reach
}

// weigh scales weights so that their sum with that of the pixels inside is
// about 2⁵⁰: rounding stays far below quantileSlack.
func weigh(edge []float64, inside int, room []uint64) weights {
	sum := float64(inside)
	for _, w := range edge {
		sum += w
	}
	_, exp := math.Frexp(sum)
	scale := math.Ldexp(1, 50-exp)
	out := weights{edge: edge, sum: sum, one: uint64(scale), whole: room[:0]}
	all := out.one * uint64(inside)
	for _, w := range edge {
		v := uint64(w*scale + 0.5)
		out.whole = append(out.whole, v)
		all += v
	}
	for q := range 3 {
		out.reach[q] = uint64((0.25*float64(q+1) - quantileSlack) * float64(all))
	}
	return out
}

// spread are the statistics of a tally in raw values.
type spread struct {
	count, mean, std float64
	min, max         uint16
	quantile         [3]uint16 // 25, 50, 75 %
}

// quantileSlack keeps weights that sum to q exactly on paper from falling over
// by a rounding error; a share of the whole weight.
const quantileSlack = 1e-9

// sums are the moments of pixels, about a value in their midst so that little
// cancels. Those of pixels wholly within are whole numbers and exact.
type sums struct {
	from         int64
	low, high    uint16
	sum, squares int64   // inside
	on, onSq     float64 // on the edge, weighed
}

func startSums(from uint16) sums { return sums{from: int64(from), low: math.MaxUint16} }

// add adds pixels wholly within.
func (s *sums) add(inside []uint16) {
	low, high, sum, squares := s.low, s.high, s.sum, s.squares
	for _, v := range inside {
		d := int64(v) - s.from
		sum += d
		squares += d * d
		low, high = min(low, v), max(high, v)
	}
	s.low, s.high, s.sum, s.squares = low, high, sum, squares
}

// addEdge adds pixels of the edge, two by two: one sum need not wait for the other.
func (s *sums) addEdge(edge []uint16, weight []float64) {
	low, high := s.low, s.high
	weight = weight[:len(edge)]
	var a, b, aa, bb float64
	i := 0
	for ; i+1 < len(edge); i += 2 {
		v, u := edge[i], edge[i+1]
		d, e := float64(int64(v)-s.from), float64(int64(u)-s.from)
		wd, we := weight[i]*d, weight[i+1]*e
		a, b = a+wd, b+we
		aa, bb = aa+wd*d, bb+we*e
		low, high = min(low, v, u), max(high, v, u)
	}
	if i < len(edge) {
		v := edge[i]
		d := float64(int64(v) - s.from)
		a += weight[i] * d
		aa += weight[i] * d * d
		low, high = min(low, v), max(high, v)
	}
	s.low, s.high, s.on, s.onSq = low, high, s.on+(a+b), s.onSq+(aa+bb)
}

// spread computes mean = Σwv/Σw and the population deviation √(Σw(v−mean)²/Σw) from
// the sums over the pixels inside and on the edge.
func (t *tally) spread(s sums) spread {
	if len(t.inside)+len(t.border) == 0 {
		return spread{}
	}
	mean := (float64(s.sum) + s.on) / t.sum
	out := spread{count: t.sum, mean: mean + float64(s.from), min: s.low, max: s.high}
	if s.high > s.low {
		out.std = math.Sqrt(max(0, (float64(s.squares)+s.onSq)/t.sum-mean*mean))
	}
	return out
}

// work is the spread with its quantiles of pixels that are all data.
func (t *tally) work() spread {
	var s sums
	if len(t.inside) > 0 {
		s = startSums(t.inside[0])
	} else if len(t.border) > 0 {
		s = startSums(t.border[0])
	}
	s.add(t.inside)
	s.addEdge(t.border, t.edge)
	out := t.spread(s)
	t.quantiles(&out)
	return out
}

// quantiles fills the quantiles: q is the smallest value at which the cumulated
// weight reaches q of the sum (the inverse of the weighted distribution
// function, no interpolation). Values go into bins, and only those bins that a
// quantile falls into are sorted.
func (t *tally) quantiles(s *spread) {
	n := len(t.inside) + len(t.border)
	if n == 0 {
		return
	}
	if n <= fewPixels {
		t.quantilesOfFew(s)
		return
	}
	bins := 64
	if n > 64 {
		bins = 128
	}
	if n > 256 {
		bins = 256
	}
	shift := uint(0)
	for int(s.max-s.min)>>shift >= bins {
		shift++
	}
	low := s.min
	b := t.bins[:bins]
	clear(b)
	if cap(t.bin) < n+8 { // eight are read at a time
		t.bin = make([]uint8, 2*n+8)
	}
	at, one := t.bin[:n], t.one
	inside, border := at[:len(t.inside)], at[len(t.inside):][:len(t.border)]
	for i, v := range t.inside {
		k := uint8((v - low) >> (shift & 15))
		inside[i] = k
		t.bins[k] += one
	}
	whole := t.whole[:len(t.border)]
	for i, v := range t.border {
		k := uint8((v - low) >> (shift & 15))
		border[i] = k
		t.bins[k] += whole[i]
	}
	var bin [3]uint8
	var short [3]uint64 // weight that the bin must give
	acc, k := uint64(0), 0
	for q := range 3 {
		for k < bins-1 && acc+b[k] < t.reach[q] {
			acc += b[k]
			k++
		}
		bin[q], short[q] = uint8(k), t.reach[q]-min(acc, t.reach[q])
	}
	if shift == 0 {
		for q := range 3 {
			s.quantile[q] = low + uint16(bin[q])
		}
		return
	}
	t.pick(at, bin)
	for q := range 3 {
		s.quantile[q] = reached(t.near[t.slot[bin[q]]], short[q])
	}
}

// pick takes the values of three bins into near; at are the bins of all values,
// of which eight are looked at together.
func (t *tally) pick(at []uint8, bin [3]uint8) {
	const ones, low7 = 0x0101010101010101, 0x7f7f7f7f7f7f7f7f
	b0, b1, b2 := ones*uint64(bin[0]), ones*uint64(bin[1]), ones*uint64(bin[2])
	for q := range 3 {
		t.slot[bin[q]] = uint8(q) // equal bins share the last
		t.near[q] = t.near[q][:0]
	}
	n := len(t.inside)
	for i := 0; i < len(at); i += 8 {
		eight := binary.LittleEndian.Uint64(at[i : i+8 : cap(at)])
		x0, x1, x2 := eight^b0, eight^b1, eight^b2
		// the high bit of a byte is clear where the byte is 0
		other := (x0&low7 + low7 | x0) & (x1&low7 + low7 | x1) & (x2&low7 + low7 | x2)
		for hit := ^other & (ones << 7); hit != 0; hit &= hit - 1 {
			k := i + bits.TrailingZeros64(hit)>>3
			if k >= len(at) { // beyond the last value
				break
			}
			p := weighedDN{w: t.one}
			if k < n {
				p.v = t.inside[k]
			} else {
				p = weighedDN{t.border[k-n], t.whole[k-n]}
			}
			list := &t.near[t.slot[at[k]]]
			*list = append(*list, p)
		}
	}
}

// reached is the smallest value at which the cumulated weight reaches short, or
// the largest of all.
func reached(p []weighedDN, short uint64) uint16 {
	if len(p) > fewPixels {
		sortWeighed(p)
		acc := uint64(0)
		for _, x := range p {
			if acc += x.w; acc >= short {
				return x.v
			}
		}
		return p[len(p)-1].v
	}
	for last, acc := -1, uint64(0); ; { // value by value: few are passed
		next, w := 1<<16, uint64(0)
		for _, x := range p {
			v := int(x.v)
			if v <= last {
				v = 1 << 16
			}
			if v == next {
				w += x.w
			}
			if v < next {
				next, w = v, x.w
			}
		}
		if next == 1<<16 {
			return uint16(last)
		}
		if acc += w; acc >= short {
			return uint16(next)
		}
		last = next
	}
}

// fewPixels are sorted at once: bins would cost more.
const fewPixels = 24

func (t *tally) quantilesOfFew(s *spread) {
	t.few = t.few[:0]
	for _, v := range t.inside {
		t.few = append(t.few, weighedDN{v, t.one})
	}
	for i, v := range t.border {
		t.few = append(t.few, weighedDN{v, t.whole[i]})
	}
	sortWeighed(t.few)
	acc, q := uint64(0), 0
	for _, p := range t.few {
		for acc += p.w; acc >= t.reach[q]; {
			s.quantile[q] = p.v
			if q++; q == 3 {
				return
			}
		}
	}
	for ; q < 3; q++ {
		s.quantile[q] = s.max
	}
}

type weighedDN struct {
	v uint16
	w uint64
}

// sortWeighed sorts by value; few by insertion.
func sortWeighed(p []weighedDN) {
	if len(p) > 48 {
		slices.SortFunc(p, func(a, b weighedDN) int { return int(a.v) - int(b.v) })
		return
	}
	for i := 1; i < len(p); i++ {
		x := p[i]
		k := i
		for k > 0 && p[k-1].v > x.v {
			p[k] = p[k-1]
			k--
		}
		p[k] = x
	}
}
