package main

import (
	"fmt"
	"math"
)

func name(what string, numbers ...float64) string {
	for i, n := range numbers {
		if i > 0 {
			what += ","
		}
		what += fmt.Sprintf(" %g", n)
	}
	return what
}

// cholesky solves a x = b for a symmetric positive definite a, which it
// overwrites.
func cholesky(a [][]float64, b []float64) []float64 {
	n := len(b)
	for i := range n {
		for j := 0; j <= i; j++ {
			s := a[i][j]
			for k := range j {
				s -= a[i][k] * a[j][k]
			}
			if i == j {
				a[i][i] = math.Sqrt(max(s, 1e-12))
			} else {
				a[i][j] = s / a[j][j]
			}
		}
	}
	x := make([]float64, n)
	for i := range n {
		s := b[i]
		for k := range i {
			s -= a[i][k] * x[k]
		}
		x[i] = s / a[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		s := x[i]
		for k := i + 1; k < n; k++ {
			s -= a[k][i] * x[k]
		}
		x[i] = s / a[i][i]
	}
	return x
}

// whittaker solves (W + λ₁ D₁'D₁ + λ₂ D₂'D₂) z = W y, D₁ and D₂ the first and
// second differences (Eilers 2003).
func whittaker(first, second float64) func(y, w []float64) []float64 {
	return func(y, w []float64) []float64 {
		z, _ := banded(y, w, first, second, false)
		return z
	}
}

// whittakerCV takes the λ of second differences with the least weighted error of
// leaving one out, (y − z)/(1 − h), h the diagonal of the hat matrix.
func whittakerCV(lambdas []float64) func(y, w []float64) []float64 {
	return func(y, w []float64) []float64 {
		var best []float64
		least := math.Inf(1)
		for _, l := range lambdas {
			z, c := banded(y, w, 0, l, true)
			var sum float64
			for i := range z {
				if w[i] > 0 {
					e := (y[i] - z[i]) / max(1-w[i]*c[i], 1e-6)
					sum += w[i] * e * e
				}
			}
			if sum < least {
				least, best = sum, z
			}
		}
		return best
	}
}

// banded solves the system by L D L'; where inverse is set it gives the diagonal
// of the inverse too (Hutchinson and de Hoog 1985).
func banded(y, w []float64, first, second float64, inverse bool) (z, c []float64) {
	n := len(y)
	d, e, f := make([]float64, n), make([]float64, n), make([]float64, n)
	z = make([]float64, n)
	for i := range n {
		d[i] = w[i] + 1e-9
		z[i] = w[i] * y[i]
	}
	for i := 0; i+1 < n; i++ {
		d[i] += first
		d[i+1] += first
		e[i] -= first
	}
	for i := 0; i+2 < n; i++ {
		d[i] += second
		d[i+1] += 4 * second
		d[i+2] += second
		e[i] -= 2 * second
		e[i+1] -= 2 * second
		f[i] += second
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
	if !inverse {
		return z, nil
	}
	c = make([]float64, n)
	var c1, c2, next float64 // of i+1 and i+2, and between them
	for i := n - 1; i >= 0; i-- {
		b1 := -e[i]*c1 - f[i]*next // between i and i+1
		b2 := -e[i]*next - f[i]*c2
		c[i] = 1/d[i] - e[i]*b1 - f[i]*b2
		c1, c2, next = c[i], c1, b1
	}
	return z, c
}
