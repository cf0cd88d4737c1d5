package parcels

import (
	"math"

	"github.com/parus-lending/parus/raster"
)

// Verdict is what a plot's own past and future say of one look at it.
type Verdict uint8

// The verdicts of time. A change that stays (harvest, ploughing, flooding, snow
// that comes or melts, film) is clear: only what the looks before and after both
// contradict is not.
const (
	NoWitness  Verdict = iota // no look near enough in time
	TimeClear                 // goes with the looks before and after
	Suspect                   // hazy, dark or less green than both: cloud, or a short event
	TimeCloud                 // cloud or haze that the mask missed
	TimeShadow                // its shadow
)

func (v Verdict) String() string {
	return [...]string{"", "clear", "suspect", "cloud", "shadow"}[v]
}

const (
	witnessDays = 25 // a look farther away is no witness
	quickDays   = 12 // no crop falls and stands again between looks this near

	// Haze is B02 − B04/2 (HOT, the haze-optimised transform: Zhang, Guindon &
	// Cihlar 2002, Remote Sensing of Environment 82, with the slope of Zhu &
	// Woodcock 2012, ibid. 118, eq. 3). Ploughing, harvest and drought brighten
	// red about twice as much as blue and leave it as it was; cloud and haze are
	// white and raise it.
	hazeCloud   = 0.025 // rise above both sides: cloud
	hazeSuspect = 0.012 // rise above both sides: suspect
	brightLand  = 0.12  // blue beyond this is film, glass or salt, which varies more:
	hazeOfLand  = 0.30  // so much of what lies beyond is added to the two
	dip         = 0.10  // NDVI below both sides that goes with haze
	deepDip     = 0.15  // NDVI below the line between both, alone

	// One side alone contradicts only what is as bright as cloud.
	brightB02   = 0.20
	brightSpike = 0.06

	// Shadow darkens every band; water leaves the visible as it was.
	shadowNIR, shadowSWIR, shadowGreen = 0.65, 0.70, 0.60 // share of the darker side
	darkNIR, darkSWIR                  = 0.75, 0.75       // suspect
)

// judgeByTime gives each look, in the order of time, its verdict. Looks found to
// be cloud or shadow are no witnesses of the others.
func judgeByTime(ls []look) []Verdict {
	out := make([]Verdict, len(ls))
	gone := make([]bool, len(ls))
	for range 3 {
		found := false
		for i := range ls {
			if gone[i] {
				continue
			}
			out[i] = witnessesOf(ls, gone, i).judge(&ls[i])
		}
		for i, v := range out {
			if (v == TimeCloud || v == TimeShadow) && !gone[i] {
				gone[i], found = true, true
			}
		}
		if !found {
			break
		}
	}
	return out
}

// witnesses are the looks of other days near to one: the nearest first, at most
// two on a side.
type witnesses struct{ before, after []*look }

func witnessesOf(ls []look, gone []bool, i int) witnesses {
	side := func(step int) []*look {
		var out []*look
		for k := i + step; k >= 0 && k < len(ls) && len(out) < 2; k += step {
			if math.Abs(ls[k].time.Sub(ls[i].time).Hours()) > witnessDays*24 {
				break
			}
			if !gone[k] && DateOf(ls[k].time.UTC()) != DateOf(ls[i].time.UTC()) {
				out = append(out, &ls[k])
			}
		}
		return out
	}
	return witnesses{side(-1), side(+1)}
}

func (w witnesses) judge(x *look) Verdict {
	blue := x.band(raster.B02)
	spikes := func(side []*look) bool {
		return len(side) > 0 && blue > brightB02 && blue-side[0].band(raster.B02) > brightSpike &&
			x.haze()-side[0].haze() > hazeCloud+hazeOfLand*beyond(side[0].band(raster.B02))
	}
	switch {
	case len(w.before) == 0 && len(w.after) == 0:
		return NoWitness
	case len(w.after) == 0:
		if spikes(w.before) {
			return TimeCloud
		}
		return NoWitness
	case len(w.before) == 0:
		if spikes(w.after) {
			return TimeCloud
		}
		return NoWitness
	}
	before, after := w.before[0], w.after[0]
	// Hazy dates come in pairs: the clearer of two looks speaks for its side.
	side := math.Max(clearest(w.before), clearest(w.after))
	rise := x.haze() - side - hazeOfLand*beyond(math.Max(before.band(raster.B02), after.band(raster.B02)))
	below := math.Min(before.ndvi(), after.ndvi()) - x.ndvi()
	switch {
	case rise > hazeCloud, rise > hazeSuspect && below > dip:
		return TimeCloud
	case x.darker(shadowNIR, before, after, raster.B08) && x.darker(shadowSWIR, before, after, raster.B11) && x.darker(shadowGreen, before, after, raster.B03):
		return TimeShadow
	case rise > hazeSuspect, x.darker(darkNIR, before, after, raster.B08) && x.darker(darkSWIR, before, after, raster.B11):
		return Suspect
	}
	span := after.time.Sub(before.time).Hours()
	line := before.ndvi() + x.time.Sub(before.time).Hours()/span*(after.ndvi()-before.ndvi())
	if line-x.ndvi() > deepDip && below > deepDip/2 && span <= 2*quickDays*24 {
		return Suspect
	}
	return TimeClear
}

// haze is NaN where blue or red is missing.
func (l *look) haze() float64 { return l.band(raster.B02) - l.band(raster.B04)/2 }

func beyond(blue float64) float64 { return math.Max(0, blue-brightLand) }

// clearest is the least haze of the looks.
func clearest(ls []*look) float64 {
	least := math.NaN()
	for _, l := range ls {
		if h := l.haze(); !(h >= least) {
			least = h
		}
	}
	return least
}

// darker reports whether the band is below a share of both looks; a band that is
// missing is not.
func (l *look) darker(share float64, before, after *look, b raster.Band) bool {
	return l.band(b) < share*math.Min(before.band(b), after.band(b))
}
