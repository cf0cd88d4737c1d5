package main

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
)

// The series has no B8A and one SWIR band, so the growth networks cannot run:
// FAPAR is 1.1638 NDVI − 0.1426, a straight line as in Myneni & Williams (1994);
// the two numbers were not checked against the paper. No mask comes with it either: dates with more than cloudyBlue in the blue are left out. From
// 25 January 2022 on the numbers carry the offset of baseline 04.00. Emergence
// is not told: rice of the Mekong Delta stands about 95 days.
const (
	slope, intercept = 1.1638, -0.1426
	mostFAPAR        = 0.94
	cloudyBlue       = 0.12
	standingDays     = 95
)

var offsetSince = parcels.Date{Year: 2022, Month: time.January, Day: 25}

type field struct {
	id, district, season string
	harvest              parcels.Date
	kg                   float64 // per mu
	seen                 []ndvi  // ascending
}

type ndvi struct {
	day   parcels.Date
	value float64
}

// fields judges rice fields of 2022: by imagery, by the mean of the other
// districts in the same season, and by both.
func fields(data string, table models.CoefficientTable) error {
	folder := filepath.Join(data, "yield_field_rice_vietnam")
	all, err := readFields(folder)
	if err != nil {
		return err
	}
	weather := map[string][]models.WeatherDay{}
	for _, f := range all {
		if weather[f.district] == nil {
			if weather[f.district], err = readWeather(filepath.Join(folder, "weather_"+f.district+".csv")); err != nil {
				return err
			}
		}
	}
	sets := map[string][]pair{}
	var order []string
	add := func(name string, in models.YieldInput, f field, base float64) {
		est := models.EstimateYield(in, table)
		if !est.OK {
			name = "no estimate: " + est.Reason
		}
		if sets[name] == nil {
			order = append(order, name)
		}
		sets[name] = append(sets[name], pair{est, f.kg, base})
	}
	for _, f := range all {
		var others []float64
		for _, g := range all {
			if g.season == f.season && g.district != f.district {
				others = append(others, g.kg)
			}
		}
		mean, _ := meanSD(others)
		in := models.YieldInput{Crop: "rice", Emergence: f.harvest.Add(-standingDays + 1), Harvest: f.harvest, AsOf: f.harvest, Days: weather[f.district]}
		in.FAPARDays, in.ClearDates = daily(f)
		county := &models.CountyYield{Crop: "rice", Years: 1, MeanKg: mean}
		add("imagery, "+f.season, in, f, mean)
		add("imagery", in, f, mean)
		both := in
		both.County = county
		add("both", both, f, mean)
		add("other districts' mean", models.YieldInput{Crop: "rice", County: county}, f, mean)
		for _, cv := range []float64{0.05, 0.07, 0.10, 0.15} {
			name := fmt.Sprintf("other districts' mean, spread set to %.0f %%", 100*cv)
			if sets[name] == nil {
				order = append(order, name)
			}
			sets[name] = append(sets[name], pair{around(mean, cv*mean), f.kg, mean})
		}
	}
	fmt.Print("## Rice fields in An Giang, 2022 (baseline: mean of the other districts in the same season)\n\n", head)
	slices.Sort(order)
	for _, name := range order {
		fmt.Print(row(name, sets[name]))
	}
	fmt.Println()
	return inDistrict(all)
}

// inDistrict prints how much fields differ within a district and season.
func inDistrict(all []field) error {
	groups := map[string][]float64{}
	var names []string
	for _, f := range all {
		k := f.season + " " + f.district
		if groups[k] == nil {
			names = append(names, k)
		}
		groups[k] = append(groups[k], f.kg)
	}
	slices.Sort(names)
	var squares, n float64
	for _, k := range names {
		mean, sd := meanSD(groups[k])
		fmt.Printf("%s: %d fields, mean %.0f kg/mu, relative spread between fields %.1f %%\n", k, len(groups[k]), mean, 100*sd/mean)
		squares += sd / mean * sd / mean * float64(len(groups[k])-1)
		n += float64(len(groups[k]) - 1)
	}
	fmt.Printf("pooled: %.1f %%\n", 100*math.Sqrt(squares/n))
	return nil
}

// daily is FAPAR of each day, straight between the clear dates and level before
// the first and after the last, and how many clear dates lie in the cycle.
func daily(f field) ([]float64, int) {
	if len(f.seen) == 0 {
		return nil, 0
	}
	out := make([]float64, standingDays)
	start, clear := f.harvest.Add(-standingDays+1), 0
	for _, s := range f.seen {
		if !s.day.Before(start) && !s.day.After(f.harvest) {
			clear++
		}
	}
	for i := range out {
		day := start.Add(i)
		k := slices.IndexFunc(f.seen, func(s ndvi) bool { return !s.day.Before(day) })
		v := f.seen[len(f.seen)-1].value
		switch {
		case k == 0:
			v = f.seen[0].value
		case k > 0:
			a, b := f.seen[k-1], f.seen[k]
			w := float64(day.Sub(a.day)) / float64(b.day.Sub(a.day))
			v = a.value + w*(b.value-a.value)
		}
		out[i] = math.Max(0, math.Min(mostFAPAR, slope*v+intercept))
	}
	return out, clear
}

func readFields(folder string) ([]field, error) {
	rows, err := readTable(filepath.Join(folder, "fields_yield.csv"))
	if err != nil {
		return nil, err
	}
	seen, err := readSeries(filepath.Join(folder, "s2_series.csv.gz"))
	if err != nil {
		return nil, err
	}
	var out []field
	for i, r := range rows {
		harvest, err := time.Parse("02-01-2006", r["Date of Harvest"])
		if err != nil {
			return nil, fmt.Errorf("fields_yield.csv row %d: %w", i+2, err)
		}
		kg, err := strconv.ParseFloat(r["Rice Yield (kg/ha)"], 64)
		if err != nil {
			return nil, fmt.Errorf("fields_yield.csv row %d: %w", i+2, err)
		}
		id := r["obs_id"]
		out = append(out, field{id, r["District"], r["Season(SA = Summer Autumn, WS = Winter Spring)"], dateOf(harvest), kg / 15, seen[id]})
	}
	return out, nil
}

func readSeries(name string) (map[string][]ndvi, error) {
	rows, err := readTable(name)
	if err != nil {
		return nil, err
	}
	out := map[string][]ndvi{}
	for i, r := range rows {
		if r["red"] == "" {
			continue
		}
		when, err := time.Parse("2006-01-02", r["date"])
		if err != nil {
			return nil, fmt.Errorf("%s row %d: %w", name, i+2, err)
		}
		day := dateOf(when)
		var v [3]float64
		for k, band := range []string{"blue", "red", "nir"} {
			if v[k], err = strconv.ParseFloat(r[band], 64); err != nil {
				return nil, fmt.Errorf("%s row %d, %s: %w", name, i+2, band, err)
			}
			if !day.Before(offsetSince) {
				v[k] -= 1000
			}
			v[k] = math.Max(v[k], 0) / 10000
		}
		if v[0] > cloudyBlue || v[1]+v[2] <= 0 {
			continue
		}
		out[r["obs_id"]] = append(out[r["obs_id"]], ndvi{day, (v[2] - v[1]) / (v[2] + v[1])})
	}
	for id := range out {
		slices.SortFunc(out[id], func(a, b ndvi) int { return a.day.Sub(b.day) })
	}
	return out, nil
}

func readWeather(name string) ([]models.WeatherDay, error) {
	rows, err := readTable(name)
	if err != nil {
		return nil, err
	}
	var out []models.WeatherDay
	for i, r := range rows {
		when, err := time.Parse("2006-01-02", r["datetime"])
		if err != nil {
			return nil, fmt.Errorf("%s row %d: %w", name, i+2, err)
		}
		d := models.WeatherDay{Date: dateOf(when)}
		for column, to := range map[string]*float64{"temp": &d.TmeanC, "tempmin": &d.TminC, "tempmax": &d.TmaxC, "solarenergy": &d.RadiationMJ} {
			if *to, err = strconv.ParseFloat(r[column], 64); err != nil {
				return nil, fmt.Errorf("%s row %d, %s: %w", name, i+2, column, err)
			}
		}
		out = append(out, d)
	}
	return out, nil
}

func dateOf(t time.Time) parcels.Date {
	return parcels.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
}
