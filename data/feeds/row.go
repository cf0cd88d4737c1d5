package feeds

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/parus-lending/parus/parcels"
	"golang.org/x/text/width"
)

// row is one row being read. Each reader below takes a field's name, gives its
// value, and notes a Reject where the cell is bad; the row is used only if none
// was noted.
type row struct {
	s     *source
	n     int
	cells []string
	bad   []Reject
	keys  map[string]string // field → value in one spelling, for duplicates
	day   parcels.Date      // the first day read, for Reject.Day
}

// load reads a feed's rows. What is not known on the as-of day is passed over
// before anything else is said of it.
func load[T any](ctx context.Context, s *source, build func(*row) T) ([]T, error) {
	if s == nil {
		return nil, nil
	}
	if err := s.needPeople(); err != nil {
		return nil, err
	}
	var out []T
	for i, l := range s.lines {
		if i%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if blank(l) {
			continue
		}
		s.report.Rows++
		r := &row{s: s, n: l.number, cells: l.cells, keys: map[string]string{}}
		if s.late(r) {
			s.report.Late++
			continue
		}
		if l.fault == "" && len(l.cells) > s.width && strings.TrimSpace(strings.Join(l.cells[s.width:], "")) != "" {
			l.fault = fmt.Sprintf("the row has %d cells, the headings %d", len(l.cells), s.width)
		}
		if l.fault != "" {
			s.report.Rejected++
			s.reject(Reject{Row: l.number, Reason: l.fault, Advice: "put quotes round cells that hold the separator, and double the quotes inside them"})
			continue
		}
		s.known++
		r.checkNeeded()
		v := build(r)
		r.checkDuplicate()
		if len(r.bad) > 0 {
			s.report.Rejected++
			for _, b := range r.bad {
				b.Row, b.Day = r.n, r.day
				s.reject(b)
			}
			continue
		}
		s.report.Loaded++
		if received := r.received(); received.After(s.report.Newest) {
			s.report.Newest = received
		}
		out = append(out, v)
	}
	return out, nil
}

// late reports whether as-of does not know the row yet.
func (s *source) late(r *row) bool {
	return !s.opt.AsOf.IsZero() && r.received().After(s.opt.AsOf)
}

func blank(l line) bool {
	return l.fault == "" && !slices.ContainsFunc(l.cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// raw is a field's cell, narrowed and trimmed: the first column of the field
// that has a value.
func (r *row) raw(name string) (string, column) {
	cols := r.s.columns[name]
	for _, c := range cols {
		if c.index < len(r.cells) {
			if v := strings.TrimSpace(width.Narrow.String(r.cells[c.index])); v != "" {
				return v, c
			}
		}
	}
	if len(cols) > 0 {
		return "", cols[0]
	}
	return "", column{}
}

// reject notes what is wrong with a field's cell.
func (r *row) reject(name, reason, advice string) {
	v, c := r.raw(name)
	f, _ := r.s.layout.Field(name)
	r.bad = append(r.bad, Reject{Column: c.heading, Value: r.s.masked(f.Kind, v), Reason: reason, Advice: advice})
}

func (r *row) rejectRow(reason, advice string) {
	r.bad = append(r.bad, Reject{Reason: reason, Advice: advice})
}

// checkNeeded notes empty cells that must not be, and counts all empty ones.
func (r *row) checkNeeded() {
	has := map[string]bool{}
	for _, f := range r.s.layout.Fields {
		v, _ := r.raw(f.Name)
		has[f.Name] = v != ""
		if v == "" {
			r.s.empty[f.Name]++
			if f.Need {
				r.reject(f.Name, "the cell is empty", "fill it in")
			}
		}
	}
	for _, group := range r.s.layout.OneOf {
		if !slices.ContainsFunc(group, func(n string) bool { return has[n] }) {
			r.rejectRow("none of "+strings.Join(group, ", ")+" is filled in", "fill in one of them")
		}
	}
}

// checkDuplicate refuses a row whose key an earlier used row has. A key whose
// first field is empty is no key.
func (r *row) checkDuplicate() {
	if len(r.bad) > 0 || len(r.s.layout.Key) == 0 {
		return
	}
	parts := make([]string, len(r.s.layout.Key))
	for i, k := range r.s.layout.Key {
		parts[i] = r.keys[k]
	}
	if parts[0] == "" {
		return
	}
	key := strings.Join(parts, "\x00")
	if first, ok := r.s.seen[key]; ok {
		r.rejectRow(fmt.Sprintf("row %d has the same %s", first, strings.Join(r.s.layout.Key, ", ")), "keep the one that is right; the first was used")
		return
	}
	r.s.seen[key] = r.n
}

// received is the day the row became known: its received column, else the day
// that the kind of record itself gives (docs/feeds.md), else zero.
func (r *row) received() parcels.Date {
	if v, _ := r.raw("received"); v != "" {
		if d, _, err := r.s.parseDay(v); err == nil {
			return d
		}
	}
	for _, name := range []string{"signed", "valid_from"} {
		if v, _ := r.raw(name); v != "" {
			if d, open, err := r.s.parseDay(v); err == nil && !open {
				return d
			}
		}
	}
	if v, _ := r.raw("year"); v != "" {
		if y, err := parseYear(v); err == nil {
			return parcels.Date{Year: y + 1, Month: 1, Day: 1}
		}
	}
	return parcels.Date{}
}

// provenance is what every record carries. Its days of validity are the
// feed's, where it has them.
func (r *row) provenance() parcels.Provenance {
	p := parcels.Provenance{
		Source: fmt.Sprintf("%s:%d", r.s.file, r.n), Authority: r.text("authority"), LegalBasis: r.text("legal_basis"),
		ValidFrom: r.date("valid_from"), ValidTo: r.date("valid_to"), Received: r.received(),
	}
	r.date("received")
	if p.Authority == "" {
		p.Authority = r.s.layout.Authority
		r.keys["authority"] = p.Authority
	}
	if !p.ValidFrom.IsZero() && !p.ValidTo.IsZero() && p.ValidTo.Before(p.ValidFrom) {
		r.reject("valid_to", "the last day lies before the first", "check both days")
	}
	return p
}
