package scoring

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

func checkCases() []checkCase {
	return slices.Concat(recordCases(), imageryCases(), peopleCases(), goodsCases(), mapCases(), coverCases())
}

// What every check says of its first case, word by word. Numbers in it follow
// from the case's own numbers; -update writes the file again.
func TestGoldenFindings(t *testing.T) {
	type golden struct {
		Case     string    `json:"case"`
		Findings []Finding `json:"findings"`
	}
	got := map[string]golden{}
	for _, c := range checkCases() {
		if _, there := got[c.code]; there || c.want == "" {
			continue
		}
		ev := county()
		c.plant(ev)
		got[c.code] = golden{c.name, CrossCheck(ev, defaults(t))}
	}
	have, err := json.MarshalIndent(got, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	have = append(have, '\n')
	const file = "testdata/findings.json"
	if *update {
		if err := os.WriteFile(file, have, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Errorf("findings differ from %s: if that is meant, raise Version and run with -update\n%s", file, have)
	}
	var stored map[string]golden
	if err := json.Unmarshal(want, &stored); err != nil {
		t.Fatal(err)
	}
	for _, c := range Checks {
		if !slices.ContainsFunc(stored[c.Code].Findings, func(f Finding) bool { return f.Code == c.Code && f.DetailZH != "" && len(f.Witnesses) > 0 }) {
			t.Errorf("%s has no finding in %s", c.Code, file)
		}
	}
}

// docs/checks.md lists the checks between its two marks; -update writes them.
func TestDocsListEveryCheck(t *testing.T) {
	const file, begin, end = "../docs/checks.md", "<!-- checks -->\n", "<!-- end of checks -->"
	cp := defaults(t)
	var b strings.Builder
	for _, sees := range []string{"records", "imagery"} {
		fmt.Fprintf(&b, "### Seen by %s\n\n", sees)
		for _, c := range Checks {
			if c.Sees != sees {
				continue
			}
			needs := "what there is"
			if len(c.Needs) > 0 {
				needs = strings.Join(c.Needs, ", ")
			}
			fmt.Fprintf(&b, "#### `%s`\n%s. %s。\n", c.Code, c.What, c.WhatZH)
			fmt.Fprintf(&b, "- stands on the %s; witnesses: %s; severity as shipped: %s\n", c.On, needs, cp.Checks[c.Code].Severity)
			fmt.Fprintf(&b, "- why: %s\n- what mends it: %s %s\n\n", c.Why, c.RemedyEN, c.RemedyZH)
		}
	}
	doc, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(doc), begin)
	have, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s lacks its marks", file)
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+b.String()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if have != b.String() {
		t.Errorf("%s does not list the checks as they are: run this test with -update", file)
	}
	if !strings.Contains(before, fmt.Sprintf("**%d** cross-checks", len(Checks))) {
		t.Errorf("%s does not say that there are %d", file, len(Checks))
	}
}
