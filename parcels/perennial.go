package parcels

// The marks of a perennial on the dekad axis.
const (
	evergreen   = 0.45 // NDVI that nine tenths of the time lie above
	yearAlmost  = 280  // days that must be seen before a perennial is called
	slowDays    = 215  // days above half of the amplitude in one season
	cutGreen    = 0.32 // NDVI that stays on a cut meadow, and not on bare or flooded ground
	cutDepth    = 0.06 // fall and rise of one cut on the smoothed curve
	cutsAtLeast = 2
	cutDays     = 200 // days the land stays green through its cuts
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
		if j > i && c.day[j-1].Sub(c.day[i]) >= cutDays && cuts(c.v[i:j]) >= cutsAtLeast {
			return true
		}
		i = j + 1
	}
	return false
}

// cuts counts falls of at least cutDepth that are followed by such a rise.
func cuts(v []float64) int {
	n := 0
	high, low, falling := v[0], v[0], false
	for _, x := range v {
		switch {
		case !falling && x > high:
			high = x
		case !falling && x < high-cutDepth:
			falling, low = true, x
		case falling && x < low:
			low = x
		case falling && x > low+cutDepth:
			falling, high = false, x
			n++
		}
	}
	return n
}

// standing is the one cycle of a perennial.
func (c *curve) standing(id string) Cycle {
	last := len(c.v) - 1
	peak := peakOf(c.v, 0, last)
	return Cycle{ParcelID: id, Number: 1, Perennial: true, Emergence: c.day[0], Peak: c.day[peak], First: c.first, Last: c.first + last}
}
