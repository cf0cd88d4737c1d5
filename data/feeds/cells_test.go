package feeds

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/parus-lending/parus/parcels"
)

func TestNumbersAsPeopleWriteThem(t *testing.T) {
	for v, want := range map[string]float64{"12": 12, "12.50": 12.5, "1,234": 1234, "1,234,567.8": 1234567.8, "¥1,200": 1200, "-3": -3, "1e3": 1000} {
		if got, err := parseNumber(v); err != nil || got != want {
			t.Errorf("parseNumber(%q) = %v, %v, want %v", v, got, err, want)
		}
	}
	for _, v := range []string{"1,5", "12,34", "1234,567", "1,234,5", "", "NaN", "inf", "0x10", "1_000", "5亩"} {
		if got, err := parseNumber(v); err == nil {
			t.Errorf("parseNumber(%q) = %v, want an error: a wrong guess is a wrong limit", v, got)
		}
	}
}

func TestDaysAsPeopleWriteThem(t *testing.T) {
	csv, xlsx := &source{}, &source{xlsx: true}
	want := parcels.Date{Year: 2024, Month: 5, Day: 31}
	for _, v := range []string{"2024-05-31", "2024/5/31", "2024.5.31", "20240531", "2024年5月31日", "2024-05-31 08:00:00", "2024-05-31T23:59:59+08:00"} {
		if got, open, err := csv.parseDay(v); err != nil || open || got != want {
			t.Errorf("parseDay(%q) = %v, %v, %v", v, got, open, err)
		}
	}
	// By hand: day 45292 is 2024-01-01, and 31 May is the 152nd day of 2024.
	if got, _, err := xlsx.parseDay("45443"); err != nil || got != want {
		t.Errorf("day number of a spreadsheet: %v %v", got, err)
	}
	for _, v := range []string{"长期", "长久", "9999-12-31"} {
		if _, open, err := csv.parseDay(v); err != nil || !open {
			t.Errorf("parseDay(%q) has an end: %v", v, err)
		}
	}
	for _, v := range []string{"2024-02-30", "31/05/2024", "2024", "45443", "1024-05-31", "soon"} {
		if got, _, err := csv.parseDay(v); err == nil {
			t.Errorf("parseDay(%q) = %v, want an error", v, got)
		}
	}
}

func FuzzCells(f *testing.F) {
	for _, v := range []string{"1,234.5", "2024年5月31日", "45443", "9999-12-31", "3.41E+18", "¥-0", "2024-05-31T", "１２"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		if x, err := parseNumber(v); err == nil && (math.IsNaN(x) || math.IsInf(x, 0) || !strings.ContainsAny(v, "0123456789")) {
			t.Errorf("%q is the number %v", v, x)
		}
		for _, s := range []*source{{}, {xlsx: true}} {
			d, open, err := s.parseDay(v)
			if err != nil || open {
				continue
			}
			again, _, err := (&source{}).parseDay(d.String())
			if d.Year < 1900 || d.Year > 2200 || err != nil || again != d {
				t.Errorf("%q is the day %v, which reads as %v (%v)", v, d, again, err)
			}
		}
	})
}

func FuzzCSV(f *testing.F) {
	f.Add("a,b\n1,\"2\n3\"\n")
	f.Add("a;b\r\n\"x;y\n")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		_ = readCSV(context.Background(), strings.NewReader(text), func(l line) error {
			if l.number <= last && l.fault == "" {
				t.Errorf("row %d follows row %d", l.number, last)
			}
			last = l.number
			return nil
		})
	})
}
