package delineate

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/parcels/outline"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// Layer is the layer of the file.
const Layer = "proposed"

// columns of the file, documented in docs/formats.md. Names are fiboa's where it
// has one; its area is in hectares.
var columns = []vector.Field{
	{Name: "id", Type: vector.String}, {Name: "status", Type: vector.String},
	{Name: "area", Type: vector.Float}, {Name: "area_m2", Type: vector.Float}, {Name: "perimeter", Type: vector.Float},
	{Name: "determination_method", Type: vector.String}, {Name: "determination_datetime", Type: vector.String},
	{Name: "confidence", Type: vector.Float}, {Name: "contrast", Type: vector.Float}, {Name: "roughness", Type: vector.Float},
	{Name: "n_dates", Type: vector.Int}, {Name: "cover", Type: vector.String},
	{Name: "ndvi_low", Type: vector.Float}, {Name: "ndvi_high", Type: vector.Float},
}

// write traces the fields of all tiles and writes them.
func (r *run) write(ctx context.Context) error {
	total := 0
	for _, t := range r.tiles {
		total += len(t.cores)
	}
	r.opt.Progress.Stage("outlines", total)
	return vector.WriteEachGPKG(r.opt.Out, Layer, r.opt.EPSG, columns, func(yield func(vector.Feature, error) bool) {
		for _, t := range r.tiles {
			last := time.Time{}
			for _, d := range t.dates {
				if d.scene.Time.After(last) {
					last = d.scene.Time
				}
			}
			for i := range t.cores {
				if err := ctx.Err(); err != nil {
					yield(vector.Feature{}, err)
					return
				}
				features, err := r.traced(t, i, last)
				if err != nil {
					yield(vector.Feature{}, err)
					return
				}
				for _, f := range features {
					if !yield(f, nil) {
						return
					}
				}
				r.step()
			}
		}
	})
}

// traced are the fields of one window.
func (r *run) traced(t *tile, core int, last time.Time) ([]vector.Feature, error) {
	first := 0
	if core > 0 {
		first = t.of[core-1]
	}
	w := t.wide(t.cores[core])
	w = raster.Window{Col: w.Col - 1, Row: w.Row - 1, Width: w.Width + 2, Height: w.Height + 2}
	l := &outline.Labels{Width: w.Width, Height: w.Height, At: make([]int32, w.Width*w.Height)}
	if err := t.labels.read(w, l.At); err != nil {
		return nil, err
	}
	var out []vector.Feature
	for k := first; k < t.of[core]; k++ {
		f := t.fields[k]
		box := [4]int{f.box[0] - w.Col, f.box[1] - w.Row, f.box[2] - w.Col, f.box[3] - w.Row}
		poly := l.Polygon(int32(k+1), box, r.opt.Tolerance/t.grid.Res)
		shape := t.onMap(poly, w)
		feature, area, err := r.feature(t, f, shape, last)
		if err != nil {
			return nil, err
		}
		r.sum.Fields++
		r.sum.AreaM2 += area
		out = append(out, feature)
	}
	return out, nil
}

// onMap takes a polygon from pixels of a window to the tile's CRS; outlines turn
// left, holes right.
func (t *tile) onMap(poly orb.Polygon, w raster.Window) orb.MultiPolygon {
	out := make(orb.Polygon, len(poly))
	for i, ring := range poly {
		n := len(ring)
		out[i] = make(orb.Ring, n)
		for k, p := range ring {
			out[i][n-1-k] = orb.Point{t.grid.X0 + (float64(w.Col)+p[0])*t.grid.Res, t.grid.Y0 - (float64(w.Row)+p[1])*t.grid.Res}
		}
	}
	return orb.MultiPolygon{out}
}

func (r *run) feature(t *tile, f found, shape orb.MultiPolygon, last time.Time) (vector.Feature, float64, error) {
	lonlat, err := parcels.Unproject(shape, t.grid.EPSG)
	if err != nil {
		return vector.Feature{}, 0, fmt.Errorf("tile %s: %w", t.name, err)
	}
	perimeter := 0.0
	for _, ring := range shape[0] {
		for i := range len(ring) - 1 {
			perimeter += math.Hypot(ring[i+1][0]-ring[i][0], ring[i+1][1]-ring[i][1])
		}
	}
	area := parcels.AreaM2(lonlat)
	at := t.middle(int(f.at)%t.grid.Width, int(f.at)/t.grid.Width)
	id := fmt.Sprintf("A%d-%.0f-%.0f", t.grid.EPSG, math.Floor(at[0]), math.Floor(at[1]))
	rounded := func(v, step float64) any {
		if math.IsNaN(v) {
			return nil
		}
		return math.Round(v/step) / math.Round(1/step)
	}
	return vector.Feature{Polygon: lonlat, Values: []any{
		id, "proposed", rounded(area/10000, 1e-4), rounded(area, 0.01), rounded(perimeter, 0.01),
		"auto-imagery", last.UTC().Format(time.RFC3339),
		rounded(f.Confidence, 0.001), rounded(f.Contrast, 0.001), rounded(f.Rough, 0.001),
		int64(f.Dates), string(f.Cover), rounded(f.NDVI.Low, 0.001), rounded(f.NDVI.High, 0.001),
	}}, area, nil
}
