package feeds

import (
	"io"
	"math"
	"strconv"
)

// An import looks at a file twice. The first look judges each row by itself and
// keeps it aside, as the store would write it, with a mark of its key. The marks,
// of the file and of the store, are sorted, and so rows of one key meet wherever
// they stand. The second look takes the rows up again, in their order, each with
// its outcome. Memory does not grow with either.

// outcome is what a row is to the rows before it and to the store.
type outcome = uint8

const (
	newRow         outcome = iota // no row has its key
	newerRow                      // it replaces an older state, or fills in an earlier one
	sameRow                       // the state that holds on its received day says the same
	conflictingRow                // a state received on the same day says otherwise
	repeatedRow                   // an earlier row of the file has its key
)

// kinds of mark: the store's states come before the file's rows.
const (
	ofFile  = 1
	keyless = 2 // told apart by what it says and how often
)

// look is the first look at a file.
type look struct {
	rows            spool
	marks           sorter
	inFile, inStore uint32
}

func newLook(a *aside) *look { return &look{rows: spool{in: a}, marks: sorter{in: a}} }

// mark is where a row is sorted to.
func markOf(key string, sum uint64, day int32, kind uint8) mark {
	if key == "" {
		kind |= keyless
		key = "\x01" + strconv.FormatUint(sum, 16)
	}
	return mark{hash: hashOf(key), sum: sum, day: day, kind: kind}
}

// stored takes in a state that the store has, in the store's order.
func (k *look) stored(key string, sum uint64, day int32) error {
	m := markOf(key, sum, day, 0)
	m.number = k.inStore
	k.inStore++
	return k.marks.add(m)
}

// row takes in a good row of the file.
func (k *look) row(n int, key string, sum uint64, day int32, line []byte) error {
	m := markOf(key, sum, day, ofFile)
	m.number, m.row = k.inFile, uint32(n)
	k.inFile++
	if err := k.marks.add(m); err != nil {
		return err
	}
	return k.rows.add(kept{row: n, day: day, line: line})
}

// state of a record, as the store has it.
type state struct {
	sum uint64
	day int32
}

// compare says what a row is to the states of its record, in the order in which
// they were added.
func compare(states []state, m mark) outcome {
	var holds *state // received last, up to the row's day
	for i := range states {
		if s := &states[i]; s.day <= m.day && (holds == nil || s.day >= holds.day) {
			holds = s
		}
	}
	switch {
	case len(states) == 0:
		return newRow
	case holds != nil && holds.sum == m.sum:
		return sameRow
	case holds != nil && holds.day == m.day:
		return conflictingRow
	}
	return newerRow
}

// settle finds the outcome of each row that is not simply new: a mark with the
// row's number for its hash, the outcome for its kind, and for a repeated row the
// first row of the key.
func (k *look) settle() (*sorter, error) {
	out := &sorter{in: k.marks.in}
	var hash uint64
	var states []state // of the key
	var rows int       // of the key, so far
	var first uint32
	err := k.marks.each(func(m mark) error {
		if m.hash != hash {
			hash, states, rows = m.hash, states[:0], 0
		}
		if m.kind&ofFile == 0 {
			states = append(states, state{m.sum, m.day})
			return nil
		}
		rows++
		got := newRow
		switch {
		case m.kind&keyless != 0:
			if rows <= len(states) {
				got = compare(states[rows-1:rows], m)
			}
		case rows > 1:
			got = repeatedRow
		default:
			got, first = compare(states, m), m.row
		}
		if got == newRow {
			return nil
		}
		return out.add(mark{hash: uint64(m.number), kind: got, row: first})
	})
	for _, f := range k.marks.runs {
		k.marks.in.drop(f)
	}
	k.marks = sorter{in: k.marks.in}
	return out, err
}

// again is the second look: what was kept aside in the order of the rows, rejects
// as they are, rows with their outcome and, where it is a repeated one, the first
// row of its key.
func (k *look) again(outcomes *sorter, reject func(line []byte) error, row func(r kept, o outcome, first int) error) error {
	next, err := k.rows.read()
	if err != nil {
		return err
	}
	n := uint64(0)
	upTo := func(m mark) error { // the row of the mark's number, and all before it
		for {
			r, err := next()
			switch {
			case err != nil:
				return err
			case r.reject:
				err = reject(r.line)
			case n == m.hash:
				n++
				return row(r, m.kind, int(m.row))
			default:
				n++
				err = row(r, newRow, 0)
			}
			if err != nil {
				return err
			}
		}
	}
	if err = outcomes.each(upTo); err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	if err == nil {
		err = upTo(mark{hash: math.MaxUint64})
	}
	if err == io.EOF {
		err = nil
	}
	return err
}
