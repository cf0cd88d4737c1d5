package raster

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"
)

// drawnBand is one band of a scene under a canvas: the window of the level that was
// read and, for each pixel of the canvas, where in it that pixel is (−1
// outside, or already painted).
type drawnBand struct {
	values []uint16
	at     []int32
	noData uint16
}

// footing is where the canvas' pixels lie in a level. Bands of one size share it.
type footing struct {
	grid   Grid
	level  Level
	window Window
	at     []int32
}

// paintScene paints what is still clear with the pixels of a scene.
func (r *Renderer) paintScene(ctx context.Context, c *canvas, s Scene, p *paint, opt TileOptions) error {
	bands, scl := p.bands, -1
	if _, known := s.Assets[SCL]; opt.HideCloud && !opt.HatchMasked || opt.HatchMasked && known {
		if scl = slices.Index(bands, SCL); scl < 0 {
			scl, bands = len(bands), append(slices.Clip(bands), SCL)
		}
	}
	planes, err := r.planes(ctx, c, s, bands)
	if err != nil || planes == nil {
		return err
	}
	var cloud *drawnBand
	if scl >= 0 {
		cloud = &planes[scl]
	}
	planes = planes[:len(p.bands)]
	if opt.HatchMasked && cloud != nil {
		return p.hatched(ctx, c, s, planes, cloud)
	}
	return p.color(ctx, c, s, planes, c.seen(planes, cloud))
}

// planes reads the bands under the canvas; nil where the scene has none there.
func (r *Renderer) planes(ctx context.Context, c *canvas, s Scene, bands []Band) ([]drawnBand, error) {
	var w *warp
	var feet []footing
	out := make([]drawnBand, len(bands))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(r.blocks.readers)
	for k, band := range bands {
		a, ok := s.Assets[band]
		if !ok {
			return nil, errors.Join(g.Wait(), fmt.Errorf("it has no band %s, which this picture needs", band))
		}
		pyr, err := r.blocks.pyramid(ctx, a)
		if err != nil {
			return nil, errors.Join(g.Wait(), err)
		}
		if pyr.grid.EPSG == 0 {
			pyr.grid.EPSG = s.EPSG
		}
		if w == nil || w.epsg != pyr.grid.EPSG {
			if w, err = newWarp(c.f, pyr.grid.EPSG); err != nil {
				return nil, errors.Join(g.Wait(), err)
			}
		}
		level := pyr.best(w.metres)
		f := find(feet, pyr, level)
		if f == nil {
			feet = append(feet, w.footing(pyr, level, c, c.index(len(feet))))
			f = &feet[len(feet)-1]
		}
		if f.window.empty() {
			return nil, g.Wait()
		}
		out[k] = drawnBand{values: c.window(k, f.window.Width*f.window.Height), at: f.at, noData: noDataOf(a)}
		r.fetch(gctx, g, a, level, f.level, f.window, out[k].values)
	}
	return out, g.Wait()
}

func noDataOf(a Asset) uint16 {
	if a.NoData > 0 && a.NoData <= math.MaxUint16 {
		return uint16(a.NoData)
	}
	return 0
}

func find(feet []footing, p pyramid, level int) *footing {
	for i := range feet {
		if feet[i].grid == p.grid && feet[i].level == p.levels[level] {
			return &feet[i]
		}
	}
	return nil
}

// best is the level whose pixels are nearest in size to those of the picture.
func (p pyramid) best(metres float64) int {
	level, off := 0, math.Inf(1)
	for k, l := range p.levels {
		size := p.grid.Res * float64(p.grid.Width) / float64(l.Width)
		if d := math.Abs(math.Log(size / metres)); d < off {
			level, off = k, d
		}
	}
	return level
}

// footing finds for each pixel of the canvas that is still clear its pixel of a
// level, and the smallest window that holds them. at is filled with places in
// that window.
func (w *warp) footing(p pyramid, level int, c *canvas, at []int32) footing {
	l, g := p.levels[level], p.grid
	kx := float64(l.Width) / (float64(g.Width) * g.Res)
	ky := float64(l.Height) / (float64(g.Height) * g.Res)
	xs, ys, rows := c.lines()
	lowX, lowY, highX, highY := l.Width, l.Height, -1, -1
	for j := range c.f.Height {
		w.row(j, xs, ys)
		o := j * c.f.Width
		for i, x := range xs {
			at[o+i] = -1
			if c.done[o+i] {
				continue
			}
			fx, fy := (x-g.X0)*kx, (g.Y0-ys[i])*ky
			if !(fx >= 0 && fy >= 0 && fx < float64(l.Width) && fy < float64(l.Height)) { // also where NaN
				continue
			}
			col, row := int(fx), int(fy)
			at[o+i], rows[o+i] = int32(col), int32(row)
			lowX, highX = min(lowX, col), max(highX, col)
			lowY, highY = min(lowY, row), max(highY, row)
		}
	}
	win := Window{Col: lowX, Row: lowY, Width: highX - lowX + 1, Height: highY - lowY + 1}
	if win.empty() {
		return footing{grid: g, level: l}
	}
	for i, v := range at {
		if v >= 0 {
			at[i] = (rows[i]-int32(lowY))*int32(win.Width) + v - int32(lowX)
		}
	}
	return footing{grid: g, level: l, window: win, at: at}
}

// fetch starts filling dst with a window of a level from its blocks.
func (r *Renderer) fetch(ctx context.Context, g *errgroup.Group, a Asset, level int, l Level, w Window, dst []uint16) {
	file := keyOf(a)
	for row := w.Row / l.BlockHeight; row*l.BlockHeight < w.Row+w.Height; row++ {
		for col := w.Col / l.BlockWidth; col*l.BlockWidth < w.Col+w.Width; col++ {
			key := blockKey{file, level, col, row}
			g.Go(func() error {
				values, err := r.blocks.block(ctx, a, l, key)
				if err != nil {
					return err
				}
				x0, y0 := col*l.BlockWidth, row*l.BlockHeight
				bw := min(l.BlockWidth, l.Width-x0)
				left, right := max(x0, w.Col), min(x0+bw, w.Col+w.Width)
				for y := max(y0, w.Row); y < min(y0+len(values)/bw, w.Row+w.Height); y++ {
					from := values[(y-y0)*bw+left-x0:][:right-left]
					copy(dst[(y-w.Row)*w.Width+left-w.Col:], from)
				}
				return nil
			})
		}
	}
}

// seen lists the pixels of the canvas that are clear and have data in every
// band, and no cloud where scl is given.
func (c *canvas) seen(planes []drawnBand, scl *drawnBand) []int32 {
	px := c.pixels[:0]
next:
	for i := range c.done {
		for k := range planes {
			at := planes[k].at[i]
			if at < 0 || planes[k].values[at] == planes[k].noData {
				continue next
			}
		}
		if scl != nil {
			at := scl.at[i]
			if at < 0 {
				continue
			}
			if v := scl.values[at]; int(v) < len(sclClass) && (sclClass[v] == Cloud || sclClass[v] == Shadow) {
				continue
			}
		}
		px = append(px, int32(i))
	}
	c.pixels = px
	return px
}
