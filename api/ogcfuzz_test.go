package api

import (
	"strings"
	"testing"
)

// Whatever a bbox says, it is refused or a closed ring within what its CRS is for.
func FuzzOgcBox(f *testing.F) {
	f.Add("115,31,116,32", 0)
	f.Add("30.9,115.0005,31.5,115.0015", 1)
	f.Add("3431459,38595554,3431460,38595649", 3)
	f.Add("170,-50,-170,50", 0)
	f.Add("1,2,3,4,5,6", 0)
	zones := append(degrees[:len(degrees):len(degrees)], ogcCRS{epsg + "4526", 4526, true, 4, [4]float64{38e6, 0, 39e6, 7e6}})
	f.Fuzz(func(t *testing.T, text string, n int) {
		crs := zones[uint(n)%uint(len(zones))]
		wkt, nothing, err := ogcBox(text, crs)
		if err != nil || nothing {
			return
		}
		if !strings.HasPrefix(wkt, "MULTIPOLYGON(((") || strings.Trim(wkt[len("MULTIPOLYGON"):], "0123456789.,-() ") != "" {
			t.Errorf("%q is read as %s", text, wkt)
		}
		for ring := range strings.SplitSeq(strings.Trim(wkt[len("MULTIPOLYGON"):], "()"), ")),((") {
			points := strings.Split(ring, ",")
			if points[0] != points[len(points)-1] {
				t.Errorf("%q: the ring %s is open", text, ring)
			}
		}
	})
}

// Whatever a datetime says, it is refused or two days in order.
func FuzzOgcDays(f *testing.F) {
	f.Add("2024-07-15")
	f.Add("../2024-07-15T00:00:00Z")
	f.Add("2024-01-01/2024-12-31")
	f.Fuzz(func(t *testing.T, text string) {
		from, to, err := ogcDays(text)
		if err == nil && text != "" && (from == "" && to == "" || from != "" && to != "" && from > to) {
			t.Errorf("%q is read as %q to %q", text, from, to)
		}
	})
}
