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

	bins [256]float64
	want [256]bool
	near []weighedDN
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

// sums computes mean = Σwv/Σw and the population deviation √(Σw(v−mean)²/Σw), and
// tells the lowest value (1 where there is none). Sums over pixels wholly within
// are whole numbers and exact.
func (t *tally) sums() (s spread, lowest uint16) {
	if len(t.inside)+len(t.edge) == 0 {
		return spread{}, 1
	}
	var from int64 // sums are taken from here, so that little cancels
	if len(t.inside) > 0 {
		from = int64(t.inside[0])
	} else {
		from = int64(t.edge[0])
	}
	low, high := uint16(math.MaxUint16), uint16(0)
	var sum, squares int64
	for _, v := range t.inside {
		d := int64(v) - from
		sum += d
		squares += d * d
		low, high = min(low, v), max(high, v)
	}
	sw, swd, swdd := float64(len(t.inside)), float64(sum), float64(squares)
	weight := t.weight[:len(t.edge)]
	for i, v := range t.edge {
		d, w := float64(int64(v)-from), weight[i]
		sw += w
		swd += w * d
		swdd += w * d * d
		low, high = min(low, v), max(high, v)
	}
	mean := swd / sw
	out := spread{count: sw, mean: mean + float64(from), min: low, max: high}
	if high > low {
		out.std = math.Sqrt(max(0, swdd/sw-mean*mean))
	}
	return out, low
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
	if n > 96 {
		bins = 128
	}
	if n > 384 {
		bins = 256
	}
	shift := uint(0)
	for int(s.max-s.min)>>shift >= bins {
		shift++
	}
	low := s.min
	b := t.bins[:bins]
	clear(b)
	for _, v := range t.inside {
		t.bins[uint8((v-low)>>shift)]++
	}
	weight := t.weight[:len(t.edge)]
	for i, v := range t.edge {
		t.bins[uint8((v-low)>>shift)] += weight[i]
	}
	var bin [3]uint8
	var before [3]float64 // weight in the bins before
	acc, k, q := 0.0, 0, 0
	for q < 3 {
		target := (0.25*float64(q+1) - quantileSlack) * s.count
		for k < bins-1 && acc+b[k] < target {
			acc += b[k]
			k++
		}
		bin[q], before[q] = uint8(k), acc
		q++
	}
	if shift == 0 {
		for q := range 3 {
			s.quantile[q] = low + uint16(bin[q])
		}
		return
	}
	t.want[bin[0]], t.want[bin[1]], t.want[bin[2]] = true, true, true
	t.near = t.near[:0]
	for _, v := range t.inside {
		if t.want[uint8((v-low)>>shift)] {
			t.near = append(t.near, weighedDN{v, 1})
		}
	}
	for i, v := range t.edge {
		if t.want[uint8((v-low)>>shift)] {
			t.near = append(t.near, weighedDN{v, weight[i]})
		}
	}
	t.want[bin[0]], t.want[bin[1]], t.want[bin[2]] = false, false, false
	sortWeighed(t.near)
	for q := range 3 {
		target := (0.25*float64(q+1) - quantileSlack) * s.count
		acc := before[q]
		for _, p := range t.near {
			if uint8((p.v-low)>>shift) != bin[q] {
				continue
			}
			s.quantile[q] = p.v
			if acc += p.w; acc >= target {
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
		t.near = append(t.near, weighedDN{v, 1})
	}
	for i, v := range t.edge {
		t.near = append(t.near, weighedDN{v, t.weight[i]})
	}
	sortWeighed(t.near)
	acc, q := 0.0, 0
	target := (0.25 - quantileSlack) * s.count
	for _, p := range t.near {
		for acc += p.w; acc >= target; target = (0.25*float64(q+1) - quantileSlack) * s.count {
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
	w float64
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
