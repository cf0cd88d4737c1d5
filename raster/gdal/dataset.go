package gdal

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/raster"
)

// mostBlockBytes is the largest unpacked block that GDAL is let read: a band of
// a whole tile in one piece takes 241 MB.
const mostBlockBytes = 512 << 20

// dataset is one open file.
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
	d, err := r.openDataset(ctx, href)
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

func (r *Reader) openDataset(ctx context.Context, href string) (_ *dataset, err error) {
	d := &dataset{}
	defer func() {
		if err != nil {
			d.close()
		}
	}()
	path := vsiPath(href)
	open := []godal.OpenOption{godal.RasterOnly(), godal.ErrLogger(onlyErrors)}
	if path != href {
		s, err := openRemote(ctx, path, r.net)
		if err != nil {
			return nil, err
		}
		d.src = s
		o := r.net.options()
		for i := 0; i < len(o); i += 2 {
			open = append(open, godal.ConfigOption(o[i]+"="+o[i+1]))
		}
		err = r.net.try(ctx, func() (err error) {
			if d.ds, err = godal.Open(path, open...); err != nil {
				s.forget()
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	} else {
		// What is no plain file (a folder, a name of GDAL's own) GDAL opens alone.
		if f, err := openLocal(href); err == nil {
			d.src = f
		}
		if d.ds, err = godal.Open(path, open...); err != nil {
			return nil, err
		}
	}
	if d.grid, err = gridOf(d.ds); err != nil {
		return nil, err
	}
	st := d.ds.Structure()
	d.bands = st.NBands
	if n := float64(st.BlockSizeX) * float64(st.BlockSizeY) * float64(st.DataType.Size()); n > mostBlockBytes {
		return nil, fmt.Errorf("its blocks of %d × %d pixels would take %.0f MB each; gdal_translate -of COG cuts them smaller", st.BlockSizeX, st.BlockSizeY, n/1e6)
	}
	if d.src != nil && !r.opt.ThroughGDAL {
		if d.direct = r.blocks.newDirect(ctx, d.ds, d.src); d.direct != nil {
			d.direct.file = fileKey{href: href, size: d.src.Size()}
			if f, local := d.src.(*localFile); local {
				d.direct.file.time = f.info.ModTime().UnixNano()
			}
		}
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
	gt, err := ds.GeoTransform(godal.ErrLogger(onlyErrors))
	if err != nil {
		return raster.Grid{}, err
	}
	if gt[2] != 0 || gt[4] != 0 || gt[1] <= 0 || gt[1] != -gt[5] {
		return raster.Grid{}, fmt.Errorf("its grid is turned, has pixels that are not square, or has no position (geotransform %v)", gt)
	}
	g := raster.Grid{X0: gt[0], Y0: gt[3], Res: gt[1], Width: st.SizeX, Height: st.SizeY}
	if sr := ds.SpatialRef(); sr != nil && ds.Projection() != "" {
		defer sr.Close()
		if code, err := strconv.Atoi(sr.AuthorityCode("")); err == nil {
			g.EPSG = code
		}
	}
	return g, nil
}
