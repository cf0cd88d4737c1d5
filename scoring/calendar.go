package scoring

import (
	"fmt"
	"time"
)

// MonthDay is a day of any year.
type MonthDay struct {
	Month time.Month
	Day   int
}

// UnmarshalText reads "06-15".
func (m *MonthDay) UnmarshalText(b []byte) error {
	t, err := time.Parse("01-02", string(b))
	if err != nil {
		return fmt.Errorf("%q is not a day of the year: write it as 06-15", b)
	}
	if t.Month() == time.February && t.Day() == 29 {
		return fmt.Errorf("02-29 is not a day of every year: write 02-28")
	}
	m.Month, m.Day = t.Month(), t.Day()
	return nil
}

func (m MonthDay) in(year int) Date { return Date{Year: year, Month: m.Month, Day: m.Day} }

// onOrAfter is the first such day not before d.
func (m MonthDay) onOrAfter(d Date) Date {
	if x := m.in(d.Year); !x.Before(d) {
		return x
	}
	return m.in(d.Year + 1)
}

// onOrBefore is the last such day not after d.
func (m MonthDay) onOrBefore(d Date) Date {
	if x := m.in(d.Year); !x.After(d) {
		return x
	}
	return m.in(d.Year - 1)
}

// Period is one growing of a crop by the calendar.
type Period struct {
	Planting Date
	Visible  Date // by then a normal canopy has been seen
	Harvest  Date // P75
}

// shortestCrop is the least time from planting to harvest, in days.
const shortestCrop = 30

// Period places a crop in the calendar: its first harvest after the planting
// day, or, where that is not known, its first harvest on or after from. It
// reports false for a crop that the credit policy does not know.
func (cp *CreditPolicy) Period(crop string, planting, from Date) (Period, bool) {
	c, ok := cp.Crops[crop]
	if !ok || from.IsZero() && planting.IsZero() {
		return Period{}, false
	}
	return c.period(planting, from), true
}

func (c *Crop) period(planting, from Date) Period {
	if planting.IsZero() {
		h := c.HarvestP75.onOrAfter(from)
		return Period{c.Planting.onOrBefore(h), c.Visible.onOrBefore(h), h}
	}
	h := c.HarvestP75.onOrAfter(planting.Add(shortestCrop))
	v := c.Visible.onOrBefore(h)
	if soonest := planting.Add(45); v.Before(soonest) {
		v = soonest
	}
	return Period{planting, v, h}
}

// days is the length of the period.
func (p Period) days() int { return p.Harvest.Sub(p.Planting) + 1 }

// overlapDays counts the days that [a, b] shares with [c, d]; a zero a or c is
// always, a zero b or d is open. Two open ends count as many days.
func overlapDays(a, b, c, d Date) int {
	from, to := a, b
	if from.IsZero() || !c.IsZero() && c.After(from) {
		from = c
	}
	if to.IsZero() || !d.IsZero() && d.Before(to) {
		to = d
	}
	if from.IsZero() || to.IsZero() {
		return 1 << 20
	}
	if n := to.Sub(from) + 1; n > 0 {
		return n
	}
	return 0
}

// sameGroup reports whether one crop may be taken for the other from space.
func (cp *CreditPolicy) sameGroup(a, b string) bool {
	return a == b || cp.Crops[a].Group != "" && cp.Crops[a].Group == cp.Crops[b].Group
}
