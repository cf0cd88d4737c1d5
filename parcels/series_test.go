package parcels_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
)

// spectrum of a day with the given NDVI: red and nir sum to 0.4.
func spectrum(d parcels.Date, ndvi, usable float64) []raster.Observation {
	red, nir := 0.2*(1-ndvi), 0.2*(1+ndvi)
	return []raster.Observation{
		observation(d, raster.B02, red*0.6, usable), observation(d, raster.B03, red*0.9, usable), observation(d, raster.B04, red, usable),
		observation(d, raster.B08, nir, usable), observation(d, raster.B11, 0.2, usable),
	}
}

// cloudy is a cloud (or its shadow, dark) that the mask missed.
func cloudy(d parcels.Date, dark bool) []raster.Observation {
	blue, green, red, nir, swir := 0.35, 0.35, 0.36, 0.42, 0.3
	if dark {
		blue, green, red, nir, swir = 0.008, 0.012, 0.015, 0.06, 0.05
	}
	return []raster.Observation{observation(d, raster.B02, blue, 1), observation(d, raster.B03, green, 1), observation(d, raster.B04, red, 1), observation(d, raster.B08, nir, 1), observation(d, raster.B11, swir, 1)}
}

var axis2024 = parcels.Axis(day("2024-01-01"), day("2024-12-31"))

func TestConstantLandGivesConstantCurve(t *testing.T) {
	var obs []raster.Observation
	for d := day("2024-03-03"); d.Before(day("2024-10-01")); d = d.Add(20) {
		obs = append(obs, spectrum(d, 0.6, 0.8)...)
	}
	s := parcels.BuildSeries("p", obs, axis2024, parcels.SeriesOptions{})
	// 0.6 by construction; EVI2 = 2.5 (nir − red) / (nir + 2.4 red + 1) by hand with red 0.08, nir 0.32.
	evi2 := 2.5 * 0.24 / (0.32 + 2.4*0.08 + 1)
	for i := range axis2024 {
		if math.Abs(s.NDVI[i]-0.6) > 1e-9 || math.Abs(s.EVI2[i]-evi2) > 1e-9 {
			t.Fatalf("dekad %d: NDVI %v, EVI2 %v", i, s.NDVI[i], s.EVI2[i])
		}
	}
	first := parcels.DekadOf(day("2024-03-03")).Index
	if s.Weight[first] != 0.8 || s.Usable[first] != 0.8 || s.Weight[first-1] != 0 || s.Weight[first+1] != 0 {
		t.Errorf("weights %v", s.Weight[:first+2])
	}
	if s.ClearDates != 11 || math.Abs(s.InsidePixels-64) > 1e-9 { // 0.8 × 80
		t.Errorf("%d dates, %v inside pixels", s.ClearDates, s.InsidePixels)
	}
	if !math.IsNaN(s.LAI[0]) || !math.IsNaN(s.LAIOfMean[0]) || !math.IsNaN(s.Bands[first][3]) || math.IsNaN(s.Bands[first][2]) {
		t.Error("what was never observed must be NaN, and only that")
	}
}

func TestScenesThatDoNotCount(t *testing.T) {
	obs := append(spectrum(day("2024-05-05"), 0.5, 0.49), spectrum(day("2024-06-05"), 0.7, 0.9)...)
	s := parcels.BuildSeries("p", obs, axis2024, parcels.SeriesOptions{})
	if k := parcels.DekadOf(day("2024-05-05")).Index; s.Weight[k] != 0 || s.Usable[k] != 0.49 || s.ClearDates != 1 || math.Abs(s.NDVI[k]-0.7) > 1e-9 {
		t.Errorf("weight %v, usable %v, %d dates, NDVI %v", s.Weight[k], s.Usable[k], s.ClearDates, s.NDVI[k])
	}
	few := spectrum(day("2024-06-05"), 0.7, 1)
	for i := range few {
		few[i].Inside = 2
	}
	if s := parcels.BuildSeries("p", few, axis2024, parcels.SeriesOptions{}); s.ClearDates != 0 || s.InsidePixels != 2 || !math.IsNaN(s.NDVI[5]) {
		t.Errorf("%+v", s)
	}
	if s := parcels.BuildSeries("p", nil, axis2024, parcels.SeriesOptions{}); len(s.NDVI) != 36 || parcels.FindCycles(s, day("2024-12-31"), parcels.CycleOptions{}) != nil {
		t.Error("no observations must give an empty season")
	}
}

// crop is a single season: bare at 0.15, up to 0.85 around the peak, down.
func cropNDVI(d, peak parcels.Date, half float64) float64 {
	x := float64(d.Sub(peak)) / half
	return 0.15 + 0.70*math.Exp(-x*x*0.7)
}

func TestMissedCloudsAndShadowsAreLeftOut(t *testing.T) {
	var clean, dirty []raster.Observation
	n := 0
	for d := day("2024-03-01"); d.Before(day("2024-11-01")); d = d.Add(5) {
		n++
		if n%6 == 0 {
			dirty = append(dirty, cloudy(d, n%12 == 0)...)
			continue
		}
		o := spectrum(d, cropNDVI(d, day("2024-07-15"), 45), 1)
		clean, dirty = append(clean, o...), append(dirty, o...)
	}
	want := parcels.BuildSeries("p", clean, axis2024, parcels.SeriesOptions{})
	got := parcels.BuildSeries("p", dirty, axis2024, parcels.SeriesOptions{})
	if got.ClearDates != want.ClearDates {
		t.Errorf("%d dates kept, want the %d clean ones", got.ClearDates, want.ClearDates)
	}
	for i := range want.NDVI {
		if math.Abs(got.NDVI[i]-want.NDVI[i]) > 0.02 {
			t.Errorf("dekad %d: NDVI %.3f, want %.3f", i, got.NDVI[i], want.NDVI[i])
		}
	}
}

// A harvest is a fall that stays; a flooded field is dark for weeks: both stay.
func TestChangesThatStayAreKept(t *testing.T) {
	var obs []raster.Observation
	n := 0
	for d := day("2024-04-01"); d.Before(day("2024-09-01")); d = d.Add(5) {
		n++
		v := 0.8
		if d.After(day("2024-06-10")) {
			v = 0.2
		}
		o := spectrum(d, v, 1)
		if d.After(day("2024-06-20")) && d.Before(day("2024-07-10")) { // water
			o = []raster.Observation{observation(d, raster.B02, 0.05, 1), observation(d, raster.B04, 0.06, 1), observation(d, raster.B08, 0.05, 1), observation(d, raster.B11, 0.03, 1)}
		}
		obs = append(obs, o...)
	}
	if s := parcels.BuildSeries("p", obs, axis2024, parcels.SeriesOptions{}); s.ClearDates != n {
		t.Errorf("%d of %d dates kept", s.ClearDates, n)
	}
}

func TestLayersAreClampedAndNothingLeaks(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 200 {
		var obs []raster.Observation
		for d := day("2024-01-03"); d.Before(day("2025-01-01")); d = d.Add(2 + r.IntN(30)) {
			usable := r.Float64()
			o := spectrum(d, r.Float64()*1.2-0.2, usable)
			for _, l := range []raster.Band{parcels.LayerLAI, parcels.LayerFAPAR, parcels.LayerFCOVER} {
				o = append(o, observation(d, l, r.Float64()*14-2, usable))
			}
			if r.IntN(5) == 0 {
				o[r.IntN(len(o))].Mean = math.NaN()
			}
			if r.IntN(9) == 0 {
				for i := range o {
					o[i].Count, o[i].Inside, o[i].Mean = 0, 0, math.NaN()
				}
			}
			obs = append(obs, o...)
		}
		s := parcels.BuildSeries("p", obs, axis2024, parcels.SeriesOptions{})
		if s.ClearDates < 2 {
			continue
		}
		for name, c := range map[string]struct {
			v  []float64
			hi float64
		}{"NDVI": {s.NDVI, 1}, "EVI2": {s.EVI2, 2.5}, "LAI": {s.LAI, 10}, "FAPAR": {s.FAPAR, 1}, "FCOVER": {s.FCOVER, 1}, "weight": {s.Weight, 1}, "usable": {s.Usable, 1}} {
			for i, v := range c.v {
				if math.IsNaN(v) || v > c.hi || v < -1 || (name != "NDVI" && name != "EVI2" && v < 0) {
					t.Fatalf("%s of dekad %d is %v", name, i, v)
				}
			}
		}
		r.Shuffle(len(obs), func(i, j int) { obs[i], obs[j] = obs[j], obs[i] })
		again := parcels.BuildSeries("p", obs, axis2024, parcels.SeriesOptions{})
		if !reflect.DeepEqual(s.NDVI, again.NDVI) || !reflect.DeepEqual(s.LAI, again.LAI) || !reflect.DeepEqual(s.Weight, again.Weight) {
			t.Fatal("order of observations changed the series")
		}
		for _, c := range parcels.FindCycles(s, day("2024-12-31"), parcels.CycleOptions{}) {
			inOrder(t, c, day("2024-12-31"))
		}
	}
}

// Of the plot's 25 usable pixels of 20 m, `left` have a growth value; the rest is
// far out of the networks' domain.
func TestGrowthOfFewPixelsDoesNotCount(t *testing.T) {
	with := func(d parcels.Date, lai, left float64) []raster.Observation {
		obs := spectrum(d, 0.6, 1)
		for band, mean := range map[raster.Band]float64{parcels.LayerLAI: lai, parcels.LayerOutOfDomain: 1 - left/25} {
			o := observation(d, band, mean, 1)
			o.Total, o.Count = 25, 25
			if band == parcels.LayerLAI {
				o.Count = left
			}
			obs = append(obs, o)
		}
		return obs
	}
	var obs []raster.Observation
	for _, d := range []string{"2024-05-05", "2024-05-15", "2024-05-25"} {
		obs = append(obs, with(day(d), 1, 25)...)
	}
	obs = append(obs, with(day("2024-06-05"), 5, 12)...) // 12 of 25: less than half
	s := parcels.BuildSeries("p", obs, axis2024, parcels.SeriesOptions{})
	i := parcels.DekadOf(day("2024-06-05")).Index
	if s.Weight[i] != 1 || s.GrowthNote[i] != parcels.NoteOutOfDomain || math.Abs(s.OutOfDomain[i]-13./25) > 1e-12 {
		t.Errorf("weight %v, note %q, out of domain %v", s.Weight[i], s.GrowthNote[i], s.OutOfDomain[i])
	}
	if math.Abs(s.LAI[i]-1) > 1e-9 || s.GrowthNote[i-1] != "" {
		t.Errorf("LAI %v: the few pixels made the plot's", s.LAI[i])
	}
	obs = append(obs, with(day("2024-06-15"), 5, 13)...) // 13 of 25 speak for the plot
	s = parcels.BuildSeries("p", obs, axis2024, parcels.SeriesOptions{})
	if s.LAI[i+1] < 2 || s.GrowthNote[i+1] != "" {
		t.Errorf("LAI %v with note %q where most pixels have a value", s.LAI[i+1], s.GrowthNote[i+1])
	}
}
