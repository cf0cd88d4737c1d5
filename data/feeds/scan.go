package feeds

import (
	"context"
	"strings"

	"github.com/parus-lending/parus/data/identity"
)

// scan looks through the whole file before any row is judged: it remembers what
// is personal, of every row, so that it can be kept out of what leaves, and finds
// code columns whose values of 16 or more digits all end in zeros from the
// sixteenth digit on: a spreadsheet kept fifteen.
func (s *source) scan(ctx context.Context) error {
	if s.stored {
		return nil
	}
	type tally struct {
		field, index int
		long         int
		whole        bool // a long value keeps its digits
	}
	var codes []tally
	var private []int
	for i, f := range s.layout.Fields {
		for _, c := range s.columns[i] {
			switch f.Kind {
			case Private, Identity:
				private = append(private, c.index)
			}
			if f.Kind == Code || f.Kind == Identity {
				codes = append(codes, tally{field: i, index: c.index})
			}
		}
	}
	n := 0
	r := s.newRow()
	err := s.table.each(ctx, func(l line) error {
		if n++; n <= s.head {
			return nil
		}
		for _, i := range private {
			if i < len(l.cells) {
				s.people.learn(narrow(l.cells[i]))
			}
		}
		for k := range codes {
			t := &codes[k]
			if t.whole || t.index >= len(l.cells) {
				continue
			}
			v := strings.TrimSpace(l.cells[t.index])
			if len(v) <= 15 || !isDigits(v) {
				continue
			}
			if r.start(l); s.late(r) {
				continue
			}
			t.long++
			t.whole = strings.Trim(v[15:], "0") != ""
		}
		return nil
	})
	for _, t := range codes {
		if t.long >= 3 && !t.whole {
			s.rounded[t.field] = true
		}
	}
	return err
}

// learn remembers a personal cell. ID numbers are known by their looks.
func (p *people) learn(v string) {
	if len(v) < 2 || len(v) == 18 && identity.CheckIDCard(v) == nil {
		return
	}
	if len(v) > 4 || len([]rune(v)) > 1 {
		p.private.add(v)
	}
}
