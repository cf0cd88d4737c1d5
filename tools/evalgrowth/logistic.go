package main

import (
	"math"
	"slices"
)

// doubleLogistic fits one rise and one fall to each 365 days, counted back from
// the last date (Beck et al. 2006, Remote Sensing of Environment 100, eq. 3). A
// year with fewer than seven dates is joined linearly.
func doubleLogistic(p points, days []float64) []float64 {
	out := linear(p, days)
	end := p.day[len(p.day)-1]
	for end > p.day[0] {
		from := end - 365
		var year points
		for i, d := range p.day {
			if d > from && d <= end {
				year.day, year.v, year.w = append(year.day, d-from), append(year.v, p.v[i]), append(year.w, p.w[i])
			}
		}
		if len(year.day) >= 7 {
			q := fitLogistic(year)
			for i, d := range days {
				if d > from && d <= end {
					out[i] = logistic(q, d-from)
				}
			}
		}
		end = from
	}
	return out
}

// logistic is winter level, summer level, day and pace of the rise, of the fall.
func logistic(q [6]float64, d float64) float64 {
	rise := 1 / (1 + math.Exp(-(d-q[2])/q[3]))
	fall := 1 / (1 + math.Exp((d-q[4])/q[5]))
	return q[0] + (q[1]-q[0])*(rise+fall-1)
}

// fitLogistic is Levenberg and Marquardt's descent from three starts.
func fitLogistic(p points) [6]float64 {
	lo, hi := slices.Min(p.v), slices.Max(p.v)
	peak := p.day[slices.Index(p.v, hi)]
	var best [6]float64
	least := math.Inf(1)
	for _, half := range []float64{30, 50, 80} {
		q := [6]float64{lo, hi, peak - half, 10, peak + half, 10}
		if e := descend(p, &q, lo, hi); e < least {
			best, least = q, e
		}
	}
	return best
}

func descend(p points, q *[6]float64, lo, hi float64) float64 {
	loss := func(q [6]float64) float64 {
		var s float64
		for i, d := range p.day {
			e := p.v[i] - logistic(q, d)
			s += p.w[i] * e * e
		}
		return s
	}
	scale := [6]float64{hi - lo + 0.01, hi - lo + 0.01, 10, 3, 10, 3}
	mu, now := 0.01, loss(*q)
	for range 40 {
		a, b := make([][]float64, 6), make([]float64, 6)
		for r := range a {
			a[r] = make([]float64, 6)
		}
		for i, d := range p.day {
			var g [6]float64
			v := logistic(*q, d)
			for k := range g {
				t := *q
				t[k] += 1e-4 * scale[k]
				g[k] = (logistic(t, d) - v) / 1e-4
			}
			for r := range g {
				b[r] += p.w[i] * g[r] * (p.v[i] - v)
				for c := range g {
					a[r][c] += p.w[i] * g[r] * g[c]
				}
			}
		}
		for r := range a {
			a[r][r] += mu * (a[r][r] + 1e-6)
		}
		step := cholesky(a, b)
		t := *q
		for k := range t {
			t[k] += step[k] * scale[k]
		}
		t[0], t[1] = min(max(t[0], lo-0.2), hi), min(t[1], hi+0.5*(hi-lo)+0.05)
		t[3], t[5] = min(max(t[3], 2), 60), min(max(t[5], 2), 60)
		if e := loss(t); e < now {
			if *q, mu = t, mu/3; now-e < 1e-9 {
				return e
			}
			now = e
		} else if mu *= 4; mu > 1e6 {
			break
		}
	}
	return now
}
