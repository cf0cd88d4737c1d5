package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"

	"github.com/parus-lending/parus/models"
)

type modelsShowCmd struct {
	Name   string `arg:"" help:"The model."`
	Models string `type:"existingdir" placeholder:"DIR" help:"Folder with models of your own."`
	JSON   bool   `help:"Print the card as JSON."`
}

func (c *modelsShowCmd) Run() error {
	reg, err := modelFlags{Models: c.Models}.registry()
	if err != nil {
		return err
	}
	card, err := reg.Card(c.Name)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(os.Stdout, card)
	}
	showCard(os.Stdout, card, reg.From(c.Name))
	return nil
}

// showCard prints a card for reading.
func showCard(w io.Writer, c *models.Card, from string) {
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(w, "%-12s %s\n", name, text)
		}
	}
	line("model", c.Name+" "+c.Version+" ("+c.Task+", "+from+")")
	line("file", c.File+", sha256 "+c.SHA256)
	line("runs in", strings.Join(c.Runtimes, ", ")+"; operators "+strings.Join(c.Operators, " "))
	line("tested", c.Tested)
	if c.Approved == "" {
		line("approved", "no: a season does not use it")
	} else {
		line("approved", c.Approved)
	}
	line("owner", c.Owner)
	line("licence", c.Licence)
	line("trained on", c.Training)
	line("valid for", c.Validity)
	for _, r := range c.ValidFor.Regions {
		line("", fmt.Sprintf("%s: %g–%g° E, %g–%g° N", r.Name, r.BBox[0], r.BBox[2], r.BBox[1], r.BBox[3]))
	}
	line("seasons", strings.Join(c.ValidFor.Seasons, ", "))
	line("crops", strings.Join(c.ValidFor.Crops, ", "))
	fmt.Fprintf(w, "\ninput %s %v\n", c.InputName, c.InputShape)
	variables(w, c.Inputs)
	fmt.Fprintf(w, "output %s %v\n", c.OutputName, c.OutputShape)
	if len(c.Classes) == 0 {
		variables(w, c.Outputs)
	} else {
		line("in service", strings.Join(c.InService, ", "))
		line("experimental", strings.Join(experimental(c), ", "))
	}
	fmt.Fprintln(w)
	rules(w, c)
	if len(c.Metrics) > 0 {
		fmt.Fprintln(w, "\nfigures")
		tree(w, c.Metrics, "  ")
	}
	fmt.Fprintln(w, "\nknown failures")
	for _, f := range c.Failures {
		fmt.Fprintln(w, "  -", f)
	}
	for _, k := range sortedNames(c.Notes) {
		line("note", k+": "+c.Notes[k])
	}
}

func experimental(c *models.Card) []string {
	service := map[string]bool{}
	for _, s := range c.InService {
		service[s] = true
	}
	var out []string
	for _, s := range c.Classes {
		if !service[s] {
			out = append(out, s)
		}
	}
	return out
}

func variables(w io.Writer, vs []models.Variable) {
	for _, v := range vs {
		fmt.Fprintf(w, "  %-24s %s", v.Name, v.Unit)
		if v.Max > v.Min {
			fmt.Fprintf(w, ", %g to %g", v.Min, v.Max)
		}
		fmt.Fprintln(w)
	}
}

// rules are the card's numbers that decide whether an answer counts.
func rules(w io.Writer, c *models.Card) {
	for _, r := range []struct {
		name  string
		value float64
		text  string
	}{
		{"min_dates", float64(c.MinDates), "observed dekads at least, else few_dates"},
		{"min_radar_dates", float64(c.MinRadarDates), "radar dekads are enough without"},
		{"min_familiarity", c.MinFamiliarity, "familiarity at least, else unfamiliar"},
		{"min_probability", c.MinProbability, "probability at least, else low_confidence"},
		{"tolerance", c.Tolerance, "beyond the output's range is still clamped, farther has no value"},
	} {
		if r.value != 0 {
			fmt.Fprintf(w, "%s %g: %s\n", r.name, r.value, r.text)
		}
	}
	if k := c.Calibration; k != nil {
		fmt.Fprintf(w, "calibration: %s; ECE %.3f on %s\n", k.Method, k.ECE, k.On)
	}
	if f := c.Familiarity; f != nil {
		fmt.Fprintf(w, "familiarity: %s; false alarms %.3f\n", f.Method, f.FalseAlarm)
		for _, k := range sortedNames(f.Power) {
			fmt.Fprintf(w, "  %s left out: %.3f flagged\n", k, f.Power[k])
		}
	}
	if u := c.Uncertainty; u != nil {
		fmt.Fprintf(w, "uncertainty: one standard deviation is the larger of %g and %g × value; %s\n", u.RMSE, u.Relative, u.Source)
	}
}

// tree prints nested figures; a group of plain values stands on one line.
func tree(w io.Writer, m map[string]any, indent string) {
	for _, k := range sortedNames(m) {
		sub, nested := m[k].(map[string]any)
		if !nested {
			fmt.Fprintf(w, "%s%s: %s\n", indent, k, plain(m[k]))
			continue
		}
		flat := true
		for _, v := range sub {
			_, deeper := v.(map[string]any)
			flat = flat && !deeper
		}
		if flat {
			fmt.Fprintf(w, "%s%s: %s\n", indent, k, plain(sub))
			continue
		}
		fmt.Fprintf(w, "%s%s\n", indent, k)
		tree(w, sub, indent+"  ")
	}
}

func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		var parts []string
		for _, k := range sortedNames(v) {
			parts = append(parts, k+" "+plain(v[k]))
		}
		return strings.Join(parts, ", ")
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

func sortedNames[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
