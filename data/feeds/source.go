package feeds

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
)

// source is one feed's file with its columns found.
type source struct {
	layout  Layout
	opt     Options
	people  *people
	mapping *Mapping
	table   *table
	stored  bool   // a file of the county's store: it holds no people, and rows replace each other
	file    string // base name
	xlsx    bool
	private bool // the file has columns of names, or columns Parus does not know
	input   rundir.Input
	head    int // rows before the first with values
	width   int
	slots   map[string]int // field, or another name of a value → its place
	columns [][]column     // by field
	extras  []column       // whitelist columns of the file's own; heading = their name
	rounded []bool         // by field: long values all end in zeros
	codes   []map[string]string
	seen    *hashes // key → row, of all files of the feed; nil = repeated rows are told otherwise
	refuse  func(Reject)
	rejects []Reject
	report  FeedReport
	growers *tally
	land    *tally
	empty   []int // by field: known rows without value
	known   int
	odd     map[string]int // note code → rows
}

// column is where a field stands and the factor of its heading.
type column struct {
	index   int
	heading string
	times   float64
}

// derived are values of a row that are no fields of a plain file.
var derived = []string{"person", "from", "to"}

func open(ctx context.Context, lay Layout, path string, opt Options) (*source, error) {
	doing := fmt.Sprintf("read feed %s from %s", lay.Feed, path)
	m := opt.Mappings[lay.Feed]
	t, err := openTable(ctx, path, m)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; correct the file, or its path under [feeds] in the county file", doing, err)
	}
	if lay.Feed == "costs" {
		if t, err = official(ctx, t); err != nil {
			return nil, fmt.Errorf("%s: %w", doing, err)
		}
	}
	return sourceOf(ctx, lay, path, t, m, opt)
}

func sourceOf(ctx context.Context, lay Layout, path string, t *table, m *Mapping, opt Options) (*source, error) {
	doing := fmt.Sprintf("read feed %s from %s", lay.Feed, path)
	s := &source{layout: lay, opt: opt, mapping: m, table: t, file: filepath.Base(path), xlsx: t.format == "XLSX", slots: map[string]int{},
		seen: &hashes{}, growers: &tally{}, land: &tally{}, odd: map[string]int{}}
	s.refuse = func(r Reject) { s.rejects = append(s.rejects, r) }
	n := len(lay.Fields)
	s.columns, s.rounded, s.codes, s.empty = make([][]column, n), make([]bool, n), make([]map[string]string, n), make([]int, n)
	for i, f := range lay.Fields {
		s.slots[f.Name] = i
	}
	for i, name := range derived {
		if _, taken := s.slots[name]; !taken {
			s.slots[name] = n + i
		}
	}
	s.input = rundir.Input{Kind: "feed:" + lay.Feed, Path: path, Size: t.size, SHA256: t.sha256}
	s.report = FeedReport{Feed: lay.Feed, File: s.file, Format: t.format, Size: t.size}
	if err := m.apply(s); err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	if err := s.findHead(ctx); err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	if missing := s.missing(); len(missing) > 0 {
		return nil, fmt.Errorf("%s: column missing: %s; add it, or rename the one that holds it (docs/feeds.md lists all headings)", doing, strings.Join(missing, "; "))
	}
	return s, nil
}

// findHead finds the row of headings: of the first ten rows the one that has the
// most of them (exports put a title above), or the one that the mapping names.
func (s *source) findHead(ctx context.Context) error {
	var rows []line
	err := s.table.each(ctx, func(l line) error {
		if rows = append(rows, l); len(rows) >= max(10, s.mapping.headRow()) {
			return errEnough
		}
		return nil
	})
	if err != nil && err != errEnough {
		return err
	}
	best, most := -1, 0
	for i, l := range rows {
		n := 0
		for _, c := range l.cells {
			if _, _, ok := s.heading(c); ok {
				n++
			}
		}
		if n > most && (s.mapping.headRow() == 0 || l.number == s.mapping.headRow()) {
			best, most = i, n
		}
	}
	if best < 0 {
		return fmt.Errorf("no row of headings found in its first rows; the feed's headings are: %s", s.wanted(nil))
	}
	s.head = best + 1
	cells := rows[best].cells
	s.width = len(cells)
	for s.width > 0 && strings.TrimSpace(cells[s.width-1]) == "" {
		s.width--
	}
	for i, c := range cells[:s.width] {
		title := strings.Trim(c, "\ufeff \t")
		f, times, ok := s.heading(c)
		switch extra := s.extra(title); {
		case ok:
			s.private = s.private || f.Kind == Private
			at := s.slots[f.Name]
			s.columns[at] = append(s.columns[at], column{i, title, times})
		case extra != "":
			s.extras = append(s.extras, column{i, extra, 1})
		default:
			s.report.Ignored++
			s.private = true
		}
	}
	return nil
}

// heading is the field that a heading names, by the mapping first.
func (s *source) heading(c string) (Field, float64, bool) {
	if to, ok := s.mapping.column(c); ok {
		if to == "" {
			return Field{}, 0, false
		}
		return s.layout.find(to)
	}
	return s.layout.find(c)
}

// extra is the name of a whitelist's own column, "" for none.
func (s *source) extra(title string) string {
	if s.layout.Feed != "roster" {
		return ""
	}
	if name := s.mapping.extra(title); name != "" {
		return name
	}
	for _, p := range []string{"extra_", "extra:", "扩展_", "扩展:", "扩展："} {
		if name, ok := strings.CutPrefix(title, p); ok {
			return name
		}
	}
	return ""
}

// has reports whether the file (or its mapping's [set]) gives a field.
func (s *source) has(name string) bool {
	i, ok := s.slots[name]
	return ok && i < len(s.columns) && (s.columns[i] != nil || s.mapping.value(name) != "")
}

// missing says which needed columns are not there.
func (s *source) missing() []string {
	var out []string
	for _, f := range s.layout.Fields {
		if f.Need && !s.has(f.Name) {
			out = append(out, s.wanted([]string{f.Name}))
		}
	}
	for _, group := range s.layout.OneOf {
		if !slices.ContainsFunc(group, s.has) {
			out = append(out, s.wanted(group))
		}
	}
	return out
}

// wanted lists headings for an error: "parcel_id (or DKBM, 地块编码)".
func (s *source) wanted(names []string) string {
	var out []string
	for _, f := range s.layout.Fields {
		if names == nil && !f.Need || names != nil && !slices.Contains(names, f.Name) {
			continue
		}
		var more []string
		for _, h := range f.Headings {
			if h.Name != f.Name {
				more = append(more, h.Name)
			}
		}
		text := f.Name
		if len(more) > 0 {
			text += " (or " + strings.Join(more, ", ") + ")"
		}
		out = append(out, text)
	}
	if names == nil {
		return strings.Join(out, "; ")
	}
	return strings.Join(out, " or ")
}

// reject lists a row that is not used.
func (s *source) reject(r Reject) {
	r.Feed, r.File = s.layout.Feed, s.file
	s.refuse(r)
}

// finish is the report on the file, with the roster's growers held against its own.
func (s *source) finish(asOf parcels.Date, roster *tally) (FeedReport, error) {
	r := s.report
	r.AgeDays, r.Missing = -1, map[string]float64{}
	var errs [3]error
	r.Growers, errs[0] = s.growers.count()
	r.Parcels, errs[1] = s.land.count()
	r.OfRoster, errs[2] = s.share(roster)
	if err := errors.Join(errs[:]...); err != nil {
		return r, fmt.Errorf("count growers and parcels of %s: %w", s.file, err)
	}
	if !r.Newest.IsZero() && !asOf.IsZero() {
		r.AgeDays = asOf.Sub(r.Newest)
	}
	for i, f := range s.layout.Fields {
		if s.known > 0 && f.Kind != Private && (!f.Stored || s.stored) {
			r.Missing[f.Name] = float64(s.empty[i]) / float64(s.known)
		}
	}
	return r, nil
}

// share is the part of the roster's growers that the source names.
func (s *source) share(roster *tally) (float64, error) {
	if roster == nil {
		return 0, nil
	}
	all, err := roster.count()
	if err != nil || all == 0 {
		return 0, err
	}
	both, err := s.growers.both(roster)
	return float64(both) / float64(all), err
}

// oddities are notes about a whole file: what was taken for what.
var oddities = []struct{ code, text string }{
	{"purpose_unknown", "rows name a loan purpose that Parus does not know; they count as other"},
	{"name_replaced", "cells of free text look like a person's name or number; a keyed code stands in their place"},
	{"area_only", "rows name no parcel: they vouch for an area only, and no polygon is made up for them"},
	{"matched_by_name", "rows name the grower by name and village only; each was matched to the one household of that name there"},
	{"crs_assumed", "claims state no CRS: WGS 84 was assumed, as GeoJSON and GPX are defined"},
	{"gcj02_undone", "claims were taken on a Chinese base map (GCJ-02) and moved back to WGS 84"},
	{"axes_swapped", "claims have latitude before longitude; the axes were swapped"},
	{"track_closed", "walked tracks do not end where they began; they were closed"},
}

func (s *source) notes() []Note {
	var out []Note
	for _, o := range oddities {
		if n := s.odd[o.code]; n > 0 {
			out = append(out, Note{o.code, s.file, fmt.Sprintf("%d %s", n, o.text)})
		}
	}
	return out
}

func isDigits(s string) bool {
	if s == "" {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
