package tiff

import (
	"encoding/binary"
	"io"
)

// directory is the first list of tags of a file.
type directory struct {
	r         io.ReaderAt
	size      int64
	order     binary.ByteOrder
	bigEndian bool
	big       bool // BigTIFF: 8-byte counts and offsets
	entries   map[uint16]entry
}

// entry is one tag. Values that fit stand in the entry itself.
type entry struct {
	width  int // bytes of one value: 1, 2, 4 or 8
	count  uint64
	inline [8]byte
}

// widths of the types of whole numbers: BYTE, SHORT, LONG, LONG8. No tag that
// matters here has another type.
var widths = map[uint16]int{1: 1, 3: 2, 4: 4, 16: 8}

func readDirectory(r io.ReaderAt, size int64) (*directory, error) {
	d := &directory{r: r, size: size, entries: map[uint16]entry{}}
	head := make([]byte, 16)
	if err := d.read(head[:8], 0); err != nil {
		return nil, err
	}
	switch string(head[:2]) {
	case "II":
		d.order = binary.LittleEndian
	case "MM":
		d.order, d.bigEndian = binary.BigEndian, true
	default:
		return nil, other("it does not start with II or MM")
	}
	at := uint64(d.order.Uint32(head[4:]))
	switch v := d.order.Uint16(head[2:]); v {
	case 42:
	case 43:
		d.big = true
		if err := d.read(head, 0); err != nil {
			return nil, err
		}
		if o, zero := d.order.Uint16(head[4:]), d.order.Uint16(head[6:]); o != 8 || zero != 0 {
			return nil, other("BigTIFF with offsets of %d bytes", o)
		}
		at = d.order.Uint64(head[8:])
	default:
		return nil, other("version %d", v)
	}
	return d, d.readEntries(at)
}

func (d *directory) readEntries(at uint64) error {
	numberLen, entryLen, valueAt := 2, 12, 8
	if d.big {
		numberLen, entryLen, valueAt = 8, 20, 12
	}
	var number [8]byte
	if err := d.read(number[:numberLen], at); err != nil {
		return err
	}
	n := uint64(d.order.Uint16(number[:]))
	if d.big {
		n = d.order.Uint64(number[:])
	}
	if n > 4096 {
		return other("%d tags", n)
	}
	list := make([]byte, int(n)*entryLen)
	if err := d.read(list, at+uint64(numberLen)); err != nil {
		return err
	}
	for ; len(list) > 0; list = list[entryLen:] {
		tag := d.order.Uint16(list)
		e := entry{width: widths[d.order.Uint16(list[2:])], count: uint64(d.order.Uint32(list[4:]))}
		if d.big {
			e.count = d.order.Uint64(list[4:])
		}
		copy(e.inline[:], list[valueAt:entryLen])
		if _, twice := d.entries[tag]; twice {
			return other("tag %d stands twice", tag)
		}
		d.entries[tag] = e
	}
	return nil
}

// read fills b from at; what lies outside the file is ErrOther.
func (d *directory) read(b []byte, at uint64) error {
	if n := uint64(len(b)); at > uint64(d.size) || n > uint64(d.size)-at {
		return other("%d bytes at %d of a file of %d", n, at, d.size)
	}
	_, err := d.r.ReadAt(b, int64(at))
	if err == io.EOF {
		err = nil // a full read up to the end
	}
	return err
}

func (d *directory) has(tag uint16) bool { _, ok := d.entries[tag]; return ok }

// one is a tag's only value, or other where the tag is absent. A tag of
// another shape gives a number that no tag may have.
func (d *directory) one(tag uint16, absent uint64) uint64 {
	e, ok := d.entries[tag]
	if !ok {
		return absent
	}
	if e.width == 0 || e.count != 1 {
		return 1<<64 - 1
	}
	return d.number(e.inline[:], e.width)
}

// same is the value that all of a tag's values have; ok is false where they
// differ.
func (d *directory) same(tag uint16, absent uint64) (v uint64, ok bool) {
	e, has := d.entries[tag]
	if !has {
		return absent, true
	}
	if e.count > 1<<16-1 {
		return 0, false
	}
	vs, err := d.all(tag, e.count)
	if err != nil || len(vs) == 0 {
		return 0, false
	}
	for _, x := range vs {
		if x != vs[0] {
			return 0, false
		}
	}
	return vs[0], true
}

// all is a tag's values, of which there must be want.
func (d *directory) all(tag uint16, want uint64) ([]uint64, error) {
	e := d.entries[tag]
	if e.width == 0 || e.count != want {
		return nil, other("tag %d has %d values of %d bytes, not %d", tag, e.count, e.width, want)
	}
	if want > uint64(d.size)/uint64(e.width)+8 { // longer than the file
		return nil, other("tag %d has %d values", tag, want)
	}
	room := 4
	if d.big {
		room = 8
	}
	raw := e.inline[:room]
	if n := int(want) * e.width; n > room {
		at := uint64(d.order.Uint32(e.inline[:]))
		if d.big {
			at = d.order.Uint64(e.inline[:])
		}
		if at > uint64(d.size) || uint64(n) > uint64(d.size)-at {
			return nil, other("tag %d lies outside the file", tag)
		}
		raw = make([]byte, n)
		if err := d.read(raw, at); err != nil {
			return nil, err
		}
	}
	out := make([]uint64, want)
	for i := range out {
		out[i] = d.number(raw[i*e.width:], e.width)
	}
	return out, nil
}

func (d *directory) number(b []byte, width int) uint64 {
	switch width {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(d.order.Uint16(b))
	case 4:
		return uint64(d.order.Uint32(b))
	}
	return d.order.Uint64(b)
}
