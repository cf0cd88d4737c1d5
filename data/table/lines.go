package table

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// LongestLine is how many bytes a line may have before the text is no table.
const LongestLine = 4 << 20

// Lines reads a text of separated cells line by line and can look ahead, so that
// a quote that never closes costs its own row and none after it.
type Lines struct {
	in    *bufio.Reader
	what  string   // the text should be
	line  int      // number of the last line taken
	inner int      // line breaks inside cells so far: a spreadsheet does not count them
	ahead []string // lines read and not taken
}

// NewLines reads lines from in. what the text should be stands in the error of a
// line that is too long.
func NewLines(in *bufio.Reader, what string) Lines { return Lines{in: in, what: what} }

// Row is the number of the row that the last line taken ends, as a spreadsheet counts.
func (l *Lines) Row() int { return l.line - l.inner }

// Next takes the next line, without its end.
func (l *Lines) Next() (string, error) {
	l.line++
	if len(l.ahead) > 0 {
		line := l.ahead[0]
		l.ahead = l.ahead[1:]
		return line, nil
	}
	return l.read()
}

// Ahead is the n-th line (0 = the next) after the last taken; those before it
// have been looked at already.
func (l *Lines) Ahead(n int) (string, error) {
	if n == len(l.ahead) {
		more, err := l.read()
		if err != nil {
			return "", err
		}
		l.ahead = append(l.ahead, more)
	}
	return l.ahead[n], nil
}

// Join takes n lines that were looked at into the row of the last one taken.
func (l *Lines) Join(n int) {
	l.ahead = l.ahead[n:]
	l.line, l.inner = l.line+n, l.inner+n
}

func (l *Lines) read() (string, error) {
	var long []byte
	for {
		part, err := l.in.ReadSlice('\n')
		if err == nil || err == io.EOF && len(long)+len(part) > 0 {
			if long != nil {
				part = append(long, part...)
			}
			return strings.TrimRight(string(part), "\r\n"), nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return "", err
		}
		if long = append(long, part...); len(long) > LongestLine {
			return "", fmt.Errorf("line %d is longer than %d bytes: this is no %s", l.line, LongestLine, l.what)
		}
	}
}

// SplitQuoted are the cells of one row in which quotes may stand.
func SplitQuoted(row string, comma rune) ([]string, error) {
	r := csv.NewReader(strings.NewReader(row))
	r.Comma, r.FieldsPerRecord = comma, -1
	cells, err := r.Read()
	if err != nil {
		return nil, err
	}
	if _, err := r.Read(); err != io.EOF {
		return nil, errors.New("two rows in one")
	}
	return cells, nil
}
