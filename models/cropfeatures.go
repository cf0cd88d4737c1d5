package models

import "math"

const (
	dekads          = 36
	opticalChannels = 13 // ten bands, NDVI, LSWI, observed
	radarChannels   = 16 // and VV, VH, radar observed
	ndviChannels    = 2  // NDVI, 1 between the first and last observed dekad
	maxRefl         = 1.2
	tiny            = 1e-6
	lowestNDVI      = -0.2
	bandB04         = 2 // of raster.OpticalBands
	bandB08         = 6
	bandB8A         = 7
)

// EmptyCropInput is a year in which nothing was seen.
func EmptyCropInput() CropInput {
	var in CropInput
	for d := range in.Bands {
		for b := range in.Bands[d] {
			in.Bands[d][b] = math.NaN()
		}
		in.Radar[d] = [2]float64{math.NaN(), math.NaN()}
	}
	return in
}

// CropFeatures fills dst as training/README.md lays down, row-major: 13 × 36
// numbers of optical imagery, 16 × 36 with radar, or 2 × 36 of NDVI alone, by the
// length of dst.
//
// Optical: reflectance clipped to 0–1.2, linear in time between observed
// dekads, 0 outside the first and last; NDVI; LSWI; 1 where observed. Where
// imagery has no B8A at all, B08 stands in for it. Radar: VV and VH as
// (dB + 15)/10, linear between observed dekads, 0 outside; 1 where observed. A
// dekad is observed where all its bands (both polarisations) are finite. NDVI
// alone: see ndviFeatures. It returns the numbers of observed dekads of each.
func CropFeatures(in *CropInput, dst []float32) (optical, radar int) {
	clear(dst)
	if len(dst) == ndviChannels*dekads {
		return ndviFeatures(in, dst), 0
	}
	optical = opticalFeatures(in, dst[:opticalChannels*dekads])
	if len(dst) == radarChannels*dekads {
		radar = radarFeatures(in, dst[opticalChannels*dekads:])
	}
	return optical, radar
}

// observed holds the observed dekads in order.
type observed struct {
	at [dekads]int
	n  int
}

func (o *observed) add(d int) { o.at[o.n], o.n = d, o.n+1 }

// between calls f for every dekad of the span with the observed dekads around
// it and the weight of the later one; lo == d where d itself was observed.
func (o *observed) between(f func(d, lo, hi int, w float32)) {
	if o.n == 0 {
		return
	}
	k := 0
	for d := o.at[0]; d <= o.at[o.n-1]; d++ {
		for k+1 < o.n && o.at[k+1] <= d {
			k++
		}
		lo, hi, w := o.at[k], o.at[k], float32(0)
		if lo != d {
			hi = o.at[k+1]
			w = float32(d-lo) / float32(hi-lo)
		}
		f(d, lo, hi, w)
	}
}

func opticalFeatures(in *CropInput, dst []float32) int {
	narrow := bandB8A
	if !hasNarrow(in) {
		narrow = bandB08
	}
	var refl [dekads][10]float32
	var obs observed
	for d := range in.Bands {
		ok := true
		for b := range refl[d] {
			v := in.Bands[d][b]
			if b == bandB8A {
				v = in.Bands[d][narrow]
			}
			ok = ok && v-v == 0 // finite
			refl[d][b] = float32(max(0, min(maxRefl, v)))
		}
		if ok {
			obs.add(d)
		}
	}
	obs.between(func(d, lo, hi int, w float32) {
		for b := range refl[d] {
			dst[b*dekads+d] = refl[lo][b]*(1-w) + refl[hi][b]*w
		}
		red, nir, narrow, swir := dst[2*dekads+d], dst[6*dekads+d], dst[7*dekads+d], dst[8*dekads+d]
		dst[10*dekads+d] = (nir - red) / (nir + red + tiny)
		dst[11*dekads+d] = (narrow - swir) / (narrow + swir + tiny)
		if lo == d {
			dst[12*dekads+d] = 1
		}
	})
	return obs.n
}

// ndviFeatures needs B04 and B08 only: NDVI of the dekad's reflectances (clipped
// to 0–1.2), clipped to −0.2–1, linear between observed dekads, 0 outside the
// first and last; then 1 between these, else 0. How many dates lie between is not
// told: that is a mark of the sensor, not of the crop.
func ndviFeatures(in *CropInput, dst []float32) int {
	var ndvi [dekads]float32
	var obs observed
	for d := range in.Bands {
		red, nir := in.Bands[d][bandB04], in.Bands[d][bandB08]
		if !(red-red == 0 && nir-nir == 0) {
			continue
		}
		r, n := float32(max(0, min(maxRefl, red))), float32(max(0, min(maxRefl, nir)))
		ndvi[d] = max(lowestNDVI, min(1, (n-r)/(n+r+tiny)))
		obs.add(d)
	}
	obs.between(func(d, lo, hi int, w float32) {
		dst[d], dst[dekads+d] = ndvi[lo]*(1-w)+ndvi[hi]*w, 1
	})
	return obs.n
}

func radarFeatures(in *CropInput, dst []float32) int {
	var obs observed
	for d, v := range in.Radar {
		if v[0]-v[0] == 0 && v[1]-v[1] == 0 {
			obs.add(d)
		}
	}
	scale := func(db float64) float32 { return float32((db + 15) / 10) }
	obs.between(func(d, lo, hi int, w float32) {
		for k := range 2 {
			dst[k*dekads+d] = scale(in.Radar[lo][k])*(1-w) + scale(in.Radar[hi][k])*w
		}
		if lo == d {
			dst[2*dekads+d] = 1
		}
	})
	return obs.n
}

// hasNarrow reports whether B8A was seen at any time.
func hasNarrow(in *CropInput) bool {
	for d := range in.Bands {
		if !math.IsNaN(in.Bands[d][bandB8A]) {
			return true
		}
	}
	return false
}
