package trial

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
)

// rejects are rows of a table that were not used, with their place.
type rejects struct {
	path string // of the CSV that lists them
	rows [][]string
	more int // beyond most
}

// most rejects are listed; a table with more is wrong as a whole.
const most = 100_000

// newRejects lists the rejects of out beside it: out.rejects.csv.
func newRejects(out string) *rejects {
	return &rejects{path: strings.TrimSuffix(out, filepath.Ext(out)) + ".rejects.csv"}
}

func (r *rejects) add(row int, column, value, reason string) {
	if len(r.rows) == most {
		r.more++
		return
	}
	if runes := []rune(value); len(runes) > 60 {
		value = string(runes[:60]) + "…"
	}
	r.rows = append(r.rows, []string{strconv.Itoa(row), column, value, reason})
}

func (r *rejects) count() int { return len(r.rows) + r.more }

// first is the first reject in words.
func (r *rejects) first() string {
	if len(r.rows) == 0 {
		return ""
	}
	x := r.rows[0]
	text := "row " + x[0]
	if x[1] != "" {
		text += ", column " + x[1] + ": " + strconv.Quote(x[2])
	}
	return text + " " + x[3]
}

// write writes the list, or removes that of an earlier run where there is none.
func (r *rejects) write() error {
	if len(r.rows) == 0 {
		if err := os.Remove(r.path); err != nil && !os.IsNotExist(err) {
			return err
		}
		return nil
	}
	rows := r.rows
	if r.more > 0 {
		rows = append(rows, []string{"", "", "", strconv.Itoa(r.more) + " further rows are not listed"})
	}
	return rundir.WriteCSV(r.path, []string{"row", "column", "value", "reason"}, rows)
}
