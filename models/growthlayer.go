package models

import (
	"context"
	"fmt"
	"math"

	"github.com/parus-lending/parus/raster"
)

// OutOfDomain is the name of the growth layer that says which pixels are unlike
// those the networks were trained on: 1 where the published input domain does
// not hold the spectrum, else 0. Its mean over a plot is the flagged share.
const OutOfDomain = "OUT_OF_DOMAIN"

// GrowthLayer computes growth per pixel inside raster.Observe. A pixel far out
// of the input domain (InputFarOut) has no growth: snow, cloud that the mask
// missed, and water do not make a plot's leaves.
type GrowthLayer struct {
	nets []*GrowthNet
}

// NewGrowthLayer opens the named networks; the layer's names are their outputs
// (LAI, FAPAR, FCOVER), then OutOfDomain.
func NewGrowthLayer(r *Registry, rt Runtime, names ...string) (*GrowthLayer, error) {
	l := &GrowthLayer{}
	for _, name := range names {
		n, err := NewGrowthNet(r, name, rt)
		if err != nil {
			l.Close()
			return nil, err
		}
		l.nets = append(l.nets, n)
	}
	return l, nil
}

// Close frees the networks.
func (l *GrowthLayer) Close() error {
	for _, n := range l.nets {
		n.Close()
	}
	return nil
}

// Names are the outputs, in order.
func (l *GrowthLayer) Names() []string {
	out := make([]string, len(l.nets), len(l.nets)+1)
	for i, n := range l.nets {
		out[i] = n.card.Outputs[0].Name
	}
	return append(out, OutOfDomain)
}

// Where a catalog gives no view angles the view is taken as straight down:
// Sentinel-2 looks within 12° of nadir. Over fields in Finland that moved LAI by
// 0.03 in the median, 0.14 at the 95th percentile and 0.55 at most
// (docs/evaluation/growth.md). At nadir the relative azimuth means nothing; its
// cosine is set to the middle.
const (
	nearNadir = 1
	acrossSun = 0
)

// Eval evaluates the networks on the block. The sun and the sensor stand where
// the scene's metadata say; else the sun where time and place put it, the sensor
// overhead.
func (l *GrowthLayer) Eval(ctx context.Context, px *raster.PixelBlock, out [][]float32) error {
	angles, err := growthAngles(px.Scene)
	if err != nil {
		return err
	}
	in := make([]GrowthInput, px.N)
	order := [8]int{1, 2, 3, 4, 5, 7, 8, 9} // of raster.OpticalBands
	for i := range in {
		for k, b := range order {
			in[i][k] = px.Bands[b][i]
		}
		copy(in[i][8:], angles[:])
	}
	flags := make([]GrowthFlag, px.N)
	domain := out[len(l.nets)][:px.N]
	clear(domain)
	for k, n := range l.nets {
		if k == 0 || !n.domain.equal(&l.nets[0].domain) { // they share one
			for i := range in {
				flags[i] = n.domain.judge(&in[i])
			}
		}
		if err := n.values(ctx, in, out[k], flags); err != nil {
			return err
		}
		for i, f := range flags {
			if f&InputOutOfDomain != 0 {
				domain[i] = 1
			}
			if f&InputFarOut != 0 {
				out[k][i] = float32(math.NaN())
			}
		}
	}
	return nil
}

// growthAngles are the last three inputs: the cosines of the view zenith, the
// sun zenith and the relative azimuth. It refuses a scene that tells neither the
// sun nor the place: a footprint left out would read as 0° E, 0° N and give a
// sun that is not there.
func growthAngles(s raster.Scene) ([3]float32, error) {
	const rad = math.Pi / 180
	var zenith, azimuth float64
	known := len(s.Footprint) > 0 && len(s.Footprint[0]) > 0 && !s.Time.IsZero()
	if known {
		c := s.Footprint.Bound().Center()
		zenith, azimuth = raster.SunPosition(s.Time, c[0], c[1])
	}
	switch {
	case s.SunZenith != nil:
		zenith = *s.SunZenith
	case !known:
		return [3]float32{}, fmt.Errorf("growth on scene %s: its catalog item has neither a sun angle nor a footprint and a time to compute it from; add view:sun_elevation or the geometry", s.ID)
	}
	view, across := float32(nearNadir), float32(acrossSun)
	if s.SunAzimuth != nil {
		azimuth, known = *s.SunAzimuth, true
	}
	if s.ViewZenith != nil && s.ViewAzimuth != nil && known {
		view = float32(math.Cos(*s.ViewZenith * rad))
		across = float32(math.Cos((azimuth - *s.ViewAzimuth) * rad))
	}
	return [3]float32{view, float32(math.Cos(zenith * rad)), across}, nil
}
