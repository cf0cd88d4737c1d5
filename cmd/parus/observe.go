package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/parus-lending/parus/season/zonal"
)

type observeCmd struct {
	Scenes  string `required:"" placeholder:"CATALOG" help:"STAC catalog or API with the scenes: a file, a folder or an http(s) address."`
	Parcels string `required:"" type:"existingfile" placeholder:"FILE" help:"The polygons: GeoPackage, GeoJSON, Shapefile or FlatGeobuf, in any CRS it states."`
	Out     string `required:"" type:"path" placeholder:"FILE.parquet" help:"The Parquet file to write. Rows of the input that could not be used stand beside it in FILE.rejects.csv."`

	From        string   `placeholder:"DAY" help:"First day of scenes (2024-05-01)."`
	To          string   `placeholder:"DAY" help:"Last day of scenes."`
	Collections []string `placeholder:"NAME" help:"STAC collections to use. Default: all with optical bands."`
	MaxCloud    *float64 `placeholder:"PERCENT" help:"Leave out scenes that their catalog says are cloudier. Default: none, since the mask is by pixel."`

	IDField string `name:"id-field" placeholder:"COLUMN" help:"Column of the polygon's ID. Default: parcel_id, DKBM, id or BSM, else the row number."`
	Layer   string `placeholder:"NAME" help:"Layer of a file with several."`

	MinCoverage float64 `placeholder:"0–1" help:"Leave out pixels of which less than this lies in the polygon. Totals stay exact."`
	Inset       int     `placeholder:"PIXELS" help:"Leave out pixels fewer than so many from one that is not wholly within: 1 = no edge pixel. Totals stay exact."`
	Dilate      int     `default:"1" help:"20 m pixels around cloud and shadow that count as cloud and shadow too; 0 = none."`
	Memory      string  `default:"1GB" placeholder:"BYTES" help:"Memory to stay within, such as 400MB or 2GB. Less memory means more, smaller strips of land, each read apart: the same rows, somewhat slower."`
	Workers     int     `help:"Readers at once. Default: one per core."`
	Log         string  `enum:"text,json" default:"text" help:"How progress is told where there is no terminal: text or json."`
}

// Help is shown by `parus observe --help`.
func (observeCmd) Help() string {
	return `Every polygon × scene × band becomes one row: how many pixels it covers (exactly, by area), how many of them are usable, and the mean, spread and quartiles
of their reflectance. Cloud and shadow are left out pixel by pixel; a polygon that no clear pixel shows keeps its row with count 0.
The columns are described in docs/formats.md. Polygons are taken as they are; one that crosses itself is repaired where that changes its area by less than 1 %, else left out.

  parus observe --scenes catalog.json --parcels fields.gpkg --out fields.parquet
  parus observe --scenes s2/ --parcels DK.shp --id-field DKBM --from 2024-04-01 --to 2024-10-31 --max-cloud 60 --out dk.parquet

The file is written whole or not at all: a run that is stopped leaves nothing behind and begins again.`
}

// errNothingKept ends a command that leaves nothing when it is stopped.
var errNothingKept = errors.New("nothing was written")

func (c *observeCmd) Run(ctx context.Context) error {
	opt := zonal.Options{Scenes: c.Scenes, Parcels: c.Parcels, Out: c.Out, Collections: c.Collections, MaxCloud: c.MaxCloud,
		IDField: c.IDField, Layer: c.Layer, Workers: c.Workers, Code: version}
	if c.MinCoverage < 0 || c.MinCoverage > 1 || c.Inset < 0 || c.Dilate < 0 {
		return fmt.Errorf("%w: --min-coverage is from 0 to 1, --inset and --dilate are not negative", errUsage)
	}
	opt.Observe.MinCoverage, opt.Observe.Inset, opt.Observe.Mask.Dilate = c.MinCoverage, c.Inset, c.Dilate
	if c.Dilate == 0 {
		opt.Observe.Mask.Dilate = -1
	}
	var err error
	if opt.Memory, err = parseBytes(c.Memory); err != nil {
		return fmt.Errorf("%w: --memory: %v", errUsage, err)
	}
	if opt.Memory < zonal.MinMemory {
		return fmt.Errorf("%w: --memory %s is too little: give at least %dMB", errUsage, c.Memory, zonal.MinMemory/1_000_000)
	}
	if opt.From, opt.To, err = dayFlags(c.From, c.To); err != nil {
		return err
	}
	out := newProgress(os.Stderr, c.Log)
	out.shown, out.rest = 20, "see the file's footer (key parus)"
	opt.Progress = out
	begin := time.Now()
	sum, err := zonal.Run(ctx, opt)
	out.end()
	if err != nil {
		if ctx.Err() != nil {
			return errNothingKept
		}
		return err
	}
	c.summarise(os.Stdout, sum, time.Since(begin))
	return nil
}

func (c *observeCmd) summarise(w io.Writer, sum *zonal.Summary, took time.Duration) {
	fmt.Fprintf(w, "%d polygons × %d scenes: %d rows in %s, in %.1f s", sum.Polygons, len(sum.Scenes), sum.Rows, c.Out, took.Seconds())
	if sum.BytesRead > 0 {
		fmt.Fprintf(w, ", %.1f MB of imagery read", float64(sum.BytesRead)/1e6)
	}
	if sum.Strips > 1 {
		fmt.Fprintf(w, ", in %d strips", sum.Strips)
	}
	fmt.Fprintln(w)
	if sum.LeftOut+sum.Repaired > 0 {
		fmt.Fprintf(w, "%d rows left out, %d repaired: %s\n", sum.LeftOut, sum.Repaired, sum.Rejects)
	}
	if sum.NoScene > 0 {
		fmt.Fprintf(w, "%d polygons lie in no scene\n", sum.NoScene)
	}
	var codes []string
	for code, n := range sum.Warned {
		codes = append(codes, fmt.Sprintf("%s %d", code, n))
	}
	if sort.Strings(codes); len(codes) > 0 {
		fmt.Fprintf(w, "Warnings: %s\n", strings.Join(codes, ", "))
	}
}

// parseBytes reads 800MB, 1.5GB, 512MiB or a plain number of bytes.
func parseBytes(text string) (int64, error) {
	number, factor := strings.TrimSpace(text), 1.0
	for _, u := range []struct {
		name   string
		factor float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}, {"B", 1}} {
		if n := len(number) - len(u.name); n > 0 && strings.EqualFold(number[n:], u.name) {
			number, factor = strings.TrimSpace(number[:n]), u.factor
			break
		}
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || !(v > 0) || v*factor > 1e15 {
		return 0, fmt.Errorf("%q is not a size: write 800MB, 1.5GB or a number of bytes", text)
	}
	return int64(v * factor), nil
}
