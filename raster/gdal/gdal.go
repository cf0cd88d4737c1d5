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
	// ThroughGDAL reads all pixels through GDAL, also those of files whose
	// blocks Parus decodes itself. The numbers are the same.
	ThroughGDAL bool
}

// Reader implements raster.Reader. Not safe for concurrent use.
type Reader struct {
	opt    Options
	open   map[string]*dataset
	tick   int
	blocks blocks
}

type dataset struct {
	ds     *godal.Dataset
	grid   raster.Grid
	bands  int
	used   int
	src    source  // nil where only GDAL reads it
	direct *direct // nil where GDAL reads the pixels
}

// changed reports whether the file is no longer the one that was opened.
func (d *dataset) changed() bool {
	f, local := d.src.(*localFile)
	return local && f.changed()
}

func (d *dataset) close() {
	if d.ds != nil {
		d.ds.Close()
	}
	if d.src != nil {
		d.src.Close()
	}
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
		d.close()
		delete(r.open, k)
	}
	r.blocks.close()
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
	d, band, err := r.ready(ctx, a, w, len(dst))
	if err != nil {
		return err
	}
	if d.direct == nil {
		return r.through(d, a, band, w, dst)
	}
	if err := r.blocks.read(d.direct, band, w, dst); err != nil {
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
	if err := r.through(d, a, band, w, dst); err != nil {
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
func (r *Reader) through(d *dataset, a raster.Asset, band int, w raster.Window, dst any) error {
	if err := d.ds.Bands()[band].Read(w.Col, w.Row, dst, w.Width, w.Height, godal.ErrLogger(onlyErrors)); err != nil {
		r.drop(a.Href)
		return failed(a, w, err)
	}
	return nil
}

func failed(a raster.Asset, w raster.Window, err error) error {
	return fmt.Errorf("read %s, columns %d–%d, rows %d–%d: %w", a.Href, w.Col, w.Col+w.Width-1, w.Row, w.Row+w.Height-1, err)
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
	if d := r.open[href]; d != nil && !d.changed() {
		d.used = r.tick
		return d, nil
	}
	r.drop(href)
	d, err := r.openDataset(href)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", href, err)
	}
	if len(r.open) >= r.opt.Datasets {
		r.dropOldest()
	}
	d.used = r.tick
	r.open[href] = d
	return d, nil
}

func (r *Reader) openDataset(href string) (d *dataset, err error) {
	d = &dataset{}
	path := vsiPath(href)
	if path == href {
		// What is no plain file (a folder, a name of GDAL's own) GDAL opens alone.
		if f, err := openLocal(href); err == nil {
			d.src = f
		}
	}
	if d.ds, err = godal.Open(path, godal.RasterOnly(), godal.ErrLogger(onlyErrors)); err != nil {
		d.close()
		return nil, err
	}
	if d.grid, err = gridOf(d.ds); err != nil {
		d.close()
		return nil, err
	}
	d.bands = d.ds.Structure().NBands
	if d.src != nil && !r.opt.ThroughGDAL {
		d.direct = newDirect(d.ds, d.src)
	}
	return d, nil
}

func (r *Reader) drop(href string) {
	if d := r.open[href]; d != nil {
		d.close()
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
