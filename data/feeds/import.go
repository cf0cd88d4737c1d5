package feeds

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parus-lending/parus/parcels"
)

// Imported says what an import did.
type Imported struct {
	FeedReport        // of the rows of the file; Loaded counts the good ones
	SHA256     string // of the file
	New        int    // rows added to the store
	Newer      int    // of these, rows that replace an older state of the same record
	Unchanged  int    // good rows that the store has already
	Rejects    string // path of the rejects file; empty = none
	Notes      []Note
}

// RejectsFolder of a store holds one file for each imported file with bad rows.
const RejectsFolder = "rejects"

// Import reads a feed's file, checks every row, and adds the good ones to the
// store opt.Store: one CSV file a feed under Parus's own headings, in which people
// are known by grower ID alone. Bad rows are listed in the store's folder of
// rejects, with nothing personal. The same file again changes nothing. A row whose
// key the store has already with other content is a new state of that record if
// it was received later; received the same day it is refused. Neither file nor
// store is ever held in memory as a whole.
func Import(ctx context.Context, feed, path string, opt Options) (*Imported, error) {
	lay, ok := LayoutOf(feed)
	if !ok {
		return nil, checkFeeds(map[string]string{feed: path}, opt)
	}
	var out *Imported
	err := locked(ctx, opt, func() error {
		if err := checkFeeds(map[string]string{feed: path}, opt); err != nil {
			return err
		}
		if err := notPacked(ctx, path, opt.MostUnpacked); err != nil {
			return fmt.Errorf("import %s from %s: %w", feed, filepath.Base(path), err)
		}
		s, err := open(ctx, lay, path, opt)
		if err != nil {
			return err
		}
		out, err = importSource(ctx, s, opt)
		return err
	})
	return out, err
}

// importSource adds a source's good rows to the store and says what it did.
func importSource(ctx context.Context, s *source, opt Options) (*Imported, error) {
	doing := fmt.Sprintf("import %s from %s", s.layout.Feed, s.input.Path)
	aside := newAside(opt)
	defer aside.close()
	rejects := newRejectsFile(filepath.Join(opt.Store, RejectsFolder, s.layout.Feed+"-"+s.file+".csv"))
	defer rejects.discard()
	out, err := addSource(ctx, s, opt, aside, rejects)
	if err != nil {
		return nil, noRoom(opt.Store, fmt.Errorf("%s: %w", doing, err))
	}
	if err := out.tell(ctx, s, opt, aside, rejects); err != nil {
		return nil, fmt.Errorf("%s: its rows are in the store, but its report is not written: %w; import it again, no row is added twice", doing, err)
	}
	return out, nil
}

// tell writes what is said of an import whose rows are in the store.
func (out *Imported) tell(ctx context.Context, s *source, opt Options, aside *aside, rejects *rejectsFile) error {
	roster, err := storedGrowers(ctx, "roster", opt, aside)
	if err != nil {
		return err
	}
	if out.FeedReport, err = s.finish(opt.Today, roster); err != nil {
		return err
	}
	if out.Rejects, err = rejects.commit(); err != nil {
		return err
	}
	out.Notes = s.notes()
	return writeLedger(opt, out)
}

// needContractors are the columns by which a file names people that only the
// contractors feed knows.
var needContractors = []string{"contractor_id", "to_contractor_id", "household_name", "from_name", "to_name"}

// addSource adds the rows, or nothing.
func addSource(ctx context.Context, s *source, opt Options, aside *aside, rejects *rejectsFile) (*Imported, error) {
	lay := s.layout
	l := &loader{opt: opt, out: &Loaded{}, people: newPeople(), sources: map[string][]*source{}}
	if lay.Feed != "contractors" && slices.ContainsFunc(needContractors, s.has) {
		if err := l.readPeople(ctx); err != nil {
			return nil, err
		}
	}
	s.people, s.seen = &l.people, nil
	s.growers.in, s.land.in, s.people.private.in = aside, aside, aside
	if err := s.scan(ctx); err != nil {
		return nil, err
	}
	if err := s.people.private.settle(); err != nil {
		return nil, err
	}
	first := newLook(aside)
	if err := first.readStates(ctx, lay, opt); err != nil {
		return nil, err
	}
	if err := s.firstLook(ctx, first, storedLayout(lay)); err != nil {
		return nil, err
	}
	if s.report.Rows == 0 {
		return nil, errors.New("it has headings, but no row below them")
	}
	out := &Imported{SHA256: s.input.SHA256}
	add := newAddition(storeFile(opt.Store, lay.Feed), storedLayout(lay))
	defer add.discard()
	if err := s.secondLook(first, out, add, rejects); err != nil {
		return nil, err
	}
	for _, t := range []*tally{s.growers, s.land} { // so that a full disk shows before the store changes
		if _, err := t.count(); err != nil {
			return nil, err
		}
	}
	return out, add.commit()
}

// firstLook judges each row by itself.
func (s *source) firstLook(ctx context.Context, to *look, l Layout) error {
	s.refuse = func(r Reject) { _ = to.rows.add(kept{reject: true, line: r.line()}) } // the spool keeps its error
	var buf []byte
	build := builders[s.layout.Feed]
	err := pass(ctx, s, func(r *row) struct{} { build(r); return struct{}{} }, func(r *row, _ struct{}) error {
		var sum string
		buf, sum = r.storeRow(buf[:0], l, r.source())
		n, _ := strconv.ParseUint(sum, 16, 64) // storeRow's own digits
		return to.row(r.n, r.key(), n, dayNumber(r.received()), buf)
	})
	return errors.Join(err, s.growers.err, s.land.err, s.people.private.err)
}

// secondLook writes the rows that are new, and refuses those that another row, of
// the file or of the store, speaks against.
func (s *source) secondLook(k *look, out *Imported, add *addition, rejects *rejectsFile) error {
	outcomes, err := k.settle()
	if err != nil {
		return err
	}
	newest, key := int32(0), strings.Join(s.layout.Key, ", ")
	s.refuse = func(r Reject) { rejects.add(r.line()) }
	refuse := func(r kept, reason, advice string) {
		s.report.Loaded--
		s.report.Rejected++
		s.reject(Reject{Row: r.row, Reason: reason, Advice: advice})
	}
	err = k.again(outcomes, rejects.add, func(r kept, o outcome, first int) error {
		if o == repeatedRow {
			refuse(r, fmt.Sprintf("row %d has the same %s", first, key), "keep the one that is right; the first was used")
			return rejects.err
		}
		newest = max(newest, r.day)
		switch o {
		case sameRow:
			out.Unchanged++
			return nil
		case conflictingRow:
			refuse(r, "the store has a row with the same "+key+", received the same day, that says otherwise",
				"if this row is the right one, give it a later received day (--received); else leave it out")
			return rejects.err
		case newerRow:
			out.Newer++
		}
		out.New++
		return add.write(r.line)
	})
	s.report.Newest = parcels.Date{}
	if newest > 0 {
		s.report.Newest = parcels.Date{Year: int(newest / 10000), Month: time.Month(newest / 100 % 100), Day: int(newest % 100)}
	}
	return err
}

// storedGrowers are the growers of a feed of the store.
func storedGrowers(ctx context.Context, feed string, opt Options, aside *aside) (*tally, error) {
	lay, _ := LayoutOf(feed)
	s, err := openStored(ctx, lay, opt)
	if s == nil || err != nil {
		return nil, err
	}
	out, r := &tally{in: aside}, s.newRow()
	err = batches(ctx, s.table.each, func(l line, i int) error {
		if i >= s.head {
			r.start(l)
			if v, _ := r.raw("grower_id"); v != "" {
				out.add(v)
			}
		}
		return out.err
	})
	return out, err
}

// dayNumber orders days in 32 bits; the unknown day comes first.
func dayNumber(d parcels.Date) int32 { return int32(d.Year*10000 + int(d.Month)*100 + d.Day) }
