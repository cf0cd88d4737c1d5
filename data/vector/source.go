package vector

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/airbusgeo/godal"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// source is one layer of an opened file.
type source struct {
	ds    *godal.Dataset
	layer godal.Layer
	raw   bool // strings come as the file's bytes: no encoding is stated
	json  bool
}

// row is one feature as found.
type row struct {
	number int // 1-based
	wkb    []byte
	fields map[string]godal.Field
	text   func(string) string
}

func open(file, layer string) (*source, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	if err := drivers(); err != nil {
		return nil, fmt.Errorf("register vector drivers of GDAL: %w", err)
	}
	name, inner, hasCPG, err := gdalName(file)
	if err != nil {
		return nil, err
	}
	s := &source{}
	lower := strings.ToLower(inner)
	opts := []godal.OpenOption{godal.VectorOnly(), quiet()}
	switch {
	case strings.HasSuffix(lower, ".shp"), strings.HasSuffix(lower, ".dbf"):
		if s.raw = !hasCPG; s.raw {
			opts = append(opts, godal.DriverOpenOption("ENCODING="))
		}
	case strings.HasSuffix(lower, "json") || strings.HasSuffix(lower, "json.gz"):
		s.json = true
	}
	if s.ds, err = godal.Open(name, opts...); err != nil {
		return nil, fmt.Errorf("GDAL cannot open it as vector data (GeoPackage, GeoJSON, Shapefile, FlatGeobuf, .zip or .gz of these): %w", err)
	}
	if s.layer, err = choose(s.ds.Layers(), layer); err != nil {
		s.ds.Close()
		return nil, err
	}
	return s, nil
}

func (s *source) close() { s.ds.Close() }

// quiet turns GDAL's warnings into silence and its failures into errors.
func quiet() interface {
	godal.OpenOption
	godal.DatasetCreateOption
	godal.CloseOption
	godal.BufferOption
	godal.GeometryWKBOption
	godal.BoundsOption
} {
	return godal.ErrLogger(func(ec godal.ErrorCategory, code int, msg string) error {
		if ec <= godal.CE_Warning {
			return nil
		}
		return errors.New(msg)
	})
}

// gdalName is the name GDAL opens the file by, and the data file meant, inside
// an archive or not. hasCPG says whether a Shapefile states its encoding.
func gdalName(file string) (name, inner string, hasCPG bool, err error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", "", false, err
	}
	lower := strings.ToLower(file)
	switch {
	case strings.HasSuffix(lower, ".gz"):
		return "/vsigzip/" + abs, file, false, nil
	case strings.HasSuffix(lower, ".zip"), strings.HasSuffix(lower, ".shz"):
		inner, hasCPG, err = inZip(file)
		return "/vsizip/{" + abs + "}/" + inner, inner, hasCPG, err
	}
	base := strings.TrimSuffix(abs, filepath.Ext(abs))
	for _, ext := range []string{".cpg", ".CPG"} {
		if _, err := os.Stat(base + ext); err == nil {
			hasCPG = true
		}
	}
	return abs, file, hasCPG, nil
}

func inZip(file string) (inner string, hasCPG bool, err error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return "", false, fmt.Errorf("open archive: %w", err)
	}
	defer z.Close()
	var found []string
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "__MACOSX/") {
			continue
		}
		switch strings.ToLower(path.Ext(f.Name)) {
		case ".shp", ".gpkg", ".geojson", ".json", ".fgb":
			found = append(found, f.Name)
		case ".cpg":
			hasCPG = true
		}
	}
	sort.Strings(found)
	switch len(found) {
	case 0:
		return "", false, errors.New("the archive holds no .shp, .gpkg, .geojson, .json or .fgb file")
	case 1:
		return found[0], hasCPG, nil
	}
	return "", false, fmt.Errorf("the archive holds several data files (%s): unpack it and name one", strings.Join(found, ", "))
}

func choose(layers []godal.Layer, want string) (godal.Layer, error) {
	var names []string
	for _, l := range layers {
		names = append(names, l.Name())
	}
	if want != "" {
		for i, n := range names {
			if n == want {
				return layers[i], nil
			}
		}
		return godal.Layer{}, fmt.Errorf("it has no layer %q; its layers are %s", want, strings.Join(names, ", "))
	}
	if len(layers) == 1 {
		return layers[0], nil
	}
	for _, usual := range []string{"parcels", "DK"} {
		for i, n := range names {
			if strings.EqualFold(n, usual) {
				return layers[i], nil
			}
		}
	}
	if len(layers) == 0 {
		return godal.Layer{}, errors.New("it has no layers")
	}
	return godal.Layer{}, fmt.Errorf("it has several layers (%s) and none is called parcels or DK: name one", strings.Join(names, ", "))
}

// each hands over the layer's features one by one.
func (s *source) each(ctx context.Context, f func(row) error) error {
	s.layer.ResetReading()
	for n := 1; ; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		feature := s.layer.NextFeature()
		if feature == nil {
			return nil
		}
		r := row{number: n, fields: feature.Fields(), text: s.decode}
		// A feature without geometry answers with an error.
		var err error
		if r.wkb, err = feature.Geometry().WKB(quiet()); err != nil {
			r.wkb = nil
		}
		feature.Close()
		if err := f(r); err != nil {
			return err
		}
	}
}

// columns are the names of the row's fields, sorted.
func (r row) columns() []string {
	var out []string
	for name := range r.fields {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// decode is text as UTF-8: a Shapefile without stated encoding holds UTF-8 or,
// in China, GB18030.
func (s *source) decode(v string) string {
	if !s.raw || utf8.ValidString(v) {
		return strings.TrimSpace(v)
	}
	t, err := simplifiedchinese.GB18030.NewDecoder().String(v)
	if err != nil {
		return strings.TrimSpace(strings.ToValidUTF8(v, "\ufffd"))
	}
	return strings.TrimSpace(t)
}
