package raster

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// radarPower is what takes a band's value (stored × Scale + Offset) to linear
// power, by the unit the asset tells; without one it is taken for power.
func radarPower(a Asset) (func(float64) float64, error) {
	switch strings.ToLower(strings.TrimSpace(a.Unit)) {
	case "", "1", "linear", "power", "natural", "gamma0", "sigma0":
		return func(v float64) float64 { return v }, nil
	case "db", "decibel", "decibels":
		return func(v float64) float64 { return math.Pow(10, v/10) }, nil
	case "amplitude":
		return func(v float64) float64 {
			if v < 0 {
				return 0
			}
			return v * v
		}, nil
	case "dn", "digital number", "digital numbers", "counts":
		return nil, fmt.Errorf("its unit %q means uncalibrated digital numbers, which no constant takes to power: calibrate it to gamma0 or sigma0 first", a.Unit)
	}
	return nil, fmt.Errorf("its unit %q is not known: power (no unit), amplitude or dB are", a.Unit)
}

// decibels of linear power.
func decibels(power float64) float64 { return 10 * math.Log10(power) }

// powerLimit is more than half of a scene can return: 20 dB. Fields lie at −25
// to −5 dB, towns near 0.
const powerLimit = 100

// powerCheck counts values to tell numbers that cannot be power.
type powerCheck struct{ n, negative, huge int }

func (c *powerCheck) add(stored float64) {
	c.n++
	switch {
	case stored < 0 && stored > -1000: // below is a no-data value nobody declared
		c.negative++
	case stored > powerLimit:
		c.huge++
	}
}

// doubt is why the values of a band that tells no unit cannot be power, or "".
func (c *powerCheck) doubt(a Asset) string {
	switch {
	case a.Unit != "" || a.Scale != 1 || a.Offset != 0:
		return ""
	case 2*c.negative > c.n:
		return fmt.Sprintf("%d of %d pixels are negative, so the values look like decibels, but the catalog tells no unit: set the unit of raster:bands to dB", c.negative, c.n)
	case 2*c.huge > c.n:
		return fmt.Sprintf("%d of %d pixels are above %d, so the values look like digital numbers, not power: calibrate the image to gamma0 or sigma0 first", c.huge, c.n, powerLimit)
	}
	return ""
}

// radarSample is the usable pixels of one polygon in one band, reused between
// polygons.
type radarSample struct {
	px            []radarPixel
	total, inside float64
}

type radarPixel struct{ power, weight float64 }

func (s *radarSample) reset() { s.px, s.total, s.inside = s.px[:0], 0, 0 }

func (s *radarSample) add(power, weight float64) {
	if !(power > 0) || math.IsInf(power, 1) {
		return
	}
	if weight >= 1-1e-9 {
		s.inside++
	}
	s.px = append(s.px, radarPixel{power, weight})
}

func noStats(total float64) Stats {
	nan := math.NaN()
	return Stats{Total: total, Mean: nan, Std: nan, Min: nan, P25: nan, Median: nan, P75: nan, Max: nan}
}

// stats are in decibels, as ObserveRadar says. A quantile q is the smallest
// value at which the cumulated weight reaches q of the sum.
func (s *radarSample) stats() Stats {
	out := noStats(s.total)
	if len(s.px) == 0 {
		return out
	}
	var sw, swp, swd float64
	for _, p := range s.px {
		sw += p.weight
		swp += p.weight * p.power
		swd += p.weight * decibels(p.power)
	}
	var ss float64
	for _, p := range s.px {
		d := decibels(p.power) - swd/sw
		ss += p.weight * d * d
	}
	slices.SortFunc(s.px, func(a, b radarPixel) int {
		switch {
		case a.power < b.power:
			return -1
		case a.power > b.power:
			return 1
		}
		return 0
	})
	out.Count, out.Inside = sw, s.inside
	out.Mean, out.Std = decibels(swp/sw), math.Sqrt(ss/sw)
	out.Min, out.Max = decibels(s.px[0].power), decibels(s.px[len(s.px)-1].power)
	out.P25, out.Median, out.P75 = s.quantile(0.25, sw), s.quantile(0.5, sw), s.quantile(0.75, sw)
	return out
}

// quantile needs px sorted; see sample.quantile for the tolerance.
func (s *radarSample) quantile(q, sum float64) float64 {
	want := q*sum - 1e-9*sum
	acc := 0.0
	for _, p := range s.px {
		if acc += p.weight; acc >= want {
			return decibels(p.power)
		}
	}
	return decibels(s.px[len(s.px)-1].power)
}
