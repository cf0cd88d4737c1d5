package feeds

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// sheetRows takes the rows of a sheet from its XML.
type sheetRows struct {
	xml   *tags
	texts *texts
	row   int
	buf   []byte
	width int
}

// next is the next row that has cells.
func (s *sheetRows) next() (line, error) {
	for {
		tag, err := s.xml.next()
		if err != nil {
			return line{}, err
		}
		if tag != "row" {
			continue
		}
		s.row++
		if r := s.xml.attr("r"); r != nil {
			n, err := strconv.Atoi(string(r))
			if err != nil || n < s.row {
				return line{}, fmt.Errorf("row %d of the sheet is followed by row %q", s.row-1, r)
			}
			s.row = n
		}
		if s.xml.empty {
			continue
		}
		return s.cells()
	}
}

func (s *sheetRows) cells() (line, error) {
	l := line{number: s.row, cells: make([]string, 0, s.width)}
	for {
		tag, err := s.xml.next()
		if err == io.EOF {
			return l, errors.New("it ends within a row")
		}
		if err != nil {
			return l, err
		}
		switch tag {
		case "/row":
			s.width = max(s.width, len(l.cells))
			return l, nil
		case "c":
			column := len(l.cells)
			if r := s.xml.attr("r"); r != nil {
				if column = columnOf(r); column < 0 {
					return l, fmt.Errorf("a cell is called %q", r)
				}
			}
			if column >= mostColumns {
				return l, fmt.Errorf("row %d has more than %d columns", s.row, mostColumns)
			}
			v, err := s.cell()
			if err != nil {
				return l, err
			}
			for len(l.cells) <= column {
				l.cells = append(l.cells, "")
			}
			l.cells[column] = v
		}
	}
}

// cell is the value of the cell whose tag was just read.
func (s *sheetRows) cell() (string, error) {
	kind := string(s.xml.attr("t"))
	if s.xml.empty {
		return "", nil
	}
	s.buf = s.buf[:0]
	for {
		tag, err := s.xml.next()
		if err == io.EOF {
			return "", errors.New("it ends within a cell")
		}
		if err != nil {
			return "", err
		}
		switch tag {
		case "v":
			if !s.xml.empty {
				if s.buf, err = s.xml.appendText(s.buf, "/v"); err != nil {
					return "", err
				}
			}
		case "is":
			if !s.xml.empty {
				if s.buf, err = s.xml.appendTexts(s.buf, "is"); err != nil {
					return "", err
				}
			}
		case "/c":
			switch kind {
			case "s":
				i, err := strconv.Atoi(string(bytes.TrimSpace(s.buf)))
				if v, ok := s.texts.at(i); err == nil && ok {
					return v, nil
				}
				return "", fmt.Errorf("a cell of row %d names a shared string that is not there", s.row)
			case "inlineStr", "str":
				return string(unescaped(s.buf)), nil
			}
			return string(bytes.TrimSpace(s.buf)), nil
		}
	}
}

// columnOf is the column of "AB12", from 0; −1 where it names none.
func columnOf(ref []byte) int {
	n, i := 0, 0
	for ; i < len(ref) && i < 4; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	if i == 0 || i == len(ref) {
		return -1
	}
	for ; i < len(ref); i++ {
		if ref[i] < '0' || ref[i] > '9' {
			return -1
		}
	}
	return n - 1
}

// unescaped resolves _x000D_, as workbooks write characters that XML cannot
// hold.
func unescaped(b []byte) []byte {
	if !bytes.Contains(b, []byte("_x")) {
		return b
	}
	var out []byte
	for i := 0; i < len(b); {
		if i+7 <= len(b) && b[i] == '_' && b[i+1] == 'x' && b[i+6] == '_' {
			if n, err := strconv.ParseUint(string(b[i+2:i+6]), 16, 32); err == nil && n < 0xd800 {
				out = append(out, string(rune(n))...)
				i += 7
				continue
			}
		}
		out = append(out, b[i])
		i++
	}
	return out
}
