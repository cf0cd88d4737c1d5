package raster

import (
	"context"
	"fmt"
	"math"
)

// ObserveOptions of Observe. The zero value is the default.
type ObserveOptions struct {
	Ground *Ground
	Mask   MaskOptions
	Layer  Layer    // nil = bands only
	More   []Reader // further readers: each is one more worker
}

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

// Result of Observe.
type Result struct {
	Observations []Observation // shapes in the order given × OpticalBands
	Layers       []Observation // Band is the layer's name; statistics on the 20 m grid
	Warnings     []Warning
	Unreadable   bool // some band could not be read: its counts are 0
}

// Len is the number of rows: shapes in the order given × bands.
func (r *Result) Len() int { return len(r.Observations) }

// Row is row i.
func (r *Result) Row(i int) Observation { return r.Observations[i] }

// Observe computes the statistics of every shape in every optical band of the
// scene, on the band's own pixel grid. A band that cannot be read becomes a
// warning and count 0, never a wrong number. Shapes outside the scene get no
// rows.
func Observe(ctx context.Context, r Reader, s Scene, cover *Cover, opt ObserveOptions) (*Result, error) {
	o := &observer{r: r, s: s, cover: cover, opt: opt, res: &Result{}}
	if err := o.readMask(ctx); err != nil {
		return nil, err
	}
	o.readBands(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	o.statistics()
	if opt.Layer != nil {
		if err := o.layer(ctx); err != nil {
			return nil, fmt.Errorf("scene %s: %w", s.ID, err)
		}
	}
	return o.res, nil
}

// observer is one call of Observe.
type observer struct {
	r     Reader
	s     Scene
	cover *Cover
	opt   ObserveOptions
	res   *Result

	mask []MaskClass // of the 20 m window
	dn   [10][]uint16
	have [10]bool // the band was read
}

func (o *observer) unreadable(b Band, err error) {
	o.res.Unreadable = true
	o.res.Warnings = append(o.res.Warnings, Warning{UnreadableBand, o.s.ID + " " + string(b), err.Error()})
}

// readMask builds the mask from SCL, looking past the window's edge so that a
// shape's mask does not depend on its neighbours. Without a readable SCL
// nothing is usable: cloud would pass for land.
func (o *observer) readMask(ctx context.Context) error {
	in, m := o.cover.window20, o.opt.Mask.maskMargin()
	w := Window{in.Col - m, in.Row - m, in.Width + 2*m, in.Height + 2*m}
	if in.empty() {
		return nil
	}
	scl := make([]uint16, w.Width*w.Height)
	a, ok := o.s.Assets[SCL]
	if !ok {
		o.res.Warnings = append(o.res.Warnings, Warning{"no_scene_classification", o.s.ID, "the scene has no SCL band, so cloud cannot be told: none of its pixels is used"})
	} else if err := readAligned(ctx, o.r, a, o.cover.Grid20, w, scl); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		clear(scl)
		o.unreadable(SCL, err)
	}
	mask := BuildMask(scl, w, o.opt.Ground, o.opt.Mask)
	o.mask = make([]MaskClass, in.Width*in.Height)
	for row := range in.Height {
		at := (row+m)*w.Width + m
		copy(o.mask[row*in.Width:(row+1)*in.Width], mask[at:at+in.Width])
	}
	return nil
}

func (o *observer) readBands(ctx context.Context) {
	for i, b := range OpticalBands {
		a, ok := o.s.Assets[b]
		if !ok {
			o.res.Warnings = append(o.res.Warnings, Warning{"missing_band", o.s.ID + " " + string(b), "the scene has no such asset"})
			continue
		}
		w, grid := o.cover.window20, o.cover.Grid20
		if b.tenMetres() {
			w, grid = o.cover.window10, o.cover.Grid10
		}
		dn := make([]uint16, w.Width*w.Height)
		if err := readAligned(ctx, o.r, a, grid, w, dn); err != nil {
			if ctx.Err() != nil {
				return
			}
			o.unreadable(b, err)
			continue
		}
		o.dn[i], o.have[i] = dn, true
	}
}

// tenMetres reports whether the band's native grid has 10 m pixels.
func (b Band) tenMetres() bool { return b == B02 || b == B03 || b == B04 || b == B08 }

func (o *observer) reflectance(dn uint16) float64 { return (float64(dn) + o.s.Settled.DN0) / 10000 }

func (o *observer) statistics() {
	var smp sample
	for k, shape := range o.cover.Shapes {
		if !o.touches(k) {
			continue
		}
		for i, b := range OpticalBands {
			smp.reset()
			cov, w := &o.cover.Cov20[k], o.cover.window20
			if b.tenMetres() {
				cov, w = &o.cover.Cov10[k], o.cover.window10
			}
			doubtful := o.gather(&smp, cov, w, i, b.tenMetres())
			row := Observation{ParcelID: shape.ID, Kind: shape.Kind, SceneID: o.s.ID, Time: o.s.Time.UTC(), Band: b, Stats: smp.stats()}
			if row.Count > 0 {
				row.Doubtful = doubtful / row.Count
			}
			o.res.Observations = append(o.res.Observations, row)
		}
	}
}

// touches reports whether the scene's own grid holds any pixel of shape k.
func (o *observer) touches(k int) bool {
	w := o.cover.Cov10[k].Window
	for _, b := range OpticalBands {
		if g := o.s.Assets[b].Grid; b.tenMetres() && g.Width > 0 {
			base := o.cover.Grid10
			dc, dr := int(math.Round((g.X0-base.X0)/10)), int(math.Round((base.Y0-g.Y0)/10))
			return !w.empty() && !Window{w.Col - dc, w.Row - dr, w.Width, w.Height}.clip(g).empty()
		}
	}
	return !w.empty()
}

// gather collects the usable pixels of one coverage and returns their doubtful
// weight.
func (o *observer) gather(smp *sample, cov *Coverage, w Window, band int, ten bool) (doubtful float64) {
	dn := o.dn[band]
	w20 := o.cover.window20
	for _, p := range cov.Pixels {
		smp.total += p.Fraction
		if !o.have[band] {
			continue
		}
		col, row := int(p.Col), int(p.Row)
		v := dn[(row-w.Row)*w.Width+col-w.Col]
		if ten {
			col, row = col/2, row/2
		}
		m := o.mask[(row-w20.Row)*w20.Width+col-w20.Col]
		if v == 0 || !m.ok() {
			continue
		}
		if m == Doubtful {
			doubtful += p.Fraction
		}
		if p.Fraction >= 1-insideTolerance {
			smp.inside++
		}
		smp.px = append(smp.px, weighted{o.reflectance(v), p.Fraction})
	}
	return doubtful
}
