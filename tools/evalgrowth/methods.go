package main

import (
	"math"
	"sort"

	"github.com/parus-lending/parus/parcels"
)

// points are values on days (counted from any day), sorted, with weights 0–1.
type points struct{ day, v, w []float64 }

// method fills and smooths: it takes what was seen and gives the values on the
// asked days.
type method struct {
	name string
	at   func(p points, days []float64) []float64
}

const dekad = 10.146 // days: 365.25 / 36

// shipped is what parcels.BuildSeries does.
const shipped = "**Gaussian process, days and noise 60 0.02 (parcels.FillCurve)**"

// contenders are all methods that are compared.
func contenders() []method {
	out := []method{
		{"linear between dates", linear},
		{"Savitzky–Golay on ten days, window 5", savitzky(2)},
		{"Savitzky–Golay on ten days, window 7", savitzky(3)},
	}
	for _, l := range []float64{0.1, 0.5, 2, 8} {
		out = append(out, method{name("Whittaker on ten days, λ", l), onSteps(dekad, whittaker(0, l))})
	}
	out = append(out, method{"Whittaker on ten days, λ by cross-validation", onSteps(dekad, whittakerCV([]float64{0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32}))})
	for _, l := range []float64{100, 500, 2000, 10000} {
		out = append(out, method{name("Whittaker on days, λ", l), onSteps(1, whittaker(0, l))})
	}
	out = append(out, method{"Whittaker on days, λ by cross-validation", onSteps(1, whittakerCV([]float64{50, 100, 250, 500, 1000, 2000, 4000, 8000, 16000, 32000}))})
	out = append(out, method{name("Whittaker on ten days, first differences, λ", 0.25), onSteps(dekad, whittaker(0.25, 0))})
	for _, l := range [][2]float64{{0.1, 0.25}, {0.1, 1}} {
		out = append(out, method{name("Whittaker on ten days, first and second differences, λ", l[0], l[1]), onSteps(dekad, whittaker(l[0], l[1]))})
	}
	for _, l := range [][2]float64{{1, 500}, {2.5, 1000}} {
		out = append(out, method{name("Whittaker on days, first and second differences, λ", l[0], l[1]), onSteps(1, whittaker(l[0], l[1]))})
	}
	for _, g := range [][2]float64{{30, 0.05}, {45, 0.02}, {45, 0.05}, {75, 0.01}, {90, 0.01}, {120, 0.005}} {
		out = append(out, method{name("Gaussian process, days and noise", g[0], g[1]), gaussian(g[0], g[1])})
	}
	out = append(out, method{shipped, func(p points, days []float64) []float64 {
		z, _, _ := parcels.FillCurve(p.day, p.v, p.w, days)
		return z
	}})
	return append(out, method{"harmonics, 3 a year", harmonic(3)}, method{"double logistic, one a year", doubleLogistic})
}

// linear joins the dates; outside the first or last value stands.
func linear(p points, days []float64) []float64 {
	out := make([]float64, len(days))
	for i, d := range days {
		out[i] = between(p.day, p.v, d)
	}
	return out
}

func between(x, y []float64, at float64) float64 {
	k := sort.SearchFloat64s(x, at)
	switch {
	case k == 0:
		return y[0]
	case k == len(x):
		return y[len(x)-1]
	case x[k] == x[k-1]:
		return y[k]
	}
	f := (at - x[k-1]) / (x[k] - x[k-1])
	return y[k-1]*(1-f) + y[k]*f
}

// savitzky joins the dates, reads the line every ten days, and takes of each
// window of 2 half + 1 the value of the least-squares parabola in its middle
// (Savitzky and Golay 1964).
func savitzky(half int) func(points, []float64) []float64 {
	return func(p points, days []float64) []float64 {
		first, n := p.day[0], int((p.day[len(p.day)-1]-p.day[0])/dekad)+2
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i] = first + dekad*float64(i)
			y[i] = between(p.day, p.v, x[i])
		}
		z := make([]float64, n)
		m := float64(half)
		for i := range z {
			var sum, total float64
			for j := -half; j <= half; j++ {
				c := 3*m*m + 3*m - 1 - 5*float64(j*j) // of the parabola, unnormalised
				sum += c * y[min(max(i+j, 0), n-1)]
				total += c
			}
			z[i] = sum / total
		}
		return linear(points{day: x, v: z}, days)
	}
}

// onSteps puts the points on even steps (the weighted mean where several fall
// together), smooths there and joins the steps.
func onSteps(step float64, smooth func(y, w []float64) []float64) func(points, []float64) []float64 {
	return func(p points, days []float64) []float64 {
		first := p.day[0]
		n := int(math.Round((p.day[len(p.day)-1]-first)/step)) + 1
		x, y, w, most := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		for i, d := range p.day {
			k := int(math.Round((d - first) / step))
			y[k] += p.v[i] * p.w[i]
			w[k] += p.w[i]
			most[k] = max(most[k], p.w[i])
		}
		for k := range x {
			x[k] = first + step*float64(k)
			if w[k] > 0 {
				y[k], w[k] = y[k]/w[k], most[k]
			}
		}
		return linear(points{day: x, v: smooth(y, w)}, days)
	}
}

// harmonic is a mean and k waves a year by least squares, damped a little so
// that gaps do not blow up (Roerink et al. 2000 in its plain form).
func harmonic(k int) func(points, []float64) []float64 {
	basis := func(d float64) []float64 {
		b := []float64{1}
		for h := 1; h <= k; h++ {
			sin, cos := math.Sincos(2 * math.Pi * float64(h) * d / 365.25)
			b = append(b, sin, cos)
		}
		return b
	}
	return func(p points, days []float64) []float64 {
		n := 2*k + 1
		a, rhs := make([][]float64, n), make([]float64, n)
		for i := range a {
			a[i] = make([]float64, n)
			if i > 0 {
				a[i][i] = 0.1
			}
		}
		for i, d := range p.day {
			b := basis(d)
			for r := range b {
				rhs[r] += p.w[i] * b[r] * p.v[i]
				for c := range b {
					a[r][c] += p.w[i] * b[r] * b[c]
				}
			}
		}
		x := cholesky(a, rhs)
		out := make([]float64, len(days))
		for i, d := range days {
			for r, b := range basis(d) {
				out[i] += x[r] * b
			}
		}
		return out
	}
}

// gaussian is the posterior mean of a Gaussian process with the Matérn 3/2
// kernel of the given length (days); noise is the variance of one look as a
// share of the process's.
func gaussian(length, noise float64) func(points, []float64) []float64 {
	kernel := func(a, b float64) float64 {
		r := math.Sqrt(3) * math.Abs(a-b) / length
		return (1 + r) * math.Exp(-r)
	}
	return func(p points, days []float64) []float64 {
		n := len(p.day)
		var mean float64
		for _, v := range p.v {
			mean += v / float64(n)
		}
		a, rhs := make([][]float64, n), make([]float64, n)
		for i := range a {
			a[i] = make([]float64, n)
			for j := range a[i] {
				a[i][j] = kernel(p.day[i], p.day[j])
			}
			a[i][i] += noise / p.w[i]
			rhs[i] = p.v[i] - mean
		}
		x := cholesky(a, rhs)
		out := make([]float64, len(days))
		for i, d := range days {
			out[i] = mean
			for j := range x {
				out[i] += x[j] * kernel(d, p.day[j])
			}
		}
		return out
	}
}
