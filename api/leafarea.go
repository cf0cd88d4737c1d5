package api

import (
	"context"
	"fmt"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/raster"
)

// leafAreaModel is the network that the season's LAI comes from too.
const leafAreaModel = "lai"

// growthBands are what the growth networks take, with their places in
// raster.OpticalBands.
var (
	growthBands  = []raster.Band{raster.B03, raster.B04, raster.B05, raster.B06, raster.B07, raster.B8A, raster.B11, raster.B12}
	growthPlaces = [8]int{1, 2, 3, 4, 5, 7, 8, 9}
)

// leafArea draws LAI, with as many networks as pictures are drawn at once. Of
// pixels that lie in the same pixels of the scene one is computed. Here every
// pixel stands for itself, with the 10 m pixels as they are; a run's series
// average those to 20 m first (docs/statistics.md), so the two are near, not
// equal.
func leafArea(rt models.Runtime, atOnce int) (raster.Style, error) {
	registry, err := models.Shipped()
	if err != nil {
		return raster.Style{}, err
	}
	card, err := registry.Card(leafAreaModel)
	if err != nil {
		return raster.Style{}, err
	}
	nets := make(chan *models.GrowthLayer, atOnce)
	for range atOnce {
		net, err := models.NewGrowthLayer(registry, rt, leafAreaModel)
		if err != nil {
			return raster.Style{}, fmt.Errorf("pictures of leaf area: %w", err)
		}
		nets <- net
	}
	return raster.Style{Name: "lai", Title: "LAI, leaf area", Bands: growthBands, Lo: 0, Hi: 6, Source: card.Name + "@" + card.Version,
		Layer: func(ctx context.Context, s raster.Scene, bands [][]float32, out []float32) error {
			px, place := distinct(bands)
			px.Scene = s
			lai, flags := make([]float32, px.N), make([]float32, px.N)
			net := <-nets
			defer func() { nets <- net }()
			if err := net.Eval(ctx, px, [][]float32{lai, flags}); err != nil {
				return err
			}
			for i, k := range place {
				out[i] = lai[k]
			}
			return nil
		}}, nil
}

// distinct keeps each spectrum once and says which one a pixel has.
func distinct(bands [][]float32) (*raster.PixelBlock, []int32) {
	px, place := &raster.PixelBlock{}, make([]int32, len(bands[0]))
	at := map[[8]float32]int32{}
	for b := range px.Bands {
		px.Bands[b] = []float32{}
	}
	for i := range place {
		var spectrum [8]float32
		for b := range spectrum {
			spectrum[b] = bands[b][i]
		}
		k, ok := at[spectrum]
		if !ok {
			k = int32(px.N)
			at[spectrum] = k
			px.N++
			for b, v := range spectrum {
				px.Bands[growthPlaces[b]] = append(px.Bands[growthPlaces[b]], v)
			}
		}
		place[i] = k
	}
	return px, place
}
