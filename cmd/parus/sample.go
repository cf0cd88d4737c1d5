package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parus-lending/parus/data/sample"
)

type sampleCountyCmd struct {
	Out     string `required:"" type:"path" help:"Folder to make."`
	Seed    int64  `default:"1" help:"The same seed makes the same bytes."`
	Parcels int    `default:"200" help:"Registry parcels."`
	Scenes  int    `default:"24" help:"Sentinel-2 dates over the year."`
}

func (c *sampleCountyCmd) Run(ctx context.Context) error {
	p := newProgress(os.Stderr, "text")
	stage := ""
	err := sample.County(ctx, c.Out, sample.CountyOptions{Seed: c.Seed, Parcels: c.Parcels, Scenes: c.Scenes,
		Progress: func(name string, done, total int) {
			if name != stage {
				stage = name
				p.Stage(name, total)
			}
			p.Step()
		}})
	p.end()
	if err != nil {
		return err
	}
	fmt.Printf("Sample county (made up): %s\nNext: parus season run %s --out RUN\n", c.Out, filepath.Join(c.Out, "county.toml"))
	return nil
}

type sampleRecordsCmd struct {
	Parcels string `required:"" type:"existingfile" help:"GeoPackage, GeoJSON or Shapefile of the land."`
	Scenes  string `required:"" help:"STAC catalog: path or address."`
	Weather string `required:"" type:"existingfile" help:"Daily weather (CSV)."`
	Out     string `required:"" type:"path" help:"Folder to make."`
	ID      string `help:"Property of the parcels file that holds the parcel's ID."`
	Seed    int64  `default:"1" help:"The same seed makes the same bytes."`
}

func (c *sampleRecordsCmd) Run(ctx context.Context) error {
	if err := sample.Records(ctx, c.Out, sample.RecordsOptions{Parcels: c.Parcels, Scenes: c.Scenes, Weather: c.Weather, IDField: c.ID, Seed: c.Seed}); err != nil {
		return err
	}
	fmt.Printf("Records (made up): %s\nNext: parus season run %s --out RUN\n", c.Out, filepath.Join(c.Out, "county.toml"))
	return nil
}
