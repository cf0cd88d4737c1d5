package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/parus-lending/parus/raster"
)

// exact writes what package raster makes of the mixed polygons into the folder
// exact of the workload, for tools/compare_exactextract.py: the polygons, their
// coverage on both grids, and their statistics on the clear date and on the one
// with cloud.
func exact(ctx context.Context, w *workload) error {
	s := set{"exact/mixed", mixedCount, mixed}
	if w.quick {
		s.count = quickCount
	}
	if err := os.MkdirAll(w.path("exact"), 0o755); err != nil {
		return err
	}
	if err := w.writePolygons(s); err != nil {
		return err
	}
	shapes := w.shapes(s)
	cover, err := raster.NewCover(shapes, w.ten)
	if err != nil {
		return err
	}
	for _, g := range []raster.Grid{cover.Grid10, cover.Grid20} {
		if err := writeCoverage(w.path(fmt.Sprintf("exact/%g", g.Res)), cover, g); err != nil {
			return err
		}
	}
	r, more, done := readers()
	defer done()
	for _, name := range []string{"clear", "date"} {
		scenes, _, err := raster.ReadCatalog(ctx, w.path(name+"/catalog.json"), raster.CatalogOptions{})
		if err != nil {
			return fmt.Errorf("%w; make the workload first: go run ./tools/bench make", err)
		}
		res, err := raster.Observe(ctx, r, scenes[0], cover, raster.ObserveOptions{More: more})
		if err != nil {
			return err
		}
		if err := writeStatistics(w.path("exact/"+name+".csv"), res); err != nil {
			return err
		}
	}
	return nil
}

// writeCoverage writes BASE.count (int64 by polygon: its pixels), BASE.cell
// (int32 by pixel: row × width + column) and BASE.fraction (float64 by pixel),
// little-endian.
func writeCoverage(base string, c *raster.Cover, g raster.Grid) error {
	var counts []int64
	var cells []int32
	var fractions []float64
	for k := range c.Shapes {
		px := c.At(k, g.Res).Pixels
		counts = append(counts, int64(len(px)))
		for _, p := range px {
			cells, fractions = append(cells, p.Row*int32(g.Width)+p.Col), append(fractions, p.Fraction)
		}
	}
	for name, v := range map[string]any{".count": counts, ".cell": cells, ".fraction": fractions} {
		if err := writeFile(base+name, func(b *bufio.Writer) error { return binary.Write(b, binary.LittleEndian, v) }); err != nil {
			return err
		}
	}
	return nil
}

func writeStatistics(path string, res *raster.Result) error {
	return writeFile(path, func(b *bufio.Writer) error {
		fmt.Fprintln(b, "parcel_id,band,total,count,mean,std,min,p25,median,p75,max")
		for i := range res.Len() {
			o := res.Row(i)
			fmt.Fprintf(b, "%s,%s", o.ParcelID, o.Band)
			for _, v := range []float64{o.Total, o.Count, o.Mean, o.Std, o.Min, o.P25, o.Median, o.P75, o.Max} {
				b.WriteByte(',')
				b.WriteString(strconv.FormatFloat(v, 'g', -1, 64))
			}
			b.WriteByte('\n')
		}
		return nil
	})
}

func writeFile(path string, fill func(*bufio.Writer) error) error {
	f, err := os.Create(filepath.Clean(path))
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 1<<20)
	return errors.Join(fill(b), b.Flush(), f.Close())
}
