package feeds

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
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
	err := locked(opt.Store, func() error {
		if err := checkFeeds(map[string]string{feed: path}, opt); err != nil {
			return err
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

// importSource adds a source's good rows to the store.
func importSource(ctx context.Context, s *source, opt Options) (*Imported, error) {
	lay := s.layout
	doing := fmt.Sprintf("import %s from %s", lay.Feed, s.input.Path)
	l := &loader{opt: opt, out: &Loaded{}, people: newPeople(), sources: map[string][]*source{}}
	if lay.Feed != "contractors" {
		if err := l.readPeople(ctx); err != nil {
			return nil, err
		}
	}
	s.people = &l.people
	if err := s.scan(ctx); err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	have, err := readVersions(ctx, lay, opt)
	if err != nil {
		return nil, err
	}
	out := &Imported{SHA256: s.input.SHA256}
	rejects := newRejectsFile(filepath.Join(opt.Store, RejectsFolder, lay.Feed+"-"+s.file+".csv"))
	defer rejects.discard()
	s.refuse = rejects.add
	add := newAddition(storeFile(opt.Store, lay.Feed), storedLayout(lay))
	defer add.discard()
	var buf []byte
	build := builders[lay.Feed]
	err = pass(ctx, s, func(r *row) struct{} { build(r); return struct{}{} }, func(r *row, _ struct{}) error {
		var sum string
		buf, sum = r.storeRow(buf[:0], add.layout, r.source())
		switch have.compare(r.key(), sum, r.received()) {
		case sameRow:
			out.Unchanged++
			return nil
		case conflictingRow:
			s.report.Loaded--
			s.report.Rejected++
			s.reject(Reject{Row: r.n, Reason: "the store has a row with the same " + strings.Join(lay.Key, ", ") + ", received the same day, that says otherwise",
				Advice: "if this row is the right one, give it a later received day (--received); else leave it out"})
			return nil
		case newerRow:
			out.Newer++
		}
		out.New++
		return add.write(buf)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	if s.report.Rows == 0 {
		return nil, fmt.Errorf("%s: it has headings, but no row below them", doing)
	}
	if err := add.commit(); err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	if out.Rejects, err = rejects.commit(); err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	roster, err := storedGrowers(ctx, "roster", opt)
	if err != nil {
		return nil, err
	}
	out.FeedReport = s.finish(opt.Today)
	out.OfRoster = s.share(roster)
	out.Notes = s.notes()
	return out, writeLedger(opt, out)
}

// storedGrowers are the growers of a feed of the store.
func storedGrowers(ctx context.Context, feed string, opt Options) (*hashes, error) {
	lay, _ := LayoutOf(feed)
	s, err := openStored(ctx, lay, opt)
	if s == nil || err != nil {
		return nil, err
	}
	out, r := &hashes{}, s.newRow()
	err = batches(ctx, s.table.each, func(l line, i int) error {
		if i >= s.head {
			r.start(l)
			if v, _ := r.raw("grower_id"); v != "" {
				out.add(v)
			}
		}
		return nil
	})
	return out, err
}

// addition is the store's file of a feed with rows added; nothing is written
// where there are none.
type addition struct {
	path   string
	layout Layout
	file   *os.File
	to     *bufio.Writer
}

func newAddition(path string, l Layout) *addition { return &addition{path: path, layout: l} }

// write begins with a copy of what stands.
func (a *addition) write(row []byte) error {
	if a.file == nil {
		f, err := os.CreateTemp(filepath.Dir(a.path), ".tmp-*")
		if err != nil {
			return err
		}
		a.file, a.to = f, bufio.NewWriterSize(f, 1<<20)
		old, err := os.Open(a.path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			head := "\ufeff"
			for i, f := range a.layout.Fields {
				if i > 0 {
					head += ","
				}
				head += f.Name
			}
			_, err = a.to.WriteString(head + "\n")
		case err == nil:
			_, err = io.Copy(a.to, old)
			err = errors.Join(err, old.Close())
		}
		if err != nil {
			return err
		}
	}
	_, err := a.to.Write(row)
	return err
}

func (a *addition) commit() error {
	if a.file == nil {
		return nil
	}
	err := errors.Join(a.to.Flush(), a.file.Chmod(0o640), a.file.Sync(), a.file.Close())
	if err == nil {
		err = os.Rename(a.file.Name(), a.path)
	}
	if err == nil {
		a.file = nil
	}
	return err
}

func (a *addition) discard() {
	if a.file != nil {
		a.file.Close()
		os.Remove(a.file.Name())
	}
}

// rejectsFile takes rejects as they come.
type rejectsFile struct {
	add0 addition
	n    int
	err  error
}

func newRejectsFile(path string) *rejectsFile { return &rejectsFile{add0: addition{path: path}} }

func (f *rejectsFile) add(r Reject) {
	a := &f.add0
	if f.err == nil && a.file == nil {
		if f.err = os.MkdirAll(filepath.Dir(a.path), 0o750); f.err == nil {
			a.file, f.err = os.CreateTemp(filepath.Dir(a.path), ".tmp-*")
		}
		if f.err == nil {
			a.to = bufio.NewWriterSize(a.file, 1<<18)
			_, f.err = a.to.WriteString("\ufeff" + strings.Join(rejectHeader, ",") + "\n")
		}
	}
	if f.err != nil {
		return
	}
	f.n++
	var line []byte
	for i, v := range r.cells() {
		if i > 0 {
			line = append(line, ',')
		}
		line = appendCell(line, v)
	}
	_, f.err = a.to.Write(append(line, '\n'))
}

// commit gives the path of the file, "" where nothing was rejected: a file of an
// earlier import of the same name goes then.
func (f *rejectsFile) commit() (string, error) {
	if f.err != nil {
		return "", f.err
	}
	if f.n == 0 {
		if err := os.Remove(f.add0.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		return "", nil
	}
	return f.add0.path, f.add0.commit()
}

func (f *rejectsFile) discard() { f.add0.discard() }

var ledgerHeader = []string{"feed", "file", "sha256", "size", "format", "rows", "new", "newer", "unchanged", "rejected", "imported"}

// LedgerFile of a store lists what was imported: one row for each file that
// changed the store.
const LedgerFile = "imports.csv"

func writeLedger(opt Options, i *Imported) error {
	path := filepath.Join(opt.Store, LedgerFile)
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if i.New == 0 && strings.Contains(string(old), i.SHA256) {
		return nil
	}
	return rundir.WriteFile(path, func(w io.Writer) error {
		text := string(old)
		if text == "" {
			text = "\ufeff" + strings.Join(ledgerHeader, ",") + "\n"
		}
		var line []byte
		for k, v := range []any{i.Feed, i.File, i.SHA256, i.Size, i.Format, i.Rows, i.New, i.Newer, i.Unchanged, i.Rejected, opt.Today} {
			if k > 0 {
				line = append(line, ',')
			}
			line = appendCell(line, fmt.Sprint(v))
		}
		_, err := io.WriteString(w, text+string(line)+"\n")
		return err
	})
}

// dayNumber orders days in 32 bits; the unknown day comes first.
func dayNumber(d parcels.Date) int32 { return int32(d.Year*10000 + int(d.Month)*100 + d.Day) }
