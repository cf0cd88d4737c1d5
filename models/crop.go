package models

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Reasons for which a crop is not assessable.
const (
	FewDates      = "few_dates"      // fewer observed dekads in the cycle than the card asks for
	Unfamiliar    = "unfamiliar"     // the series is unlike those of training: its probabilities mean nothing
	LowConfidence = "low_confidence" // the most probable class is not probable enough
	OtherCrop     = "other_crop"     // most probably a crop the model has no name for
	ModelFailed   = "model_failed"   // the network failed on the batch the row was in
)

// Crop names crops with one of the crop networks.
type Crop struct {
	card     *Card
	session  Session
	width    int // numbers of one input
	familiar bool
	other    int       // index of "other"; −1 = none
	flat     []float32 // features of one batch
}

// NewCrop wraps a session of a crop network: [2, 13 or 16][36] numbers in, the
// probabilities of the card's classes out, with or without the familiarity
// after them.
func NewCrop(card *Card, s Session) (*Crop, error) {
	width, n := Size(card.InputShape), len(card.Classes)
	c := &Crop{card: card, session: s, width: width, familiar: Size(card.OutputShape) == n+1, other: slices.Index(card.Classes, "other")}
	fits := width == ndviChannels*dekads || width == opticalChannels*dekads || width == radarChannels*dekads
	if card.Task != "crop" || n == 0 || !fits || len(card.OutputShape) != 1 || card.OutputShape[0] != n && !c.familiar {
		return nil, fmt.Errorf("model %s is no crop network: task %s, input %v, output %v, %d classes; wanted task crop, %d × %d (NDVI), %d × %d or %d × %d numbers in, a probability per class (and a familiarity) out",
			card.Name, card.Task, card.InputShape, card.OutputShape, n, ndviChannels, dekads, opticalChannels, dekads, radarChannels, dekads)
	}
	c.flat = make([]float32, CropBatch*width)
	return c, nil
}

// Card returns the network's card.
func (c *Crop) Card() *Card { return c.card }

// NDVIOnly reports whether the network reads nothing but NDVI.
func (c *Card) NDVIOnly() bool {
	return c.Task == "crop" && Size(c.InputShape) == ndviChannels*dekads
}

// CropBatch inputs go through the network together, and are lost together.
const CropBatch = 256

// Lost is a batch on which the network failed.
type Lost struct {
	First, Count int // inputs
	Err          error
}

// Classify names the crop of every input. A batch that the runtime refuses, or
// panics on, or answers with NaN, is lost and told in the second value: its
// results have no crop and the reason model_failed. The error is only that of
// ctx. Not safe for concurrent use.
func (c *Crop) Classify(ctx context.Context, in []CropInput) ([]CropResult, []Lost, error) {
	out := make([]CropResult, len(in))
	var lost []Lost
	for first := 0; first < len(in); first += CropBatch {
		last := min(first+CropBatch, len(in))
		err := c.batch(ctx, in[first:last], out[first:last])
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if err != nil {
			lost = append(lost, Lost{First: first, Count: last - first, Err: err})
			for i := first; i < last; i++ {
				out[i] = CropResult{Probability: math.NaN(), Familiarity: math.NaN(), Reason: ModelFailed}
			}
		}
	}
	return out, lost, nil
}

func (c *Crop) batch(ctx context.Context, in []CropInput, out []CropResult) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("model %s panicked: %v", c.card.Name, r)
		}
	}()
	var enough [CropBatch]bool
	for i := range in {
		optical, radar := CropFeatures(&in[i], c.flat[i*c.width:(i+1)*c.width])
		enough[i] = optical >= c.card.MinDates || c.card.MinRadarDates > 0 && radar >= c.card.MinRadarDates
	}
	y, err := c.session.Run(ctx, c.flat[:len(in)*c.width], len(in))
	if err != nil {
		return err
	}
	n := Size(c.card.OutputShape)
	if len(y) != n*len(in) {
		return fmt.Errorf("model %s gave %d numbers for %d inputs of %d", c.card.Name, len(y), len(in), n)
	}
	for i, v := range y {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return fmt.Errorf("model %s gave %v for input %d of %d", c.card.Name, v, i/n+1, len(in))
		}
	}
	k := len(c.card.Classes)
	all := make([]float64, len(in)*k)
	for i := range in {
		out[i] = c.judge(y[i*n:(i+1)*n], all[i*k:(i+1)*k:(i+1)*k], enough[i])
	}
	return nil
}

// judge applies the card's rules to one answer; p takes the probabilities.
func (c *Crop) judge(y []float32, p []float64, enough bool) CropResult {
	best := 0
	for k := range p {
		if p[k] = float64(y[k]); p[k] > p[best] {
			best = k
		}
	}
	r := CropResult{Crop: c.card.Classes[best], Probability: p[best], Probabilities: p, Familiarity: math.NaN()}
	if c.familiar {
		r.Familiarity = float64(y[len(p)])
	}
	switch {
	case !enough:
		r.Reason = FewDates
	case c.familiar && r.Familiarity < c.card.MinFamiliarity:
		r.Reason = Unfamiliar
	case p[best] < c.card.MinProbability:
		r.Reason = LowConfidence
	case best == c.other:
		r.Reason = OtherCrop
	default:
		r.Assessable = true
	}
	return r
}
