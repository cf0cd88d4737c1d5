// Package feeds reads what a county knows: the land registry's tables, transfers,
// the roster, declarations, policies, debts, prices, disasters and more (Layouts
// names them all), from CSV, XLSX, GeoJSON or GPX as counties have them, and
// keeps it in the county's store (Import).
//
// Names, ID numbers and phones end here: what leaves is a grower ID. A bad row
// is not used and listed with its reason (Reject), in words that hold nothing
// personal; good rows load. A row received after the as-of day does not exist.
// The package does not know polygons, imagery or credit rules.
//
//	loaded, err := feeds.Load(ctx, map[string]string{"contracts": "contracts.csv"},
//		feeds.Options{Key: key, County: "341523", AsOf: day})
package feeds

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
	"github.com/paulmach/orb"
)

// Options of Load and Import.
type Options struct {
	Key      identity.Key // needed by every feed that names people
	County   string       // GB/T 2260; registry codes that begin with it must have their full length
	AsOf     parcels.Date // zero = everything is known
	Store    string       // folder of what was imported; empty = none
	Mappings map[string]*Mapping
	Received parcels.Date // of rows without a received column; zero = the day their kind of record gives
	Today    parcels.Date // of rows that have no day at all; zero = known always
	CRS      string       // of claims that state none: EPSG:4326, EPSG:4490 or GCJ-02
	Near     orb.Point    // longitude and latitude of the county, zero = not known: tells zones apart

	Wait         bool  // for another import in the same store to end, instead of failing
	MostUnpacked int64 // bytes that a workbook may unpack to, where it comes from a stranger; 0 = the readers' own bounds

	held int                                // of aside; zero = mostHeld
	temp func(dir string) (*os.File, error) // of aside; nil = nameless
}

// Loaded is what the feeds say.
type Loaded struct {
	Records  scoring.Records
	Villages map[string]orb.Point // longitude and latitude by the first 12 digits of the code, where the issuers feed gives them
	Places   map[string]string    // names of towns by the first 9 digits of the code, of villages by 12, where the issuers feed gives them
	Rejects  []Reject             // by feed, file, row
	Reports  []FeedReport         // by feed, in the order of Layouts
	Inputs   []rundir.Input
	Notes    []Note
}

// Note is something the operator should know about a file as a whole.
type Note struct{ Code, Subject, Detail string }

// FeedReport says how good a file is. Late counts rows that as-of does not
// know yet, so a report belongs to the operator, not into a run's files.
type FeedReport struct {
	Feed     string
	File     string
	Format   string // "UTF-8", "GB18030", "UTF-16", "XLSX", "GeoJSON", "GPX"
	Size     int64  // bytes
	Rows     int
	Loaded   int
	Rejected int
	Late     int                // received after as-of: not loaded
	Newest   parcels.Date       // freshness: newest received day among loaded rows
	AgeDays  int                // as-of − Newest; -1 = not known
	Growers  int                // coverage: distinct growers
	Parcels  int                // coverage: distinct parcels
	OfRoster float64            // coverage: share of the roster's growers with a row here; NaN-free, 0 without roster
	Missing  map[string]float64 // missingness: share of known rows without a value, by field
	Ignored  int                // columns that are no heading of the feed
}

// Load reads the feeds named in paths (feed → CSV or XLSX file). An unreadable
// file or a missing column that is needed is an error; a bad row is a Reject.
func Load(ctx context.Context, paths map[string]string, opt Options) (*Loaded, error) {
	if err := checkFeeds(paths, opt); err != nil {
		return nil, err
	}
	l := &loader{opt: opt, out: &Loaded{}, people: newPeople(), sources: map[string][]*source{}}
	l.out.Records.Feeds = map[string]scoring.FeedState{}
	for _, lay := range Layouts {
		if err := l.open(ctx, lay, paths[lay.Feed]); err != nil {
			return nil, err
		}
	}
	if err := l.readAll(ctx); err != nil {
		return nil, err
	}
	l.out.Villages, l.out.Places = l.people.placed(), l.people.named()
	return l.out, l.finish()
}

// open opens a feed's file in the store and its plain file, whichever are there.
func (l *loader) open(ctx context.Context, lay Layout, path string) error {
	seen := &hashes{}
	stored, err := openStored(ctx, lay, l.opt)
	if err != nil {
		return err
	}
	add := func(s *source) error {
		s.people, s.seen = &l.people, seen
		l.sources[lay.Feed] = append(l.sources[lay.Feed], s)
		l.out.Inputs = append(l.out.Inputs, s.input)
		return s.scan(ctx)
	}
	if stored != nil {
		if err := add(stored); err != nil {
			return err
		}
	}
	if path == "" {
		return nil
	}
	s, err := open(ctx, lay, path, l.opt)
	if err != nil {
		return err
	}
	return add(s)
}

// namesPeople reports whether rows of the feed name growers.
func (l Layout) namesPeople() bool {
	return slices.ContainsFunc(l.Fields, func(f Field) bool { return f.Kind == Identity })
}

func checkFeeds(paths map[string]string, opt Options) error {
	for _, feed := range slices.Sorted(maps.Keys(paths)) {
		lay, ok := LayoutOf(feed)
		if !ok {
			return fmt.Errorf("feed %q is not one that Parus knows: use %s", feed, strings.Join(Names(), ", "))
		}
		if paths[feed] != "" && lay.namesPeople() && opt.Key.IsZero() {
			return fmt.Errorf("read feed %s: it names people, and there is no identity key to turn them into grower IDs: set identity_key in the county file", feed)
		}
	}
	return nil
}

// Names are the names of all feeds, in the order in which they are read.
func Names() (names []string) {
	for _, l := range Layouts {
		names = append(names, l.Feed)
	}
	return names
}

// loader carries what the feeds share.
type loader struct {
	opt     Options
	out     *Loaded
	people  people
	sources map[string][]*source
}

func (l *loader) readAll(ctx context.Context) error {
	r := &l.out.Records
	for _, step := range []func() error{
		func() error { return each(ctx, l, "issuers", issuer, &l.people.villages) },
		func() error { return l.readContractors(ctx) },
		func() error { return each(ctx, l, "members", member, &r.People) },
		func() error { return each(ctx, l, "contracts", contract, &r.Contracts) },
		func() error { return each(ctx, l, "certificates", certificate, &r.Certificates) },
		func() error { return each(ctx, l, "transfers", transfer, &r.Transfers) },
		func() error { return each(ctx, l, "roster", rosterEntry, &r.Roster) },
		func() error { return each(ctx, l, "declarations", declaration, &r.Declarations) },
		func() error { return each(ctx, l, "policies", policy, &r.Policies) },
		func() error { return each(ctx, l, "subsidies", subsidy, &r.Subsidies) },
		func() error { return each(ctx, l, "debts", debt, &r.Debts) },
		func() error { return each(ctx, l, "costs", cost, &r.Costs) },
		func() error { return each(ctx, l, "statistics", statistic, &r.Statistics) },
		func() error { return each(ctx, l, "prices", price, &r.Prices) },
		func() error { return each(ctx, l, "disasters", disaster, &r.Disasters) },
		func() error { return each(ctx, l, "machinery", machine, &r.Machines) },
		func() error { return each(ctx, l, "purchases", purchase, &r.Purchases) },
		func() error { return each(ctx, l, "meters", meter, &r.Meters) },
		func() error { return each(ctx, l, "lists", listEntry, &r.Lists) },
		func() error { return each(ctx, l, "claims", claim, &r.Claims) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// each reads the feed's files, the store's first.
func each[T any](ctx context.Context, l *loader, feed string, build func(*row) T, to *[]T) error {
	for _, s := range l.sources[feed] {
		rows, err := load(ctx, s, build)
		if err != nil {
			return err
		}
		*to = append(*to, rows...)
	}
	return nil
}

// finish gathers states, reports and rejects in the order of the layouts.
func (l *loader) finish() error {
	var onRoster *tally
	for _, s := range l.sources["roster"] {
		onRoster = s.growers // the plain file's, where there is one
	}
	if w := l.opt.Key.Warning(); w != "" {
		l.out.Notes = append(l.out.Notes, Note{"key_readable_by_others", "identity_key", w})
	}
	for _, lay := range Layouts {
		state := scoring.FeedState{}
		for _, s := range l.sources[lay.Feed] {
			state.Given = true
			state.Rows += s.report.Loaded
			state.Rejected += s.report.Rejected
			if s.report.Newest.After(state.Newest) {
				state.Newest = s.report.Newest
			}
			l.out.Rejects = append(l.out.Rejects, s.rejects...)
			r, err := s.finish(l.opt.AsOf, onRoster)
			if err != nil {
				return err
			}
			l.out.Reports = append(l.out.Reports, r)
			l.out.Notes = append(l.out.Notes, s.notes()...)
		}
		l.out.Records.Feeds[lay.Feed] = state
	}
	return nil
}
