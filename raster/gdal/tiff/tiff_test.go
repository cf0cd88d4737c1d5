package tiff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"runtime"
	"testing"
)

// tag is one entry of a header made by hand.
type tag struct {
	id     uint16
	typ    uint16 // 3 SHORT, 4 LONG, 16 LONG8
	values []uint64
}

// file lays out a header after the TIFF 6.0 specification and the BigTIFF
// design: header, directory, then the values that do not fit in it.
func file(order binary.AppendByteOrder, big bool, tags []tag) []byte {
	var b []byte
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		b = append(b, "II"...)
	} else {
		b = append(b, "MM"...)
	}
	room, entry, number := 4, 12, func(b []byte, v uint64) []byte { return order.AppendUint32(b, uint32(v)) }
	if big {
		room, entry, number = 8, 20, order.AppendUint64
		b = order.AppendUint16(order.AppendUint16(order.AppendUint16(b, 43), 8), 0)
		b = order.AppendUint64(order.AppendUint64(b, 16), uint64(len(tags)))
	} else {
		b = order.AppendUint16(order.AppendUint32(order.AppendUint16(b, 42), 8), uint16(len(tags)))
	}
	after := len(b) + len(tags)*entry + room
	var rest []byte
	for _, t := range tags {
		b = number(order.AppendUint16(order.AppendUint16(b, t.id), t.typ), uint64(len(t.values)))
		var v []byte
		for _, x := range t.values {
			switch t.typ {
			case 3:
				v = order.AppendUint16(v, uint16(x))
			case 4:
				v = order.AppendUint32(v, uint32(x))
			default:
				v = order.AppendUint64(v, x)
			}
		}
		if len(v) > room {
			b = number(b, uint64(after+len(rest)))
			rest = append(rest, v...)
			continue
		}
		b = append(b, append(v, make([]byte, room-len(v))...)...)
	}
	return append(append(b, make([]byte, room)...), rest...)
}

// tiled is a 40 × 20 image of 16 bits in tiles of 16 × 16 and two planes.
func tiled() []tag {
	offsets, sizes := make([]uint64, 12), make([]uint64, 12)
	for i := range offsets {
		offsets[i], sizes[i] = uint64(1000+100*i), uint64(50+i)
	}
	offsets[7], sizes[7] = 0, 0
	return []tag{
		{256, 3, []uint64{40}}, {257, 3, []uint64{20}}, {258, 3, []uint64{16, 16}}, {259, 3, []uint64{8}},
		{262, 3, []uint64{1}}, {277, 3, []uint64{2}}, {284, 3, []uint64{2}}, {317, 3, []uint64{2}},
		{322, 3, []uint64{16}}, {323, 3, []uint64{16}}, {324, 4, offsets}, {325, 4, sizes}, {339, 3, []uint64{1, 1}},
	}
}

// striped is a 10 × 7 image of 8 bits in strips of 3 rows, stored as it is.
func striped() []tag {
	return []tag{
		{256, 4, []uint64{10}}, {257, 4, []uint64{7}}, {258, 3, []uint64{8}}, {262, 3, []uint64{1}},
		{273, 4, []uint64{400, 430, 460}}, {278, 3, []uint64{3}}, {279, 3, []uint64{30, 30, 10}},
	}
}

func parse(b []byte) (*Image, error) { return Parse(bytes.NewReader(b), int64(len(b))) }

// The wanted values are those the headers were laid out from.
func TestParse(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, big := range []bool{false, true} {
			m, err := parse(file(order, big, tiled()))
			if err != nil {
				t.Fatal(err)
			}
			if m.Width != 40 || m.Height != 20 || m.Bands != 2 || m.Bits != 16 || m.BlockWidth != 16 || m.BlockHeight != 16 ||
				!m.Tiled || !m.Deflate || !m.Difference || m.Across() != 3 || m.Down() != 2 || m.Rows(1) != 16 {
				t.Errorf("%+v", m)
			}
			if m.BigEndian != (order == binary.AppendByteOrder(binary.BigEndian)) {
				t.Errorf("byte order %v", m.BigEndian)
			}
			// Second band, third tile of the second row: 6 + 3 + 2 = 11.
			if o, n := m.Block(1, 2, 1); o != 2100 || n != 61 {
				t.Errorf("block at %d, %d bytes", o, n)
			}
			if o, n := m.Block(1, 1, 0); o != 0 || n != 0 {
				t.Errorf("block that is not stored: at %d, %d bytes", o, n)
			}
			if m, err = parse(file(order, big, striped())); err != nil {
				t.Fatal(err)
			}
			if m.Bands != 1 || m.Bits != 8 || m.BlockWidth != 10 || m.BlockHeight != 3 || m.Tiled || m.Deflate || m.Difference ||
				m.Across() != 1 || m.Down() != 3 || m.Rows(0) != 3 || m.Rows(2) != 1 {
				t.Errorf("%+v", m)
			}
			if o, n := m.Block(0, 0, 2); o != 460 || n != 10 {
				t.Errorf("strip at %d, %d bytes", o, n)
			}
		}
	}
}

// Whatever changes what the bytes mean is refused, for GDAL to read.
func TestParseRefuses(t *testing.T) {
	set := func(tags []tag, id uint16, v ...uint64) []tag {
		for i := range tags {
			if tags[i].id == id {
				tags[i].values = v
				return tags
			}
		}
		return append(tags, tag{id, 4, v})
	}
	for name, tags := range map[string][]tag{
		"JPEG":                       set(tiled(), 259, 7),
		"LZW":                        set(tiled(), 259, 5),
		"ZSTD":                       set(tiled(), 259, 50000),
		"predictor 3":                set(tiled(), 317, 3),
		"floating point":             set(tiled(), 339, 3, 3),
		"signed":                     set(tiled(), 339, 1, 2),
		"12 bits":                    set(tiled(), 258, 12, 12),
		"bits that differ":           set(tiled(), 258, 8, 16),
		"chunky":                     set(tiled(), 284, 1),
		"a palette":                  set(tiled(), 262, 3),
		"bits from the right":        set(tiled(), 266, 2),
		"turned":                     set(tiled(), 274, 3),
		"a mask":                     set(tiled(), 254, 4),
		"no width":                   set(tiled(), 256, 0),
		"huge tiles":                 set(set(tiled(), 322, 1<<15), 323, 1<<15),
		"too few tiles":              set(tiled(), 257, 33),
		"a place without a size":     set(striped(), 279, 30, 0, 10),
		"a size without a place":     set(striped(), 273, 400, 0, 460),
		"stored rows of other size":  set(striped(), 279, 30, 30, 11),
		"strips and tiles":           set(tiled(), 273, 1),
		"more blocks than the file":  set(set(tiled(), 256, 1<<31-1), 257, 1<<31-1),
		"more bands than the file":   set(tiled(), 277, 60000),
		"many values of one meaning": set(tiled(), 258, make([]uint64, 70000)...),
	} {
		if m, err := parse(file(binary.LittleEndian, true, tags)); !errors.Is(err, ErrOther) {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
	whole := file(binary.BigEndian, false, tiled())
	for n := range whole {
		if _, err := parse(whole[:n]); err == nil {
			t.Errorf("the first %d of %d bytes were read as a file", n, len(whole))
		}
	}
}

// FuzzTIFFHeader: no header makes the parser panic, allocate out of proportion
// to the file, or name a block that Block cannot give.
func FuzzTIFFHeader(f *testing.F) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, big := range []bool{false, true} {
			f.Add(file(order, big, tiled()))
			f.Add(file(order, big, striped()))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m, err := parse(b)
		runtime.ReadMemStats(&after)
		if got, most := after.TotalAlloc-before.TotalAlloc, uint64(1<<20+40*len(b)); got > most {
			t.Errorf("%d bytes allocated for a file of %d", got, len(b))
		}
		if err != nil {
			return
		}
		if m.BlockWidth*m.BlockHeight*m.Bits/8 > MaxBlock || m.Width < 1 || m.Height < 1 {
			t.Errorf("%+v", m)
		}
		for _, band := range []int{0, m.Bands - 1} {
			for _, row := range []int{0, m.Down() - 1} {
				if m.Rows(row) < 1 {
					t.Errorf("row %d of blocks has %d rows", row, m.Rows(row))
				}
				for _, col := range []int{0, m.Across() - 1} {
					if o, n := m.Block(band, col, row); o < 0 || n < 0 || (o == 0) != (n == 0) {
						t.Errorf("block at %d, %d bytes", o, n)
					}
				}
			}
		}
	})
}
