package models_test

import (
	"math"
	"testing"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
)

// look is a date with one value in every band and both polarisations.
func look(t *testing.T, day string, refl, db float64) models.Look {
	t.Helper()
	d, err := parcels.ParseDate(day)
	if err != nil {
		t.Fatal(err)
	}
	l := models.Look{Day: d, Radar: [2]float64{db, db}}
	for b := range l.Bands {
		l.Bands[b] = refl
	}
	return l
}

// Wanted values by hand: the dekad of the 5th and the 10th of May is number 12
// (from 0), its medians are of 2 and 3 dates; −10 dB and −20 dB are 0.1 and
// 0.01 in power, 0.055 on average, −12.5964 dB.
func TestCropWindowOneYear(t *testing.T) {
	a, b, c := look(t, "2021-05-10", 0.3, -20), look(t, "2021-05-05", 0.1, -10), look(t, "2021-05-01", 0.5, nan)
	c.Bands[0] = nan
	got := models.CropWindow([]models.Look{a, b, c}, nan, 3) // one dark date of three: the bright ones count
	if v := got.Bands[12]; math.Abs(v[0]-0.2) > 1e-12 || v[1] != 0.3 || v[9] != 0.3 {
		t.Errorf("medians %v; wanted 0.2 of two dates in the first band, 0.3 of three in the others", v)
	}
	if v := got.Radar[12][0]; math.Abs(v+12.5964) > 1e-4 {
		t.Errorf("VV %v, wanted -12.5964", v)
	}
	for d := range got.Bands {
		if d != 12 && !math.IsNaN(got.Bands[d][0]) {
			t.Errorf("dekad %d has a value", d)
		}
	}
	south := models.CropWindow([]models.Look{a}, -33, 4)
	if math.IsNaN(south.Bands[30][0]) || !math.IsNaN(south.Bands[12][0]) {
		t.Error("May in the south is not where November is in the north")
	}
}

// Over two calendar years only the 365 days up to the last date count: from
// 2021-03-02 that is 2020-03-02 (365 days before, out) and 2020-03-03 (364, in).
func TestCropWindowTwoYears(t *testing.T) {
	got := models.CropWindow([]models.Look{look(t, "2020-02-15", 0.9, nan), look(t, "2020-03-02", 0.8, nan), look(t, "2020-03-12", 0.2, nan),
		look(t, "2020-12-31", 0.4, nan), look(t, "2021-03-02", 0.6, nan)}, nan, 4)
	for d, want := range map[int]float64{4: nan, 6: 0.6, 7: 0.2, 35: 0.4} {
		if v := got.Bands[d][0]; v != want && !(math.IsNaN(v) && math.IsNaN(want)) {
			t.Errorf("dekad %d: %v, wanted %v", d, v, want)
		}
	}
	if empty := models.CropWindow(nil, nan, 4); !math.IsNaN(empty.Bands[0][0]) || !math.IsNaN(empty.Radar[35][1]) {
		t.Error("no dates gave values")
	}
}

// A date brighter than 0.20 in blue is left out, but not its radar; where fewer
// dates than the least are darker, the ground itself is bright and all count.
func TestCropWindowLeavesCloudOut(t *testing.T) {
	looks := []models.Look{look(t, "2021-05-01", 0.1, nan), look(t, "2021-06-01", 0.2, nan), look(t, "2021-07-01", 0.21, -12)}
	got := models.CropWindow(looks, nan, 2)
	if got.Bands[12][3] != 0.1 || got.Bands[15][3] != 0.2 || !math.IsNaN(got.Bands[18][3]) || math.IsNaN(got.Radar[18][0]) {
		t.Errorf("with two dark dates of two: %v, %v, %v, radar %v", got.Bands[12][3], got.Bands[15][3], got.Bands[18][3], got.Radar[18])
	}
	if got = models.CropWindow(looks, nan, 3); got.Bands[18][3] != 0.21 {
		t.Errorf("with two dark dates of three the bright one is %v", got.Bands[18][3])
	}
}

// Radar channels by hand: (−15 + 15)/10 = 0 and (−5 + 15)/10 = 1 two dekads
// later, so 0.5 between; nothing outside; a dekad with one polarisation only
// counts as unobserved.
func TestRadarFeatures(t *testing.T) {
	in := models.EmptyCropInput()
	in.Radar[3] = [2]float64{-15, -25}
	in.Radar[4] = [2]float64{0, nan}
	in.Radar[5] = [2]float64{-5, -15}
	var got [16 * 36]float32
	optical, radar := models.CropFeatures(&in, got[:])
	if optical != 0 || radar != 2 {
		t.Errorf("%d optical and %d radar dekads, wanted 0 and 2", optical, radar)
	}
	for channel, want := range map[int][]float32{13: {0, 0, 0.5, 1, 0}, 14: {0, -1, -0.5, 0, 0}, 15: {0, 1, 0, 1, 0}} {
		for i, w := range want {
			if g := got[channel*36+2+i]; math.Abs(float64(g-w)) > 1e-6 {
				t.Errorf("channel %d dekad %d: %v, wanted %v", channel, 2+i, g, w)
			}
		}
	}
	for i, v := range got[:13*36] {
		if v != 0 {
			t.Fatalf("optical number %d is %v without optical dates", i, v)
		}
	}
}
