package parus_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
)

// Every column and field of a run's files stands in docs/formats.md.
func TestFormatsNamesEveryColumn(t *testing.T) {
	doc, err := os.ReadFile("docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []any{rundir.Observation{}, rundir.Plot{}, rundir.SeriesRow{}, rundir.Cycle{}, rundir.Decision{}, rundir.Area{}, rundir.Agreement{}, rundir.Spell{}} {
		typ := reflect.TypeOf(row)
		for i := range typ.NumField() {
			column, _, _ := strings.Cut(typ.Field(i).Tag.Get("parquet"), ",")
			if column == "" {
				t.Errorf("%s.%s has no column name", typ, typ.Field(i).Name)
			} else if !strings.Contains(string(doc), "`"+column+"`") {
				t.Errorf("docs/formats.md does not name the column %s (%s)", column, typ)
			}
		}
	}
	b, err := json.Marshal(rundir.Info{Inputs: []rundir.Input{}, Sample: true})
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(b, &fields); err != nil {
		t.Fatal(err)
	}
	for f := range fields {
		if !strings.Contains(string(doc), "`"+f+"`") && !strings.Contains(string(doc), "`"+f+"[]`") {
			t.Errorf("docs/formats.md does not name the field %s of run.json", f)
		}
	}
}

// Links between documents lead to files that exist.
func TestLinksLeadSomewhere(t *testing.T) {
	docs, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, path := range append(docs, "README.md", "CONTRIBUTING.md") {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`).FindAllStringSubmatch(string(b), -1) {
			n++
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", path, m[1], err)
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d links found: the test looks at nothing", n)
	}
}
