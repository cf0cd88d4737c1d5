package sample

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/parus-lending/parus/raster"
)

// spectraCSV holds the median reflectance of each crop per ten days and band
// with its quartiles, from labelled series kept out of the networks' training
// (training/crop_spectra.py wrote it; the source stands in each row).
//
//go:embed spectra.csv
var spectraCSV string

const (
	dekads  = 36
	dekadDy = 365.25 / dekads
	bands   = 10 // raster.OpticalBands
)

// spectrum is one reading of all bands.
type spectrum [bands]float64

// curve is a crop's year: median and quartile range per dekad and band.
type curve struct{ median, spread [dekads]spectrum }

// readSpectra reads the table. Medians are smoothed lightly over neighbouring
// dekads: single hazy dates of the source would otherwise stay in.
func readSpectra(text string) (map[string]*curve, error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read spectra table: %w", err)
	}
	at := map[raster.Band]int{}
	for i, b := range raster.OpticalBands {
		at[b] = i
	}
	raw := map[string]*curve{}
	seen := map[string]int{}
	for i, r := range rows[1:] {
		k, err := strconv.Atoi(r[1])
		b, known := at[raster.Band(r[2])]
		var v [3]float64
		for j := range v {
			x, e := strconv.ParseFloat(r[3+j], 64)
			if e != nil {
				err = e
			}
			v[j] = x
		}
		if err != nil || !known || k < 1 || k > dekads {
			return nil, fmt.Errorf("spectra table, row %d: %v is not crop,dekad,band,median,p25,p75: %v", i+2, r, err)
		}
		if raw[r[0]] == nil {
			raw[r[0]] = &curve{}
		}
		raw[r[0]].median[k-1][b] = v[0]
		raw[r[0]].spread[k-1][b] = max(v[2]-v[1], 0)
		seen[r[0]]++
	}
	out := map[string]*curve{}
	for crop, c := range raw {
		if seen[crop] != dekads*bands {
			return nil, fmt.Errorf("spectra table: %s has %d of %d rows", crop, seen[crop], dekads*bands)
		}
		s := &curve{spread: c.spread}
		for k := range dekads {
			a, z := max(k-1, 0), min(k+1, dekads-1)
			for b := range bands {
				s.median[k][b] = (c.median[a][b] + 2*c.median[k][b] + c.median[z][b]) / 4
			}
		}
		out[crop] = s
	}
	return out, nil
}

// on is the curve on a day of the year (1–366), linear between the middles of
// the dekads.
func (c *curve) on(day float64) (median, spread spectrum) {
	x := max(0, min(dekads-1, day/dekadDy-.5))
	k := int(x)
	z := min(k+1, dekads-1)
	t := x - math.Floor(x)
	for b := range bands {
		median[b] = c.median[k][b]*(1-t) + c.median[z][b]*t
		spread[b] = c.spread[k][b]*(1-t) + c.spread[z][b]*t
	}
	return median, spread
}

func blend(a, b spectrum, t float64) spectrum {
	for i := range a {
		a[i] += (b[i] - a[i]) * t
	}
	return a
}

func (s spectrum) ndvi() float64 { return (s[6] - s[2]) / (s[6] + s[2]) }
