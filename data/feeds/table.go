package feeds

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// table is a file as rows of cells, read as often as asked, one row in memory at
// a time. The first rows hold the headings.
type table struct {
	format string
	size   int64
	sha256 string
	each   func(ctx context.Context, use func(line) error) error
}

// line is one row with its number as a spreadsheet shows it. The cells are the
// receiver's to keep.
type line struct {
	number int
	cells  []string
	fault  string // the row could not be read
}

// errEnough ends a reading early.
var errEnough = errors.New("enough rows")

// openTable tells what a file is by its content: CSV (UTF-8 with or without
// mark, UTF-16 with mark, GB18030), XLSX, GeoJSON or GPX.
func openTable(ctx context.Context, path string, m *Mapping) (*table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sum, check := sha256.New(), &encodingCheck{}
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	head = head[:n]
	book := bytes.HasPrefix(head, []byte("PK\x03\x04"))
	if bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")) {
		return nil, errors.New("it is an old Excel file (.xls) or has a password: save it as .xlsx or CSV without one")
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	to := io.MultiWriter(sum, check)
	if book {
		to = sum
	}
	t := &table{}
	if t.size, err = io.CopyBuffer(to, onlyReader{f}, make([]byte, 1<<18)); err != nil {
		return nil, err
	}
	t.sha256 = fmt.Sprintf("%x", sum.Sum(nil))
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if book {
		t.format = "XLSX"
		t.each, err = xlsxTable(path, m.sheet())
		return t, err
	}
	t.format, err = check.format(func() io.Reader {
		_, _ = f.Seek(0, io.SeekStart)
		return f
	})
	if err != nil {
		return nil, err
	}
	switch text := strings.TrimLeft(strings.TrimPrefix(string(head), "\ufeff"), " \t\r\n"); {
	case t.format == "UTF-8" && strings.HasPrefix(text, "{"):
		t.format, t.each = "GeoJSON", geoJSONTable(path)
	case t.format == "UTF-8" && strings.HasPrefix(text, "<") && strings.Contains(text, "<gpx"):
		t.format, t.each = "GPX", gpxTable(path)
	default:
		t.each = csvTable(path, t.format)
	}
	return t, nil
}

// onlyReader hides the other methods of a file, so that a copy uses its buffer.
type onlyReader struct{ io.Reader }
