package feeds

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	longestLine = 4 << 20
	linesOfCell = 64 // a cell with more line breaks is taken for a quote that never closes
)

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

// csvRows reads a text line by line, so that a quote that never closes costs its
// own row and none after it.
type csvRows struct {
	in    *bufio.Reader
	comma string
	width int      // cells of the longest row so far: what a joined row may have
	line  int      // number of the last line taken
	inner int      // line breaks inside cells so far: a spreadsheet does not count them
	ahead []string // lines read and not used
}

func readCSV(ctx context.Context, text io.Reader, use func(line) error) error {
	c := &csvRows{in: bufio.NewReaderSize(text, 1<<18)}
	head, err := c.in.Peek(1 << 16)
	if err != nil && err != io.EOF && !errors.Is(err, bufio.ErrBufferFull) {
		return err
	}
	c.comma = string(separator(string(head)))
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		l, err := c.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if l == "" {
			continue
		}
		if err := use(c.row(l)); err != nil {
			return err
		}
	}
}

// next is the next line without its end.
func (c *csvRows) next() (string, error) {
	c.line++
	if len(c.ahead) > 0 {
		l := c.ahead[0]
		c.ahead = c.ahead[1:]
		return l, nil
	}
	return c.read()
}

func (c *csvRows) read() (string, error) {
	var long []byte
	for {
		part, err := c.in.ReadSlice('\n')
		if err == nil || err == io.EOF && len(long)+len(part) > 0 {
			if long != nil {
				part = append(long, part...)
			}
			return strings.TrimRight(string(part), "\r\n"), nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return "", err
		}
		if long = append(long, part...); len(long) > longestLine {
			return "", fmt.Errorf("line %d is longer than %d bytes: this is no table", c.line, longestLine)
		}
	}
}

func (c *csvRows) row(text string) line {
	l := line{number: c.line - c.inner}
	if !strings.Contains(text, `"`) {
		l.cells = strings.Split(text, c.comma)
		c.width = max(c.width, len(l.cells))
		return l
	}
	var err error
	if l.cells, err = c.split(text); err != nil {
		if l.cells = c.joined(text); l.cells == nil {
			l.fault = "the quotes of the row do not pair up"
		}
	}
	c.width = max(c.width, len(l.cells))
	return l
}

func (c *csvRows) split(text string) ([]string, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = rune(c.comma[0]), -1
	cells, err := r.Read()
	if err != nil {
		return nil, err
	}
	if _, err := r.Read(); err != io.EOF {
		return nil, errors.New("two rows in one")
	}
	return cells, nil
}

// joined takes lines together until the quotes of a cell that goes over several
// close; nil where they do not, and the lines after are read again.
func (c *csvRows) joined(text string) []string {
	size := len(text)
	for n := 0; n < linesOfCell && size < longestLine; n++ {
		if n == len(c.ahead) {
			more, err := c.read()
			if err != nil {
				return nil
			}
			c.ahead = append(c.ahead, more)
		}
		text += "\n" + c.ahead[n]
		size = len(text)
		if !strings.Contains(c.ahead[n], `"`) {
			continue
		}
		if cells, err := c.split(text); err == nil && (c.width == 0 || len(cells) <= c.width) {
			c.ahead = c.ahead[n+1:]
			c.line, c.inner = c.line+n+1, c.inner+n+1
			return cells
		}
	}
	return nil
}

// csvTable reads a text file of the given format.
func csvTable(path, format string) func(context.Context, func(line) error) error {
	return func(ctx context.Context, use func(line) error) error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		return readCSV(ctx, decoded(format, f), use)
	}
}
