package raster

import (
	"math"
	"slices"
)

// tally is the usable pixels of one polygon in one band, as raw values: those
// wholly within weigh 1, those on the edge their fraction. It is used again for
// the next polygon.
type tally struct {
	inside []uint16
	edge   []uint16
	weight []float64 // of edge
	whole  weights   // weight as whole numbers, for quantiles

	room struct { // what is used again
		inside, edge []uint16
		weight       []float64
		whole        []uint64
	}
	bins [256]uint64
	want [256]uint8 // 1 = values of the bin are sorted
	near []weighedDN
}

// weights are weights as whole numbers: sums of them are exact, and fast.
type weights struct {
	one  uint64 // what 1 is
	edge []uint64
}

// wholeWeights scales weights so that their sum and that of the pixels inside is
// about 2⁵⁰: rounding stays far below quantileSlack.
func wholeWeights(edge []float64, inside int, room []uint64) weights {
	sum := float64(inside)
	for _, w := range edge {
		sum += w
	}
	_, exp := math.Frexp(sum)
	scale := math.Ldexp(1, 50-exp)
	out := weights{uint64(scale), room[:0]}
	for _, w := range edge {
		out.edge = append(out.edge, uint64(w*scale+0.5))
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
	sum, squares int64 // inside
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

// spread computes mean = Σwv/Σw and the population deviation √(Σw(v−mean)²/Σw) from
// the sums over the pixels inside and from the edge.
func (t *tally) spread(s sums) spread {
	if len(t.inside)+len(t.edge) == 0 {
		return spread{}
	}
	low, high := s.low, s.high
	sw, swd, swdd := float64(len(t.inside)), float64(s.sum), float64(s.squares)
	weight := t.weight[:len(t.edge)]
	for i, v := range t.edge {
		d, w := float64(int64(v)-s.from), weight[i]
		sw += w
		swd += w * d
		swdd += w * d * d
		low, high = min(low, v), max(high, v)
	}
	mean := swd / sw
	out := spread{count: sw, mean: mean + float64(s.from), min: low, max: high}
	if high > low {
		out.std = math.Sqrt(max(0, swdd/sw-mean*mean))
	}
	return out
}

// work is the spread with its quantiles of pixels that are all data.
func (t *tally) work() spread {
	var s sums
	if len(t.inside) > 0 {
		s = startSums(t.inside[0])
	} else if len(t.edge) > 0 {
		s = startSums(t.edge[0])
	}
	s.add(t.inside)
	out := t.spread(s)
	t.quantiles(&out)
	return out
}

// quantiles fills the quantiles: q is the smallest value at which the cumulated
// weight reaches q of the sum (the inverse of the weighted distribution
// function, no interpolation). Values go into bins, and only those bins that a
// quantile falls into are sorted.
func (t *tally) quantiles(s *spread) {
	n := len(t.inside) + len(t.edge)
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
	one := t.whole.one
	for _, v := range t.inside {
		t.bins[uint8((v-low)>>(shift&15))] += one
	}
	weight := t.whole.edge[:len(t.edge)]
	all := one * uint64(len(t.inside))
	for i, v := range t.edge {
		t.bins[uint8((v-low)>>(shift&15))] += weight[i]
		all += weight[i]
	}
	var bin [3]uint8
	var short [3]uint64 // weight that the bin must give
	acc, k := uint64(0), 0
	for q := range 3 {
		target := uint64((0.25*float64(q+1) - quantileSlack) * float64(all))
		for k < bins-1 && acc+b[k] < target {
			acc += b[k]
			k++
		}
		bin[q], short[q] = uint8(k), target-min(acc, target)
	}
	if shift == 0 {
		for q := range 3 {
			s.quantile[q] = low + uint16(bin[q])
		}
		return
	}
	t.want[bin[0]], t.want[bin[1]], t.want[bin[2]] = 1, 1, 1
	if cap(t.near) < n+1 {
		t.near = make([]weighedDN, 2*n)
	}
	near, m := t.near[:n+1], 0 // every value is put down, those wanted stay: no branch to guess
	for _, v := range t.inside {
		near[m] = weighedDN{v, one}
		m += int(t.want[uint8((v-low)>>(shift&15))])
	}
	for i, v := range t.edge {
		near[m] = weighedDN{v, weight[i]}
		m += int(t.want[uint8((v-low)>>(shift&15))])
	}
	t.near = near[:m]
	t.want[bin[0]], t.want[bin[1]], t.want[bin[2]] = 0, 0, 0
	sortWeighed(t.near)
	for q := range 3 {
		acc := uint64(0)
		for _, p := range t.near {
			if uint8((p.v-low)>>(shift&15)) != bin[q] {
				continue
			}
			s.quantile[q] = p.v
			if acc += p.w; acc >= short[q] {
				break
			}
		}
	}
}

// fewPixels are sorted at once: bins would cost more.
const fewPixels = 24

func (t *tally) quantilesOfFew(s *spread) {
	t.near = t.near[:0]
	for _, v := range t.inside {
		t.near = append(t.near, weighedDN{v, t.whole.one})
	}
	all := t.whole.one * uint64(len(t.inside))
	for i, v := range t.edge {
		t.near = append(t.near, weighedDN{v, t.whole.edge[i]})
		all += t.whole.edge[i]
	}
	sortWeighed(t.near)
	acc, q := uint64(0), 0
	target := func() uint64 { return uint64((0.25*float64(q+1) - quantileSlack) * float64(all)) }
	for _, p := range t.near {
		for acc += p.w; acc >= target(); {
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
