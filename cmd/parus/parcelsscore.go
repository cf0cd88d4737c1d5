package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/parcels/outline"
	"github.com/paulmach/orb"
)

type parcelsScoreCmd struct {
	Proposed  string  `arg:"" type:"existingfile" help:"The polygons to score: GeoPackage, GeoJSON, Shapefile or FlatGeobuf."`
	Reference string  `arg:"" type:"existingfile" help:"The polygons that are taken as true, over the same land."`
	IoU       float64 `name:"iou" default:"0.5" help:"Two fields are one where the land in both is at least this share of the land in either."`
	Format    string  `enum:"text,json" default:"text" help:"text or json."`
}

// Help is shown by `parus parcels score --help`.
func (parcelsScoreCmd) Help() string {
	return `Says how well polygons agree with others: land in both (IoU of the extent), and how many fields were found as fields (object F1 at an IoU of 0.5).
Both files must cover the same land: what lies outside the reference counts as wrongly proposed. Any CRS will do.

  parus parcels score proposed.gpkg surveyed.gpkg`
}

func (c *parcelsScoreCmd) Run(ctx context.Context) error {
	if !(c.IoU > 0 && c.IoU <= 1) {
		return fmt.Errorf("%w: --iou is above 0 and at most 1", errUsage)
	}
	proposed, err := lonLatPolygons(ctx, c.Proposed)
	if err != nil {
		return err
	}
	reference, err := lonLatPolygons(ctx, c.Reference)
	if err != nil {
		return err
	}
	s := outline.Compare(proposed, reference, c.IoU)
	if c.Format == "json" {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		return out.Encode(s)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "proposed\t%d fields\t%.1f mu\n", s.Proposed, parcels.Mu(s.ProposedM2))
	fmt.Fprintf(w, "reference\t%d fields\t%.1f mu\n", s.Reference, parcels.Mu(s.ReferenceM2))
	fmt.Fprintf(w, "IoU of the extent\t%.3f\n", s.ExtentIoU)
	fmt.Fprintf(w, "object F1 at IoU %g\t%.3f\tprecision %.3f, recall %.3f, %d fields matched\n", s.MinIoU, s.ObjectF1, s.ObjectPrecision, s.ObjectRecall, s.Matched)
	fmt.Fprintf(w, "mean IoU of reference fields\t%.3f\n", s.MeanIoU)
	fmt.Fprintf(w, "over-segmentation\t%.3f\tof a reference field lies outside its proposed one\n", s.OverSegmentation)
	fmt.Fprintf(w, "under-segmentation\t%.3f\tof that proposed field lies outside the reference one\n", s.UnderSegmentation)
	fmt.Fprintf(w, "reference fields untouched\t%d\n", s.Untouched)
	return w.Flush()
}

// lonLatPolygons are the polygons of a file in longitude and latitude.
func lonLatPolygons(ctx context.Context, path string) ([]orb.MultiPolygon, error) {
	src, err := vector.OpenPolygons(path, vector.Options{})
	if err != nil {
		return nil, err
	}
	defer src.Close()
	var out []orb.MultiPolygon
	var failed error
	left := 0
	for {
		b, err := src.Next(ctx)
		if err != nil {
			return nil, err
		}
		if b == nil {
			break
		}
		b.Each(func(p vector.Polygon) {
			mp, err := src.LonLat(p.Shape)
			if err != nil {
				failed = fmt.Errorf("%s, row %d: %w", path, p.Row, err)
				return
			}
			out = append(out, mp)
		}, func(vector.Reject) { left++ })
		b.Close()
		if failed != nil {
			return nil, failed
		}
	}
	if left > 0 {
		fmt.Fprintf(os.Stderr, "! %s: %d rows are no polygons and are left out\n", path, left)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s holds no polygon: give a file with fields", path)
	}
	return out, nil
}
