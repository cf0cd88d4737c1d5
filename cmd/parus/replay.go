package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/scoring"
	"github.com/parus-lending/parus/season"
)

type replayCmd struct {
	Decision     string `arg:"" optional:"" help:"The decision: its ID, the first 8 characters of it or more, or the grower's ID."`
	Folder       string `name:"run" type:"existingdir" default:"." help:"Folder of the run; with --season, a folder of runs."`
	CreditPolicy string `type:"existingfile" help:"Back-test: decide the whole season again by this file and show what moves."`
	Season       string `help:"Back-test every run of this season found in --run."`
	Out          string `type:"path" help:"Back-test: write every decision that moves to this CSV file."`
}

func (c *replayCmd) Run() error {
	switch {
	case c.CreditPolicy != "" && c.Decision == "":
		return backTest(os.Stdout, c.CreditPolicy, c.Folder, c.Season, c.Out)
	case c.Decision == "" || c.CreditPolicy != "" || c.Season != "" || c.Out != "":
		return fmt.Errorf("%w: name a decision, or a --credit-policy to back-test, not both", errUsage)
	}
	r, err := season.Replay(c.Folder, c.Decision)
	if err != nil {
		return err
	}
	fmt.Printf("%s\n", r.Row)
	if !r.Same() {
		return fmt.Errorf("the replay differs from what the run wrote:\n%s\nThe file was changed, or another version of the program made it (run.json, code)", r.Stored)
	}
	fmt.Fprintln(os.Stderr, "The replay gives the same bytes as the run.")
	return nil
}

// backTest shows what a credit policy would move in the runs of a season.
func backTest(w io.Writer, policy, folder, id, out string) error {
	cp, err := readCreditPolicy(policy)
	if err != nil {
		return err
	}
	runs, err := season.FindRuns(folder, id)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, dir := range runs {
		m, err := season.BackTest(dir, cp)
		if err != nil {
			return err
		}
		printMoves(w, dir, m)
		for _, v := range m.List {
			rows = append(rows, []string{dir, v.GrowerID, v.From, v.To, fmt.Sprint(int64(v.LimitFrom)), fmt.Sprint(int64(v.LimitTo)), v.Binding, fmt.Sprint(v.Reasons)})
		}
	}
	if out == "" {
		return nil
	}
	return rundir.WriteCSV(out, []string{"run", "grower_id", "from", "to", "limit_from_fen", "limit_to_fen", "binding", "reasons"}, rows)
}

func readCreditPolicy(path string) (*scoring.CreditPolicy, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	cp, err := scoring.ParseCreditPolicy(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return cp, nil
}

func printMoves(w io.Writer, name string, m scoring.Moves) {
	const shown = 10
	fmt.Fprintf(w, "%s: %d of %d decisions would change; admitted %s → %s; %s would move\n", filepath.ToSlash(name), m.Changed, m.Decisions,
		scoring.Yuan(m.MoneyFrom), scoring.Yuan(m.MoneyTo), scoring.Yuan(m.MoneyMoved))
	var froms []string
	for f := range m.Outcomes {
		froms = append(froms, f)
	}
	sort.Strings(froms)
	for _, f := range froms {
		for _, t := range []string{scoring.Admit, scoring.Refer, scoring.Decline, scoring.NotAssessable, ""} {
			if n := m.Outcomes[f][t]; n > 0 {
				fmt.Fprintf(w, "  %-14s → %-14s %6d\n", f, t, n)
			}
		}
	}
	for i, v := range m.List {
		if i == shown {
			fmt.Fprintf(w, "  … and %d more (--out FILE writes all)\n", len(m.List)-shown)
			break
		}
		fmt.Fprintf(w, "  %s  %s %s → %s %s  %v\n", v.GrowerID, v.From, scoring.Yuan(v.LimitFrom), v.To, scoring.Yuan(v.LimitTo), v.Reasons)
	}
}
