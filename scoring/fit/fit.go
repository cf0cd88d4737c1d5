// Package fit trains a points scorecard on a table of past loans: weight-of-
// evidence bins that rise or fall with the feature, a logistic regression on
// them, points by "points to double the odds", and the figures by which a
// person judges the card. It knows numbers and columns, no growers, no files.
//
// Floats end here: the card that it writes holds whole points, and scoring
// never computes with anything else.
package fit

import (
	"errors"
	"fmt"
	"math"
	"sort"
)

// Table is past loans: a row is one loan.
type Table struct {
	Features []string
	Values   [][]float64 // by row, then feature; NaN = missing
	Bad      []bool      // 90 days past due, or the lender's own definition
	Group    []string    // for the fairness table; empty = none
	Later    []bool      // held out: of a later season; empty = none
}

// Options of a fit; zero values are replaced by the defaults named.
type Options struct {
	PDO      float64 // points that double the odds of good to bad; 20
	BaseOdds float64 // odds of good to bad at Offset points; 20
	Offset   float64 // points at BaseOdds; 60
	MinShare float64 // least share of the rows in a bin; 0.05
	MinIV    float64 // features below are left out; 0.02
	Admit    float64 // highest probability of default that is admitted; 0.05
	Decline  float64 // lowest that is declined; 0.20
}

func (o Options) withDefaults() Options {
	for _, d := range []struct {
		v *float64
		x float64
	}{{&o.PDO, 20}, {&o.BaseOdds, 20}, {&o.Offset, 60}, {&o.MinShare, 0.05}, {&o.MinIV, 0.02}, {&o.Admit, 0.05}, {&o.Decline, 0.20}} {
		if *d.v == 0 {
			*d.v = d.x
		}
	}
	return o
}

// Bin is one band of a feature.
type Bin struct {
	From      float64 // first value; the first bin holds all below its end too
	Good, Bad int
	WOE       float64 // ln(share of goods ÷ share of bads)
	Points    int
}

// Item is one feature of the card.
type Item struct {
	Feature       string
	Rising        bool // more is safer
	Bins          []Bin
	IV            float64
	Coefficient   float64
	Missing       int     // points of a missing value: the population's mean, rounded up
	Mean          float64 // of the points, over rows that have a value
	Unknown       int     // rows without a value
	meanWOE, mean float64
}

// Card is a fitted scorecard.
type Card struct {
	Base           int
	Items          []Item
	LeftOut        map[string]string // feature → why
	Admit, Decline int               // cut-offs in points
	Factor, Offset float64           // points = offset + factor × ln(odds of good to bad)
	Rows, Bads     int
}

// Fit trains a card on the rows that are not held out.
func Fit(t Table, opt Options) (*Card, error) {
	o := opt.withDefaults()
	train := rowsWhere(t, false)
	c := &Card{LeftOut: map[string]string{}, Factor: o.PDO / math.Ln2, Rows: len(train)}
	c.Offset = o.Offset - c.Factor*math.Log(o.BaseOdds)
	for _, r := range train {
		if t.Bad[r] {
			c.Bads++
		}
	}
	const least = 20 // of each kind: below, bins are noise
	if c.Bads < least || c.Rows-c.Bads < least {
		return nil, fmt.Errorf("fit a scorecard: %d loans of which %d bad: at least %d good and %d bad are needed", c.Rows, c.Bads, least, least)
	}
	for k, name := range t.Features {
		it, err := binned(t, train, k, o)
		switch {
		case err != nil:
			c.LeftOut[name] = err.Error()
		case it.IV < o.MinIV:
			c.LeftOut[name] = fmt.Sprintf("information value %.3f, less than %.3f", it.IV, o.MinIV)
		default:
			c.Items = append(c.Items, it)
		}
	}
	intercept, err := c.regress(t, train)
	if err != nil {
		return nil, err
	}
	c.points(t, train, intercept)
	c.Admit, c.Decline = c.cutoff(o.Admit), c.cutoff(o.Decline)
	return c, nil
}

// PD is the probability of default that a number of points stands for.
func (c *Card) PD(points float64) float64 { return 1 / (1 + math.Exp((points-c.Offset)/c.Factor)) }

// cutoff is the least whole number of points whose PD is not above p.
func (c *Card) cutoff(p float64) int {
	return int(math.Ceil(c.Offset + c.Factor*math.Log((1-p)/p) - 1e-9))
}

func rowsWhere(t Table, later bool) (rows []int) {
	for i := range t.Bad {
		if (len(t.Later) > 0 && t.Later[i]) == later {
			rows = append(rows, i)
		}
	}
	return rows
}

func (it *Item) bin(v float64) int {
	k := 0
	for k+1 < len(it.Bins) && v >= it.Bins[k+1].From {
		k++
	}
	return k
}

// woe of a row; a missing value stands at the population's mean, in the fit as
// in use.
func (it *Item) woe(v float64) float64 {
	if math.IsNaN(v) {
		return it.meanWOE
	}
	return it.Bins[it.bin(v)].WOE
}

// Points of a value; NaN = missing.
func (it *Item) Points(v float64) int {
	if math.IsNaN(v) {
		return it.Missing
	}
	return it.Bins[it.bin(v)].Points
}

// Score of a row.
func (c *Card) Score(t Table, row int) int {
	s := c.Base
	for i := range c.Items {
		s += c.Items[i].Points(t.Values[row][c.column(t, i)])
	}
	return s
}

func (c *Card) column(t Table, item int) int {
	for k, f := range t.Features {
		if f == c.Items[item].Feature {
			return k
		}
	}
	return -1
}

// regress fits ln(odds of good) = a + Σ b × WOE by Newton's method, leaving out
// features whose b is not above 0: their points would run against their bins.
func (c *Card) regress(t Table, train []int) (float64, error) {
	for len(c.Items) > 0 {
		x := make([][]float64, len(train))
		y := make([]float64, len(train))
		for i, r := range train {
			x[i] = make([]float64, len(c.Items)+1)
			x[i][0] = 1
			for k := range c.Items {
				x[i][k+1] = c.Items[k].woe(t.Values[r][c.column(t, k)])
			}
			if !t.Bad[r] {
				y[i] = 1
			}
		}
		b := logistic(x, y)
		worst := -1
		for k := range c.Items {
			if c.Items[k].Coefficient = b[k+1]; b[k+1] <= 0 && (worst < 0 || b[k+1] < b[worst+1]) {
				worst = k
			}
		}
		if worst < 0 {
			return b[0], nil
		}
		c.LeftOut[c.Items[worst].Feature] = "says nothing beside the others (its weight turns negative)"
		c.Items = append(c.Items[:worst], c.Items[worst+1:]...)
	}
	return 0, errors.New("fit a scorecard: no feature tells good loans from bad ones; see what was left out and why")
}

// points turn weights into whole points; each feature's least band gets no less
// than 0, and Base takes the rest.
func (c *Card) points(t Table, train []int, intercept float64) {
	base := c.Offset + c.Factor*intercept
	for k := range c.Items {
		it := &c.Items[k]
		low := math.Inf(1)
		for _, b := range it.Bins {
			low = math.Min(low, c.Factor*it.Coefficient*b.WOE)
		}
		base += low
		for j := range it.Bins {
			it.Bins[j].Points = int(math.Round(c.Factor*it.Coefficient*it.Bins[j].WOE - low))
		}
		var sum, n float64
		for _, r := range train {
			if v := t.Values[r][c.column(t, k)]; !math.IsNaN(v) {
				sum += float64(it.Points(v))
				n++
			}
		}
		it.Mean = sum / n
		it.Missing = int(math.Ceil(it.Mean - 1e-9))
	}
	c.Base = int(math.Round(base))
}

// logistic is Newton's method with a little ridge; x holds a column of ones.
func logistic(x [][]float64, y []float64) []float64 {
	n := len(x[0])
	b := make([]float64, n)
	for range 50 {
		h := make([][]float64, n)
		for i := range h {
			h[i] = make([]float64, n+1)
			h[i][i] = 1e-6
		}
		for r, row := range x {
			z := 0.0
			for i, v := range row {
				z += v * b[i]
			}
			p := 1 / (1 + math.Exp(-z))
			w := p * (1 - p)
			for i, v := range row {
				for j := range n {
					h[i][j] += w * v * row[j]
				}
				h[i][n] += v * (y[r] - p)
			}
		}
		step := solve(h)
		most := 0.0
		for i := range b {
			b[i] += math.Max(-5, math.Min(5, step[i]))
			most = math.Max(most, math.Abs(step[i]))
		}
		if most < 1e-10 {
			break
		}
	}
	return b
}

// solve is Gauss's elimination with pivots on an n × (n+1) system.
func solve(a [][]float64) []float64 {
	n := len(a)
	for c := range n {
		p := c
		for r := c + 1; r < n; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[p][c]) {
				p = r
			}
		}
		a[c], a[p] = a[p], a[c]
		for r := range n {
			if r == c || a[c][c] == 0 {
				continue
			}
			f := a[r][c] / a[c][c]
			for k := c; k <= n; k++ {
				a[r][k] -= f * a[c][k]
			}
		}
	}
	x := make([]float64, n)
	for i := range x {
		if a[i][i] != 0 {
			x[i] = a[i][n] / a[i][i]
		}
	}
	return x
}

func sortedValues(t Table, rows []int, k int) []float64 {
	var v []float64
	for _, r := range rows {
		if x := t.Values[r][k]; !math.IsNaN(x) {
			v = append(v, x)
		}
	}
	sort.Float64s(v)
	return v
}
