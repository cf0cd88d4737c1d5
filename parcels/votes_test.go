package parcels_test

import (
	"math"
	"strings"
	"testing"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
)

// seen is a look in blue, green, red, near infrared and short-wave infrared.
func seen(d string, doubt float64, b02, b03, b04, b08, b11 float64) []raster.Observation {
	var out []raster.Observation
	for i, band := range []raster.Band{raster.B02, raster.B03, raster.B04, raster.B08, raster.B11} {
		o := observation(day(d), band, []float64{b02, b03, b04, b08, b11}[i], 1)
		o.Doubtful = doubt
		out = append(out, o)
	}
	return out
}

// Spectra as they are seen in Flanders and in textbooks (reflectance).
func crop(d string) []raster.Observation  { return seen(d, 0, .03, .06, .04, .40, .18) }
func soil(d string) []raster.Observation  { return seen(d, 0, .09, .12, .15, .25, .29) }
func cut(d string) []raster.Observation   { return seen(d, 0, .05, .09, .09, .24, .26) } // mown grass, stubble
func water(d string) []raster.Observation { return seen(d, 0, .06, .08, .08, .07, .03) } // flooded paddy
func snow(d string) []raster.Observation  { return seen(d, 0, .70, .70, .69, .65, .10) }
func film(d string, b float64) []raster.Observation {
	return seen(d, 0, b, b, b, b+.06, b)
}

// Events on the land that must stay, by the day's spectra.
func TestTrueEventsAreKept(t *testing.T) {
	days := []string{"2024-05-01", "2024-05-06", "2024-05-11", "2024-05-16", "2024-05-21", "2024-05-26", "2024-05-31"}
	type look = func(string) []raster.Observation
	bright := func(b float64) look { return func(d string) []raster.Observation { return film(d, b) } }
	for name, looks := range map[string][7]look{
		"harvest":                       {crop, crop, crop, soil, soil, soil, soil},
		"ploughing of stubble":          {cut, cut, soil, soil, soil, soil, soil},
		"emergence":                     {soil, soil, soil, cut, cut, crop, crop},
		"flooding of paddy for weeks":   {soil, soil, water, water, water, crop, crop},
		"flooding seen on one day":      {soil, soil, soil, water, crop, crop, crop},
		"snow that melts":               {snow, snow, snow, soil, soil, cut, crop},
		"snow that comes":               {cut, cut, cut, snow, snow, snow, snow},
		"a cut that grows again":        {crop, crop, cut, cut, crop, crop, crop},
		"a cut seen on one day":         {crop, crop, crop, cut, crop, crop, crop},
		"greenhouse":                    {bright(.25), bright(.30), bright(.24), bright(.31), bright(.26), bright(.29), bright(.25)},
		"film that is laid and removed": {soil, bright(.25), bright(.27), bright(.25), bright(.28), bright(.26), soil},
	} {
		var obs []raster.Observation
		for i, d := range days {
			obs = append(obs, looks[i](d)...)
		}
		for i, v := range parcels.Votes(obs, parcels.SeriesOptions{}) {
			if !v.Counts {
				t.Errorf("%s: %s (look %d) is left out", name, v, i)
			}
		}
	}
}

// Trust by hand: SCL 1 − doubt/2, time 1, 0.4 or 0, the network's share.
func TestVotesByHand(t *testing.T) {
	cloud := func(doubt float64) []raster.Observation { return seen("2024-05-11", doubt, .12, .14, .13, .45, .30) }
	shade := seen("2024-05-11", 0, .008, .02, .012, .22, .09)
	haze := func(doubt float64) []raster.Observation { return seen("2024-05-11", doubt, .05, .075, .05, .40, .18) } // 0.015 above both
	for name, c := range map[string]struct {
		look    []raster.Observation
		network float64 // −1 = not asked
		time    parcels.Verdict
		trust   float64
		counts  bool
	}{
		"clear":                            {crop("2024-05-11"), -1, parcels.TimeClear, 1, true},
		"cloud":                            {cloud(0), -1, parcels.TimeCloud, 0.5, false},
		"cloud, network agrees":            {cloud(0), 0.1, parcels.TimeCloud, (1 + 0 + 0.1) / 3, false},
		"cloud, SCL and network deny it":   {cloud(0), 1, parcels.TimeCloud, 2. / 3, true},
		"cloud, SCL in doubt":              {cloud(1), 1, parcels.TimeCloud, 0.5, false},
		"shadow":                           {shade, -1, parcels.TimeShadow, 0.5, false},
		"haze":                             {haze(0), -1, parcels.Suspect, 0.7, true},
		"haze, SCL in doubt":               {haze(1), -1, parcels.Suspect, 0.45, false},
		"haze, network clear":              {haze(0), 1, parcels.Suspect, 0.8, true},
		"haze, network cloud":              {haze(0), 0, parcels.Suspect, 1.4 / 3, false},
		"all in doubt, time knows it well": {seen("2024-05-11", 1, .03, .06, .04, .40, .18), -1, parcels.TimeClear, 0.75, true},
	} {
		obs := append(append(crop("2024-05-06"), c.look...), crop("2024-05-16")...)
		opt := parcels.SeriesOptions{}
		if c.network >= 0 {
			opt.Network = map[string]float64{"2024-05-11": c.network}
		}
		v := parcels.Votes(obs, opt)[1]
		if v.ByTime != c.time || math.Abs(v.Trust-c.trust) > 1e-12 || v.Counts != c.counts || v.LeftOut == c.counts || v.Usable != v.Trust {
			t.Errorf("%s: %+v", name, v)
		}
		if disputed := c.time != parcels.TimeClear; v.Disputed() != disputed {
			t.Errorf("%s: disputed %v", name, v.Disputed())
		}
		s := parcels.BuildSeries("p", obs, axis2024, opt)
		k := parcels.DekadOf(day("2024-05-11")).Index
		if s.Usable[k] != 1 || math.Abs(s.UsableVote[k]-1) > 1e-12 && c.counts && len(s.LeftOut[k]) > 0 {
			t.Errorf("%s: usable %v, vote %v, left out %v", name, s.Usable[k], s.UsableVote[k], s.LeftOut[k])
		}
		if !c.counts && (len(s.LeftOut[k]) != 1 || !strings.HasPrefix(s.LeftOut[k][0].String(), "2024-05-11 scl ")) {
			t.Errorf("%s: left out %v", name, s.LeftOut[k])
		}
	}
	// Alone, SCL is believed even in doubt, at half weight: 1 − 1/2.
	alone := parcels.Votes(seen("2024-05-11", 1, .05, .07, .05, .4, .2), parcels.SeriesOptions{})[0]
	if alone.ByTime != parcels.NoWitness || alone.Trust != 0.5 || !alone.Counts || !alone.Disputed() {
		t.Errorf("alone: %+v", alone)
	}
}

// Two hazy dates side by side do not witness for each other: the clearer of two
// looks speaks for its side. And the newest date is doubted only when it is as
// bright as cloud.
func TestWitnessesInTime(t *testing.T) {
	hazy := func(d string, b float64) []raster.Observation { return seen(d, 0, .03+b, .06+b, .04+b, .40, .18) }
	obs := append(append(append(append(crop("2024-06-01"), crop("2024-06-04")...), hazy("2024-06-10", .08)...), hazy("2024-06-13", .07)...), crop("2024-06-18")...)
	obs = append(obs, crop("2024-06-23")...)
	for i, v := range parcels.Votes(obs, parcels.SeriesOptions{}) {
		if hazy := i == 2 || i == 3; hazy == v.Counts {
			t.Errorf("look %d: %s", i, v)
		}
	}
	newest := func(b float64) parcels.Vote {
		vs := parcels.Votes(append(crop("2024-06-01"), hazy("2024-06-06", b)...), parcels.SeriesOptions{})
		return vs[1]
	}
	if v := newest(.10); v.ByTime != parcels.NoWitness || !v.Counts {
		t.Errorf("newest, hazy: %s", v)
	}
	if v := newest(.30); v.ByTime != parcels.TimeCloud || v.Counts {
		t.Errorf("newest, cloud: %s", v)
	}
}
