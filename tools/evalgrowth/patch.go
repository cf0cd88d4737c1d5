package main

import (
	"context"
	"fmt"
	"math"
	"path/filepath"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
	"github.com/paulmach/orb"
)

// The two patches of Flanders. The second has no 10 m bands.
const (
	patch2018 = "BE_00002806639B424A"
	patch2019 = "BE_000028085BF08E7E"
)

// patch reads the labelled parcels of a patch and, where squares is set, a grid
// of squares of 100 m over it, each scene as a season run would: mask, exact
// coverage, growth per 20 m pixel.
func (s *source) patch(ctx context.Context, name string, squares bool) ([]plot, error) {
	dir := filepath.Join(s.data, "s2s1_patches", name)
	scenes, _, err := raster.ReadCatalog(ctx, filepath.Join(dir, "stac", "catalog.json"), raster.CatalogOptions{})
	if err != nil {
		return nil, err
	}
	optical := scenes[:0]
	for _, sc := range scenes {
		if !sc.Radar() {
			sc.Settled = raster.Offset{Reason: "the source says reflectance × 10000"}
			optical = append(optical, sc)
		}
	}
	land, _, _, err := vector.Read(ctx, filepath.Join(dir, "labels", "parcels_derived.geojson"), vector.Options{})
	if err != nil {
		return nil, err
	}
	labels, err := vector.Column(ctx, filepath.Join(dir, "labels", "parcels_derived.geojson"), vector.Options{}, "ct_name")
	if err != nil {
		return nil, err
	}
	reader := gdal.Open(gdal.Options{})
	defer reader.Close()
	grid, err := tenMetreGrid(ctx, reader, optical[0])
	if err != nil {
		return nil, err
	}
	var shapes []raster.Shape
	label := map[string]string{}
	for _, p := range land {
		shapes = append(shapes, raster.Shape{ID: p.ID, Kind: "plot", Polygon: p.Source})
		label[p.ID] = labels[p.ID]
	}
	for i := 0; squares && i < 36; i++ {
		x, y := grid.X0+20+100*float64(i%6), grid.Y0-20-100*float64(i/6)
		id := fmt.Sprintf("square %d", i)
		shapes = append(shapes, raster.Shape{ID: id, Kind: "plot", Polygon: orb.MultiPolygon{{{{x, y}, {x + 100, y}, {x + 100, y - 100}, {x, y - 100}, {x, y}}}}})
	}
	cover, err := raster.NewCover(shapes, grid)
	if err != nil {
		return nil, err
	}
	ground, _, err := raster.BuildGround(ctx, []raster.Reader{reader}, optical, cover)
	if err != nil {
		return nil, err
	}
	byID := map[string][]raster.Observation{}
	for _, sc := range optical {
		opt := raster.ObserveOptions{Ground: ground}
		if name == patch2018 {
			opt.Layer = s.layer
		}
		res, err := raster.Observe(ctx, reader, sc, cover, opt)
		if err != nil {
			return nil, err
		}
		for _, o := range append(res.Rows(), res.Layers...) {
			byID[o.ParcelID] = append(byID[o.ParcelID], o)
		}
	}
	var out []plot
	for _, sh := range shapes {
		out = append(out, plot{set: "Flanders", id: sh.ID, label: label[sh.ID], obs: byID[sh.ID]})
	}
	return out, nil
}

// tenMetreGrid is the grid of the 10 m bands; where a scene has none, the one
// that halves the pixels of its 20 m bands.
func tenMetreGrid(ctx context.Context, r raster.Reader, s raster.Scene) (raster.Grid, error) {
	if a, ok := s.Assets[raster.B04]; ok {
		return r.Describe(ctx, a)
	}
	g, err := r.Describe(ctx, s.Assets[raster.B8A])
	g.Res, g.Width, g.Height = g.Res/2, g.Width*2, g.Height*2
	return g, err
}

// redEdge is the least-squares line NDVI = a + b (B8A − B05)/(B8A + B05) over
// all clear dates of plots that have every band, with the RMSE of the fit.
func redEdge(plots []plot) (a, b, rmse float64) {
	var n, sx, sy, sxx, sxy, syy float64
	for _, p := range plots {
		for _, v := range byScene(p.obs) {
			x, y := ratio(v[raster.B05], v[raster.B8A]), ratio(v[raster.B04], v[raster.B08])
			if math.IsNaN(x + y) {
				continue
			}
			n, sx, sy, sxx, sxy, syy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y, syy+y*y
		}
	}
	b = (n*sxy - sx*sy) / (n*sxx - sx*sx)
	a = (sy - b*sx) / n
	return a, b, math.Sqrt((syy - a*sy - b*sxy) / n)
}

// withNDVI gives plots that have only 20 m bands a red and a near-infrared band
// that show the NDVI of the line.
func withNDVI(plots []plot, a, b float64) []plot {
	var out []plot
	for _, p := range plots {
		q := plot{set: p.set, id: p.id, label: p.label}
		values := byScene(p.obs)
		for _, o := range p.obs {
			q.obs = append(q.obs, o)
			if o.Band != raster.B8A {
				continue
			}
			v := values[o.SceneID]
			ndvi := min(max(a+b*ratio(v[raster.B05], v[raster.B8A]), -0.99), 0.99)
			nir, red := o, o
			nir.Band, red.Band, red.Mean = raster.B08, raster.B04, o.Mean*(1-ndvi)/(1+ndvi)
			for _, x := range []*raster.Observation{&nir, &red} { // in 10 m pixels
				x.Total, x.Count, x.Inside = 4*x.Total, 4*x.Count, 4*x.Inside
			}
			q.obs = append(q.obs, nir, red)
		}
		out = append(out, q)
	}
	return out
}

func byScene(obs []raster.Observation) map[string]map[raster.Band]float64 {
	out := map[string]map[raster.Band]float64{}
	for _, o := range obs {
		if o.Count < 0.5*o.Total || !(o.Count > 0) {
			continue
		}
		if out[o.SceneID] == nil {
			v := map[raster.Band]float64{}
			for _, b := range raster.OpticalBands {
				v[b] = math.NaN()
			}
			out[o.SceneID] = v
		}
		out[o.SceneID][o.Band] = o.Mean
	}
	return out
}

func ratio(low, high float64) float64 { return (high - low) / (high + low) }
