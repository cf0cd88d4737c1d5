// Package delineate proposes field polygons for unmapped land: a catalog of
// scenes in, a GeoPackage of polygons out. It reads scenes window by window,
// lets package outline part each, and puts the windows together so that no two
// polygons overlap and neighbours share their borders.
//
// What it gives is a suggestion that a person confirms: it never enters a season
// by itself.
//
//	sum, err := delineate.Run(ctx, delineate.Options{Scenes: "catalog.json", Out: "proposed.gpkg"})
package delineate

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels/outline"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
	"github.com/paulmach/orb"
)

// Options of Run.
type Options struct {
	Scenes string // STAC catalog or API: path or address
	Out    string // GeoPackage to write
	EPSG   int    // of the output: 4490 (CGCS2000) or 4326 (WGS 84); 0 = 4490

	Within string     // file of polygons to stay within; empty = everywhere
	BBox   *orb.Bound // lon, lat; nil = everywhere
	Known  string     // file of parcels to leave out

	From, To    time.Time // of scenes, inclusive; zero = open
	Collections []string  // empty = all with optical bands
	MaxCloud    *float64  // per cent of the scene by its catalog; nil = any

	Outline   outline.Options
	Mask      raster.MaskOptions
	Tolerance float64 // of borders, metres; 0 = 6
	Workers   int     // 0 = one per core

	Progress Progress // may be nil

	side, margin int // of windows, for tests; 0 = windowSide and windowMargin
}

// Progress hears how far a run is.
type Progress interface {
	Stage(name string, total int)
	Step()
	Warn(rundir.Warning)
}

// Summary says what was done.
type Summary struct {
	Fields   int
	AreaM2   float64
	Scenes   int // used
	Windows  int
	Warnings []raster.Warning
}

// defaultTolerance is how far a border may lie from the pixels' own, in metres.
const defaultTolerance = 6

// Run proposes fields and writes one file: all of it or nothing. Rows come tile
// by tile and window by window, in each by their first pixel; the same input
// gives the same bytes, whatever the workers.
func Run(ctx context.Context, opt Options) (*Summary, error) {
	if opt.Workers <= 0 {
		opt.Workers = runtime.NumCPU()
	}
	if opt.Progress == nil {
		opt.Progress = silent{}
	}
	if opt.EPSG == 0 {
		opt.EPSG = 4490
	}
	if opt.Tolerance == 0 {
		opt.Tolerance = defaultTolerance
	}
	if opt.side == 0 {
		opt.side, opt.margin = windowSide, windowMargin
	}
	if opt.EPSG != 4490 && opt.EPSG != 4326 {
		return nil, fmt.Errorf("EPSG:%d is not written: choose 4490 (CGCS2000) or 4326 (WGS 84)", opt.EPSG)
	}
	if st, err := os.Stat(opt.Out); err == nil && st.IsDir() {
		return nil, fmt.Errorf("%s is a folder: name the GeoPackage to write", opt.Out)
	}
	if st, err := os.Stat(filepath.Dir(opt.Out)); err != nil || !st.IsDir() {
		return nil, fmt.Errorf("the folder of %s is not there: make it first", opt.Out)
	}
	r := &run{opt: opt, sum: &Summary{}}
	defer r.close()
	for range opt.Workers {
		r.readers = append(r.readers, gdal.Open(gdal.Options{}))
	}
	if err := r.findScenes(ctx); err != nil {
		return nil, err
	}
	for _, name := range r.tiling.Tiles() {
		t, err := r.newTile(ctx, name)
		if err != nil {
			return nil, err
		}
		if t == nil {
			continue
		}
		r.tiles = append(r.tiles, t)
		if err := r.segment(ctx, t); err != nil {
			return nil, err
		}
	}
	if len(r.tiles) == 0 {
		return nil, fmt.Errorf("no land to look at: no scene shows any of it, or --known holds all of it; check --within, --bbox and --known")
	}
	if err := r.write(ctx); err != nil {
		return nil, err
	}
	return r.sum, nil
}

// run is one call of Run.
type run struct {
	opt     Options
	sum     *Summary
	readers []raster.Reader
	tiling  *raster.Tiling
	tiles   []*tile
}

func (r *run) close() {
	for _, x := range r.readers {
		x.Close()
	}
	for _, t := range r.tiles {
		t.labels.close()
	}
}

func (r *run) warn(w raster.Warning) {
	r.sum.Warnings = append(r.sum.Warnings, w)
	r.opt.Progress.Warn(rundir.Warning{Stage: "delineate", Code: w.Code, Subject: w.Subject, Detail: w.Detail})
}

// findScenes reads the catalog, chooses, and settles each scene's offset.
func (r *run) findScenes(ctx context.Context) error {
	r.opt.Progress.Stage("scenes", 1)
	box, err := r.box()
	if err != nil {
		return err
	}
	list, err := raster.ListCatalog(ctx, r.opt.Scenes, raster.CatalogOptions{Collections: r.opt.Collections, From: r.opt.From, To: r.opt.To, MaxCloud: r.opt.MaxCloud, BBox: box})
	if err != nil {
		return err
	}
	r.opt.Progress.Step()
	for _, w := range list.Warnings {
		r.warn(w)
	}
	used, left := raster.SelectScenes(list.Scenes)
	unplaced := raster.NewTiling(used).Unplaced()
	used = slices.DeleteFunc(used, func(s raster.Scene) bool {
		return len(bandsOf(s)) == 0 || slices.ContainsFunc(unplaced, func(l raster.LeftOut) bool { return l.Scene.ID == s.ID })
	})
	for _, l := range append(left, unplaced...) {
		r.warn(raster.Warning{Code: "scene_left_out", Subject: l.Scene.ID, Detail: l.Why})
	}
	if len(used) == 0 {
		return fmt.Errorf("no scene with bands of 10 m (B02, B03, B04, B08) in %s over the land and days asked for: widen --from, --to, --bbox or --max-cloud (`parus scenes list` shows all)", r.opt.Scenes)
	}
	r.opt.Progress.Stage("offsets", len(used))
	var withClasses, without []raster.Scene
	for _, s := range used {
		if _, ok := s.Assets[raster.SCL]; ok {
			withClasses = append(withClasses, s)
			continue
		}
		without = append(without, s)
		r.opt.Progress.Step()
		r.warn(raster.Warning{Code: "no_scene_classification", Subject: s.ID, Detail: "the scene has no SCL band, so cloud cannot be told: all of it is taken as clear"})
	}
	warns, err := raster.SettleScenes(ctx, r.readers, withClasses, raster.SampleScene, r.opt.Progress.Step)
	if err != nil {
		return err
	}
	offsets, more := raster.SettleOffsets(without, nil)
	for i := range without {
		without[i].Settled = offsets[without[i].ID]
	}
	for _, w := range append(warns, more...) {
		r.warn(w)
	}
	r.tiling = raster.NewTiling(append(withClasses, without...))
	return nil
}

// bandsOf are the bands of outline.Bands that a scene has.
func bandsOf(s raster.Scene) []raster.Band {
	var out []raster.Band
	for _, b := range outline.Bands {
		if a, ok := s.Assets[b]; ok && (a.Grid.Res == 10 || a.Grid.Width == 0) {
			out = append(out, b)
		}
	}
	return out
}

type silent struct{}

func (silent) Stage(string, int)   {}
func (silent) Step()               {}
func (silent) Warn(rundir.Warning) {}

func (r *run) step() { r.opt.Progress.Step() }
