package feeds

import (
	"strings"

	"golang.org/x/text/width"
)

// find looks a heading up: the field it names and the factor of its unit.
func (l Layout) find(heading string) (Field, float64, bool) {
	h := plain(heading)
	for _, f := range l.Fields {
		if f.Stored && !l.stored {
			continue
		}
		for _, x := range f.Headings {
			if plain(x.Name) == h {
				if x.Times == 0 {
					return f, 1, true
				}
				return f, x.Times, true
			}
		}
	}
	return Field{}, 0, false
}

// plain is a heading without case, blanks, underscores, brackets and
// full-width forms: "合同面积（亩）" is "合同面积亩".
func plain(s string) string {
	s = strings.ToLower(width.Narrow.String(s))
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-()[]/:.\t\r\n\ufeff\u00a0\u3000", r) {
			return -1
		}
		return r
	}, s)
}

// headings are the plain headings of all feeds.
var headings = func() map[string]bool {
	out := map[string]bool{}
	for _, l := range Layouts {
		for _, f := range l.Fields {
			for _, h := range f.Headings {
				out[plain(h.Name)] = true
			}
		}
	}
	return out
}()

// headingsIn counts the cells that are a heading of any feed.
func headingsIn(cells []string) (n int) {
	for _, c := range cells {
		if headings[plain(strings.Trim(c, "\" \r\n"))] {
			n++
		}
	}
	return n
}
