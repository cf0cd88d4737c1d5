package feeds

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
)

// Reject is a row that was not used. It holds nothing personal: names, ID
// numbers and phones are masked in Value, and no other field quotes the file.
type Reject struct {
	Feed   string
	File   string // base name
	Row    int    // as a spreadsheet counts, headings = 1
	Column string // heading as found; empty = the row as a whole
	Value  string // masked
	Reason string
	Advice string
	Day    parcels.Date // the day the row is about, where it has one
}

var rejectHeader = []string{"feed", "file", "row", "column", "value", "reason", "advice"}

func (r Reject) cells() []string {
	n := ""
	if r.Row > 0 {
		n = strconv.Itoa(r.Row)
	}
	return []string{r.Feed, r.File, n, r.Column, r.Value, r.Reason, r.Advice}
}

// WriteRejects writes rejects as CSV with a byte-order mark.
func WriteRejects(path string, rejects []Reject) error {
	rows := make([][]string, len(rejects))
	for i, r := range rejects {
		rows[i] = r.cells()
	}
	return rundir.WriteCSV(path, rejectHeader, rows)
}

var (
	plainText = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+./ -]{0,30}$`)
	numeric   = regexp.MustCompile(`^[0-9.,:/+-][0-9.,:/+ -]{0,25}$`) // and fewer than eleven digits
	mantissa  = regexp.MustCompile(`^([0-9](?:\.[0-9]{0,5})?)[0-9.]*([eE]\+?[0-9]{1,3})$`)
	number    = regexp.MustCompile(`[0-9][0-9 -]{9,}[0-9Xx]`)
)

// masked is a cell as it may be shown to anyone. Shown are: registry codes of
// 19 and 22 digits, short numbers and days, the beginning of longer numbers,
// and Latin words in files without names. All else is only described.
func (s *source) masked(kind Kind, v string) string {
	hidden := fmt.Sprintf("(%d characters, not shown)", len([]rune(v)))
	switch {
	case v == "":
		return ""
	case kind == Identity || kind == Private || s.named(strings.TrimSpace(v)):
		return hidden
	case isDigits(v) && (len(v) == 19 || len(v) == 22) && (kind == Code || kind == ParcelID):
		return v
	case mantissa.MatchString(v):
		return mantissa.ReplaceAllString(v, "$1…$2")
	case number.MatchString(v):
		if c := strings.ReplaceAll(v, " ", ""); len(c) >= 15 && isDigits(c[:6]) {
			return c[:6] + strings.Repeat("*", 9)
		}
		return hidden
	case numeric.MatchString(v) && countDigits(v) < 11, plainText.MatchString(v) && countDigits(v) < 11 && !s.private:
		return v
	}
	return hidden
}

// countDigits: eleven or more, however parted, may be a phone or an ID number.
func countDigits(v string) (n int) {
	for _, c := range v {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}
