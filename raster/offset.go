package raster

import (
	"fmt"
	"math"
	"slices"
)

// Limits of the pixels' word on the offset. Blue and red of vegetation are
// 0.01–0.08 reflectance and its short-wave infrared 0.04–0.15: the darkest
// twentieth lies below 850 DN without the offset and above 1050 (1200) with it.
const (
	minPixels     = 60
	darkWithout   = 850 // DN
	darkWith      = 1050
	darkWithBlue  = 950 // atmospheric correction takes dark blue down to −0.005
	darkWithSWIR  = 1200
	jump          = 1000 // DN: what a wrong offset moves a scene by
	jumpTolerance = 350  // in blue, which changes least with the season
	jumpOthers    = 300  // at least this in red and short-wave infrared
	minDates      = 3    // of a pixel, for a median
)

// SettleOffsets decides the radiometric offset of every scene once, for the
// whole scene: first what its metadata claim (processing baseline, then the
// boa_offset_applied flag, then the raster offset), then whether the pixels
// agree: the darkest vegetation, and the step against the season's median of
// the same pixels. Clear pixels win over metadata; each disagreement is a
// warning. A scene with too few clear pixels keeps its claim.
func SettleOffsets(scenes []Scene, samples map[string]Sample) (map[string]Offset, []Warning) {
	out := make(map[string]Offset, len(scenes))
	claims := make(map[string]Offset, len(scenes))
	byTile := map[string][]Scene{}
	for _, s := range scenes {
		claims[s.ID] = claimedOffset(s)
		out[s.ID] = claims[s.ID]
		if dn0, why, ok := darkWord(samples[s.ID]); ok {
			out[s.ID] = settle(claims[s.ID], dn0, why)
		}
		byTile[s.tile()] = append(byTile[s.tile()], s)
	}
	for _, group := range byTile {
		medians := seasonMedians(group, samples, out)
		stepped := map[string]Offset{}
		for _, s := range group {
			_, _, sure := darkWord(samples[s.ID])
			dn0, why, ok := stepWord(samples[s.ID], medians, out[s.ID].DN0)
			if ok && (!sure || dn0 == claims[s.ID].DN0) {
				stepped[s.ID] = settle(claims[s.ID], dn0, why)
			}
		}
		for id, o := range stepped {
			out[id] = o
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

// ClaimedOffset is what the scene's metadata say of its radiometric offset,
// before SettleOffsets asks the pixels.
func (s Scene) ClaimedOffset() Offset { return claimedOffset(s) }

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

// darkWord is what the darkest vegetation, or else the darkest land, says by
// itself.
func darkWord(s Sample) (dn0 float64, why string, ok bool) {
	blue, red, swir := s.Dark[0], s.Dark[1], s.Dark[2]
	switch {
	case s.Usable < minPixels:
		return 0, "", false
	case s.Green < minPixels:
		if d := s.DarkAll[0]; d > 0 && d < darkWithout {
			return 0, fmt.Sprintf("darkest land %.0f DN in blue", d), true
		}
	case red < darkWithout && blue < darkWithout:
		return 0, fmt.Sprintf("darkest vegetation %.0f DN in blue, %.0f in red", blue, red), true
	case red > darkWith && (blue == 0 || blue > darkWithBlue) && (swir == 0 || swir > darkWithSWIR):
		return -jump, fmt.Sprintf("darkest vegetation %.0f DN in blue, %.0f in red, %.0f in short-wave infrared", blue, red, swir), true
	}
	return 0, "", false
}

// seasonMedians is the median corrected DN of each sampled pixel over dates, by
// sampleBands; NaN where it was seen too seldom.
func seasonMedians(group []Scene, samples map[string]Sample, settled map[string]Offset) (out [3][]float64) {
	var v []float64
	for k := range out {
		n := 0
		for _, s := range group {
			n = max(n, len(samples[s.ID].DN[k]))
		}
		out[k] = make([]float64, n)
		for i := range n {
			v = v[:0]
			for _, s := range group {
				if dn := samples[s.ID].DN[k]; i < len(dn) && dn[i] > 0 {
					v = append(v, float64(dn[i])+settled[s.ID].DN0)
				}
			}
			out[k][i] = math.NaN()
			if len(v) >= minDates {
				slices.Sort(v)
				out[k][i] = v[len(v)/2]
			}
		}
	}
	return out
}

// stepWord compares a scene with the season's median of its ground: the other
// offset, where all bands step away by what an offset would.
func stepWord(s Sample, medians [3][]float64, dn0 float64) (other float64, why string, ok bool) {
	if dn0 != 0 && dn0 != -jump {
		return 0, "", false
	}
	other = -jump - dn0
	var step [3]float64
	for k, dn := range s.DN {
		var d []float64
		for i, v := range dn {
			if v > 0 && i < len(medians[k]) && !math.IsNaN(medians[k][i]) {
				d = append(d, float64(v)+dn0-medians[k][i])
			}
		}
		if len(d) < minPixels {
			return 0, "", false
		}
		slices.Sort(d)
		step[k] = d[len(d)/2]
	}
	want := dn0 - other // +1000 where the offset was left in, −1000 where it was taken twice
	towards := math.Copysign(1, want)
	if math.Abs(step[0]-want) > jumpTolerance || step[1]*towards < jumpOthers || step[2]*towards < jumpOthers {
		return 0, "", false
	}
	return other, fmt.Sprintf("steps of %+.0f, %+.0f, %+.0f DN in blue, red, short-wave infrared against the season's median of the same pixels", step[0], step[1], step[2]), true
}
