package feeds

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

const mostGeoJSONBytes = 512 << 20

// geoJSONTable reads a FeatureCollection (or one Feature) as rows: a column for
// each property, the geometry as WKT under "geometry", and a crs member under
// "source_crs". Row 1 is the first feature.
func geoJSONTable(path string) func(context.Context, func(line) error) error {
	return func(ctx context.Context, use func(line) error) error {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if info.Size() > mostGeoJSONBytes {
			return fmt.Errorf("it is larger than %d MB: part it", mostGeoJSONBytes>>20)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rows, err := geoJSONRows(b)
		return feed(ctx, rows, err, use)
	}
}

func feed(ctx context.Context, rows []line, err error, use func(line) error) error {
	for _, l := range rows {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			err = use(l)
		}
	}
	return err
}

type geoFeature struct {
	Type       string                     `json:"type"`
	Properties map[string]json.RawMessage `json:"properties"`
	Geometry   *struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

func geoJSONRows(b []byte) ([]line, error) {
	var file struct {
		geoFeature
		Features []geoFeature `json:"features"`
		CRS      *struct {
			Properties struct {
				Name string `json:"name"`
			} `json:"properties"`
		} `json:"crs"`
	}
	if err := json.Unmarshal(bytes.TrimPrefix(b, []byte("\ufeff")), &file); err != nil {
		return nil, fmt.Errorf("it is no readable GeoJSON: %w", err)
	}
	switch file.Type {
	case "FeatureCollection":
	case "Feature":
		file.Features = []geoFeature{file.geoFeature}
	default:
		return nil, errors.New("it is no GeoJSON of features: a FeatureCollection is needed")
	}
	names := map[string]bool{}
	for _, f := range file.Features {
		for name := range f.Properties {
			if name != "geometry" {
				names[name] = true
			}
		}
	}
	crs := ""
	if file.CRS != nil && !names["source_crs"] {
		crs = file.CRS.Properties.Name
	}
	head := slices.Sorted(maps.Keys(names))
	columns := append(slices.Clone(head), "geometry")
	if crs != "" {
		columns = append(columns, "source_crs")
	}
	rows := []line{{number: 0, cells: columns}}
	for i, f := range file.Features {
		cells := make([]string, 0, len(columns))
		for _, name := range head {
			cells = append(cells, jsonText(f.Properties[name]))
		}
		l := line{number: i + 1}
		shape := ""
		if f.Geometry != nil {
			var err error
			if shape, err = wktOfJSON(f.Geometry.Type, f.Geometry.Coordinates); err != nil {
				l.fault = err.Error()
			}
		}
		if cells = append(cells, shape); crs != "" {
			cells = append(cells, crs)
		}
		l.cells = cells
		rows = append(rows, l)
	}
	return rows, nil
}

// jsonText is a property as text; a number keeps its digits.
func jsonText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	if v := string(raw); v != "null" {
		return v
	}
	return ""
}

// wktOfJSON writes coordinates as WKT; heights are left out.
func wktOfJSON(kind string, raw json.RawMessage) (string, error) {
	depth, ok := map[string]int{"LineString": 1, "Polygon": 2, "MultiPolygon": 3}[kind]
	if !ok {
		return "", fmt.Errorf("a geometry of the type %s is neither a polygon nor a walk", short(kind))
	}
	var b strings.Builder
	b.WriteString(strings.ToUpper(kind))
	if err := writeCoordinates(&b, raw, depth); err != nil {
		return "", err
	}
	return b.String(), nil
}

func writeCoordinates(b *strings.Builder, raw json.RawMessage, depth int) error {
	if depth == 0 {
		var p []float64
		if err := json.Unmarshal(raw, &p); err != nil || len(p) < 2 {
			return errors.New("the coordinates of the geometry cannot be read")
		}
		b.WriteString(strconv.FormatFloat(p[0], 'f', -1, 64) + " " + strconv.FormatFloat(p[1], 'f', -1, 64))
		return nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil || len(list) == 0 {
		return errors.New("the coordinates of the geometry cannot be read")
	}
	b.WriteByte('(')
	for i, x := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := writeCoordinates(b, x, depth-1); err != nil {
			return err
		}
	}
	b.WriteByte(')')
	return nil
}

// short is a word of a file as an error may show it.
func short(s string) string {
	if plainText.MatchString(s) {
		return s
	}
	return fmt.Sprintf("(%d characters)", len([]rune(s)))
}
