package season

import (
	"fmt"
	"math"
	"os"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"

	"github.com/parus-lending/parus/raster"
)

// eachObservation reads a file of observations by columns and calls f with the
// rows of wanted polygons, in the file's order. The value is used again. What no
// series asks for, the spread of the pixels' values from least to most, is not
// read and NaN. Row by row costs four times as much.
func eachObservation(path string, wanted func(id string) bool, f func(*raster.Observation)) error {
	if err := readObservations(path, wanted, f); err != nil {
		return fmt.Errorf("read %s: %w (delete it and run again)", path, err)
	}
	return nil
}

func readObservations(path string, wanted func(id string) bool, f func(*raster.Observation)) error {
	opened, err := os.Open(path)
	if err != nil {
		return err
	}
	defer opened.Close()
	st, err := opened.Stat()
	if err != nil {
		return err
	}
	file, err := parquet.OpenFile(opened, st.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return err
	}
	c := columns{file: file, rows: int(file.NumRows())}
	var id, kind, scene, band, orbit []string
	for _, t := range []struct {
		column string
		to     *[]string
	}{{"parcel_id", &id}, {"kind", &kind}, {"scene_id", &scene}, {"band", &band}, {"orbit", &orbit}} {
		if *t.to, err = c.texts(t.column); err != nil {
			return err
		}
	}
	when, err := c.instants("time")
	if err != nil {
		return err
	}
	names := []string{"total", "count", "inside", "mean", "std", "doubtful"}
	numbers := make([]float64, len(names)*c.rows)
	for k, name := range names {
		if err := c.numbers(name, numbers[k:], len(names)); err != nil {
			return err
		}
	}
	none := math.NaN()
	var o raster.Observation
	take := false
	for r := range c.rows {
		if r == 0 || id[r] != id[r-1] {
			take = wanted(id[r])
		}
		if !take {
			continue
		}
		v := numbers[r*len(names) : (r+1)*len(names)]
		o = raster.Observation{ParcelID: id[r], Kind: kind[r], SceneID: scene[r], Time: when[r], Band: raster.Band(band[r]), Orbit: orbit[r]}
		o.Total, o.Count, o.Inside, o.Mean, o.Std, o.Doubtful = v[0], v[1], v[2], v[3], v[4], v[5]
		o.Min, o.P25, o.Median, o.P75, o.Max = none, none, none, none, none
		f(&o)
	}
	return nil
}

// texts is a column of text that is never null. Those of a dictionary share its
// words.
func (c columns) texts(name string) ([]string, error) {
	out := make([]string, 0, c.rows)
	var of parquet.Dictionary
	var words []string
	err := c.pages(name, func(page parquet.Page) error {
		dict := page.Dictionary()
		if dict == nil {
			return eachValue(page, func(v parquet.Value) error {
				out = append(out, string(v.ByteArray()))
				return nil
			})
		}
		if dict != of {
			of, words = dict, words[:0:0]
			for i := range dict.Len() {
				words = append(words, string(dict.Index(int32(i)).ByteArray()))
			}
		}
		data := page.Data()
		for _, i := range data.Int32() {
			if i < 0 || int(i) >= len(words) {
				return fmt.Errorf("it names word %d of %d", i, len(words))
			}
			out = append(out, words[i])
		}
		return nil
	})
	if err == nil && len(out) != c.rows {
		err = fmt.Errorf("column %s has %d values for %d rows", name, len(out), c.rows)
	}
	return out, err
}

// instants is a column of instants in milliseconds, UTC.
func (c columns) instants(name string) ([]time.Time, error) {
	out := make([]time.Time, 0, c.rows)
	err := c.pages(name, func(page parquet.Page) error {
		values := page.Data()
		if page.Dictionary() != nil || values.Kind() != encoding.Int64 {
			return fmt.Errorf("it holds no instants but %s", values.Kind())
		}
		for _, v := range values.Int64() {
			if n := len(out); n > 0 && out[n-1].UnixMilli() == v {
				out = append(out, out[n-1])
				continue
			}
			out = append(out, time.UnixMilli(v).UTC())
		}
		return nil
	})
	if err == nil && len(out) != c.rows {
		err = fmt.Errorf("column %s has %d values for %d rows", name, len(out), c.rows)
	}
	return out, err
}
