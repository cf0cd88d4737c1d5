package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
)

// By hand: medians 100 and 200 for 110 and 160: errors 9.09 and 25 %, mean
// 17.0; bias (-9.09 + 25)/2 = +8.0; baseline errors 0 and 25 %. 110 lies inside
// 80-120, 160 below 180; only 110 is above P25; half-widths 20 and 10 %.
func TestRow(t *testing.T) {
	got := row("x", []pair{
		{models.YieldResult{P10: 80, P25: 90, P50: 100, P90: 120}, 110, 110},
		{models.YieldResult{P10: 180, P25: 190, P50: 200, P90: 220}, 160, 120},
	})
	if want := "| x | 2 | 17.0 % | +8.0 % | 12.5 % | 50.0 % | 50.0 % | 50.0 % | 15.0 % |\n"; got != want {
		t.Errorf("got %s want %s", got, want)
	}
}

// By hand: NDVI 0.5 is FAPAR 0.4393, 0.7 is 0.67206; half way between, 0.55568.
func TestDailyFAPAR(t *testing.T) {
	harvest := parcels.Date{Year: 2022, Month: time.July, Day: 15}
	f := field{harvest: harvest, seen: []ndvi{{harvest.Add(-120), 0.5}, {harvest.Add(-20), 0.5}, {harvest.Add(-10), 0.7}}}
	got, clear := daily(f)
	if len(got) != standingDays || clear != 2 {
		t.Fatalf("%d days, %d clear dates", len(got), clear)
	}
	for back, want := range map[int]float64{94: 0.4393, 15: 0.55568, 10: 0.67206, 0: 0.67206} {
		if v := got[standingDays-1-back]; math.Abs(v-want) > 1e-5 {
			t.Errorf("%d days before harvest: %v, by hand %v", back, v, want)
		}
	}
}

// A year is judged by earlier years only: a jump in the last year must not move
// its own estimate. By hand: mean of 300, 330, 360 = 330, of the last three before
// 2004 the same; before 2005 all four give 360, the last three 380.
func TestJudgeSeesTheEarlierYearsOnly(t *testing.T) {
	table, err := models.YieldCoefficients()
	if err != nil {
		t.Fatal(err)
	}
	all := yields{"a": {2001: 300, 2002: 330, 2003: 360, 2004: 450, 2005: 9000}}
	every := func(int) bool { return true }
	whole, _ := judge("rice", all, 0, every, table)
	recent, _ := judge("rice", all, 3, every, table)
	if len(whole) != 2 || whole[0].est.P50 != 330 || whole[1].est.P50 != 360 || recent[1].est.P50 != 380 || whole[1].last != 380 {
		t.Errorf("%+v, %+v", whole, recent)
	}
}

func TestReadYields(t *testing.T) {
	name := filepath.Join(t.TempDir(), "y.csv")
	if err := os.WriteFile(name, []byte("p,y,v\na,2001,6\na,2001,6\na,2002,\nb,2001,7.5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := readYields(name, "p", "y", "v")
	if err != nil || len(got) != 2 || len(got["a"]) != 1 || got["a"][2001] != 400 || got["b"][2001] != 500 { // t/ha to kg/mu: x 1000 / 15
		t.Errorf("%v, %v", got, err)
	}
	if _, err := readYields(name, "p", "v", "y"); err == nil || !strings.Contains(err.Error(), "row") {
		t.Errorf("a year of 6.0 t: %v", err)
	}
}
