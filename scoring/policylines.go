package scoring

import (
	"fmt"
	"strings"
)

// lines finds the line of a key in a credit policy file, so that what is wrong
// is reported with its place.
type lines map[string]int

// linesOf notes the line of every table header and key. Keys inside an inline
// table or a list take the line on which the list begins, or their own where
// the list runs over several lines and an element begins on it.
func linesOf(text string) lines {
	at := lines{}
	table, open, list, element := "", 0, "", 0
	seen := map[string]int{}
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case open > 0: // inside a list
			if strings.HasPrefix(line, "{") {
				at.note(fmt.Sprintf("%s[%d]", list, element), n+1)
				element++
			}
			open += depth(line)
		case strings.HasPrefix(line, "[["):
			name := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(before(line, "#"), "[["), "]]"))
			table = fmt.Sprintf("%s[%d]", name, seen[name])
			seen[name]++
			at.note(table, n+1)
			at.note(name, n+1)
		case strings.HasPrefix(line, "["):
			table = underList(strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(before(line, "#"), "["), "]")), seen)
			at.note(table, n+1)
		case line != "" && line[0] != '#':
			key, value, ok := strings.Cut(line, "=")
			if !ok {
				continue
			}
			list, element = join(table, strings.ReplaceAll(strings.TrimSpace(key), `"`, "")), 0
			at.note(list, n+1)
			open = depth(value)
		}
	}
	return at
}

// underList writes a table below a list of tables as the list's newest
// element: override.set → override[1].set.
func underList(table string, seen map[string]int) string {
	for name, n := range seen {
		if rest, ok := strings.CutPrefix(table, name+"."); ok && n > 0 {
			return fmt.Sprintf("%s[%d].%s", name, n-1, rest)
		}
	}
	return table
}

func (l lines) note(path string, line int) {
	if _, ok := l[path]; !ok {
		l[path] = line
	}
}

// place is the line of a path, else of the nearest table or list around it;
// 0 = nowhere.
func (l lines) place(path string) int {
	for path != "" {
		if n, ok := l[path]; ok {
			return n
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			break
		}
		path = path[:cut]
	}
	return 0
}

// depth is by how many brackets a line opens more lists than it closes; text in
// quotes and behind # does not count.
func depth(s string) (n int) {
	quoted := false
	for i, r := range s {
		switch {
		case r == '"' && (i == 0 || s[i-1] != '\\'):
			quoted = !quoted
		case quoted:
		case r == '#':
			return n
		case r == '[':
			n++
		case r == ']':
			n--
		}
	}
	return n
}

func before(s, mark string) string {
	head, _, _ := strings.Cut(s, mark)
	return strings.TrimSpace(head)
}
