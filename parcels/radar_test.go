package parcels_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
)

// echoOf are the two rows of one radar scene over a plot of 10 pixels.
func echoOf(when, orbit string, vv, vh, count, inside float64) []raster.Observation {
	at, err := time.Parse("2006-01-02T15:04", when)
	if err != nil {
		panic(err)
	}
	row := func(b raster.Band, db float64) raster.Observation {
		return raster.Observation{ParcelID: "p", SceneID: when + orbit, Time: at, Band: b, Orbit: orbit, Stats: raster.Stats{Total: 10, Count: count, Inside: inside, Mean: db}}
	}
	return []raster.Observation{row(raster.VH, vh), row(raster.VV, vv)}
}

// By hand: powers of −10 and −20 dB are 0.1 and 0.01, their mean 0.055 is
// −12.5964 dB (the mean of the decibels would be −15); of −16 and −16 dB it is
// −16. The other orbit has fewer days, though more scenes.
func TestRadarSeriesByHand(t *testing.T) {
	axis := parcels.Axis(day("2024-05-01"), day("2024-06-10"))
	var obs []raster.Observation
	for _, e := range [][]raster.Observation{
		echoOf("2024-05-02T10:00", "ascending 142", -10, -16, 10, 6),
		echoOf("2024-05-08T10:00", "ascending 142", -20, -16, 9, 5),
		echoOf("2024-05-20T10:00", "ascending 142", -9, -15, 5, 3),     // half of the pixels is enough
		echoOf("2024-05-26T10:00", "ascending 142", -1, -1, 4.9, 3),    // less is not
		echoOf("2024-06-01T10:00", "ascending 142", -1, -1, 10, 2),     // nor are two pixels within
		echoOf("2024-06-12T10:00", "ascending 142", -1, -1, 10, 6),     // after the axis
		echoOf("2024-05-03T22:00", "descending 69", -2, -2, 10, 6),     // the other orbit: two days,
		echoOf("2024-05-03T22:01", "descending 69", -2, -2, 10, 6),     // three scenes
		echoOf("2024-05-15T22:00", "descending 69", -2, -2, 10, 6),     //
		echoOf("2024-06-03T10:00", "ascending 142", -1, -1, 10, 6)[1:], // one polarisation
	} {
		obs = append(obs, e...)
	}
	obs = append(obs, raster.Observation{ParcelID: "p", SceneID: "S2", Time: obs[0].Time, Band: raster.B04, Stats: raster.Stats{Total: 40, Count: 40, Inside: 30, Mean: 0.1}})
	nan := math.NaN()
	want := parcels.Radar{Orbit: "ascending 142", VV: []float64{-12.5964, -9, nan, nan}, VH: []float64{-16, -15, nan, nan}, Dates: []int{2, 1, 0, 0}, Inside: 6}
	got := parcels.BuildRadar(obs, axis, parcels.RadarOptions{})
	text := func(r parcels.Radar) string {
		return fmt.Sprintf("%q %.4f %.4f %v %g", r.Orbit, r.VV, r.VH, r.Dates, r.Inside)
	}
	if text(got) != text(want) || got.Days() != 3 || got.Dekads() != 2 {
		t.Errorf("got  %s\nwant %s; %d days, %d dekads", text(got), text(want), got.Days(), got.Dekads())
	}
	for range 20 { // the order of rows changes nothing, not even the last bit
		rand.Shuffle(len(obs), func(i, j int) { obs[i], obs[j] = obs[j], obs[i] })
		again := parcels.BuildRadar(obs, axis, parcels.RadarOptions{})
		if again.VV[0] != got.VV[0] || again.VH[0] != got.VH[0] || !reflect.DeepEqual(again.Dates, got.Dates) || again.Orbit != got.Orbit {
			t.Fatalf("another order gives %+v, not %+v", again, got)
		}
	}
}

// Of two orbits with as many days the first by name is taken; without any
// scene that counts there is no radar.
func TestRadarSeriesTieAndNone(t *testing.T) {
	axis := parcels.Axis(day("2024-05-01"), day("2024-05-31"))
	obs := append(echoOf("2024-05-03T22:00", "descending 69", -2, -3, 10, 6), echoOf("2024-05-09T10:00", "ascending 142", -4, -5, 10, 6)...)
	for range 20 { // not by the chance of a map
		if r := parcels.BuildRadar(obs, axis, parcels.RadarOptions{}); r.Orbit != "ascending 142" || r.Days() != 1 || math.Abs(r.VV[0]+4) > 1e-9 {
			t.Fatalf("%+v", r)
		}
	}
	if r := parcels.BuildRadar(obs, axis, parcels.RadarOptions{MinInside: 7}); r.Orbit != "" || r.Days() != 0 || r.Inside != 6 || !math.IsNaN(r.VV[0]) {
		t.Errorf("%+v", r)
	}
}
