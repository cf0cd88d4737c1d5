// Package outline finds the outlines of fields in images of a season: edges of
// all clear dates together, basins between them, basins that look alike on
// every date joined, and what is left traced as polygons that share their
// borders.
//
// It knows pixels and dates. It does not know where on earth they lie, who
// farms them, or whether the law calls them farmland: what it gives is a
// proposal that a person confirms.
//
//	seg, err := outline.Segment(ctx, dates, outline.Options{})
//	for _, f := range seg.Fields { … }
package outline

import (
	"context"
	"fmt"

	"github.com/parus-lending/parus/raster"
)

// Bands are what is looked at, in this order: those of 10 m. Images may lack
// some.
var Bands = []raster.Band{raster.B02, raster.B03, raster.B04, raster.B08}

const (
	green = 1
	red   = 2
	nir   = 3
)

// Dates gives the images of one place, each date as often as it is asked for.
type Dates interface {
	// Size is the width and height of every image in pixels.
	Size() (width, height int)
	Len() int
	// Image is date i: for each of Bands the reflectance row by row, NaN where
	// the ground is not seen, nil for a band the date does not have. What is
	// handed out is good until the next call.
	Image(ctx context.Context, i int) ([4][]float32, error)
	// Noise is how much neighbouring pixels of date i differ within fields, by
	// band (NoiseOf). The same for all windows of a scene, so that neighbours
	// agree.
	Noise(i int) [4]float32
}

// Options of Segment. The zero value is the default. Differences are in units
// of the noise between neighbouring pixels of a date.
type Options struct {
	Depth   float64 // an edge this much above the ground on both sides parts two basins; 0 = 0.35
	Join    float64 // neighbours less different than this become one; 0 = 1.9
	Pixels  int     // smallest field; 0 = 10
	Largest int     // largest field in pixels; 0 = 20000
	Rough   float64 // fields are no rougher inside than this; 0 = 1.4
}

func (o Options) withDefaults() Options {
	set := func(v *float64, d float64) {
		if *v == 0 {
			*v = d
		}
	}
	set(&o.Depth, 0.35)
	set(&o.Join, 1.9)
	set(&o.Rough, 1.4)
	if o.Pixels == 0 {
		o.Pixels = 10
	}
	if o.Largest == 0 {
		o.Largest = 20000
	}
	return o
}

// Field is one region that may be a field.
type Field struct {
	Pixels   int
	At       int     // a pixel of it, as far inside as any (the first of those)
	Depth    int     // how many pixels that one is from the border
	Rough    float64 // strength of the edge inside (the median pixel), in units of noise
	Contrast float64 // strength of the edge along its border, over that inside
	// Confidence is 0–1: the share of its border on which the edge stands out
	// from what is inside. It ranks proposals; it is no probability.
	Confidence float64
	Dates      int   // on which most of it was seen
	Cover      Cover // what the season tells of it
	NDVI       Swing // NaN without near infrared
}

// Swing is the range of a vegetation index over the dates.
type Swing struct{ Low, High float64 }

// Segmentation is a partition of a window: pixel → place in Fields + 1, 0 = no
// field. The pixels of a field hang together by their sides.
type Segmentation struct {
	Width, Height int
	Labels        []int32
	Fields        []Field
}

// Segment finds the fields of a window. use says which pixels may be proposed;
// nil = all. It looks at every date twice. The same images give the same fields.
func Segment(ctx context.Context, d Dates, use []bool, opt Options) (*Segmentation, error) {
	opt = opt.withDefaults()
	w, h := d.Size()
	if w < 1 || h < 1 || use != nil && len(use) != w*h {
		return nil, fmt.Errorf("a window of %d × %d pixels with %d marks of use: no such window", w, h, len(use))
	}
	edge, err := edges(ctx, d)
	if err != nil {
		return nil, err
	}
	for i := range edge.strength {
		if use != nil && !use[i] {
			edge.strength[i] = never
		}
	}
	labels, n := watershed(edge.strength, w, h, float32(opt.Depth))
	f, err := featuresOf(ctx, d, labels, n)
	if err != nil {
		return nil, err
	}
	g := newGraph(labels, n, w, edge.strength, f)
	g.join(opt)
	return g.judge(labels, w, h, edge, opt), nil
}
