package scoring

import (
	"bytes"
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

// MarshalJSON writes an object.
func (n Numbers) MarshalJSON() ([]byte, error) {
	if n == nil {
		return []byte("null"), nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // the encoder around this one escapes where it should
	b.WriteByte('{')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := enc.Encode(n[i].Name); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - 1) // the encoder ends with a new line
		b.WriteByte(':')
		if err := enc.Encode(n[i].Value); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - 1)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

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
