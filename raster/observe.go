package raster

import (
	"context"
	"fmt"
)

// ObserveOptions of Observe. The zero value is the default.
type ObserveOptions struct {
	Ground *Ground
	Mask   MaskOptions
	Layer  Layer    // nil = bands only
	More   []Reader // further readers: each is one more worker

	// MinCoverage leaves out pixels of which less than this fraction lies in the
	// polygon; Inset those fewer than so many pixels from one that is not wholly
	// within (0 = edge pixels count too, 1 = all eight neighbours lie within).
	// Both lower Count and leave Total, which stays exact.
	MinCoverage float64
	Inset       int
}

// Result of Observe: a row for each shape that the scene covers and each of
// OpticalBands (of a radar scene, RadarBands), in this order.
type Result struct {
	Layers     []Observation // Band is the layer's name; statistics on the 20 m grid
	Warnings   []Warning
	Unreadable bool // some blocks could not be read: their pixels are missing in Count

	scene  Scene
	cover  *Cover
	shapes []int32 // that have rows
	rowOf  []int32 // of each slot of the cover: its first row, −1 = none
	rows   []row   // by slot and band
	radar  []Observation
}

// row is what is kept of one shape in one band, in raw values.
type row struct {
	count, mean   float64
	std, doubtful float32 // doubtful: share of count
	inside        uint32
	min, max      uint16
	quantile      [3]uint16
}

// Len is the number of rows.
func (r *Result) Len() int { return len(r.rows) + len(r.radar) }

// Rows are all rows.
func (r *Result) Rows() []Observation {
	out := make([]Observation, r.Len())
	for i := range out {
		out[i] = r.Row(i)
	}
	return out
}

// Row is row i.
func (r *Result) Row(i int) Observation {
	if r.radar != nil {
		return r.radar[i]
	}
	k := int(r.shapes[i/len(OpticalBands)])
	b := OpticalBands[i%len(OpticalBands)]
	on := &r.cover.on20
	if b.tenMetres() {
		on = &r.cover.on10
	}
	o := Observation{ParcelID: r.cover.Shapes[k].ID, Kind: r.cover.Shapes[k].Kind, SceneID: r.scene.ID, Time: r.scene.Time.UTC(), Band: b}
	slot := int(r.cover.slot[k])
	row := &r.rows[int(r.rowOf[slot])+i%len(OpticalBands)]
	o.Stats = row.stats(r.scene.Settled.DN0)
	o.Total, o.Doubtful = on.total(slot), float64(row.doubtful)
	return o
}

// stats are the statistics as reflectance.
func (r *row) stats(dn0 float64) Stats {
	if r.count == 0 {
		return noStats(0)
	}
	to := func(dn float64) float64 { return (dn + dn0) / 10000 }
	return Stats{Count: r.count, Inside: float64(r.inside), Mean: to(r.mean), Std: float64(r.std) / 10000, Min: to(float64(r.min)), Max: to(float64(r.max)),
		P25: to(float64(r.quantile[0])), Median: to(float64(r.quantile[1])), P75: to(float64(r.quantile[2]))}
}

// Observe computes the statistics of every shape in every optical band of the
// scene, on the band's own pixel grid. Each block of a band that a shape touches
// is read once. A block that cannot be read becomes a warning and lowers Count,
// never a wrong number. Shapes outside the scene get no rows. A radar scene goes
// to ObserveRadar.
func Observe(ctx context.Context, r Reader, s Scene, cover *Cover, opt ObserveOptions) (*Result, error) {
	if s.Radar() {
		return ObserveRadar(ctx, r, s, cover, opt)
	}
	o := &observer{readers: append([]Reader{r}, opt.More...), s: s, cover: cover, opt: opt, res: &Result{scene: s, cover: cover}}
	o.findRows()
	if err := o.readMask(ctx); err != nil {
		return nil, err
	}
	o.res.rows = make([]row, o.rows) // after the mask, which takes most while it is made
	if opt.Layer != nil {
		o.layerPixels()
	}
	if err := o.readBands(ctx); err != nil {
		return nil, err
	}
	if opt.Layer != nil {
		if err := o.layer(ctx); err != nil {
			return nil, fmt.Errorf("scene %s: %w", s.ID, err)
		}
	}
	return o.res, nil
}

// observer is one call of Observe.
type observer struct {
	readers []Reader
	s       Scene
	cover   *Cover
	opt     ObserveOptions
	res     *Result
	rows    int // of res

	mask   *mask // of the 20 m window
	pixels *layerPixels
}

func (o *observer) warn(code, subject, detail string) {
	o.res.Warnings = append(o.res.Warnings, Warning{code, o.s.ID + subject, detail})
}

func (o *observer) unreadable(b Band, code, detail string) {
	o.res.Unreadable = true
	o.warn(code, " "+string(b), detail)
}

// findRows gives rows to the shapes that the scene's own grid holds any pixel of.
func (o *observer) findRows() {
	scene := Window{0, 0, o.cover.Grid10.Width, o.cover.Grid10.Height}
	for _, b := range OpticalBands {
		if g := o.s.Assets[b].Grid; b.tenMetres() && g.Width > 0 {
			dc, dr := offset(g, o.cover.Grid10)
			scene = Window{dc, dr, g.Width, g.Height}
			break
		}
	}
	n := o.cover.on10.len()
	o.res.rowOf = make([]int32, n)
	rows := int32(0)
	for slot := range n {
		o.res.rowOf[slot] = -1
		if !o.cover.on10.box(slot).window().intersect(scene).empty() {
			o.res.rowOf[slot] = rows
			rows += int32(len(OpticalBands))
		}
	}
	o.res.shapes = make([]int32, 0, int(rows)/len(OpticalBands))
	for k, slot := range o.cover.slot {
		if o.res.rowOf[slot] >= 0 {
			o.res.shapes = append(o.res.shapes, int32(k))
		}
	}
	o.rows = int(rows)
}

// tenMetres reports whether the band's native grid has 10 m pixels.
func (b Band) tenMetres() bool { return b == B02 || b == B03 || b == B04 || b == B08 }

func (o *observer) reflectance(dn uint16) float64 { return (float64(dn) + o.s.Settled.DN0) / 10000 }

// readMask builds the mask from SCL, looking past the window's edge so that a
// shape's mask does not depend on its neighbours. Where SCL cannot be read
// nothing is usable: cloud would pass for land.
func (o *observer) readMask(ctx context.Context) error {
	o.mask = newMask(o.cover.on20.window)
	if o.mask.win.empty() {
		return nil
	}
	a, ok := o.s.Assets[SCL]
	if !ok {
		o.warn("no_scene_classification", "", "the scene has no SCL band, so cloud cannot be told: none of its pixels is used")
		return ctx.Err()
	}
	margin := o.opt.Mask.margin()
	view := &sky{win: o.mask.win.pad(margin)}
	view.scl = make([]uint8, view.win.Width*view.win.Height)
	squares := o.cover.on20.touched(groundSquare, margin)
	faults := newFaults(len(squares))
	bufs := make([][]uint16, len(o.readers))
	err := each(ctx, len(o.readers), len(squares), func(worker, i int) error {
		w := squares[i].intersect(view.win)
		if bufs[worker] == nil {
			bufs[worker] = make([]uint16, groundSquare*groundSquare)
		}
		dn := bufs[worker][:w.Width*w.Height]
		if err := readAligned(ctx, o.readers[worker], a, o.cover.Grid20, w, dn); err != nil {
			faults.add(i, w, err)
			return ctx.Err()
		}
		for r := range w.Height {
			line := view.row(w.Row + r)[w.Col-view.win.Col:][:w.Width]
			for c, v := range dn[r*w.Width : (r+1)*w.Width] {
				line[c] = uint8(min(v, 255))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	faults.report(o, SCL)
	const rows = 128
	return each(ctx, len(o.readers), (o.mask.win.Height+rows-1)/rows, func(_, i int) error {
		o.mask.rows(i*rows, min((i+1)*rows, o.mask.win.Height), view, o.opt.Ground, o.opt.Mask)
		return nil
	})
}
