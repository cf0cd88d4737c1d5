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
	for n := range 400 { // far from today, and what is no day of its month
		for _, d := range []parcels.Date{{Year: 400 * (n - 200), Month: 2, Day: 29}, {Year: n - 200, Month: time.Month(1 + n%12), Day: n % 40}, {Year: n, Month: 14, Day: -3}, {}} {
			if got, want := d.Add(97*n), parcels.DateOf(d.Time().AddDate(0, 0, 97*n)); got != want {
				t.Fatalf("%v and %d days: %s, wanted %s", d, 97*n, got, want)
			}
			for _, o := range []parcels.Date{{Year: d.Year, Month: 3, Day: 1}, {Year: d.Year, Month: 2, Day: 31}, {}} {
				if d.Before(o) != d.Time().Before(o.Time()) || d.After(o) != d.Time().After(o.Time()) {
					t.Fatalf("%v before %v: %v, after: %v", d, o, d.Before(o), d.After(o))
				}
			}
		}
	}
	zero := parcels.Date{}
	if d := (parcels.Date{Year: 2024, Month: 5, Day: 31}); !zero.Before(d) || zero.After(d) || d.String() != "2024-05-31" || zero.String() != "" {
		t.Errorf("%v and the zero day", d)
	}
}
