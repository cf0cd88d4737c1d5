package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestNothingLaterThanAsOfEnters decides the sample at planting, mid-season and
// after harvest, once with all that is known today and once with a county that
// holds nothing dated after as-of. Not a byte may differ.
func TestNothingLaterThanAsOfEnters(t *testing.T) {
	county := smallCounty(t)
	outcomes := map[string]string{}
	for _, asOf := range []string{"2024-04-10", "2024-08-10", "2024-12-28"} {
		t.Run(asOf, func(t *testing.T) {
			past := filepath.Join(t.TempDir(), "county")
			if err := os.CopyFS(past, os.DirFS(county)); err != nil {
				t.Fatal(err)
			}
			removed := forget(t, past, asOf)
			if asOf != "2024-12-28" && removed < 20 {
				t.Fatalf("only %d scenes and rows are dated after %s: the test would prove little", removed, asOf)
			}
			all, known := t.TempDir(), t.TempDir()
			parus(t, "season", "run", filepath.Join(county, "county.toml"), "--out", all, "--as-of", asOf)
			parus(t, "season", "run", filepath.Join(past, "county.toml"), "--out", known, "--as-of", asOf)
			sameFiles(t, "as of "+asOf, elsewhere(t, known), elsewhere(t, all))
			b, err := os.ReadFile(filepath.Join(all, "decisions.csv"))
			if err != nil {
				t.Fatal(err)
			}
			outcomes[asOf] = string(b)
		})
	}
	if !strings.Contains(outcomes["2024-04-10"], "declaration") {
		t.Error("at planting no decision rests on the declaration")
	}
	if !strings.Contains(outcomes["2024-08-10"], ",imagery,") {
		t.Error("at mid-season no decision rests on imagery")
	}
}

// forget removes from a county's folder what was not known on the as-of day,
// and returns how many scenes and rows that was.
func forget(t *testing.T, dir, asOf string) (removed int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "scenes", "*", "collection.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("collections of the sample: %v %v", files, err)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	var links []any
	day := regexp.MustCompile(`_(\d{4})(\d{2})(\d{2})_`)
	for _, l := range doc["links"].([]any) {
		href, _ := l.(map[string]any)["href"].(string)
		if m := day.FindStringSubmatch(href); m != nil && m[1]+"-"+m[2]+"-"+m[3] > asOf {
			removed++
			if err := os.RemoveAll(filepath.Join(filepath.Dir(files[0]), filepath.Dir(href))); err != nil {
				t.Fatal(err)
			}
			continue
		}
		links = append(links, l)
	}
	doc["links"] = links
	if b, err = json.Marshal(doc); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files[0], b, 0o644); err != nil {
		t.Fatal(err)
	}
	tables, _ := filepath.Glob(filepath.Join(dir, "*.csv"))
	for _, table := range tables {
		removed += forgetRows(t, table, asOf)
	}
	return removed
}

// forgetRows drops the rows of a table received (weather: dated) after as-of.
func forgetRows(t *testing.T, path, asOf string) (removed int) {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	col := -1
	for i, h := range rows[0] {
		if h == "received" || h == "date" {
			col = i
		}
	}
	if col < 0 {
		return 0
	}
	var out strings.Builder
	w := csv.NewWriter(&out)
	for i, r := range rows {
		if i > 0 && r[col] > asOf {
			removed++
			continue
		}
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return removed
}
