// Package tiff finds the blocks of pixels in a TIFF or BigTIFF file: where each
// lies and how it is packed. It knows the few kinds of file that satellite
// imagery is kept in and refuses all others with ErrOther; GDAL reads those. It
// decodes nothing and, whatever the file says, allocates no more than the file
// is long.
//
// After the TIFF 6.0 specification (Adobe, 1992), its Technical Notes on
// DEFLATE and predictors (2002), and the BigTIFF design
// (https://www.awaresystems.be/imaging/tiff/bigtiff.html).
package tiff

import (
	"errors"
	"fmt"
	"io"
)

// ErrOther is wrapped by the errors of Parse that say a file is none of the
// kinds this package knows.
var ErrOther = errors.New("not a kind of TIFF that is read directly")

// MaxBlock is the most bytes that the pixels of one block may take.
const MaxBlock = 64 << 20

// Image is the first image of a file: unsigned whole numbers of 8 or 16 bits,
// bands one after the other (chunky pixels of several bands are refused), in
// tiles or strips. All strips and tiles are called blocks here.
type Image struct {
	Width, Height           int // pixels
	Bands                   int
	Bits                    int // of one value: 8 or 16
	BlockWidth, BlockHeight int // pixels; strips are as wide as the image
	Tiled                   bool
	Deflate                 bool // zlib streams; else stored as they are
	Difference              bool // predictor 2: each value less its left neighbour
	BigEndian               bool
	offsets, sizes          []uint64
}

// Across and Down are the numbers of blocks of one band.
func (m *Image) Across() int { return (m.Width-1)/m.BlockWidth + 1 }

// Down is the number of rows of blocks.
func (m *Image) Down() int { return (m.Height-1)/m.BlockHeight + 1 }

// Rows is how many rows of pixels the blocks of row row hold in the file: the
// last strip may be lower than the others, tiles never are.
func (m *Image) Rows(row int) int {
	if m.Tiled {
		return m.BlockHeight
	}
	return min(m.BlockHeight, m.Height-row*m.BlockHeight)
}

// Block is the place of a block in the file, in bytes: band, column and row of
// the block counted from 0. Size 0 means the block is not stored and holds no
// data.
func (m *Image) Block(band, col, row int) (offset, size int64) {
	i := (band*m.Down()+row)*m.Across() + col
	return int64(m.offsets[i]), int64(m.sizes[i])
}

// The tags that decide how pixels are packed.
const (
	tagSubfile      = 254
	tagWidth        = 256
	tagHeight       = 257
	tagBits         = 258
	tagCompression  = 259
	tagPhotometric  = 262
	tagFillOrder    = 266
	tagStripOffsets = 273
	tagOrientation  = 274
	tagSamples      = 277
	tagRowsPerStrip = 278
	tagStripSizes   = 279
	tagPlanar       = 284
	tagPredictor    = 317
	tagTileWidth    = 322
	tagTileHeight   = 323
	tagTileOffsets  = 324
	tagTileSizes    = 325
	tagSampleFormat = 339
)

func other(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrOther}, args...)...)
}

// Parse reads the header of a file of size bytes.
func Parse(r io.ReaderAt, size int64) (*Image, error) {
	d, err := readDirectory(r, size)
	if err != nil {
		return nil, err
	}
	m := &Image{BigEndian: d.bigEndian}
	if err := m.layout(d); err != nil {
		return nil, err
	}
	if err := m.packing(d); err != nil {
		return nil, err
	}
	return m, m.places(d)
}

// layout takes the sizes of the image and of its blocks.
func (m *Image) layout(d *directory) error {
	const most = 1<<31 - 1
	w, h := d.one(tagWidth, 0), d.one(tagHeight, 0)
	if w < 1 || w > most || h < 1 || h > most {
		return other("%d × %d pixels", w, h)
	}
	m.Width, m.Height = int(w), int(h)
	bands := d.one(tagSamples, 1)
	if bands < 1 || bands > 1<<16-1 {
		return other("%d bands", bands)
	}
	m.Bands = int(bands)
	if planar := d.one(tagPlanar, 1); bands > 1 && planar != 2 {
		return other("%d bands in planar configuration %d", bands, planar)
	}
	bits, ok := d.same(tagBits, 1)
	if !ok || bits != 8 && bits != 16 {
		return other("bits %d", bits)
	}
	m.Bits = int(bits)
	bw, bh := w, min(d.one(tagRowsPerStrip, h), h)
	if d.has(tagTileWidth) || d.has(tagTileHeight) {
		m.Tiled = true
		bw, bh = d.one(tagTileWidth, 0), d.one(tagTileHeight, 0)
	}
	if bw < 1 || bh < 1 || bw > most || bh > most || bw*bh > MaxBlock/(bits/8) {
		return other("blocks of %d × %d pixels", bw, bh)
	}
	m.BlockWidth, m.BlockHeight = int(bw), int(bh)
	return nil
}

// packing takes how values are packed, and refuses what changes their meaning.
func (m *Image) packing(d *directory) error {
	switch c := d.one(tagCompression, 1); c {
	case 1:
	case 8, 32946:
		m.Deflate = true
		switch p := d.one(tagPredictor, 1); p {
		case 1:
		case 2:
			m.Difference = true
		default:
			return other("predictor %d", p)
		}
	default:
		return other("compression %d", c)
	}
	format, ok := d.same(tagSampleFormat, 1)
	if !ok || format != 1 {
		return other("sample format %d", format)
	}
	if p := d.one(tagPhotometric, 0); p != 1 && p != 2 { // 1 = black is zero, 2 = RGB
		return other("photometric interpretation %d", p)
	}
	if f := d.one(tagFillOrder, 1); f != 1 {
		return other("fill order %d", f)
	}
	if o := d.one(tagOrientation, 1); o != 1 {
		return other("orientation %d", o)
	}
	if s := d.one(tagSubfile, 0); s != 0 {
		return other("the first image is of subfile type %d", s)
	}
	return nil
}

// places reads where the blocks lie.
func (m *Image) places(d *directory) error {
	offsets, sizes := uint16(tagStripOffsets), uint16(tagStripSizes)
	if m.Tiled {
		offsets, sizes = tagTileOffsets, tagTileSizes
		if d.has(tagStripOffsets) || d.has(tagStripSizes) {
			return other("both tiles and strips")
		}
	}
	perBand := uint64(m.Across()) * uint64(m.Down()) // below 2^62
	if perBand > uint64(d.size) || perBand*uint64(m.Bands) > uint64(d.size) {
		return other("%d blocks in each of %d bands, in %d bytes", perBand, m.Bands, d.size)
	}
	want := perBand * uint64(m.Bands)
	var err error
	if m.offsets, err = d.all(offsets, want); err != nil {
		return err
	}
	if m.sizes, err = d.all(sizes, want); err != nil {
		return err
	}
	for i, o := range m.offsets {
		s := m.sizes[i]
		switch {
		case (o == 0) != (s == 0):
			return other("block %d lies at %d and has %d bytes", i, o, s)
		case o > 1<<62 || s > 1<<62:
			return other("block %d lies beyond any file", i)
		case !m.Deflate && s != 0 && s != uint64(m.BlockWidth*m.Rows(i%int(perBand)/m.Across())*m.Bits/8):
			return other("block %d, stored as it is, has %d bytes", i, s)
		}
	}
	return nil
}
