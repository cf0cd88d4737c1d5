package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
)

// A workload is one satellite tile and fields on it, in a folder. The same
// size gives the same files: everything comes from fixed seeds.
type workload struct {
	dir   string
	quick bool
	ten   raster.Grid
}

// Counts of the three sets of polygons, and of the small try-out.
const (
	fieldsCount  = 100_000
	countyCount  = 540_000
	parcelsCount = 1_000_000
	quickCount   = 2_000
)

// newWorkload is the workload in the folder that PARUS_BENCH_DIR names, or in
// the user's cache folder. Quick is a small one that tries the harness.
func newWorkload(quick bool) (*workload, error) {
	dir := os.Getenv("PARUS_BENCH_DIR")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("find a folder for the workload: %w; set PARUS_BENCH_DIR", err)
		}
		dir = filepath.Join(cache, "parus", "bench")
	}
	w := &workload{dir: dir, quick: quick, ten: raster.Grid{EPSG: 32650, X0: 399960, Y0: 3600000, Res: 10, Width: 10980, Height: 10980}}
	if quick {
		w.dir = filepath.Join(dir, "quick")
		w.ten.Width, w.ten.Height = 2048, 2048
	}
	return w, nil
}

// grid is the band's own pixel grid.
func (w *workload) grid(b raster.Band) raster.Grid {
	g := w.ten
	if !tenMetres(b) {
		g.Res, g.Width, g.Height = 20, g.Width/2, g.Height/2
	}
	return g
}

func tenMetres(b raster.Band) bool {
	return b == raster.B02 || b == raster.B03 || b == raster.B04 || b == raster.B08
}

func (w *workload) path(name string) string { return filepath.Join(w.dir, name) }

// A set is one file of polygons: fields, county or parcels.
type set struct {
	name  string
	count int
	make  func(rng *random, at point) shape
}

func (w *workload) sets() []set {
	s := []set{{"fields", fieldsCount, field}, {"county", countyCount, field}, {"parcels", parcelsCount, parcel}}
	if w.quick {
		s[0].count, s[1].count, s[2].count = quickCount, 5*quickCount, 10*quickCount
	}
	return s
}

func (w *workload) set(name string) (set, error) {
	for _, s := range w.sets() {
		if s.name == name {
			return s, nil
		}
	}
	return set{}, fmt.Errorf("no set of polygons named %q: fields, county or parcels", name)
}

// create makes what is missing: the pixels, the catalogs, the polygons.
func (w *workload) create(ctx context.Context) error {
	for _, part := range []struct {
		name, version string
		make          func(context.Context) error
	}{{"pixels", "4", w.writeScene}, {"clouds", "1", w.writeClouds}, {"catalogs", "3", w.writeCatalogs}, {"polygons", "2", w.writeSets}} {
		mark := w.path("made-" + part.name) // its content is the version of what was made
		if b, err := os.ReadFile(mark); err == nil && string(b) == part.version {
			continue
		}
		if err := part.make(ctx); err != nil {
			return err
		}
		if err := os.MkdirAll(w.dir, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(mark, []byte(part.version), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (w *workload) writeSets(ctx context.Context) error {
	for _, s := range w.sets() {
		if err := w.writePolygons(s); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (w *workload) writeScene(ctx context.Context) error {
	g := newGround(w.ten)
	for i, b := range append([]raster.Band{raster.SCL}, raster.OpticalBands...) {
		if err := ctx.Err(); err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "pixels: %s (%d of 11)\n", b, i+1)
		grid := w.grid(b)
		values := make([]uint16, grid.Width*grid.Height)
		g.fill(b, grid, values)
		if err := gdal.WriteCOG(w.path("scene/"+string(b)+".tif"), grid, values, gdal.COGOptions{Byte: b == raster.SCL}); err != nil {
			return err
		}
	}
	// A second classification without any cloud, to compare with tools that know
	// no mask.
	grid := w.grid(raster.SCL)
	values := make([]uint16, grid.Width*grid.Height)
	for i := range values {
		values[i] = 4
	}
	return gdal.WriteCOG(w.path("scene/CLEAR.tif"), grid, values, gdal.COGOptions{Byte: true})
}

// shapes are the polygons of a set.
func (w *workload) shapes(s set) []raster.Shape {
	out := make([]raster.Shape, 0, s.count)
	for i, poly := range scatter(w.ten, s) {
		out = append(out, raster.Shape{ID: shapeID(i), Kind: "parcel", Polygon: poly})
	}
	return out
}

func shapeID(i int) string { return fmt.Sprintf("F%07d", i+1) }

func (w *workload) writePolygons(s set) error {
	fmt.Fprintf(os.Stderr, "polygons: %d %s\n", s.count, s.name)
	var rows []vector.Feature
	for _, p := range w.shapes(s) {
		rows = append(rows, vector.Feature{Polygon: p.Polygon, Values: []any{p.ID}})
	}
	return vector.WriteGPKG(w.path(s.name+".gpkg"), "parcels", w.ten.EPSG, []vector.Field{{Name: "parcel_id", Type: vector.String}}, rows)
}
