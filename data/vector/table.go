package vector

import (
	"context"
	"fmt"
	"strconv"

	"github.com/airbusgeo/godal"
)

// Layers are the names of a file's layers, tables without geometry among them.
func Layers(path string) ([]string, error) {
	if err := drivers(); err != nil {
		return nil, fmt.Errorf("register vector drivers of GDAL: %w", err)
	}
	name, _, _, err := gdalName(path)
	if err != nil {
		return nil, err
	}
	ds, err := godal.Open(name, godal.VectorOnly(), quiet())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	defer ds.Close()
	var out []string
	for _, l := range ds.Layers() {
		out = append(out, l.Name())
	}
	return out, nil
}

// Table reads the attributes of a layer (or of a .dbf) as text: the names of the
// columns first, sorted, as row 0, then each row with its number from 1. Days are
// 2024-05-31; what is not set is empty.
func Table(ctx context.Context, path, layer string, use func(row int, cells []string) error) error {
	src, err := open(path, layer)
	if err != nil {
		return fmt.Errorf("read table %s of %s: %w", layer, path, err)
	}
	defer src.close()
	var columns []string
	return src.each(ctx, func(r row) error {
		if columns == nil {
			columns = r.columns()
			if err := use(0, columns); err != nil {
				return err
			}
		}
		cells := make([]string, len(columns))
		for i, name := range columns {
			cells[i] = textOf(r, r.fields[name])
		}
		return use(r.number, cells)
	})
}

func textOf(r row, f godal.Field) string {
	if !f.IsSet() {
		return ""
	}
	switch f.Type() {
	case godal.FTReal:
		return strconv.FormatFloat(f.Float(), 'f', -1, 64)
	case godal.FTInt, godal.FTInt64:
		return strconv.FormatInt(f.Int(), 10)
	case godal.FTDate, godal.FTDateTime:
		if t := f.DateTime(); t != nil {
			return t.Format("2006-01-02")
		}
		return ""
	}
	return r.text(f.String())
}
