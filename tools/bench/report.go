package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// results are all that `make bench-raster` measures.
type results struct {
	clear                        figures    // fields, a date without cloud
	dates, county, parcels       figures    // coverage kept
	rivals, rivalFiles           []opponent // fields: polygons read before; from file to file
	rivalCounty                  opponent
	files                        []process // parus observe, fields
	countyFile, parcelsFile      process
	seasonFile                   process
	gather, cover, decode, sixty figures
	missing                      error // why exactextract could not be run
}

// report measures everything in turn, prints the tables and, where a file is
// named, puts them there between its marks.
func report(ctx context.Context, w *workload, runs int, into string) error {
	if err := w.create(ctx); err != nil {
		return err
	}
	load := loadavg()
	r, err := w.measureAll(ctx, runs)
	if err != nil {
		return err
	}
	text := machine(w, r, load) + r.table() + r.details()
	fmt.Print(text)
	if err := os.WriteFile(w.path("results.md"), []byte(text), 0o644); err != nil {
		return err
	}
	if into == "" {
		return nil
	}
	return replace(into, text)
}

func (w *workload) measureAll(ctx context.Context, runs int) (*results, error) {
	r := &results{}
	if _, err := start(ctx, python(), "-c", "import exactextract, rasterio, geopandas, pyarrow"); err != nil {
		r.missing = err
		fmt.Fprintf(os.Stderr, "exactextract is not measured: %v\nInstall it with: pip install exactextract==0.2.2 rasterio geopandas pyarrow\n", err)
	}
	if err := w.measureFields(ctx, r, runs); err != nil {
		return nil, err
	}
	var err error
	parus := func(to *process, name, catalog string) {
		if err == nil {
			*to, err = w.parus(ctx, name, catalog)
		}
	}
	bench := func(to *figures, args ...string) {
		if err == nil {
			*to, err = measured(ctx, args...)
		}
	}
	bench(&r.clear, "date", "fields", "clear")
	bench(&r.gather, "gather", "fields")
	bench(&r.cover, "cover", "fields")
	bench(&r.decode, "decode", "fields")
	bench(&r.county, "date", "county")
	if err == nil && r.missing == nil {
		r.rivalCounty, err = w.exactextract(ctx, "county", "")
	}
	bench(&r.parcels, "date", "parcels")
	parus(&r.countyFile, "county", "date")
	parus(&r.parcelsFile, "parcels", "date")
	bench(&r.sixty, "season", "fields")
	parus(&r.seasonFile, "fields", "season")
	return r, err
}

// measureFields runs both tools on the fields, turn by turn.
func (w *workload) measureFields(ctx context.Context, r *results, runs int) error {
	var dates []figures
	for range runs {
		f, err := measured(ctx, "date", "fields")
		if err != nil {
			return err
		}
		dates = append(dates, f)
		p, err := w.parus(ctx, "fields", "date")
		if err != nil {
			return err
		}
		r.files = append(r.files, p)
		if r.missing != nil {
			continue
		}
		o, err := w.exactextract(ctx, "fields", "")
		if err != nil {
			return err
		}
		r.rivals = append(r.rivals, o)
		if o, err = w.exactextract(ctx, "fields", filepath.Join(w.dir, "exactextract.parquet")); err != nil {
			return err
		}
		r.rivalFiles = append(r.rivalFiles, o)
	}
	r.dates = dates[0]
	r.dates.Kept.Wall = median(dates, func(f figures) float64 { return f.Kept.Wall })
	r.dates.Kept.CPU = median(dates, func(f figures) float64 { return f.Kept.CPU })
	r.dates.PeakMB = median(dates, func(f figures) float64 { return f.PeakMB })
	return nil
}

const (
	begin = "<!-- begin: written by make bench-raster -->"
	end   = "<!-- end: written by make bench-raster -->"
)

// replace puts text between the marks of a file.
func replace(path, text string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(b), begin+"\n")
	_, foot, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return errors.New("write the tables into " + path + ": it has no lines " + begin + " and " + end)
	}
	return os.WriteFile(path, []byte(head+begin+"\n"+text+end+foot), 0o644)
}
