package table

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Bounds of one page. Writers keep to about a MB; some put a whole row group into
// one page.
const (
	maxPageBytes  = 1 << 30
	maxPageValues = 1 << 26
	maxRatio      = 1 << 16 // of a page to its compressed bytes: zeros in zstd come to half of it
	slackValues   = 512     // that the last run of a page may be longer than the page, to fill a group of bits
)

// soundColumn checks the pages of one column of one row group before they are
// decoded.
type soundColumn struct {
	b      io.ReaderAt
	size   int64 // of the file
	column *parquet.Column
}

// check walks the pages of a chunk.
func (s soundColumn) check(chunk *format.ColumnChunk) error {
	m := &chunk.MetaData
	at := m.DataPageOffset
	if m.DictionaryPageOffset != 0 {
		at = m.DictionaryPageOffset
	}
	if at < 0 || m.TotalCompressedSize < 0 || at > s.size || m.TotalCompressedSize > s.size-at {
		return fmt.Errorf("its pages lie at %d, %d bytes, in a file of %d: %w", at, m.TotalCompressedSize, s.size, errSpoilt)
	}
	end := at + m.TotalCompressedSize
	for at < end {
		h, n, err := s.header(at, end)
		if err != nil {
			return fmt.Errorf("page at byte %d: %w", at, err)
		}
		at += n
		packed, whole := int64(h.CompressedPageSize), int64(h.UncompressedPageSize)
		if packed < 0 || packed > end-at || whole < 0 || whole > maxPageBytes || whole > (packed+16)*maxRatio {
			return fmt.Errorf("page at byte %d: of %d bytes, %d unpacked, with %d left in the column: %w", at, packed, whole, end-at, errSpoilt)
		}
		body := make([]byte, packed)
		if _, err := s.b.ReadAt(body, at); err != nil && err != io.EOF {
			return err
		}
		if err := s.page(h, body); err != nil {
			return fmt.Errorf("page at byte %d: %w", at, err)
		}
		at += packed
	}
	return nil
}

// header reads the header of the page at a place of the file, and its length.
func (s soundColumn) header(at, end int64) (*format.PageHeader, int64, error) {
	for n := min(int64(1024), end-at); ; n = min(8*n, end-at) {
		buf := make([]byte, n)
		if _, err := s.b.ReadAt(buf, at); err != nil && err != io.EOF {
			return nil, 0, err
		}
		w := thriftWalk{b: buf}
		if w.structure(0); w.at >= 0 {
			h := new(format.PageHeader)
			err := thrift.Unmarshal(&thrift.CompactProtocol{}, buf[:w.at], h)
			return h, int64(w.at), err
		}
		if n == end-at {
			return nil, 0, fmt.Errorf("its header is not whole: %w", errSpoilt)
		}
	}
}

// page checks what one page says of its values.
func (s soundColumn) page(h *format.PageHeader, body []byte) error {
	whole := int(h.UncompressedPageSize)
	switch {
	case h.Type == format.DictionaryPage && h.DictionaryPageHeader.Valid:
		n := int64(h.DictionaryPageHeader.V.NumValues)
		if least := s.plainBits(n); n < 0 || least > 8*int64(whole) {
			return fmt.Errorf("a dictionary of %d values in %d bytes: %w", n, whole, errSpoilt)
		}
		_, err := s.unpack(body, whole)
		return err
	case h.Type == format.DataPage && h.DataPageHeader.Valid:
		d := h.DataPageHeader.V
		if err := s.count(int64(d.NumValues)); err != nil {
			return err
		}
		data, err := s.unpack(body, whole)
		if err != nil {
			return err
		}
		if s.column.MaxDefinitionLevel() > 0 {
			levels, rest, err := prefixed(data)
			if err != nil {
				return err
			}
			if d.DefinitionLevelEncoding == format.RLE {
				if err := s.levels(levels, int(d.NumValues)); err != nil {
					return err
				}
			}
			data = rest
		}
		return s.values(d.Encoding, data, int(d.NumValues))
	case h.Type == format.DataPageV2 && h.DataPageHeaderV2.Valid:
		d := h.DataPageHeaderV2.V
		if err := s.count(int64(d.NumValues)); err != nil {
			return err
		}
		levels := int64(d.RepetitionLevelsByteLength) + int64(d.DefinitionLevelsByteLength)
		if d.NumNulls < 0 || d.NumNulls > d.NumValues || d.RepetitionLevelsByteLength < 0 || d.DefinitionLevelsByteLength < 0 || levels > int64(len(body)) {
			return fmt.Errorf("%d nulls among %d values, levels of %d bytes in %d: %w", d.NumNulls, d.NumValues, levels, len(body), errSpoilt)
		}
		if s.column.MaxDefinitionLevel() > 0 {
			if err := s.levels(body[d.RepetitionLevelsByteLength:levels], int(d.NumValues)); err != nil {
				return err
			}
		}
		data := body[levels:]
		if !d.IsCompressed.Valid || d.IsCompressed.V {
			var err error
			if data, err = s.unpack(data, max(whole-int(levels), 0)); err != nil {
				return err
			}
		}
		return s.values(d.Encoding, data, int(d.NumValues))
	}
	return nil // of another kind: the library passes over it or names it
}

// count checks how many values a page says it has.
func (s soundColumn) count(n int64) error {
	if n < 0 || n > maxPageValues || s.column.Type().Kind() == parquet.FixedLenByteArray && n*int64(s.column.Type().Length()) > maxPageBytes {
		return fmt.Errorf("%d values in one page: %w", n, errSpoilt)
	}
	return nil
}

// plainBits is how many bits n values take at least, written one after the other.
func (s soundColumn) plainBits(n int64) int64 {
	switch typ := s.column.Type(); typ.Kind() {
	case parquet.Boolean:
		return n
	case parquet.Int64, parquet.Double:
		return 64 * n
	case parquet.Int96:
		return 96 * n
	case parquet.FixedLenByteArray:
		return 8 * int64(typ.Length()) * n
	}
	return 32 * n // a text begins with its length
}

// levels checks the runs that tell which values are null.
func (s soundColumn) levels(b []byte, n int) error {
	return runs(b, bits.Len(uint(s.column.MaxDefinitionLevel())), n)
}

// values checks what the encoding of n values, nulls among them, says of its own
// length.
func (s soundColumn) values(e format.Encoding, b []byte, n int) (err error) {
	switch e {
	case format.PlainDictionary, format.RLEDictionary:
		if len(b) == 0 {
			return nil
		}
		return runs(b[1:], int(b[0]), n)
	case format.RLE:
		if b, _, err = prefixed(b); err != nil {
			return err
		}
		return runs(b, 1, n)
	case format.DeltaBinaryPacked, format.DeltaLengthByteArray:
		_, err = deltas(b, n)
	case format.DeltaByteArray:
		if b, err = deltas(b, n); err == nil {
			_, err = deltas(b, n)
		}
	}
	return err
}

// prefixed splits off the part whose length stands before it.
func prefixed(b []byte) (part, rest []byte, err error) {
	if len(b) < 4 || int64(binary.LittleEndian.Uint32(b)) > int64(len(b)-4) {
		return nil, nil, fmt.Errorf("levels longer than the page: %w", errSpoilt)
	}
	n := 4 + int(binary.LittleEndian.Uint32(b))
	return b[4:n], b[n:], nil
}

// runs checks a stream of runs and groups of bits (RLE / bit-packing hybrid).
func runs(b []byte, width, n int) error {
	total := uint64(0)
	for len(b) > 0 && width <= 32 {
		u, k := binary.Uvarint(b)
		if k <= 0 {
			return fmt.Errorf("a run without length: %w", errSpoilt)
		}
		b = b[k:]
		count, bytes := u>>1, uint64(width+7)/8
		if u&1 != 0 {
			if count > uint64(len(b))*8+slackValues {
				return fmt.Errorf("%d groups of bits in %d bytes: %w", count, len(b), errSpoilt)
			}
			count, bytes = count*8, count*uint64(width)
		}
		if total += count; count > maxPageValues || total > uint64(n)+slackValues {
			return fmt.Errorf("runs of more than its %d values: %w", n, errSpoilt)
		}
		b = b[min(bytes, uint64(len(b))):]
	}
	return nil
}

// deltas checks a stream of differences and gives what stands behind it.
func deltas(b []byte, n int) ([]byte, error) {
	w := thriftWalk{b: b} // its numbers are written alike
	block, minis, total := w.varint(), w.varint(), w.varint()
	w.varint() // first value
	if w.at < 0 || block == 0 || block > 1<<20 || block%128 != 0 || minis == 0 || minis > block || block%minis != 0 || total > uint64(n) {
		return nil, fmt.Errorf("differences of %d values in blocks of %d by %d, in a page of %d: %w", total, block, minis, n, errSpoilt)
	}
	per := block / minis
	for done := uint64(1); done < total; {
		w.varint() // least difference
		widths := w.at
		if w.skip(minis); w.at < 0 {
			break
		}
		for k := 0; k < int(minis) && done < total; k++ {
			width := uint64(w.b[widths+k])
			if width > 64 {
				return nil, fmt.Errorf("differences of %d bits: %w", width, errSpoilt)
			}
			if size := per * width / 8; size <= uint64(w.left()) {
				w.skip(size)
			} else { // the last block may be cut short
				w.at = len(w.b)
			}
			done += per
		}
	}
	if w.at < 0 {
		return nil, fmt.Errorf("differences that end too early: %w", errSpoilt)
	}
	return b[w.at:], nil
}
