package parcels

// The marks of a perennial on the dekad axis.
const (
	evergreen  = 0.45 // NDVI that nine tenths of the time lie above
	cutTrough  = 0.30 // NDVI that stays on a cut meadow, and not on bare or flooded ground
	cutsAYear  = 3    // peaks in a year that are cuts rather than crops, with green troughs
	slowDays   = 215  // days above half of the amplitude in one season
	yearAlmost = 280  // days that must be seen before a perennial is called
)

// green reports whether the land stays green through most of a year.
func (c *curve) green() bool {
	return c.day[len(c.day)-1].Sub(c.day[0]) >= yearAlmost && quantile(c.v, 0.1) > evergreen
}

func (c *curve) perennial(spans []span) bool {
	days := c.day[len(c.day)-1].Sub(c.day[0])
	if days < yearAlmost {
		return false
	}
	if c.green() {
		return true
	}
	greenCuts := 0
	for k := 0; k+1 < len(spans); k++ {
		if c.v[spans[k].right] > cutTrough {
			greenCuts++
		}
	}
	if greenCuts+1 >= cutsAYear*((days+180)/365) && greenCuts >= cutsAYear-1 {
		return true
	}
	if len(spans) != 1 {
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

// standing is the one cycle of a perennial.
func (c *curve) standing(id string) Cycle {
	last := len(c.v) - 1
	peak := peakOf(c.v, 0, last)
	return Cycle{ParcelID: id, Number: 1, Perennial: true, Emergence: c.day[0], Peak: c.day[peak], First: c.first, Last: c.first + last}
}
