package feeds

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/parus-lending/parus/data/identity"
)

// institution words: Chinese text with one of them is no person's name.
var institution = []string{"行", "社", "司", "局", "厅", "会", "中心", "保险", "基金", "集团", "财", "站", "办", "村", "镇", "乡", "县", "农", "产", "种", "贷", "季", "年", "险", "法", "权", "同意", "其他", "无"}

// public is free text as it may leave the package: text that is, or looks
// like, a person's name, ID number or phone becomes a keyed code, the same for
// the same text.
func (s *source) public(v string) string {
	if v == "" || !s.personal(v) {
		return v
	}
	return "private-" + s.opt.Key.Pseudonym("text", v)
}

// publicText is public for cells that are words, not codes: there, eleven
// digits in a row are a phone or an ID number, mistyped or not.
func (s *source) publicText(v string) string {
	if countDigits(v) >= 11 && longNumber.MatchString(v) {
		return "private-" + s.opt.Key.Pseudonym("text", v)
	}
	return s.public(v)
}

var longNumber = regexp.MustCompile(`[0-9]([ .-]?[0-9]){9,}[ .-]?[0-9Xx]`)

func (s *source) personal(v string) bool {
	if s.people != nil && s.people.private.has(v) {
		return true
	}
	if n := countDigits(v); n >= 11 && (idCard(v) || phone(v)) {
		return true
	}
	if strings.ContainsAny(v, parting) {
		for _, word := range strings.FieldsFunc(v, func(c rune) bool { return strings.ContainsRune(parting, c) }) {
			if s.people != nil && !isDigits(word) && s.people.private.has(word) || idCard(word) || phone(word) {
				return true
			}
		}
	}
	return shortHan(v)
}

const parting = " \t\r\n\u00a0\u3000,;，；、:：()（）/"

// idCard reports an ID number of 15 or 18 characters.
func idCard(v string) bool { return (len(v) == 18 || len(v) == 15) && identity.CheckIDCard(v) == nil }

// named reports whether a code is an ID number, or something personal that a
// file holds. Short numbers are not: a parcel may be called as a house is.
func (s *source) named(v string) bool {
	return idCard(v) || s.people != nil && (!isDigits(v) || len(v) >= 11) && s.people.private.has(v)
}

var parted = strings.NewReplacer(" ", "", "-", "", ".", "")

// phone is a mobile number, with or without the country's prefix.
func phone(v string) bool {
	if len(v) < 11 || len(v) > 32 {
		return false
	}
	v = parted.Replace(v)
	v = strings.TrimPrefix(strings.TrimPrefix(v, "+86"), "0086")
	return len(v) == 11 && isDigits(v) && v[0] == '1' && v[1] >= '3'
}

// shortHan is Chinese text of two to four characters without a word that
// institutions have: it may be a name.
func shortHan(v string) bool {
	n := 0
	for _, c := range v {
		if !unicode.Is(unicode.Han, c) && c != '·' {
			return false
		}
		n++
	}
	if n < 2 || n > 4 {
		return false
	}
	for _, w := range institution {
		if strings.Contains(v, w) {
			return false
		}
	}
	return true
}
