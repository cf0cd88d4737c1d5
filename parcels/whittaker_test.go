package parcels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The judge is the defining property: at the minimum of
// Σ w (y−z)² + λ Σ (Δ²z)², no single value can move and lower the sum.
func TestWhittakerMinimisesItsSum(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		n := 3 + r.IntN(40)
		y, w := make([]float64, n), make([]float64, n)
		for i := range y {
			y[i] = r.Float64()
			if i == 0 || i == n-1 || r.Float64() < 0.6 {
				w[i] = 0.5 + r.Float64()/2
			} else {
				y[i] = math.NaN()
			}
		}
		lambda := math.Pow(10, 3*r.Float64()-1.5)
		z := whittaker(y, w, lambda)
		cost := func() float64 {
			var sum float64
			for i := range z {
				if w[i] > 0 {
					sum += w[i] * (y[i] - z[i]) * (y[i] - z[i])
				}
				if i+2 < n {
					d := z[i] - 2*z[i+1] + z[i+2]
					sum += lambda * d * d
				}
			}
			return sum
		}
		best := cost()
		for i := range z {
			for _, step := range []float64{1e-4, -1e-4} {
				z[i] += step
				if c := cost(); c < best-1e-12 {
					t.Fatalf("moving value %d lowers the sum from %v to %v", i, best, c)
				}
				z[i] -= step
			}
		}
	}
}

// By hand: a straight line has no second difference, so it stays; three values
// 0, 1, 0 with weight 1 and λ = 1 become 2/7, 3/7, 2/7 (solve the 3 × 3 system
// [2 −2 1; −2 5 −2; 1 −2 2] z = [0 1 0]).
func TestWhittakerByHand(t *testing.T) {
	z := whittaker([]float64{0, 1, 0}, []float64{1, 1, 1}, 1)
	for i, want := range []float64{2.0 / 7, 3.0 / 7, 2.0 / 7} {
		if math.Abs(z[i]-want) > 1e-12 {
			t.Errorf("z = %v", z)
			break
		}
	}
	nan := math.NaN()
	got := fill([]float64{nan, 0.2, nan, nan, 0.5, nan}, []float64{0, 1, 0, 0, 1, 0}, 3, 0, 1)
	for i, want := range []float64{0.2, 0.2, 0.3, 0.4, 0.5, 0.5} {
		if math.Abs(got[i]-want) > 1e-12 {
			t.Errorf("filled %v", got)
			break
		}
	}
}
