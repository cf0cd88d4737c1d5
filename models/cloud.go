package models

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/parus-lending/parus/raster"
)

// CloudClass is what a cloud network calls a pixel.
type CloudClass uint8

// The classes of a cloud network, in the order of its output.
const (
	SkyClear CloudClass = iota
	SkyCloud
	SkyShadow
	SkyUnknown // no data
)

// cloudClasses are the names that the card of a cloud network must list.
var cloudClasses = []string{"clear", "cloud", "shadow"}

// CloudNet is a network that calls each pixel of a square image clear, cloud or
// shadow: input [bands][side][side] of reflectance, output [3][side][side] of
// logits.
type CloudNet struct {
	card    *Card
	session Session
	bands   []raster.Band
	side    int
	logW    [3]float64
}

// NewCloudNet opens a cloud network of a registry. Its card names the bands
// (B02 …) with the mean and deviation they are scaled by.
func NewCloudNet(r *Registry, name string, rt Runtime) (*CloudNet, error) {
	s, card, err := r.Load(name, rt)
	if err != nil {
		return nil, err
	}
	n := &CloudNet{card: card, session: s}
	if err := n.check(); err != nil {
		s.Close()
		return nil, fmt.Errorf("model %s is no cloud network: %w", name, err)
	}
	n.side = card.InputShape[1]
	for _, v := range card.Inputs {
		n.bands = append(n.bands, raster.Band(v.Name))
	}
	for i, w := range card.ClassWeights {
		n.logW[i] = math.Log(w)
	}
	return n, nil
}

func (n *CloudNet) check() error {
	c, in, out := n.card, n.card.InputShape, n.card.OutputShape
	switch {
	case c.Task != "cloud":
		return fmt.Errorf("its task is %s", c.Task)
	case !slices.Equal(c.Classes, cloudClasses):
		return fmt.Errorf("its classes are %v, not %v", c.Classes, cloudClasses)
	case len(in) != 3 || len(out) != 3 || in[1] != in[2] || out[0] != 3 || out[1] != in[1] || out[2] != in[2]:
		return fmt.Errorf("it takes %v and gives %v, not [bands side side] and [3 side side]", in, out)
	case len(c.Inputs) != in[0]:
		return fmt.Errorf("it names %d inputs for %d bands", len(c.Inputs), in[0])
	}
	for _, v := range c.Inputs {
		if !slices.Contains(raster.OpticalBands, raster.Band(v.Name)) || !(v.Std > 0) {
			return fmt.Errorf("input %q is no band of Sentinel-2 with a deviation (std)", v.Name)
		}
	}
	return nil
}

// Card returns the network's card.
func (n *CloudNet) Card() *Card { return n.card }

// Shared reports whether several goroutines may ask it at once.
func (n *CloudNet) Shared() bool {
	_, ok := n.session.(ConcurrentSession)
	return ok
}

// Close frees the session.
func (n *CloudNet) Close() error { return n.session.Close() }

// Bands are the planes it takes, in order; Side is the side of the square.
func (n *CloudNet) Bands() []raster.Band { return n.bands }

// Side is the side of the square image in pixels.
func (n *CloudNet) Side() int { return n.side }

// Classify calls each pixel of one square by its most probable class. Bands are
// planes of side × side reflectances 0–1, row by row; a pixel that is NaN in any
// of them is SkyUnknown, and stands as the mean of training for its neighbours.
//
// Training weighted rare classes up, which makes a network find too much of them:
// probabilities are divided by the card's weights (Saerens, Latinne & Decaestecker
// 2002, Neural Computation 14, eq. 2.4, for a change of priors).
func (n *CloudNet) Classify(ctx context.Context, bands [][]float32) ([]CloudClass, error) {
	size := n.side * n.side
	if len(bands) != len(n.bands) {
		return nil, fmt.Errorf("model %s: %d bands given, it takes %d", n.card.Name, len(bands), len(n.bands))
	}
	in := make([]float32, len(bands)*size)
	known := make([]bool, size)
	for i := range known {
		known[i] = true
	}
	for b, plane := range bands {
		if len(plane) != size {
			return nil, fmt.Errorf("model %s: band %s has %d pixels, not %d", n.card.Name, n.bands[b], len(plane), size)
		}
		mean, std := n.card.Inputs[b].Mean, n.card.Inputs[b].Std
		for i, v := range plane {
			if v != v {
				known[i] = false // the scaled mean is 0
				continue
			}
			in[b*size+i] = float32((float64(v) - mean) / std)
		}
	}
	y, err := n.session.Run(ctx, in, 1)
	if err != nil {
		return nil, err
	}
	out := make([]CloudClass, size)
	for i := range out {
		if !known[i] {
			out[i] = SkyUnknown
			continue
		}
		best := math.Inf(-1)
		for c := range 3 {
			v := float64(y[c*size+i]) - n.logW[c]
			if math.IsNaN(v) {
				return nil, fmt.Errorf("model %s gives NaN", n.card.Name)
			}
			if v > best {
				best, out[i] = v, CloudClass(c)
			}
		}
	}
	return out, nil
}

// Clear gives 1 for clear, 0 for cloud and shadow, NaN for no data: what
// raster.AskSky asks.
func (n *CloudNet) Clear(ctx context.Context, planes [][]float32) ([]float32, error) {
	classes, err := n.Classify(ctx, planes)
	if err != nil {
		return nil, err
	}
	out := make([]float32, len(classes))
	for i, c := range classes {
		switch c {
		case SkyClear:
			out[i] = 1
		case SkyUnknown:
			out[i] = float32(math.NaN())
		}
	}
	return out, nil
}

var _ raster.SkyJudge = (*CloudNet)(nil)

// Unweighted is the network without the division by class weights, to measure
// what it does. It shares the session.
func (n *CloudNet) Unweighted() *CloudNet {
	m := *n
	m.logW = [3]float64{}
	return &m
}
