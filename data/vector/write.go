package vector

import (
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"sync"

	"github.com/airbusgeo/godal"
	"github.com/paulmach/orb"
)

// Type of a column.
type Type int

const (
	String Type = iota
	Float
	Int
)

// Field is one column to write.
type Field struct {
	Name string
	Type Type
}

// Feature is one row to write: Values stand in the order of the fields, each a
// string, float64 or int64 by the field's type; nil = NULL.
type Feature struct {
	Polygon orb.MultiPolygon
	Values  []any
}

// fixedDay stands in a GeoPackage where the present moment would, so that the
// same input gives the same bytes.
const fixedDay = "2000-01-01T00:00:00.000Z"

var fixDay sync.Once

// WriteGPKG writes a GeoPackage of one multipolygon layer with coordinates in
// the CRS, x = easting or longitude. The file stands under its name only when
// whole. The same input gives the same bytes on the same GDAL.
func WriteGPKG(path, layerName string, epsg int, fields []Field, features []Feature) error {
	return WriteEachGPKG(path, layerName, epsg, fields, func(yield func(Feature, error) bool) {
		for _, f := range features {
			if !yield(f, nil) {
				return
			}
		}
	})
}

// WriteEachGPKG is WriteGPKG for features that come one at a time. An error
// among them ends it, and nothing is written.
//
// GDAL reads OGR_CURRENT_DATE, which it puts in place of the present moment,
// from the environment: it is set for the process at the first call unless it is
// set already.
func WriteEachGPKG(path, layerName string, epsg int, fields []Field, features iter.Seq2[Feature, error]) error {
	fixDay.Do(func() {
		if os.Getenv("OGR_CURRENT_DATE") == "" {
			_ = os.Setenv("OGR_CURRENT_DATE", fixedDay)
		}
	})
	// A folder of its own: two processes may write the same file at once.
	dir, err := os.MkdirTemp(filepath.Dir(path), ".tmp-")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.RemoveAll(dir)
	tmp := filepath.Join(dir, filepath.Base(path))
	if err := writeGPKG(tmp, layerName, epsg, fields, features); err != nil {
		return fmt.Errorf("write layer %s to %s: %w", layerName, path, err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func writeGPKG(path, layerName string, epsg int, fields []Field, features iter.Seq2[Feature, error]) (err error) {
	if err := drivers(); err != nil {
		return fmt.Errorf("register vector drivers of GDAL: %w", err)
	}
	ds, err := godal.CreateVector(godal.GeoPackage, path, quiet())
	if err != nil {
		return err
	}
	defer func() {
		if cerr := ds.Close(quiet()); err == nil {
			err = cerr
		}
	}()
	sr, err := godal.NewSpatialRefFromEPSG(epsg)
	if err != nil {
		return fmt.Errorf("EPSG:%d: %w", epsg, err)
	}
	defer sr.Close()
	types := []godal.FieldType{String: godal.FTString, Float: godal.FTReal, Int: godal.FTInt64}
	opts := make([]godal.CreateLayerOption, len(fields))
	for i, f := range fields {
		opts[i] = godal.NewFieldDefinition(f.Name, types[f.Type])
	}
	layer, err := ds.CreateLayer(layerName, sr, godal.GTMultiPolygon, opts...)
	if err != nil {
		return err
	}
	if err := ds.StartTransaction(); err != nil {
		return err
	}
	var columns map[string]godal.Field
	n := 0
	for f, err := range features {
		if n++; err != nil {
			return err
		}
		if len(f.Values) != len(fields) {
			return fmt.Errorf("row %d has %d values for %d fields", n, len(f.Values), len(fields))
		}
		if err := writeFeature(layer, fields, &columns, f); err != nil {
			return fmt.Errorf("row %d: %w", n, err)
		}
	}
	return ds.CommitTransaction()
}

func writeFeature(layer godal.Layer, fields []Field, columns *map[string]godal.Field, f Feature) error {
	row, err := layer.NewFeature(nil)
	if err != nil {
		return err
	}
	defer row.Close()
	if *columns == nil {
		*columns = row.Fields()
	}
	if len(f.Polygon) > 0 {
		g, err := geometryOf(f.Polygon)
		if err != nil {
			return err
		}
		defer g.Close()
		if err := row.SetGeometry(g); err != nil {
			return err
		}
	}
	for i, v := range f.Values {
		if v == nil {
			continue
		}
		if err := row.SetFieldValue((*columns)[fields[i].Name], v); err != nil {
			return fmt.Errorf("column %s, value %v: %w", fields[i].Name, v, err)
		}
	}
	return layer.CreateFeature(row)
}
