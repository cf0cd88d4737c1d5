// Package gdal reads pixels for package raster: the only reader. Local files,
// http(s) (/vsicurl, only the blocks a window touches) and S3.
//
// GDAL opens every file and says what it is. The blocks of plain TIFFs, which
// nearly all imagery is kept in, are then read and decoded without it
// (direct.go, package tiff), which takes about half the time; GDAL reads the
// rest.
package gdal

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"sync"
	"time"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/raster"
)

var register = sync.OnceFunc(godal.RegisterAll)

// Version is GDAL's version, such as 3.6.2.
func Version() string {
	v := godal.Version()
	return fmt.Sprintf("%d.%d.%d", v.Major(), v.Minor(), v.Revision())
}

// Options of Open.
type Options struct {
	// Datasets kept open at once; 0 = 32.
	Datasets int
	// ThroughGDAL reads all pixels through GDAL, also those of files whose
	// blocks Parus decodes itself. The numbers are the same.
	ThroughGDAL bool
	// Cache of decoded blocks, shared with other readers; nil = none.
	Cache *Cache

	// How servers (http, https, S3) are spoken to. What GDAL's own settings
	// (GDAL_HTTP_…, AWS_…) say in the environment stands where a field is 0.
	Timeout        time.Duration // of one request, in whole seconds; 0 = 60 s
	ConnectTimeout time.Duration // in whole seconds; 0 = 10 s
	// Tries of one request in all, where the server answers 408, 425, 429 or
	// 5xx, cuts the answer short or does not answer; 0 = 4. Other 4xx are final
	// at once.
	Tries int
	Wait  time.Duration // before the second try, then three times as long each; 0 = 250 ms
}

// Reader implements raster.Reader. Not safe for concurrent use.
type Reader struct {
	opt    Options
	open   map[string]*dataset
	tick   int
	blocks blocks
	net    network
}

// Open returns a reader; files are opened when first needed.
func Open(opt Options) *Reader {
	register()
	if opt.Datasets <= 0 {
		opt.Datasets = 32
	}
	return &Reader{opt: opt, open: map[string]*dataset{}, net: opt.network(), blocks: blocks{cache: opt.Cache}}
}

// Close closes what is open.
func (r *Reader) Close() error {
	for k, d := range r.open {
		d.close()
		delete(r.open, k)
	}
	r.blocks.close()
	return nil
}

// BytesRead is how many bytes of imagery files were asked for: headers and the
// packed blocks that windows touched, each as often as it was asked for. Of
// files that GDAL reads the blocks count as they are packed in TIFFs, as raw
// pixels elsewhere (JPEG 2000). Tries after a failure do not count again. It
// may be called while another goroutine reads.
func (r *Reader) BytesRead() int64 { return r.blocks.asked.Load() }

// Describe returns the grid of an asset.
func (r *Reader) Describe(ctx context.Context, a raster.Asset) (raster.Grid, error) {
	d, err := r.dataset(ctx, a.Href)
	if err != nil {
		return raster.Grid{}, err
	}
	return d.grid, nil
}

// Blocks is the size of the asset's blocks.
func (r *Reader) Blocks(ctx context.Context, a raster.Asset) (width, height int, err error) {
	d, err := r.dataset(ctx, a.Href)
	if err != nil {
		return 0, 0, err
	}
	st := d.ds.Structure()
	return st.BlockSizeX, st.BlockSizeY, nil
}

// Read fills dst with the values of the window.
func (r *Reader) Read(ctx context.Context, a raster.Asset, w raster.Window, dst []uint16) error {
	d, band, err := r.ready(ctx, a, w, len(dst))
	if err != nil {
		return err
	}
	if d.direct == nil {
		return r.through(ctx, a, band, w, dst)
	}
	if err := r.blocks.read(ctx, d.direct, band, w, dst); err != nil {
		r.drop(a.Href)
		return failed(a, w, err)
	}
	return nil
}

// ReadFloat is Read in floating point; no data is NaN.
func (r *Reader) ReadFloat(ctx context.Context, a raster.Asset, w raster.Window, dst []float32) error {
	d, band, err := r.ready(ctx, a, w, len(dst))
	if err != nil {
		return err
	}
	nd, has := d.ds.Bands()[band].NoData()
	if err := r.through(ctx, a, band, w, dst); err != nil {
		return err
	}
	if has {
		for i, v := range dst {
			if float64(v) == nd || v == float32(nd) {
				dst[i] = float32(math.NaN())
			}
		}
	}
	return nil
}

// ready opens the asset and checks that the window can be read into a buffer
// of n values. The band counts from 0.
func (r *Reader) ready(ctx context.Context, a raster.Asset, w raster.Window, n int) (d *dataset, band int, err error) {
	if d, err = r.dataset(ctx, a.Href); err != nil {
		return nil, 0, err
	}
	g := d.grid
	if a.Grid.Width > 0 && (a.Grid.Width != g.Width || a.Grid.Height != g.Height) {
		return nil, 0, fmt.Errorf("read %s: it has %d × %d pixels but its catalog says %d × %d", a.Href, g.Width, g.Height, a.Grid.Width, a.Grid.Height)
	}
	if w.Col < 0 || w.Row < 0 || w.Width < 1 || w.Height < 1 || w.Width > g.Width-w.Col || w.Height > g.Height-w.Row {
		return nil, 0, fmt.Errorf("read %s: a window of %d × %d pixels at column %d, row %d is not inside its %d × %d", a.Href, w.Width, w.Height, w.Col, w.Row, g.Width, g.Height)
	}
	if n != w.Width*w.Height {
		return nil, 0, fmt.Errorf("read %s: buffer of %d values for a window of %d × %d", a.Href, n, w.Width, w.Height)
	}
	band = max(a.Layer, 1) - 1
	if band >= d.bands {
		return nil, 0, fmt.Errorf("read %s: band %d of %d", a.Href, band+1, d.bands)
	}
	return d, band, nil
}

// through reads a window through GDAL.
func (r *Reader) through(ctx context.Context, a raster.Asset, band int, w raster.Window, dst any) error {
	counted := false
	read := func() error {
		d, err := r.dataset(ctx, a.Href)
		if err != nil {
			return final{err}
		}
		b := d.ds.Bands()[band]
		if !counted {
			r.blocks.asked.Add(touched(d.ds, b, w))
			counted = true
		}
		if err = b.Read(w.Col, w.Row, dst, w.Width, w.Height, godal.ErrLogger(onlyErrors)); err != nil {
			if s, far := d.src.(*remoteFile); far {
				s.forget()
			} else {
				err = final{err}
			}
			r.drop(a.Href)
		}
		return err
	}
	if err := r.net.try(ctx, read); err != nil {
		return failed(a, w, err)
	}
	return nil
}

// touched is the size in bytes of the blocks that a window touches, packed
// where GDAL knows it.
func touched(ds *godal.Dataset, b godal.Band, w raster.Window) int64 {
	st := b.Structure()
	raw := int64(st.BlockSizeX) * int64(st.BlockSizeY) * int64(st.DataType.Size())
	known := ds.Driver().ShortName() == "GTiff"
	sum := int64(0)
	for y := w.Row / st.BlockSizeY; y <= (w.Row+w.Height-1)/st.BlockSizeY; y++ {
		for x := w.Col / st.BlockSizeX; x <= (w.Col+w.Width-1)/st.BlockSizeX; x++ {
			if !known {
				sum += raw
			} else if n, err := strconv.ParseInt(b.Metadata(fmt.Sprintf("BLOCK_SIZE_%d_%d", x, y), godal.Domain("TIFF")), 10, 64); err == nil {
				sum += n
			}
		}
	}
	return sum
}

func failed(a raster.Asset, w raster.Window, err error) error {
	return fmt.Errorf("read %s, columns %d–%d, rows %d–%d: %w", a.Href, w.Col, w.Col+w.Width-1, w.Row, w.Row+w.Height-1, err)
}
