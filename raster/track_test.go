package raster

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Times of real acquisitions over Flanders (two tracks, both satellites; slices
// start up to 26 s apart). 1 August 2017 is day 17379 since 1970 = 6 × 2896 + 3,
// so day 3 of the repeat; 6 August is day 17384 = 6 × 2897 + 2.
func TestOrbitsByTimeOfTheRepeat(t *testing.T) {
	radar := func(when, orbit string) Scene {
		at, err := time.Parse("2006-01-02T15:04:05", when)
		if err != nil {
			t.Fatal(err)
		}
		return Scene{ID: when, Time: at, Orbit: orbit, Assets: map[Band]Asset{VV: {}, VH: {}}}
	}
	scenes := []Scene{
		radar("2017-08-01T17:32:36", ""), radar("2017-08-06T17:40:43", ""), radar("2017-08-07T17:32:10", ""), radar("2017-08-12T17:40:12", ""),
		radar("2018-11-29T17:40:51", ""), // day 17864 = 6 × 2977 + 2
		radar("2017-08-06T17:40:43", "ascending 161"), radar("2017-08-02T05:58:00", "descending"), radar("2017-08-08T05:57:40", "descending"),
		{ID: "optical", Time: time.Date(2017, 8, 1, 10, 0, 0, 0, time.UTC), Assets: map[Band]Asset{B04: {}}},
		// Across the end of the repeat: 2 November 2017 is day 17472 = 6 × 2912.
		radar("2017-11-01T23:59:50", "x"), radar("2017-11-08T00:00:10", "x"),
	}
	want := []string{"repeat 3 17:32", "repeat 2 17:40", "repeat 3 17:32", "repeat 2 17:40", "repeat 2 17:40",
		"ascending 161", "descending repeat 4 05:58", "descending repeat 4 05:58", "", "x repeat 5 23:59", "x repeat 5 23:59"}
	for range 2 { // a second time changes nothing
		SettleOrbits(scenes)
		var got []string
		for _, s := range scenes {
			got = append(got, s.Orbit)
		}
		if !cmp.Equal(got, want) {
			t.Fatal(cmp.Diff(want, got))
		}
	}
}
