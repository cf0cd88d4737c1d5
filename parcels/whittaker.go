package parcels

import "math"

// fill smooths the seen values with a weighted Whittaker smoother of second
// differences (Eilers 2003, Analytical Chemistry 75, eq. 4) and fills the gaps
// between them; before the first and after the last seen value the nearest one
// stands. Values stay within the range of what was seen and within [lo, hi].
// A curve never seen stays NaN throughout.
func fill(y, weight []float64, lambda, lo, hi float64) []float64 {
	n := len(y)
	first, last := -1, -1
	least, most := math.Inf(1), math.Inf(-1)
	w, seen := make([]float64, n), make([]float64, n)
	for i, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) || !(weight[i] > 0) {
			continue
		}
		v = math.Max(lo, math.Min(hi, v))
		if first < 0 {
			first = i
		}
		last = i
		w[i], seen[i] = weight[i], v
		least, most = math.Min(least, v), math.Max(most, v)
	}
	if first < 0 {
		return nans(n)
	}
	z := whittaker(seen[first:last+1], w[first:last+1], lambda)
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Max(least, math.Min(most, z[min(max(i-first, 0), len(z)-1)]))
	}
	return out
}

// whittaker solves (W + λ D'D) z = W y for z, D the second differences, by
// banded Cholesky (L D L') elimination. The first and last weight are > 0.
func whittaker(y, w []float64, lambda float64) []float64 {
	n := len(y)
	z := make([]float64, n)
	if n <= 2 {
		copy(z, y)
		return z
	}
	// The matrix is symmetric with two bands beside the diagonal.
	d, e, f := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		d[i] = w[i]
		if w[i] > 0 {
			z[i] = w[i] * y[i]
		}
	}
	for i := 0; i+2 < n; i++ { // second difference of i, i+1, i+2: 1, −2, 1
		d[i] += lambda
		d[i+1] += 4 * lambda
		d[i+2] += lambda
		e[i] -= 2 * lambda
		e[i+1] -= 2 * lambda
		f[i] += lambda
	}
	for i := range n {
		if i+1 < n {
			m := e[i] / d[i]
			d[i+1] -= m * e[i]
			if i+2 < n {
				e[i+1] -= m * f[i]
			}
			z[i+1] -= m * z[i]
			e[i] = m
		}
		if i+2 < n {
			m := f[i] / d[i]
			d[i+2] -= m * f[i]
			z[i+2] -= m * z[i]
			f[i] = m
		}
	}
	for i := n - 1; i >= 0; i-- {
		z[i] /= d[i]
		if i+1 < n {
			z[i] -= e[i] * z[i+1]
		}
		if i+2 < n {
			z[i] -= f[i] * z[i+2]
		}
	}
	return z
}
