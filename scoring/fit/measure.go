package fit

import (
	"math"
	"sort"
)

// Figures are what a card does on some rows.
type Figures struct {
	Rows, Bads int
	KS         float64 // largest gap between the two kinds' distributions of points
	AUC        float64 // chance that a good loan has more points than a bad one; ½ for equal points
	Calibrated []Band  // expected and seen share of bads by fifths of the points
}

// Band of points with what was expected and seen in it.
type Band struct {
	From, To       int
	Rows, Bads     int
	Expected, Seen float64
}

// GroupFigures are one group's row of the fairness table.
type GroupFigures struct {
	Group              string
	Rows, Bads         int
	MeanPoints         float64
	Admitted           float64 // share at or above the admit cut-off
	Declined           float64 // share below the decline cut-off
	AdmittedGoods      float64 // share of the good loans that are admitted
	AdmittedToHighest  float64 // share admitted ÷ that of the group with the highest; below 0.8 ask why
	Expected, Observed float64 // share of bads
}

// Measure gives the figures on the training rows, or on those held out.
func (c *Card) Measure(t Table, later bool) Figures {
	rows := rowsWhere(t, later)
	f := Figures{Rows: len(rows)}
	scores := make([]int, len(rows))
	order := make([]int, len(rows))
	for i, r := range rows {
		scores[i], order[i] = c.Score(t, r), i
		if t.Bad[r] {
			f.Bads++
		}
	}
	if f.Bads == 0 || f.Bads == f.Rows {
		return f
	}
	sort.SliceStable(order, func(a, b int) bool { return scores[order[a]] < scores[order[b]] })
	var good, bad, area float64
	for i := 0; i < len(order); {
		j, g, d := i, 0.0, 0.0
		for ; j < len(order) && scores[order[j]] == scores[order[i]]; j++ {
			if t.Bad[rows[order[j]]] {
				d++
			} else {
				g++
			}
		}
		area += g * (bad + d/2)
		good, bad, i = good+g, bad+d, j
		f.KS = math.Max(f.KS, math.Abs(bad/float64(f.Bads)-good/float64(f.Rows-f.Bads)))
	}
	f.AUC = area / (good * bad)
	const bands = 5
	for b := range bands {
		part := order[b*len(order)/bands : (b+1)*len(order)/bands]
		if len(part) == 0 {
			continue
		}
		band := Band{From: scores[part[0]], To: scores[part[len(part)-1]], Rows: len(part)}
		for _, i := range part {
			band.Expected += c.PD(float64(scores[i]))
			if t.Bad[rows[i]] {
				band.Bads++
			}
		}
		band.Expected /= float64(len(part))
		band.Seen = float64(band.Bads) / float64(len(part))
		f.Calibrated = append(f.Calibrated, band)
	}
	return f
}

// Stability is the population stability index of the points, held-out rows
// against training rows, by tenths of the latter: up to 0.1 stable, up to 0.25
// watch, above act. NaN without held-out rows.
func (c *Card) Stability(t Table) float64 {
	var a, b []int
	for _, r := range rowsWhere(t, false) {
		a = append(a, c.Score(t, r))
	}
	for _, r := range rowsWhere(t, true) {
		b = append(b, c.Score(t, r))
	}
	return stability(a, b)
}

func stability(a, b []int) float64 {
	if len(a) == 0 || len(b) == 0 {
		return math.NaN()
	}
	sorted := append([]int(nil), a...)
	sort.Ints(sorted)
	var edges []int
	for k := 1; k < 10; k++ {
		if e := sorted[k*len(sorted)/10]; len(edges) == 0 || e > edges[len(edges)-1] {
			edges = append(edges, e)
		}
	}
	share := func(v []int) []float64 {
		n := make([]float64, len(edges)+1)
		for _, x := range v {
			n[sort.SearchInts(edges, x+1)]++
		}
		for i := range n {
			n[i] = math.Max(n[i], .5) / float64(len(v))
		}
		return n
	}
	p, q, index := share(a), share(b), 0.0
	for i := range p {
		index += (q[i] - p[i]) * math.Log(q[i]/p[i])
	}
	return index
}

// Fairness is the table by group, all rows.
func (c *Card) Fairness(t Table) []GroupFigures {
	by := map[string]*GroupFigures{}
	goods := map[string]float64{}
	for r := range t.Group {
		g := by[t.Group[r]]
		if g == nil {
			g = &GroupFigures{Group: t.Group[r]}
			by[t.Group[r]] = g
		}
		s := c.Score(t, r)
		g.Rows++
		g.MeanPoints += float64(s)
		g.Expected += c.PD(float64(s))
		if s < c.Decline {
			g.Declined++
		}
		if s >= c.Admit {
			g.Admitted++
		}
		if t.Bad[r] {
			g.Bads++
		} else {
			goods[g.Group]++
			if s >= c.Admit {
				g.AdmittedGoods++
			}
		}
	}
	var out []GroupFigures
	highest := 0.0
	for name, g := range by {
		n := float64(g.Rows)
		g.MeanPoints, g.Expected, g.Admitted, g.Declined, g.Observed = g.MeanPoints/n, g.Expected/n, g.Admitted/n, g.Declined/n, float64(g.Bads)/n
		if goods[name] > 0 {
			g.AdmittedGoods /= goods[name]
		}
		highest = math.Max(highest, g.Admitted)
		out = append(out, *g)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Group < out[j].Group })
	for i := range out {
		if highest > 0 {
			out[i].AdmittedToHighest = out[i].Admitted / highest
		}
	}
	return out
}
