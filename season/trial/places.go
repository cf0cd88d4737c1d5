package trial

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/parus-lending/parus/data/table"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
)

// place is one id of a long table with its dates.
type place struct {
	id    string
	looks []models.Look
	lat   float64 // NaN = not known
	marks [nMarks]string
}

// Columns of a labelled table beside those of the crop models; empty where the
// table has none.
const (
	markLabel = iota
	markRegion
	markYear
	markArea
	markShare
	nMarks
)

var markNames = [nMarks]string{"label", "region", "year", "area_mu", "share"}

// columns of the long table, by name.
var (
	radarNames = [2]string{"vv", "vh"}
	placeNames = [2]string{"lat", "lon"}
)

// longTable reads a table of one row per id and date.
type longTable struct {
	path    string
	r       *table.Reader
	rejects *rejects
	rows    int

	id, date     int
	bands        [10]int
	ndvi         int // −1 = none, or the table has bands
	radar, point [2]int
	marks        [nMarks]int
}

func wantedColumns() []string {
	out := []string{"id", "date", ndviName}
	for _, b := range raster.OpticalBands {
		out = append(out, string(b))
	}
	out = append(out, radarNames[:]...)
	out = append(out, placeNames[:]...)
	return append(out, markNames[:]...)
}

func openLong(path string, rej *rejects) (*longTable, error) {
	r, err := table.Open(path, wantedColumns()...)
	if err != nil {
		return nil, err
	}
	t := &longTable{path: path, r: r, rejects: rej, id: r.Find("id"), date: r.Find("date"), ndvi: r.Find(ndviName)}
	for i, n := range radarNames {
		t.radar[i] = r.Find(n)
	}
	for i, n := range placeNames {
		t.point[i] = r.Find(n)
	}
	for i, n := range markNames {
		t.marks[i] = r.Find(n)
	}
	var missing []string
	for _, c := range []struct {
		name string
		at   int
	}{{"id", t.id}, {"date", t.date}} {
		if c.at < 0 {
			missing = append(missing, c.name)
		}
	}
	optical := 0
	for i, b := range raster.OpticalBands {
		if t.bands[i] = r.Find(string(b)); t.bands[i] >= 0 {
			optical++
		}
	}
	if optical > 0 {
		t.ndvi = -1
	}
	radar := t.radar[0] >= 0 && t.radar[1] >= 0
	for i, b := range raster.OpticalBands {
		if t.bands[i] < 0 && b != raster.B8A && (optical > 0 || !radar && t.ndvi < 0) {
			missing = append(missing, string(b))
		}
	}
	if len(missing) > 0 {
		r.Close()
		return nil, fmt.Errorf("table %s lacks the columns %s: it needs id, date (2024-05-31), the reflectances B02 B03 B04 B05 B06 B07 B08 B8A B11 B12 (0–1; B8A may be left out) or vv and vh in dB, or for NDVI networks ndvi, one row per id and date; lat and lon are optional (docs/models.md)",
			path, strings.Join(missing, ", "))
	}
	return t, nil
}

// grouped reports whether the rows of each id stand together.
func grouped(path string) (bool, error) {
	r, err := table.Open(path, "id")
	if err != nil {
		return false, err
	}
	defer r.Close()
	seen, last := map[string]bool{}, ""
	for {
		row, err := r.Read()
		if err == io.EOF {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		if row.Fault != "" || len(row.Cells) == 0 {
			continue
		}
		id := strings.TrimSpace(row.Cells[0].String())
		if id == last || id == "" {
			continue
		}
		if seen[id] {
			return false, nil
		}
		seen[id], last = true, id
	}
}

// readPlaces calls yield for every id of a long table, in the order in which
// they first appear. Where the rows of each id stand together it holds one id at
// a time, else all of them (about 120 bytes a row). Rows that cannot be used go
// to rej; an id all of whose rows are bad still comes, without dates.
func readPlaces(ctx context.Context, path string, rej *rejects, yield func(*place) error) (rows int, err error) {
	together, err := grouped(path)
	if err != nil {
		return 0, err
	}
	t, err := openLong(path, rej)
	if err != nil {
		return 0, err
	}
	defer t.r.Close()
	byID := map[string]*place{}
	var all []*place
	var cur *place
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return n, ctx.Err()
		}
		row, err := t.r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return n, err
		}
		t.rows++
		if row.Fault != "" {
			rej.add(row.Number, "", "", row.Fault)
			continue
		}
		id := strings.TrimSpace(row.Cells[t.id].String())
		if id == "" {
			rej.add(row.Number, "id", "", "is empty: the row belongs to nothing")
			continue
		}
		if cur == nil || cur.id != id {
			next := byID[id]
			if next == nil {
				next = &place{id: strings.Clone(id), lat: math.NaN()}
				if together {
					if err := yieldIf(cur, yield); err != nil {
						return n, err
					}
				} else {
					byID[next.id], all = next, append(all, next)
				}
			}
			cur = next
		}
		t.add(cur, row)
	}
	if together {
		return t.rows, yieldIf(cur, yield)
	}
	for _, p := range all {
		if err := yield(p); err != nil {
			return t.rows, err
		}
	}
	return t.rows, nil
}

func yieldIf(p *place, yield func(*place) error) error {
	if p == nil {
		return nil
	}
	return yield(p)
}

// add puts a row's date to its place, or rejects it.
func (t *longTable) add(p *place, row *table.Row) {
	for i, at := range t.marks {
		if at < 0 {
			continue
		}
		v := strings.TrimSpace(row.Cells[at].String())
		if p.marks[i] == "" {
			p.marks[i] = v
		} else if v != "" && v != p.marks[i] && i == markLabel {
			t.rejects.add(row.Number, "label", v, "is not the label of the id's earlier rows, "+p.marks[i])
			return
		}
	}
	day, err := dayOf(row.Cells[t.date].String())
	if err != nil {
		t.rejects.add(row.Number, t.r.Columns()[t.date], row.Cells[t.date].String(), "is no day: write it as 2024-05-31")
		return
	}
	l := models.Look{Day: day}
	ok := true
	get := func(at int, lo, hi float64, what string) float64 {
		if at < 0 || !ok {
			return math.NaN()
		}
		v, err := row.Cells[at].Float()
		if err == nil && (v < lo || v > hi) {
			err = fmt.Errorf("is no %s", what)
		}
		if err != nil {
			ok = false
			t.rejects.add(row.Number, t.r.Columns()[at], row.Cells[at].String(), err.Error())
		}
		return v
	}
	for b, at := range t.bands {
		l.Bands[b] = get(at, -0.5, 2, "reflectance of 0–1 (divide digital numbers by 10000)")
	}
	if v := get(t.ndvi, -1, 1, "NDVI of −1 to 1"); !math.IsNaN(v) {
		setNDVI(&l, v)
	}
	for k, at := range t.radar {
		l.Radar[k] = get(at, -70, 40, "backscatter in dB")
	}
	lat := get(t.point[0], -90, 90, "latitude in degrees")
	get(t.point[1], -180, 180, "longitude in degrees")
	if !ok {
		return
	}
	if math.IsNaN(p.lat) {
		p.lat = lat
	}
	dropZeros(&l)
	p.looks = append(p.looks, l)
}

// dropZeros: a date that is exactly zero in every band it has shows nothing; no
// sensor measures that.
func dropZeros(l *models.Look) {
	for _, v := range l.Bands {
		if v != 0 && !math.IsNaN(v) {
			return
		}
	}
	for b := range l.Bands {
		l.Bands[b] = math.NaN()
	}
}

// dayOf reads a day, or the day of an instant.
func dayOf(text string) (parcels.Date, error) {
	text = strings.TrimSpace(text)
	if len(text) > 10 && (text[10] == 'T' || text[10] == ' ') {
		text = text[:10]
	}
	return parcels.ParseDate(text)
}
