package models

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/parus-lending/parus/raster"
)

// GrowthFlag says how far to trust a growth value.
type GrowthFlag uint8

// Flags of a growth value, combined by or.
const (
	InputOutOfDomain GrowthFlag = 1 << iota // spectrum unlike those of training
	OutputClamped                           // within tolerance outside the range: set to the range's end
	OutputTooLow                            // beyond: no value
	OutputTooHigh
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
	domain  []uint32 // sorted classes of the eight bands, a nibble a band
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
	n := &GrowthNet{card: card, session: s, domain: make([]uint32, len(b)/4)}
	for i := range n.domain {
		n.domain[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return n, nil
}

// Card returns the network's card.
func (n *GrowthNet) Card() *Card { return n.card }

// Close frees the session.
func (n *GrowthNet) Close() error { return n.session.Close() }

// Eval fills out and flags for every input. Beyond tolerance, and where an
// input is NaN or infinite, out is NaN. An input out of the domain still gets
// its value: the flag says that it is less sure.
func (n *GrowthNet) Eval(ctx context.Context, in []GrowthInput, out []float32, flags []GrowthFlag) error {
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
		flags[i] = 0
		if !n.inDomain(&in[i]) {
			flags[i] |= InputOutOfDomain
		}
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

// inDomain holds the published rule: each band within its range, and the tuple
// of ten-step classes floor(10 (x − min)/(max − min) + 1) listed.
func (n *GrowthNet) inDomain(in *GrowthInput) bool {
	var code uint32
	for b := range 8 {
		v, x := float64(in[b]), n.card.Inputs[b]
		if !(v >= x.Min && v <= x.Max) {
			return false
		}
		class := min(int(math.Floor(10*(v-x.Min)/(x.Max-x.Min)+1)), 10)
		code |= uint32(class-1) << (4 * b)
	}
	_, found := slices.BinarySearch(n.domain, code)
	return found
}

// GrowthLayer computes growth per pixel inside raster.Observe.
type GrowthLayer struct {
	nets []*GrowthNet
}

// NewGrowthLayer opens the named networks; the layer's names are their outputs
// (LAI, FAPAR, FCOVER).
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
	out := make([]string, len(l.nets))
	for i, n := range l.nets {
		out[i] = n.card.Outputs[0].Name
	}
	return out
}

// nearNadir is the cosine of the view zenith where a catalog gives no view
// angles: Sentinel-2 looks within 12° of nadir. Over fields in Finland that
// moved LAI by 0.03 in the median, 0.14 at the 95th percentile and 0.55 at most
// (docs/evaluation/growth.md). At nadir the relative azimuth means nothing; its
// cosine is set to the middle.
const (
	nearNadir = 1
	acrossSun = 0
)

// Eval evaluates the networks on the block. The sun stands where the scene's
// metadata say, else where time and place put it.
func (l *GrowthLayer) Eval(ctx context.Context, px *raster.PixelBlock, out [][]float32) error {
	zenith, err := sunZenith(px.Scene)
	if err != nil {
		return err
	}
	in := make([]GrowthInput, px.N)
	order := [8]int{1, 2, 3, 4, 5, 7, 8, 9} // of raster.OpticalBands
	for i := range in {
		for k, b := range order {
			in[i][k] = px.Bands[b][i]
		}
		in[i][8] = nearNadir
		in[i][9] = float32(math.Cos(zenith * math.Pi / 180))
		in[i][10] = acrossSun
	}
	flags := make([]GrowthFlag, px.N)
	for k, n := range l.nets {
		if err := n.Eval(ctx, in, out[k], flags); err != nil {
			return err
		}
	}
	return nil
}

// sunZenith refuses a scene that tells neither the angle nor the place: a
// footprint left out would read as 0° E, 0° N and give a sun that is not there.
func sunZenith(s raster.Scene) (float64, error) {
	if s.SunZenith != nil {
		return *s.SunZenith, nil
	}
	if len(s.Footprint) == 0 || len(s.Footprint[0]) == 0 || s.Time.IsZero() {
		return 0, fmt.Errorf("growth on scene %s: its catalog item has neither a sun angle nor a footprint and a time to compute it from; add view:sun_elevation or the geometry", s.ID)
	}
	c := s.Footprint.Bound().Center()
	zenith, _ := raster.SunPosition(s.Time, c[0], c[1])
	return zenith, nil
}
