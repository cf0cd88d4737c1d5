package season

import (
	"fmt"
	"math"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
)

// numbers puts a column of numbers into dst, its row r at r × stride; null is
// NaN. It takes the pages' own arrays: value by value costs four times as much.
func (c columns) numbers(name string, dst []float64, stride int) error {
	r := 0
	err := c.pages(name, func(page parquet.Page) error {
		n := int(page.NumValues())
		if n == 0 {
			return nil
		}
		if r+n > c.rows {
			return fmt.Errorf("it has more than %d values for as many rows", c.rows)
		}
		at := dst[r*stride:]
		r += n
		values := page.Data()
		if dict := page.Dictionary(); dict != nil { // its data are places in the dictionary
			looked, err := lookUp(dict, values.Int32())
			if err != nil {
				return err
			}
			return spread(at, stride, n, page.DefinitionLevels(), looked)
		}
		switch values.Kind() {
		case encoding.Double:
			return spread(at, stride, n, page.DefinitionLevels(), values.Double())
		case encoding.Int32:
			return spread(at, stride, n, page.DefinitionLevels(), values.Int32())
		}
		return fmt.Errorf("it holds no numbers but %s", values.Kind())
	})
	if err == nil && r != c.rows {
		err = fmt.Errorf("column %s has %d values for %d rows", name, r, c.rows)
	}
	return err
}

// lookUp gives the numbers that stand in a dictionary at some places.
func lookUp(dict parquet.Dictionary, places []int32) ([]float64, error) {
	if kind := dict.Type().Kind(); kind != parquet.Double {
		return nil, fmt.Errorf("its dictionary holds no numbers but %s", kind)
	}
	table := make([]float64, dict.Len())
	for i := range table {
		table[i] = dict.Index(int32(i)).Double()
	}
	out := make([]float64, len(places))
	for k, i := range places {
		if i < 0 || int(i) >= len(table) {
			return nil, fmt.Errorf("it names number %d of %d", i, len(table))
		}
		out[k] = table[i]
	}
	return out, nil
}

// spread puts n values, stride apart. Where levels are given, one of 0 is a null,
// which has no value.
func spread[T int32 | float64](dst []float64, stride, n int, levels []byte, values []T) error {
	if levels == nil {
		if len(values) != n {
			return fmt.Errorf("a page of %d values holds %d", n, len(values))
		}
		for i, v := range values {
			dst[i*stride] = float64(v)
		}
		return nil
	}
	if len(levels) != n {
		return fmt.Errorf("a page of %d values says of %d whether they are null", n, len(levels))
	}
	next := 0
	for i, level := range levels {
		v := math.NaN()
		if level != 0 {
			if next == len(values) {
				return fmt.Errorf("a page says that more than %d of its %d values are not null, and holds no more", next, n)
			}
			v = float64(values[next])
			next++
		}
		dst[i*stride] = v
	}
	return nil
}
