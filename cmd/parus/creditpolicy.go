package main

import (
	"fmt"
	"os"

	"github.com/parus-lending/parus/scoring"
)

type policyCheckCmd struct {
	File string `arg:"" type:"existingfile" help:"The credit policy file."`
}

func (c *policyCheckCmd) Run() error {
	cp, err := readCreditPolicy(c.File)
	if err != nil {
		return err
	}
	fmt.Printf("%s: credit policy %s, %d products, %d crops, %d overrides, in force %s to %s\n", c.File, cp.Ref(), len(cp.Products), len(cp.Crops), len(cp.Overrides),
		orWord(cp.EffectiveFrom.String(), "always"), orWord(cp.EffectiveTo.String(), "further notice"))
	if err := cp.Released(); err != nil {
		fmt.Printf("Not released: %v\n", err)
		return nil
	}
	fmt.Printf("Written by %s, released by %s on %s\n", cp.Author, cp.ApprovedBy, cp.ApprovedOn)
	return nil
}

func orWord(s, word string) string {
	if s == "" {
		return word
	}
	return s
}

type policyDiffCmd struct {
	Old string `arg:"" type:"existingfile" help:"The file as it is."`
	New string `arg:"" type:"existingfile" help:"The file as it is to be."`
}

func (c *policyDiffCmd) Run() error {
	a, err := os.ReadFile(c.Old)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(c.New)
	if err != nil {
		return err
	}
	changes, err := scoring.DiffCreditPolicies(a, b)
	if err != nil {
		return err
	}
	for _, d := range changes {
		fmt.Printf("%s: %s (line %d) → %s (line %d)\n", d.Path, orWord(d.Old, "not there"), d.OldLine, orWord(d.New, "not there"), d.NewLine)
	}
	fmt.Printf("%d values differ\n", len(changes))
	return nil
}

type policyExplainCmd struct {
	File     string `arg:"" type:"existingfile" help:"The credit policy file."`
	County   string `help:"Six digits of GB/T 2260."`
	Season   string `help:"ID of the season."`
	Industry string `help:"As under industries in the file."`
	Operator string `enum:",person,household,family_farm,coop,company" default:"" help:"Kind of grower."`
}

func (c *policyExplainCmd) Run() error {
	b, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	values, err := scoring.ExplainCreditPolicy(b, scoring.Applicant{County: c.County, Season: c.Season, Industry: c.Industry, Operator: c.Operator})
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	for _, v := range values {
		from := ""
		if v.From != "" {
			from = ", " + v.From
		}
		fmt.Printf("%s = %s (line %d%s)\n", v.Path, v.Value, v.Line, from)
	}
	return nil
}

type policySimulateCmd struct {
	File   string `arg:"" type:"existingfile" help:"The changed credit policy file."`
	Folder string `name:"run" type:"existingdir" required:"" help:"Folder of a run; with --season, a folder of runs. Its stored evidence is decided again."`
	Season string `help:"Every run of this season found in --run."`
	Out    string `type:"path" help:"Write every decision that moves to this CSV file."`
}

func (c *policySimulateCmd) Run() error {
	return backTest(os.Stdout, c.File, c.Folder, c.Season, c.Out)
}
