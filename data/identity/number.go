package identity

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Canonical is a number as it is compared: full-width characters narrowed,
// blanks around it taken off, letters in upper case. A 15-digit ID number of
// the first generation becomes its 18-digit form, so that one person has one
// grower ID.
func Canonical(number string) string {
	s := number
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			s = width.Narrow.String(s)
			break
		}
	}
	s = strings.ToUpper(strings.TrimSpace(s))
	if len(s) == 15 && digits(s) {
		long := s[:6] + "19" + s[6:]
		if _, err := birthday(long); err == nil {
			return long + string(mod11(long))
		}
	}
	return s
}

// CheckIDCard checks a citizen's ID number (GB 11643): 17 digits, a real day of
// birth and the check character of ISO 7064 MOD 11-2. The address code is not
// looked up.
func CheckIDCard(number string) error {
	s := Canonical(number)
	switch {
	case len(s) != 18:
		return fmt.Errorf("an ID number has 18 characters, this has %d", len([]rune(s)))
	case !digits(s[:17]) || !digits(s[17:]) && s[17] != 'X':
		return fmt.Errorf("an ID number has 17 digits and a last digit or X")
	}
	if _, err := birthday(s[:17]); err != nil {
		return err
	}
	if s[17] != mod11(s[:17]) {
		return fmt.Errorf("the check character of the ID number is wrong")
	}
	return nil
}

// IDCard makes a valid number for sample people. region has six digits; 000000
// belongs to nobody. seq is 0–999.
func IDCard(region string, birth time.Time, seq int) string {
	s := fmt.Sprintf("%s%s%03d", region, birth.Format("20060102"), seq%1000)
	return s + string(mod11(s))
}

// Born is the day of birth that an ID number holds in its places 7 to 14.
func Born(number string) (day time.Time, ok bool) {
	s := Canonical(number)
	if len(s) != 18 || !digits(s[:17]) || CheckIDCard(s) != nil {
		return day, false
	}
	day, err := birthday(s)
	return day, err == nil
}

func birthday(s string) (time.Time, error) {
	t, err := time.Parse("20060102", s[6:14])
	if err != nil || t.Year() < 1850 || t.Year() > 2100 {
		return t, fmt.Errorf("the ID number holds no day of birth in places 7 to 14")
	}
	return t, nil
}

// mod11 is the check character of ISO 7064 MOD 11-2 over 17 digits: weights
// 2^(18−i) mod 11 from the left, and the remainder picks from 10X98765432.
func mod11(s string) byte {
	sum, weight := 0, 1
	for i := len(s) - 1; i >= 0; i-- {
		weight = weight * 2 % 11
		sum += int(s[i]-'0') * weight
	}
	return "10X98765432"[sum%11]
}

// creditAlphabet is the alphabet of GB 32100: no I, O, S, V, Z.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// CheckCreditCode checks a unified social credit code (GB 32100): 18 characters
// of which the last checks the others, MOD 31.
func CheckCreditCode(code string) error {
	s := Canonical(code)
	if len(s) != 18 {
		return fmt.Errorf("a unified social credit code has 18 characters, this has %d", len([]rune(s)))
	}
	for i, r := range s {
		if !strings.ContainsRune(creditAlphabet, r) || i >= 2 && i < 8 && (r < '0' || r > '9') {
			return fmt.Errorf("character %d cannot stand in a unified social credit code", i+1)
		}
	}
	if s[17] != mod31(s[:17]) {
		return fmt.Errorf("the check character of the unified social credit code is wrong")
	}
	return nil
}

// CreditCode makes a valid code for a sample firm of a six-digit region; it
// begins with 93 (farmers' co-operative). seq numbers the firms.
func CreditCode(region string, seq int) string {
	s := fmt.Sprintf("93%sMA%07d", region, seq%10_000_000)
	return s + string(mod31(s))
}

// mod31 has weights 3^(i−1) mod 31.
func mod31(s string) byte {
	sum, weight := 0, 1
	for i := range len(s) {
		sum += strings.IndexByte(creditAlphabet, s[i]) * weight
		weight = weight * 3 % 31
	}
	return creditAlphabet[(31-sum%31)%31]
}

// Check checks a number by its look: an ID number of 18 or 15 characters, or a
// unified social credit code. Digits that hold a day of birth are an ID number:
// one with a slip would else pass for a code once in 31 times.
func Check(number string) error {
	s := Canonical(number)
	if len(s) == 18 && digits(s[:17]) {
		errCard := CheckIDCard(s)
		if _, err := birthday(s); err != nil && CheckCreditCode(s) == nil {
			return nil
		}
		return errCard
	}
	if len(s) == 18 {
		return CheckCreditCode(s)
	}
	return fmt.Errorf("neither an ID number nor a unified social credit code: both have 18 characters, this has %d", len([]rune(s)))
}

func digits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}
