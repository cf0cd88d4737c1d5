package models

import (
	"encoding/binary"
	"math"
	"slices"
)

// growthDomain is the published input domain of the growth networks: each band
// within its range, and the tuple of the eight bands' ten-step classes
// floor(10 (x − min)/(max − min) + 1) listed.
type growthDomain struct {
	listed   []uint32 // sorted: class − 1 in a nibble for each band, the first band lowest
	min, max [8]float64
}

func newGrowthDomain(b []byte, bands []Variable) growthDomain {
	d := growthDomain{listed: make([]uint32, len(b)/4)}
	for i := range d.listed {
		d.listed[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	slices.Sort(d.listed)
	for i, v := range bands {
		d.min[i], d.max[i] = v.Min, v.Max
	}
	return d
}

func (d *growthDomain) equal(o *growthDomain) bool {
	return d.min == o.min && d.max == o.max && slices.Equal(d.listed, o.listed)
}

// judge gives InputOutOfDomain by the published rule, and InputFarOut beside it
// where every listed tuple is more than one class away in some band. The list
// comes from a finite simulation and has holes: on fields in Finland three fifths of the
// bare soil and a sixth of the crops fall into one, nearly all of them one class
// from a listed tuple; snow, cloud and water lie farther out
// (docs/evaluation/growth.md).
func (d *growthDomain) judge(in *GrowthInput) GrowthFlag {
	var class [8]int
	var code uint32
	inside := true
	for b := range class {
		v := float64(in[b])
		x := 10 * (v - d.min[b]) / (d.max[b] - d.min[b])
		if !(x > -1e6 && x < 1e6) { // NaN too
			return InputOutOfDomain | InputFarOut
		}
		class[b] = int(math.Floor(x))
		if v == d.max[b] {
			class[b] = 9
		}
		if v < d.min[b] || v > d.max[b] {
			inside = false
		} else {
			class[b] = min(class[b], 9) // x may round to 10 below the end
			code |= uint32(class[b]) << (4 * b)
		}
	}
	if inside {
		if _, found := slices.BinarySearch(d.listed, code); found {
			return 0
		}
	}
	if near(d.listed, &class, 7) {
		return InputOutOfDomain
	}
	return InputOutOfDomain | InputFarOut
}

// near reports whether any of the listed tuples, which agree in the bands above
// b, lies within one class of the given one in band b and those below.
func near(listed []uint32, class *[8]int, b int) bool {
	if len(listed) == 0 {
		return false
	}
	if b < 0 {
		return true
	}
	shift := 4 * b
	above := listed[0] >> shift &^ 15
	for c := max(class[b]-1, 0); c <= min(class[b]+1, 9); c++ {
		from, _ := slices.BinarySearch(listed, (above|uint32(c))<<shift)
		part := listed[from:]
		if end := (uint64(above|uint32(c)) + 1) << shift; end <= math.MaxUint32 {
			to, _ := slices.BinarySearch(part, uint32(end))
			part = part[:to]
		}
		if near(part, class, b-1) {
			return true
		}
	}
	return false
}
