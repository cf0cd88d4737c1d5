package parcels

import (
	"math"
	"slices"
	"time"
)

// CycleOptions are the thresholds of FindCycles. Shares are of the curve's own
// amplitude: from the trough beside a peak up to the peak.
type CycleOptions struct {
	MinAmplitude float64 // NDVI a cycle must rise by; default 0.20
	MinDays      int     // from emergence to harvest; default 40
	Emergence    float64 // share of the rise that is emergence; default 0.20
	Harvest      float64 // share of the fall's height at which the crop is gone; default 0.30
	Trough       float64 // share of the lower peak's height that a trough between two crops must fall by; default 0.50
	Minor        float64 // a peak lower than this share of the highest is weeds or autumn growth, not a crop; default 0.55
	// Winter are the months in which a crop may pause without having ended:
	// autumn growth before such a pause belongs to the crop. Default December
	// to February; south of the equator give June to August.
	Winter []time.Month
}

func (o CycleOptions) withDefaults() CycleOptions {
	set := func(p *float64, v float64) {
		if *p == 0 {
			*p = v
		}
	}
	set(&o.MinAmplitude, 0.20)
	set(&o.Emergence, 0.20)
	set(&o.Harvest, 0.30)
	set(&o.Trough, 0.50)
	set(&o.Minor, 0.55)
	if o.MinDays == 0 {
		o.MinDays = 40
	}
	if o.Winter == nil {
		o.Winter = []time.Month{time.December, time.January, time.February}
	}
	return o
}

// FindCycles finds the crops in a season's NDVI curve as known on the as-of
// day, in the order of time: none, one or several. A plot that is green all the
// time, cut again and again, or has one slow season is one perennial cycle.
//
// Emergence is the day the rise passes its share; where the season begins with
// a standing crop it is the first seen day. Harvest is the day the fall passes
// its share: P25 to P75 spread over the gap between the looks on both sides of
// it. Before it was seen it is predicted from the pace of the season once the
// curve has turned, and zero before that.
func FindCycles(s Series, asOf Date, opt CycleOptions) []Cycle {
	opt = opt.withDefaults()
	c := newCurve(s, asOf)
	if c == nil {
		return nil
	}
	if slices.Max(c.v)-slices.Min(c.v) < opt.MinAmplitude && !c.green() {
		return c.stillStanding(s.ParcelID)
	}
	spans := c.split(opt)
	if c.perennial(spans) {
		return []Cycle{c.standing(s.ParcelID)}
	}
	var out []Cycle
	for _, sp := range spans {
		if cy, ok := c.cycle(sp, opt); ok {
			cy.ParcelID, cy.Number = s.ParcelID, len(out)+1
			out = append(out, cy)
		}
	}
	if len(out) == 0 {
		return c.stillStanding(s.ParcelID)
	}
	return out
}

// stillStanding is the one open cycle of land that was green whenever it was
// seen though no rise or fall was: a winter crop before its harvest. Land that
// was not green has none.
func (c *curve) stillStanding(id string) []Cycle {
	if quantile(c.v, 0.25) <= evergreen {
		return nil
	}
	cy := c.standing(id)
	cy.Perennial = false
	return []Cycle{cy}
}

// curve is the seen part of a season: dekads first to last with a look at both
// ends and none after as-of.
type curve struct {
	v     []float64
	seen  []bool
	day   []Date // the day each value stands for
	first int    // index of v[0] on the series axis
	asOf  Date
}

func newCurve(s Series, asOf Date) *curve {
	first, last, until := -1, -1, asOf.days()
	for i, k := range s.Dekads {
		if s.Weight[i] > 0 && !math.IsNaN(s.NDVI[i]) && k.Start().days() <= until {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if last-first < 2 || first < 0 {
		return nil
	}
	n := last - first + 1
	c := &curve{v: s.NDVI[first : last+1], seen: make([]bool, n), day: make([]Date, n), first: first, asOf: asOf}
	for i := range n {
		day := s.Dekads[first+i].Mid()
		if day.days() > until {
			day = asOf
		}
		c.seen[i], c.day[i] = s.Weight[first+i] > 0, day
	}
	return c
}

// span is one candidate crop: its peak and the troughs beside it, as indices.
type span struct{ left, peak, right int }

// split cuts the curve at its troughs. A cut stays where the curve falls far
// enough below the lower of the two peaks; the shallowest cut goes first.
func (c *curve) split(opt CycleOptions) []span {
	v := c.v
	cuts := []int{0}
	for i := 1; i+1 < len(v); i++ {
		if v[i] <= v[i-1] && v[i] < v[i+1] {
			cuts = append(cuts, i)
		}
	}
	cuts = append(cuts, len(v)-1)
	base := math.Max(slices.Min(v), 0) // snow and water lie below bare soil
	top := slices.Max(v)
	peak := func(k int) int { return peakOf(v, cuts[k], cuts[k+1]) }
	for len(cuts) > 2 {
		worst, by := -1, math.Inf(1)
		for k := 1; k+1 < len(cuts); k++ {
			l, r := v[peak(k-1)], v[peak(k)]
			low := math.Min(l, r)
			need := math.Max(opt.MinAmplitude*0.75, opt.Trough*(low-base))
			depth := (low - v[cuts[k]]) / need
			growing := low == r && c.growing(peak(k)) // not yet as high as it will be
			if low-base < opt.Minor*(top-base) && !growing {
				depth = math.Min(depth, 0.99*(low-base)/(top-base))
			}
			if depth < by {
				worst, by = k, depth
			}
		}
		if by >= 1 {
			break
		}
		cuts = slices.Delete(cuts, worst, worst+1)
	}
	var out []span
	for k := 0; k+1 < len(cuts); k++ {
		out = append(out, span{cuts[k], peakOf(v, cuts[k], cuts[k+1]), cuts[k+1]})
	}
	return out
}

// growing reports whether a peak is the newest point of the curve or near it,
// with no fall since.
func (c *curve) growing(peak int) bool {
	last := len(c.v) - 1
	return peak >= last-2 && c.v[last] > c.v[peak]-0.05
}

// peakOf is the index of the highest value from l to r.
func peakOf(v []float64, l, r int) int {
	best := l
	for i := l; i <= r; i++ {
		if v[i] > v[best] {
			best = i
		}
	}
	return best
}

// cycle dates one crop. Base levels are the lowest values on each side of the
// peak within the span.
func (c *curve) cycle(sp span, opt CycleOptions) (Cycle, bool) {
	v := c.v
	peak := v[sp.peak]
	lo := lowest(v, sp.left, sp.peak)
	hi := lowest(v, sp.peak, sp.right)
	rise, fall := peak-v[lo], peak-v[hi]
	if math.Max(rise, fall) < opt.MinAmplitude {
		return Cycle{}, false
	}
	cy := Cycle{Peak: c.day[sp.peak]}
	up := v[lo] + opt.Emergence*rise
	if rise < opt.MinAmplitude { // standing when the season began
		cy.Emergence, cy.First = c.day[sp.left], c.first+sp.left
	} else {
		i := c.firstAbove(sp, up, opt.Winter)
		cy.Emergence = c.day[i]
		if i > sp.left {
			cy.Emergence = crossing(c.day[i-1], c.day[i], v[i-1], v[i], up)
		}
		cy.First = c.first + max(i-1, sp.left)
	}
	c.harvest(&cy, sp, hi, opt)
	end := cy.HarvestP50
	if end.IsZero() {
		end = c.day[sp.right]
	}
	days := end.Sub(cy.Emergence)
	if sp.peak == sp.left && days < 60 { // only the tail of a crop of the season before
		return Cycle{}, false
	}
	open := !cy.Complete && sp.right == len(v)-1
	if days < opt.MinDays && !open {
		return Cycle{}, false
	}
	return cy, true
}

// firstAbove goes back from the peak to where the curve came up through the
// level. A fall below it whose bottom lies in winter is a pause: growth before it
// counts.
func (c *curve) firstAbove(sp span, level float64, winter []time.Month) int {
	i := sp.peak
	for {
		for i > sp.left && c.v[i-1] > level {
			i--
		}
		j := i - 1 // the last value before the fall
		for j >= sp.left && c.v[j] <= level {
			j--
		}
		if j < sp.left || !slices.Contains(winter, c.day[lowest(c.v, j, i)].Month) {
			return i
		}
		i = j
	}
}

func lowest(v []float64, l, r int) int {
	best := l
	for i := l; i <= r; i++ {
		if v[i] < v[best] {
			best = i
		}
	}
	return best
}

// crossing is the day a straight line from (a, va) to (b, vb) passes level.
func crossing(a, b Date, va, vb, level float64) Date {
	if va == vb {
		return b
	}
	t := math.Max(0, math.Min(1, (level-va)/(vb-va)))
	return a.Add(int(math.Round(t * float64(b.Sub(a)))))
}
