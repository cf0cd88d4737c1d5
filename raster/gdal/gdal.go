// Package gdal reads pixels for package raster through godal: the only reader.
// Local files, http(s) (/vsicurl, only the blocks a window touches) and S3.
package gdal

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

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
}

// Reader implements raster.Reader. Not safe for concurrent use.
type Reader struct {
	opt  Options
	open map[string]*dataset
	tick int
}

type dataset struct {
	ds   *godal.Dataset
	grid raster.Grid
	used int
}

// Open returns a reader; files are opened when first needed.
func Open(opt Options) *Reader {
	register()
	if opt.Datasets <= 0 {
		opt.Datasets = 32
	}
	return &Reader{opt: opt, open: map[string]*dataset{}}
}

// Close closes what is open.
func (r *Reader) Close() error {
	for k, d := range r.open {
		d.ds.Close()
		delete(r.open, k)
	}
	return nil
}

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
	return r.read(ctx, a, w, dst, len(dst))
}

// ReadFloat is Read in floating point; no data is NaN.
func (r *Reader) ReadFloat(ctx context.Context, a raster.Asset, w raster.Window, dst []float32) error {
	if err := r.read(ctx, a, w, dst, len(dst)); err != nil {
		return err
	}
	band, err := r.band(r.open[a.Href], a)
	if err != nil {
		return err
	}
	if nd, ok := band.NoData(); ok {
		for i, v := range dst {
			if float64(v) == nd || v == float32(nd) {
				dst[i] = float32(math.NaN())
			}
		}
	}
	return nil
}

func (r *Reader) band(d *dataset, a raster.Asset) (godal.Band, error) {
	bands := d.ds.Bands()
	n := max(a.Layer, 1)
	if n > len(bands) {
		return godal.Band{}, fmt.Errorf("read %s: band %d of %d", a.Href, n, len(bands))
	}
	return bands[n-1], nil
}

func (r *Reader) read(ctx context.Context, a raster.Asset, w raster.Window, dst any, n int) error {
	d, err := r.dataset(ctx, a.Href)
	if err != nil {
		return err
	}
	if a.Grid.Width > 0 && (a.Grid.Width != d.grid.Width || a.Grid.Height != d.grid.Height) {
		return fmt.Errorf("read %s: it has %d × %d pixels but its catalog says %d × %d", a.Href, d.grid.Width, d.grid.Height, a.Grid.Width, a.Grid.Height)
	}
	if n != w.Width*w.Height {
		return fmt.Errorf("read %s: buffer of %d values for a window of %d × %d", a.Href, n, w.Width, w.Height)
	}
	band, err := r.band(d, a)
	if err != nil {
		return err
	}
	if err := band.Read(w.Col, w.Row, dst, w.Width, w.Height, godal.ErrLogger(onlyErrors)); err != nil {
		r.drop(a.Href)
		return fmt.Errorf("read %s, columns %d–%d, rows %d–%d: %w", a.Href, w.Col, w.Col+w.Width-1, w.Row, w.Row+w.Height-1, err)
	}
	return nil
}

// onlyErrors keeps GDAL's warnings (odd tags and the like) from failing a read.
func onlyErrors(ec godal.ErrorCategory, code int, msg string) error {
	if ec <= godal.CE_Warning {
		return nil
	}
	return fmt.Errorf("GDAL %d: %s", code, msg)
}

func (r *Reader) dataset(ctx context.Context, href string) (*dataset, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.tick++
	if d := r.open[href]; d != nil {
		d.used = r.tick
		return d, nil
	}
	ds, err := godal.Open(vsiPath(href), godal.RasterOnly(), godal.ErrLogger(onlyErrors))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", href, err)
	}
	d := &dataset{ds: ds, used: r.tick}
	if d.grid, err = gridOf(ds); err != nil {
		ds.Close()
		return nil, fmt.Errorf("open %s: %w", href, err)
	}
	if len(r.open) >= r.opt.Datasets {
		r.dropOldest()
	}
	r.open[href] = d
	return d, nil
}

func (r *Reader) drop(href string) {
	if d := r.open[href]; d != nil {
		d.ds.Close()
		delete(r.open, href)
	}
}

func (r *Reader) dropOldest() {
	oldest, at := "", math.MaxInt
	for k, d := range r.open {
		if d.used < at {
			oldest, at = k, d.used
		}
	}
	r.drop(oldest)
}

// vsiPath is the name GDAL knows an address by.
func vsiPath(href string) string {
	switch {
	case strings.HasPrefix(href, "http://"), strings.HasPrefix(href, "https://"):
		return "/vsicurl/" + href
	case strings.HasPrefix(href, "s3://"):
		return "/vsis3/" + strings.TrimPrefix(href, "s3://")
	}
	return href
}

func gridOf(ds *godal.Dataset) (raster.Grid, error) {
	st := ds.Structure()
	gt, err := ds.GeoTransform()
	if err != nil {
		return raster.Grid{}, err
	}
	if gt[2] != 0 || gt[4] != 0 || gt[1] <= 0 || gt[1] != -gt[5] {
		return raster.Grid{}, fmt.Errorf("its grid is turned, has pixels that are not square, or has no position (geotransform %v)", gt)
	}
	g := raster.Grid{X0: gt[0], Y0: gt[3], Res: gt[1], Width: st.SizeX, Height: st.SizeY}
	if sr := ds.SpatialRef(); sr != nil {
		defer sr.Close()
		if code, err := strconv.Atoi(sr.AuthorityCode("")); err == nil {
			g.EPSG = code
		}
	}
	return g, nil
}
