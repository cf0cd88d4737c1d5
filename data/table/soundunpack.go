package table

import (
	"encoding/binary"
	"fmt"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

// unpack decompresses a page that says to have whole bytes.
func (s soundColumn) unpack(body []byte, whole int) ([]byte, error) {
	codec := s.column.Compression()
	said := uint64(0)
	switch codec.CompressionCodec() {
	case format.Uncompressed:
		return body, nil
	case format.Snappy:
		said, _ = binary.Uvarint(body)
	case format.Zstd:
		var h zstd.Header
		if h.Decode(body) == nil && h.HasFCS {
			said = h.FrameContentSize
		}
	}
	if said > uint64(whole) {
		return nil, fmt.Errorf("compressed data of %d bytes in a page of %d: %w", said, whole, errSpoilt)
	}
	out, err := codec.Decode(make([]byte, whole), body)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return out, nil
}
