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
	"github.com/parus-lending/parus/raster"
)

// cycles prints the cycles of the labelled patches one by one, the counts of
// labelled pixels, and how far days move when dates are withheld.
func cycles(ctx context.Context, s *source) error {
	first, err := s.patch(ctx, patch2018, false)
	if err != nil {
		return err
	}
	second, err := s.patch(ctx, patch2019, false)
	if err != nil {
		return err
	}
	a, b, rmse := redEdge(first)
	second = withNDVI(second, a, b)
	fmt.Printf("The second patch has no red band: NDVI = %.3f + %.3f (B8A − B05)/(B8A + B05), fitted on the first patch (RMSE %.3f).\n\n", a, b, rmse)
	fmt.Print("| parcel | label | cycles found: emergence, peak, harvest (± days; in which share of the draws) |\n|---|---|---|\n")
	for _, patch := range []struct {
		plots []plot
		year  int
	}{{first, 2018}, {second, 2019}} {
		for _, p := range patch.plots {
			found := season(p, patch.year, nil)
			var parts []string
			for i, c := range found.cycles {
				parts = append(parts, describe(c, found.spread[i]))
			}
			if len(parts) == 0 {
				parts = []string{"none"}
			}
			fmt.Printf("| %s | %s | %s |\n", p.id, p.label, strings.Join(parts, "; "))
		}
	}
	var pixels []plot
	for _, c := range []struct {
		step  int // every so many pixels
		crops []string
	}{
		{15, []string{"Soybeans", "Rice", "Corn", "Grapes"}},
		{5, []string{"Cotton", "Alfalfa", "Almonds", "Walnuts", "Tomatoes"}},
		{1, []string{"Winter Wheat", "Sunflower", "Dbl Crop WinWht/Soybeans"}},
	} {
		more, err := s.us(ctx, c.step, func(crop string) bool { return slices.Contains(c.crops, crop) })
		if err != nil {
			return err
		}
		pixels = append(pixels, more...)
	}
	if err := counts(pixels); err != nil {
		return err
	}
	french, err := s.france()
	if err != nil {
		return err
	}
	perennials(french)
	return nil
}

// result is the cycles of a season with their spread.
type result struct {
	series parcels.Series
	cycles []parcels.Cycle
	spread []parcels.Spread
}

// season finds the cycles of a calendar year; gone are scenes left out.
func season(p plot, year int, gone map[string]bool) result {
	from, to := parcels.Date{Year: year, Month: 1, Day: 1}, parcels.Date{Year: year, Month: 12, Day: 31}
	var obs []raster.Observation
	for _, o := range p.obs {
		if !gone[o.SceneID] {
			obs = append(obs, o)
		}
	}
	r := result{series: parcels.BuildSeries(p.set+p.id, obs, parcels.Axis(from, to), parcels.SeriesOptions{})}
	r.cycles = parcels.FindCycles(r.series, to, parcels.CycleOptions{})
	r.spread = parcels.CycleSpreads(r.series, r.cycles, to, parcels.CycleOptions{})
	return r
}

func describe(c parcels.Cycle, s parcels.Spread) string {
	if c.Perennial {
		return fmt.Sprintf("perennial (in %.0f %%)", 100*s.Found)
	}
	day := func(d parcels.Date, sigma float64) string {
		if d.IsZero() {
			return "open"
		}
		if math.IsNaN(sigma) {
			return d.String()
		}
		return fmt.Sprintf("%s ± %.0f", d, sigma)
	}
	return fmt.Sprintf("%s, %s, %s (in %.0f %%)", day(c.Emergence, s.Emergence), day(c.Peak, s.Peak), day(c.HarvestP50, s.Harvest), 100*s.Found)
}

// counts prints what was found on the pixels of each crop, and what withholding
// a third of the dates does to it.
func counts(pixels []plot) error {
	type tally struct {
		n, one, two, perennial, other float64
		found                         []float64
		kept, lost                    float64
		off                           [3][]float64 // |day without a third − day| / its ±
		days                          [3][]float64
		sigma                         [3][]float64
	}
	by := map[string]*tally{}
	var order []string
	for _, p := range pixels {
		key := p.label + ", " + strings.TrimPrefix(p.set, "US, ")
		t := by[key]
		if t == nil {
			t = &tally{}
			by[key] = t
			order = append(order, key)
		}
		full := season(p, 2021, nil)
		t.n++
		done := 0
		for i, c := range full.cycles {
			t.found = append(t.found, full.spread[i].Found)
			if c.Complete && !c.Perennial {
				done++
			}
		}
		switch {
		case len(full.cycles) == 1 && full.cycles[0].Perennial:
			t.perennial++
		case done == 1:
			t.one++
		case done == 2:
			t.two++
		default:
			t.other++
		}
		thin := season(p, 2021, third(p))
		for i, c := range full.cycles {
			if c.Perennial || !c.Complete {
				continue
			}
			k := slices.IndexFunc(thin.cycles, func(x parcels.Cycle) bool {
				d := x.Peak.Sub(c.Peak)
				return !x.Perennial && d < 46 && d > -46
			})
			if k < 0 {
				t.lost++
				continue
			}
			t.kept++
			x := thin.cycles[k]
			for j, d := range []struct {
				a, b  parcels.Date
				sigma float64
			}{{x.Emergence, c.Emergence, thin.spread[k].Emergence}, {x.Peak, c.Peak, thin.spread[k].Peak}, {x.HarvestP50, c.HarvestP50, thin.spread[k].Harvest}} {
				if d.a.IsZero() || d.b.IsZero() || math.IsNaN(d.sigma) {
					continue
				}
				off := math.Abs(float64(d.a.Sub(d.b)))
				t.days[j] = append(t.days[j], off)
				t.off[j] = append(t.off[j], off/max(d.sigma, 1))
				t.sigma[j] = append(t.sigma[j], []float64{full.spread[i].Emergence, full.spread[i].Peak, full.spread[i].Harvest}[j])
			}
		}
	}
	fmt.Print("\n| crop by USDA | n | one cycle | two | perennial | other | draws that agree (median) |\n|---|---|---|---|---|---|---|\n")
	for _, key := range order {
		if t := by[key]; t.n >= 10 {
			fmt.Printf("| %s | %.0f | %.0f %% | %.0f %% | %.0f %% | %.0f %% | %s |\n", key, t.n, 100*t.one/t.n, 100*t.two/t.n, 100*t.perennial/t.n, 100*t.other/t.n, middle(t.found, 2))
		}
	}
	fmt.Print("\nA third of the dates withheld\n\n| crop | cycles kept | ± emergence, peak, harvest (median days, all dates) | moved by (median days) | within ± of the thinned curve | within 2 ± |\n|---|---|---|---|---|---|\n")
	for _, key := range order {
		t := by[key]
		if t.n < 10 || t.kept < 10 {
			continue
		}
		cell := func(f func(j int) string) string { return f(0) + ", " + f(1) + ", " + f(2) }
		fmt.Printf("| %s | %.0f %% | %s | %s | %s | %s |\n", key, 100*t.kept/(t.kept+t.lost),
			cell(func(j int) string { return middle(t.sigma[j], 0) }), cell(func(j int) string { return middle(t.days[j], 0) }),
			cell(func(j int) string { return fmt.Sprintf("%.0f %%", 100*shareBelow(t.off[j], 1)) }),
			cell(func(j int) string { return fmt.Sprintf("%.0f %%", 100*shareBelow(t.off[j], 2)) }))
	}
	return nil
}

// third draws a third of the dates of a plot, by the plot's name.
func third(p plot) map[string]bool {
	h := fnv.New64a()
	h.Write([]byte(p.set + p.id))
	dice := rand.New(rand.NewPCG(h.Sum64(), 2))
	gone := map[string]bool{}
	for _, l := range parcels.ClearLooks(p.obs, parcels.SeriesOptions{}) {
		if dice.IntN(3) == 0 {
			gone[l.Scene] = true
		}
	}
	return gone
}

func middle(v []float64, digits int) string {
	v = slices.DeleteFunc(slices.Clone(v), math.IsNaN)
	if len(v) == 0 {
		return "–"
	}
	slices.Sort(v)
	return fmt.Sprintf("%.*f", digits, v[len(v)/2])
}
