package parcels_test

import (
	"testing"

	"github.com/parus-lending/parus/parcels"
)

func day(s string) parcels.Date {
	d, err := parcels.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// Every day lies in its dekad, and dekads follow each other without a gap.
func TestDekadsCoverTheCalendar(t *testing.T) {
	prev := parcels.DekadOf(day("2019-12-31"))
	for d := day("2020-01-01"); d.Before(day("2021-03-01")); d = d.Add(1) {
		k := parcels.DekadOf(d)
		if d.Before(k.Start()) || d.After(k.End()) || k.Mid().Before(k.Start()) || k.Mid().After(k.End()) {
			t.Fatalf("%s is not in %v – %v", d, k.Start(), k.End())
		}
		if k != prev && (k.Start() != d || prev.End() != d.Add(-1)) {
			t.Fatalf("gap before %s", d)
		}
		prev = k
	}
}

func TestAxis(t *testing.T) {
	if a := parcels.Axis(day("2024-01-01"), day("2024-12-31")); len(a) != 36 || a[0].Index != 0 || a[35].Index != 35 || a[35].End() != day("2024-12-31") {
		t.Errorf("%v", a)
	}
	if a := parcels.Axis(day("2023-10-15"), day("2024-02-29")); len(a) != 14 || a[0].Start() != day("2023-10-11") || a[13].End() != day("2024-02-29") {
		t.Errorf("%v", a)
	}
	if a := parcels.Axis(day("2024-02-01"), day("2024-01-01")); a != nil {
		t.Errorf("%v", a)
	}
}
