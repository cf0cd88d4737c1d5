package models

import (
	"math"
	"slices"

	"github.com/parus-lending/parus/parcels"
)

// Look is one date of a place: reflectance 0–1 in the order of
// raster.OpticalBands and VV, VH in dB; NaN = not observed.
type Look struct {
	Day   parcels.Date
	Bands [10]float64
	Radar [2]float64
}

const (
	yearDays  = 365  // of a series end with its last date
	cloudyB02 = 0.20 // a date brighter than this in blue is cloud, haze or snow
)

// CropWindow puts the dates of one place, in any order, on the axis of the crop
// networks: the calendar year they lie in, or, where they lie in more than one,
// the 365 days that end with the last, placed on the dekads of the calendar. A
// dekad with several dates gets the median of each band over them, and the mean
// of the linear power of each polarisation. South of the equator (lat < 0) the
// year is shifted by 18 dekads, so that summers fall together; NaN = north.
//
// Bands of a date with B02 above 0.20 (cloud, haze, snow) are left out, as in
// training, unless fewer than minDates dates are darker: then it is the ground
// that is bright (film, greenhouses), and all count.
func CropWindow(looks []Look, lat float64, minDates int) CropInput {
	in := EmptyCropInput()
	if len(looks) == 0 {
		return in
	}
	first, last := looks[0].Day, looks[0].Day
	for _, l := range looks {
		if l.Day.Before(first) {
			first = l.Day
		}
		if l.Day.After(last) {
			last = l.Day
		}
	}
	shift := 0
	if lat < 0 {
		shift = dekads / 2
	}
	var by [dekads][]int
	dark := 0
	for i, l := range looks {
		if first.Year != last.Year && last.Sub(l.Day) >= yearDays {
			continue
		}
		d := (parcels.DekadOf(l.Day).Index + shift) % dekads
		by[d] = append(by[d], i)
		if l.Bands[0] <= cloudyB02 {
			dark++
		}
	}
	brightest := cloudyB02
	if dark < minDates {
		brightest = math.Inf(1)
	}
	values := make([]float64, 0, len(looks))
	for d, who := range by {
		for b := range in.Bands[d] {
			values = values[:0]
			for _, i := range who {
				if v := looks[i].Bands[b]; !math.IsNaN(v) && !(looks[i].Bands[0] > brightest) {
					values = append(values, v)
				}
			}
			in.Bands[d][b] = middle(values)
		}
		for k := range in.Radar[d] {
			sum, n := 0.0, 0
			for _, i := range who {
				if v := looks[i].Radar[k]; !math.IsNaN(v) {
					sum, n = sum+math.Pow(10, v/10), n+1
				}
			}
			if n > 0 {
				in.Radar[d][k] = 10 * math.Log10(sum/float64(n))
			}
		}
	}
	return in
}

// middle is the median, NaN of nothing. It sorts v.
func middle(v []float64) float64 {
	n := len(v)
	if n == 0 {
		return math.NaN()
	}
	slices.Sort(v)
	if n%2 == 1 {
		return v[n/2]
	}
	return (v[n/2-1] + v[n/2]) / 2
}
