package raster

import (
	"context"
	"math"
)

// Layer is computed per pixel on the 20 m grid by a function handed in, such
// as leaf area by a growth network.
type Layer interface {
	Names() []string
	// Eval fills out[name][pixel]; NaN = not valid.
	Eval(ctx context.Context, px *PixelBlock, out [][]float32) error
}

// PixelBlock is the usable pixels of the 20 m grid that lie in any shape. 10 m
// bands are averaged 2 × 2; reflectance 0–1 after the settled offset.
type PixelBlock struct {
	N     int
	Bands [10][]float32 // in the order of OpticalBands
	Scene Scene
}

// layerPixels collects the pixels of a PixelBlock while blocks of bands come
// by. NaN marks what has no data.
type layerPixels struct {
	index []int32 // pixel of the 20 m window → 1 + place
	bands [10][]float32
}

// layerPixels numbers the usable 20 m pixels of all shapes.
func (o *observer) layerPixels() {
	w := o.cover.on20.window
	p := &layerPixels{index: make([]int32, w.Width*w.Height)}
	n := int32(0)
	o.eachPixel(func(_ int, at int, _ float64) {
		if p.index[at] == 0 && o.mask.ok.at(at%w.Width, at/w.Width) {
			n++
			p.index[at] = n
		}
	})
	for b := range p.bands {
		p.bands[b] = make([]float32, n)
		for i := range p.bands[b] {
			p.bands[b][i] = float32(math.NaN())
		}
	}
	o.pixels = p
}

// eachPixel goes over the 20 m pixels of every shape that has rows; at is the
// place in the window.
func (o *observer) eachPixel(f func(k, at int, fraction float64)) {
	w := o.cover.on20.window
	for k, slot := range o.cover.slot {
		if o.res.rowOf[slot] < 0 {
			continue
		}
		c := o.cover.on20.of(int(slot))
		corner := -w.Row*w.Width - w.Col
		for _, r := range c.runs {
			for i := range int(r.n) {
				f(k, corner+int(r.row)*w.Width+int(r.col)+i, 1)
			}
		}
		for i, e := range c.edges {
			f(k, corner+int(e.row)*w.Width+int(e.col), c.frac[i])
		}
	}
}

// layerBlock takes the pixels of a block.
func (w *bandWorker) layerBlock(g *bandGroup, win Window) {
	p, all := w.o.pixels, w.o.cover.on20.window
	k := 1 // pixels of the band on a side of one of 20 m
	if g.res == 10 {
		k = 2
	}
	part := Window{win.Col / k, win.Row / k, win.Width / k, win.Height / k}.intersect(all)
	for row := part.Row; row < part.Row+part.Height; row++ {
		line := p.index[(row-all.Row)*all.Width:]
		for col := part.Col; col < part.Col+part.Width; col++ {
			at := line[col-all.Col] - 1
			if at < 0 {
				continue
			}
			o := (row*k-win.Row)*win.Width + col*k - win.Col
			for i, band := range g.bands {
				if !w.have[i] {
					continue
				}
				dn := w.dn[i]
				if k == 1 {
					if dn[o] != 0 {
						p.bands[band][at] = float32(w.o.reflectance(dn[o]))
					}
					continue
				}
				a, b, c, d := dn[o], dn[o+1], dn[o+win.Width], dn[o+win.Width+1]
				if a != 0 && b != 0 && c != 0 && d != 0 {
					p.bands[band][at] = float32((w.o.reflectance(a) + w.o.reflectance(b) + w.o.reflectance(c) + w.o.reflectance(d)) / 4)
				}
			}
		}
	}
}

// layer runs the layer's function once over all usable 20 m pixels of the
// shapes that have data in every band, and adds its statistics per shape.
func (o *observer) layer(ctx context.Context) error {
	p := o.pixels
	block := &PixelBlock{Scene: o.s}
	place := make([]int32, len(p.bands[0])) // 1 + place among those with data
	for i := range place {
		whole := true
		for b := range p.bands {
			whole = whole && p.bands[b][i] == p.bands[b][i] // not NaN
		}
		if !whole {
			continue
		}
		for b := range p.bands {
			p.bands[b][block.N] = p.bands[b][i]
		}
		block.N++
		place[i] = int32(block.N)
	}
	for b := range p.bands {
		block.Bands[b] = p.bands[b][:block.N]
	}
	names := o.opt.Layer.Names()
	out := make([][]float32, len(names))
	for i := range out {
		out[i] = make([]float32, block.N)
	}
	if block.N > 0 {
		if err := o.opt.Layer.Eval(ctx, block, out); err != nil {
			return err
		}
	}
	samples := make([]sample, len(names))
	last := -1
	flush := func() {
		if last < 0 {
			return
		}
		shape := o.cover.Shapes[last]
		for n, name := range names {
			o.res.Layers = append(o.res.Layers, Observation{ParcelID: shape.ID, Kind: shape.Kind, SceneID: o.s.ID, Time: o.s.Time.UTC(), Band: Band(name), Stats: samples[n].stats()})
			samples[n].reset()
		}
	}
	o.eachPixel(func(k, at int, fraction float64) {
		if k != last {
			flush()
			last = k
		}
		i := p.index[at]
		if i > 0 {
			i = place[i-1]
		}
		for n := range names {
			samples[n].total += fraction
			if i == 0 {
				continue
			}
			if v := float64(out[n][i-1]); !math.IsNaN(v) {
				samples[n].px = append(samples[n].px, weighted{v, fraction})
				if fraction >= 1-insideTolerance {
					samples[n].inside++
				}
			}
		}
	})
	flush()
	return nil
}
