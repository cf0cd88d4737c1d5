package raster

import (
	"fmt"
	"math"
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

// radarSample is a sample of power.
type radarSample struct{ sample }

func (s *radarSample) add(power, weight float64) {
	if !(power > 0) || math.IsInf(power, 1) {
		return
	}
	if weight >= 1-insideTolerance {
		s.inside++
	}
	s.px = append(s.px, weighted{power, weight})
}

// stats are those of the power in decibels, but for Std, which is that of the
// pixels' decibels, as ObserveRadar says.
func (s *radarSample) stats() Stats {
	out := s.sample.stats()
	if out.Count == 0 {
		return out
	}
	for _, v := range []*float64{&out.Mean, &out.Min, &out.P25, &out.Median, &out.P75, &out.Max} {
		*v = decibels(*v)
	}
	var swd, ss float64
	for _, p := range s.px {
		swd += p.w * decibels(p.v)
	}
	for _, p := range s.px {
		d := decibels(p.v) - swd/out.Count
		ss += p.w * d * d
	}
	out.Std = math.Sqrt(ss / out.Count)
	return out
}
