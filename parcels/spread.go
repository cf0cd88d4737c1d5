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
// drawn curves put them, and in how many of these the cycle was found. NaN where
// fewer than half of the draws have the day.
type Spread struct {
	Emergence, Peak, Harvest float64
	Found                    float64 // share of the draws, 0–1
}

// CycleSpreads tells for each of the cycles that FindCycles found in the series
// how far its days move when the curve is drawn anew from what the looks leave
// open: the smooth curve plus an error of the process that smoothed it, with the
// looks' scatter, the same gaps and the amplitude of this curve. Each draw is cut
// into cycles anew; a cycle of a draw belongs to the one whose peak lies nearest,
// within 45 days. The draws depend on the series' ID only: the same series gives
// the same spread.
//
// What the method cannot know is not in it: that the thresholds of emergence and
// harvest are not what a farmer would say.
func CycleSpreads(s Series, cycles []Cycle, asOf Date, opt CycleOptions) []Spread {
	out := make([]Spread, len(cycles))
	found := make([][3][]float64, len(cycles))
	h := fnv.New64a()
	h.Write([]byte(s.ParcelID))
	errors := newErrorDraws(s, rand.New(rand.NewPCG(h.Sum64(), 7)))
	for range spreadDraws {
		if errors == nil {
			break
		}
		drawn := s
		drawn.NDVI = errors.draw(s.NDVI)
		for _, c := range FindCycles(drawn, asOf, opt) {
			k := nearestPeak(cycles, c)
			if k < 0 {
				continue
			}
			days := &found[k]
			days[0] = append(days[0], float64(c.Emergence.Sub(cycles[k].Emergence)))
			days[1] = append(days[1], float64(c.Peak.Sub(cycles[k].Peak)))
			if !c.HarvestP50.IsZero() && !cycles[k].HarvestP50.IsZero() {
				days[2] = append(days[2], float64(c.HarvestP50.Sub(cycles[k].HarvestP50)))
			}
		}
	}
	for i := range out {
		out[i] = Spread{Emergence: daysOff(found[i][0]), Peak: daysOff(found[i][1]), Harvest: daysOff(found[i][2]),
			Found: math.Min(float64(len(found[i][1]))/spreadDraws, 1)}
	}
	return out
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
// Koopman 2002, Biometrika 89). They have the posterior's covariance.
type errorDraws struct {
	dice      *rand.Rand
	at        []float64 // middle of each dekad
	seen      []sample  // day and weight of each dekad's look
	place     []int     // its dekad
	amplitude float64
}

func newErrorDraws(s Series, dice *rand.Rand) *errorDraws {
	e := &errorDraws{dice: dice}
	if len(s.Dekads) == 0 {
		return nil
	}
	start := s.Dekads[0].Start()
	var looks []sample
	for i, k := range s.Dekads {
		day := float64(k.Mid().Sub(start))
		e.at = append(e.at, day)
		if !(s.Weight[i] > 0) {
			continue
		}
		e.seen, e.place = append(e.seen, sample{day: day, w: s.Weight[i]}), append(e.place, i)
		if b := s.Bands[i]; len(b) == nBands {
			if v := ndvi(b[2], b[6]); !math.IsNaN(v) { // B04, B08
				looks = append(looks, sample{day, v, s.Weight[i]})
			}
		}
	}
	if len(looks) == 0 {
		return nil
	}
	e.amplitude = smooth(looks, nil, leastIndex/math.Sqrt(fillNoise)).amplitude
	return e
}

// draw adds one error to the curve.
func (e *errorDraws) draw(curve []float64) []float64 {
	path := e.prior()
	for i := range e.seen {
		e.seen[i].v = path[e.place[i]] + math.Sqrt(fillNoise/e.seen[i].w)*e.dice.NormFloat64()
	}
	back := smooth(e.seen, e.at, 0).z
	out := slices.Clone(curve)
	for i := range out {
		out[i] = math.Max(-1, math.Min(1, out[i]+e.amplitude*(path[i]-back[i])))
	}
	return out
}

// prior is a draw of the process with amplitude 1 on the dekads.
func (e *errorDraws) prior() []float64 {
	rate := math.Sqrt(3) / fillDays
	out := make([]float64, len(e.at))
	f, g := e.dice.NormFloat64(), rate*e.dice.NormFloat64()
	for i, t := range e.at {
		if i > 0 {
			dt := t - e.at[i-1]
			x := math.Exp(-rate * dt)
			a, b, c, d := x*(1+rate*dt), x*dt, -x*rate*rate*dt, x*(1-rate*dt)
			qff := 1 - a*a - b*b*rate*rate
			qfg := -a*c - b*d*rate*rate
			qgg := rate*rate - c*c - d*d*rate*rate
			l := math.Sqrt(math.Max(qff, 0))
			u, v := e.dice.NormFloat64(), e.dice.NormFloat64()
			var m float64
			if l > 0 {
				m = qfg / l
			}
			f, g = a*f+b*g+l*u, c*f+d*g+m*u+math.Sqrt(math.Max(qgg-m*m, 0))*v
		}
		out[i] = f
	}
	return out
}
