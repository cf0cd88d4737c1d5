package main

import (
	"context"
	"math"
	"time"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// source reads plots with their observations from the labelled data.
type source struct {
	data  string
	layer *models.GrowthLayer
}

// plot is one polygon or pixel with all its observations.
type plot struct {
	set, id, label string
	obs            []raster.Observation
}

// growth adds the growth of pixels, all of one plot on one date, to the
// observations; weight is each pixel's share.
func (s *source) growth(ctx context.Context, scene raster.Scene, px [][10]float32, total float64) ([]raster.Observation, error) {
	block := &raster.PixelBlock{N: len(px), Scene: scene}
	for b := range block.Bands {
		block.Bands[b] = make([]float32, len(px))
		for i := range px {
			block.Bands[b][i] = px[i][b]
		}
	}
	names := s.layer.Names()
	out := make([][]float32, len(names))
	for i := range out {
		out[i] = make([]float32, len(px))
	}
	if err := s.layer.Eval(ctx, block, out); err != nil {
		return nil, err
	}
	var obs []raster.Observation
	for k, name := range names {
		var n, sum, squares float64
		for _, v := range out[k] {
			if v == v {
				n++
				sum += float64(v)
				squares += float64(v) * float64(v)
			}
		}
		o := raster.Observation{ParcelID: "p", Kind: "plot", SceneID: scene.ID, Time: scene.Time, Band: raster.Band(name)}
		o.Total, o.Count, o.Mean = total, n, sum/n
		o.Std = math.Sqrt(max(squares/n-o.Mean*o.Mean, 0))
		obs = append(obs, o)
	}
	return obs, nil
}

// dated is a plot on one date known by its mean spectrum only.
func (s *source) dated(ctx context.Context, day time.Time, at orb.Point, bands [10]float64) ([]raster.Observation, error) {
	scene := raster.Scene{ID: day.Format(time.RFC3339), Time: day, Footprint: orb.Polygon{{at, at, at, at}}}
	var obs []raster.Observation
	whole := true
	var px [10]float32
	for b, v := range bands {
		whole = whole && !math.IsNaN(v)
		if px[b] = float32(v); math.IsNaN(v) {
			continue
		}
		o := raster.Observation{ParcelID: "p", Kind: "plot", SceneID: scene.ID, Time: day, Band: raster.OpticalBands[b]}
		o.Total, o.Count, o.Inside, o.Mean = 100, 100, 80, v
		obs = append(obs, o)
	}
	if !whole {
		return obs, nil
	}
	g, err := s.growth(ctx, scene, [][10]float32{px}, 1)
	return append(obs, g...), err
}

// overpass is the instant Sentinel-2 passes on the day: 10:30 by the sun.
func overpass(day parcels.Date, lon float64) time.Time {
	return day.Time().Add(10*time.Hour + 30*time.Minute - time.Duration(lon/15*float64(time.Hour)))
}
