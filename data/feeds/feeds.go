// Package feeds reads what a county knows: contractors, contracts, transfers,
// the roster, declarations, policies, subsidies, debts, cost surveys and yield
// statistics, from CSV or XLSX as counties have them.
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
	"slices"
	"strings"

	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
)

// Options of Load.
type Options struct {
	Key    identity.Key // needed by every feed that names people
	County string       // GB/T 2260; registry codes that begin with it must have their full length
	AsOf   parcels.Date // zero = everything is known
}

// Loaded is what the feeds say.
type Loaded struct {
	Records scoring.Records
	Rejects []Reject     // by feed, file, row
	Reports []FeedReport // by feed, in the order of Layouts
	Inputs  []rundir.Input
	Notes   []Note
}

// Note is something the operator should know about a file as a whole.
type Note struct{ Code, Subject, Detail string }

// FeedReport says how good a file is. Late counts rows that as-of does not
// know yet, so a report belongs to the operator, not into a run's files.
type FeedReport struct {
	Feed     string
	File     string
	Format   string // "UTF-8", "GB18030", "UTF-16", "XLSX"
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
	l := &loader{opt: opt, out: &Loaded{}, people: people{private: map[string]bool{}, growers: map[string]string{}, bad: map[string]string{}}, sources: map[string]*source{}}
	l.out.Records.Feeds = map[string]scoring.FeedState{}
	for _, lay := range Layouts {
		if paths[lay.Feed] == "" {
			l.out.Records.Feeds[lay.Feed] = scoring.FeedState{}
			continue
		}
		s, err := open(lay, paths[lay.Feed], opt)
		if err != nil {
			return nil, err
		}
		l.sources[lay.Feed] = s
		s.people = &l.people
		l.people.learn(s)
		l.out.Inputs = append(l.out.Inputs, s.input)
	}
	if err := l.readAll(ctx); err != nil {
		return nil, err
	}
	l.finish()
	return l.out, nil
}

func checkFeeds(paths map[string]string, opt Options) error {
	for _, feed := range slices.Sorted(maps.Keys(paths)) {
		if _, ok := LayoutOf(feed); !ok {
			var names []string
			for _, l := range Layouts {
				names = append(names, l.Feed)
			}
			return fmt.Errorf("feed %q is not one that Parus knows: use %s", feed, strings.Join(names, ", "))
		}
		if paths[feed] != "" && feed != "costs" && feed != "statistics" && opt.Key.IsZero() {
			return fmt.Errorf("read feed %s: it names people, and there is no identity key to turn them into grower IDs: set identity_key in the county file", feed)
		}
	}
	return nil
}

// loader carries what the feeds share.
type loader struct {
	opt     Options
	out     *Loaded
	people  people
	sources map[string]*source
}

func (l *loader) readAll(ctx context.Context) error {
	r := &l.out.Records
	err := l.readContractors(ctx)
	for _, step := range []func() error{
		func() (err error) { r.Contracts, err = load(ctx, l.sources["contracts"], contract); return },
		func() (err error) { r.Transfers, err = load(ctx, l.sources["transfers"], transfer); return },
		func() (err error) { r.Roster, err = load(ctx, l.sources["roster"], rosterEntry); return },
		func() (err error) { r.Declarations, err = load(ctx, l.sources["declarations"], declaration); return },
		func() (err error) { r.Policies, err = load(ctx, l.sources["policies"], policy); return },
		func() (err error) { r.Subsidies, err = load(ctx, l.sources["subsidies"], subsidy); return },
		func() (err error) { r.Debts, err = load(ctx, l.sources["debts"], debt); return },
		func() (err error) { r.Costs, err = load(ctx, l.sources["costs"], cost); return },
		func() (err error) { r.Statistics, err = load(ctx, l.sources["statistics"], statistic); return },
	} {
		if err == nil {
			err = step()
		}
	}
	return err
}

// finish gathers states, reports and rejects in the order of the layouts.
func (l *loader) finish() {
	var onRoster map[string]bool
	if s := l.sources["roster"]; s != nil {
		onRoster = s.growers
	}
	if w := l.opt.Key.Warning(); w != "" {
		l.out.Notes = append(l.out.Notes, Note{"key_readable_by_others", "identity_key", w})
	}
	for _, lay := range Layouts {
		s := l.sources[lay.Feed]
		if s == nil {
			continue
		}
		l.out.Records.Feeds[lay.Feed] = scoring.FeedState{Given: true, Rows: s.report.Loaded, Rejected: s.report.Rejected, Newest: s.report.Newest}
		l.out.Rejects = append(l.out.Rejects, s.rejects...)
		l.out.Reports = append(l.out.Reports, s.finish(l.opt.AsOf, onRoster))
		l.out.Notes = append(l.out.Notes, s.notes()...)
	}
}
