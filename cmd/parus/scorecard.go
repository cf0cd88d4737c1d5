package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/table"
	"github.com/parus-lending/parus/scoring"
	"github.com/parus-lending/parus/scoring/fit"
)

type scorecardCmd struct {
	Fit scorecardFitCmd `cmd:"" help:"Train a scorecard on a table of past loans, print how good and how fair it is, and write the card."`
}

type scorecardFitCmd struct {
	In      string  `required:"" type:"existingfile" help:"Table of past loans, CSV or Parquet: a row is a loan, a column a feature by the name that credit policies use (land_mu, debt_percent …). An empty cell is missing."`
	Bad     string  `default:"bad" help:"Column that is 1 for a loan that went bad (90 days past due; a bullet loan counts from maturity), else 0."`
	Group   string  `help:"Column of the groups to compare in the fairness table (it is no feature)."`
	Later   string  `help:"Column that is 1 for loans of a later season: held out of the fit, used to measure it."`
	Out     string  `type:"path" help:"Write the card here, ready for a credit policy: the [scorecard] tables."`
	PDO     float64 `default:"20" help:"Points that double the odds of good to bad."`
	Admit   float64 `default:"0.05" help:"Highest probability of default that is admitted."`
	Decline float64 `default:"0.20" help:"Probability of default from which points decline."`
}

func (c *scorecardFitCmd) Run() error {
	if c.PDO <= 0 || c.Admit <= 0 || c.Admit >= 1 || c.Decline < c.Admit || c.Decline >= 1 {
		return fmt.Errorf("%w: --pdo must be above 0, and 0 < --admit ≤ --decline < 1", errUsage)
	}
	t, err := c.read()
	if err != nil {
		return err
	}
	card, err := fit.Fit(t, fit.Options{PDO: c.PDO, Admit: c.Admit, Decline: c.Decline})
	if err != nil {
		return fmt.Errorf("%s: %w", c.In, err)
	}
	c.print(os.Stdout, t, card)
	if c.Out == "" {
		return nil
	}
	return rundir.WriteFile(c.Out, func(w io.Writer) error { return writeCard(w, card) })
}

// read takes every column that is not the target, the group or the period as a
// feature.
func (c *scorecardFitCmd) read() (t fit.Table, err error) {
	r, err := table.Open(c.In)
	if err != nil {
		return t, err
	}
	defer r.Close()
	role := make([]string, len(r.Columns()))
	for i, name := range r.Columns() {
		switch {
		case strings.EqualFold(name, c.Bad):
			role[i] = "bad"
		case c.Group != "" && strings.EqualFold(name, c.Group):
			role[i] = "group"
		case c.Later != "" && strings.EqualFold(name, c.Later):
			role[i] = "later"
		default:
			t.Features = append(t.Features, name)
		}
	}
	for what, flag := range map[string]string{"bad": c.Bad, "group": c.Group, "later": c.Later} {
		if flag != "" && !strings.Contains(" "+strings.Join(role, " ")+" ", " "+what+" ") {
			return t, fmt.Errorf("%s has no column %q (--%s)", c.In, flag, what)
		}
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return t, err
		}
		if row.Fault != "" {
			return t, fmt.Errorf("%s row %d: %s", c.In, row.Number, row.Fault)
		}
		var values []float64
		for i, cell := range row.Cells {
			if role[i] == "group" {
				t.Group = append(t.Group, cell.String())
				continue
			}
			v, err := cell.Float()
			if err != nil {
				return t, fmt.Errorf("%s row %d, column %s: %q %w", c.In, row.Number, r.Columns()[i], cell.String(), err)
			}
			if role[i] == "" {
				values = append(values, v)
				continue
			}
			if v != 0 && v != 1 {
				return t, fmt.Errorf("%s row %d, column %s: %q must be 0 or 1", c.In, row.Number, r.Columns()[i], cell.String())
			}
			if role[i] == "bad" {
				t.Bad = append(t.Bad, v == 1)
			} else {
				t.Later = append(t.Later, v == 1)
			}
		}
		t.Values = append(t.Values, values)
	}
}

func (c *scorecardFitCmd) print(w io.Writer, t fit.Table, card *fit.Card) {
	fmt.Fprintf(w, "%d loans to learn from, %d of them bad\n\n", card.Rows, card.Bads)
	for _, it := range card.Items {
		fmt.Fprintf(w, "%s: information value %.3f (%s), weight %.2f, %d missing → %d points\n", it.Feature, it.IV, strength(it.IV), it.Coefficient, it.Unknown, it.Missing)
		for _, b := range it.Bins {
			fmt.Fprintf(w, "  from %8g  %6d good %6d bad  WOE %6.2f  %4d points\n", b.From, b.Good, b.Bad, b.WOE, b.Points)
		}
	}
	for _, f := range t.Features {
		if why := card.LeftOut[f]; why != "" {
			fmt.Fprintf(w, "%s is left out: %s\n", f, why)
		}
	}
	fmt.Fprintf(w, "\nBase %d; admit from %d, decline below %d points; PD = 1/(1 + exp((points − %.2f)/%.2f))\n", card.Base, card.Admit, card.Decline, card.Offset, card.Factor)
	figures(w, "Learnt from", card.Measure(t, false))
	if len(t.Later) > 0 {
		figures(w, "Held out", card.Measure(t, true))
		fmt.Fprintf(w, "Population stability index, held out against learnt from: %.3f (up to 0.1 stable, up to 0.25 watch, above act)\n", card.Stability(t))
	}
	if groups := card.Fairness(t); len(groups) > 0 {
		fmt.Fprintf(w, "\n%-16s %7s %7s %8s %8s %8s %9s %9s\n", "group", "loans", "points", "admitted", "of best", "of good", "PD", "bad seen")
		for _, g := range groups {
			fmt.Fprintf(w, "%-16s %7d %7.1f %7.1f%% %8.2f %7.1f%% %8.2f%% %8.2f%%\n", g.Group, g.Rows, g.MeanPoints, 100*g.Admitted, g.AdmittedToHighest, 100*g.AdmittedGoods, 100*g.Expected, 100*g.Observed)
		}
		fmt.Fprintln(w, "\"of best\" below 0.80: ask why before the card is released.")
	}
}

func strength(iv float64) string {
	for _, s := range []struct {
		from float64
		word string
	}{{.5, "suspiciously strong"}, {.3, "strong"}, {.1, "medium"}} {
		if iv >= s.from {
			return s.word
		}
	}
	return "weak"
}

func figures(w io.Writer, what string, f fit.Figures) {
	fmt.Fprintf(w, "%s: %d loans, %d bad, KS %.3f, AUC %.3f\n", what, f.Rows, f.Bads, f.KS, f.AUC)
	for _, b := range f.Calibrated {
		fmt.Fprintf(w, "  %4d to %4d points: %6d loans, bad expected %5.2f%%, seen %5.2f%%\n", b.From, b.To, b.Rows, 100*b.Expected, 100*b.Seen)
	}
}

// writeCard writes the tables of a credit policy.
func writeCard(w io.Writer, c *fit.Card) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Written by `parus scorecard fit`: %d loans, %d bad. Look at the figures, then let a second person release it.\n", c.Rows, c.Bads)
	fmt.Fprintf(&b, "[scorecard]\nbase = %d\nadmit = %d\ndecline = %d\n\n", c.Base, c.Admit, min(c.Decline, c.Admit))
	fmt.Fprintf(&b, "# Probability of default by points, from the fit.\npd = [\n")
	for p := c.Decline - 40; p <= c.Admit+60; p += 5 {
		fmt.Fprintf(&b, "  { from = %d, pd_percent = %.2f },\n", p, 100*c.PD(float64(p)))
	}
	b.WriteString("]\n")
	for _, it := range c.Items {
		fmt.Fprintf(&b, "\n[[scorecard.items]]\nfeature = %q\ncode = %q\nen = %q\nzh = %q\nmissing = %d\nmean_points = %.4f\nbands = [", it.Feature,
			"LOW_"+strings.ToUpper(it.Feature), "The points for "+it.Feature+" are low.", it.Feature+"得分较低。", it.Missing, it.Mean)
		for i, band := range it.Bins {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "{ from = %d, points = %d }", int64(math.Floor(band.From)), band.Points)
		}
		b.WriteString("]\n")
	}
	for _, it := range c.Items {
		if !scoring.IsFeature(it.Feature) {
			fmt.Fprintf(&b, "# %s is not a feature that scoring computes: take it out, or a credit policy with this card is refused.\n", it.Feature)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
