package season

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// overpass is the local solar time at which Sentinel-2 passes, for composites
// that have no scene of their own.
const overpass = 10*time.Hour + 30*time.Minute

// laiOfMean fills the LAI of each polygon's mean spectrum, dekad by dekad. It
// differs from the mean of LAI where a plot is mixed; the gap measures mixing.
// The series share one axis and lie in one cell, around at (lon, lat).
func laiOfMean(ctx context.Context, layer raster.Layer, all []parcels.Series, at orb.Point) error {
	names := layer.Names()
	lai := slices.Index(names, "LAI")
	if lai < 0 || len(all) == 0 {
		return nil
	}
	for i := range all {
		all[i].LAIOfMean = slices.Repeat([]float64{math.NaN()}, len(all[i].Dekads))
	}
	utc := overpass - time.Duration(at[0]/15*float64(time.Hour))
	for d, dekad := range all[0].Dekads {
		block := raster.PixelBlock{Scene: raster.Scene{Time: dekad.Mid().Time().Add(utc), Footprint: orb.Polygon{{at, at, at, at}}}}
		var who []int
		for i := range all {
			if slices.ContainsFunc(all[i].Bands[d], math.IsNaN) {
				continue
			}
			who = append(who, i)
			for b, v := range all[i].Bands[d] {
				block.Bands[b] = append(block.Bands[b], float32(v))
			}
		}
		if block.N = len(who); block.N == 0 {
			continue
		}
		out := make([][]float32, len(names))
		for k := range out {
			out[k] = make([]float32, block.N)
		}
		if err := layer.Eval(ctx, &block, out); err != nil {
			return err
		}
		for k, i := range who {
			all[i].LAIOfMean[d] = float64(out[lai][k])
		}
	}
	return nil
}
