package table

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

const linesOfCell = 16 // a cell with more line breaks is taken for a quote that never closes

type csvRows struct {
	Lines
	comma  rune
	places []int
	width  int
}

func (r *Reader) openCSV(b io.Reader, want []string) error {
	in, err := decoded(b)
	if err != nil {
		return fmt.Errorf("read table %s: %w", r.name, err)
	}
	c := &csvRows{Lines: NewLines(in, "CSV table")}
	for {
		head, err := c.Next()
		if err == io.EOF {
			return fmt.Errorf("read table %s: it is empty: the first row must hold the names of the columns", r.name)
		}
		if err != nil {
			return fmt.Errorf("read table %s: %w", r.name, err)
		}
		if strings.TrimSpace(head) == "" {
			continue
		}
		c.comma = separator(head)
		cells, err := c.split(head)
		if err != nil {
			return fmt.Errorf("read table %s, row %d: the quotes of the headings do not pair up", r.name, c.line)
		}
		c.width = len(cells)
		if r.columns, c.places, err = columnsOf(r.name, cells, want); err != nil {
			return err
		}
		r.row.Number, r.row.Cells, r.rows = c.line, make([]Cell, len(c.places)), c
		r.kinds = slices.Repeat([]Kind{Text}, len(c.places))
		return nil
	}
}

// decoded gives UTF-8 whatever the file is written in.
func decoded(b io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(b, 1<<16)
	head, err := in.Peek(1 << 16)
	if err != nil && err != io.EOF && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	switch text := string(head); {
	case strings.HasPrefix(text, "\xef\xbb\xbf"):
		_, err := in.Discard(3)
		return in, err
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		return bufio.NewReaderSize(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(in), 1<<16), nil
	case strings.HasPrefix(text, "PK\x03\x04"):
		return nil, errors.New("it is a spreadsheet (.xlsx): save it as CSV")
	case !utf8.ValidString(text[:wholeRunes(text)]):
		return bufio.NewReaderSize(simplifiedchinese.GB18030.NewDecoder().Reader(in), 1<<16), nil
	}
	return in, nil
}

// wholeRunes is the length of the text without a rune cut at its end.
func wholeRunes(text string) int {
	for n := 1; n <= 3 && n <= len(text); n++ {
		if c := text[len(text)-n]; c >= 0xc0 {
			return len(text) - n
		}
	}
	return len(text)
}

// separator is what parts the headings: of comma, semicolon and tab the one
// that stands in the line most often.
func separator(head string) rune {
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := strings.Count(head, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

func (c *csvRows) split(line string) ([]string, error) {
	if !strings.Contains(line, `"`) {
		return strings.Split(line, string(c.comma)), nil
	}
	return SplitQuoted(line, c.comma)
}

func (c *csvRows) read(row *Row) error {
	line, err := c.Next()
	for err == nil && strings.TrimSpace(line) == "" {
		line, err = c.Next()
	}
	if err != nil {
		return err
	}
	row.Number = c.Row()
	cells, err := c.split(line)
	if err != nil || strings.Count(line, `"`)%2 == 1 {
		if cells, err = c.joined(line); err != nil {
			return err
		}
	}
	clear(row.Cells)
	if cells == nil {
		row.Fault = "the quotes of the row do not pair up"
		return nil
	}
	for i := len(cells) - 1; i >= c.width && strings.TrimSpace(cells[i]) == ""; i-- {
		cells = cells[:i]
	}
	if len(cells) != c.width {
		row.Fault = fmt.Sprintf("the row has %d cells, the headings are %d", len(cells), c.width)
		return nil
	}
	for k, i := range c.places {
		row.Cells[k] = TextCell(cells[i])
	}
	return nil
}

// joined takes lines together until the quotes of a cell that goes over several
// close; nil where they do not, and the lines after are read again.
func (c *csvRows) joined(line string) ([]string, error) {
	for n := 0; n < linesOfCell; n++ {
		more, err := c.Ahead(n)
		if err == io.EOF {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		line += "\n" + more
		if cells, err := c.split(line); err == nil && len(cells) == c.width {
			c.Join(n + 1)
			return cells, nil
		}
	}
	return nil, nil
}
