// Package vector reads parcels from the files that people have (GeoPackage,
// GeoJSON, Shapefile, FlatGeobuf, packed or not, in any stated CRS) and writes
// GeoPackages.
//
// It knows files, coordinates and registry column names. It does not judge land
// or people: what cannot be a parcel is rejected with its row, what was assumed
// or repaired is noted.
//
//	ps, rejects, notes, err := vector.Read(ctx, "parcels.gpkg", vector.Options{County: "341523"})
package vector

import (
	"context"
	"fmt"
	"strings"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// Options of Read.
type Options struct {
	County  string // GB/T 2260; empty = from the registry codes themselves
	IDField string // column of the parcel code; empty = parcel_id, DKBM, id or BSM
	Layer   string // of a file with several; empty = the only one, or "parcels", or "DK"

	CRS  string            // what the operator says the coordinates are; empty = what the file states
	Near orb.Point         // longitude and latitude of the county, zero = not known: tells zones apart
	Use  map[string]string // land use code in the file = code meant (some software swaps 012 and 013)
}

// Reject is a row that could not become a parcel.
type Reject struct {
	File   string
	Row    int // 1 = the first feature
	ID     string
	Column string // the column at fault, "geometry", or empty
	Reason string
}

// Note is something assumed or repaired. Subject is a parcel or the file.
type Note struct {
	Code    string // crs_assumed, datum_assumed, geometry_repaired, other_county, duplicate_row, odd_code
	Subject string
	Detail  string
}

// Read gives the parcels of a file in the order of its rows. No parcels at all
// is an error, as is a CRS that is not known.
func Read(ctx context.Context, path string, opt Options) ([]parcels.Parcel, []Reject, []Note, error) {
	ps, rejects, notes, err := read(ctx, path, opt)
	if err != nil {
		return nil, rejects, notes, fmt.Errorf("read parcels from %s: %w", path, err)
	}
	return ps, rejects, notes, nil
}

func read(ctx context.Context, path string, opt Options) ([]parcels.Parcel, []Reject, []Note, error) {
	src, err := open(path, opt.Layer)
	if err != nil {
		return nil, nil, nil, err
	}
	defer src.close()
	crs, notes, err := src.crs(opt)
	if err != nil {
		return nil, nil, notes, err
	}
	defer crs.close()
	b := builder{file: path, county: opt.County, use: opt.Use, crs: crs, notes: notes, at: map[string]int{}}
	n := 0
	err = src.each(ctx, func(r row) error {
		if n++; n == 1 {
			if b.id, err = idColumn(r.columns(), opt.IDField); err != nil {
				return err
			}
		}
		b.add(r)
		return nil
	})
	switch {
	case err != nil:
		return nil, b.rejects, b.notes, err
	case n == 0:
		return nil, nil, nil, fmt.Errorf("layer %q holds no features: give a file with the parcels' polygons", src.layer.Name())
	case len(b.parcels) == 0:
		return nil, b.rejects, b.notes, fmt.Errorf("none of its %d rows is a parcel; the first: row %d: %s", n, b.rejects[0].Row, b.rejects[0].Reason)
	}
	b.oddCodes()
	return b.parcels, b.rejects, b.notes, nil
}

// idColumn is the column that holds the code. One column speaks for the whole
// file, so that codes do not mix.
func idColumn(columns []string, want string) (string, error) {
	find := func(name string) string {
		for _, c := range columns {
			if strings.EqualFold(c, name) {
				return c
			}
		}
		return ""
	}
	if want != "" {
		if c := find(want); c != "" {
			return c, nil
		}
		return "", fmt.Errorf("it has no column %q for the parcel code; its columns are %s", want, strings.Join(columns, ", "))
	}
	for _, name := range []string{"parcel_id", "DKBM", "id", "BSM"} {
		if c := find(name); c != "" {
			return c, nil
		}
	}
	return "", fmt.Errorf("no column parcel_id, DKBM, id or BSM holds the parcel code; name the column (--id FIELD, or id_field in county.toml): its columns are %s", strings.Join(columns, ", "))
}

func drivers() error {
	return godal.RegisterVector(godal.GeoPackage, godal.GeoJSON, godal.Shapefile, "FlatGeobuf", godal.Memory)
}
