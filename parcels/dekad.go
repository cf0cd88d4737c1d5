package parcels

import (
	"fmt"
	"time"
)

// DekadOf is the ten-day step a day falls in.
func DekadOf(d Date) Dekad {
	return Dekad{Year: d.Year, Index: (int(d.Month)-1)*3 + min((d.Day-1)/10, 2)}
}

// Start is the dekad's first day: the 1st, 11th or 21st.
func (k Dekad) Start() Date {
	return Date{Year: k.Year, Month: time.Month(k.Index/3 + 1), Day: k.Index%3*10 + 1}
}

// Mid is the day the dekad's values stand for: the 6th, 16th or 26th.
func (k Dekad) Mid() Date {
	day := k.Start()
	day.Day += 5
	return day
}

// End is the dekad's last day.
func (k Dekad) End() Date { return k.Next().Start().Add(-1) }

// Next is the dekad after.
func (k Dekad) Next() Dekad {
	if k.Index == 35 {
		return Dekad{Year: k.Year + 1}
	}
	return Dekad{Year: k.Year, Index: k.Index + 1}
}

// ordinal counts dekads, so that differences are steps.
func (k Dekad) ordinal() int { return k.Year*36 + k.Index }

// String is the dekad's first day.
func (k Dekad) String() string { return fmt.Sprint(k.Start()) }

// Axis is every dekad from the one of the first day to the one of the last.
// It is empty where to is before from.
func Axis(from, to Date) []Dekad {
	last := DekadOf(to).ordinal()
	var axis []Dekad
	for k := DekadOf(from); k.ordinal() <= last; k = k.Next() {
		axis = append(axis, k)
	}
	return axis
}
