package report

import (
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/parus-lending/parus/scoring"
)

var update = flag.Bool("update", false, "write the words of the map anew")

// The map (api/web) says the same words in the same colours as the report: its
// words.json is written from the tables here.
func TestMapSaysTheSameWords(t *testing.T) {
	const path = "../../api/web/src/words.json"
	type entry struct {
		Code   string `json:"code,omitempty"`
		EN     string `json:"en"`
		ZH     string `json:"zh"`
		Colour string `json:"colour"`
	}
	list := func(words ...word) []entry {
		out := []entry{}
		for _, w := range words {
			out = append(out, entry{w.Code, w.EN, w.ZH, hex(w.Colour)})
		}
		return out
	}
	var ramp []string
	for _, c := range yieldRamp {
		ramp = append(ramp, hex(c))
	}
	var named []word
	for _, w := range crops {
		named = append(named, cropWord(w.Code))
	}
	for _, code := range []string{"oats", "rye", "sorghum", "legumes", "sesame", "sugar_beet", "tomato", "pepper", "garlic", "vegetables", "almond", "walnut", "pistachio",
		"pear", "peach", "cherry", "plum", "olive", "blueberry", "fallow", "mushroom", "medicinal"} {
		named = append(named, cropWord(code))
	}
	checks := map[string][4]string{}
	for _, c := range scoring.Checks {
		checks[c.Code] = [4]string{c.What, c.WhatZH, c.RemedyEN, c.RemedyZH}
	}
	cp, err := scoring.ParseCreditPolicy(scoring.DefaultCreditPolicy())
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.MarshalIndent(map[string]any{
		"outcomes": list(outcomes...), "grades": list(grades...), "crops": list(named...), "yieldRamp": ramp,
		"none":   map[string]entry{"crop": list(noCrop)[0], "unsure": list(unsure)[0], "blind": list(blind)[0], "grade": list(noGrade)[0], "yield": list(noYield)[0], "outcome": list(noDecided)[0]},
		"states": stateWords, "constraints": constraintWords, "severities": severityWords, "rests": restsWords, "numbers": numberWords, "checks": checks, "reasons": scoring.ReasonTexts(cp),
	}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != string(want) {
		t.Errorf("%s holds other words than the report (%v): go test ./season/report -run MapSays -update", path, err)
	}
}
