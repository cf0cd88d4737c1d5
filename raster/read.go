package raster

import (
	"context"
	"fmt"
	"math"
)

// readAligned reads window w of the base grid into dst. The asset may be of
// another tile whose pixels line up, or cover less than the window: what it
// does not cover stays 0 (no data). An asset of another resolution or with
// pixels that do not line up is refused: pixels are never resampled.
func readAligned(ctx context.Context, r Reader, a Asset, base Grid, w Window, dst []uint16) error {
	clear(dst)
	if w.empty() {
		return nil
	}
	g := a.Grid
	if g.Width == 0 {
		var err error
		if g, err = r.Describe(ctx, a); err != nil {
			return err
		}
	}
	if err := fits(a, g, base); err != nil {
		return err
	}
	dc, dr := offset(g, base)
	own := Window{w.Col - dc, w.Row - dr, w.Width, w.Height}
	part := own.clip(g)
	if part.empty() {
		return nil
	}
	if part == own {
		return r.Read(ctx, a, part, dst)
	}
	buf := make([]uint16, part.Width*part.Height)
	if err := r.Read(ctx, a, part, buf); err != nil {
		return err
	}
	for row := range part.Height {
		o := (part.Row-own.Row+row)*w.Width + part.Col - own.Col
		copy(dst[o:o+part.Width], buf[row*part.Width:(row+1)*part.Width])
	}
	return nil
}

// fits reports why the pixels of an asset do not lie on a grid.
func fits(a Asset, g, base Grid) error {
	if g.Res != base.Res {
		return fmt.Errorf("%s has pixels of %g m where %g m are expected", a.Href, g.Res, base.Res)
	}
	if !aligned(g, base) {
		return fmt.Errorf("%s: its pixels (EPSG:%d, corner %.1f %.1f) do not line up with the cell's (EPSG:%d, corner %.1f %.1f)",
			a.Href, g.EPSG, g.X0, g.Y0, base.EPSG, base.X0, base.Y0)
	}
	return nil
}

// offset is where the corner of g lies on the base grid, in pixels.
func offset(g, base Grid) (col, row int) {
	return int(math.Round((g.X0 - base.X0) / base.Res)), int(math.Round((base.Y0 - g.Y0) / base.Res))
}

// aligned reports whether the corners of two grids lie whole 20 m apart in one
// CRS.
func aligned(a, b Grid) bool {
	on := func(d float64) bool { k := d / 20; return math.Abs(k-math.Round(k)) < 1e-6 }
	return (a.EPSG == b.EPSG || a.EPSG == 0 || b.EPSG == 0) && on(a.X0-b.X0) && on(a.Y0-b.Y0)
}
