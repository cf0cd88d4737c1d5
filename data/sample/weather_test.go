package sample

import (
	"path/filepath"
	"testing"

	"github.com/parus-lending/parus/data/weather"
)

// TestWeatherIsPlausible reads the weather back as a season does. Bounds are the
// climate normals of the Huai lowland, widely taken: 14–17 °C and 700–1,300 mm a
// year, July about 28 °C, January about 2 °C.
func TestWeatherIsPlausible(t *testing.T) {
	for seed := int64(1); seed <= 5; seed++ {
		path := filepath.Join(t.TempDir(), "weather.csv")
		if err := writeWeather(path, seed, Year); err != nil {
			t.Fatal(err)
		}
		days, rejects, err := weather.Read(path)
		if err != nil || len(rejects) > 0 {
			t.Fatalf("%v, rejects %v", err, rejects)
		}
		if len(days) != 92+366 {
			t.Errorf("%d days from October to the end of the year, want 458", len(days))
		}
		var rain, mean, july, january, n float64
		for _, d := range days {
			if d.TminC >= d.TmeanC || d.TmeanC >= d.TmaxC || d.RadiationMJ < 2 || d.RadiationMJ > 32 || d.RainMM < 0 || d.ET0MM <= 0 || d.ET0MM > 10 {
				t.Errorf("%+v", d)
			}
			if d.Date.Year != Year {
				continue
			}
			n++
			rain += d.RainMM
			mean += d.TmeanC
			switch d.Date.Month {
			case 7:
				july += d.TmeanC / 31
			case 1:
				january += d.TmeanC / 31
			}
		}
		if mean /= n; mean < 13.5 || mean > 17.5 || rain < 600 || rain > 1500 || july < 25 || july > 31 || january < -1 || january > 6 {
			t.Errorf("seed %d: mean %.1f °C, rain %.0f mm, July %.1f, January %.1f", seed, mean, rain, july, january)
		}
	}
}
