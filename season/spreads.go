package season

import "github.com/parus-lending/parus/parcels"

// drawSpreads finds how sure the cycles of a series are while its looks are still
// known. It cuts the curve as predict will read it from the file, rounded, so that
// both find the same cycles.
func drawSpreads(s *parcels.Series, asOf parcels.Date) {
	if notAssessable(*s) != "" { // predict looks for no cycle
		return
	}
	read := *s
	read.NDVI, read.Weight = rounded(s.NDVI), rounded(s.Weight)
	read.DrawSpreads(asOf, parcels.CycleOptions{})
	s.Sure = read.Sure
}

func rounded(v []float64) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		out[i] = round(v[i], 1e-4)
	}
	return out
}
