package season

import (
	"math"
	"testing"
)

// The first known step is the emergence; what fell since does not count.
func TestRise(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		v           []float64
		first, last int
		want        float64
	}{
		{[]float64{0.5, 0.1, 0.6, 0.2}, 1, 3, 0.5},
		{[]float64{nan, nan, 0.2, 0.3, nan}, 0, 9, 0.1},
		{[]float64{0.4, 0.1}, 0, 1, -0.3},
		{[]float64{0.4, nan}, 0, 1, nan},
		{nil, 0, 3, nan},
	} {
		if got := rise(c.v, c.first, c.last); math.Abs(got-c.want) > 1e-12 || math.IsNaN(got) != math.IsNaN(c.want) {
			t.Errorf("%v from %d to %d: %v, want %v", c.v, c.first, c.last, got, c.want)
		}
	}
}
