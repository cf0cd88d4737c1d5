package main

import (
	"fmt"
	"math"
	"time"
)

// point is one kept look of a curve.
type point struct {
	at time.Time
	v  float64
}

// rough sums up how far looks stand off the line between the kept looks before
// and after, at most 25 days away: what clouds do to a curve.
type rough struct {
	n, sum, spikes float64
	looks          int
}

const nearDays = 25

// add takes one curve in the order of time; spike is the distance that counts as
// one.
func (r *rough) add(curve []point, spike float64) {
	r.looks += len(curve)
	for i := 1; i+1 < len(curve); i++ {
		a, x, b := curve[i-1], curve[i], curve[i+1]
		if x.at.Sub(a.at).Hours() > 24*nearDays || b.at.Sub(x.at).Hours() > 24*nearDays || !b.at.After(a.at) {
			continue
		}
		t := x.at.Sub(a.at).Hours() / b.at.Sub(a.at).Hours()
		d := math.Abs(x.v - a.v - t*(b.v-a.v))
		r.n++
		r.sum += d
		if d > spike {
			r.spikes++
		}
	}
}

// mean is the mean distance; share the spikes in a hundred looks.
func (r rough) String() string {
	if r.n == 0 {
		return "– | –"
	}
	return fmt.Sprintf("%.3f | %.1f", r.sum/r.n, 100*r.spikes/r.n)
}

const spikeNDVI, spikeLAI = 0.15, 1.0
