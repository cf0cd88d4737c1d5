package parcels

import (
	"fmt"
	"time"
)

// Date is a calendar day without a zone (meant in Asia/Shanghai). The zero
// Date means "not known".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads 2006-01-02, 2006/1/2 or 20060102.
func ParseDate(s string) (Date, error) {
	for _, layout := range []string{"2006-01-02", "2006/1/2", "20060102"} {
		if t, err := time.Parse(layout, s); err == nil {
			return DateOf(t), nil
		}
	}
	return Date{}, fmt.Errorf("%q is not a day: write it as 2024-05-31", s)
}

// DateOf is the calendar day of t in t's own location.
func DateOf(t time.Time) Date { y, m, d := t.Date(); return Date{y, m, d} }

// Time is midnight UTC of the day, for arithmetic only.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// days counts the days since 1970-01-01 in the Gregorian calendar (Hinnant,
// chrono-Compatible Low-Level Date Algorithms, days_from_civil).
func (d Date) days() int {
	if d.Month < 1 || d.Month > 12 {
		if d.IsZero() {
			return zeroDays
		}
		return int(d.Time().Unix() / 86400)
	}
	y, m := d.Year, int(d.Month)
	if m <= 2 {
		y--
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	ofEra := y - era*400
	ofYear := (153*((m+9)%12)+2)/5 + d.Day - 1
	return era*146097 + ofEra*365 + ofEra/4 - ofEra/100 + ofYear - 719468
}

// zeroDays is what the zero Date counts as: month 0 and day 0 of the year 0 are
// 30 November of the year before.
const zeroDays = -719560

// onDay is the inverse of days (Hinnant, civil_from_days).
func onDay(n int) Date {
	n += 719468
	era := n / 146097
	if n < 0 {
		era = (n - 146096) / 146097
	}
	ofEra := n - era*146097
	year := (ofEra - ofEra/1460 + ofEra/36524 - ofEra/146096) / 365
	ofYear := ofEra - (365*year + year/4 - year/100)
	m := (5*ofYear + 2) / 153 // from March
	d := Date{year + era*400, time.Month(m + 3), ofYear - (153*m+2)/5 + 1}
	if m >= 10 {
		d.Year, d.Month = d.Year+1, time.Month(m-9)
	}
	return d
}

// plain reports whether the day stands in every month, so that year, month and
// day compare one after the other.
func (d Date) plain() bool { return uint(d.Day-1) < 28 && uint(d.Month-1) < 12 }

func (d Date) IsZero() bool { return d == Date{} }

func (d Date) Before(o Date) bool {
	if d.plain() && o.plain() {
		if d.Year != o.Year {
			return d.Year < o.Year
		}
		return int(d.Month)<<5+d.Day < int(o.Month)<<5+o.Day
	}
	return d.days() < o.days()
}

func (d Date) After(o Date) bool { return o.Before(d) }

// Add returns the day n days later.
func (d Date) Add(n int) Date {
	if day := d.Day + n; day >= 1 && day <= 28 && d.Day >= 1 && d.Day <= 28 && d.Month >= 1 && d.Month <= 12 {
		return Date{d.Year, d.Month, day}
	}
	return onDay(d.days() + n)
}

// Sub returns d − o in days.
func (d Date) Sub(o Date) int { return d.days() - o.days() }

// String is 2006-01-02, empty for the zero Date.
func (d Date) String() string {
	var room [16]byte
	return string(d.AppendTo(room[:0]))
}

// AppendTo appends String to b.
func (d Date) AppendTo(b []byte) []byte {
	if d.IsZero() {
		return b
	}
	if d.Year < 0 || d.Year > 9999 || d.Month < 0 || d.Month > 99 || d.Day < 0 || d.Day > 99 {
		return fmt.Appendf(b, "%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
	}
	y, m, day := d.Year, int(d.Month), d.Day
	digit := func(v int) byte { return byte('0' + v%10) }
	return append(b, digit(y/1000), digit(y/100), digit(y/10), digit(y), '-', digit(m/10), digit(m), '-', digit(day/10), digit(day))
}

// MarshalText writes String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDate reads; empty text is the zero Date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(b))
	if err == nil {
		*d = v
	}
	return err
}
