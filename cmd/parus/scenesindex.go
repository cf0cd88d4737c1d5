package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parus-lending/parus/raster/gdal"
)

type scenesIndexCmd struct {
	Dir         string   `arg:"" type:"existingdir" help:"Folder with Sentinel-2 SAFE products (unzipped) or GeoTIFFs, at any depth."`
	Out         string   `type:"path" help:"Folder of the catalog and of converted files. Default: stac in DIR."`
	Bands       string   `help:"Which band is which in files with several, from 1: B02=1,B03=2,B04=3. Default: by the files' band descriptions."`
	DatePattern string   `help:"Where file names tell the date: a regular expression with groups y, m, d (or y, j: day of the year) and perhaps H, M, S. Default: the first YYYYMMDD or YYYY-MM-DD."`
	Scale       *float64 `help:"Reflectance = value × scale + offset, in GeoTIFFs. Default: as the file says, else 0.0001 for whole numbers and 1 for floating point."`
	Offset      *float64 `help:"See --scale. Default: as the file says, else 0."`
	Collection  string   `default:"local" help:"Collection that scenes of GeoTIFFs go into."`
	Workers     int      `help:"Bands converted at once. Default: one per core."`
}

func (c *scenesIndexCmd) Run(ctx context.Context) error {
	opt := gdal.IndexOptions{Out: c.Out, Scale: c.Scale, Offset: c.Offset, Collection: c.Collection, Workers: c.Workers}
	var err error
	if c.Bands != "" {
		if opt.Bands, err = gdal.ParseBands(c.Bands); err != nil {
			return fmt.Errorf("%w: --bands %v", errUsage, err)
		}
	}
	if opt.Date, err = gdal.ParseDatePattern(c.DatePattern); err != nil {
		return fmt.Errorf("%w: --date-pattern %v", errUsage, err)
	}
	p := newProgress(os.Stderr, "text")
	opt.Progress = func(done, total int) {
		if done == 0 {
			p.Stage("convert", total)
			return
		}
		p.Step()
	}
	rep, err := gdal.Index(ctx, c.Dir, opt)
	p.end()
	for _, w := range rep.Warnings {
		fmt.Fprintf(os.Stderr, "! %s %s: %s\n", w.Code, w.Subject, w.Detail)
	}
	if err != nil {
		return err
	}
	fmt.Printf("%d scenes, %d of them found now; %d bands converted, %d converted before; %d warnings\n", len(rep.Scenes), rep.Found, rep.Converted, rep.Kept, len(rep.Warnings))
	fmt.Printf("Catalog: %s\nNext: parus scenes list %s, then catalog = %q under [imagery] in county.toml\n", rep.Catalog, filepath.Dir(rep.Catalog), rep.Catalog)
	return nil
}
