package feeds

import (
	"os"
	"strings"
	"testing"
)

// docs/feeds.md describes each feed in its own section, and what feeds share in
// the section "Columns of every feed".
func TestDocsNameEveryColumn(t *testing.T) {
	b, err := os.ReadFile("../../docs/feeds.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, s := range strings.Split(string(b), "\n## ")[1:] {
		title, body, _ := strings.Cut(s, "\n")
		sections[title] = body
	}
	shared, ok := sections["Columns of every feed"]
	if !ok {
		t.Fatal("docs/feeds.md has no section Columns of every feed")
	}
	for _, l := range Layouts {
		section, ok := sections[l.Feed]
		if !ok {
			t.Errorf("docs/feeds.md has no section %s", l.Feed)
			continue
		}
		if !strings.Contains(section, "`"+l.Authority+"`") {
			t.Errorf("docs/feeds.md does not say that %s vouches for %s", l.Authority, l.Feed)
		}
		for _, f := range l.Fields {
			if f.Stored {
				continue // docs/import.md
			}
			row, common := tableRow(section, f.Name), tableRow(shared, f.Name)
			if row == "" {
				row = common
			}
			if row == "" {
				t.Errorf("docs/feeds.md does not name the column %s of %s", f.Name, l.Feed)
				continue
			}
			if f.Need && !strings.Contains(row, "| yes |") {
				t.Errorf("docs/feeds.md does not say that %s needs %s", l.Feed, f.Name)
			}
			for _, h := range f.Headings {
				if !strings.Contains(row, "`"+h.Name+"`") {
					t.Errorf("docs/feeds.md does not name the heading %s of %s.%s", h.Name, l.Feed, f.Name)
				}
			}
		}
	}
}

// tableRow is the row of a Markdown table that describes a column.
func tableRow(section, name string) string {
	for line := range strings.Lines(section) {
		if strings.HasPrefix(line, "| `"+name+"` |") {
			return line
		}
	}
	return ""
}
