package feeds

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"
)

// Mapping says how a file whose headings or codes are its own is read. A nil
// Mapping maps nothing.
//
//	feed = "policies"
//	[columns]               # heading in the file = field or heading of the feed; "" = leave out
//	"标的面积" = "area_mu"
//	[codes.crop]            # value in the file = value that the feed knows
//	"A01" = "rice"
//	[set]                   # value of a field where the file has none
//	authority = "insurer"
//	[extras]                # whitelists: heading in the file = name of the extra
//	"经营规模" = "scale"
type Mapping struct {
	Feed    string                       `toml:"feed"`
	Sheet   string                       `toml:"sheet"`    // of a workbook; empty = the first
	HeadRow int                          `toml:"head_row"` // as a spreadsheet counts; 0 = found
	Columns map[string]string            `toml:"columns"`
	Codes   map[string]map[string]string `toml:"codes"`
	Set     map[string]string            `toml:"set"`
	Extras  map[string]string            `toml:"extras"`
}

// ReadMapping reads and checks a mapping file for a feed.
func ReadMapping(path, feed string) (*Mapping, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read mapping: %w", err)
	}
	m, err := ParseMapping(b, feed)
	if err != nil {
		return nil, fmt.Errorf("read mapping %s: %w", path, err)
	}
	return m, nil
}

// ParseMapping is ReadMapping of a file's bytes. Every mistake is named at once.
func ParseMapping(b []byte, feed string) (*Mapping, error) {
	var m Mapping
	meta, err := toml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff")))).Decode(&m)
	if err != nil {
		return nil, err
	}
	var wrong []string
	for _, k := range meta.Undecoded() {
		wrong = append(wrong, fmt.Sprintf("%s is not a setting of a mapping", k))
	}
	if m.Feed != "" && m.Feed != feed {
		wrong = append(wrong, fmt.Sprintf("it is for the feed %q, not for %q", m.Feed, feed))
	}
	if lay, ok := LayoutOf(feed); ok {
		wrong = append(wrong, m.check(lay)...)
	}
	if len(wrong) > 0 {
		sort.Strings(wrong)
		return nil, fmt.Errorf("%s", strings.Join(wrong, "; "))
	}
	return &m, nil
}

func (m *Mapping) check(lay Layout) (wrong []string) {
	for _, from := range slices.Sorted(maps.Keys(m.Columns)) {
		if to := m.Columns[from]; to != "" {
			if _, _, ok := lay.find(to); !ok {
				wrong = append(wrong, fmt.Sprintf("columns: %q is to be %q, which is no field or heading of %s", from, to, lay.Feed))
			}
		}
	}
	for _, name := range slices.Concat(slices.Sorted(maps.Keys(m.Codes)), slices.Sorted(maps.Keys(m.Set))) {
		if f, ok := lay.Field(name); !ok || f.Stored {
			wrong = append(wrong, fmt.Sprintf("%s is no field of %s", name, lay.Feed))
		}
	}
	if m.HeadRow < 0 || m.HeadRow > 1000 {
		wrong = append(wrong, "head_row must lie from 1 to 1000")
	}
	if len(m.Extras) > 0 && lay.Feed != "roster" {
		wrong = append(wrong, "extras belong to the roster only")
	}
	return wrong
}

// apply puts the codes where rows find them.
func (m *Mapping) apply(s *source) error {
	if m == nil {
		return nil
	}
	for name, codes := range m.Codes {
		i, ok := s.slots[name]
		if !ok || i >= len(s.codes) {
			return fmt.Errorf("its mapping names codes of %s, which is no field of the feed", name)
		}
		s.codes[i] = map[string]string{}
		for from, to := range codes {
			s.codes[i][narrow(from)] = to
		}
	}
	return nil
}

// column is what the mapping makes of a heading: a field's heading, "" = leave
// it out.
func (m *Mapping) column(heading string) (to string, mapped bool) {
	if m == nil || len(m.Columns) == 0 {
		return "", false
	}
	if to, mapped = m.Columns[heading]; mapped {
		return to, true
	}
	h := plain(heading)
	for _, from := range slices.Sorted(maps.Keys(m.Columns)) {
		if plain(from) == h {
			return m.Columns[from], true
		}
	}
	return "", false
}

func (m *Mapping) extra(heading string) string {
	if m == nil {
		return ""
	}
	return m.Extras[strings.TrimSpace(heading)]
}

func (m *Mapping) value(field string) string {
	if m == nil {
		return ""
	}
	return m.Set[field]
}

func (m *Mapping) sheet() string {
	if m == nil {
		return ""
	}
	return m.Sheet
}

func (m *Mapping) headRow() int {
	if m == nil {
		return 0
	}
	return m.HeadRow
}
