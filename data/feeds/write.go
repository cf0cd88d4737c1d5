package feeds

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
)

// Table is a feed being written: a CSV file with the headings of its layout.
type Table struct {
	columns []string
	rows    [][]string
	err     error
}

// NewTable begins a feed with the given columns. Each must be a heading of the
// feed's layout, in any of its spellings ("transfer_id" or "LZHTBM",
// "area_m2" or "area_mu").
func NewTable(feed string, columns ...string) *Table {
	t := &Table{columns: columns}
	l, ok := LayoutOf(feed)
	if !ok {
		t.err = fmt.Errorf("write feed %s: there is no such feed", feed)
	}
	for _, c := range columns {
		if _, _, found := l.find(c); ok && !found {
			t.err = fmt.Errorf("write feed %s: %s is not one of its columns", feed, c)
		}
	}
	return t
}

// Add appends a row. Values are strings, integers, floats, bools, parcels.Date,
// scoring.Fen (written in yuan), scoring.Area (in m²) or scoring.Yield (in kg
// per mu); nil is an empty cell.
func (t *Table) Add(values ...any) {
	if len(values) != len(t.columns) && t.err == nil {
		t.err = fmt.Errorf("write feed: row %d has %d values for %d columns", len(t.rows)+2, len(values), len(t.columns))
	}
	row := make([]string, len(values))
	for i, v := range values {
		switch x := v.(type) {
		case nil:
		case string:
			row[i] = x
		case float64:
			row[i] = strconv.FormatFloat(x, 'f', -1, 64)
		case scoring.Fen:
			row[i] = scaled(int64(x), 100)
		case scoring.Area:
			row[i] = scaled(int64(x), 100)
		case scoring.Yield:
			row[i] = scaled(int64(x), 10)
		case parcels.Date:
			row[i] = x.String()
		default:
			row[i] = fmt.Sprint(x)
		}
	}
	t.rows = append(t.rows, row)
}

// scaled writes n/by without a float's noise.
func scaled(n, by int64) string { return strconv.FormatFloat(float64(n)/float64(by), 'f', -1, 64) }

// CSV is the table as Write writes it.
func (t *Table) CSV() ([]byte, error) {
	if t.err != nil {
		return nil, t.err
	}
	b := bytes.NewBufferString("\ufeff")
	out := csv.NewWriter(b)
	err := errors.Join(out.Write(t.columns), out.WriteAll(t.rows))
	return b.Bytes(), err
}

// Write writes the table as CSV with a byte-order mark, whole or not at all.
func (t *Table) Write(path string) error {
	if t.err != nil {
		return t.err
	}
	return rundir.WriteCSV(path, t.columns, t.rows)
}
