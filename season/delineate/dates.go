package delineate

import (
	"context"

	"github.com/parus-lending/parus/parcels/outline"
	"github.com/parus-lending/parus/raster"
)

// date is a scene as it is looked at: its bands and their noise.
type date struct {
	scene raster.Scene
	bands []raster.Band
	noise [4]float32
}

// dates are the images of one window.
type dates struct {
	r    *run
	from raster.Reader
	grid raster.Grid
	win  raster.Window
	list []date
	buf  raster.Clear
}

func (d *dates) Size() (int, int)       { return d.win.Width, d.win.Height }
func (d *dates) Len() int               { return len(d.list) }
func (d *dates) Noise(i int) [4]float32 { return d.list[i].noise }

func (d *dates) Image(ctx context.Context, i int) (img [4][]float32, err error) {
	x := d.list[i]
	if err := raster.ReadClear(ctx, d.from, x.scene, d.grid, d.win, x.bands, d.r.opt.Mask, &d.buf); err != nil {
		return img, err
	}
	k := 0
	for b, band := range outline.Bands {
		if k < len(x.bands) && x.bands[k] == band {
			img[b] = d.buf.Bands[k]
			k++
		}
	}
	return img, nil
}

// Samples of a tile: windows on a lattice, for the noise of a scene.
const (
	samplesOnSide = 3
	sampleSide    = 256
	leastClear    = 0.02 // share of the samples; a scene with less is left out
)

// sampled are the scenes of a tile that show enough of it, with their noise.
func (r *run) sampled(ctx context.Context, t *tile, scenes []raster.Scene) error {
	windows := samples(t.area)
	r.opt.Progress.Stage("noise "+t.name, len(scenes))
	found := make([]*date, len(scenes))
	failed := make([]error, len(scenes))
	err := parallel(ctx, r.readers, len(scenes), func(ctx context.Context, reader raster.Reader, i int) error {
		defer r.step()
		d := &date{scene: scenes[i], bands: bandsOf(scenes[i])}
		var images [][4][]float32
		var width, height []int
		clear, all := 0, 0
		for _, w := range windows {
			one := &dates{r: r, from: reader, grid: t.grid, win: w, list: []date{*d}}
			img, err := one.Image(ctx, 0)
			if err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				failed[i] = err
				return nil
			}
			images, width, height = append(images, img), append(width, w.Width), append(height, w.Height)
			clear += one.buf.Pixels
			all += w.Width * w.Height
		}
		if float64(clear) >= leastClear*float64(all) {
			d.noise = outline.NoiseOf(images, width, height)
			found[i] = d
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, d := range found {
		switch {
		case failed[i] != nil:
			r.warn(raster.Warning{Code: raster.UnreadableBand, Subject: scenes[i].ID, Detail: failed[i].Error()})
		case d != nil:
			t.dates = append(t.dates, *d)
		}
	}
	return nil
}

// samples are windows spread over an area.
func samples(area raster.Window) []raster.Window {
	var out []raster.Window
	for i := range samplesOnSide {
		for j := range samplesOnSide {
			w := raster.Window{Col: area.Col + j*area.Width/samplesOnSide, Row: area.Row + i*area.Height/samplesOnSide}
			w.Width = area.Col + (j+1)*area.Width/samplesOnSide - w.Col
			w.Height = area.Row + (i+1)*area.Height/samplesOnSide - w.Row
			if over := w.Width - sampleSide; over > 0 {
				w.Col, w.Width = w.Col+over/2, sampleSide
			}
			if over := w.Height - sampleSide; over > 0 {
				w.Row, w.Height = w.Row+over/2, sampleSide
			}
			if w.Width > 0 && w.Height > 0 {
				out = append(out, w)
			}
		}
	}
	return out
}
