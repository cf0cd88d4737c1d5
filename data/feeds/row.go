package feeds

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/parus-lending/parus/parcels"
	"golang.org/x/text/width"
)

// row is one row being read. Each reader below takes a field's name, gives its
// value, and notes a Reject where the cell is bad; the row is used only if none
// was noted. One row is used again for the next line.
type row struct {
	s     *source
	n     int
	cells []string
	texts []string // by field: the cell, narrowed and trimmed, of the first column that has a value
	from  []column // and that column
	vals  []string // by field and derived name: the value in one spelling
	bad   []Reject
	day   parcels.Date // the first day read, for Reject.Day
	seen  parcels.Date // when the row became known, once received was asked
	asked bool

	content []byte // what storeRow last wrote, to be used again
	keyed   []byte // room for the key
	lastKey string
}

func (s *source) newRow() *row {
	n := len(s.layout.Fields)
	return &row{s: s, texts: make([]string, n), from: make([]column, n), vals: make([]string, n+len(derived))}
}

// start takes the next line.
func (r *row) start(l line) {
	r.n, r.cells, r.bad, r.day, r.asked = l.number, l.cells, r.bad[:0], parcels.Date{}, false
	clear(r.vals)
	for i, cols := range r.s.columns {
		r.texts[i], r.from[i] = "", column{}
		for k, c := range cols {
			if k == 0 {
				r.from[i] = c
			}
			if c.index < len(l.cells) {
				if v := narrow(l.cells[c.index]); v != "" {
					r.texts[i], r.from[i] = v, c
					break
				}
			}
		}
		if r.s.codes[i] != nil {
			if v, ok := r.s.codes[i][r.texts[i]]; ok {
				r.texts[i] = v
			}
		}
		if r.texts[i] == "" && r.s.mapping != nil {
			r.texts[i] = r.s.mapping.value(r.s.layout.Fields[i].Name)
		}
	}
}

// narrow is a cell without full-width forms and blanks around it.
func narrow(v string) string {
	for _, c := range v {
		if c >= utf8.RuneSelf && (c < 0x4e00 || c > 0x9fff) { // no Chinese character has a narrow form
			return strings.TrimSpace(width.Narrow.String(v))
		}
	}
	return strings.TrimSpace(v)
}

// pass reads a feed's rows and hands the good ones over, each before the next is
// read. What is not known on the as-of day is passed over before anything else
// is said of it. Lines are taken from the file in a second goroutine.
func pass[T any](ctx context.Context, s *source, build func(*row) T, good func(*row, T) error) error {
	if s == nil {
		return nil
	}
	if err := s.needPeople(); err != nil {
		return err
	}
	r := s.newRow()
	return batches(ctx, s.table.each, func(l line, i int) error {
		if i < s.head || blank(l) {
			return nil
		}
		s.report.Rows++
		r.start(l)
		if s.late(r) {
			s.report.Late++
			return nil
		}
		if l.fault == "" && len(l.cells) > s.width && strings.TrimSpace(strings.Join(l.cells[s.width:], "")) != "" {
			l.fault = fmt.Sprintf("the row has %d cells, the headings %d", len(l.cells), s.width)
		}
		if l.fault != "" {
			s.report.Rejected++
			s.reject(Reject{Row: l.number, Reason: l.fault, Advice: "put quotes round cells that hold the separator, and double the quotes inside them"})
			return nil
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
			return nil
		}
		if received := r.received(); received.After(s.report.Newest) {
			s.report.Newest = received
		}
		s.report.Loaded++
		return good(r, v)
	})
}

// batches runs each in a goroutine of its own and hands its lines to use, with
// the number of lines before it.
func batches(ctx context.Context, each func(context.Context, func(line) error) error, use func(line, int) error) error {
	ctx, cancel := context.WithCancel(ctx)
	full := make(chan []line, 4)
	ended := make(chan error, 1)
	go func() {
		defer close(full)
		var batch []line
		send := func() error {
			select {
			case full <- batch:
				batch = nil
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		err := each(ctx, func(l line) error {
			if batch == nil {
				batch = make([]line, 0, 256)
			}
			if batch = append(batch, l); len(batch) == cap(batch) {
				return send()
			}
			return nil
		})
		if err == nil && len(batch) > 0 {
			err = send()
		}
		ended <- err
	}()
	var err error
	i := 0
	for batch := range full {
		for _, l := range batch {
			if err == nil {
				if err = use(l, i); err != nil {
					cancel()
				}
			}
			i++
		}
	}
	cancel()
	if read := <-ended; err == nil {
		err = read
	}
	return err
}

// load reads a feed's rows into records. Of rows of the county's store that
// share a key, the one received last holds.
func load[T any](ctx context.Context, s *source, build func(*row) T) ([]T, error) {
	if s == nil {
		return nil, nil
	}
	var out []T
	var days []parcels.Date // of stored rows: when each was received
	at := &hashes{}
	err := pass(ctx, s, build, func(r *row, v T) error {
		if !s.stored {
			out = append(out, v)
			return nil
		}
		key, day := r.key(), r.received()
		if old, ok := at.get(key); ok && key != "" {
			s.report.Loaded--
			if !day.Before(days[old]) {
				out[old], days[old] = v, day
			}
			return nil
		}
		if key != "" {
			at.put(key, uint32(len(out)))
			s.seen.put(key, uint32(r.n))
		}
		out, days = append(out, v), append(days, day)
		return nil
	})
	return out, err
}

// late reports whether as-of does not know the row yet.
func (s *source) late(r *row) bool {
	return !s.opt.AsOf.IsZero() && r.received().After(s.opt.AsOf)
}

func blank(l line) bool {
	return l.fault == "" && !slices.ContainsFunc(l.cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// raw is a field's cell and the column it stands in.
func (r *row) raw(name string) (string, column) {
	i, ok := r.s.slots[name]
	if !ok || i >= len(r.texts) {
		return "", column{}
	}
	return r.texts[i], r.from[i]
}

// set keeps a field's value in one spelling: for duplicates, and for the store.
func (r *row) set(name, v string) {
	if i, ok := r.s.slots[name]; ok {
		r.vals[i] = v
	}
}

func (r *row) value(name string) string {
	if i, ok := r.s.slots[name]; ok {
		return r.vals[i]
	}
	return ""
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
	for i, f := range r.s.layout.Fields {
		if r.texts[i] == "" {
			r.s.empty[i]++
			if f.Need {
				r.reject(f.Name, "the cell is empty", "fill it in")
			}
		}
	}
	for _, group := range r.s.layout.OneOf {
		if !slices.ContainsFunc(group, func(n string) bool { v, _ := r.raw(n); return v != "" }) {
			r.rejectRow("none of "+strings.Join(group, ", ")+" is filled in", "fill in one of them")
		}
	}
}

// key is what no two rows may share; "" where the first field of it is empty.
func (r *row) key() string {
	keys := r.s.layout.Key
	if len(keys) == 0 || r.value(keys[0]) == "" {
		return ""
	}
	b := r.keyed[:0]
	for _, k := range keys {
		b = append(append(b, r.value(k)...), 0)
	}
	if r.keyed = b; string(b) != r.lastKey {
		r.lastKey = string(b)
	}
	return r.lastKey
}

// checkDuplicate refuses a row whose key an earlier used row has. Rows of the
// store replace each other instead; an import tells them at its second look.
func (r *row) checkDuplicate() {
	if len(r.bad) > 0 || r.s.stored || r.s.seen == nil {
		return
	}
	key := r.key()
	if key == "" {
		return
	}
	if first, ok := r.s.seen.get(key); ok {
		r.rejectRow(fmt.Sprintf("row %d has the same %s", first, strings.Join(r.s.layout.Key, ", ")), "keep the one that is right; the first was used")
		return
	}
	r.s.seen.put(key, uint32(r.n))
}

// received is the day the row became known: its received column, else the day
// that the import names, else the day that the kind of record itself gives
// (docs/feeds.md), else the day of the import, else zero.
func (r *row) received() parcels.Date {
	if !r.asked {
		r.seen, r.asked = r.becameKnown(), true
	}
	return r.seen
}

func (r *row) becameKnown() parcels.Date {
	if v, _ := r.raw("received"); v != "" {
		if d, _, err := r.s.parseDay(v); err == nil {
			return d
		}
	}
	if !r.s.opt.Received.IsZero() {
		return r.s.opt.Received
	}
	for _, name := range []string{"signed", "valid_from", "day"} {
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
	return r.s.opt.Today
}

// provenance is what every record carries. Its days of validity are the
// feed's, where it has them.
func (r *row) provenance() parcels.Provenance {
	p := parcels.Provenance{
		Source: r.source(), Authority: r.text("authority"), LegalBasis: r.text("legal_basis"),
		ValidFrom: r.date("valid_from"), ValidTo: r.date("valid_to"), Received: r.received(),
	}
	r.date("received")
	r.set("received", p.Received.String())
	if p.Authority == "" {
		p.Authority = r.s.layout.Authority
		r.set("authority", p.Authority)
	}
	if !p.ValidFrom.IsZero() && !p.ValidTo.IsZero() && p.ValidTo.Before(p.ValidFrom) {
		r.reject("valid_to", "the last day lies before the first", "check both days")
	}
	if r.s.stored {
		p.Source, p.Checksum = r.plain("source"), r.plain("checksum")
	}
	return p
}

// source is the file and row.
func (r *row) source() string { return r.s.file + ":" + strconv.Itoa(r.n) }

// plain is a stored cell as it is.
func (r *row) plain(name string) string {
	v, _ := r.raw(name)
	r.set(name, v)
	return v
}
