package main

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/parus-lending/parus/models"
)

// earlierYears is how many years of statistics must lie before the year judged.
const earlierYears = 3

// yields is kg/mu by place and year.
type yields map[string]map[int]float64

// counties judges each year by the statistics of the years before it, as a run
// does at planting.
func counties(data string, table models.CoefficientTable) error {
	folder := filepath.Join(data, "yield_county_china")
	henan, err := readYields(filepath.Join(folder, "henan_winter_wheat_monthly.csv"), "城市", "harvest_year", "单位产量")
	if err != nil {
		return err
	}
	dongting, err := readYields(filepath.Join(folder, "hunan_dongting_rice_yield.csv"), "county", "year", "yield_t_ha")
	if err != nil {
		return err
	}
	until2017 := func(year int) bool { return year <= 2017 }
	only2018 := func(year int) bool { return year == 2018 }
	every := func(int) bool { return true }
	fmt.Print("## County statistics alone (baseline: mean of the last 3 years)\n\n", head)
	for _, set := range []struct {
		name string
		crop string
		y    yields
		take func(int) bool
	}{
		{"Henan wheat", "winter_wheat", henan, every},
		{"Dongting rice to 2017", "rice", dongting, until2017},
		{"Dongting rice 2018 (series break)", "rice", dongting, only2018},
	} {
		for _, window := range []int{0, 3} {
			name := set.name + ", mean of all earlier years"
			if window > 0 {
				name = fmt.Sprintf("%s, mean of the last %d years", set.name, window)
			}
			whole, years := judge(set.crop, set.y, window, set.take, table)
			fmt.Print(row(name, whole), row(name+": years' spread alone", years))
		}
	}
	fmt.Println()
	return nil
}

// judge is every place and year with enough years before it: the estimate as it
// stands, and the same median with the spread between years only, which is all
// that the yield of a whole county can test. The mean given is that of so many
// last years (0 = all), the spread always that of all.
func judge(crop string, all yields, window int, take func(int) bool, table models.CoefficientTable) (whole, between []pair) {
	for _, place := range slices.Sorted(maps.Keys(all)) {
		series := all[place]
		years := slices.Sorted(maps.Keys(series))
		for i, year := range years {
			if i < earlierYears || !take(year) {
				continue
			}
			var before []float64
			for _, y := range years[:i] {
				before = append(before, series[y])
			}
			mean, sd := meanSD(before)
			last, _ := meanSD(before[i-earlierYears:])
			if window > 0 {
				mean, _ = meanSD(before[max(0, i-window):])
			}
			est := models.EstimateYield(models.YieldInput{Crop: crop, County: &models.CountyYield{Crop: crop, Years: i, MeanKg: mean, SDKg: sd}}, table)
			whole = append(whole, pair{est, series[year], last})
			between = append(between, pair{around(est.P50, sd), series[year], last})
		}
	}
	return whole, between
}

// around is a normal curve by its quantiles.
func around(mean, sd float64) models.YieldResult {
	return models.YieldResult{P10: mean - 1.2815515655*sd, P25: mean - 0.6744897502*sd, P50: mean, P90: mean + 1.2815515655*sd, OK: true}
}

// meanSD is the mean and the sample deviation, as a season takes them from its
// statistics.
func meanSD(v []float64) (mean, sd float64) {
	for _, x := range v {
		mean += x
	}
	mean /= float64(len(v))
	for _, x := range v {
		sd += (x - mean) * (x - mean)
	}
	if len(v) > 1 {
		sd = math.Sqrt(sd / float64(len(v)-1))
	}
	return mean, sd
}

// readYields reads t/ha by place and year; the file may repeat a year by month.
func readYields(name, place, year, value string) (yields, error) {
	rows, err := readTable(name)
	if err != nil {
		return nil, err
	}
	out := yields{}
	for i, r := range rows {
		y, err := strconv.Atoi(r[year])
		v, err2 := strconv.ParseFloat(r[value], 64)
		if err := cmp.Or(err, err2); err != nil {
			if r[value] == "" {
				continue // not reported
			}
			return nil, fmt.Errorf("%s row %d: %w", name, i+2, err)
		}
		if out[r[place]] == nil {
			out[r[place]] = map[int]float64{}
		}
		out[r[place]][y] = v * 1000 / 15
	}
	return out, nil
}
