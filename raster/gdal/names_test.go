package gdal

import (
	"testing"
	"time"

	"github.com/parus-lending/parus/raster"
)

func TestBandInName(t *testing.T) {
	for name, want := range map[string][2]string{
		"T50SKA_20240610T030541_B04_10m": {"B04", "T50SKA_20240610T030541"},
		"scene-b4":                       {"B04", "scene"},
		"B8A":                            {"B8A", ""},
		"x_B02_B03":                      {"B03", "x_B02"},
		"farm.SCL.20240610":              {"SCL", "farm.20240610"},
		"B01_20240610":                   {"", "B01_20240610"},
		"B045_x":                         {"", "B045_x"},
		"cab04_x":                        {"", "cab04_x"},
	} {
		b, rest, ok := bandInName(name)
		if string(b) != want[0] || rest != want[1] || ok != (want[0] != "") {
			t.Errorf("%s: %s and %q", name, b, rest)
		}
	}
	for text, want := range map[string]raster.Band{"Red": raster.B04, " nir ": raster.B08, "B4 red": raster.B04, "B11 (1610 nm)": raster.B11, "mask": ""} {
		if b, _ := bandOfText(text); b != want {
			t.Errorf("%q: %s, want %s", text, b, want)
		}
	}
	for _, bad := range []string{"", "B02", "B02=0", "B02=x", "B99=1", "B02=1,B03=1", "B02=1,blue=2"} {
		if m, err := ParseBands(bad); err == nil {
			t.Errorf("%q was read as %v", bad, m)
		}
	}
}

func TestDateInName(t *testing.T) {
	for name, want := range map[string]string{
		"x_20240610":                  "2024-06-10T00:00",
		"x_2024-06-10_y":              "2024-06-10T00:00",
		"S2A_20240610T030541_N0510":   "2024-06-10T03:05",
		"plot12345678_20240610":       "2024-06-10T00:00", // no such month
		"20240231_20240301":           "2024-03-01T00:00",
		"120240610":                   "",
		"2024061":                     "",
		"2024-0610":                   "",
		"20240610T256199_x":           "",
		"grid 00010101 then 20230102": "2023-01-02T00:00",
	} {
		got := ""
		if d, _, ok := (DatePattern{}).find(name); ok {
			got = d.Format("2006-01-02T15:04")
		}
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, bad := range []string{"(", `(\d{8})`, `(?P<y>\d{4})(?P<m>\d\d)`} {
		if _, err := ParseDatePattern(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	if got := overpass(time.Date(2024, 6, 10, 0, 0, 0, 0, time.UTC), 117); got.Format("15:04") != "02:42" { // 10.5 − 117/15 = 2.7 h
		t.Errorf("overpass %v", got)
	}
}

func FuzzNames(f *testing.F) {
	f.Add("T50SKA_20240610T030541_B04_10m", "B02=1,B03=2", `(?P<y>\d{4})(?P<j>\d{3})`)
	f.Add("x_2024-06-10 B8A", "red=3", "")
	f.Fuzz(func(t *testing.T, name, bands, pattern string) {
		if b, _, ok := bandInName(name); ok && len(b) < 2 {
			t.Errorf("band %q", b)
		}
		if m, err := ParseBands(bands); err == nil {
			for b, n := range m {
				if n < 1 || b == "" {
					t.Errorf("%q: %v", bands, m)
				}
			}
		}
		p, err := ParseDatePattern(pattern)
		if err != nil {
			return
		}
		if d, _, ok := p.find(name); ok && (d.Year() < 1972 || d.Year() > 2199) {
			t.Errorf("%s: %v", name, d)
		}
	})
}
