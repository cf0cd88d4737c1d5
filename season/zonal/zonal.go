// Package zonal takes the statistics of any polygons in any scenes: a file of
// polygons and a catalog in, one Parquet file of observations out. It works in
// strips of land, so that a county of any size fits in the memory it is given.
//
// It knows polygons and scenes. It knows no growers, plots or records, and
// takes the polygons as they are.
//
//	sum, err := zonal.Run(ctx, zonal.Options{Scenes: "catalog.json", Parcels: "fields.gpkg", Out: "fields.parquet"})
package zonal

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
)

// Options of Run.
type Options struct {
	Scenes  string // STAC catalog or API: path or address
	Parcels string // file with the polygons
	Out     string // Parquet file to write

	From, To    time.Time // of scenes, inclusive; zero = open
	Collections []string  // empty = all with optical bands
	MaxCloud    *float64  // per cent of the scene by its catalog; nil = any

	IDField string // column of the ID; empty = parcel_id, DKBM, id or BSM
	Layer   string // of a file with several

	Observe raster.ObserveOptions // Ground and More are filled in
	Memory  int64                 // bytes the process should stay within; 0 = 1 GB
	Workers int                   // 0 = one per core

	Progress Progress // may be nil
	Code     string   // version of the program
}

// Progress hears how far a run is.
type Progress interface {
	Stage(name string, total int)
	Step()
	Warn(rundir.Warning)
}

// Limits of Options.Memory.
const (
	DefaultMemory = 1_000_000_000
	MinMemory     = 250_000_000
)

// Summary says what was done. It stands in the footer of the file under the
// key "parus", but for what differs between equal runs.
type Summary struct {
	Code      string           `json:"code"`
	Parcels   string           `json:"parcels"`
	Rows      int64            `json:"rows"`     // of the output
	Read      int              `json:"read"`     // rows of the input
	Polygons  int              `json:"polygons"` // that were observed
	LeftOut   int              `json:"left_out"` // rows that are no polygons
	Repaired  int              `json:"repaired"`
	NoScene   int              `json:"no_scene"` // polygons that no scene holds
	Scenes    []SceneUsed      `json:"scenes"`
	Warnings  []raster.Warning `json:"warnings"`
	Warned    map[string]int   `json:"warned"` // warnings by code, also those that were too many to keep
	Strips    int              `json:"-"`
	BytesRead int64            `json:"-"` // of imagery; 0 = not known
	Rejects   string           `json:"-"` // file with the rows that were left out or repaired, empty for none
}

// SceneUsed is one scene, the radiometric offset it was read with, and its
// orbit: radar of two orbits is never one series.
type SceneUsed struct {
	ID     string    `json:"id"`
	Time   time.Time `json:"time"`
	DN0    float64   `json:"dn0"`
	Reason string    `json:"reason"`
	Orbit  string    `json:"orbit,omitempty"`
}

// MetaKey is the footer's key of the Summary.
const MetaKey = "parus"

// Run observes all polygons in all scenes and writes one file: all of it or
// nothing. Rows are in the order of tiles, strips of land, scenes, polygons (as
// in the file, within rows of blocks) and bands. Rows of the input that could
// not be used, or only after repair, stand in a CSV beside the output
// (RejectsFile).
func Run(ctx context.Context, opt Options) (*Summary, error) {
	r, err := newRun(opt)
	if err != nil {
		return nil, err
	}
	defer r.close()
	defer debug.SetGCPercent(debug.SetGCPercent(garbage))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(r.opt.Memory - outsideGo))
	if err := r.do(ctx); err != nil {
		return nil, err
	}
	return r.sum, nil
}

func newRun(opt Options) (*run, error) {
	if opt.Workers <= 0 {
		opt.Workers = runtime.NumCPU()
	}
	if opt.Memory == 0 {
		opt.Memory = DefaultMemory
	}
	if opt.Memory < MinMemory {
		return nil, fmt.Errorf("memory of %d bytes is too little: give at least %d MB", opt.Memory, MinMemory/1_000_000)
	}
	if opt.Progress == nil {
		opt.Progress = silent{}
	}
	if st, err := os.Stat(opt.Out); err == nil && st.IsDir() {
		return nil, fmt.Errorf("%s is a folder: name the Parquet file to write", opt.Out)
	}
	if st, err := os.Stat(filepath.Dir(opt.Out)); err != nil || !st.IsDir() {
		return nil, fmt.Errorf("the folder of %s is not there: make it first", opt.Out)
	}
	r := &run{opt: opt, limits: limitsOf(opt.Memory)}
	r.sum = &Summary{Code: opt.Code, Parcels: filepath.Base(opt.Parcels), Warned: map[string]int{}}
	return r, nil
}

// run is one call of Run.
type run struct {
	opt     Options
	limits  limits
	sum     *Summary
	readers []raster.Reader
	tiling  *raster.Tiling
	land    *store
}

func (r *run) close() {
	for _, x := range r.readers {
		x.Close()
	}
	if r.land != nil {
		r.land.close()
	}
}

func (r *run) do(ctx context.Context) error {
	src, err := vector.OpenPolygons(r.opt.Parcels, vector.Options{IDField: r.opt.IDField, Layer: r.opt.Layer})
	if err != nil {
		return err
	}
	defer src.Close()
	for range r.opt.Workers {
		r.readers = append(r.readers, gdal.Open(gdal.Options{}))
	}
	if err := r.findScenes(ctx, src); err != nil {
		return err
	}
	if err := r.readLand(ctx, src); err != nil {
		return err
	}
	strips := r.land.strips(r.limits.strip)
	r.sum.Strips = len(strips)
	err = rundir.WriteFile(r.opt.Out, func(w io.Writer) error {
		out := rundir.NewObservationWriter(w)
		if err := r.observe(ctx, strips, &pen{out: out}); err != nil {
			return err
		}
		r.sum.Rows = out.Rows()
		meta, err := json.Marshal(r.sum)
		if err != nil {
			return err
		}
		return out.Close([2]string{MetaKey, string(meta)})
	})
	for _, x := range r.readers {
		if c, ok := x.(interface{ BytesRead() int64 }); ok {
			r.sum.BytesRead += c.BytesRead()
		}
	}
	return err
}

// keptWarnings is how many warnings of each code stand in the footer.
const keptWarnings = 200

func (r *run) warn(w raster.Warning) {
	if r.sum.Warned[w.Code]++; r.sum.Warned[w.Code] <= keptWarnings {
		r.sum.Warnings = append(r.sum.Warnings, w)
		r.opt.Progress.Warn(rundir.Warning{Stage: "observe", Code: w.Code, Subject: w.Subject, Detail: w.Detail})
	}
}

type silent struct{}

func (silent) Stage(string, int)   {}
func (silent) Step()               {}
func (silent) Warn(rundir.Warning) {}
