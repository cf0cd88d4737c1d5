package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
)

// figures are what one measuring process prints, as one line of JSON.
type figures struct {
	Fields  int     `json:"fields"`
	Rows    int     `json:"rows,omitempty"`
	Cover   cost    `json:"cover,omitzero"`   // NewCover, both grids
	Cover10 float64 `json:"cover10,omitzero"` // CPU seconds of the 10 m grid
	Cover20 float64 `json:"cover20,omitzero"`
	First   cost    `json:"first,omitzero"`  // first date
	Kept    cost    `json:"kept,omitzero"`   // median of the further dates
	Decode  cost    `json:"decode,omitzero"` // touched blocks by one reader, nothing else
	Copy    cost    `json:"copy,omitzero"`   // the same blocks out of memory
	Blocks  int     `json:"blocks,omitempty"`
	PeakMB  float64 `json:"peak_mb"`
	Mean    float64 `json:"mean,omitzero"` // of the means of B02, to see that work was done
}

func (f *figures) print() error {
	f.PeakMB = peakMB()
	return json.NewEncoder(os.Stdout).Encode(f)
}

// What a date may take, of which GDAL and the program's own code have some.
const (
	memoryAim = 1_200_000_000 // bytes, for any number of polygons
	fewAim    = 300_000_000   // for 100,000 fields
	outsideGo = 75_000_000
)

// bench holds what the measuring commands share.
type bench struct {
	w     *workload
	cover *raster.Cover
	scene raster.Scene
	fig   figures
}

func prepare(ctx context.Context, w *workload, name, catalog string) (*bench, error) {
	s, err := w.set(name)
	if err != nil {
		return nil, err
	}
	scenes, _, err := raster.ReadCatalog(ctx, w.path(catalog+"/catalog.json"), raster.CatalogOptions{})
	if err != nil {
		return nil, fmt.Errorf("%w; make the workload first: go run ./tools/bench make", err)
	}
	b := &bench{w: w, scene: scenes[0]}
	debug.SetGCPercent(25) // as parus observe does
	limit := int64(memoryAim)
	if name == "fields" {
		limit = fewAim
	}
	debug.SetMemoryLimit(limit - outsideGo)
	shapes := w.shapes(s)
	b.fig.Fields = len(shapes)
	forget()
	b.fig.Cover, err = timed(func() (err error) { b.cover, err = raster.NewCover(shapes, w.ten); return err })
	return b, err
}

// readers are one GDAL reader a core.
func readers() (first raster.Reader, more []raster.Reader, close func()) {
	all := make([]raster.Reader, runtime.GOMAXPROCS(0))
	for i := range all {
		all[i] = gdal.Open(gdal.Options{})
	}
	return all[0], all[1:], func() {
		for _, r := range all {
			r.Close()
		}
	}
}

// date times a whole date from files, coverage kept. The catalog is date, or
// clear for one without cloud.
func date(ctx context.Context, w *workload, name, catalog string, runs int) error {
	b, err := prepare(ctx, w, name, catalog)
	if err != nil {
		return err
	}
	r, more, done := readers()
	defer done()
	if b.fig.First, err = timed(func() error { return b.observe(ctx, r, more) }); err != nil {
		return err
	}
	if b.fig.Kept, err = repeated(runs, func() error { return b.observe(ctx, r, more) }); err != nil {
		return err
	}
	return b.fig.print()
}

func (b *bench) observe(ctx context.Context, r raster.Reader, more []raster.Reader) error {
	res, err := raster.Observe(ctx, r, b.scene, b.cover, raster.ObserveOptions{More: more})
	if err != nil {
		return err
	}
	if len(res.Warnings) > 0 {
		return fmt.Errorf("observe the workload: %+v", res.Warnings[0])
	}
	b.fig.Rows, b.fig.Mean = res.Len(), 0
	n := 0
	for i := 0; i < res.Len(); i += len(raster.OpticalBands) {
		if o := res.Row(i); o.Count > 0 {
			b.fig.Mean, n = b.fig.Mean+o.Mean, n+1
		}
	}
	b.fig.Mean /= float64(n)
	return nil
}

// season times many dates one after another.
func season(ctx context.Context, w *workload, name string) error {
	b, err := prepare(ctx, w, name, "season")
	if err != nil {
		return err
	}
	scenes, _, err := raster.ReadCatalog(ctx, w.path("season/catalog.json"), raster.CatalogOptions{})
	if err != nil {
		return err
	}
	r, more, done := readers()
	defer done()
	b.fig.Kept, err = timed(func() error {
		for _, b.scene = range scenes {
			if err := b.observe(ctx, r, more); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.fig.print()
}

// decodeOnly times the reading of the touched blocks by one reader.
func decodeOnly(ctx context.Context, w *workload, name string, runs int) error {
	b, err := prepare(ctx, w, name, "date")
	if err != nil {
		return err
	}
	r := gdal.Open(gdal.Options{})
	defer r.Close()
	read := b.blocks(ctx)
	if err := read(r); err != nil { // opens the files
		return err
	}
	if b.fig.Decode, err = repeated(runs, func() error { return read(r) }); err != nil {
		return err
	}
	return b.fig.print()
}

// blocks reads every touched block of every band.
func (b *bench) blocks(ctx context.Context) func(r raster.Reader) error {
	ten, twenty := touched(b.cover, b.cover.Grid10), touched(b.cover, b.cover.Grid20)
	b.fig.Blocks = 4*len(ten) + 7*len(twenty)
	buf := make([]uint16, blockSize*blockSize)
	return func(r raster.Reader) error {
		for _, name := range append([]raster.Band{raster.SCL}, raster.OpticalBands...) {
			windows := twenty
			if tenMetres(name) {
				windows = ten
			}
			for _, w := range windows {
				if err := r.Read(ctx, b.scene.Assets[name], w, buf[:w.Width*w.Height]); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// gather times a date whose blocks are decoded already, and the copying of
// these blocks alone, which reading from memory adds to it.
func gather(ctx context.Context, w *workload, name string, runs int) error {
	b, err := prepare(ctx, w, name, "date")
	if err != nil {
		return err
	}
	r := gdal.Open(gdal.Options{})
	defer r.Close()
	debug.SetMemoryLimit(math.MaxInt64) // the decoded bands take more than a date may
	mem, err := decode(ctx, r, b.scene)
	if err != nil {
		return err
	}
	read := b.blocks(ctx)
	if b.fig.Copy, err = repeated(runs, func() error { return read(mem) }); err != nil {
		return err
	}
	more := make([]raster.Reader, runtime.GOMAXPROCS(0)-1)
	for i := range more {
		more[i] = mem
	}
	if err := b.observe(ctx, mem, more); err != nil { // finds which blocks hold which shapes, as the first date does
		return err
	}
	if b.fig.Kept, err = repeated(runs, func() error { return b.observe(ctx, mem, more) }); err != nil {
		return err
	}
	return b.fig.print()
}

// coverage times NewCover. It works on two grids at once; to tell them apart it
// is run again on polygons of half, a quarter … the size, where the grid of 10 m
// stands for the one of 20 m, 40 m …, and the sums are taken apart.
func coverage(w *workload, name string, runs int) error {
	s, err := w.set(name)
	if err != nil {
		return err
	}
	var f figures
	shapes := w.shapes(s)
	f.Fields = len(shapes)
	var both [5]cost // of 10 + 20 m, 20 + 40 m, …
	grid := w.ten
	for i := range both {
		both[i], err = repeated(runs, func() error {
			_, err := raster.NewCover(shapes, grid)
			return err
		})
		if err != nil {
			return err
		}
		grid.Width, grid.Height = (grid.Width+1)/2, (grid.Height+1)/2
		for _, sh := range shapes {
			for _, poly := range sh.Polygon {
				for _, ring := range poly {
					for k, p := range ring {
						ring[k] = point{grid.X0 + (p[0]-grid.X0)/2, grid.Y0 + (p[1]-grid.Y0)/2}
					}
				}
			}
		}
	}
	f.Cover = both[0]
	f.Cover20 = both[1].CPU - both[2].CPU + both[3].CPU - both[4].CPU/2
	f.Cover10 = both[0].CPU - f.Cover20
	return f.print()
}
