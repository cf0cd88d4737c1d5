package trial

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
)

// Page is the name of the page that Publish writes, PlotsFolder of its pictures.
const (
	Page        = "crop.md"
	PlotsFolder = "plots"
)

// Publish writes the figures as a page with pictures into a folder. Pictures of
// an earlier evaluation go.
func Publish(dir string, figures []Figures, command string) error {
	plots := map[string][]byte{}
	var page strings.Builder
	fmt.Fprintf(&page, "# Crop recognition: what was measured\n\nWritten by the command below; do not edit by hand.\n\n```\n%s\n```\n\n", command)
	WriteReport(&page, figures, func(name string, picture []byte) string {
		plots[name] = picture
		return PlotsFolder + "/" + name
	})
	old, err := filepath.Glob(filepath.Join(dir, PlotsFolder, "crop-*.svg"))
	if err != nil {
		return err
	}
	for _, path := range old {
		if plots[filepath.Base(path)] == nil {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	for name, picture := range plots {
		if err := rundir.WriteFile(filepath.Join(dir, PlotsFolder, name), func(w io.Writer) error { _, err := w.Write(picture); return err }); err != nil {
			return err
		}
	}
	return rundir.WriteFile(filepath.Join(dir, Page), func(w io.Writer) error { _, err := io.WriteString(w, page.String()); return err })
}

// WriteReport writes every table as Markdown. plot takes a picture and says
// where it lies; nil = no pictures.
func WriteReport(w io.Writer, figures []Figures, plot func(name string, picture []byte) string) {
	fmt.Fprint(w, `Each split is a table that the model did not learn from. *OA*: overall accuracy, the share of rows named rightly, of all rows, assessable or not. *macro-F1*: the mean F1 of the
classes that occur. *ECE*: expected calibration error, 15 bins. *assessable*: the share that the card's rules let pass, and the accuracy of these. A label that the model has no
name for counts as *other*.

## All splits

`)
	summary(w, figures)
	for _, f := range figures {
		section(w, f, plot)
	}
}

func summary(w io.Writer, figures []Figures) {
	t := markdown{head: []string{"split", "kind", "model", "rows", "OA", "macro-F1", "ECE", "assessable", "OA of these"}}
	b := markdown{head: []string{"split", "model", "rows", "OA", "forest's OA", "points", "macro-F1", "forest's", "points", "only model right", "only forest", "p"}}
	for _, f := range figures {
		t.add(f.Split.Name, f.Split.Kind, f.Model, f.Rows, f.Scores.OA, f.Scores.MacroF1, f.Scores.ECE, f.Kept.Coverage, f.Kept.Accuracy)
		if x := f.Baseline; x != nil {
			b.add(f.Split.Name, f.Model, x.Rows, x.Model.OA, x.Theirs.OA, points(x.Model.OA-x.Theirs.OA), x.Model.MacroF1, x.Theirs.MacroF1,
				points(x.Model.MacroF1-x.Theirs.MacroF1), x.OnlyModel, x.OnlyTheirs, fmt.Sprintf("%.2g", x.P))
		}
	}
	t.write(w)
	if len(b.rows) > 0 {
		fmt.Fprint(w, "## Beside a random forest\n\nTrained on the same rows, measured on the same held-out rows. *p*: exact McNemar test of the rows that only one of the two names rightly.\n\n")
		b.write(w)
	}
}

// section is one model on one split.
func section(w io.Writer, f Figures, plot func(string, []byte) string) {
	fmt.Fprintf(w, "## %s: %s\n\n", f.Split.Name, f.Model)
	if f.Split.Note != "" {
		fmt.Fprintf(w, "%s\n\n", f.Split.Note)
	}
	fmt.Fprintf(w, "%d rows in %s", f.Rows, f.Runtime)
	if f.AsOther > 0 {
		fmt.Fprintf(w, ", %d of them with labels that the model has no name for", f.AsOther)
	}
	fmt.Fprintf(w, ": OA %s, macro-F1 %s, ECE %s; assessable %s, of these right %s.\n\n", num(f.Scores.OA), num(f.Scores.MacroF1), num(f.Scores.ECE), num(f.Kept.Coverage), num(f.Kept.Accuracy))
	if plot != nil && len(f.ByDekad) > 0 {
		name := "crop-" + fileName(f.Split.Name+"-"+f.Model)
		title := f.Split.Name + ", " + f.Model
		for _, p := range []struct {
			end, alt string
			picture  []byte
		}{
			{"confusion", "Confusion matrix", confusionPlot(title, f.Scores)}, {"reliability", "Reliability diagram", reliabilityPlot(title, f.Scores)},
			{"season", "Accuracy by date in season", seasonPlot(title, f.ByDekad)}, {"coverage", "Coverage and accuracy", coveragePlot(title, f)},
		} {
			fmt.Fprintf(w, "![%s](%s)\n", p.alt, plot(name+"-"+p.end+".svg", p.picture))
		}
		fmt.Fprintln(w)
	}
	classes(w, f)
	groups(w, "By last dekad seen (36 a year); rows with dates enough by then:", "dekad", f.ByDekad)
	groups(w, "By region:", "region", f.ByRegion)
	groups(w, "By year:", "year", f.ByYear)
	groups(w, "By size of the plot:", "size", f.ByArea)
	groups(w, "By share of the named crop in the mixture:", "share", f.ByShare)
	groups(w, "Rows that are not assessable:", "reason", f.Reasons)
	familiar(w, f.Familiar)
	if len(f.Coverage) > 0 {
		t := markdown{head: []string{"share of rows answered, surest first", "probability at least", "OA"}}
		for i, k := range f.Coverage {
			if i%2 == 0 {
				t.add(k.Coverage, k.Threshold, k.Accuracy)
			}
		}
		t.write(w)
	}
	if len(f.Sure) > 0 {
		t := markdown{head: []string{"assessable, crop in service, probability at least", "rows", "share right"}}
		for _, s := range f.Sure {
			t.add(fmt.Sprintf("%.2f", s.From), s.Rows, s.Right)
		}
		t.write(w)
	}
	t := markdown{head: []string{"highest probability", "rows", "mean", "share right"}}
	for _, b := range f.Scores.Reliability {
		if b.Rows > 0 {
			t.add(fmt.Sprintf("%.2f–%.2f", b.Low, b.High), b.Rows, b.Confidence, b.Accuracy)
		}
	}
	t.write(w)
}

func classes(w io.Writer, f Figures) {
	service := map[string]bool{}
	for _, c := range f.InService {
		service[c] = true
	}
	t := markdown{head: []string{"class", "rows", "precision", "recall", "F1", "", "taken for"}}
	for k, c := range f.Scores.Classes {
		if c.Support+c.Said == 0 {
			continue
		}
		state := "experimental"
		if service[c.Class] {
			state = "in service"
		}
		t.add(c.Class, c.Support, c.Precision, c.Recall, c.F1, state, takenFor(f, k))
	}
	t.write(w)
}

// takenFor lists the classes that a twentieth of a class's rows or more were
// named.
func takenFor(f Figures, truth int) string {
	type pair struct {
		class string
		n     int
	}
	var all []pair
	for said, n := range f.Scores.Confusion[truth] {
		if said != truth && 20*n >= f.Scores.Classes[truth].Support && n > 0 {
			all = append(all, pair{f.Scores.Classes[said].Class, n})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].n > all[j].n })
	var out []string
	for _, p := range all {
		out = append(out, fmt.Sprintf("%s %d", p.class, p.n))
	}
	return strings.Join(out, ", ")
}

func groups(w io.Writer, title, column string, gs []Group) {
	if len(gs) == 0 {
		return
	}
	fmt.Fprintf(w, "%s\n\n", title)
	t := markdown{head: []string{column, "rows", "OA", "macro-F1", "ECE", "assessable", "OA of these"}}
	for _, g := range gs {
		t.add(g.Name, g.Rows, g.Scores.OA, g.Scores.MacroF1, g.Scores.ECE, g.Kept.Coverage, g.Kept.Accuracy)
	}
	t.write(w)
}

func familiar(w io.Writer, x *FamiliarFigures) {
	if x == nil {
		return
	}
	fmt.Fprintf(w, "Is the place known to be unfamiliar? %d rows of regions the model knows, %d of this one:\n\n", x.Inside, x.Outside)
	t := markdown{head: []string{"", "regions known", "here"}}
	t.add("flagged as unfamiliar", x.FlaggedIn, x.FlaggedOut)
	t.add("OA", x.OAInside, x.OAOutside)
	t.add("OA of the rows not flagged", "", x.OANotFlagged)
	t.add("OA of the flagged", "", x.OAFlagged)
	t.write(w)
	fmt.Fprintf(w, "AUC of the familiarity, known against here: %s; of the highest probability alone: %s. %d rows together: called unfamiliar from %d flagged on (false alarms at most 5 %%), noticed with a chance of %s.\n\n",
		num(x.AUC), num(x.AUCProbability), x.PowerRows, x.PowerLeast, num(x.Power))
}

// markdown is a Markdown table; floats show three decimals.
type markdown struct {
	head []string
	rows [][]string
}

func (t *markdown) add(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		switch v := c.(type) {
		case float64:
			row[i] = num(v)
		default:
			row[i] = strings.ReplaceAll(fmt.Sprint(v), "|", "\\|")
		}
	}
	t.rows = append(t.rows, row)
}

func (t *markdown) write(w io.Writer) {
	fmt.Fprintf(w, "| %s |\n|%s\n", strings.Join(t.head, " | "), strings.Repeat("---|", len(t.head)))
	for _, r := range t.rows {
		fmt.Fprintf(w, "| %s |\n", strings.Join(r, " | "))
	}
	fmt.Fprintln(w)
}

func num(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return strconv.FormatFloat(v, 'f', 3, 64)
}

func points(v float64) string { return fmt.Sprintf("%+.1f", 100*v) }

var oddRunes = regexp.MustCompile(`[^a-z0-9.]+`)

// fileName makes a name of lower-case letters, digits, points and hyphens.
func fileName(s string) string {
	return strings.Trim(oddRunes.ReplaceAllString(strings.ToLower(s), "-"), "-")
}
