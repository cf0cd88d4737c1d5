package models

import (
	"context"
	"fmt"
	"math"
)

// Reasons for which a crop is not assessable.
const (
	FewDates      = "few_dates"      // fewer observed dekads in the cycle than the card asks for
	LowConfidence = "low_confidence" // the most probable class is not probable enough
	OtherCrop     = "other_crop"     // most probably a crop the model has no name for
)

const (
	dekads   = 36
	channels = 13 // ten bands, NDVI, LSWI, observed
	maxRefl  = 1.2
	tiny     = 1e-6
	bandB08  = 6 // of raster.OpticalBands
	bandB8A  = 7
)

// Crop names crops with one of the crop networks.
type Crop struct {
	card    *Card
	session Session
	other   int // index of "other"; −1 = none
}

// NewCrop wraps a session of a crop network.
func NewCrop(card *Card, s Session) (*Crop, error) {
	n := 1
	for _, d := range card.InputShape {
		n *= d
	}
	if card.Task != "crop" || n != channels*dekads || len(card.OutputShape) != 1 || card.OutputShape[0] != len(card.Classes) {
		return nil, fmt.Errorf("model %s is no crop network: task %s, input %v, %d classes", card.Name, card.Task, card.InputShape, len(card.Classes))
	}
	c := &Crop{card: card, session: s, other: -1}
	for i, name := range card.Classes {
		if name == "other" {
			c.other = i
		}
	}
	return c, nil
}

// Classify names the crop of every input.
func (c *Crop) Classify(ctx context.Context, in []CropInput) ([]CropResult, error) {
	flat := make([]float32, len(in)*channels*dekads)
	seen := make([]int, len(in))
	for i := range in {
		seen[i] = CropFeatures(&in[i], flat[i*channels*dekads:(i+1)*channels*dekads])
	}
	y, err := c.session.Run(ctx, flat, len(in))
	if err != nil {
		return nil, err
	}
	n := len(c.card.Classes)
	out := make([]CropResult, len(in))
	for i := range in {
		p := make([]float64, n)
		best := 0
		for k := range p {
			p[k] = float64(y[i*n+k])
			if math.IsNaN(p[k]) {
				return nil, fmt.Errorf("model %s gave NaN for input %d of %d", c.card.Name, i+1, len(in))
			}
			if p[k] > p[best] {
				best = k
			}
		}
		r := CropResult{Crop: c.card.Classes[best], Probability: p[best], Probabilities: p}
		switch {
		case seen[i] < c.card.MinDates:
			r.Reason = FewDates
		case p[best] < c.card.MinProbability:
			r.Reason = LowConfidence
		case best == c.other:
			r.Reason = OtherCrop
		default:
			r.Assessable = true
		}
		out[i] = r
	}
	return out, nil
}

// CropFeatures fills dst (13 × 36, row-major) as training/README.md lays down:
// reflectance clipped to 0–1.2, linear in time between observed dekads, 0
// outside the first and last; NDVI; LSWI; 1 where observed. Where imagery has
// no B8A at all, B08 stands in for it. It returns the number of observed dekads.
func CropFeatures(in *CropInput, dst []float32) int {
	clear(dst)
	if !hasNarrow(in) {
		filled := *in
		for d := range filled.Bands {
			filled.Bands[d][bandB8A] = filled.Bands[d][bandB08]
		}
		in = &filled
	}
	var obs []int
	for d := range in.Bands {
		ok := true
		for _, v := range in.Bands[d] {
			ok = ok && !math.IsNaN(v) && !math.IsInf(v, 0)
		}
		if ok {
			obs = append(obs, d)
		}
	}
	if len(obs) == 0 {
		return 0
	}
	clip := func(v float64) float32 { return float32(math.Max(0, math.Min(maxRefl, v))) }
	k := 0
	for d := obs[0]; d <= obs[len(obs)-1]; d++ {
		for k+1 < len(obs) && obs[k+1] <= d {
			k++
		}
		lo, hi := obs[k], obs[k]
		if lo != d {
			hi = obs[k+1]
		}
		w := float32(0)
		if hi > lo {
			w = float32(d-lo) / float32(hi-lo)
		}
		for b := range 10 {
			dst[b*dekads+d] = clip(in.Bands[lo][b])*(1-w) + clip(in.Bands[hi][b])*w
		}
		red, nir, narrow, swir := dst[2*dekads+d], dst[6*dekads+d], dst[7*dekads+d], dst[8*dekads+d]
		dst[10*dekads+d] = (nir - red) / (nir + red + tiny)
		dst[11*dekads+d] = (narrow - swir) / (narrow + swir + tiny)
		if lo == d {
			dst[12*dekads+d] = 1
		}
	}
	return len(obs)
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
