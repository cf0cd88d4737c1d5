package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/parus-lending/parus/season/trial"
)

type modelsEvalCmd struct {
	Name  []string `arg:"" optional:"" help:"Models to measure: names, or paths of cards. Default: all of the suite; with --in: crop."`
	Suite []string `type:"path" placeholder:"DIR" default:"training/.work/suite,training/.work/suite-ndvi" help:"Folders with suite.json and its tables (docs/models.md)."`
	In    string   `type:"existingfile" placeholder:"FILE" help:"Measure on this one labelled table instead of a suite."`
	Docs  string   `type:"existingdir" placeholder:"DIR" help:"Write the tables and pictures there too: crop.md and plots/."`
	modelFlags
}

// Help is shown by `parus models eval --help`.
func (modelsEvalCmd) Help() string {
	return `Prints every figure that the crop models' cards quote, from labelled tables that the models did not learn from, through the same code as ` + "`parus models run`" + `: accuracy, F1 by
class, calibration, confusions, accuracy by date in season, by region, year and size of plot, what the card's rules decline, whether a strange region is noticed, and a random forest beside.

A labelled table is that of ` + "`parus models run crop`" + ` with a column label (class names as ` + "`parus models show crop`" + ` lists them; any other counts as other), and optional columns
region, year, area_mu.

  make -C training suite     makes the tables from the labelled series, in minutes (make -C training: also the models of regions left out)
  parus models eval
  parus models eval crop crop-small --in my-plots.csv
  parus models eval my-crop --models mine --in my-plots.csv`
}

func (c *modelsEvalCmd) Run(ctx context.Context) error {
	m, err := c.open()
	if err != nil {
		return err
	}
	opt := trial.EvaluateOptions{Names: c.Name, Log: os.Stderr}
	command := "parus models eval"
	if c.In != "" {
		names := c.Name
		if len(names) == 0 {
			names = []string{"crop"}
		}
		opt.Suite, opt.Names = trial.TableSuite(c.In, names), nil
		command += " " + strings.Join(names, " ") + " --in " + c.In
	} else {
		if opt.Suite, err = trial.OpenSuites(c.Suite...); err != nil {
			return err
		}
		if opt.Suite.Lacks != "" && c.Docs != "" {
			return fmt.Errorf("--docs: the page would lack tables. %s", opt.Suite.Lacks)
		}
		command = strings.TrimSpace(command + " " + strings.Join(c.Name, " "))
		for _, dir := range c.Suite {
			command += " --suite " + shown(dir)
		}
	}
	figures, err := m.Evaluate(ctx, opt)
	if err != nil {
		return err
	}
	if opt.Suite.Lacks != "" {
		fmt.Printf("Not measured here: %s\n\n", opt.Suite.Lacks)
	}
	trial.WriteReport(os.Stdout, figures, nil)
	if c.Docs == "" {
		return nil
	}
	if err := trial.Publish(c.Docs, figures, command+" --docs "+shown(c.Docs)); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "Written: %s/%s and its pictures in %s\n", c.Docs, trial.Page, trial.PlotsFolder)
	return nil
}

// shown is a path as seen from here, where that is shorter.
func shown(path string) string {
	if here, err := os.Getwd(); err == nil {
		if rest, ok := strings.CutPrefix(path, here+"/"); ok {
			return rest
		}
	}
	return path
}

type modelsCompareCmd struct {
	A  string `arg:"" help:"A model: its name, or the path of its card."`
	B  string `arg:"" help:"Another."`
	In string `required:"" type:"existingfile" placeholder:"FILE" help:"Labelled table, as of parus models eval --in."`
	modelFlags
}

// Help is shown by `parus models compare --help`.
func (modelsCompareCmd) Help() string {
	return `Prints two crop models side by side on the same labelled rows: accuracy, F1, calibration, what each declines, and whether the difference could be chance (McNemar).

  parus models compare crop crop-small --in my-plots.csv
  parus models compare crop retrained/crop.json --in my-plots.csv`
}

func (c *modelsCompareCmd) Run(ctx context.Context) error {
	m, err := c.open()
	if err != nil {
		return err
	}
	x, err := m.Compare(ctx, c.A, c.B, c.In)
	if err != nil {
		return err
	}
	x.Write(os.Stdout)
	return nil
}
