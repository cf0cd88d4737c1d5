package feeds

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"io"
	"os"
	"slices"
)

// mark stands for a row while rows are sorted: by hash, kind and number.
type mark struct {
	hash, sum uint64
	number    uint32 // its place among the rows of its kind
	row       uint32
	day       int32
	kind      uint8
}

const (
	markSize = 32
	mostRuns = 64 // sorted runs, read at once with a buffer each; more are merged into one
	runSize  = 1 << 16
)

func (m mark) before(o mark) int {
	if m.hash != o.hash {
		return cmp.Compare(m.hash, o.hash)
	}
	if m.kind != o.kind {
		return int(m.kind) - int(o.kind)
	}
	return cmp.Compare(m.number, o.number)
}

// sorter sorts marks, as many as there may be: what memory does not hold goes to
// files, each sorted, and these are merged.
type sorter struct {
	in   *aside
	held []mark
	runs []*os.File
}

func (s *sorter) add(m mark) error {
	if len(s.held) >= max(2, s.in.most/markSize) {
		if err := s.spill(); err != nil {
			return err
		}
	}
	s.held = append(s.held, m)
	return nil
}

// spill writes what is held as a run.
func (s *sorter) spill() error {
	if len(s.runs) >= mostRuns {
		old := s.runs
		if err := s.run(func(use func(mark) error) error { return merge(old, use) }); err != nil {
			return err
		}
		for _, f := range old {
			s.in.drop(f)
		}
		s.runs = s.runs[len(old):]
	}
	slices.SortFunc(s.held, mark.before)
	err := s.run(func(use func(mark) error) error {
		for _, m := range s.held {
			if err := use(m); err != nil {
				return err
			}
		}
		return nil
	})
	s.held = s.held[:0]
	return err
}

// run writes sorted marks to a file of their own.
func (s *sorter) run(each func(use func(mark) error) error) error {
	f, err := s.in.file()
	if err != nil {
		return err
	}
	to := bufio.NewWriterSize(f, runSize)
	err = each(func(m mark) error {
		var b [markSize]byte
		binary.LittleEndian.PutUint64(b[0:], m.hash)
		binary.LittleEndian.PutUint64(b[8:], m.sum)
		binary.LittleEndian.PutUint32(b[16:], m.number)
		binary.LittleEndian.PutUint32(b[20:], m.row)
		binary.LittleEndian.PutUint32(b[24:], uint32(m.day))
		b[28] = m.kind
		_, err := to.Write(b[:])
		return err
	})
	if err == nil {
		err = to.Flush()
	}
	s.runs = append(s.runs, f)
	return err
}

// each gives all marks in order, as often as asked.
func (s *sorter) each(use func(mark) error) error {
	if len(s.runs) == 0 {
		slices.SortFunc(s.held, mark.before)
		for _, m := range s.held {
			if err := use(m); err != nil {
				return err
			}
		}
		return nil
	}
	if len(s.held) > 0 {
		if err := s.spill(); err != nil {
			return err
		}
	}
	s.held = nil
	return merge(s.runs, use)
}

// reader gives the marks of a run.
type reader struct {
	in *bufio.Reader
	at mark
}

func fromStart(f *os.File) *bufio.Reader {
	return bufio.NewReaderSize(io.NewSectionReader(f, 0, 1<<62), runSize)
}

func (r *reader) next() error {
	b, err := r.in.Peek(markSize)
	if err != nil {
		if err == io.EOF && len(b) > 0 {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	r.at = mark{hash: binary.LittleEndian.Uint64(b), sum: binary.LittleEndian.Uint64(b[8:]), number: binary.LittleEndian.Uint32(b[16:]),
		row: binary.LittleEndian.Uint32(b[20:]), day: int32(binary.LittleEndian.Uint32(b[24:])), kind: b[28]}
	_, err = r.in.Discard(markSize)
	return err
}

// merge gives the marks of sorted runs in order. The readers are a heap, the one
// with the least mark first.
func merge(runs []*os.File, use func(mark) error) error {
	var heap []*reader
	sink := func(i int) {
		for {
			least := i
			for _, k := range []int{2*i + 1, 2*i + 2} {
				if k < len(heap) && heap[k].at.before(heap[least].at) < 0 {
					least = k
				}
			}
			if least == i {
				return
			}
			heap[i], heap[least] = heap[least], heap[i]
			i = least
		}
	}
	for _, f := range runs {
		r := &reader{in: fromStart(f)}
		switch err := r.next(); err {
		case nil:
			heap = append(heap, r)
		case io.EOF:
		default:
			return err
		}
	}
	for i := len(heap)/2 - 1; i >= 0; i-- {
		sink(i)
	}
	for len(heap) > 0 {
		if err := use(heap[0].at); err != nil {
			return err
		}
		switch err := heap[0].next(); err {
		case nil:
		case io.EOF:
			heap[0] = heap[len(heap)-1]
			heap = heap[:len(heap)-1]
		default:
			return err
		}
		sink(0)
	}
	return nil
}
