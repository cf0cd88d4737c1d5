package parcels

import (
	"math"

	"github.com/parus-lending/parus/raster"
)

// dropOutliers leaves out scenes, in the order of time, that the scenes before
// and after show to be cloud, haze or shadow the mask missed. A change that
// stays is never an outlier, and the last scene has only the past to witness.
func dropOutliers(ls []look) []look {
	for range 3 {
		kept := make([]look, 0, len(ls))
		for i := range ls {
			if !outlier(ls, i) {
				kept = append(kept, ls[i])
			}
		}
		if len(kept) == len(ls) {
			break
		}
		ls = kept
	}
	return ls
}

const (
	brightB02   = 0.20 // vegetation and most soils lie below in the blue
	brightSpike = 0.06 // and this far above both neighbours
	hazeSpike   = 0.04 // B02 rise that goes with an NDVI dip
	dip         = 0.15 // NDVI below the line between the neighbours
	shadowDrop  = 0.55 // NIR as a share of the darker neighbour
	witnessDays = 25   // a neighbour farther away is no witness
	quickDays   = 12   // no crop falls and stands again between neighbours this near
)

func outlier(ls []look, i int) bool {
	x := &ls[i]
	var before, after *look
	for k := i - 1; k >= 0 && before == nil; k-- {
		if DateOf(ls[k].time.UTC()) != DateOf(x.time.UTC()) {
			before = &ls[k]
		}
	}
	for k := i + 1; k < len(ls) && after == nil; k++ {
		if DateOf(ls[k].time.UTC()) != DateOf(x.time.UTC()) {
			after = &ls[k]
		}
	}
	near := func(o *look) bool {
		return o != nil && math.Abs(o.time.Sub(x.time).Hours()) <= witnessDays*24
	}
	if !near(before) {
		before = nil
	}
	if !near(after) {
		after = nil
	}
	if before == nil && after == nil {
		return false
	}
	blue := x.band(raster.B02)
	rise := math.Inf(1) // least rise of the blue above a neighbour
	for _, o := range []*look{before, after} {
		if o != nil {
			rise = math.Min(rise, blue-o.band(raster.B02))
		}
	}
	if blue > brightB02 && rise > brightSpike {
		return true
	}
	if before == nil || after == nil {
		return false
	}
	span := after.time.Sub(before.time).Hours()
	t := x.time.Sub(before.time).Hours() / span
	line := before.ndvi() + t*(after.ndvi()-before.ndvi())
	fall := line - x.ndvi()
	dips := fall > dip && math.Min(before.ndvi(), after.ndvi())-x.ndvi() > dip/2
	switch {
	case dips && rise > hazeSpike:
		return true
	case dips && span <= 2*quickDays*24:
		return true
	}
	nir := x.band(raster.B08)
	swir := x.band(raster.B11)
	dark := nir < shadowDrop*math.Min(before.band(raster.B08), after.band(raster.B08)) &&
		!(swir >= shadowDrop*math.Min(before.band(raster.B11), after.band(raster.B11)))
	return dark && rise < 0
}
