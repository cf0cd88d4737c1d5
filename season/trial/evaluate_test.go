package trial

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parus-lending/parus/models"
)

// suiteOf writes a suite of one split over the test vectors, each labelled with
// what crop-small says of it but for odd, whose label it has no name for; the
// baseline says "maize" of all. It returns the crops by id.
func suiteOf(t *testing.T, kind string) (dir, odd string, crops map[string]string) {
	t.Helper()
	m := pureGo(t)
	lines, inputs := long(t)
	crop, session, err := m.crop("crop-small")
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	crops = map[string]string{}
	ids := slices.Sorted(maps.Keys(inputs))
	var in []models.CropInput
	for _, id := range ids {
		in = append(in, inputs[id])
	}
	r, _, err := crop.Classify(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range ids {
		crops[id] = r[i].Crop
	}
	for _, id := range ids {
		if crops[id] != "other" {
			odd = id
		}
	}
	if odd == "" {
		t.Fatal("all ids are named other: nothing can be measured")
	}
	dir = t.TempDir()
	text, base := strings.Replace(header, "label", "label,region,area_mu", 1), "id,p_maize,p_rice\n"
	for _, l := range lines {
		id := strings.Split(l, ",")[1]
		label, region := crops[id], "east"
		if id == odd {
			label, region = "driftwood", "west" // no class of any model: counts as other
		}
		text += strings.TrimSuffix(l, "x") + label + "," + region + ",1.5\n"
	}
	for id := range crops {
		base += id + ",0.7,0.3\n"
	}
	for name, s := range map[string]string{"t.csv": text, "base.csv": base,
		"suite.json": fmt.Sprintf(`{"splits": [{"name": "made up", "kind": %q, "table": "t.csv", "models": ["crop-small"], "baseline": "base.csv", "note": "Not real."}]}`, kind)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(s), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir, odd, crops
}

// Wanted figures by hand: of n ids one is named wrongly. Regions: west holds
// that one alone. The baseline is right of the ids that are maize and wrong of
// the others, so each of these counts for the model, but for odd.
func TestEvaluate(t *testing.T) {
	m := pureGo(t)
	dir, odd, crops := suiteOf(t, "blocks")
	suite, err := OpenSuite(dir)
	if err != nil {
		t.Fatal(err)
	}
	figures, err := m.Evaluate(context.Background(), EvaluateOptions{Suite: suite})
	if err != nil {
		t.Fatal(err)
	}
	f, n := figures[0], len(crops)
	maize := 0
	for id, c := range crops {
		if c == "maize" && id != odd {
			maize++
		}
	}
	if len(figures) != 1 || f.Rows != n || f.AsOther != 1 || f.Scores.OA != float64(n-1)/float64(n) {
		t.Errorf("%d figures, %d rows, %d as other, OA %v; wanted one of %d wrong", len(figures), f.Rows, f.AsOther, f.Scores.OA, n)
	}
	if len(f.ByRegion) != 2 || f.ByRegion[0].Name != "east" || f.ByRegion[0].Scores.OA != 1 || f.ByRegion[1].Rows != 1 || f.ByRegion[1].Scores.OA != 0 {
		t.Errorf("by region: %+v", f.ByRegion)
	}
	if len(f.ByArea) != 1 || f.ByArea[0].Name != "1–2 mu" || f.ByArea[0].Rows != n {
		t.Errorf("by area: %+v", f.ByArea)
	}
	b := f.Baseline
	if b == nil || b.Rows != n || b.OnlyModel != n-1-maize || b.OnlyTheirs != 0 || b.Theirs.OA != float64(maize)/float64(n) {
		t.Errorf("baseline: %+v with %d maize of %d", b, maize, n)
	}
	last := f.ByDekad[len(f.ByDekad)-1]
	few := 0
	for _, g := range f.Reasons {
		if g.Name == models.FewDates {
			few = g.Rows
		}
	}
	if last.Name != "36" || last.Rows != n-few || few == 0 || f.ByDekad[0].Rows >= last.Rows {
		t.Errorf("by dekad: %+v with %d of %d rows of few dates", f.ByDekad, few, n)
	}
	again, err := m.Evaluate(context.Background(), EvaluateOptions{Suite: suite, Names: []string{"crop-small"}})
	if err != nil {
		t.Fatal(err)
	}
	var one, two strings.Builder
	WriteReport(&one, figures, nil)
	WriteReport(&two, again, nil)
	if one.String() != two.String() || !strings.Contains(one.String(), "| made up | blocks | crop-small") || !strings.Contains(one.String(), "forest") {
		t.Errorf("two reports of the same suite differ, or lack their tables:\n%s", one.String())
	}
	if _, err := m.Evaluate(context.Background(), EvaluateOptions{Suite: suite, Names: []string{"crop"}}); err == nil || !strings.Contains(err.Error(), "crop") {
		t.Errorf("a model that no split measures gave %v", err)
	}
}

// The page names pictures that are there, each a whole XML document, and those
// of an earlier evaluation go.
func TestPublish(t *testing.T) {
	m := pureGo(t)
	from, _, _ := suiteOf(t, "region")
	suite, err := OpenSuite(from)
	if err != nil {
		t.Fatal(err)
	}
	figures, err := m.Evaluate(context.Background(), EvaluateOptions{Suite: suite})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	stale := filepath.Join(dir, PlotsFolder, "crop-old.svg")
	if err := os.MkdirAll(filepath.Dir(stale), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stale, []byte("<svg/>"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Publish(dir, figures, "parus models eval"); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, Page))
	if err != nil {
		t.Fatal(err)
	}
	pictures, err := filepath.Glob(filepath.Join(dir, PlotsFolder, "*.svg"))
	if err != nil || len(pictures) != 4 {
		t.Fatalf("%d pictures, wanted 4 and the old one gone: %v", len(pictures), pictures)
	}
	for _, path := range pictures {
		if !strings.Contains(string(page), "]("+PlotsFolder+"/"+filepath.Base(path)+")") {
			t.Errorf("the page does not show %s", path)
		}
		b, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		dec := xml.NewDecoder(b)
		n := 0
		for {
			_, err := dec.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			n++
		}
		b.Close()
		if n < 50 {
			t.Errorf("%s has %d tokens: it is empty", path, n)
		}
	}
}

func TestCompare(t *testing.T) {
	m := pureGo(t)
	dir, _, crops := suiteOf(t, "blocks")
	c, err := m.Compare(context.Background(), "crop-small", "crop-small", filepath.Join(dir, "t.csv"))
	if err != nil {
		t.Fatal(err)
	}
	n := len(crops)
	if c.Rows != n || c.Only != [2]int{} || c.P != 1 || c.BothKept == 0 || c.SameKept != c.BothKept || c.Scores[1].OA != float64(n-1)/float64(n) {
		t.Errorf("a model beside itself: %d rows, only %v, p %v, %d of %d alike, OA %v", c.Rows, c.Only, c.P, c.SameKept, c.BothKept, c.Scores[1].OA)
	}
	var out strings.Builder
	c.Write(&out)
	if !strings.Contains(out.String(), "+0.0") || !strings.Contains(out.String(), "McNemar") {
		t.Error(out.String())
	}
}

func TestBadSuites(t *testing.T) {
	m := pureGo(t)
	sound, _, _ := suiteOf(t, "blocks")
	for what, c := range map[string]struct{ file, from, to, says string }{
		"no suite":            {"suite.json", "", "", "make -C training suite"},
		"no JSON":             {"suite.json", "{", "[", "suite.json"},
		"a split without":     {"suite.json", `"kind"`, `"kin"`, "split 1 (made up) needs name, kind"},
		"an unknown model":    {"suite.json", `"crop-small"`, `"cropsmall"`, "cropsmall"},
		"a growth model":      {"suite.json", `"crop-small"`, `"lai"`, "growth"},
		"no labels":           {"t.csv", "label", "labels", "column label"},
		"a row that is wrong": {"t.csv", "2021-0", "20.21-", "row 2"},
		"a baseline apart":    {"base.csv", "\nc", "\nd", "none of its"},
		"a baseline with NaN": {"base.csv", "0.7", "", "row 2, column p_maize"},
		"no classes in it":    {"base.csv", "p_maize,p_rice", "maize,rice", "p_CLASS"},
	} {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(sound)); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, c.file)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if c.from == "" {
			err = os.Remove(path)
		} else {
			err = os.WriteFile(path, []byte(strings.ReplaceAll(string(b), c.from, c.to)), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		suite, err := OpenSuite(dir)
		if err == nil {
			_, err = m.Evaluate(context.Background(), EvaluateOptions{Suite: suite})
		}
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; wanted %q", what, err, c.says)
		}
	}
}
