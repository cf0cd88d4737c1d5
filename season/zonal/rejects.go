package zonal

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// RejectsFile is the CSV beside an output: fields.rejects.csv for
// fields.parquet.
func RejectsFile(out string) string {
	return strings.TrimSuffix(out, filepath.Ext(out)) + ".rejects.csv"
}

// rejectRow is a row of the input that was left out or repaired.
type rejectRow struct {
	row      int
	id       string
	column   string
	repaired bool
	reason   string
}

// rejects writes the CSV as rows come, so that a bad file of any length needs
// no memory. No rows, no file; one of an earlier run is removed.
type rejects struct {
	path string
	file *os.File
	buf  *bufio.Writer
	csv  *csv.Writer
}

func newRejects(out string) *rejects { return &rejects{path: RejectsFile(out)} }

func (r *rejects) add(x rejectRow) error {
	if r.file == nil {
		f, err := os.CreateTemp(filepath.Dir(r.path), ".tmp-*")
		if err != nil {
			return fmt.Errorf("write %s: %w", r.path, err)
		}
		r.file, r.buf = f, bufio.NewWriter(f)
		r.buf.WriteString("\ufeff")
		r.csv = csv.NewWriter(r.buf)
		r.csv.Write([]string{"row", "id", "column", "done", "reason"})
	}
	done := "left out"
	if x.repaired {
		done = "repaired"
	}
	return r.csv.Write([]string{strconv.Itoa(x.row), x.id, x.column, done, x.reason})
}

// finish gives the file its name, which is returned.
func (r *rejects) finish() (string, error) {
	if r.file == nil {
		if err := os.Remove(r.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		return "", nil
	}
	r.csv.Flush()
	err := errors.Join(r.csv.Error(), r.buf.Flush(), r.file.Chmod(0o644), r.file.Close())
	if err == nil {
		err = os.Rename(r.file.Name(), r.path)
	}
	if err != nil {
		return "", fmt.Errorf("write %s: %w", r.path, err)
	}
	r.file = nil
	return r.path, nil
}

// abandon removes what was not finished.
func (r *rejects) abandon() {
	if r.file != nil {
		r.file.Close()
		os.Remove(r.file.Name())
	}
}
