package vector

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/parcels"
)

// builder turns rows into parcels.
type builder struct {
	file, county string
	crs          *crs
	use          map[string]string // land use code in the file → code meant
	id           string            // column of the code
	parcels      []parcels.Parcel
	rejects      []Reject
	notes        []Note
	at           map[string]int // index in parcels by code
	row          []int          // row number of each parcel
}

func (b *builder) reject(r row, id, column, format string, args ...any) {
	b.rejects = append(b.rejects, Reject{File: b.file, Row: r.number, ID: id, Column: column, Reason: fmt.Sprintf(format, args...)})
}

func (b *builder) add(r row) {
	id, err := codeOf(r, b.id)
	if err == nil {
		_, err = parcels.CheckParcelID(id)
	}
	if err != nil {
		b.reject(r, id, b.id, "%v", err)
		return
	}
	if i, taken := b.at[id]; taken {
		b.reject(r, id, b.id, "rows %d and %d have the same code %s; row %d is kept", b.row[i], r.number, id, b.row[i])
		b.parcels[i].Notes = append(b.parcels[i].Notes, fmt.Sprintf("row %d of the file has the same code and was rejected", r.number))
		return
	}
	if r.wkb == nil {
		b.reject(r, id, "geometry", "it has no polygon")
		return
	}
	given, err := polygonsOf(r.wkb)
	if err != nil {
		b.reject(r, id, "geometry", "%v", err)
		return
	}
	source, repaired, err := repair(given)
	if err != nil {
		b.reject(r, id, "geometry", "%v", err)
		return
	}
	source = b.crs.ordered(source)
	p := parcels.Parcel{County: b.county, ID: id, SourceCRS: b.crs.name, SourceEPSG: b.crs.epsg, Source: source, Assumed: b.crs.assumed}
	if p.Polygon, err = b.crs.lonlat(source); err != nil {
		b.reject(r, id, "geometry", "%v", err)
		return
	}
	if box := p.Polygon.Bound(); !(box.Min[0] >= -180.001 && box.Max[0] <= 180.001 && box.Min[1] >= -90 && box.Max[1] <= 90) {
		b.reject(r, id, "geometry", "its longitudes %.4f–%.4f and latitudes %.4f–%.4f are not on the earth: check the file's CRS %s", box.Min[0], box.Max[0], box.Min[1], box.Max[1], b.crs.name)
		return
	}
	if p.AreaM2 = parcels.AreaM2(p.Polygon); !(p.AreaM2 > 0.01) {
		b.reject(r, id, "geometry", "its polygon has no area")
		return
	}
	if column, err := attributes(&p, r); err != nil {
		b.reject(r, id, column, "%v", err)
		return
	}
	if use, ok := b.use[p.Use]; ok {
		p.Use = use
	}
	if repaired != "" {
		p.Notes = append(p.Notes, repaired)
		b.notes = append(b.notes, Note{"geometry_repaired", id, fmt.Sprintf("row %d: %s", r.number, repaired)})
	}
	if c := parcels.CountyOf(id); p.County == "" {
		p.County = c
	} else if c != "" && c != p.County {
		b.notes = append(b.notes, Note{"other_county", id, fmt.Sprintf("row %d: the code begins with county %s, the file is of county %s", r.number, c, p.County)})
	}
	b.at[id] = len(b.parcels)
	b.parcels, b.row = append(b.parcels, p), append(b.row, r.number)
}

// oddCodes notes codes that are no registry codes in a file where most are.
func (b *builder) oddCodes() {
	var odd []int
	for i, p := range b.parcels {
		if kind, _ := parcels.CheckParcelID(p.ID); kind == parcels.CodeOther {
			odd = append(odd, i)
		}
	}
	if 2*len(odd) >= len(b.parcels) {
		return
	}
	for _, i := range odd {
		b.notes = append(b.notes, Note{"odd_code", b.parcels[i].ID, fmt.Sprintf("row %d: the code is not a registry code of 19 digits, as most in the file are", b.row[i])})
	}
}

// codeOf is the parcel code as text. A number too long to be exact is refused.
func codeOf(r row, column string) (string, error) {
	f := r.fields[column]
	switch f.Type() {
	case godal.FTInt, godal.FTInt64:
		return strconv.FormatInt(f.Int(), 10), nil
	case godal.FTReal:
		v := f.Float()
		if v != math.Trunc(v) || math.Abs(v) >= 1<<53 {
			return strconv.FormatFloat(v, 'g', -1, 64), fmt.Errorf("parcel code %v is a floating-point number and may be rounded: store the column as text", v)
		}
		return strconv.FormatFloat(v, 'f', 0, 64), nil
	}
	return r.text(f.String()), nil
}

// attributes reads registry (NY/T 2539) and fiboa columns. A column that is
// absent or empty leaves its field unset; one that is unreadable is an error.
func attributes(p *parcels.Parcel, r row) (column string, err error) {
	value := map[string]string{}
	for name, f := range r.fields {
		key := strings.ToLower(name)
		switch f.Type() {
		case godal.FTReal:
			value[key] = strconv.FormatFloat(f.Float(), 'f', -1, 64)
		case godal.FTInt, godal.FTInt64, godal.FTString:
			value[key] = r.text(f.String())
		}
	}
	if value["status"] == "proposed" && first(value, "determination_method") == "auto-imagery" {
		return "status", errors.New("it is a proposal from imagery that nobody has confirmed: look at it, then set status to confirmed")
	}
	p.Name = first(value, "dkmc", "name")
	p.Use = first(value, "tdlylx")
	p.Method = first(value, "determination_method", "determination:method")
	p.Basic = value["sfjbnt"] == "1"
	var mu float64
	for _, c := range []struct {
		name string
		to   *float64
	}{{"scmj", &p.SurveyedM2}, {"scmjm", &mu}} {
		text := value[c.name]
		if text == "" {
			continue
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || v < 0 || math.IsInf(v, 0) || math.IsNaN(v) {
			return strings.ToUpper(c.name), fmt.Errorf("surveyed area %q is not a number ≥ 0", text)
		}
		*c.to = v
	}
	if p.SurveyedM2 == 0 && mu > 0 {
		p.SurveyedM2 = mu * parcels.SquareMetresPerMu
	} else if mu > 0 && math.Abs(parcels.Mu(p.SurveyedM2)-mu) > 0.02+0.01*mu {
		p.Notes = append(p.Notes, fmt.Sprintf("SCMJ %.2f m² and SCMJM %.2f mu differ; SCMJ is used", p.SurveyedM2, mu))
	}
	return "", nil
}

func first(value map[string]string, names ...string) string {
	for _, n := range names {
		if v := value[n]; v != "" {
			return v
		}
	}
	return ""
}
