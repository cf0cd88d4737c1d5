package feeds

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
)

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

// rejectsFile takes lines of rejects as they come.
type rejectsFile struct {
	add0 addition
	n    int
	err  error
}

func newRejectsFile(path string) *rejectsFile { return &rejectsFile{add0: addition{path: path}} }

func (f *rejectsFile) add(line []byte) error {
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
		return f.err
	}
	f.n++
	_, f.err = a.to.Write(line)
	return f.err
}

// line is a reject as a file of rejects has it.
func (r Reject) line() []byte {
	var line []byte
	for i, v := range r.cells() {
		if i > 0 {
			line = append(line, ',')
		}
		line = appendCell(line, v)
	}
	return append(line, '\n')
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
