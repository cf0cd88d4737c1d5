package table

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// Reader reads a table from its first row to its last.
type Reader struct {
	name    string
	columns []string
	kinds   []Kind
	rows    interface {
		read(*Row) error // io.EOF at the end
	}
	close func() error
	row   Row
}

// Open opens a file, CSV (comma, semicolon or tab; UTF-8, UTF-16 with mark or
// GB18030) or Parquet, told apart by content. Of its columns only those wanted
// are read (names without regard to case; none = all). Parquet columns that are
// nested or repeated are passed over.
func Open(path string, want ...string) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read table: %w", err)
	}
	st, err := f.Stat()
	if err == nil && st.IsDir() {
		err = fmt.Errorf("read table %s: it is a folder; name a CSV or Parquet file", path)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	r, err := NewReader(path, f, st.Size(), want...)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.close = f.Close
	return r, nil
}

// NewReader is Open on bytes that lie elsewhere; name stands in errors.
func NewReader(name string, b io.ReaderAt, size int64, want ...string) (r *Reader, err error) {
	defer recovered(name, &err)
	r = &Reader{name: name, close: func() error { return nil }}
	head := make([]byte, min(4, size))
	if _, err := b.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read table %s: %w", name, err)
	}
	if string(head) == "PAR1" {
		return r, r.openParquet(b, size, want)
	}
	return r, r.openCSV(io.NewSectionReader(b, 0, size), want)
}

// recovered turns a panic of a decoder on a broken file into an error.
func recovered(name string, err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("read table %s: the file is broken (%v): write it anew", name, p)
	}
}

// Columns are the headings of the columns that are read, as the file spells
// them.
func (r *Reader) Columns() []string { return r.columns }

// Kinds are what the columns hold: Text throughout a CSV, whose cells may yet be
// numbers.
func (r *Reader) Kinds() []Kind { return r.kinds }

// Find is the place of a column among Columns, −1 where there is none.
func (r *Reader) Find(name string) int {
	for i, c := range r.columns {
		if strings.EqualFold(c, name) {
			return i
		}
	}
	return -1
}

// Read gives the next row; io.EOF at the end. The row is used again by the next
// Read.
func (r *Reader) Read() (row *Row, err error) {
	defer recovered(r.name, &err)
	r.row.Fault = ""
	if err := r.rows.read(&r.row); err != nil {
		if err != io.EOF {
			err = fmt.Errorf("read table %s, after row %d: %w", r.name, r.row.Number, err)
		}
		return nil, err
	}
	return &r.row, nil
}

// Close closes the file.
func (r *Reader) Close() error { return r.close() }
