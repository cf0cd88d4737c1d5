package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/season/delineate"
)

type delineateCmd struct {
	Scenes string `required:"" placeholder:"CATALOG" help:"STAC catalog or API with the scenes: a file, a folder or an http(s) address."`
	Out    string `required:"" type:"path" placeholder:"FILE.gpkg" help:"The GeoPackage to write."`

	Within string `type:"existingfile" placeholder:"FILE" help:"Stay within the polygons of this file."`
	BBox   string `name:"bbox" placeholder:"W,S,E,N" help:"Stay within this box of longitudes and latitudes."`
	Known  string `type:"existingfile" placeholder:"FILE" help:"Parcels that are mapped: their land is left out."`

	From        string   `placeholder:"DAY" help:"First day of scenes (2024-05-01)."`
	To          string   `placeholder:"DAY" help:"Last day of scenes."`
	Collections []string `placeholder:"NAME" help:"STAC collections to use. Default: all with optical bands."`
	MaxCloud    *float64 `placeholder:"PERCENT" help:"Leave out scenes that their catalog says are cloudier. Default: none, since the mask is by pixel."`

	MinArea   string  `default:"1.5mu" placeholder:"AREA" help:"Smallest field: 1.5mu, 0.1ha or 1000m2. Below ten pixels (1.5 mu) edges cannot be told."`
	MaxArea   string  `default:"200ha" placeholder:"AREA" help:"Largest field."`
	Join      float64 `default:"1.9" placeholder:"NUMBER" help:"Neighbours less different than this become one, in units of the noise within fields: higher = fewer, larger fields."`
	Depth     float64 `default:"0.35" placeholder:"NUMBER" help:"How far an edge must stand out to part two basins before they are compared."`
	Rough     float64 `default:"1.4" placeholder:"NUMBER" help:"Land rougher inside than this is no field: houses, forest."`
	Tolerance float64 `default:"6" placeholder:"METRES" help:"How far a border may lie from the pixels' own when it is straightened."`
	CRS       int     `name:"crs" enum:"4490,4326" default:"4490" help:"CRS of the output: 4490 (CGCS2000) or 4326 (WGS 84)."`
	Workers   int     `help:"Windows at once. Default: one per core."`
	Log       string  `enum:"text,json" default:"text" help:"How progress is told where there is no terminal: text or json."`
}

// Help is shown by `parus parcels delineate --help`.
func (delineateCmd) Help() string {
	return `Finds fields in the scenes of a season: the edges of all clear dates together, the basins between them, and basins that look alike on every date joined.
Every polygon has status = proposed and determination_method = auto-imagery. It is a suggestion: a person looks at it on a picture and confirms, corrects or
throws it away. No season takes it as a parcel by itself, and it says nothing of who farms the land or what the law calls it.

  parus parcels delineate --scenes catalog.json --bbox 116.1,32.0,116.4,32.2 --from 2024-03-01 --to 2024-11-30 --out proposed.gpkg
  parus parcels delineate --scenes s2/ --within village.geojson --known parcels.gpkg --out proposed.gpkg

More dates make better borders: a field edge that one day hides another shows. How good they are is told in docs/evaluation/delineate.md.
The file is written whole or not at all.`
}

func (c *delineateCmd) Run(ctx context.Context) error {
	opt := delineate.Options{Scenes: c.Scenes, Out: c.Out, EPSG: c.CRS, Within: c.Within, Known: c.Known, Collections: c.Collections, MaxCloud: c.MaxCloud,
		Tolerance: c.Tolerance, Workers: c.Workers}
	opt.Outline.Depth, opt.Outline.Join, opt.Outline.Rough = c.Depth, c.Join, c.Rough
	var err error
	if opt.BBox, err = parseBBox(c.BBox); err != nil {
		return fmt.Errorf("%w: --bbox: %v", errUsage, err)
	}
	if opt.Outline.Pixels, err = pixelsOf(c.MinArea); err != nil {
		return fmt.Errorf("%w: --min-area: %v", errUsage, err)
	}
	if opt.Outline.Largest, err = pixelsOf(c.MaxArea); err != nil {
		return fmt.Errorf("%w: --max-area: %v", errUsage, err)
	}
	if !(c.Join > 0) || !(c.Depth > 0) || !(c.Rough > 0) || !(c.Tolerance > 0) {
		return fmt.Errorf("%w: --join, --depth, --rough and --tolerance are numbers above 0", errUsage)
	}
	if opt.From, opt.To, err = dayFlags(c.From, c.To); err != nil {
		return err
	}
	out := newProgress(os.Stderr, c.Log)
	out.shown, out.rest = 20, "narrow --from, --to or --bbox to see fewer"
	opt.Progress = out
	begin := time.Now()
	sum, err := delineate.Run(ctx, opt)
	out.end()
	if err != nil {
		if ctx.Err() != nil {
			return errNothingKept
		}
		return err
	}
	fmt.Printf("%d fields proposed, %.1f mu, from %d scenes in %d windows: %s, in %.1f s\n", sum.Fields, sum.AreaM2/parcels.SquareMetresPerMu, sum.Scenes, sum.Windows, c.Out, time.Since(begin).Seconds())
	fmt.Println("They are suggestions: look at each on a picture before it is used.")
	return nil
}

// pixelsOf reads an area, such as 1.5mu, 0.1ha or 1000m2, and rounds it to
// pixels of 10 m.
func pixelsOf(text string) (int, error) {
	for _, u := range []struct {
		name string
		m2   float64
	}{{"mu", parcels.SquareMetresPerMu}, {"ha", 10000}, {"m2", 1}} {
		number, ok := strings.CutSuffix(strings.TrimSpace(text), u.name)
		if !ok {
			continue
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if px := v * u.m2 / 100; err == nil && px >= 0.5 && px < 1e9 {
			return int(px + 0.5), nil
		}
	}
	return 0, fmt.Errorf("%q is no area: write 1.5mu, 0.1ha or 1000m2", text)
}
