package feeds

import (
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
	file    string // base name
	xlsx    bool
	private bool // the file has columns of names, or columns Parus does not know
	input   rundir.Input
	lines   []line
	width   int
	columns map[string][]column
	rounded map[string]bool // code fields whose long values all end in zeros
	seen    map[string]int  // key → row
	rejects []Reject
	report  FeedReport
	growers map[string]bool
	land    map[string]bool
	empty   map[string]int // field → known rows without value
	known   int
	odd     map[string]int // note code → rows
}

// column is where a field stands and the factor of its heading.
type column struct {
	index   int
	heading string
	times   float64
}

func open(lay Layout, path string, opt Options) (*source, error) {
	doing := fmt.Sprintf("read feed %s from %s", lay.Feed, path)
	sh, err := readSheet(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; correct the file, or its path under [feeds] in the county file", doing, err)
	}
	s := &source{layout: lay, opt: opt, file: filepath.Base(path), xlsx: sh.format == "XLSX",
		columns: map[string][]column{}, rounded: map[string]bool{}, seen: map[string]int{},
		growers: map[string]bool{}, land: map[string]bool{}, empty: map[string]int{}, odd: map[string]int{}}
	s.input = rundir.Input{Kind: "feed:" + lay.Feed, Path: path, Size: sh.size, SHA256: sh.sha256}
	s.report = FeedReport{Feed: lay.Feed, File: s.file, Format: sh.format}
	head := s.findHead(sh.rows)
	if head < 0 {
		return nil, fmt.Errorf("%s: no row of headings found in its first rows; the feed's headings are: %s", doing, s.wanted(nil))
	}
	s.lines = sh.rows[head+1:]
	if missing := s.missing(); len(missing) > 0 {
		return nil, fmt.Errorf("%s: column missing: %s; add it, or rename the one that holds it (docs/feeds.md lists all headings)", doing, strings.Join(missing, "; "))
	}
	s.findRounded()
	return s, nil
}

// findHead is the place of the row of headings: of the first ten rows the one
// that has the most of them (exports put a title above).
func (s *source) findHead(rows []line) int {
	best, most := -1, 0
	for i, l := range rows[:min(len(rows), 10)] {
		n := 0
		for _, c := range l.cells {
			if _, _, ok := s.layout.find(c); ok {
				n++
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	if best < 0 {
		return -1
	}
	s.width = len(rows[best].cells)
	for s.width > 0 && strings.TrimSpace(rows[best].cells[s.width-1]) == "" {
		s.width--
	}
	for i, c := range rows[best].cells[:s.width] {
		f, times, ok := s.layout.find(c)
		if !ok {
			s.report.Ignored++
			s.private = true
			continue
		}
		s.private = s.private || f.Kind == Private
		s.columns[f.Name] = append(s.columns[f.Name], column{i, strings.Trim(c, "\ufeff \t"), times})
	}
	return best
}

// missing says which needed columns are not there.
func (s *source) missing() []string {
	var out []string
	for _, f := range s.layout.Fields {
		if f.Need && s.columns[f.Name] == nil {
			out = append(out, s.wanted([]string{f.Name}))
		}
	}
	for _, group := range s.layout.OneOf {
		if !slices.ContainsFunc(group, func(n string) bool { return s.columns[n] != nil }) {
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

// findRounded looks for code columns whose values of 16 or more digits all end
// in zeros from the sixteenth digit on: a spreadsheet kept fifteen.
func (s *source) findRounded() {
	for name, cols := range s.columns {
		if f, _ := s.layout.Field(name); f.Kind != Code && f.Kind != Identity {
			continue
		}
		for _, c := range cols {
			long, zeros := 0, 0
			for _, l := range s.lines {
				if c.index >= len(l.cells) {
					continue
				}
				if v := strings.TrimSpace(l.cells[c.index]); len(v) > 15 && isDigits(v) && !s.late(&row{s: s, cells: l.cells}) {
					long++
					if strings.Trim(v[15:], "0") == "" {
						zeros++
					}
				}
			}
			if long >= 3 && zeros == long {
				s.rounded[name] = true
			}
		}
	}
}

// reject lists a row that is not used.
func (s *source) reject(r Reject) {
	r.Feed, r.File = s.layout.Feed, s.file
	s.rejects = append(s.rejects, r)
}

func (s *source) finish(asOf parcels.Date, onRoster map[string]bool) FeedReport {
	r := s.report
	r.Growers, r.Parcels, r.AgeDays, r.Missing = len(s.growers), len(s.land), -1, map[string]float64{}
	if !r.Newest.IsZero() && !asOf.IsZero() {
		r.AgeDays = asOf.Sub(r.Newest)
	}
	for _, f := range s.layout.Fields {
		if s.known > 0 && f.Kind != Private {
			r.Missing[f.Name] = float64(s.empty[f.Name]) / float64(s.known)
		}
	}
	both := 0
	for g := range s.growers {
		if onRoster[g] {
			both++
		}
	}
	if len(onRoster) > 0 {
		r.OfRoster = float64(both) / float64(len(onRoster))
	}
	return r
}

// oddities are notes about a whole file: what was taken for what.
var oddities = []struct{ code, text string }{
	{"purpose_unknown", "rows name a loan purpose that Parus does not know; they count as other"},
	{"name_replaced", "cells of free text look like a person's name or number; a keyed code stands in their place"},
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
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}
