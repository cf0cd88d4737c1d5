package api

import (
	"fmt"
	"strings"
	"time"
)

// ogcDays reads the parameter datetime (RFC 3339, or an interval with / in which
// .. or nothing is open) as days; "" = open.
func ogcDays(text string) (from, to string, err error) {
	if text == "" {
		return "", "", nil
	}
	day := func(t string) (string, error) {
		for _, layout := range []string{time.RFC3339, time.DateOnly} {
			if at, err := time.Parse(layout, t); err == nil {
				return at.In(chinaTime).Format(time.DateOnly), nil
			}
		}
		return "", fmt.Errorf("%w: datetime: %q is neither a day nor an instant (RFC 3339)", errQuestion, t)
	}
	a, b, interval := strings.Cut(text, "/")
	if !interval {
		if from, err = day(a); err != nil {
			return "", "", err
		}
		return from, from, nil
	}
	open := func(t string) bool { return t == "" || t == ".." }
	if open(a) && open(b) {
		return "", "", fmt.Errorf("%w: datetime: %q is open on both sides", errQuestion, text)
	}
	if !open(a) {
		if from, err = day(a); err != nil {
			return "", "", err
		}
	}
	if !open(b) {
		if to, err = day(b); err != nil {
			return "", "", err
		}
	}
	if from != "" && to != "" && from > to {
		return "", "", fmt.Errorf("%w: datetime: %q ends before it begins", errQuestion, text)
	}
	return from, to, nil
}
