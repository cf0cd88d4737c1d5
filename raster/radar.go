package raster

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// RadarBands are the Sentinel-1 bands that get statistics, in the order of
// their rows.
var RadarBands = []Band{VV, VH}

// Codes of the warnings for radar that is refused: its rows have count 0.
const (
	UngeocodedRadar   = "ungeocoded_radar"   // no pixel grid: GRD in the geometry of the antenna
	UncalibratedRadar = "uncalibrated_radar" // digital numbers, or numbers that cannot be power
	UnalignedRadar    = "unaligned_radar"    // pixels of another size, or between those of the tile
)

// Radar reports whether the scene is radar: VV or VH and no optical band.
func (s Scene) Radar() bool {
	_, vv := s.Assets[VV]
	_, vh := s.Assets[VH]
	return (vv || vh) && !s.optical()
}

// ObserveRadar computes the statistics of every shape in VV and VH, on the
// band's own pixels of 10 or 20 m. It takes what is geocoded and calibrated:
// linear power (gamma0 or sigma0, such as sentinel-1-rtc of Planetary
// Computer), amplitude where the asset's unit says so, and decibels (unit dB);
// value = stored × Scale + Offset.
//
// All numbers come in decibels. The mean is that of the power,
// 10·log10(Σw·p/Σw), because power adds and decibels do not. Min, max and
// quantiles are those of pixels, whose order the logarithm keeps; Std is the
// weighted population deviation of the pixels' decibels around their own mean.
// Power of zero or below is no data. No cloud mask applies.
//
// Refused, each with a named warning and count 0: radar without a pixel grid
// (GRD as it is delivered lies in the antenna's geometry), pixels that do not
// line up, uncalibrated numbers. What cannot be read is a warning and lowers
// the count of the shapes there. Shapes outside the scene get no rows. Of the
// options MinCoverage and Inset apply.
func ObserveRadar(ctx context.Context, r Reader, s Scene, cover *Cover, opt ObserveOptions) (*Result, error) {
	o := &radarObserver{r: r, s: s, cover: cover, opt: opt, res: &Result{}}
	bands := make([]radarBand, len(RadarBands))
	for i, b := range RadarBands {
		bands[i] = o.band(ctx, b)
	}
	for i := range bands {
		if err := o.read(ctx, &bands[i]); err != nil {
			return nil, fmt.Errorf("scene %s: %w", s.ID, err)
		}
	}
	for k, shape := range cover.Shapes {
		seen := slices.IndexFunc(bands, func(b radarBand) bool { return b.touched[k] })
		if seen < 0 {
			continue
		}
		for _, b := range bands {
			row := Observation{ParcelID: shape.ID, Kind: shape.Kind, SceneID: s.ID, Time: s.Time.UTC(), Band: b.name, Stats: b.stats[k], Orbit: s.Orbit}
			if b.grid.Width == 0 { // it has no pixels of its own to count
				row.Total = bands[seen].stats[k].Total
			}
			o.res.radar = append(o.res.radar, row)
		}
	}
	return o.res, nil
}

// radarObserver is one call of ObserveRadar.
type radarObserver struct {
	r     Reader
	s     Scene
	cover *Cover
	opt   ObserveOptions
	res   *Result
}

// radarBand is a band on its way: what is known of it and, by shape, whether
// the band's grid holds any of it and its statistics.
type radarBand struct {
	name    Band
	asset   Asset
	grid    Grid                  // zero Width = the band has no pixels for this tile
	power   func(float64) float64 // nil = its numbers cannot be used
	touched []bool
	stats   []Stats
}

func (o *radarObserver) warn(code string, b Band, format string, args ...any) {
	o.res.Warnings = append(o.res.Warnings, Warning{code, o.s.ID + " " + string(b), fmt.Sprintf(format, args...)})
}

// band finds out whether a band can be used.
func (o *radarObserver) band(ctx context.Context, b Band) radarBand {
	n := len(o.cover.Shapes)
	out := radarBand{name: b, touched: make([]bool, n), stats: make([]Stats, n)}
	for k := range out.stats {
		out.stats[k] = noStats(0)
	}
	a, ok := o.s.Assets[b]
	if !ok {
		o.warn("missing_band", b, "the scene has no such asset")
		return out
	}
	g := a.Grid
	if g.Width == 0 {
		var err error
		if g, err = o.r.Describe(ctx, a); err != nil {
			o.warn(UngeocodedRadar, b, "the item tells no pixel grid and the file gives none (%v): radar must be geocoded first, such as by terrain correction to RTC", err)
			return out
		}
	}
	if why := radarFits(o.cover.Grid10, g); why != "" {
		o.warn(UnalignedRadar, b, "%s: %s", a.Href, why)
		return out
	}
	if a.Scale == 0 {
		a.Scale = 1
	}
	var err error
	if out.power, err = radarPower(a); err != nil {
		o.warn(UncalibratedRadar, b, "%s: %v", a.Href, err)
	}
	out.asset, out.grid = a, g
	return out
}

// radarFits says why a radar grid cannot serve the tile with the 10 m grid
// home, or "": its pixels must be 10 or 20 m and lie whole ones from the corner.
func radarFits(home, g Grid) string {
	if g.Res != 10 && g.Res != 20 {
		return fmt.Sprintf("it has pixels of %g m where 10 or 20 m are expected, and pixels are never resampled", g.Res)
	}
	on := func(d float64) bool { k := d / g.Res; return math.Abs(k-math.Round(k)) < 1e-6 }
	if g.EPSG != home.EPSG && g.EPSG != 0 && home.EPSG != 0 || !on(g.X0-home.X0) || !on(g.Y0-home.Y0) {
		return fmt.Sprintf("its pixels (EPSG:%d, corner %.1f %.1f) do not line up with those of the tile (EPSG:%d, corner %.1f %.1f), and pixels are never resampled",
			g.EPSG, g.X0, g.Y0, home.EPSG, home.X0, home.Y0)
	}
	return ""
}

// read fills the band's statistics; the error is that of the context.
func (o *radarObserver) read(ctx context.Context, b *radarBand) error {
	if b.grid.Width == 0 {
		return ctx.Err()
	}
	var check powerCheck
	var failed error
	for _, p := range radarPatches(o.cover, b.grid) {
		w := p.window.clip(b.grid)
		var px []float32
		if b.power != nil && !w.empty() {
			px = make([]float32, w.Width*w.Height)
			if err := o.r.ReadFloat(ctx, b.asset, w, px); err != nil {
				px, failed = nil, err
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		o.statistics(b, p, w, px, &check)
	}
	if failed != nil {
		o.res.Unreadable = true
		o.warn(UnreadableBand, b.name, "%v", failed)
	}
	if why := check.doubt(b.asset); why != "" {
		o.warn(UncalibratedRadar, b.name, "%s: %s", b.asset.Href, why)
		for k := range b.stats {
			b.stats[k] = noStats(b.stats[k].Total)
		}
	}
	return nil
}

// statistics of the patch's shapes from its pixels px; nil px = none can be
// used.
func (o *radarObserver) statistics(b *radarBand, p radarPatch, w Window, px []float32, check *powerCheck) {
	var smp radarSample
	for _, k := range p.shapes {
		smp.reset()
		counts := o.counts(k, b.grid.Res)
		for _, c := range o.cover.At(k, b.grid.Res).Pixels {
			smp.total += c.Fraction
			col, row := int(c.Col)-p.dc-w.Col, int(c.Row)-p.dr-w.Row
			if col < 0 || row < 0 || col >= w.Width || row >= w.Height {
				continue
			}
			b.touched[k] = true
			if px == nil || !counts(c) {
				continue
			}
			v := float64(px[row*w.Width+col])
			if math.IsNaN(v) || b.asset.NoData != 0 && float32(v) == float32(b.asset.NoData) {
				continue
			}
			check.add(v)
			smp.add(b.power(v*b.asset.Scale+b.asset.Offset), c.Fraction)
		}
		b.stats[k] = smp.stats()
	}
}

// counts tells by MinCoverage and Inset whether a pixel of shape k counts.
func (o *radarObserver) counts(k int, res float64) func(CoveredPixel) bool {
	if o.opt.Inset <= 0 {
		return func(c CoveredPixel) bool { return c.Fraction >= o.opt.MinCoverage }
	}
	on := &o.cover.on10
	if res == 20 {
		on = &o.cover.on20
	}
	shape := on.of(int(o.cover.slot[k]))
	inner := map[[2]int32]bool{}
	for _, r := range erode(nil, &shape, o.opt.Inset) {
		for i := range int32(r.n) {
			inner[[2]int32{int32(r.col) + i, int32(r.row)}] = true
		}
	}
	return func(c CoveredPixel) bool { return inner[[2]int32{c.Col, c.Row}] }
}
