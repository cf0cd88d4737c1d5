package season

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/parquet-go/parquet-go"

	"github.com/parus-lending/parus/parcels"
)

// seriesFields are the columns of a series file that predict needs, by name. A
// column that is not here is not read; a null is NaN.
var seriesFields = []struct {
	column string
	of     func(*parcels.Series) *[]float64
}{
	{"weight", func(s *parcels.Series) *[]float64 { return &s.Weight }},
	{"ndvi", func(s *parcels.Series) *[]float64 { return &s.NDVI }},
	{"lai", func(s *parcels.Series) *[]float64 { return &s.LAI }},
	{"fapar", func(s *parcels.Series) *[]float64 { return &s.FAPAR }},
	{"vv", func(s *parcels.Series) *[]float64 { return &s.Radar.VV }},
	{"vh", func(s *parcels.Series) *[]float64 { return &s.Radar.VH }},
	{"emergence_within_days", func(s *parcels.Series) *[]float64 { return &s.Sure.Emergence }},
	{"peak_within_days", func(s *parcels.Series) *[]float64 { return &s.Sure.Peak }},
	{"harvest_within_days", func(s *parcels.Series) *[]float64 { return &s.Sure.Harvest }},
	{"cycle_found", func(s *parcels.Series) *[]float64 { return &s.Sure.Found }},
}

var seriesBands = [10]string{"b02", "b03", "b04", "b05", "b06", "b07", "b08", "b8a", "b11", "b12"}

// readSeries reads the polygons of a series file, column by column: what
// seriesRows wrote, as far as predict needs it. Polygons of the same dates share
// their axis.
func readSeries(path string) ([]parcels.Series, error) {
	out, err := readSeriesColumns(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w (delete it and run again)", path, err)
	}
	return out, nil
}

func readSeriesColumns(path string) ([]parcels.Series, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	file, err := parquet.OpenFile(f, st.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, err
	}
	n := int(file.NumRows())
	c := columns{file: file, rows: n}
	of, ids, dekads, err := c.axis()
	if err != nil {
		return nil, err
	}
	out := make([]parcels.Series, len(ids))
	for i, first := range of {
		last := n
		if i+1 < len(of) {
			last = of[i+1]
		}
		out[i].ParcelID, out[i].Dekads = ids[i], dekads[first:last]
		if i > 0 && sameDekads(out[i].Dekads, out[i-1].Dekads) {
			out[i].Dekads = out[i-1].Dekads
		}
	}
	for _, field := range seriesFields {
		v := make([]float64, n)
		if err := c.numbers(field.column, v, 1); err != nil {
			return nil, err
		}
		for i := range out {
			*field.of(&out[i]) = v[of[i] : of[i]+len(out[i].Dekads) : of[i]+len(out[i].Dekads)]
		}
	}
	inside, clear := make([]float64, n), make([]float64, n)
	if err := c.numbers("inside_pixels", inside, 1); err != nil {
		return nil, err
	}
	if err := c.numbers("clear_dates", clear, 1); err != nil {
		return nil, err
	}
	radar := make([]float64, n)
	if err := c.numbers("radar_dates", radar, 1); err != nil {
		return nil, err
	}
	dates := make([]int, n)
	for r, x := range radar {
		dates[r] = int(x)
	}
	bands, byDekad := make([]float64, n*len(seriesBands)), make([][]float64, n)
	for b, name := range seriesBands {
		if err := c.numbers(name, bands[b:], len(seriesBands)); err != nil {
			return nil, err
		}
	}
	for r := range byDekad {
		byDekad[r] = bands[r*len(seriesBands) : (r+1)*len(seriesBands) : (r+1)*len(seriesBands)]
	}
	for i := range out {
		first := of[i]
		out[i].Bands = byDekad[first : first+len(out[i].Dekads)]
		out[i].Radar.Dates = dates[first : first+len(out[i].Dekads)]
		out[i].InsidePixels, out[i].ClearDates = inside[first], int(clear[first])
	}
	return out, nil
}

func sameDekads(a, b []parcels.Dekad) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// columns reads single columns of a file whole.
type columns struct {
	file *parquet.File
	rows int
}

// axis finds where each polygon begins, its ID, and every row's dekad.
func (c columns) axis() (of []int, ids []string, dekads []parcels.Dekad, err error) {
	r := 0
	err = c.each("parcel_id", func(v parquet.Value) error {
		if b := v.ByteArray(); len(ids) == 0 || string(b) != ids[len(ids)-1] {
			of, ids = append(of, r), append(ids, string(b))
		}
		r++
		return nil
	})
	if err != nil {
		return nil, nil, nil, err
	}
	known := map[string]parcels.Dekad{}
	dekads = make([]parcels.Dekad, 0, c.rows)
	err = c.each("date", func(v parquet.Value) error {
		b := v.ByteArray()
		d, ok := known[string(b)]
		if !ok {
			day, err := parcels.ParseDate(string(b))
			if err != nil {
				return err
			}
			d = parcels.DekadOf(day)
			known[string(b)] = d
		}
		dekads = append(dekads, d)
		return nil
	})
	if err == nil && (r != c.rows || len(dekads) != c.rows) {
		err = fmt.Errorf("its columns have %d and %d values for %d rows", r, len(dekads), c.rows)
	}
	return of, ids, dekads, err
}

// each calls f with every value of a column.
func (c columns) each(name string, f func(parquet.Value) error) error {
	return c.pages(name, func(page parquet.Page) error { return eachValue(page, f) })
}

// eachValue calls f with every value of a page.
func eachValue(page parquet.Page, f func(parquet.Value) error) error {
	var buf [1024]parquet.Value
	values := page.Values()
	for {
		n, err := values.ReadValues(buf[:])
		for _, v := range buf[:n] {
			if err := f(v); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// pages calls f with every page of a column, which is released after.
func (c columns) pages(name string, f func(parquet.Page) error) error {
	leaf, ok := c.file.Schema().Lookup(name)
	if !ok {
		return fmt.Errorf("it has no column %s", name)
	}
	for _, group := range c.file.RowGroups() {
		if err := pagesOfChunk(group.ColumnChunks()[leaf.ColumnIndex], f); err != nil {
			return fmt.Errorf("column %s: %w", name, err)
		}
	}
	return nil
}

func pagesOfChunk(chunk parquet.ColumnChunk, f func(parquet.Page) error) error {
	pages := chunk.Pages()
	defer pages.Close()
	for {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		err = f(page)
		parquet.Release(page)
		if err != nil {
			return err
		}
	}
}
