package models

import (
	"context"
	"fmt"
	"math"
)

// GrowthFlag says how far to trust a growth value.
type GrowthFlag uint8

// Flags of a growth value, combined by or.
const (
	InputOutOfDomain GrowthFlag = 1 << iota // spectrum not listed among those of training: the published flag
	OutputClamped                           // within tolerance outside the range: set to the range's end
	OutputTooLow                            // beyond: no value
	OutputTooHigh
	InputFarOut // more than one class from every listed spectrum: nothing the network has seen is like it
)

// GrowthInput is one pixel or spectrum: reflectance B03, B04, B05, B06, B07,
// B8A, B11, B12, then cos(view zenith), cos(sun zenith), cos(relative azimuth).
type GrowthInput [11]float32

func (in *GrowthInput) finite() bool {
	for _, v := range in {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return false
		}
	}
	return true
}

// GrowthNet is one SL2P network (Weiss & Baret, S2ToolBox ATBD 1.1): inputs
// from a pixel, its published input domain and its output rule.
type GrowthNet struct {
	card    *Card
	session Session
	domain  growthDomain
}

// NewGrowthNet opens one of the growth networks of a registry.
func NewGrowthNet(r *Registry, name string, rt Runtime) (*GrowthNet, error) {
	s, card, err := r.Load(name, rt)
	if err != nil {
		return nil, err
	}
	if card.Task != "growth" || len(card.Inputs) != 11 {
		s.Close()
		return nil, fmt.Errorf("model %s is no growth network: task %s, %d inputs", name, card.Task, len(card.Inputs))
	}
	b, err := r.file(card, card.Domain, card.DomainSHA256)
	if err != nil {
		s.Close()
		return nil, err
	}
	return &GrowthNet{card: card, session: s, domain: newGrowthDomain(b, card.Inputs[:8])}, nil
}

// Card returns the network's card.
func (n *GrowthNet) Card() *Card { return n.card }

// Close frees the session.
func (n *GrowthNet) Close() error { return n.session.Close() }

// Eval fills out and flags for every input. Beyond tolerance, and where an
// input is NaN or infinite, out is NaN. An input out of the domain still gets
// its value: the flags say how much less sure it is.
func (n *GrowthNet) Eval(ctx context.Context, in []GrowthInput, out []float32, flags []GrowthFlag) error {
	for i := range in {
		flags[i] = n.domain.judge(&in[i])
	}
	return n.values(ctx, in, out, flags)
}

// values fills out, and adds the output's flags to those of the input.
func (n *GrowthNet) values(ctx context.Context, in []GrowthInput, out []float32, flags []GrowthFlag) error {
	flat := make([]float32, 0, 11*len(in))
	for i := range in {
		if in[i].finite() {
			flat = append(flat, in[i][:]...)
		} else {
			flat = append(flat, make([]float32, 11)...) // set aside below
		}
	}
	y, err := n.session.Run(ctx, flat, len(in))
	if err != nil {
		return err
	}
	for i, v := range y {
		if f := float64(v); f-f != 0 {
			return fmt.Errorf("model %s gave %v for input %d of %d", n.card.Name, v, i+1, len(in))
		}
	}
	lo, hi, tol := n.card.Outputs[0].Min, n.card.Outputs[0].Max, n.card.Tolerance
	for i := range in {
		v := float64(y[i])
		switch {
		case !in[i].finite():
			out[i] = float32(math.NaN())
			continue
		case v < lo-tol:
			v, flags[i] = math.NaN(), flags[i]|OutputTooLow
		case v < lo:
			v, flags[i] = lo, flags[i]|OutputClamped
		case v > hi+tol:
			v, flags[i] = math.NaN(), flags[i]|OutputTooHigh
		case v > hi:
			v, flags[i] = hi, flags[i]|OutputClamped
		}
		out[i] = float32(v)
	}
	return nil
}
