package gdal

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"sort"
	"strings"

	"github.com/parus-lending/parus/raster"
)

// IndexOptions of Index. The zero value is the default.
type IndexOptions struct {
	Out        string                 // folder of the catalog and of the COGs; empty = "stac" in the indexed folder
	Bands      map[raster.Band]int    // which band is which (from 1) in plain files with several; nil = by their descriptions
	Date       DatePattern            // where plain files tell their date
	Scale      *float64               // of plain files: reflectance = value × Scale + Offset; nil = as the file says
	Offset     *float64               // see IndexReport on what is assumed where the file says nothing
	Collection string                 // of plain files; empty = "local"
	Workers    int                    // bands converted at once; 0 = one per core
	Progress   func(done, total int)  // called before the first band with 0, then after each; never at the same time twice
	convert    func(conversion) error // for tests: called before each conversion
}

// IndexReport is what Index did.
type IndexReport struct {
	Catalog   string         // path of the catalog.json
	Scenes    []raster.Scene // all scenes of the catalog, by time, then ID
	Found     int            // scenes found in the folder now; the others are of earlier runs
	Converted int            // bands converted now
	Kept      int            // bands that an earlier run had converted
	Warnings  []raster.Warning
}

// Index makes a folder of imagery ready: it finds Sentinel-2 SAFE folders and
// plain GeoTIFFs under dir, converts what is not plain DN in GeoTIFF (JPEG 2000,
// floating point, another scale or no-data value) to COGs once, and writes a
// STAC catalog that raster.ReadCatalog reads. The originals are not changed.
//
// A band converted by an earlier run is not converted again unless its original
// is newer; scenes of earlier runs whose originals are gone stay in the catalog
// as long as their COGs are there. What cannot be used is a warning; errors are a
// folder without any scene, a disk that cannot be written, and ctx.
//
// Without scale and offset told by the file or the options, whole numbers are
// taken for reflectance × 10000, floating point for reflectance.
func Index(ctx context.Context, dir string, opt IndexOptions) (IndexReport, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return IndexReport{}, err
	}
	if opt.Out == "" {
		opt.Out = filepath.Join(dir, "stac")
	}
	if opt.Out, err = filepath.Abs(opt.Out); err != nil {
		return IndexReport{}, err
	}
	if opt.Collection == "" {
		opt.Collection = "local"
	}
	if opt.Workers <= 0 {
		opt.Workers = runtime.NumCPU()
	}
	register()
	x := &indexer{dir: dir, opt: opt}
	if err := x.find(ctx); err != nil {
		return IndexReport{}, fmt.Errorf("index %s: %w", dir, err)
	}
	x.nameApart()
	if err := x.convertAll(ctx); err != nil {
		return IndexReport{}, fmt.Errorf("index %s: %w", dir, err)
	}
	scenes := x.whole()
	found := len(scenes)
	scenes = append(scenes, x.earlier(ctx, scenes)...)
	report := IndexReport{Catalog: filepath.Join(opt.Out, "catalog.json"), Found: found, Converted: x.converted, Kept: x.kept}
	if len(scenes) == 0 {
		return IndexReport{Warnings: x.warns}, fmt.Errorf("index %s: no scene in it: neither a Sentinel-2 SAFE folder nor a GeoTIFF whose bands are known (%d warnings)", dir, len(x.warns))
	}
	if err := raster.WriteCatalog(opt.Out, "parus", "Imagery of "+filepath.Base(dir)+", indexed by parus scenes index", scenes); err != nil {
		return IndexReport{}, fmt.Errorf("index %s: %w", dir, err)
	}
	sort.SliceStable(scenes, func(i, j int) bool {
		if !scenes[i].Time.Equal(scenes[j].Time) {
			return scenes[i].Time.Before(scenes[j].Time)
		}
		return scenes[i].ID < scenes[j].ID
	})
	report.Scenes, report.Warnings = scenes, x.warns
	return report, nil
}

type indexer struct {
	dir             string
	opt             IndexOptions
	scenes          []*planned
	warns           []raster.Warning
	converted, kept int
}

// planned is a scene with the bands that are to be converted first.
type planned struct {
	scene raster.Scene
	jobs  map[raster.Band]conversion
	from  string // folder it was found in
}

func (x *indexer) warn(code, subject, detail string) {
	x.warns = append(x.warns, raster.Warning{Code: code, Subject: subject, Detail: detail})
}

// find walks the folder in the order of names.
func (x *indexer) find(ctx context.Context) error {
	var tiffs []string
	err := filepath.WalkDir(x.dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && path == x.dir:
			return err
		case err != nil:
			x.warn("unreadable_file", path, err.Error())
			return nil
		case d.IsDir() && (path == x.opt.Out || path != x.dir && strings.HasPrefix(d.Name(), ".")):
			return filepath.SkipDir
		case d.IsDir() && raster.IsSAFE(path):
			x.safe(path)
			return filepath.SkipDir
		case d.IsDir():
			return nil
		}
		switch strings.ToLower(filepath.Ext(path)) {
		case ".tif", ".tiff":
			tiffs = append(tiffs, path)
		case ".zip":
			if strings.HasPrefix(d.Name(), "S2") && strings.Contains(d.Name(), "MSIL2A") {
				x.warn("zipped_safe", path, "a zipped SAFE product: unzip it, then run the same command again")
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	x.plain(tiffs)
	return nil
}

func (x *indexer) safe(dir string) {
	scenes, warns, err := raster.ReadSAFE(dir)
	for _, w := range warns {
		x.warn(w.Code, w.Subject, w.Detail)
	}
	if err != nil {
		x.warn("unusable_safe", dir, err.Error())
		return
	}
	for _, s := range scenes {
		p := &planned{scene: s, jobs: map[raster.Band]conversion{}, from: filepath.Dir(dir)}
		for b, a := range s.Assets {
			p.jobs[b] = conversion{src: a.Href, grid: a.Grid, class: b == raster.SCL}
		}
		x.scenes = append(x.scenes, p)
	}
}

// nameApart gives scenes of one ID from several folders different ones, and
// leaves a SAFE product that lies there twice out.
func (x *indexer) nameApart() {
	taken := map[string]bool{}
	var out []*planned
	for _, p := range x.scenes {
		key := func() string { return raster.ItemPath(x.opt.Out, p.scene) }
		if taken[key()] && p.scene.Collection == raster.SAFECollection {
			x.warn("scene_twice", p.scene.ID, "the product lies there twice; this one is left out: "+p.from)
			continue
		}
		if taken[key()] {
			if rel, err := filepath.Rel(x.dir, p.from); err == nil {
				p.scene.ID = strings.ReplaceAll(filepath.ToSlash(rel), "/", "_") + "_" + p.scene.ID
			}
		}
		for n, id := 2, p.scene.ID; taken[key()]; n++ {
			p.scene.ID = fmt.Sprintf("%s_%d", id, n)
		}
		taken[key()] = true
		out = append(out, p)
	}
	x.scenes = out
}
