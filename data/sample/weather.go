package sample

import (
	"fmt"
	"math"
	"time"

	"github.com/parus-lending/parus/data/rundir"
)

// writeWeather writes a plausible year of the lowland between Huai and Yangtze,
// day by day: seasons as sines, rain in spells (most in June to August), noise
// from the seed.
func writeWeather(path string, seed int64, year int) error {
	c := newChance(seed, "weather")
	var rows [][]string
	wet, anomaly := false, 0.0
	for d := time.Date(year-1, 10, 1, 0, 0, 0, 0, time.UTC); d.Year() <= year; d = d.AddDate(0, 0, 1) {
		angle := 2 * math.Pi * (float64(d.YearDay()) - 196) / 365.25 // warmest in mid-July
		summer := (1 + math.Cos(angle)) / 2
		anomaly = .75*anomaly + 1.6*c.normal(2.5)
		start, stay := .10+.14*summer, .42
		p := start
		if wet {
			p = stay
		}
		wet = c.Float64() < p
		rain, cloud := 0.0, c.between(.05, .45)
		if wet {
			rain = -math.Log(1-c.Float64()*.999) * (5.5 + 12*summer)
			cloud = c.between(.6, .95)
		}
		mean := 15.4 + 13*math.Cos(angle) + anomaly
		swing := 5.5 - 3*cloud
		// Clear-sky radiation at 33° N from about 13 to 29 MJ/m².
		sun := (21 + 8*math.Cos(2*math.Pi*(float64(d.YearDay())-172)/365.25)) * (1 - .7*cloud)
		et0 := .0023 * (mean + 17.8) * math.Sqrt(2*swing) * sun * .408 / .75 // after Hargreaves, from the day's own sun
		rows = append(rows, []string{d.Format("2006-01-02"), f1(mean), f1(mean - swing), f1(mean + swing), f1(sun), f1(rain), f1(max(et0, .1))})
	}
	return rundir.WriteCSV(path, []string{"date", "t_mean_c", "t_min_c", "t_max_c", "radiation_mj_m2", "rain_mm", "et0_mm"}, rows)
}

func f1(v float64) string { return fmt.Sprintf("%.1f", v) }
