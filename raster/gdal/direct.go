package gdal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sync/atomic"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal/tiff"
)

// direct reads the blocks of one plain TIFF without GDAL.
type direct struct {
	img  *tiff.Image
	src  source
	fill []uint16 // by band, what blocks that are not stored read as
	file fileKey
}

// newDirect is nil where the file is none that can be read directly, or where
// GDAL sees it otherwise than package tiff does.
func (k *blocks) newDirect(ctx context.Context, ds *godal.Dataset, src source) *direct {
	if ds.Driver().ShortName() != "GTiff" {
		return nil
	}
	img, err := tiff.Parse(header{ctx, src, &k.asked}, src.Size())
	if err != nil {
		return nil
	}
	st := ds.Structure()
	typ := map[int]godal.DataType{8: godal.Byte, 16: godal.UInt16}[img.Bits]
	if st.SizeX != img.Width || st.SizeY != img.Height || st.NBands != img.Bands || st.DataType != typ ||
		st.BlockSizeX != img.BlockWidth || st.BlockSizeY != img.BlockHeight {
		return nil
	}
	d := &direct{img: img, src: src}
	for _, b := range ds.Bands() {
		v, _ := b.NoData()
		if !(v >= 0 && v < float64(int(1)<<img.Bits) && v == math.Trunc(v)) {
			return nil
		}
		d.fill = append(d.fill, uint16(v))
	}
	return d
}

// blocks reads windows through direct, one block at a time, and owns the
// buffers for it.
type blocks struct {
	zlib   inflater
	cache  *Cache // nil = none
	packed []byte // as it lies in the file
	pixels []byte // one unpacked block, where there is no cache
	// The block last unpacked, so that windows in one block unpack it once.
	last   []byte
	lastOf *direct
	lastAt blockKey
	// What lies packed in the file around the blocks of one window, fetched
	// from a server in one request.
	ahead   []byte
	aheadAt int64
	aheadOf *direct
	// What ReadMany unpacks ahead, and the memory for it.
	many            unpacker
	wanted          []packed
	wantedAt        []wantedAt
	inputs, outputs [][]byte

	asked atomic.Int64 // bytes of files
}

// read fills dst with the window, which lies inside the image.
func (k *blocks) read(ctx context.Context, d *direct, band int, w raster.Window, dst []uint16) error {
	bw, bh := d.img.BlockWidth, d.img.BlockHeight
	for row := w.Row / bh; row*bh < w.Row+w.Height; row++ {
		first, last := w.Col/bw, (w.Col+w.Width-1)/bw
		if err := k.fetchAhead(ctx, d, band, row, first, last); err != nil {
			return fmt.Errorf("blocks %d–%d of row %d of blocks: %w", first, last, row, err)
		}
		for col := first; col <= last; col++ {
			if err := k.readPart(ctx, d, band, col, row, w, dst); err != nil {
				return fmt.Errorf("block %d of row %d of blocks: %w", col, row, err)
			}
		}
	}
	return nil
}

// readPart fills the part of the window that lies in one block.
func (k *blocks) readPart(ctx context.Context, d *direct, band, col, row int, w raster.Window, dst []uint16) error {
	bw, bh := d.img.BlockWidth, d.img.BlockHeight
	left, top := max(w.Col, col*bw), max(w.Row, row*bh)
	width, rows := min(w.Col+w.Width, (col+1)*bw)-left, min(w.Row+w.Height, (row+1)*bh)-top
	part := dst[(top-w.Row)*w.Width+left-w.Col:]
	offset, size := d.img.Block(band, col, row)
	if size == 0 {
		for y := range rows {
			line := part[y*w.Width : y*w.Width+width]
			for x := range line {
				line[x] = d.fill[band]
			}
		}
		return nil
	}
	key := blockKey{d.file, band, col, row}
	if k.straight(d, row, width, rows, w.Width) {
		out := part[:width*rows]
		n, err := k.unpack(ctx, d, offset, size, octets(out))
		if err == nil && n == 2*len(out) {
			d.undo(octets(out))
			return nil
		}
		if !errors.Is(err, errLong) || d.img.Tiled {
			return wrongSize(err, n, 2*len(out))
		}
	}
	pixels, err := k.load(ctx, d, key, offset, size)
	if err != nil {
		return err
	}
	first := (top-row*bh)*bw + left - col*bw
	if d.img.Bits == 8 {
		widen(part, w.Width, pixels[first:], bw, width, rows)
		return nil
	}
	values := words(pixels)[first:]
	for y := range rows {
		copy(part[y*w.Width:y*w.Width+width], values[y*bw:])
	}
	return nil
}

// straight says whether a block is unpacked into the window itself, as its
// part of width by rows is the whole block and lies there in one piece.
func (k *blocks) straight(d *direct, row, width, rows, windowWidth int) bool {
	return rows == d.img.Rows(row) && width == d.img.BlockWidth && windowWidth == width && d.img.Bits == 16 && k.cache == nil
}

func (k *blocks) close() {
	k.zlib.close()
	k.many.close()
}

// load gives the pixels of a block, unpacked or as they were kept.
func (k *blocks) load(ctx context.Context, d *direct, key blockKey, offset, size int64) ([]byte, error) {
	if k.lastOf == d && k.lastAt == key {
		return k.last, nil
	}
	k.lastOf = nil
	pixels := k.cache.get(key)
	if pixels == nil {
		line := d.img.BlockWidth * d.img.Bits / 8
		want, most := line*d.img.Rows(key.row), line*d.img.BlockHeight // some writers store the last strip whole
		if k.cache == nil {
			k.pixels = grow(k.pixels, most)
			pixels = k.pixels
		} else {
			pixels = make([]byte, most)
		}
		n, err := k.unpack(ctx, d, offset, size, pixels)
		if err != nil || n != want && n != most {
			return nil, wrongSize(err, n, want)
		}
		pixels = pixels[:n]
		d.undo(pixels)
		k.cache.put(key, pixels)
	}
	k.last, k.lastOf, k.lastAt = pixels, d, key
	return pixels, nil
}

// unpack reads a block and unpacks it into out.
func (k *blocks) unpack(ctx context.Context, d *direct, offset, size int64, out []byte) (int, error) {
	if err := d.sizeError(offset, size); err != nil {
		return 0, err
	}
	if done, n, ok := k.take(d, offset, len(out)); ok {
		k.asked.Add(size)
		if &done[0] != &out[0] {
			copy(out, done[:n])
		}
		return n, nil
	}
	in, err := k.fetch(ctx, d, offset, size)
	if err != nil {
		return 0, err
	}
	n, err := k.decode(d, out, in)
	if s, far := d.src.(*remoteFile); far && err != nil && !errors.Is(err, errLong) {
		// Perhaps the way spoiled it, not the file.
		s.forget()
		k.aheadOf = nil
		if in, err = k.fetch(ctx, d, offset, size); err != nil {
			return 0, err
		}
		n, err = k.decode(d, out, in)
	}
	return n, err
}

// sizeError says why a block cannot lie where it is said to.
func (d *direct) sizeError(offset, size int64) error {
	if end := d.src.Size(); offset > end || size > end-offset {
		return fmt.Errorf("it takes %d bytes at %d, the file has %d: it was cut short", size, offset, end)
	}
	if most := 2*int64(d.img.BlockWidth*d.img.BlockHeight*d.img.Bits/8) + 4096; size > most {
		return fmt.Errorf("it takes %d bytes packed, more than a block of these pixels can", size)
	}
	return nil
}

func (k *blocks) decode(d *direct, out, in []byte) (int, error) {
	switch {
	case d.img.Deflate:
		return k.zlib.inflate(out, in)
	case len(in) > len(out):
		return 0, errLong
	}
	return copy(out, in), nil
}

// fetch gives the bytes of a block as they lie in the file.
func (k *blocks) fetch(ctx context.Context, d *direct, offset, size int64) ([]byte, error) {
	if i := offset - k.aheadAt; k.aheadOf == d && i >= 0 && i <= int64(len(k.ahead)) && size <= int64(len(k.ahead))-i {
		return k.ahead[i : i+size], nil
	}
	k.packed = grow(k.packed, int(size))
	k.asked.Add(size)
	return k.packed, d.src.readAt(ctx, k.packed, offset)
}

// fetchAhead gets some blocks that lie side by side on a server in one request,
// where hardly anything else lies between them.
func (k *blocks) fetchAhead(ctx context.Context, d *direct, band, row, first, last int) error {
	const most, between = 8 << 20, 16 << 10
	k.aheadOf = nil
	if _, far := d.src.(*remoteFile); !far || first == last {
		return nil
	}
	from, to, sum := int64(math.MaxInt64), int64(0), int64(0)
	for col := first; col <= last; col++ {
		if o, n := d.img.Block(band, col, row); n > 0 && k.cache.get(blockKey{d.file, band, col, row}) == nil {
			from, to, sum = min(from, o), max(to, o+n), sum+n
		}
	}
	if sum == 0 || to > d.src.Size() || to-from > most || to-from-sum > between {
		return nil
	}
	k.ahead, k.aheadAt = grow(k.ahead, int(to-from)), from
	k.asked.Add(to - from)
	if err := d.src.readAt(ctx, k.ahead, from); err != nil {
		return err
	}
	k.aheadOf = d
	return nil
}

// undo brings unpacked bytes into this machine's order and undoes the
// predictor.
func (d *direct) undo(b []byte) {
	switch width := d.img.BlockWidth; {
	case d.img.Bits == 16:
		if d.img.BigEndian != hostBigEndian {
			swap16(words(b))
		}
		if d.img.Difference {
			sum16(words(b), width)
		}
	case d.img.Difference:
		sum8(b, width)
	}
}

var hostBigEndian = binary.NativeEndian.Uint16([]byte{0, 1}) == 1

func wrongSize(err error, n, want int) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("it unpacks to %d bytes, its pixels take %d", n, want)
}

// grow is b with n bytes, in the same memory where that is enough.
func grow(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}
