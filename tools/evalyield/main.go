// Command evalyield measures models.EstimateYield against reported yields and
// prints the tables of docs/evaluation/yield.md:
//
//	go run ./tools/evalyield --data ../shared/data
//
// Nothing is fitted here. Rows that name a spread set by hand, or one part of the
// spread alone, show what the shipped constants could be; the others are the code
// as it is.
package main

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/parus-lending/parus/models"
)

func main() {
	data := flag.String("data", filepath.Join("..", "shared", "data"), "folder with yield_county_china and yield_field_rice_vietnam")
	flag.Parse()
	if err := run(*data); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(data string) error {
	table, err := models.YieldCoefficients()
	if err != nil {
		return err
	}
	if err := counties(data, table); err != nil {
		return err
	}
	return fields(data, table)
}

// A pair is one estimate and what was reported, both kg/mu; last is the plain
// baseline, NaN where there is none.
type pair struct {
	est   models.YieldResult
	truth float64
	last  float64
}

const head = `| what | n | MAPE of P50 | bias of P50 | MAPE of baseline | in P10–P90 | below P10 | at or above P25 | half-width of P10–P90 |
|---|---|---|---|---|---|---|---|---|
`

// row sums up one set of pairs; sums run in the order given.
func row(what string, all []pair) string {
	var n, ape, bias, base, inside, low, above25, width float64
	for _, p := range all {
		n++
		ape += math.Abs(p.est.P50-p.truth) / p.truth
		bias += (p.est.P50 - p.truth) / p.truth
		base += math.Abs(p.last-p.truth) / p.truth
		width += (p.est.P90 - p.est.P10) / 2 / p.est.P50
		switch {
		case p.truth < p.est.P10:
			low++
		case p.truth <= p.est.P90:
			inside++
		}
		if p.truth >= p.est.P25 {
			above25++
		}
	}
	if n == 0 {
		return fmt.Sprintf("| %s | 0 | | | | | | | |\n", what)
	}
	pct := func(v float64) string { return fmt.Sprintf("%.1f %%", 100*v/n) }
	baseline := "–"
	if !math.IsNaN(base) {
		baseline = pct(base)
	}
	return fmt.Sprintf("| %s | %.0f | %s | %+.1f %% | %s | %s | %s | %s | %s |\n", what, n, pct(ape), 100*bias/n, baseline, pct(inside), pct(low), pct(above25), pct(width))
}
