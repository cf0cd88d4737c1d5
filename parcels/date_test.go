package parcels_test

import (
	"testing"
	"time"

	"github.com/parus-lending/parus/parcels"
)

// Days count as the standard library counts them, over leap years, centuries
// and the year 0.
func TestDateArithmetic(t *testing.T) {
	for _, from := range []time.Time{time.Date(1899, 12, 1, 0, 0, 0, 0, time.UTC), time.Date(1999, 12, 20, 0, 0, 0, 0, time.UTC), time.Date(2024, 2, 20, 0, 0, 0, 0, time.UTC), time.Date(-1, 12, 1, 0, 0, 0, 0, time.UTC)} {
		a := parcels.DateOf(from)
		for n := -800; n <= 800; n++ {
			want := parcels.DateOf(from.AddDate(0, 0, n))
			got := a.Add(n)
			if got != want || got.Sub(a) != n || got.Before(a) != (n < 0) || got.After(a) != (n > 0) {
				t.Fatalf("%s and %d days: %s (%d days, before %v), wanted %s", a, n, got, got.Sub(a), got.Before(a), want)
			}
		}
	}
	zero := parcels.Date{}
	if d := (parcels.Date{Year: 2024, Month: 5, Day: 31}); !zero.Before(d) || zero.After(d) || d.String() != "2024-05-31" || zero.String() != "" {
		t.Errorf("%v and the zero day", d)
	}
}
