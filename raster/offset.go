package raster

import (
	"fmt"
	"math"
	"sort"
)

// Limits of the pixels' word on the offset. Red of vegetation is 0.01–0.09
// reflectance: its darkest twentieth lies below 850 DN without the offset and
// above 1050 with it.
const (
	minGreenPixels = 60
	minCommon      = 60  // sampled pixels that a date shares with the season's median
	darkWithout    = 850 // DN
	darkWith       = 1050
	jumpFar        = 650 // DN away from the season's median under the claim
	jumpNear       = 350 // and at most this under the other offset
)

// SettleOffsets decides the radiometric offset of every scene once, for the
// whole scene: first what its metadata claim (processing baseline, then the
// boa_offset_applied flag, then the raster offset), then whether the pixels
// agree — the darkest red of vegetation, and the step against the season's
// median of the same pixels. Clear pixels win over metadata; each disagreement
// is a warning. A scene with too few clear pixels keeps its claim.
func SettleOffsets(scenes []Scene, samples map[string]Sample) (map[string]Offset, []Warning) {
	out := make(map[string]Offset, len(scenes))
	claims := make(map[string]Offset, len(scenes))
	for _, s := range scenes {
		claims[s.ID] = claimedOffset(s)
		out[s.ID] = claims[s.ID]
		if dn0, ok := darkWord(samples[s.ID]); ok {
			out[s.ID] = settle(claims[s.ID], dn0, fmt.Sprintf("darkest red of vegetation %.0f DN", samples[s.ID].DarkRed))
		}
	}
	byTile := map[string][]Scene{}
	for _, s := range scenes {
		byTile[s.tile()] = append(byTile[s.tile()], s)
	}
	for _, group := range byTile {
		medians := seasonMedians(group, samples, out)
		for _, s := range group {
			if _, sure := darkWord(samples[s.ID]); sure || medians == nil {
				continue
			}
			if dn0, step, ok := stepWord(samples[s.ID], medians, out[s.ID].DN0); ok {
				out[s.ID] = settle(claims[s.ID], dn0, fmt.Sprintf("red steps by %+.0f DN against the season's median of the same pixels", step))
			}
		}
	}
	var warns []Warning
	for _, s := range scenes {
		if d := out[s.ID].Disagreement; d != "" {
			warns = append(warns, Warning{"offset_contradicted", s.ID, d})
		}
	}
	return out, warns
}

func settle(claim Offset, dn0 float64, why string) Offset {
	if claim.DN0 == dn0 {
		return Offset{DN0: dn0, Reason: claim.Reason + "; pixels agree (" + why + ")"}
	}
	return Offset{DN0: dn0, Reason: "pixels: " + why,
		Disagreement: fmt.Sprintf("metadata claim an offset of %+g DN (%s) but the pixels show %+g (%s); the pixels were followed", claim.DN0, claim.Reason, dn0, why)}
}

// claimedOffset is what the metadata say.
func claimedOffset(s Scene) Offset {
	offset := s.Assets[B04].Offset * 10000
	switch {
	case s.Baseline != "" && s.Baseline < "04.00":
		return Offset{Reason: "processing baseline " + s.Baseline + " has no offset"}
	case s.Baseline != "" && s.OffsetApplied != nil && *s.OffsetApplied:
		return Offset{Reason: "processing baseline " + s.Baseline + ", already applied by the catalog"}
	case s.Baseline != "":
		return Offset{DN0: -1000, Reason: "processing baseline " + s.Baseline}
	case s.OffsetApplied != nil && *s.OffsetApplied:
		return Offset{Reason: "boa_offset_applied is true"}
	case s.OffsetApplied != nil && offset == 0:
		return Offset{DN0: -1000, Reason: "boa_offset_applied is false"}
	case offset != 0:
		return Offset{DN0: math.Round(offset), Reason: fmt.Sprintf("raster offset %g", s.Assets[B04].Offset)}
	}
	return Offset{Reason: "no metadata of an offset"}
}

// darkWord is what the darkest vegetation says by itself.
func darkWord(s Sample) (dn0 float64, ok bool) {
	switch {
	case s.Green < minGreenPixels:
		return 0, false
	case s.DarkRed < darkWithout:
		return 0, true
	case s.DarkRed > darkWith:
		return -1000, true
	}
	return 0, false
}

// seasonMedians is the median corrected red of each sampled pixel over dates.
func seasonMedians(group []Scene, samples map[string]Sample, settled map[string]Offset) []float64 {
	n := 0
	for _, s := range group {
		n = max(n, len(samples[s.ID].Red))
	}
	if n == 0 {
		return nil
	}
	out := make([]float64, n)
	var v []float64
	for i := range out {
		v = v[:0]
		for _, s := range group {
			if red := samples[s.ID].Red; i < len(red) && red[i] > 0 {
				v = append(v, float64(red[i])+settled[s.ID].DN0)
			}
		}
		out[i] = math.NaN()
		if len(v) >= 3 {
			sort.Float64s(v)
			out[i] = v[len(v)/2]
		}
	}
	return out
}

// stepWord compares a scene with the season's median under both offsets.
func stepWord(s Sample, medians []float64, dn0 float64) (other, step float64, ok bool) {
	var d []float64
	for i, v := range s.Red {
		if v > 0 && i < len(medians) && !math.IsNaN(medians[i]) {
			d = append(d, float64(v)+dn0-medians[i])
		}
	}
	if len(d) < minCommon {
		return 0, 0, false
	}
	sort.Float64s(d)
	step = d[len(d)/2]
	other = -1000 - dn0
	if dn0 != 0 && dn0 != -1000 {
		return 0, 0, false
	}
	if math.Abs(step) > jumpFar && math.Abs(step+other-dn0) < jumpNear {
		return other, step, true
	}
	return 0, 0, false
}
