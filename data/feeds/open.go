package feeds

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// sheet is a file as rows of cells.
type sheet struct {
	format string
	rows   []line
	size   int64
	sha256 string
}

// line is one row with its number as a spreadsheet shows it.
type line struct {
	number int
	cells  []string
	fault  string // the row could not be read
}

// readSheet reads a CSV (UTF-8 with or without mark, UTF-16 with mark, GB18030)
// or an XLSX file, told apart by content.
func readSheet(path string) (*sheet, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s := &sheet{size: int64(len(b)), sha256: fmt.Sprintf("%x", sha256.Sum256(b))}
	switch {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		s.format = "XLSX"
		s.rows, err = readXLSX(b)
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")):
		err = errors.New("it is an old Excel file (.xls) or has a password: save it as .xlsx or CSV without one")
	default:
		var text string
		if text, s.format, err = Decode(b); err == nil {
			s.rows = readCSV(text)
		}
	}
	return s, err
}

// Decode turns a text file into UTF-8 and says what it was: UTF-8 with or
// without byte-order mark, UTF-16 with mark, else GB18030.
func Decode(b []byte) (text, format string, err error) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		b = b[3:]
		if !utf8.Valid(b) {
			return "", "", fmt.Errorf("it begins like UTF-8 but byte %d is not: save it anew as UTF-8", firstBad(b)+3)
		}
		return string(b), "UTF-8", nil
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(b)
		return string(out), "UTF-16", err
	case utf8.Valid(b):
		return string(b), "UTF-8", nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", "", errors.New("its text is neither UTF-8 nor GB18030: save it as CSV UTF-8")
	}
	return string(out), "GB18030", nil
}

func firstBad(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return len(b)
}

// separator is what parts a line of the first ten into the most headings; where
// none is known, what stands in most of these lines.
func separator(text string) rune {
	comma, best := ',', [2]int{}
	for _, c := range ",\t;" {
		var got [2]int // headings, lines
		n := 0
		for l := range strings.Lines(text) {
			got[0] = max(got[0], headingsIn(strings.Split(l, string(c))))
			if strings.ContainsRune(l, c) {
				got[1]++
			}
			if n++; n == 10 {
				break
			}
		}
		if got[0] > best[0] || got[0] == best[0] && got[1] > best[1] {
			comma, best = c, got
		}
	}
	return comma
}

// readCSV splits a text by comma, semicolon or tab. Where quotes do not pair
// up, lines are read one by one and only the broken ones are lost.
func readCSV(text string) []line {
	comma := separator(text)
	if rows, err := splitCSV(text, comma, 1); err == nil {
		return rows
	}
	var out []line
	n := 0
	for l := range strings.Lines(text) {
		n++
		rows, err := splitCSV(l, comma, n)
		if err != nil {
			out = append(out, line{number: n, fault: "the quotes of the row do not pair up"})
			continue
		}
		out = append(out, rows...)
	}
	return out
}

func splitCSV(text string, comma rune, first int) ([]line, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = comma, -1
	var out []line
	inner := 0 // line breaks inside cells: a spreadsheet does not count them
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		at, _ := r.FieldPos(0)
		out = append(out, line{number: first + at - 1 - inner, cells: cells})
		for _, c := range cells {
			inner += strings.Count(c, "\n")
		}
	}
}

// readXLSX reads the first sheet as the file stores it: a number keeps the
// digits it has, and a rounded code can be told.
func readXLSX(b []byte) ([]line, error) {
	f, err := excelize.OpenReader(bytes.NewReader(b), excelize.Options{RawCellValue: true, UnzipSizeLimit: 2 << 30, UnzipXMLSizeLimit: 1 << 30})
	if err != nil {
		return nil, fmt.Errorf("it is no readable XLSX file (%v): save it anew", err)
	}
	defer f.Close()
	names := f.GetSheetList()
	if len(names) == 0 {
		return nil, errors.New("it has no sheet")
	}
	rows, err := f.Rows(names[0])
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []line
	for n := 1; rows.Next(); n++ {
		cells, err := rows.Columns()
		if err != nil {
			out = append(out, line{number: n, fault: "the row of the sheet cannot be read"})
			continue
		}
		out = append(out, line{number: n, cells: cells})
	}
	return out, rows.Error()
}
