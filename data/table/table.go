// Package table reads and writes flat tables of named columns, CSV or Parquet,
// row by row: what anyone may bring to a model, and what it answers.
//
// It does not know what a column means. Column names are found without regard
// to case; a row that cannot be read is told with its number and does not end
// the table.
package table

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Kind is what a cell or a column holds.
type Kind uint8

// Kinds of cells. A Text cell of a CSV may still be a number: see Float.
const (
	Empty Kind = iota
	Text
	Number
	Bool
)

// Cell is one value.
type Cell struct {
	Kind   Kind
	Text   string  // as written; of a Number only where it says more than Number does
	Number float64 // of a Number; 1 or 0 of a Bool
}

// TextCell, NumberCell and BoolCell make cells; a NaN and an empty text are
// Empty.
func TextCell(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{Kind: Text, Text: s}
}

// NumberCell makes a cell of a number.
func NumberCell(v float64) Cell {
	if math.IsNaN(v) {
		return Cell{}
	}
	return Cell{Kind: Number, Number: v}
}

// BoolCell makes a cell of a truth value.
func BoolCell(v bool) Cell {
	c := Cell{Kind: Bool}
	if v {
		c.Number = 1
	}
	return c
}

// String is the cell as a CSV shows it.
func (c Cell) String() string {
	switch {
	case c.Kind == Empty:
		return ""
	case c.Text != "":
		return c.Text
	case c.Kind == Bool:
		return strconv.FormatBool(c.Number != 0)
	case c.Kind == Number:
		return strconv.FormatFloat(c.Number, 'f', -1, 64)
	}
	return ""
}

// absent are the words for "no value" that tables use.
var absent = map[string]bool{"": true, "nan": true, "na": true, "n/a": true, "null": true, "none": true}

// Float is the number in a cell, NaN where there is none (empty, NaN, NA,
// null). Text that is no finite number is an error.
func (c Cell) Float() (float64, error) {
	switch c.Kind {
	case Empty:
		return math.NaN(), nil
	case Number, Bool:
		if math.IsInf(c.Number, 0) {
			return 0, fmt.Errorf("is infinite")
		}
		return c.Number, nil
	}
	text := strings.TrimSpace(c.Text)
	v, err := strconv.ParseFloat(text, 64)
	switch {
	case err == nil && !math.IsNaN(v) && !math.IsInf(v, 0):
		return v, nil
	case absent[strings.ToLower(text)]:
		return math.NaN(), nil
	case strings.Count(text, ",") == 1 && !strings.Contains(text, "."):
		return 0, fmt.Errorf("is no number (write a point, not a comma, before the decimals)")
	}
	return 0, fmt.Errorf("is no number")
}

// Row is one row of a table. Cells are those of the columns read, in order, and
// are used again by the next Read.
type Row struct {
	Number int // as a spreadsheet counts: the headings of a CSV are row 1; of Parquet the first row is 1
	Cells  []Cell
	Fault  string // why the row could not be read; its Cells then are empty
}

// Column is one column of a table that is written.
type Column struct {
	Name string
	Kind Kind // Text, Number or Bool
}

// columnsOf checks headings and finds the wanted ones (nil = all): places in
// the file, in the file's order.
func columnsOf(name string, headings, want []string) (columns []string, places []int, err error) {
	seen := map[string]int{}
	for i, h := range headings {
		h = strings.TrimSpace(h)
		key := strings.ToLower(h)
		if key == "" {
			continue
		}
		if len(want) > 0 && !contains(want, key) {
			continue
		}
		if j, twice := seen[key]; twice {
			return nil, nil, fmt.Errorf("read table %s: columns %d and %d are both called %q (case does not count): rename one", name, j+1, i+1, h)
		}
		seen[key] = i
		columns, places = append(columns, h), append(places, i)
	}
	return columns, places, nil
}

func contains(want []string, key string) bool {
	for _, w := range want {
		if strings.ToLower(w) == key {
			return true
		}
	}
	return false
}
