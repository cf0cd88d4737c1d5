package feeds

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
	"github.com/xuri/excelize/v2"
)

// Upper ends of what a cell may hold; beyond lies a slip of unit or column.
const (
	maxAreaM2 = 1e9
	maxYuan   = 1e10
	maxPerMu  = 1e6
	maxYield  = 30_000
	maxPrice  = 1e6
)

const asText = "export the column as text from the county's system; a spreadsheet keeps only 15 digits"

var (
	exponent  = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?[eE]\+?[0-9]+$`)
	thousands = regexp.MustCompile(`^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$`)
	growerID  = regexp.MustCompile(`^[0-9a-f]{16}$`)
	forever   = []string{"长期", "长久", "永久", "open"}
	dayParts  = strings.NewReplacer("年", "-", "月", "-", "日", "", ".", "-", "/", "-")
)

// parseDay reads a day: 2024-05-31, 2024/5/31, 20240531, 2024.5.31,
// 2024年5月31日, with or without a time of day; in XLSX a day number. Words
// such as 长久 mean no end.
func (s *source) parseDay(v string) (day parcels.Date, open bool, err error) {
	if slices.Contains(forever, v) {
		return day, true, nil
	}
	if day, ok := isoDay(v); ok {
		return day, false, nil
	}
	if s.xlsx {
		if n, err := strconv.ParseFloat(v, 64); err == nil && n >= 10_000 && n < 100_000 {
			t, err := excelize.ExcelDateToTime(n, false)
			return parcels.DateOf(t), false, err
		}
	}
	v = dayParts.Replace(v)
	if i := strings.IndexAny(v, " T"); i > 0 {
		v = v[:i]
	}
	for _, layout := range []string{"2006-1-2", "20060102"} {
		if t, err := time.Parse(layout, v); err == nil {
			if t.Year() < 1900 || t.Year() > 2200 && t.Year() != 9999 {
				return day, false, errors.New("the year is out of range")
			}
			if t.Year() == 9999 {
				return day, true, nil
			}
			return parcels.DateOf(t), false, nil
		}
	}
	return day, false, errors.New("it is not a day")
}

// isoDay reads 2024-05-31, as most days are written, without a layout.
func isoDay(v string) (d parcels.Date, ok bool) {
	if len(v) != 10 || v[4] != '-' || v[7] != '-' || !isDigits(v[:4]) || !isDigits(v[5:7]) || !isDigits(v[8:]) {
		return d, false
	}
	n := func(s string) (x int) {
		for i := range len(s) {
			x = 10*x + int(s[i]-'0')
		}
		return x
	}
	d = parcels.Date{Year: n(v[:4]), Month: time.Month(n(v[5:7])), Day: n(v[8:])}
	return d, d.Year >= 1900 && d.Year <= 2200 && d.Month >= 1 && d.Month <= 12 && d.Day >= 1 && d.Day <= 28
}

func (r *row) date(name string) parcels.Date {
	v, _ := r.raw(name)
	if v == "" {
		return parcels.Date{}
	}
	d, _, err := r.s.parseDay(v)
	if err != nil {
		r.reject(name, err.Error(), "write it as 2024-05-31")
	}
	if r.day.IsZero() {
		r.day = d
	}
	r.set(name, d.String())
	return d
}

func parseYear(v string) (int, error) {
	v = strings.TrimSuffix(strings.TrimSuffix(v, "年"), ".0")
	y, err := strconv.Atoi(v)
	if err != nil || y < 1900 || y > 2200 {
		return 0, errors.New("it is not a year")
	}
	return y, nil
}

func (r *row) year(name string) int {
	v, _ := r.raw(name)
	if v == "" {
		return 0
	}
	y, err := parseYear(v)
	if err != nil {
		r.reject(name, err.Error(), "write it as 2024")
	}
	r.set(name, strconv.Itoa(y))
	return y
}

// amount reads a number ≥ 0 in the field's unit; ok = the cell has one.
func (r *row) amount(name string, most float64) (x float64, ok bool) {
	v, c := r.raw(name)
	if v == "" {
		return 0, false
	}
	x, err := parseNumber(v)
	switch {
	case err != nil:
		r.reject(name, "it is not a number", "write digits only, the unit belongs in the heading")
	case x < 0:
		r.reject(name, "it is below 0", "check the sign")
	case x*c.times > most:
		r.reject(name, fmt.Sprintf("it is more than %g, which the column cannot hold", most/c.times), "check the unit: the heading says which one is read")
	default:
		return x * c.times, true
	}
	return 0, false
}

// parseNumber reads 12345.6 and 12,345.6. A comma elsewhere may be a decimal
// one: 1,5 is not 15.
func parseNumber(v string) (float64, error) {
	v = strings.TrimPrefix(v, "¥")
	if strings.Contains(v, ",") && thousands.MatchString(v) {
		v = strings.ReplaceAll(v, ",", "")
	}
	x, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || strings.ContainsAny(v, "xXpP_") {
		return 0, errors.New("not a number")
	}
	return x, nil
}

// area is in m². Two columns of it (m² and mu) must agree within 1 %.
func (r *row) area() float64 {
	x, ok := r.amount("area_m2", maxAreaM2)
	if !ok {
		return 0
	}
	for _, c := range r.s.columns[r.s.slots["area_m2"]] {
		if c.index >= len(r.cells) {
			continue
		}
		if y, err := parseNumber(strings.TrimSpace(r.cells[c.index])); err == nil && y > 0 && math.Abs(y*c.times-x) > 0.01*x+10 {
			r.reject("area_m2", "the areas in its columns do not agree", "check the units: mu × 2000/3 = m²")
			break
		}
	}
	if x == 0 {
		r.reject("area_m2", "the area is 0", "leave the cell empty where the area is not known")
	}
	r.set("area_m2", scaled(int64(scoring.AreaOfM2(x)), 100))
	return x
}

func (r *row) fen(name string, most float64) scoring.Fen {
	x, ok := r.amount(name, most)
	fen := scoring.FenOfYuan(x)
	if ok {
		r.set(name, scaled(int64(fen), 100))
	}
	return fen
}

// signed is an amount of money that may lie below 0.
func (r *row) signed(name string, most float64) scoring.Fen {
	v, c := r.raw(name)
	if v == "" {
		return 0
	}
	x, err := parseNumber(v)
	if err != nil || math.Abs(x*c.times) > most {
		r.reject(name, "it is not a number that the column can hold", "write digits only, the unit belongs in the heading")
		return 0
	}
	fen := scoring.FenOfYuan(x * c.times)
	r.set(name, scaled(int64(fen), 100))
	return fen
}

// kgPerMu is a yield.
func (r *row) kgPerMu(name string) (y scoring.Yield, ok bool) {
	x, ok := r.amount(name, maxYield)
	y = scoring.YieldOfKg(x)
	if ok {
		r.set(name, scaled(int64(y), 10))
	}
	return y, ok
}

func (r *row) whole(name string) int {
	x, ok := r.amount(name, 100_000)
	if x != math.Trunc(x) {
		r.reject(name, "it is not a whole number", "write whole days")
	}
	if ok {
		r.set(name, strconv.Itoa(int(x)))
	}
	return int(x)
}

func (r *row) yesNo(name string) (yes, given bool) {
	v, _ := r.raw(name)
	switch strings.ToLower(v) {
	case "":
		return false, false
	case "1", "true", "yes", "y", "是", "有":
		r.set(name, "true")
		return true, true
	case "0", "false", "no", "n", "否", "无":
		r.set(name, "false")
		return false, true
	}
	r.reject(name, "it is neither yes nor no", "write true or false")
	return false, false
}

// code is a registry or file number, checked for what spreadsheets do to it.
func (r *row) code(name string) string {
	v, _ := r.raw(name)
	if v == "" {
		return ""
	}
	f, _ := r.s.layout.Field(name)
	county := r.s.opt.County
	switch {
	case r.s.stored:
	case ruined(v) || r.s.rounded[r.s.slots[name]] && len(v) > 15:
		r.reject(name, "a spreadsheet rounded the code", asText)
	case len(v) >= 19 && isDigits(v) && strings.Trim(v[15:], "0") == "":
		r.reject(name, fmt.Sprintf("the code ends in %d zeros: a spreadsheet rounded it", len(v)-15), asText)
	case f.Length > 0 && len(v) != f.Length && (isDigits(v) && len(v) >= 14 || realCounty(county) && strings.HasPrefix(v, county)):
		r.reject(name, fmt.Sprintf("the code has %d characters, it should have %d", len(v), f.Length), "check the code; leading zeros may have been cut off")
	case len(v) > 64 || strings.ContainsFunc(v, func(c rune) bool { return c < ' ' || c == 0xfffd }):
		r.reject(name, "it is not a code", "check the column and the file's encoding")
	}
	if !r.s.stored {
		v = r.s.public(v)
	}
	r.set(name, v)
	return v
}

// ruined reports whether a spreadsheet wrote the code as a number.
func ruined(v string) bool {
	if isDigits(v) {
		return false
	}
	base, cut := strings.CutSuffix(v, ".0")
	return exponent.MatchString(v) || cut && isDigits(base) && len(base) > 15
}

// realCounty: 000000 to 009999 stand for places outside the registry.
func realCounty(county string) bool { return len(county) == 6 && !strings.HasPrefix(county, "00") }

func (r *row) parcel(name string) string {
	v, _ := r.raw(name)
	if v == "" {
		return ""
	}
	r.checkParcel(name, v)
	r.s.land.add(v)
	r.set(name, v)
	return v
}

func (r *row) checkParcel(name, v string) {
	county := r.s.opt.County
	if len(v) == 19 && isDigits(v) && v[15:] != "0000" && !r.s.people.private.has(v) {
		return // a registry code, whole
	}
	if r.s.named(v) {
		r.reject(name, "it is a person's name or number, not a parcel code", "check that the columns stand under their headings")
	} else if _, err := parcels.CheckParcelID(v); err != nil {
		r.reject(name, "a spreadsheet rounded the parcel code, or it cannot be read", asText)
	} else if n := len(v); isDigits(v) && n != 19 && n != 22 && realCounty(county) && strings.HasPrefix(v, county) {
		r.reject(name, fmt.Sprintf("the parcel code has %d digits, a registry code has 19", n), "check the code")
	}
}

// parcelList reads several codes from one cell, sorted, none twice.
func (r *row) parcelList(name string) []string {
	v, _ := r.raw(name)
	list := strings.FieldsFunc(v, func(c rune) bool { return strings.ContainsRune(listMarks, c) })
	slices.Sort(list)
	list = slices.Compact(list)
	for _, id := range list {
		r.checkParcel(name, id)
		r.s.land.add(id)
	}
	r.set(name, strings.Join(list, ";"))
	return list
}

// text is free text, with a keyed code in place of what looks personal.
func (r *row) text(name string) string {
	v, _ := r.raw(name)
	if r.s.stored || v == "" {
		r.set(name, v)
		return v
	}
	out := r.s.publicText(v)
	if out != v {
		r.s.odd["name_replaced"]++
	}
	r.set(name, out)
	return out
}

// season is the season's ID as the county file writes it: 2024年 is 2024.
func (r *row) season() string {
	v := strings.TrimSuffix(r.text("season"), "年")
	r.set("season", v)
	return v
}

// listMarks part the codes of a list. A narrowed 、 is ､.
const listMarks = ";,|、､ \n\t"
