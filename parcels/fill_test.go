package parcels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// posterior is the textbook formula on the whole covariance matrix (Rasmussen
// and Williams 2006, eq. 2.23–2.24), by Gauss and Jordan's elimination: mean and
// variance of the process at t, and y'K⁻¹y.
func posterior(seen []sample, t float64) (mean, variance, chi float64) {
	kernel := func(a, b float64) float64 {
		r := math.Sqrt(3) * math.Abs(a-b) / fillDays
		return (1 + r) * math.Exp(-r)
	}
	n := len(seen)
	for _, s := range seen {
		mean += s.v / float64(n)
	}
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = make([]float64, n+2)
		for j := range n {
			rows[i][j] = kernel(seen[i].day, seen[j].day)
		}
		rows[i][i] += fillNoise / seen[i].w
		rows[i][n], rows[i][n+1] = seen[i].v-mean, kernel(seen[i].day, t)
	}
	for i := range rows {
		p := rows[i][i]
		for c := range rows[i] {
			rows[i][c] /= p
		}
		for k := range rows {
			if m := rows[k][i]; k != i {
				for c := range rows[k] {
					rows[k][c] -= m * rows[i][c]
				}
			}
		}
	}
	variance = 1
	prior := mean
	for i, s := range seen {
		k := kernel(s.day, t)
		mean += k * rows[i][n]
		variance -= k * rows[i][n+1]
		chi += (s.v - prior) * rows[i][n]
	}
	return mean, variance, chi
}

func TestSmoothIsTheGaussianProcess(t *testing.T) {
	dice := rand.New(rand.NewPCG(5, 6))
	for range 60 {
		n := 1 + dice.IntN(25)
		var seen []sample
		day := 0.0
		for range n {
			seen = append(seen, sample{day, dice.Float64(), 0.3 + 0.7*dice.Float64()})
			day += float64(dice.IntN(4)) * dice.Float64() * 15 // some on the same day
		}
		at := []float64{-40, seen[0].day, day / 3, day / 3, 0.7 * day, day, day + 30}
		f := smooth(seen, at, 0)
		for i, d := range at {
			mean, variance, chi := posterior(seen, d)
			amplitude := math.Sqrt(chi / float64(n))
			if math.Abs(f.z[i]-mean) > 1e-8 || math.Abs(f.amplitude-amplitude) > 1e-8 || math.Abs(f.sd[i]-amplitude*math.Sqrt(max(variance, 0))) > 1e-6 {
				t.Fatalf("%d looks, day %.1f: %v ± %v (amplitude %v), the whole matrix says %v ± %v (%v)", n, d, f.z[i], f.sd[i], f.amplitude, mean, amplitude*math.Sqrt(variance), amplitude)
			}
		}
	}
}

func TestFillStaysWithinWhatWasSeen(t *testing.T) {
	seen := []sample{{50, 0.8, 1}, {10, 0.2, 1}, {20, 0.2, 1}, {30, 0.2, 0.5}, {60, 3, 1}}
	at := []float64{-100, 5, 10, 40, 60, 61, 200}
	z, sd := fill(seen, at, 0.01, -1, 1)
	for i := range at {
		if !(z[i] >= 0.2 && z[i] <= 1) || !(sd[i] > 0) {
			t.Errorf("day %v: %v ± %v", at[i], z[i], sd[i])
		}
	}
	if z[0] != z[1] || math.Abs(z[1]-z[2]) > 1e-12 || z[5] != z[6] {
		t.Errorf("beyond the looks the curve moves: %v", z)
	}
	if !(sd[0] > sd[1] && sd[1] > sd[2] && sd[6] > sd[5]) {
		t.Errorf("the deviation does not grow away from the looks: %v", sd)
	}
	if z, sd := fill(nil, at, 0.01, -1, 1); !math.IsNaN(z[0]) || !math.IsNaN(sd[6]) {
		t.Error("a curve never seen has values")
	}
}
