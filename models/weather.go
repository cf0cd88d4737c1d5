package models

import "github.com/parus-lending/parus/parcels"

// weatherByDay finds a day's weather by its place: days after the first one.
type weatherByDay struct {
	days []WeatherDay
	gaps map[int]int // place → index in days; nil where the days follow each other without a gap, as they nearly always do
}

func byDay(days []WeatherDay) weatherByDay {
	w := weatherByDay{days: days}
	for i := 1; i < len(days); i++ {
		if follows(days[i-1].Date, days[i].Date) {
			continue
		}
		w.gaps = make(map[int]int, len(days))
		for k, d := range days {
			w.gaps[w.place(d.Date)] = k
		}
		break
	}
	return w
}

// follows reports whether b is the day after a; within a month without counting.
func follows(a, b parcels.Date) bool {
	return a.Year == b.Year && a.Month == b.Month && a.Day+1 == b.Day || b.Sub(a) == 1
}

func (w *weatherByDay) place(day parcels.Date) int {
	if len(w.days) == 0 {
		return 0
	}
	return day.Sub(w.days[0].Date)
}

func (w *weatherByDay) at(place int) (*WeatherDay, bool) {
	if w.gaps != nil {
		k, ok := w.gaps[place]
		return &w.days[k], ok
	}
	if place < 0 || place >= len(w.days) {
		return nil, false
	}
	return &w.days[place], true
}
