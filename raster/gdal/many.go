package gdal

import (
	"context"

	"github.com/parus-lending/parus/raster"
)

// ReadMany is Read of one window of several assets, each into its own dst: the
// bands of a scene. The pixels and errors are those of single Reads; blocks of
// local files are decoded two at a time, which takes less time than one after
// the other.
func (r *Reader) ReadMany(ctx context.Context, assets []raster.Asset, w raster.Window, dst [][]uint16) []error {
	r.ahead(ctx, assets, w, dst)
	defer r.blocks.forget()
	errs := make([]error, len(assets))
	for i, a := range assets {
		errs[i] = r.Read(ctx, a, w, dst[i])
	}
	return errs
}

// ahead unpacks the blocks that single Reads would, of files that are open.
func (r *Reader) ahead(ctx context.Context, assets []raster.Asset, w raster.Window, dst [][]uint16) {
	k := &r.blocks
	for i, a := range assets {
		if r.open[a.Href] == nil {
			continue
		}
		d, band, err := r.ready(ctx, a, w, len(dst[i]))
		if err == nil && d.direct != nil {
			k.want(ctx, d.direct, band, w, dst[i])
		}
	}
	if len(k.wanted) > 1 { // one alone is quicker through libdeflate
		k.many.unpack(k.wanted)
	}
}

// wantedAt says which block a packed one is.
type wantedAt struct {
	d      *direct
	offset int64
}

// want fetches the block that holds the window, where it is a local file's and
// has to be unpacked. Errors are left for read to find.
func (k *blocks) want(ctx context.Context, d *direct, band int, w raster.Window, dst []uint16) {
	const most = 4 << 20 // bytes of a block; all of them are in memory together
	bw, bh := d.img.BlockWidth, d.img.BlockHeight
	room := bw * d.img.Bits / 8 * bh
	col, row := w.Col/bw, w.Row/bh
	_, far := d.src.(*remoteFile)
	if far || !d.img.Deflate || room > most || (w.Col+w.Width-1)/bw != col || (w.Row+w.Height-1)/bh != row {
		return
	}
	key := blockKey{d.file, band, col, row}
	offset, size := d.img.Block(band, col, row)
	if 3*size < int64(room) { // long matches, which libdeflate copies quicker
		return
	}
	if d.sizeError(offset, size) != nil || k.lastOf == d && k.lastAt == key || k.cache.get(key) != nil {
		return
	}
	n := len(k.wanted)
	if n == len(k.inputs) {
		k.inputs, k.outputs = append(k.inputs, nil), append(k.outputs, nil)
	}
	k.inputs[n] = grow(k.inputs[n], int(size))
	if d.src.readAt(ctx, k.inputs[n], offset) != nil {
		return
	}
	out := octets(dst)
	if !k.straight(d, row, w.Width, w.Height, w.Width) {
		k.outputs[n] = grow(k.outputs[n], room)
		out = k.outputs[n]
	}
	k.wanted, k.wantedAt = append(k.wanted, packed{k.inputs[n], out, -1}), append(k.wantedAt, wantedAt{d, offset})
}

// take gives, once, what was unpacked ahead of a block into so many bytes, if
// it was.
func (k *blocks) take(d *direct, offset int64, room int) (out []byte, n int, ok bool) {
	for i, at := range k.wantedAt {
		if p := k.wanted[i]; p.n >= 0 && at == (wantedAt{d, offset}) && len(p.out) == room {
			k.wanted[i].n = -1
			return p.out, p.n, true
		}
	}
	return nil, 0, false
}

// forget ends what want began.
func (k *blocks) forget() {
	clear(k.wanted)
	clear(k.wantedAt)
	k.wanted, k.wantedAt = k.wanted[:0], k.wantedAt[:0]
}
