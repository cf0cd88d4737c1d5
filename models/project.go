package models

import (
	"math"
	"time"

	"github.com/parus-lending/parus/parcels"
)

// The shape of canopies still to come.
const (
	peakAt     = 0.65 // share of the cycle's warm light at which FAPAR is expected highest: days would mislead for winter crops
	fadeFrom   = 0.75 // from here it falls
	fadeTo     = 0.3  // of its peak, at harvest
	usualPeak  = 0.80
	recentDays = 30
	firstDays  = 10
)

// project adds what the days between the last seen one and harvest may bring:
// absorbed warm light (Σ R · f(T) · FAPAR) and the warm light itself (Σ R ·
// f(T)).
//
// A day to come has the weather of the known day that mirrors it in the year
// (15 April like 26 October, about 20 January; 10 August like 29 June, about 20
// July), its radiation scaled by the sun's height in the two seasons. Where the
// mirrored day is not known it is like the last thirty days, or while it gets
// warmer like the first ten if those were better. FAPAR rises to its expected
// peak, the nearer to the usual 0.80 the earlier it is, holds, and fades to
// harvest. Northern hemisphere.
func project(in YieldInput, light []float64, weather weatherByDay, co Coefficients) (absorbed, total float64) {
	n := len(in.FAPARDays)
	days := in.Harvest.Sub(in.Emergence) + 1
	if days <= n {
		return 0, 0
	}
	overhead := make([]float64, n) // warm light as it would be under an equal sun
	for i, l := range light {
		overhead[i] = l / sunHeight(in.Emergence.Add(i))
	}
	recent, first := meanKnown(overhead[max(0, n-recentDays):]), meanKnown(overhead[:min(n, firstDays)])
	var ahead []float64
	for i := n; i < days; i++ {
		day := in.Emergence.Add(i)
		l := recent
		if d, ok := weather.at(weather.place(mirror(day))); ok {
			l = d.RadiationMJ * warmth(d.TmeanC, co) / sunHeight(d.Date)
		} else if warming(day) {
			l = math.Max(recent, first)
		}
		l *= sunHeight(day)
		ahead = append(ahead, l)
		total += l
	}
	known := meanKnown(light) * float64(n)
	if known+total <= 0 {
		return 0, 0
	}
	now := math.Max(in.FAPARDays[n-1], 0)
	begun := known / (known + total)
	peak := math.Max(now, now+(usualPeak-now)*math.Max(0, 1-begun/peakAt))
	fallen := known
	for _, l := range ahead {
		fallen += l
		absorbed += l * canopy(fallen/(known+total), begun, now, peak)
	}
	return absorbed, total
}

// canopy is the FAPAR expected at a share of the cycle's warm light, seen up to
// begun.
func canopy(share, begun, now, peak float64) float64 {
	top := peak
	if begun < peakAt {
		top = now + (peak-now)*math.Min(1, (share-begun)/(peakAt-begun))
	}
	from := math.Max(begun, fadeFrom)
	if share <= from {
		return top
	}
	return top * (1 - (1-fadeTo)*(share-from)/(1-fadeFrom))
}

// mirror is the day on the other side of the coldest (20 January) or hottest
// (20 July) time that lies before the day.
func mirror(day parcels.Date) parcels.Date {
	turn := parcels.Date{Year: day.Year, Month: time.July, Day: 20}
	if day.Before(turn) {
		turn = parcels.Date{Year: day.Year, Month: time.January, Day: 20}
	}
	if day.Before(turn) {
		turn = parcels.Date{Year: day.Year - 1, Month: time.July, Day: 20}
	}
	return turn.Add(-day.Sub(turn))
}

// warming reports whether the day lies between the coldest and hottest time.
func warming(day parcels.Date) bool {
	return !day.Before(parcels.Date{Year: day.Year, Month: time.January, Day: 20}) && day.Before(parcels.Date{Year: day.Year, Month: time.July, Day: 20})
}

// sunHeight is the daily radiation above the atmosphere near 35° N, MJ/m²: 17 in
// December, 42 in June (FAO-56 table 2.6), a cosine between.
func sunHeight(day parcels.Date) float64 {
	since := day.Sub(parcels.Date{Year: day.Year, Month: time.January, Day: 1}) + 11 // 21 December
	return 29.5 - 12.4*math.Cos(2*math.Pi*float64(since)/365.25)
}

// meanKnown is the mean of what is not NaN; 0 where nothing is.
func meanKnown(v []float64) float64 {
	var sum, n float64
	for _, x := range v {
		if !math.IsNaN(x) {
			sum += x
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / n
}
