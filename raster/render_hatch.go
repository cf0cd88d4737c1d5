package raster

import (
	"context"
	"slices"
)

// MaskedColor is the colour of the hatches of TileOptions.HatchMasked.
var MaskedColor = RGB{0x7c, 0x82, 0x8e}

// Hatches are two pixels in eight, along the diagonal; eight divides the sides
// of tiles, so that they go on in the next one.
const (
	hatchStep  = 8
	hatchWidth = 2
)

// planFor is the style made ready, with a place for the hatches where wanted.
func (s Style) planFor(opt TileOptions) (*paint, error) {
	p, err := s.plan()
	if err != nil || !opt.HatchMasked || p.palette == nil {
		return p, err
	}
	switch {
	case len(p.palette) <= rampSteps:
		p.palette = append(p.palette, MaskedColor)
	case p.entry == nil:
		p.palette, p.top = slices.Clone(p.palette), rampSteps-1
		p.palette[rampSteps] = MaskedColor
	default:
		return p, nil // 255 classes leave no place
	}
	p.hatch = uint8(len(p.palette) - 1)
	return p, nil
}

// hatched paints a scene and the hatches over what is masked in it. A composite
// is painted beneath them.
func (p *paint) hatched(ctx context.Context, c *canvas, s Scene, planes []drawnBand, scl *drawnBand) error {
	all := c.seen(planes, nil)
	var masked []int32
	shown := all[:0]
	for _, i := range all {
		if at := scl.at[i]; at >= 0 && hides(scl.values[at]) {
			masked = append(masked, i)
			if p.palette != nil {
				continue
			}
		}
		shown = append(shown, i)
	}
	if err := p.color(ctx, c, s, planes, shown); err != nil {
		return err
	}
	for _, i := range masked {
		on := (int(i)%c.f.Width+int(i)/c.f.Width)%hatchStep < hatchWidth
		switch {
		case p.palette == nil && on:
			copy(c.rgba[4*i:], MaskedColor[:])
		case p.palette != nil && on && p.hatch > 0:
			c.set(i, p.hatch)
		}
	}
	return nil
}

// hides tells whether a class of SCL is none that statistics take: cloud,
// shadow, snow or a fault. (Statistics also leave a margin around cloud out.)
func hides(scl uint16) bool {
	if int(scl) >= len(sclClass) {
		return false
	}
	switch sclClass[scl] {
	case Cloud, Shadow, Snow, Saturated:
		return true
	}
	return false
}
