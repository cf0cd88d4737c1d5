package gdal

import (
	"context"
	"fmt"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/raster"
)

// Sizes of the blocks that levels are read in: the file's own where they are
// between these, else the usual one.
const (
	leastBlock = 64
	usualBlock = 512
	mostBlock  = 1024
)

// smallestLevel is the size at which a file needs no smaller level.
const smallestLevel = 256

// Levels returns the grid of an asset and the sizes it can be read at: its own,
// those of its overviews and, where the file has no smaller one, halves that
// are made while reading (a file without overviews is read whole for them).
func (r *Reader) Levels(ctx context.Context, a raster.Asset) (raster.Grid, []raster.Level, error) {
	d, band, err := r.levelBand(ctx, a)
	if err != nil {
		return raster.Grid{}, nil, err
	}
	levels := []raster.Level{levelOf(band)}
	for _, o := range band.Overviews() {
		if l := levelOf(o); l.Width < levels[len(levels)-1].Width { // masks and odd orders left out
			levels = append(levels, l)
		}
	}
	for l := levels[len(levels)-1]; max(l.Width, l.Height) > smallestLevel; {
		l = raster.Level{Width: (l.Width + 1) / 2, Height: (l.Height + 1) / 2, BlockWidth: usualBlock, BlockHeight: usualBlock}
		levels = append(levels, l)
	}
	return d.grid, levels, nil
}

func levelOf(b godal.Band) raster.Level {
	st := b.Structure()
	l := raster.Level{Width: st.SizeX, Height: st.SizeY, BlockWidth: st.BlockSizeX, BlockHeight: st.BlockSizeY}
	if min(l.BlockWidth, l.BlockHeight) < leastBlock || max(l.BlockWidth, l.BlockHeight) > mostBlock {
		l.BlockWidth, l.BlockHeight = usualBlock, usualBlock
	}
	return l
}

// ReadLevel fills dst with a window of a level, in pixels of that level. Levels
// the file does not store are averaged from the one before, leaving out no data;
// assets of 8 bit are classes and keep the nearest instead.
func (r *Reader) ReadLevel(ctx context.Context, a raster.Asset, level int, w raster.Window, dst []uint16) error {
	_, levels, err := r.Levels(ctx, a)
	if err != nil {
		return err
	}
	if level < 0 || level >= len(levels) {
		return fmt.Errorf("read %s: level %d of %d", a.Href, level, len(levels))
	}
	l := levels[level]
	if w.Col < 0 || w.Row < 0 || w.Width < 1 || w.Height < 1 || w.Col+w.Width > l.Width || w.Row+w.Height > l.Height || len(dst) != w.Width*w.Height {
		return fmt.Errorf("read %s, level %d: window %+v and %d values do not fit its %d × %d pixels", a.Href, level, w, len(dst), l.Width, l.Height)
	}
	if level == 0 {
		return r.Read(ctx, a, w, dst)
	}
	_, band, err := r.levelBand(ctx, a)
	if err != nil {
		return err
	}
	if err := readLevel(band, l, w, dst); err != nil {
		r.drop(a.Href)
		return fmt.Errorf("read %s, level %d, columns %d–%d, rows %d–%d: %w", a.Href, level, w.Col, w.Col+w.Width-1, w.Row, w.Row+w.Height-1, err)
	}
	return nil
}

func (r *Reader) levelBand(ctx context.Context, a raster.Asset) (*dataset, godal.Band, error) {
	d, err := r.dataset(ctx, a.Href)
	if err != nil {
		return nil, godal.Band{}, err
	}
	n := max(a.Layer, 1)
	if n > d.bands {
		return nil, godal.Band{}, fmt.Errorf("read %s: band %d of %d", a.Href, n, d.bands)
	}
	return d, d.ds.Bands()[n-1], nil
}

func readLevel(band godal.Band, l raster.Level, w raster.Window, dst []uint16) error {
	for _, o := range band.Overviews() {
		if st := o.Structure(); st.SizeX == l.Width && st.SizeY == l.Height {
			return o.Read(w.Col, w.Row, dst, w.Width, w.Height, godal.ErrLogger(onlyErrors))
		}
	}
	full := band.Structure()
	alg := godal.Average
	if full.DataType == godal.Byte {
		alg = godal.Nearest
	}
	x0, x1 := w.Col*full.SizeX/l.Width, (w.Col+w.Width)*full.SizeX/l.Width
	y0, y1 := w.Row*full.SizeY/l.Height, (w.Row+w.Height)*full.SizeY/l.Height
	return band.Read(x0, y0, dst, w.Width, w.Height, godal.Window(x1-x0, y1-y0), godal.Resampling(alg), godal.ErrLogger(onlyErrors))
}
