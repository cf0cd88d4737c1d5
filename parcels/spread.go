package parcels

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
)

// spreadDraws is how many curves are drawn for the spread of a cycle's days.
const spreadDraws = 40

// Spread is how sure the days of a cycle are: the days within which 68 % of the
// drawn curves put them, and in how many of these the cycle was found. Days are
// NaN where fewer than half of the draws have them, of a perennial, of an
// emergence before the first look, of a peak after which there was no look (it
// may be yet to come) and of a harvest that is not seen yet.
type Spread struct {
	Emergence, Peak, Harvest float64
	Found                    float64 // share of the draws, 0–1
}

// Spreads are how sure the cycles of a series are, each on the dekad of its
// cycle's peak; NaN on all others. Empty = not drawn.
type Spreads struct{ Emergence, Peak, Harvest, Found []float64 }

// DrawSpreads finds the cycles of the series and how sure they are, into Sure.
func (s *Series) DrawSpreads(asOf Date, opt CycleOptions) {
	n := len(s.Dekads)
	s.Sure = Spreads{nans(n), nans(n), nans(n), nans(n)}
	cycles := FindCycles(*s, asOf, opt)
	for i, x := range CycleSpreads(*s, cycles, asOf, opt) {
		if k := s.dekadOf(cycles[i].Peak); k >= 0 {
			s.Sure.Emergence[k], s.Sure.Peak[k], s.Sure.Harvest[k], s.Sure.Found[k] = x.Emergence, x.Peak, x.Harvest, x.Found
		}
	}
}

// SpreadOf is how sure a cycle of the series is, NaN where that was not drawn.
func (s *Series) SpreadOf(c Cycle) Spread {
	k := s.dekadOf(c.Peak)
	if k < 0 || k >= len(s.Sure.Found) {
		return Spread{math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	}
	return Spread{s.Sure.Emergence[k], s.Sure.Peak[k], s.Sure.Harvest[k], s.Sure.Found[k]}
}

// dekadOf is the place of a day on the axis, −1 = beyond it.
func (s *Series) dekadOf(day Date) int {
	if len(s.Dekads) == 0 {
		return -1
	}
	k := DekadOf(day).ordinal() - s.Dekads[0].ordinal()
	if k < 0 || k >= len(s.Dekads) {
		return -1
	}
	return k
}

// CycleSpreads tells for each of the cycles that FindCycles found in the series
// how far its days move when the curve is drawn anew from what the looks leave
// open: the smooth curve plus an error of the process that smoothed it, with the
// looks' days, weights and scatter and so the same gaps. Each draw is cut into
// cycles anew; a cycle of a draw belongs to the one whose peak lies nearest,
// within 45 days. The draws depend on the series' ID only: the same series gives
// the same spread. Of a series that was read from a file, whose looks are not
// known, each dekad that was seen counts as one look in its middle.
//
// What the method cannot know is not in it: that the thresholds of emergence and
// harvest are not what a farmer would say.
func CycleSpreads(s Series, cycles []Cycle, asOf Date, opt CycleOptions) []Spread {
	out := make([]Spread, len(cycles))
	found := make([][3][]float64, len(cycles))
	h := fnv.New64a()
	h.Write([]byte(s.ParcelID))
	errors := newErrorDraws(s, rand.New(rand.NewPCG(h.Sum64(), 7)))
	drawn := s
	for range spreadDraws {
		if errors == nil || len(cycles) == 0 {
			break
		}
		drawn.NDVI = errors.draw(s.NDVI)
		for _, c := range FindCycles(drawn, asOf, opt) {
			k := nearestPeak(cycles, c)
			if k < 0 {
				continue
			}
			days := &found[k]
			days[0] = append(days[0], float64(c.Emergence.Sub(cycles[k].Emergence)))
			days[1] = append(days[1], float64(c.Peak.Sub(cycles[k].Peak)))
			if !c.HarvestP50.IsZero() && cycles[k].Complete {
				days[2] = append(days[2], float64(c.HarvestP50.Sub(cycles[k].HarvestP50)))
			}
		}
	}
	start := s.firstSeen()
	for i := range out {
		x := Spread{Emergence: daysOff(found[i][0]), Peak: daysOff(found[i][1]), Harvest: daysOff(found[i][2]),
			Found: math.Min(float64(len(found[i][1]))/spreadDraws, 1)}
		if cycles[i].Perennial {
			x.Emergence, x.Peak, x.Harvest = math.NaN(), math.NaN(), math.NaN()
		} else if !cycles[i].Emergence.After(start) {
			x.Emergence = math.NaN()
		}
		if s.dekadOf(cycles[i].Peak) >= s.lastSeen() {
			x.Peak = math.NaN()
		}
		out[i] = x
	}
	return out
}

// firstSeen is the middle of the first dekad with a look.
func (s *Series) firstSeen() Date {
	for i, w := range s.Weight {
		if w > 0 {
			return s.Dekads[i].Mid()
		}
	}
	return Date{}
}

// lastSeen is the place of the last dekad with a look, −1 = none.
func (s *Series) lastSeen() int {
	for k := len(s.Weight) - 1; k >= 0; k-- {
		if s.Weight[k] > 0 {
			return k
		}
	}
	return -1
}

// nearestPeak is the cycle that a drawn one belongs to, −1 = none. A perennial
// keeps to perennials.
func nearestPeak(cycles []Cycle, c Cycle) int {
	best, least := -1, 46
	for i, x := range cycles {
		d := x.Peak.Sub(c.Peak)
		if x.Perennial && c.Perennial {
			d = 0
		}
		if d = max(d, -d); x.Perennial == c.Perennial && d < least {
			best, least = i, d
		}
	}
	return best
}

// daysOff is the distance from the cycle's own day that 68 % of the draws keep.
func daysOff(off []float64) float64 {
	if len(off) < spreadDraws/2 {
		return math.NaN()
	}
	for i := range off {
		off[i] = math.Abs(off[i])
	}
	return quantile(off, 0.68)
}

// errorDraws makes errors of a smoothed curve: a draw of the process minus what
// the smoother would make of that draw seen through the looks (Durbin and
// Koopman 2002, Biometrika 89). They have the posterior's covariance. The smoother
// is laid out once for all draws.
type errorDraws struct {
	dice      *rand.Rand
	m         *smoothing
	prior     []priorStep // by state of m
	path      []float64   // of one draw, by state of m
	seen      []sample    // the looks, by day
	noise     []float64   // standard deviation of each look
	back      []float64
	amplitude float64
}

// priorStep takes a draw of the process, of amplitude 1, from one day to the next.
type priorStep struct{ a, b, c, d, l, m, n float64 }

func newErrorDraws(s Series, dice *rand.Rand) *errorDraws {
	if len(s.Dekads) == 0 {
		return nil
	}
	seen, at := s.looks, s.middles()
	if seen == nil {
		seen = s.dekadLooks(at)
	}
	if len(seen) == 0 {
		return nil
	}
	e := &errorDraws{dice: dice, seen: slices.Clone(seen), back: make([]float64, len(at))}
	slices.SortStableFunc(e.seen, earlier)
	e.m = newSmoothing(e.seen, at)
	e.amplitude = math.Max(math.Sqrt(e.m.run(e.seen, e.back)/float64(len(e.seen))), leastIndex/math.Sqrt(fillNoise))
	e.path = make([]float64, len(e.m.states))
	for _, x := range e.seen {
		e.noise = append(e.noise, math.Sqrt(fillNoise/x.w))
	}
	for i := range e.m.states {
		e.prior = append(e.prior, e.step(i))
	}
	return e
}

// middles are the days that the curve is read on, counted from the axis' start.
func (s *Series) middles() []float64 {
	at := make([]float64, len(s.Dekads))
	start := s.Dekads[0].Start()
	for i, k := range s.Dekads {
		at[i] = float64(k.Mid().Sub(start)) + 0.5
	}
	return at
}

// dekadLooks are the dekads that were seen, as looks.
func (s *Series) dekadLooks(at []float64) []sample {
	var out []sample
	for i, b := range s.Bands {
		if s.Weight[i] > 0 && len(b) == nBands {
			if v := ndvi(b[2], b[6]); !math.IsNaN(v) { // B04, B08
				out = append(out, sample{at[i], v, s.Weight[i]})
			}
		}
	}
	return out
}

// step is what leads to a state of the smoother from the one before: its
// transition, and the root of the variance that it leaves.
func (e *errorDraws) step(i int) priorStep {
	const rate = processRate
	if i == 0 {
		return priorStep{l: 1, n: rate}
	}
	x := &e.m.states[i]
	qff := 1 - x.a*x.a - x.b*x.b*rate*rate
	qfg := -x.a*x.c - x.b*x.d*rate*rate
	qgg := rate*rate - x.c*x.c - x.d*x.d*rate*rate
	p := priorStep{a: x.a, b: x.b, c: x.c, d: x.d, l: math.Sqrt(math.Max(qff, 0))}
	if p.l > 0 {
		p.m = qfg / p.l
	}
	p.n = math.Sqrt(math.Max(qgg-p.m*p.m, 0))
	return p
}

// draw adds one error to the curve.
func (e *errorDraws) draw(curve []float64) []float64 {
	var f, g float64
	for i := range e.prior {
		p := &e.prior[i]
		f, g = p.a*f+p.b*g, p.c*f+p.d*g
		if p.l > 0 || p.n > 0 { // another day
			u, v := e.dice.NormFloat64(), e.dice.NormFloat64()
			f, g = f+p.l*u, g+p.m*u+p.n*v
		}
		e.path[i] = f
		if k := e.m.states[i].look; k >= 0 {
			e.seen[k].v = f + e.noise[k]*e.dice.NormFloat64()
		}
	}
	e.m.run(e.seen, e.back)
	out := slices.Clone(curve)
	for i := range e.m.states {
		if k := e.m.states[i].asked; k >= 0 {
			out[k] = math.Max(-1, math.Min(1, out[k]+e.amplitude*(e.path[i]-e.back[k])))
		}
	}
	return out
}
