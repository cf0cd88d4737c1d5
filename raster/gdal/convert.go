package gdal

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/raster"
)

// storedOffset is added to reflectance × 10000 where values are converted from
// another scale, as ESA does since baseline 04.00: reflectance a little below 0
// keeps its value, and 0 is no data.
const storedOffset = 1000

// conversion is one band of one file to be written as a COG.
type conversion struct {
	src   string
	layer int // from 1
	dst   string
	grid  raster.Grid // where it must lie; zero Width = where the file says
	class bool        // scene classification: bytes, overviews by nearest pixel
	halve bool        // a 20 m band that was spread over 10 m pixels goes back to 20 m
	// values to be scaled: DN = (value × scale + offset) × 10000 + storedOffset
	rescale       bool
	scale, offset float64
}

// badSource is a fault of the file that was to be converted: its band is left
// out and the rest goes on. Other errors (a full disk) stop the work.
type badSource struct{ err error }

func (e badSource) Error() string { return e.err.Error() }
func (e badSource) Unwrap() error { return e.err }

// upToDate reports whether the COG is there and not older than its source. It
// was written under a temporary name, so it is whole.
func (c conversion) upToDate() bool {
	dst, err := os.Stat(c.dst)
	if err != nil {
		return false
	}
	src, err := os.Stat(c.src)
	return err != nil || !src.ModTime().After(dst.ModTime())
}

// convert writes the COG and gives its grid: DEFLATE with predictor 2, blocks of
// 512, overviews, no data 0. It works through an uncompressed file beside it, so
// memory does not grow with the image, and is done under a temporary name.
func convert(ctx context.Context, c conversion) (g raster.Grid, err error) {
	register()
	if err := os.MkdirAll(filepath.Dir(c.dst), 0o755); err != nil {
		return g, err
	}
	plain, part := c.dst+".part1.tif", c.dst+".part2.tif"
	dropParts(c.dst)
	defer dropParts(c.dst)
	ds, err := godal.Open(c.src, godal.RasterOnly(), godal.ErrLogger(onlyErrors))
	if err != nil {
		return g, badSource{fmt.Errorf("open %s: %w", c.src, err)}
	}
	defer ds.Close()
	if g, err = c.place(ds); err != nil {
		return g, badSource{err}
	}
	bands := ds.Bands()
	if n := max(c.layer, 1); n > len(bands) {
		return g, badSource{fmt.Errorf("%s has %d bands, not %d", c.src, len(bands), n)}
	}
	if err := c.copyPixels(ctx, bands[max(c.layer, 1)-1], g, plain); err != nil {
		return g, err
	}
	g = c.stored(g)
	raw, err := godal.Open(plain, godal.RasterOnly(), godal.ErrLogger(onlyErrors))
	if err != nil {
		return g, fmt.Errorf("write %s: %w", c.dst, err)
	}
	defer raw.Close()
	resampling := "AVERAGE"
	if c.class {
		resampling = "NEAREST"
	}
	out, err := raw.Translate(part, []string{"-of", "COG", "-co", "COMPRESS=DEFLATE", "-co", "PREDICTOR=2", "-co", "NUM_THREADS=1",
		"-co", "BLOCKSIZE=512", "-co", "BIGTIFF=IF_SAFER", "-co", "RESAMPLING=" + resampling}, godal.ErrLogger(onlyErrors))
	if err != nil {
		return g, fmt.Errorf("write %s: %w", c.dst, err)
	}
	if err := out.Close(); err != nil {
		return g, fmt.Errorf("write %s: %w", c.dst, err)
	}
	return g, os.Rename(part, c.dst)
}

// dropParts removes what a conversion that was killed has left beside dst.
func dropParts(dst string) {
	entries, err := os.ReadDir(filepath.Dir(dst))
	if err != nil {
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), filepath.Base(dst)+".part") {
			os.Remove(filepath.Join(filepath.Dir(dst), e.Name()))
		}
	}
}

// place is the grid the COG gets: the product's, which the file must not
// contradict, or else the file's own.
func (c conversion) place(ds *godal.Dataset) (raster.Grid, error) {
	own, err := gridOf(ds)
	if c.grid.Width == 0 {
		if err == nil && own.EPSG == 0 {
			err = errors.New("it tells no coordinate system")
		}
		if err != nil {
			return own, fmt.Errorf("place %s: %w", c.src, err)
		}
		return own, nil
	}
	if st := ds.Structure(); st.SizeX != c.grid.Width || st.SizeY != c.grid.Height {
		return own, fmt.Errorf("place %s: it has %d × %d pixels but its product says %d × %d", c.src, st.SizeX, st.SizeY, c.grid.Width, c.grid.Height)
	}
	if err == nil && own.EPSG != 0 && own != c.grid {
		return own, fmt.Errorf("place %s: it lies at %+v but its product says %+v", c.src, own, c.grid)
	}
	return c.grid, nil
}

// copyPixels writes the band as an uncompressed file in strips, at most some
// tens of megabytes at once.
func (c conversion) copyPixels(ctx context.Context, band godal.Band, g raster.Grid, path string) (err error) {
	typ := godal.UInt16
	if c.class {
		typ = godal.Byte
	}
	to := c.stored(g)
	out, err := godal.Create(godal.GTiff, path, 1, typ, to.Width, to.Height, godal.CreationOption("BIGTIFF=IF_SAFER"), godal.ErrLogger(onlyErrors))
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if e := out.Close(); e != nil && err == nil {
			err = fmt.Errorf("write %s: %w", path, e)
		}
	}()
	sr, err := godal.NewSpatialRefFromEPSG(to.EPSG)
	if err != nil {
		return badSource{fmt.Errorf("place %s: EPSG:%d: %w", c.src, to.EPSG, err)}
	}
	defer sr.Close()
	if err := errors.Join(out.SetSpatialRef(sr), out.SetGeoTransform([6]float64{to.X0, to.Res, 0, to.Y0, 0, -to.Res}), out.SetNoData(0)); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	rows := max(1024, band.Structure().BlockSizeY) &^ 1
	if band.Structure().BlockSizeY > 4096 { // one block: any number of rows costs the same
		rows = 1024
	}
	dn := make([]uint16, g.Width*min(rows, g.Height))
	t := newScaling(c, band)
	for row := 0; row < g.Height; row += rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		h := min(rows, g.Height-row)
		strip := dn[:g.Width*h]
		if err := t.read(band, row, g.Width, h, strip); err != nil {
			return badSource{fmt.Errorf("read %s, rows %d–%d: %w", c.src, row, row+h-1, err)}
		}
		at, width := row, g.Width
		if c.halve {
			strip, at, width, h = halve(strip, g.Width, h, c.class), row/2, g.Width/2, h/2
		}
		if h == 0 {
			break
		}
		var buf any = strip
		if c.class {
			b := make([]byte, len(strip))
			for i, v := range strip {
				b[i] = byte(min(v, 255))
			}
			buf = b
		}
		if err := out.Bands()[0].Write(0, at, buf, width, h, godal.ErrLogger(onlyErrors)); err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
	}
	return t.plausible()
}

// scaling turns a file's values into DN.
type scaling struct {
	conversion
	noData     float64
	hasNoData  bool
	f          []float64
	valid, odd int // values with data; those above reflectance 2
}

func newScaling(c conversion, band godal.Band) *scaling {
	t := &scaling{conversion: c}
	t.noData, t.hasNoData = band.NoData()
	return t
}

func (t *scaling) read(band godal.Band, row, width, h int, dn []uint16) error {
	if !t.rescale && (!t.hasNoData || t.noData == 0) {
		return band.Read(0, row, dn, width, h, godal.ErrLogger(onlyErrors))
	}
	if len(t.f) < len(dn) {
		t.f = make([]float64, len(dn))
	}
	f := t.f[:len(dn)]
	if err := band.Read(0, row, f, width, h, godal.ErrLogger(onlyErrors)); err != nil {
		return err
	}
	for i, v := range f {
		dn[i] = t.dn(v)
	}
	return nil
}

// dn is the stored value: 0 where there is no data, else at least 1.
func (t *scaling) dn(v float64) uint16 {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0) || t.hasNoData && (v == t.noData || float32(v) == float32(t.noData)):
		return 0
	case !t.rescale:
		return uint16(min(max(math.Round(v), 0), 65535))
	}
	r := v*t.scale + t.offset
	t.valid++
	if r > 2 {
		t.odd++
	}
	return uint16(min(max(math.Round(r*10000)+storedOffset, 1), 65535))
}

// plausible refuses values that are no reflectance by the scale given.
func (t *scaling) plausible() error {
	if t.rescale && t.odd > t.valid/2 {
		return badSource{fmt.Errorf("scale %s: most of its values are above reflectance 2 with scale %g and offset %g: tell the right ones with --scale and --offset (0.0001 and 0 where the file holds reflectance × 10000)", t.src, t.scale, t.offset)}
	}
	return nil
}
