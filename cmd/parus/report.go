package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/season/report"
)

type reportCmd struct {
	Dir    string `arg:"" name:"run" type:"existingdir" help:"Folder of a run."`
	Grower string `help:"Write this grower's sheet instead of the whole report."`
	Roster string `type:"existingfile" help:"Contractors file with names, so that the sheet shows them; needs --key."`
	Key    string `type:"existingfile" help:"Identity key of the run's county."`
	Out    string `type:"path" help:"File to write. Default: report.html in the run, or grower-ID.html in this folder."`
}

func (c *reportCmd) Run() error {
	if c.Grower == "" {
		if c.Roster != "" {
			return fmt.Errorf("%w: --roster shows names on one grower's sheet: give --grower too", errUsage)
		}
		if err := report.Build(c.Dir, report.Options{}); err != nil {
			return err
		}
		fmt.Println("Report:", filepath.Join(c.Dir, rundir.ReportFile))
		return nil
	}
	names := map[string]string{}
	if c.Roster != "" {
		if c.Key == "" {
			return fmt.Errorf("%w: --roster needs --key, the county's identity key, to match people to growers", errUsage)
		}
		key, err := identity.LoadKey(c.Key)
		if err != nil {
			return err
		}
		people, err := feeds.Roster(c.Roster, key)
		if err != nil {
			return err
		}
		for id, person := range people {
			names[id] = person.Name
		}
	}
	out := c.Out
	if out == "" {
		out = "grower-" + c.Grower + ".html"
	}
	if inside, err := filepath.Rel(c.Dir, out); err == nil && c.Roster != "" && filepath.IsLocal(inside) {
		return fmt.Errorf("%w: --out %s lies in the run's folder, which holds no names; choose another place", errUsage, out)
	}
	if err := rundir.WriteFile(out, func(w io.Writer) error { return report.Sheet(c.Dir, c.Grower, names, w) }); err != nil {
		return err
	}
	fmt.Println("Sheet:", out)
	return nil
}
