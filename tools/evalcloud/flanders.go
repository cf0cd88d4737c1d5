package main

import (
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/onnxgo"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
)

// eyes says by day and parcel (last digit of its ID) what was seen in true-colour
// pictures: bad = cloud, haze that hides the land, or shadow over most of the
// parcel; unsure = thin haze or a part of it. All other looks that SCL lets
// through are clear.
//
//go:embed flanders.csv
var eyes string

// patch is the observations of the parcels in all scenes, with SCL's mask and
// with none, and what the network says of each look.
type patch struct {
	ids          []string
	masked, bare map[string][]raster.Observation
	network      map[string]map[string]float64 // parcel → scene → clear share
}

// openSky is a reader to which every pixel is clear vegetation (SCL 4).
type openSky struct{ raster.Reader }

func (r openSky) Read(ctx context.Context, a raster.Asset, w raster.Window, dst []uint16) error {
	if filepath.Base(a.Href) != "SCL.tif" {
		return r.Reader.Read(ctx, a, w, dst)
	}
	for i := range dst {
		dst[i] = 4
	}
	return nil
}

func readPatch(ctx context.Context, dir string, nets *networks) (*patch, error) {
	scenes, _, err := raster.ReadCatalog(ctx, filepath.Join(dir, "stac", "catalog.json"), raster.CatalogOptions{Collections: []string{"sentinel-2-l2a"}})
	if err != nil {
		return nil, err
	}
	reader := gdal.Open(gdal.Options{})
	defer reader.Close()
	if _, err := raster.SettleScenes(ctx, []raster.Reader{reader}, scenes, raster.SampleScene, func() {}); err != nil {
		return nil, err
	}
	land, _, _, err := vector.Read(ctx, filepath.Join(dir, "labels", "parcels_derived.geojson"), vector.Options{})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(land, func(a, b parcels.Parcel) int { return strings.Compare(a.ID, b.ID) })
	p := &patch{masked: map[string][]raster.Observation{}, bare: map[string][]raster.Observation{}, network: map[string]map[string]float64{}}
	var shapes []raster.Shape
	var places []int
	for i, x := range land {
		p.ids = append(p.ids, x.ID)
		p.network[x.ID] = map[string]float64{}
		shapes = append(shapes, raster.Shape{ID: x.ID, Kind: "parcel", Polygon: x.Source})
		places = append(places, i)
	}
	cover, err := raster.NewCover(shapes, scenes[0].Assets[raster.B02].Grid)
	if err != nil {
		return nil, err
	}
	ground, _, err := raster.BuildGround(ctx, []raster.Reader{reader}, scenes, cover)
	if err != nil {
		return nil, err
	}
	registry, err := models.Shipped()
	if err != nil {
		return nil, err
	}
	layer, err := models.NewGrowthLayer(registry, onnxgo.New(), "lai", "fapar", "fcover")
	if err != nil {
		return nil, err
	}
	defer layer.Close()
	for _, s := range scenes {
		for _, way := range []struct {
			r  raster.Reader
			to map[string][]raster.Observation
		}{{reader, p.masked}, {openSky{reader}, p.bare}} {
			res, err := raster.Observe(ctx, way.r, s, cover, raster.ObserveOptions{Ground: ground, Layer: layer})
			if err != nil {
				return nil, err
			}
			for _, o := range append(res.Rows(), res.Layers...) {
				way.to[o.ParcelID] = append(way.to[o.ParcelID], o)
			}
		}
		if nets == nil {
			continue
		}
		said, err := raster.AskSky(ctx, reader, s, cover, places, raster.ObserveOptions{Ground: ground}, nets.l2a)
		if err != nil {
			return nil, err
		}
		for _, v := range said.Voices {
			if !math.IsNaN(v.Clear) {
				p.network[v.ParcelID][s.ID] = v.Clear
			}
		}
	}
	return p, nil
}

// labels are the eye's, by parcel and day.
func labels() (map[string]string, error) {
	rows, err := csv.NewReader(strings.NewReader(eyes)).ReadAll()
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, r := range rows[1:] {
		for _, digit := range r[1] {
			out[string(digit)+" "+r[0]] = r[2]
		}
	}
	return out, nil
}

// way is one choice of voters.
type way struct {
	name    string
	obs     map[string][]raster.Observation
	opt     func(id string) parcels.SeriesOptions
	byEye   bool // labels hold for what SCL lets through
	network bool
}

func flanders(ctx context.Context, data string, nets *networks) (string, error) {
	p, err := readPatch(ctx, filepath.Join(data, "s2s1_patches", "BE_00002806639B424A"), nets)
	if err != nil {
		return "", err
	}
	eye, err := labels()
	if err != nil {
		return "", err
	}
	disputed := func(id string) map[string]float64 { // as a season asks
		out := map[string]float64{}
		for _, v := range parcels.Votes(p.masked[id], parcels.SeriesOptions{}) {
			if n, ok := p.network[id][v.SceneID]; ok && v.Disputed() {
				out[v.SceneID] = n
			}
		}
		return out
	}
	ways := []way{
		{"nobody", p.bare, func(string) parcels.SeriesOptions { return parcels.SeriesOptions{NoTime: true} }, false, false},
		{"time", p.bare, func(string) parcels.SeriesOptions { return parcels.SeriesOptions{} }, false, false},
		{"SCL", p.masked, func(string) parcels.SeriesOptions { return parcels.SeriesOptions{NoTime: true} }, true, false},
		{"SCL + network everywhere", p.masked, func(id string) parcels.SeriesOptions {
			return parcels.SeriesOptions{NoTime: true, Network: p.network[id]}
		}, true, true},
		{"**SCL + time** (no network added)", p.masked, func(string) parcels.SeriesOptions { return parcels.SeriesOptions{} }, true, false},
		{"**SCL + time + network where they disagree**", p.masked, func(id string) parcels.SeriesOptions {
			return parcels.SeriesOptions{Network: disputed(id)}
		}, true, true},
	}
	text := `## Flanders: what each voter does to the curves
118 Sentinel-2 L2A dates of 2017–18 over 640 × 640 m with seven parcels (s2s1_patches/BE_00002806639B424A; MIT). *Bad* and *clear* looks: by eye, from true-colour pictures of the 72 dates that
SCL does not call cloud throughout (tools/evalcloud/flanders.csv; one person; 'unsure' looks, thin haze and parts of a parcel, count for neither). Off the line: mean distance of a look that counts from the
line between its neighbours at most 25 days away. Crop: the shipped crop-small on the calendar year 2018, two maize and four grass parcels of the official map; probability
is that of the true crop, mean. The patch is smaller than the network's square, so it sees the land mirrored.

| who votes | looks that count | bad ones kept | clear ones lost | off the line, NDVI | spikes > 0.15 in 100 | off the line, LAI | spikes > 1 in 100 | crop right | its probability |
|---|---|---|---|---|---|---|---|---|---|
`
	for _, w := range ways {
		if w.network && nets == nil {
			continue
		}
		row, err := measure(ctx, p, eye, w)
		if err != nil {
			return "", err
		}
		text += row
	}
	if nets == nil {
		text += "\nThe network was not measured: no models folder was given.\n"
	}
	return text, nil
}

func measure(ctx context.Context, p *patch, eye map[string]string, w way) (string, error) {
	var ndvi, lai rough
	bad, badKept, clear, clearLost := 0, 0, 0, 0
	for _, id := range p.ids {
		value := map[string]map[raster.Band]float64{}
		for _, o := range w.obs[id] {
			if value[o.SceneID] == nil {
				value[o.SceneID] = map[raster.Band]float64{}
			}
			value[o.SceneID][o.Band] = o.Mean
		}
		var green, leaves []point
		for _, v := range parcels.Votes(w.obs[id], w.opt(id)) {
			if !v.Counts && !v.LeftOut {
				continue
			}
			switch eye[id[len(id)-1:]+" "+v.Time.Format(time.DateOnly)] {
			case "bad":
				if bad++; v.Counts {
					badKept++
				}
			case "":
				if clear++; !v.Counts {
					clearLost++
				}
			}
			if b := value[v.SceneID]; v.Counts {
				green = append(green, point{v.Time, (b[raster.B08] - b[raster.B04]) / (b[raster.B08] + b[raster.B04])})
				if l, ok := b[parcels.LayerLAI]; ok && !math.IsNaN(l) {
					leaves = append(leaves, point{v.Time, l})
				}
			}
		}
		ndvi.add(green, spikeNDVI)
		lai.add(leaves, spikeLAI)
	}
	right, prob, err := crops(ctx, p, w)
	if err != nil {
		return "", err
	}
	seen := "– | –"
	if w.byEye {
		seen = fmt.Sprintf("%d of %d | %d of %d", badKept, bad, clearLost, clear)
	}
	return fmt.Sprintf("| %s | %d | %s | %s | %s | %d of 6 | %.2f |\n", w.name, ndvi.looks, seen, ndvi, lai, right, prob), nil
}

// trueCrop is the official map's, by the last digit of the parcel.
var trueCrop = map[string]string{"1": "grass", "3": "maize", "4": "grass", "5": "maize", "6": "grass", "7": "grass"}

func crops(ctx context.Context, p *patch, w way) (right int, prob float64, err error) {
	registry, err := models.Shipped()
	if err != nil {
		return 0, 0, err
	}
	s, card, err := registry.Load("crop-small", onnxgo.New())
	if err != nil {
		return 0, 0, err
	}
	defer s.Close()
	net, err := models.NewCrop(card, s)
	if err != nil {
		return 0, 0, err
	}
	axis := parcels.Axis(parcels.Date{Year: 2018, Month: 1, Day: 1}, parcels.Date{Year: 2018, Month: 12, Day: 31})
	var in []models.CropInput
	var truth []string
	for _, id := range p.ids {
		crop, ok := trueCrop[id[len(id)-1:]]
		if !ok {
			continue
		}
		x := models.EmptyCropInput()
		for d, bands := range parcels.BuildSeries(id, w.obs[id], axis, w.opt(id)).Bands {
			copy(x.Bands[d][:], bands)
		}
		in, truth = append(in, x), append(truth, crop)
	}
	got, lost, err := net.Classify(ctx, in)
	if err != nil {
		return 0, 0, err
	}
	if len(lost) > 0 {
		return 0, 0, fmt.Errorf("crop-small failed: %v", lost)
	}
	for i, r := range got {
		if r.Crop == truth[i] {
			right++
		}
		prob += r.Probabilities[slices.Index(card.Classes, truth[i])] / float64(len(got))
	}
	return right, prob, nil
}
