package gdal

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/parus-lending/parus/raster"
)

// bandToken is a band in a file's name, between what is no letter or digit:
// scene_B04.tif, scene-b4-10m.tif, SCL.tif.
var bandToken = regexp.MustCompile(`(?i)(^|[^0-9a-z])(B0?[2-8]|B8A|B1[12]|SCL|VV|VH)($|[^0-9a-z])`)

// resToken is a resolution in a file's name.
var resToken = regexp.MustCompile(`(?i)[^0-9a-z](10|20|60)m($|[^0-9a-z])`)

// doubled separators are left where a band was taken out.
var doubled = regexp.MustCompile(`([_.\- ])[_.\- ]+`)

// colours are other names of bands, as descriptions in files have them.
var colours = map[string]raster.Band{
	"blue": raster.B02, "green": raster.B03, "red": raster.B04, "rededge1": raster.B05, "rededge2": raster.B06, "rededge3": raster.B07,
	"nir": raster.B08, "nir08": raster.B8A, "swir16": raster.B11, "swir1": raster.B11, "swir22": raster.B12, "swir2": raster.B12,
}

// bandInName finds the last band in a name; rest is the name without it and
// without a resolution: what files of one scene share.
func bandInName(name string) (band raster.Band, rest string, ok bool) {
	var at []int
	for from := 0; from < len(name); { // matches may share the separator
		m := bandToken.FindStringSubmatchIndex(name[from:])
		if m == nil {
			break
		}
		at = []int{from + m[4], from + m[5]}
		from += m[5]
	}
	if at == nil {
		return "", name, false
	}
	band = normalBand(name[at[0]:at[1]])
	rest = name[:at[0]] + name[at[1]:]
	if m := resToken.FindStringIndex(rest); m != nil {
		rest = rest[:m[0]] + rest[m[1]:]
	}
	return band, strings.Trim(doubled.ReplaceAllString(rest, "$1"), "_.- "), true
}

func normalBand(token string) raster.Band {
	t := strings.ToUpper(token)
	if len(t) == 2 && t[0] == 'B' {
		t = "B0" + t[1:]
	}
	return raster.Band(t)
}

// bandOfText is the band a description or a user names: B04, B4, red.
func bandOfText(s string) (raster.Band, bool) {
	s = strings.TrimSpace(s)
	if b, ok := colours[strings.ToLower(s)]; ok {
		return b, true
	}
	b, _, ok := bandInName(s)
	return b, ok
}

// ParseBands reads a band map: "B02=1,B03=2,SCL=3", numbers from 1.
func ParseBands(s string) (map[raster.Band]int, error) {
	out, taken := map[raster.Band]int{}, map[int]raster.Band{}
	for _, part := range strings.Split(s, ",") {
		name, number, ok := strings.Cut(part, "=")
		band, known := bandOfText(name)
		n, err := strconv.Atoi(strings.TrimSpace(number))
		switch {
		case !ok || err != nil || n < 1:
			return nil, fmt.Errorf("%q is no pair of band and number from 1: B02=1,B03=2,…", part)
		case !known:
			return nil, fmt.Errorf("%q is no band that Parus knows (B02 … B12, B8A, SCL, VV, VH)", strings.TrimSpace(name))
		case out[band] != 0 || taken[n] != "":
			return nil, fmt.Errorf("%q comes twice", part)
		}
		out[band], taken[n] = n, band
	}
	return out, nil
}

// DatePattern finds the date in a file's name.
type DatePattern struct{ re *regexp.Regexp }

// ParseDatePattern reads a regular expression with the groups y, m, d (or y, j:
// day of the year) and perhaps H, M, S, such as "_(?P<y>\d{4})(?P<j>\d{3})".
// Empty = the first YYYYMMDD or YYYY-MM-DD, with THHMMSS where it follows.
func ParseDatePattern(s string) (DatePattern, error) {
	if s == "" {
		return DatePattern{}, nil
	}
	re, err := regexp.Compile(s)
	if err != nil {
		return DatePattern{}, err
	}
	if re.SubexpIndex("y") < 0 || re.SubexpIndex("j") < 0 && (re.SubexpIndex("m") < 0 || re.SubexpIndex("d") < 0) {
		return DatePattern{}, fmt.Errorf("%q lacks the groups (?P<y>…), (?P<m>…) and (?P<d>…), or y and j (day of the year)", s)
	}
	return DatePattern{re}, nil
}

var plainDate = regexp.MustCompile(`^(\d{4})(-?)(\d{2})(-?)(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2}))?`)

// find gives the date (UTC) and whether the name tells the time of day too.
func (p DatePattern) find(name string) (t time.Time, timed, ok bool) {
	if p.re != nil {
		return p.findOwn(name)
	}
	for i := range name {
		if i > 0 && isDigit(name[i-1]) {
			continue
		}
		m := plainDate.FindStringSubmatch(name[i:])
		if m == nil || m[2] != m[4] {
			continue
		}
		if end := i + len(m[0]); end < len(name) && isDigit(name[end]) {
			continue
		}
		if t, ok := dateOf(m[1], m[3], m[5], "", m[6], m[7], m[8]); ok {
			return t, m[6] != "", true
		}
	}
	return time.Time{}, false, false
}

func (p DatePattern) findOwn(name string) (t time.Time, timed, ok bool) {
	m := p.re.FindStringSubmatch(name)
	if m == nil {
		return time.Time{}, false, false
	}
	get := func(group string) string {
		if k := p.re.SubexpIndex(group); k >= 0 {
			return m[k]
		}
		return ""
	}
	t, ok = dateOf(get("y"), get("m"), get("d"), get("j"), get("H"), get("M"), get("S"))
	return t, get("H") != "", ok
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// dateOf is a calendar day that exists, from 1972 (the first Landsat) to 2199.
func dateOf(y, m, d, j, hour, minute, second string) (time.Time, bool) {
	var v [7]int
	for i, s := range []string{y, m, d, j, hour, minute, second} {
		if s == "" {
			continue
		}
		n, err := strconv.Atoi(s)
		if err != nil {
			return time.Time{}, false
		}
		v[i] = n
	}
	if j != "" {
		v[1], v[2] = 1, v[3]
	}
	t := time.Date(v[0], time.Month(v[1]), v[2], v[4], v[5], v[6], 0, time.UTC)
	whole := v[0] >= 1972 && v[0] < 2200 && v[4] < 24 && v[5] < 60 && v[6] < 60 && v[4] >= 0 && v[5] >= 0 && v[6] >= 0
	if j != "" {
		return t, whole && v[3] >= 1 && t.Year() == v[0]
	}
	return t, whole && int(t.Month()) == v[1] && t.Day() == v[2]
}

// overpass is when Sentinel-2 passes on a day: 10:30 by the sun, so at 10.5 h −
// longitude / 15 in UTC, kept within the day.
func overpass(day time.Time, lon float64) time.Time {
	h := math.Min(math.Max(10.5-lon/15, 0), 23.99)
	return day.Add(time.Duration(h * float64(time.Hour)).Truncate(time.Minute))
}
