package models

import (
	"testing"
	"time"

	"github.com/parus-lending/parus/parcels"
)

// TestWeatherByDay finds the days of a calendar whole and with holes. Places by
// hand: 2024 has a 29 February, so 1 March is the third day after 27 February.
func TestWeatherByDay(t *testing.T) {
	day := func(m time.Month, d int, rain float64) WeatherDay {
		return WeatherDay{Date: parcels.Date{Year: 2024, Month: m, Day: d}, RainMM: rain}
	}
	for name, c := range map[string]struct {
		days []WeatherDay
		want map[int]float64 // place → rain
	}{
		"whole": {[]WeatherDay{day(2, 27, 1), day(2, 28, 2), day(2, 29, 3), day(3, 1, 4)}, map[int]float64{0: 1, 1: 2, 2: 3, 3: 4}},
		"holes": {[]WeatherDay{day(2, 27, 1), day(2, 29, 3), day(3, 1, 4), day(4, 1, 5)}, map[int]float64{0: 1, 2: 3, 3: 4, 34: 5}},
		"twice": {[]WeatherDay{day(2, 27, 1), day(2, 27, 2), day(2, 28, 3)}, map[int]float64{0: 2, 1: 3}},
		"none":  {nil, nil},
	} {
		w := byDay(c.days)
		for place := -2; place < 40; place++ {
			got, ok := w.at(place)
			rain, want := c.want[place]
			if ok != want || ok && got.RainMM != rain {
				t.Errorf("%s, place %d: found %v, wanted %v with rain %v", name, place, ok, want, rain)
			}
		}
		if w.place(parcels.Date{Year: 2024, Month: 3, Day: 1}) != 3 && len(c.days) > 0 {
			t.Errorf("%s: 1 March is at %d, wanted 3", name, w.place(parcels.Date{Year: 2024, Month: 3, Day: 1}))
		}
	}
}
