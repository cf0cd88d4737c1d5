package rundir

import (
	"github.com/klauspost/compress/zstd"
	codec "github.com/parquet-go/parquet-go/compress/zstd"
)

// packer compresses pages by one encoder that it keeps. That of parquet-go is
// dropped by every second collection and takes 8 MB each time it is made anew,
// which calls for the next collection.
type packer struct {
	codec.Codec // everything but Encode
	enc         *zstd.Encoder
}

// packWindow is how far back the encoder looks: farther than any page is long.
const packWindow = 1 << 20

func newPacker() *packer {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(packWindow),
		zstd.WithLowerEncoderMem(true), zstd.WithZeroFrames(true), zstd.WithEncoderCRC(false))
	if err != nil {
		panic(err) // only options that contradict each other are refused
	}
	return &packer{enc: enc}
}

// Encode appends nothing: it fills dst from its beginning, as parquet-go asks.
func (p *packer) Encode(dst, src []byte) ([]byte, error) { return p.enc.EncodeAll(src, dst[:0]), nil }
