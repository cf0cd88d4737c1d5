// Package weather reads daily weather at a place from CSV, whatever the
// headings and units: its own (date, t_mean_c …), AgERA5's, and Chinese ones.
//
// A heading names quantity and unit. What no heading gives stays 0 (reference
// evapotranspiration, rain) or is derived (mean temperature from both ends).
package weather

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
)

// quantity is one column of WeatherDay: what it may be and where it goes.
type quantity struct {
	name      string
	low, high float64 // plausible range in the unit of WeatherDay
	set       func(*models.WeatherDay, float64)
	headings  map[string]convert
}

// convert turns a file's unit into WeatherDay's: v·times + plus.
type convert struct{ times, plus float64 }

var (
	same   = convert{1, 0}
	kelvin = convert{1, -273.15}
	joule  = convert{1e-6, 0}
	watt   = convert{0.0864, 0} // W/m² as a daily mean to MJ/m²
)

// quantities by heading. Headings are compared without case, blanks and BOM.
var quantities = []quantity{
	{"minimum temperature", -70, 50, func(d *models.WeatherDay, v float64) { d.TminC = v },
		map[string]convert{"t_min_c": same, "tmin_c": same, "tmin": same, "temperature_min_k": kelvin, "最低气温": same, "最低温度": same}},
	{"mean temperature", -70, 50, func(d *models.WeatherDay, v float64) { d.TmeanC = v },
		map[string]convert{"t_mean_c": same, "tmean_c": same, "tmean": same, "temperature_mean_k": kelvin, "平均气温": same, "平均温度": same}},
	{"maximum temperature", -70, 60, func(d *models.WeatherDay, v float64) { d.TmaxC = v },
		map[string]convert{"t_max_c": same, "tmax_c": same, "tmax": same, "temperature_max_k": kelvin, "最高气温": same, "最高温度": same}},
	{"global radiation", 0, 50, func(d *models.WeatherDay, v float64) { d.RadiationMJ = v },
		map[string]convert{"radiation_mj_m2": same, "radiation_mj": same, "solar_radiation_flux_j_m-2_d-1": joule, "radiation_w_m2": watt, "总辐射": same}},
	{"rain", 0, 1900, func(d *models.WeatherDay, v float64) { d.RainMM = v },
		map[string]convert{"rain_mm": same, "precipitation_mm": same, "precipitation_flux_mm_d-1": same, "降水量": same}},
	{"reference evapotranspiration", 0, 30, func(d *models.WeatherDay, v float64) { d.ET0MM = v },
		map[string]convert{"et0_mm": same, "参考蒸散": same}},
}

var dateHeadings = []string{"date", "day", "日期"}

// Read reads the days of a file (CSV in UTF-8 or GB18030) in ascending order.
// Rows that cannot be used are rejects, and so are gaps between days (row 0,
// Day = the day that ends the gap: before it nobody could know). A file without
// date, temperature or radiation is an error.
func Read(path string) ([]models.WeatherDay, []feeds.Reject, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("read weather: %w", err)
	}
	text, _, err := feeds.Decode(b)
	if err != nil {
		return nil, nil, fmt.Errorf("read weather from %s: %w", path, err)
	}
	days, rejects, err := parse(text, filepath.Base(path))
	if err != nil {
		return nil, nil, fmt.Errorf("read weather from %s: %w", path, err)
	}
	return days, rejects, nil
}

func parse(text, file string) ([]models.WeatherDay, []feeds.Reject, error) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return nil, nil, fmt.Errorf("not a CSV table: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil, fmt.Errorf("it is empty")
	}
	head, dateCol := headings(rows[0])
	if dateCol < 0 {
		return nil, nil, fmt.Errorf("no column of days: name it date")
	}
	for _, need := range []int{1, 3} {
		if _, ok := head[need]; !ok && !(need == 1 && has(head, 0) && has(head, 2)) {
			return nil, nil, fmt.Errorf("no column of %s: name it one of %s", quantities[need].name, names(quantities[need]))
		}
	}
	var days []models.WeatherDay
	var rejects []feeds.Reject
	seen := map[parcels.Date]bool{}
	for i, row := range rows[1:] {
		d, rej := dayOf(row, rows[0], head, dateCol)
		if rej == nil && seen[d.Date] {
			rej = &feeds.Reject{Column: rows[0][dateCol], Value: d.Date.String(), Reason: "the day stands in the file twice", Advice: "keep one row a day; the first was used"}
		}
		if rej != nil {
			rej.Feed, rej.File, rej.Row = "weather", file, i+2
			rejects = append(rejects, *rej)
			continue
		}
		seen[d.Date] = true
		days = append(days, d)
	}
	if len(days) == 0 {
		return nil, nil, fmt.Errorf("none of its %d rows could be used; the first: %s", len(rows)-1, first(rejects))
	}
	sort.Slice(days, func(i, j int) bool { return days[i].Date.Before(days[j].Date) })
	return days, append(rejects, gaps(days, file)...), nil
}

// gaps lists runs of days that are missing between the first and the last.
func gaps(days []models.WeatherDay, file string) (out []feeds.Reject) {
	for i := 1; i < len(days); i++ {
		n := days[i].Date.Sub(days[i-1].Date) - 1
		if n < 1 {
			continue
		}
		out = append(out, feeds.Reject{Feed: "weather", File: file, Day: days[i].Date,
			Reason: fmt.Sprintf("no weather for %d day(s), %s to %s", n, days[i-1].Date.Add(1), days[i].Date.Add(-1)),
			Advice: "add the days: growth and yield of a cycle need every one"})
	}
	return out
}

func first(r []feeds.Reject) string {
	if len(r) == 0 {
		return "there is none"
	}
	return fmt.Sprintf("row %d, %s: %s", r[0].Row, r[0].Column, r[0].Reason)
}

type column struct {
	at   int
	unit convert
}

func has(head map[int]column, q int) bool { _, ok := head[q]; return ok }

func headings(row []string) (head map[int]column, dateCol int) {
	head, dateCol = map[int]column{}, -1
	for i, h := range row {
		h = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(h), " ", ""))
		for _, d := range dateHeadings {
			if h == d && dateCol < 0 {
				dateCol = i
			}
		}
		for q := range quantities {
			if unit, ok := quantities[q].headings[h]; ok && !has(head, q) {
				head[q] = column{i, unit}
			}
		}
	}
	return head, dateCol
}

func names(q quantity) string {
	var out []string
	for h := range q.headings {
		out = append(out, h)
	}
	sort.Strings(out)
	return strings.Join(out, ", ")
}

func dayOf(row, heads []string, head map[int]column, dateCol int) (models.WeatherDay, *feeds.Reject) {
	var d models.WeatherDay
	at := func(i int) string {
		if i < len(row) {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	day, err := parcels.ParseDate(at(dateCol))
	if err != nil {
		return d, &feeds.Reject{Column: heads[dateCol], Value: at(dateCol), Reason: "not a day", Advice: "write it as 2024-05-31"}
	}
	d.Date = day
	for q := range quantities {
		c, ok := head[q]
		if !ok {
			continue
		}
		v, err := strconv.ParseFloat(at(c.at), 64)
		if err != nil {
			return d, &feeds.Reject{Column: heads[c.at], Value: at(c.at), Reason: "not a number", Advice: "leave the row out if the value is not known", Day: day}
		}
		v = v*c.unit.times + c.unit.plus
		if math.IsNaN(v) || v < quantities[q].low || v > quantities[q].high {
			return d, &feeds.Reject{Column: heads[c.at], Value: at(c.at), Day: day,
				Reason: fmt.Sprintf("not a plausible %s", quantities[q].name), Advice: "check the unit that the heading names"}
		}
		quantities[q].set(&d, v)
	}
	if !has(head, 1) {
		d.TmeanC = (d.TminC + d.TmaxC) / 2
	}
	return d, nil
}
