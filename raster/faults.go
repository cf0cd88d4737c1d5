package raster

import (
	"fmt"
	"sync"
)

// The codes of warnings about imagery that could not be read: the whole of what
// was wanted of a band, or some blocks of it.
const (
	UnreadableBand  = "unreadable_band"
	UnreadableBlock = "unreadable_block"
)

// faults are the blocks of one band that could not be read.
type faults struct {
	mu    sync.Mutex
	of    int // blocks wanted
	n     int
	first int // the lowest number: the same whichever worker found it
	win   Window
	err   error
}

func newFaults(of int) *faults { return &faults{of: of} }

func (f *faults) add(i int, w Window, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.n == 0 || i < f.first {
		f.first, f.win, f.err = i, w, err
	}
	f.n++
}

func (f *faults) report(o *observer, b Band) {
	switch {
	case f.n == 0:
	case f.n == f.of:
		o.unreadable(b, UnreadableBand, f.err.Error())
	default:
		o.unreadable(b, UnreadableBlock, fmt.Sprintf("%d of %d blocks cannot be read; their pixels do not count. The first begins at column %d, row %d of the tile: %v", f.n, f.of, f.win.Col, f.win.Row, f.err))
	}
}
