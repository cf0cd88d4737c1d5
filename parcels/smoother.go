package parcels

import (
	"math"
	"slices"
)

// state is the process and its slope on a day: covariance, and how the means of
// the days before and after and a look enter its own. None of it depends on the
// values seen.
type state struct {
	day         float64
	asked, look int     // index among the asked days or the looks, −1 = not that
	ff, fg, gg  float64 // covariance
	a, b, c, d  float64 // transition from the state before
	predFF      float64 // covariance before the look
	predFG      float64
	predGG      float64
	total       float64 // variance of what a look is off by
	kf, kg      float64 // how a look moves process and slope
	same        bool    // as the state after it: the same instant
	g00, g01    float64 // how the state after it moves it back
	g10, g11    float64
}

// smoothing is the Kalman filter and the smoother of Rauch, Tung and Striebel over
// looks, by day, and asked days (Hartikainen and Särkkä 2010 give the kernel's
// state-space form), laid out once for any values on the same days.
type smoothing struct {
	states []state
	asked  int
	path   [][4]float64 // of a run: process and slope after, and as foretold before, each look
}

// newSmoothing lays it out; looks must be sorted by day.
func newSmoothing(seen []sample, at []float64) *smoothing {
	m := &smoothing{states: make([]state, 0, len(seen)+len(at)), asked: len(at)}
	k := 0
	for i, t := range at {
		for ; k < len(seen) && seen[k].day <= t; k++ {
			m.add(seen[k].day, -1, k, seen[k].w)
		}
		m.add(t, i, -1, 0)
	}
	for ; k < len(seen); k++ {
		m.add(seen[k].day, -1, k, seen[k].w)
	}
	for i := len(m.states) - 2; i >= 0; i-- {
		m.states[i].back(&m.states[i+1])
	}
	m.path = make([][4]float64, len(m.states))
	return m
}

// processRate is the kernel's rate, √3 over its length.
const processRate = 1.7320508075688772 / fillDays

// add lays out the next day; w is the weight of a look.
func (m *smoothing) add(day float64, asked, look int, w float64) {
	const rate = processRate
	was := state{ff: 1, gg: rate * rate}
	dt := 0.0
	if n := len(m.states); n > 0 {
		was = m.states[n-1]
		dt = day - was.day
	}
	s := state{day: day, asked: asked, look: look}
	e := math.Exp(-rate * dt)
	s.a, s.b, s.c, s.d = e*(1+rate*dt), e*dt, -e*rate*rate*dt, e*(1-rate*dt)
	// A (P − P∞) A' + P∞
	ff, fg, gg := was.ff-1, was.fg, was.gg-rate*rate
	s.predFF = 1 + s.a*s.a*ff + 2*s.a*s.b*fg + s.b*s.b*gg
	s.predFG = s.a*s.c*ff + (s.a*s.d+s.b*s.c)*fg + s.b*s.d*gg
	s.predGG = rate*rate + s.c*s.c*ff + 2*s.c*s.d*fg + s.d*s.d*gg
	s.ff, s.fg, s.gg = s.predFF, s.predFG, s.predGG
	if look >= 0 {
		s.total = s.ff + fillNoise/w
		s.kf, s.kg = s.ff/s.total, s.fg/s.total
		s.ff, s.fg, s.gg = s.ff-s.kf*s.ff, s.fg-s.kf*s.fg, s.gg-s.kg*s.fg
	}
	m.states = append(m.states, s)
}

// back smooths a filtered state with the smoothed one after it.
func (s *state) back(n *state) {
	det := n.predFF*n.predGG - n.predFG*n.predFG
	if !(det > 0) || n.day == s.day { // the same instant: what the later look says holds
		s.same, s.ff, s.fg, s.gg = true, n.ff, n.fg, n.gg
		return
	}
	// G = P A' Pred⁻¹
	u, v := s.ff*n.a+s.fg*n.b, s.ff*n.c+s.fg*n.d
	x, y := s.fg*n.a+s.gg*n.b, s.fg*n.c+s.gg*n.d
	s.g00, s.g01 = (u*n.predGG-v*n.predFG)/det, (v*n.predFF-u*n.predFG)/det
	s.g10, s.g11 = (x*n.predGG-y*n.predFG)/det, (y*n.predFF-x*n.predFG)/det
	dff, dfg, dgg := n.ff-n.predFF, n.fg-n.predFG, n.gg-n.predGG
	ff := s.ff + s.g00*s.g00*dff + 2*s.g00*s.g01*dfg + s.g01*s.g01*dgg
	fg := s.fg + s.g00*s.g10*dff + (s.g00*s.g11+s.g01*s.g10)*dfg + s.g01*s.g11*dgg
	gg := s.gg + s.g10*s.g10*dff + 2*s.g10*s.g11*dfg + s.g11*s.g11*dgg
	s.ff, s.fg, s.gg = ff, fg, gg
}

// run smooths the values of the looks around their mean. z takes the curve on the
// asked days; chi is how far off the looks were, in their own variances.
func (m *smoothing) run(seen []sample, z []float64) (chi float64) {
	var mean float64
	for _, s := range seen {
		mean += s.v
	}
	mean /= float64(len(seen))
	var f, g float64
	for i := range m.states {
		s := &m.states[i]
		f, g = s.a*f+s.b*g, s.c*f+s.d*g
		p := &m.path[i]
		p[2], p[3] = f, g
		if s.look >= 0 {
			miss := seen[s.look].v - mean - f
			chi += miss * miss / s.total
			f, g = f+s.kf*miss, g+s.kg*miss
		}
		p[0], p[1] = f, g
	}
	for i := len(m.states) - 1; i >= 0; i-- {
		s, p := &m.states[i], &m.path[i]
		if i+1 < len(m.states) {
			n := &m.path[i+1]
			if s.same {
				p[0], p[1] = n[0], n[1]
			} else {
				df, dg := n[0]-n[2], n[1]-n[3]
				p[0], p[1] = p[0]+s.g00*df+s.g01*dg, p[1]+s.g10*df+s.g11*dg
			}
		}
		if s.asked >= 0 {
			z[s.asked] = mean + p[0]
		}
	}
	return chi
}

// smooth smooths looks in any order and asks the curve and its deviation on days
// that ascend. The amplitude is the one that makes the looks most likely, at least
// leastAmplitude.
func smooth(seen []sample, at []float64, leastAmplitude float64) curveFit {
	out := curveFit{z: nans(len(at)), sd: nans(len(at))}
	if len(seen) == 0 {
		return out
	}
	seen = slices.Clone(seen)
	slices.SortStableFunc(seen, earlier)
	m := newSmoothing(seen, at)
	chi := m.run(seen, out.z)
	out.amplitude = math.Max(math.Sqrt(chi/float64(len(seen))), leastAmplitude)
	for i := range m.states {
		if s := &m.states[i]; s.asked >= 0 {
			out.sd[s.asked] = out.amplitude * math.Sqrt(math.Max(s.ff, 0))
		}
	}
	return out
}
