package models

import "math"

// Standard errors of one growth value that more dates or pixels do not take
// away. Network: the RMSE that is published for SL2P's LAI on crops; for FAPAR
// and FCOVER the tolerance that the authors publish with the output, as no
// accuracy on crops was at hand. Nadir: what taking the view as straight down
// moved the value by over fields in Finland, root mean square
// (docs/evaluation/growth.md).
var growthSigma = map[string]struct{ network, nadir float64 }{
	"LAI":    {0.98, 0.075},
	"FAPAR":  {0.10, 0.010},
	"FCOVER": {0.10, 0.007},
}

// GrowthSigma is the standard deviation of a plot's growth value on a day:
//
//	σ² = curve² + network² + nadir²
//
// curve is what the plot's own dates and pixels say (parcels.Series). The nadir
// part is counted whether or not the scenes told their view angles. It is NaN for
// a name that no network has.
func GrowthSigma(name string, curve float64) float64 {
	s, ok := growthSigma[name]
	if !ok {
		return math.NaN()
	}
	return math.Sqrt(curve*curve + s.network*s.network + s.nadir*s.nadir)
}
