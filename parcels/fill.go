package parcels

import (
	"math"
	"slices"
)

// The smoother is a Gaussian process with the Matérn 3/2 kernel around the mean
// of what was seen: curves that bend smoothly, forget in about fillDays, and
// pass looks by that are a little off. Of the ways compared on dates withheld
// (docs/evaluation/smoothing.md) it came out best.
const (
	fillDays  = 60   // length of the kernel
	fillNoise = 0.02 // variance of one whole look, as a share of the process's
)

// sample is one look at a curve: day counted from anywhere, weight 0–1.
type sample struct{ day, v, w float64 }

// curveFit is what is known of a curve on the days asked.
type curveFit struct {
	z, sd     []float64 // value and its standard deviation
	amplitude float64   // standard deviation of the process
}

// FillCurve smooths values seen on days (counted from anywhere, in any order;
// weights above 0 up to 1) and gives value and standard deviation on other days,
// which must ascend; NaN where nothing was seen. The standard deviation is that of
// the smooth curve under the process and grows in gaps. scatter is that of one
// whole look around the curve; a look of weight w has scatter/√w.
func FillCurve(day, v, w, at []float64) (z, sd []float64, scatter float64) {
	seen := make([]sample, 0, len(day))
	for i := range day {
		if w[i] > 0 && !math.IsNaN(v[i]) && !math.IsInf(v[i], 0) {
			seen = append(seen, sample{day[i], v[i], w[i]})
		}
	}
	f := smooth(seen, at, 0)
	return f.z, f.sd, f.amplitude * math.Sqrt(fillNoise)
}

// fill is FillCurve within the range of what was seen. Before the first look and
// after the last the nearest day's value stands; its deviation grows on. least
// is the smallest standard deviation of one look that is believed.
func fill(seen []sample, at []float64, least, lo, hi float64) ([]float64, []float64) {
	seen = slices.Clone(seen)
	for i := range seen {
		seen[i].v = math.Max(lo, math.Min(hi, seen[i].v))
	}
	f := smooth(seen, at, least/math.Sqrt(fillNoise))
	if len(seen) == 0 {
		return f.z, f.sd
	}
	slices.SortFunc(seen, earlier)
	least, most := math.Inf(1), math.Inf(-1)
	for _, s := range seen {
		least, most = math.Min(least, s.v), math.Max(most, s.v)
	}
	ends := smooth(seen, []float64{seen[0].day, seen[len(seen)-1].day}, 0).z
	for i, t := range at {
		switch {
		case t < seen[0].day:
			f.z[i] = ends[0]
		case t > seen[len(seen)-1].day:
			f.z[i] = ends[1]
		}
		f.z[i] = math.Max(least, math.Min(most, f.z[i]))
	}
	return f.z, f.sd
}

func earlier(a, b sample) int {
	switch {
	case a.day < b.day:
		return -1
	case a.day > b.day:
		return 1
	case a.v < b.v:
		return -1
	case a.v > b.v:
		return 1
	}
	return 0
}

// state is the process and its slope at an instant: mean and covariance.
type state struct {
	day          float64
	asked        int     // index among the asked days; −1 = a look
	f, g         float64 // the process and its slope
	ff, fg, gg   float64 // their covariance
	a, b, c, d   float64 // transition from the state before
	predF, predG float64 // what it foretold
	predFF       float64
	predFG       float64
	predGG       float64
}

// smooth runs the Kalman filter and the smoother of Rauch, Tung and Striebel
// over looks and asked days (Hartikainen and Särkkä 2010 give the kernel's
// state-space form). The amplitude is the one that makes the looks most likely,
// at least leastAmplitude.
func smooth(seen []sample, at []float64, leastAmplitude float64) curveFit {
	out := curveFit{z: nans(len(at)), sd: nans(len(at))}
	if len(seen) == 0 {
		return out
	}
	seen = slices.Clone(seen)
	slices.SortStableFunc(seen, earlier)
	var mean float64
	for _, s := range seen {
		mean += s.v
	}
	mean /= float64(len(seen))
	rate := math.Sqrt(3) / fillDays
	states := make([]state, 0, len(seen)+len(at))
	now := state{ff: 1, gg: rate * rate}
	var chi float64
	step := func(day float64, i int) {
		next := state{day: day, asked: i}
		dt := 0.0
		if len(states) > 0 {
			dt = day - now.day
		}
		e := math.Exp(-rate * dt)
		next.a, next.b, next.c, next.d = e*(1+rate*dt), e*dt, -e*rate*rate*dt, e*(1-rate*dt)
		next.predF, next.predG = next.a*now.f+next.b*now.g, next.c*now.f+next.d*now.g
		// A (P − P∞) A' + P∞
		ff, fg, gg := now.ff-1, now.fg, now.gg-rate*rate
		next.predFF = 1 + next.a*next.a*ff + 2*next.a*next.b*fg + next.b*next.b*gg
		next.predFG = next.a*next.c*ff + (next.a*next.d+next.b*next.c)*fg + next.b*next.d*gg
		next.predGG = rate*rate + next.c*next.c*ff + 2*next.c*next.d*fg + next.d*next.d*gg
		next.f, next.g, next.ff, next.fg, next.gg = next.predF, next.predG, next.predFF, next.predFG, next.predGG
		now = next
	}
	k := 0
	observe := func() {
		s := seen[k]
		step(s.day, -1)
		total := now.ff + fillNoise/s.w
		gf, gg, miss := now.ff/total, now.fg/total, s.v-mean-now.f
		chi += miss * miss / total
		now.f, now.g = now.f+gf*miss, now.g+gg*miss
		now.ff, now.fg, now.gg = now.ff-gf*now.ff, now.fg-gf*now.fg, now.gg-gg*now.fg
		states = append(states, now)
		k++
	}
	for i, t := range at {
		for k < len(seen) && seen[k].day <= t {
			observe()
		}
		step(t, i)
		states = append(states, now)
	}
	for k < len(seen) {
		observe()
	}
	out.amplitude = math.Max(math.Sqrt(chi/float64(len(seen))), leastAmplitude)
	for i := len(states) - 1; i >= 0; i-- {
		s := &states[i]
		if i+1 < len(states) {
			s.back(&states[i+1])
		}
		if s.asked >= 0 {
			out.z[s.asked], out.sd[s.asked] = mean+s.f, out.amplitude*math.Sqrt(math.Max(s.ff, 0))
		}
	}
	return out
}

// back smooths a filtered state with the smoothed one after it.
func (s *state) back(n *state) {
	det := n.predFF*n.predGG - n.predFG*n.predFG
	if !(det > 0) || n.day == s.day { // the same instant: what the later look says holds
		s.f, s.g, s.ff, s.fg, s.gg = n.f, n.g, n.ff, n.fg, n.gg
		return
	}
	// G = P A' Pred⁻¹
	u, v := s.ff*n.a+s.fg*n.b, s.ff*n.c+s.fg*n.d
	x, y := s.fg*n.a+s.gg*n.b, s.fg*n.c+s.gg*n.d
	g00, g01 := (u*n.predGG-v*n.predFG)/det, (v*n.predFF-u*n.predFG)/det
	g10, g11 := (x*n.predGG-y*n.predFG)/det, (y*n.predFF-x*n.predFG)/det
	df, dg := n.f-n.predF, n.g-n.predG
	dff, dfg, dgg := n.ff-n.predFF, n.fg-n.predFG, n.gg-n.predGG
	s.f, s.g = s.f+g00*df+g01*dg, s.g+g10*df+g11*dg
	ff := s.ff + g00*g00*dff + 2*g00*g01*dfg + g01*g01*dgg
	fg := s.fg + g00*g10*dff + (g00*g11+g01*g10)*dfg + g01*g11*dgg
	gg := s.gg + g10*g10*dff + 2*g10*g11*dfg + g11*g11*dgg
	s.ff, s.fg, s.gg = ff, fg, gg
}
