package feeds

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"

	tables "github.com/parus-lending/parus/data/table"
)

const linesOfCell = 64 // a cell with more line breaks is taken for a quote that never closes

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

type csvRows struct {
	tables.Lines
	comma string
	width int // cells of the longest row so far: what a joined row may have
}

func readCSV(ctx context.Context, text io.Reader, use func(line) error) error {
	in := bufio.NewReaderSize(text, 1<<18)
	head, err := in.Peek(1 << 16)
	if err != nil && err != io.EOF && !errors.Is(err, bufio.ErrBufferFull) {
		return err
	}
	c := &csvRows{Lines: tables.NewLines(in, "table"), comma: string(separator(string(head)))}
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		l, err := c.Next()
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

func (c *csvRows) row(text string) line {
	l := line{number: c.Row()}
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
	return tables.SplitQuoted(text, rune(c.comma[0]))
}

// joined takes lines together until the quotes of a cell that goes over several
// close; nil where they do not, and the lines after are read again.
func (c *csvRows) joined(text string) []string {
	size := len(text)
	for n := 0; n < linesOfCell && size < tables.LongestLine; n++ {
		more, err := c.Ahead(n)
		if err != nil {
			return nil
		}
		text += "\n" + more
		size = len(text)
		if !strings.Contains(more, `"`) {
			continue
		}
		if cells, err := c.split(text); err == nil && (c.width == 0 || len(cells) <= c.width) {
			c.Join(n + 1)
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
