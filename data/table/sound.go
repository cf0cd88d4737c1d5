package table

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A Parquet file says of itself how long its parts are, and the library that
// reads them lays out memory by what is said before it looks at what is there. A
// spoilt file may say anything. What is checked here and in soundpages.go before
// the library reads: that every count in the footer and in the headers of pages
// fits the bytes that are there, and that no run of a page says to be longer than
// the page.

// maxThriftDepth is more than any footer nests.
const maxThriftDepth = 32

var errSpoilt = errors.New("the file is spoilt: write it anew")

// checkFooter checks the end of a Parquet file and the counts in its footer.
func checkFooter(b io.ReaderAt, size int64) error {
	const ends = 12 // PAR1 at the beginning; length and PAR1 at the end
	var tail [8]byte
	if size < ends {
		return fmt.Errorf("it has only %d bytes: %w", size, errSpoilt)
	}
	if _, err := b.ReadAt(tail[:], size-8); err != nil && err != io.EOF {
		return err
	}
	length := int64(binary.LittleEndian.Uint32(tail[:]))
	if string(tail[4:]) != "PAR1" {
		return fmt.Errorf("it does not end with PAR1 as a Parquet file does, was it copied only in part? %w", errSpoilt)
	}
	if length > size-ends {
		return fmt.Errorf("its footer of %d bytes is longer than the file of %d: %w", length, size, errSpoilt)
	}
	footer := make([]byte, length)
	if _, err := b.ReadAt(footer, size-8-length); err != nil && err != io.EOF {
		return err
	}
	w := thriftWalk{b: footer}
	if w.structure(0); w.at < 0 {
		return fmt.Errorf("its footer is not whole: %w", errSpoilt)
	}
	return nil
}

// thriftWalk goes over a value of Thrift's compact protocol (THRIFT-110) without
// keeping any of it. at is −1 after a count or length that the bytes do not hold.
type thriftWalk struct {
	b  []byte
	at int
}

func (w *thriftWalk) left() int { return len(w.b) - w.at }

func (w *thriftWalk) fail() { w.at = -1 }

// skip passes n bytes.
func (w *thriftWalk) skip(n uint64) {
	if w.at < 0 || n > uint64(w.left()) {
		w.fail()
		return
	}
	w.at += int(n)
}

func (w *thriftWalk) next() byte {
	if w.at < 0 || w.left() == 0 {
		w.fail()
		return 0
	}
	w.at++
	return w.b[w.at-1]
}

func (w *thriftWalk) varint() uint64 {
	if w.at < 0 {
		return 0
	}
	v, n := binary.Uvarint(w.b[w.at:])
	if n <= 0 {
		w.fail()
		return 0
	}
	w.at += n
	return v
}

// structure passes the fields of a struct up to its stop.
func (w *thriftWalk) structure(depth int) {
	for w.at >= 0 {
		head := w.next()
		if head == 0 {
			return
		}
		if head>>4 == 0 {
			w.varint() // the field's number in full
		}
		if kind := head & 15; kind > 2 { // a truth value lies in the kind
			w.value(kind, depth+1)
		}
	}
}

// value passes one value; depth bounds how far structs and lists nest.
func (w *thriftWalk) value(kind byte, depth int) {
	if depth > maxThriftDepth {
		w.fail()
		return
	}
	switch kind {
	case 1, 2, 3: // truth value in a list, byte
		w.skip(1)
	case 4, 5, 6: // whole numbers
		w.varint()
	case 7: // double
		w.skip(8)
	case 8: // text
		w.skip(w.varint())
	case 9, 10: // list, set
		head := w.next()
		n := uint64(head >> 4)
		if n == 15 {
			n = w.varint()
		}
		w.values(n, depth, head&15)
	case 11: // map
		if n := w.varint(); n > 0 {
			kinds := w.next()
			w.values(n, depth, kinds>>4, kinds&15)
		}
	case 12:
		w.structure(depth)
	case 13: // UUID
		w.skip(16)
	default:
		w.fail()
	}
}

// values passes n times one value of each kind; none takes less than a byte.
func (w *thriftWalk) values(n uint64, depth int, kinds ...byte) {
	if w.at < 0 || n > uint64(w.left()) {
		w.fail()
		return
	}
	for range n {
		for _, kind := range kinds {
			if w.value(kind, depth+1); w.at < 0 {
				return
			}
		}
	}
}
