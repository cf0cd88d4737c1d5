package raster

import (
	"context"
	"math"
)

// layer runs the layer's function once over all usable 20 m pixels of the
// shapes and adds its statistics per shape.
func (o *observer) layer(ctx context.Context) error {
	for _, ok := range o.have {
		if !ok {
			return nil // growth needs every band; the band's own warning says so
		}
	}
	w := o.cover.window20
	index := make([]int32, w.Width*w.Height) // pixel → 1 + place in the block
	block := &PixelBlock{Scene: o.s}
	for k := range o.cover.Shapes {
		for _, p := range o.cover.Cov20[k].Pixels {
			i := (int(p.Row)-w.Row)*w.Width + int(p.Col) - w.Col
			if index[i] == 0 && o.mask[i].ok() && o.push(block, i) {
				block.N++
				index[i] = int32(block.N)
			}
		}
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
	var smp sample
	for k, shape := range o.cover.Shapes {
		if !o.touches(k) {
			continue
		}
		for n, name := range names {
			smp.reset()
			for _, p := range o.cover.Cov20[k].Pixels {
				smp.total += p.Fraction
				at := index[(int(p.Row)-w.Row)*w.Width+int(p.Col)-w.Col]
				if at == 0 {
					continue
				}
				if v := float64(out[n][at-1]); !math.IsNaN(v) {
					smp.px = append(smp.px, weighted{v, p.Fraction})
					if p.Fraction >= 1-insideTolerance {
						smp.inside++
					}
				}
			}
			o.res.Layers = append(o.res.Layers, Observation{ParcelID: shape.ID, Kind: shape.Kind, SceneID: o.s.ID, Time: o.s.Time.UTC(), Band: Band(name), Stats: smp.stats()})
		}
	}
	return nil
}

// push appends pixel i of the 20 m window to the block; false where any band
// has no data.
func (o *observer) push(block *PixelBlock, i int) bool {
	w20, w10 := o.cover.window20, o.cover.window10
	col, row := i%w20.Width+w20.Col, i/w20.Width+w20.Row
	var v [10]float32
	for b, band := range OpticalBands {
		if !band.tenMetres() {
			dn := o.dn[b][i]
			if dn == 0 {
				return false
			}
			v[b] = float32(o.reflectance(dn))
			continue
		}
		var sum float64
		for _, d := range [4][2]int{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
			c, r := 2*col+d[0]-w10.Col, 2*row+d[1]-w10.Row
			if c < 0 || r < 0 || c >= w10.Width || r >= w10.Height {
				return false
			}
			dn := o.dn[b][r*w10.Width+c]
			if dn == 0 {
				return false
			}
			sum += o.reflectance(dn)
		}
		v[b] = float32(sum / 4)
	}
	for b := range v {
		block.Bands[b] = append(block.Bands[b], v[b])
	}
	return true
}
