package feeds

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// What an import keeps in memory of each thing that grows with its file: of keys,
// of outcomes, of rows, and of distinct growers and parcels. Beyond it they go to
// files.
const mostHeld = 4 << 20

// aside is where an import keeps what it does not hold in memory: files in the
// store's folder that have no name, so that they go with the process, however it
// ends.
type aside struct {
	dir   string
	most  int // bytes held of each thing
	temp  func(dir string) (*os.File, error)
	files []*os.File
}

func newAside(opt Options) *aside {
	a := &aside{dir: opt.Store, most: opt.held, temp: opt.temp}
	if a.most == 0 {
		a.most = mostHeld
	}
	if a.temp == nil {
		a.temp = nameless
	}
	return a
}

func (a *aside) file() (*os.File, error) {
	f, err := a.temp(a.dir)
	if err != nil {
		return nil, err
	}
	a.files = append(a.files, f)
	return f, nil
}

func nameless(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, ".tmp-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// drop closes a file, which ends it.
func (a *aside) drop(f *os.File) {
	f.Close()
	for i := range a.files {
		if a.files[i] == f {
			a.files = append(a.files[:i], a.files[i+1:]...)
			return
		}
	}
}

func (a *aside) close() {
	for _, f := range a.files {
		f.Close()
	}
}

// sweep removes what an import that was killed left in the store. The lock is
// held, so nobody is writing there.
func sweep(store string) error {
	for _, dir := range []string{store, filepath.Join(store, RejectsFolder)} {
		left, err := filepath.Glob(filepath.Join(dir, ".tmp-*"))
		for _, path := range left {
			err = errors.Join(err, os.Remove(path))
		}
		if err != nil {
			return fmt.Errorf("remove what an import that was cut short left in %s: %w", dir, err)
		}
	}
	return nil
}

// noRoom tells what to do about a full disk.
func noRoom(store string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w; nothing of the file is in the store: make room on the disk of %s, for a copy of the feed's file there and about three times the size of the new one, and import it again", err, store)
	}
	return err
}
