package parcels

import (
	"math"
	"slices"
)

// regrowth is the NDVI a field must rise by after its lowest point for the fall
// to be over.
const regrowth = 0.04

// harvest dates the end of a crop: seen where the curve has fallen to its
// level, predicted where it has only turned, left open before that.
func (c *curve) harvest(cy *Cycle, sp span, hi int, opt CycleOptions) {
	v := c.v
	last := len(v) - 1
	peak := v[sp.peak]
	base := v[hi]
	if sp.right == last {
		// The fall may not be over: the level is that of the ground before the
		// crop, unless the curve already lies lower, or went far down and
		// rises again (what grows after a harvest).
		ground := v[lowest(v, sp.left, sp.peak)]
		if sp.peak == sp.left {
			ground = 0.3
		}
		if over := v[last] > v[hi]+regrowth && peak-v[hi] >= 0.5*(peak-ground); !over {
			base = math.Min(base, ground)
		}
	}
	level := base + opt.Harvest*(peak-base)
	i := sp.peak
	for i < sp.right && v[i+1] > level {
		i++
	}
	if i < sp.right && peak-v[hi] >= opt.MinAmplitude {
		cy.Last = c.first + i + 1
		c.seenHarvest(cy, i, level)
		return
	}
	cy.Last = c.first + sp.right
	if sp.right < last { // a trough that does not reach the level still ends the crop
		c.around(cy, sp.right-1, sp.right, c.day[sp.right])
		cy.Complete = true
		return
	}
	if fallen := peak - v[last]; fallen >= 0.15*(peak-base) && last > sp.peak {
		c.predictHarvest(cy, sp, fallen, v[last]-level)
	}
}

// seenHarvest: the curve passes the level between i and i+1.
func (c *curve) seenHarvest(cy *Cycle, i int, level float64) {
	day := crossing(c.day[i], c.day[i+1], c.v[i], c.v[i+1], level)
	c.around(cy, i, i+1, day)
	cy.Complete = true
}

// around sets the quartiles of the harvest day: even over the time between the
// last look before and the first look after, and never narrower than one dekad,
// which is what the curve resolves.
func (c *curve) around(cy *Cycle, i, j int, day Date) {
	for i > 0 && !c.seen[i] {
		i--
	}
	for j+1 < len(c.seen) && !c.seen[j] {
		j++
	}
	gap := max(c.day[j].Sub(c.day[i]), 10)
	spread := int(math.Ceil(float64(gap) / 4))
	cy.HarvestP25, cy.HarvestP50, cy.HarvestP75 = day.Add(-spread), day, day.Add(spread)
}

// predictHarvest is the middle of two guesses: that the fall goes on at the
// faster of its pace since the peak and its pace over the last two dekads, which
// comes late because ripening speeds up, and that it takes as long as the rise
// did, which comes early (the 0.7 brings the median error on labelled fields
// near zero). The spread is what was
// found on labelled fields: a third of the time still to go, at least eight
// days.
func (c *curve) predictHarvest(cy *Cycle, sp span, fallen, rest float64) {
	last := len(c.v) - 1
	since := float64(c.day[last].Sub(c.day[sp.peak]))
	rise := float64(c.day[sp.peak].Sub(cy.Emergence))
	byPace := rest / fallen * since
	if k := last - 2; k >= sp.peak && c.v[k] > c.v[last] {
		byPace = math.Min(byPace, rest/(c.v[k]-c.v[last])*float64(c.day[last].Sub(c.day[k])))
	}
	left := math.Max((0.7*math.Min(byPace, 90)+math.Max(rise-since, 0))/2, 7)
	day := c.day[last].Add(int(math.Round(left)))
	if !day.After(c.asOf) { // not seen fallen by as-of, so still to come
		day = c.asOf.Add(1)
	}
	spread := max(8, int(math.Ceil(left/3)))
	cy.HarvestP25, cy.HarvestP50, cy.HarvestP75 = day.Add(-spread), day, day.Add(spread)
}

// quantile of values, by sorting a copy.
func quantile(v []float64, q float64) float64 {
	s := slices.Clone(v)
	slices.Sort(s)
	return s[int(math.Round(q*float64(len(s)-1)))]
}
