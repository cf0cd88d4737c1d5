// Package report writes the pages for people: the report of a run, and one
// grower's sheet. It reads the files of a run and nothing else, so a report
// can be written again from a run's folder at any time; equal files give equal
// bytes, but for the seconds that run.json holds.
//
// It does not know how anything was judged. A page is one HTML file with
// pictures and styles inside, without scripts, in English and Chinese, and
// stays under 15 MB for a county of any size: what grows with the county is
// drawn or summed, and long tables end with a pointer to the full file.
//
//	err := report.Build("run", report.Options{})
//	err = report.Sheet("run", growerID, nil, os.Stdout)
package report

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"path/filepath"

	"github.com/parus-lending/parus/data/rundir"
)

// Options of Build.
type Options struct {
	Language string // shown first: "en" (default) or "zh"; the page holds both
	Sheets   int    // grower sheets in the report; 0 = 50, negative = none
}

const (
	defaultSheets  = 50
	plotsPerSheet  = 8   // drawn in the report; a sheet of its own draws all
	largestShown   = 20  // rows of the largest limits
	referredShown  = 40  // rows of the referred
	warningsShown  = 100 // rows of warnings
	inputsShown    = 60  // rows of inputs
	findingsOnFull = 200 // findings on one sheet
)

//go:embed page.html style.css
var files embed.FS

// pages holds the templates "report" and "sheet".
func pages() (*template.Template, error) {
	return template.New("page.html").Funcs(template.FuncMap{
		"t": both, "num": number, "yuan": yuan, "pct": percent, "short": short, "brief": brief, "within": within, "count": func(n int) string { return number(float64(n), 0) },
		"bytes": func(n int64) string { return number(float64(n), 0) },
		"css": func() (template.CSS, error) {
			b, err := files.ReadFile("style.css")
			return template.CSS(b), err
		},
	}).ParseFS(files, "page.html")
}

// Build writes report.html into the run's folder.
func Build(dir string, opt Options) error {
	if opt.Sheets == 0 {
		opt.Sheets = defaultSheets
	}
	r, err := load(dir)
	if err != nil {
		return fmt.Errorf("write the report of %s: %w", dir, err)
	}
	chosen := r.choose(max(opt.Sheets, 0))
	if err := r.fill(dir, chosen); err != nil {
		return fmt.Errorf("write the report of %s: %w", dir, err)
	}
	view, err := r.county(opt, chosen)
	if err != nil {
		return fmt.Errorf("write the report of %s: %w", dir, err)
	}
	return rundir.WriteFile(filepath.Join(dir, rundir.ReportFile), func(w io.Writer) error { return render(w, "report", view) })
}

// Sheet writes one grower's sheet as a page of its own. names gives the name to
// show by grower ID; nil or no entry shows the ID only. No name is stored in a
// run.
func Sheet(dir, growerID string, names map[string]string, w io.Writer) error {
	r, err := load(dir)
	if err != nil {
		return fmt.Errorf("write the sheet of grower %s: %w", growerID, err)
	}
	if _, ok := r.decided[growerID]; !ok && len(r.plotsOf[growerID]) == 0 {
		return fmt.Errorf("write the sheet of grower %s: the run in %s knows no such grower; grower_id stands in %s", growerID, dir, rundir.DecisionsCSV)
	}
	if err := r.fill(dir, []string{growerID}); err != nil {
		return fmt.Errorf("write the sheet of grower %s: %w", growerID, err)
	}
	s := r.sheet(growerID, len(r.plotsOf[growerID]))
	s.Name = names[growerID]
	return render(w, "sheet", struct {
		Head  head
		Sheet sheet
	}{r.head(Options{}), s})
}

func render(w io.Writer, name string, view any) error {
	t, err := pages()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, view); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}
