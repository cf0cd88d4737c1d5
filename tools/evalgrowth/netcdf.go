package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// field is one Finnish field: pixels [date][place] on its 10 m grid.
type field struct {
	name                                           string
	when                                           []time.Time
	bands                                          [][8][]float64 // B03, B04, B05, B06, B07, B8A, B11, B12; NaN = outside the field
	scl                                            [][]float64
	lai, fapar                                     [][]float64 // of the independent port
	sunZenith, sunAzimuth, viewZenith, viewAzimuth []float64
}

// fields reads the netCDF files through gdalmdiminfo (Debian package gdal-bin).
func (s *source) fields(ctx context.Context) ([]field, error) {
	names, err := filepath.Glob(filepath.Join(s.data, "lai_reference_finland", "*.nc"))
	if err != nil || len(names) != 4 {
		return nil, fmt.Errorf("%s/lai_reference_finland holds %d netCDF files, not the four fields (%v)", s.data, len(names), err)
	}
	var out []field
	for _, name := range names {
		text, err := exec.CommandContext(ctx, "gdalmdiminfo", "-detailed", name).Output()
		if err != nil {
			return nil, fmt.Errorf("gdalmdiminfo %s: %w (it comes with Debian's gdal-bin)", name, err)
		}
		f, err := parseField(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		f.name = filepath.Base(name)
		out = append(out, f)
	}
	return out, nil
}

func parseField(text []byte) (field, error) {
	var d struct {
		Arrays map[string]struct {
			Unit   string          `json:"unit"`
			Values json.RawMessage `json:"values"`
		} `json:"arrays"`
	}
	if err := json.Unmarshal(text, &d); err != nil {
		return field{}, err
	}
	var f field
	var bands []string
	if err := json.Unmarshal(d.Arrays["band"].Values, &bands); err != nil {
		return f, fmt.Errorf("band: %w", err)
	}
	if !slices.Equal(bands, []string{"B3", "B4", "B5", "B6", "B7", "B8A", "B11", "B12"}) {
		return f, fmt.Errorf("bands are %v", bands)
	}
	read := func(name string) ([]float64, error) {
		var v any
		if err := json.Unmarshal(d.Arrays[name].Values, &v); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return flatten(v, nil)
	}
	all := map[string][]float64{}
	for _, name := range []string{"time", "band_data", "SCL", "lai", "fapar", "sun_zenith", "sun_azimuth", "view_zenith", "view_azimuth"} {
		v, err := read(name)
		if err != nil {
			return f, err
		}
		all[name] = v
	}
	const since = "seconds since "
	unit := d.Arrays["time"].Unit
	if len(unit) < len(since) || unit[:len(since)] != since {
		return f, fmt.Errorf("time is in %q", unit)
	}
	first, err := time.Parse("2006-01-02 15:04:05", unit[len(since):])
	if err != nil {
		return f, err
	}
	n := len(all["time"])
	size := len(all["SCL"]) / max(n, 1)
	if n == 0 || len(all["band_data"]) != n*8*size || len(all["lai"]) != n*size || len(all["fapar"]) != n*size {
		return f, fmt.Errorf("%d dates, %d values", n, len(all["band_data"]))
	}
	for i, t := range all["time"] {
		f.when = append(f.when, first.Add(time.Duration(t)*time.Second))
		var v [8][]float64
		for b := range v {
			v[b] = all["band_data"][(i*8+b)*size:][:size]
		}
		f.bands = append(f.bands, v)
		f.scl = append(f.scl, all["SCL"][i*size:][:size])
		f.lai, f.fapar = append(f.lai, all["lai"][i*size:][:size]), append(f.fapar, all["fapar"][i*size:][:size])
	}
	f.sunZenith, f.sunAzimuth, f.viewZenith, f.viewAzimuth = all["sun_zenith"], all["sun_azimuth"], all["view_zenith"], all["view_azimuth"]
	return f, nil
}

// flatten appends nested numbers in order; "NaN" is a text there.
func flatten(v any, to []float64) ([]float64, error) {
	switch x := v.(type) {
	case []any:
		var err error
		for _, e := range x {
			if to, err = flatten(e, to); err != nil {
				return nil, err
			}
		}
		return to, nil
	case float64:
		return append(to, x), nil
	case string:
		if x == "NaN" {
			return append(to, nan), nil
		}
	}
	return nil, fmt.Errorf("%v is no number", v)
}
