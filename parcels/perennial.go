package parcels

import "slices"

// The marks of a perennial on the dekad axis.
const (
	evergreen   = 0.45 // NDVI that nine tenths of the time lie above
	yearAlmost  = 280  // days that must be seen before a perennial is called
	slowDays    = 215  // days above half of the amplitude in one season
	cutGreen    = 0.32 // NDVI that stays on a cut meadow, and not on bare or flooded ground
	cutDepth    = 0.06 // fall and rise of one cut on the smoothed curve
	cutsAtLeast = 2
	cutDays     = 200  // days the land stays green through its cuts
	deepTrough  = 0.55 // share of the lower peak's height below which a trough lies between two crops
	cropDays    = 60   // least days from such a trough to the peaks on both sides
)

// green reports whether the land stays green through most of a year.
func (c *curve) green() bool {
	return c.days() >= yearAlmost && quantile(c.v, 0.1) > evergreen
}

func (c *curve) days() int { return c.day[len(c.day)-1].Sub(c.day[0]) }

// perennial reports whether the land is green all the time, or is cut again
// and again without turning bare, or has one slow season.
func (c *curve) perennial(spans []span) bool {
	switch {
	case c.days() < yearAlmost:
		return false
	case c.green():
		return true
	case c.cutMeadow():
		return true
	case len(spans) != 1:
		return false
	}
	sp := spans[0]
	lo := c.v[lowest(c.v, sp.left, sp.right)]
	half := lo + 0.5*(c.v[sp.peak]-lo)
	above := 0
	for i := 1; i < len(c.v); i++ {
		if c.v[i-1] > half && c.v[i] > half {
			above += c.day[i].Sub(c.day[i-1])
		}
	}
	return above >= slowDays
}

// cutMeadow looks for a long green run with several cuts in it.
func (c *curve) cutMeadow() bool {
	for i := 0; i < len(c.v); {
		j := i
		for j < len(c.v) && c.v[j] > cutGreen {
			j++
		}
		if j > i && c.day[j-1].Sub(c.day[i]) >= cutDays && c.cuts(i, j) >= cutsAtLeast {
			return true
		}
		i = j + 1
	}
	return false
}

// cuts counts falls of at least cutDepth that are followed by such a rise. Two
// of them, one a deep trough between two long green spells, are no meadow but a
// crop after another with a dip in winter.
func (c *curve) cuts(from, to int) int {
	v := c.v[from:to]
	var highs, troughs []int
	high, low, falling := 0, 0, false
	for i := range v {
		switch {
		case !falling && v[i] > v[high]:
			high = i
		case !falling && v[i] < v[high]-cutDepth:
			falling, low = true, i
		case falling && v[i] < v[low]:
			low = i
		case falling && v[i] > v[low]+cutDepth:
			highs, troughs = append(highs, from+high), append(troughs, from+low)
			falling, high = false, i
		}
	}
	highs = append(highs, from+high)
	for k, t := range troughs {
		if len(troughs) <= cutsAtLeast && c.changeOfCrop(highs[k], t, highs[k+1]) {
			return 0
		}
	}
	return len(troughs)
}

// changeOfCrop reports whether a trough is deep and a crop's time away from the
// peaks on both sides.
func (c *curve) changeOfCrop(left, trough, right int) bool {
	base := slices.Min(c.v)
	lower := min(c.v[left], c.v[right])
	return c.v[trough]-base < deepTrough*(lower-base) &&
		c.day[trough].Sub(c.day[left]) >= cropDays && c.day[right].Sub(c.day[trough]) >= cropDays
}

// standing is the one cycle of a perennial.
func (c *curve) standing(id string) Cycle {
	last := len(c.v) - 1
	peak := peakOf(c.v, 0, last)
	return Cycle{ParcelID: id, Number: 1, Perennial: true, Emergence: c.day[0], Peak: c.day[peak], First: c.first, Last: c.first + last}
}
