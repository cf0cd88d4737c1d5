package scoring

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Number is one value that a finding or a constraint rests on, written with its
// unit: {"area", "12.35 mu"}.
type Number struct{ Name, Value string }

// Numbers stand in the order of their names, each name once. As JSON they are
// one object.
type Numbers []Number

// Of is the value of a name; "" where it is not there.
func (n Numbers) Of(name string) string {
	for i := range n {
		if n[i].Name == name {
			return n[i].Value
		}
	}
	return ""
}

// MarshalJSON writes an object; the encoder around it escapes where it should.
func (n Numbers) MarshalJSON() ([]byte, error) { return n.append(nil, false), nil }

// UnmarshalJSON reads an object of texts.
func (n *Numbers) UnmarshalJSON(text []byte) error {
	var m map[string]string
	if err := json.Unmarshal(text, &m); err != nil {
		return fmt.Errorf("numbers: %w", err)
	}
	if *n = nil; m == nil {
		return nil
	}
	*n = make(Numbers, 0, len(m))
	for k, v := range m {
		*n = append(*n, Number{k, v})
	}
	slices.SortFunc(*n, func(a, b Number) int { return strings.Compare(a.Name, b.Name) })
	return nil
}
