package report

import (
	"fmt"
	"html/template"
	"slices"
	"sort"

	"github.com/parus-lending/parus/scoring"
)

// countRow is a labelled number with a bar; Share is of the largest.
type countRow struct {
	Label template.HTML
	Code  string
	N     int
	Text  string
	Share float64
}

// Bar is the width of the row's bar.
func (c countRow) Bar() template.CSS { return width(c.Share) }

func width(share float64) template.CSS { return template.CSS(fmt.Sprintf("width:%.1f%%", share*100)) }

// counted makes rows of counts, most first.
func counted(n map[string]int, label func(code string) template.HTML) []countRow {
	var out []countRow
	top := 0
	for _, k := range sortedKeys(n) {
		out = append(out, countRow{Label: label(k), Code: k, N: n[k]})
		top = max(top, n[k])
	}
	for i := range out {
		out[i].Share = float64(out[i].N) / float64(top)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].N > out[j].N })
	return out
}

type outcomeRow struct {
	word
	N     int
	Fen   int64 // sum of limits
	Mid   int64 // median limit
	Mu    float64
	Share float64 // of all decisions
}

func (o outcomeRow) Bar() template.CSS { return width(o.Share) }

func (r *run) outcomes() []outcomeRow {
	var out []outcomeRow
	for _, w := range outcomes {
		row := outcomeRow{word: w}
		var limits []float64
		for _, d := range r.order {
			if d.Outcome == w.Code {
				row.N++
				row.Fen += d.LimitFen
				row.Mu += d.AreaMu
				limits = append(limits, float64(d.LimitFen))
			}
		}
		if row.N > 0 {
			row.Mid = int64(median(limits))
			row.Share = float64(row.N) / float64(len(r.order))
		}
		out = append(out, row)
	}
	return out
}

// bindings counts what holds the limits of those admitted or referred.
func (r *run) bindings() []countRow {
	n := map[string]int{}
	for _, d := range r.order {
		if d.LimitFen > 0 && d.Binding != "" {
			n[d.Binding]++
		}
	}
	return counted(n, func(code string) template.HTML { return called(constraintWords, code) })
}

// reasons counts what stands behind decisions other than admit.
func (r *run) reasons() []countRow {
	n := map[string]int{}
	for _, d := range r.order {
		if d.Outcome == scoring.Admit {
			continue
		}
		for _, c := range d.codes() {
			n[c]++
		}
	}
	return counted(n, r.reasonLabel)
}

// reasonLabel says a code in words. A cross-check has a general sentence; the
// text of one grower's reason holds that grower's numbers.
func (r *run) reasonLabel(code string) template.HTML {
	if c, ok := scoring.CheckOf(code); ok {
		return both(c.What, c.WhatZH)
	}
	if t, ok := r.texts[code]; ok {
		return both(t[0], t[1])
	}
	return both(code, code)
}

type findingRow struct {
	Code     string
	What     template.HTML
	Severity template.HTML
	Class    string
	Sees     template.HTML
	N        int
	Growers  int
	Example  template.HTML
}

func (r *run) findingRows() []findingRow {
	rows := map[string]*findingRow{}
	growers := map[string]map[string]bool{}
	for _, f := range r.findings {
		row := rows[f.Code]
		if row == nil {
			row = &findingRow{Code: f.Code, What: both(f.Code, f.Code), Severity: called(severityWords, f.Severity), Class: f.Severity, Example: both(f.Detail, f.DetailZH)}
			if c, ok := scoring.CheckOf(f.Code); ok {
				row.What = both(c.What, c.WhatZH)
				row.Sees = both("records", "数据")
				if c.Sees == "imagery" {
					row.Sees = both("imagery", "影像")
				}
			}
			rows[f.Code], growers[f.Code] = row, map[string]bool{}
		}
		row.N++
		growers[f.Code][f.GrowerID] = true
	}
	var out []findingRow
	for _, code := range sortedKeys(rows) {
		rows[code].Growers = len(growers[code])
		out = append(out, *rows[code])
	}
	order := []string{"decline", "refer", "warn", "info"}
	sort.SliceStable(out, func(i, j int) bool {
		if a, b := slices.Index(order, out[i].Class), slices.Index(order, out[j].Class); a != b {
			return a < b
		}
		return out[i].N > out[j].N
	})
	return out
}

// decisionRow is a decision in a table.
type decisionRow struct {
	*decision
	Bound    template.HTML
	Why      []scoring.Reason
	HasSheet bool
}

func (r *run) row(d *decision, chosen []string) decisionRow {
	return decisionRow{d, called(constraintWords, d.Binding), d.trace.Reasons, slices.Contains(chosen, d.Grower)}
}
