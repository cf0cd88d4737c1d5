package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/parus-lending/parus/parcels"
)

var variables = [3]string{"NDVI", "LAI", "FAPAR"}

// curve is one variable of one plot: the dates that a season would count.
type curve struct {
	set, id string
	odd     bool // reported; methods are chosen on the others
	points
}

// withheld is a curve without some of its dates, and those dates.
type withheld struct {
	set   string
	odd   bool
	kind  string // "single dates" or "spells"
	train points
	day   []float64
	truth []float64
}

const (
	random = "single dates"
	spells = "spells of 40 days"
)

// smoothing prints what each method gives on dates withheld.
func smoothing(ctx context.Context, s *source) error {
	plots, err := s.allPlots(ctx)
	if err != nil {
		return err
	}
	fmt.Print("| set | plots | dates a plot (median) |\n|---|---|---|\n")
	count := map[string][]int{}
	var sets []string
	for _, p := range plots {
		if count[p.set] == nil {
			sets = append(sets, p.set)
		}
		count[p.set] = append(count[p.set], len(parcels.ClearLooks(p.obs, parcels.SeriesOptions{})))
	}
	for _, set := range sets {
		slices.Sort(count[set])
		fmt.Printf("| %s | %d | %d |\n", set, len(count[set]), count[set][len(count[set])/2])
	}
	for k, variable := range variables {
		var all []withheld
		for _, c := range curvesOf(plots, k) {
			all = append(all, c.withhold()...)
		}
		compare(variable, sets, all)
		calibration(variable, sets, all)
	}
	return nil
}

// allPlots are the plots of the four sets.
func (s *source) allPlots(ctx context.Context) ([]plot, error) {
	plots, err := s.patch(ctx, patch2018, true)
	if err != nil {
		return nil, err
	}
	for _, read := range []func() ([]plot, error){
		func() ([]plot, error) { return s.finnish(ctx) },
		func() ([]plot, error) { return s.korea(ctx) },
		func() ([]plot, error) { return s.us(ctx, 25, func(string) bool { return true }) },
	} {
		more, err := read()
		if err != nil {
			return nil, err
		}
		plots = append(plots, more...)
	}
	return plots, nil
}

// curvesOf takes one variable of every plot with at least ten dates.
func curvesOf(plots []plot, variable int) []curve {
	var out []curve
	for i, p := range plots {
		c := curve{set: p.set, id: p.id, odd: i%2 == 1}
		for _, l := range parcels.ClearLooks(p.obs, parcels.SeriesOptions{}) {
			v := [3]float64{l.NDVI, l.LAI, l.FAPAR}[variable]
			day := float64(l.Time.Unix()) / 86400
			if math.IsNaN(v) || len(c.day) > 0 && day-c.day[len(c.day)-1] < 0.5 {
				continue
			}
			c.day, c.v, c.w = append(c.day, day), append(c.v, v), append(c.w, l.Weight)
		}
		if len(c.day) >= 10 {
			out = append(out, c)
		}
	}
	return out
}

// withhold draws twice a fifth of the inner dates, and twice a spell of 40 days
// in which two dates at least fall. The draws are those of the plot's name.
func (c curve) withhold() []withheld {
	h := fnv.New64a()
	h.Write([]byte(c.set + c.id))
	dice := rand.New(rand.NewPCG(h.Sum64(), 1))
	n := len(c.day)
	var out []withheld
	for range 2 {
		gone := make([]bool, n)
		for _, i := range dice.Perm(n - 2)[:max((n-2)/5, 1)] {
			gone[i+1] = true
		}
		out = append(out, c.without(gone, random))
	}
	for try, got := 0, 0; try < 20 && got < 2; try++ {
		from := c.day[1] + dice.Float64()*(c.day[n-1]-c.day[1]-40)
		gone, k := make([]bool, n), 0
		for i := 1; i < n-1; i++ {
			if c.day[i] >= from && c.day[i] < from+40 {
				gone[i] = true
				k++
			}
		}
		if k >= 2 && n-k >= 6 {
			out, got = append(out, c.without(gone, spells)), got+1
		}
	}
	return out
}

func (c curve) without(gone []bool, kind string) withheld {
	w := withheld{set: c.set, odd: c.odd, kind: kind}
	for i := range gone {
		if gone[i] {
			w.day, w.truth = append(w.day, c.day[i]), append(w.truth, c.v[i])
		} else {
			w.train.day, w.train.v, w.train.w = append(w.train.day, c.day[i]), append(w.train.v, c.v[i]), append(w.train.w, c.w[i])
		}
	}
	return w
}

// score is a sum of errors.
type score struct{ n, sum, squares float64 }

func (s score) rmse() float64 { return math.Sqrt(s.squares / s.n) }

// compare prints the table of one variable: on the half of the plots that is
// reported, with the rank that the other half would give.
func compare(variable string, sets []string, all []withheld) {
	methods := contenders()
	type cell struct{ set, kind string }
	scores := [2]map[cell][]score{{}, {}}
	for _, w := range all {
		half := 0
		if w.odd {
			half = 1
		}
		key := cell{w.set, w.kind}
		if scores[half][key] == nil {
			scores[half][key] = make([]score, len(methods))
		}
		for m, method := range methods {
			got := method.at(w.train, w.day)
			lo, hi := slices.Min(w.train.v), slices.Max(w.train.v)
			for i, v := range got {
				e := min(max(v, lo), hi) - w.truth[i] // all are held to what was seen
				s := &scores[half][key][m]
				s.n, s.sum, s.squares = s.n+1, s.sum+e, s.squares+e*e
			}
		}
	}
	var cells []cell
	for _, kind := range []string{random, spells} {
		for _, set := range sets {
			if scores[1][cell{set, kind}] != nil && scores[0][cell{set, kind}] != nil {
				cells = append(cells, cell{set, kind})
			}
		}
	}
	// Relative to linear, so that each set and kind counts alike. A set with few
	// dates withheld is shown and does not count.
	const few = 100
	mean := func(half, m int) float64 {
		var s, n float64
		for _, c := range cells {
			if scores[1][c][0].n >= few {
				s, n = s+math.Log(scores[half][c][m].rmse()/scores[half][c][0].rmse()), n+1
			}
		}
		return math.Exp(s / n)
	}
	fmt.Printf("\n### %s\n\n| method |", variable)
	for _, c := range cells {
		fmt.Printf(" %s, %s |", c.set, c.kind)
	}
	fmt.Printf(" ÷ linear | choice half ÷ linear | bias |\n|---|%s---|---|---|\n| dates withheld |", strings.Repeat("---|", len(cells)))
	for _, c := range cells {
		fmt.Printf(" %.0f |", scores[1][c][0].n)
	}
	fmt.Print(" | | |\n")
	for m, method := range methods {
		fmt.Printf("| %s |", method.name)
		var n, sum float64
		for _, c := range cells {
			s := scores[1][c][m]
			fmt.Printf(" %.4f |", s.rmse())
			n, sum = n+s.n, sum+s.sum
		}
		fmt.Printf(" %.3f | %.3f | %+.4f |\n", mean(1, m), mean(0, m), sum/n)
	}
}

// calibration prints how many of the withheld dates lie within the deviation
// that FillCurve foretells for a look: that of the curve and that of one look.
func calibration(variable string, sets []string, all []withheld) {
	fmt.Printf("\n%s: withheld dates within the deviation foretold for a look\n\n| set | kind | n | within 1 σ (68 %% if normal) | within 1.645 σ (90 %%) | median σ |\n|---|---|---|---|---|---|\n", variable)
	for _, kind := range []string{random, spells} {
		for _, set := range sets {
			var n, one, ninety float64
			var sigmas []float64
			for _, w := range all {
				if w.set != set || w.kind != kind {
					continue
				}
				z, sd, scatter := parcels.FillCurve(w.train.day, w.train.v, w.train.w, w.day)
				for i := range z {
					sigma := math.Hypot(sd[i], scatter)
					e := math.Abs(z[i]-w.truth[i]) / sigma
					n++
					if e <= 1 {
						one++
					}
					if e <= 1.645 {
						ninety++
					}
					sigmas = append(sigmas, sigma)
				}
			}
			if n == 0 {
				continue
			}
			slices.Sort(sigmas)
			fmt.Printf("| %s | %s | %.0f | %.1f %% | %.1f %% | %.3f |\n", set, kind, n, 100*one/n, 100*ninety/n, sigmas[len(sigmas)/2])
		}
	}
}
