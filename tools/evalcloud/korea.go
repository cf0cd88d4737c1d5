package main

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/onnxgo"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// acquisition is one parcel on one date: OpticalBands, then B01.
type acquisition struct {
	at    time.Time
	bands [11]float64
	lai   float64
}

// Values hold the offset of 1000 of newer baselines.
const koreaOffset = 1000

var koreaAt = orb.Point{127.5, 36} // somewhere in the country, for the sun's height; the parcels' places are not given

func koreaParcels(path string) ([][]acquisition, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("read %s: no rows (%v)", path, err)
	}
	type place struct {
		band int
		day  time.Time
	}
	columns := make([]*place, len(rows[0]))
	for i, name := range rows[0] {
		band, day, _ := strings.Cut(name, "_")
		at, err := time.Parse("20060102", day)
		if err != nil {
			continue
		}
		k := slices.Index(raster.OpticalBands, raster.Band(strings.ToUpper(band)))
		if band == "b01" {
			k = len(raster.OpticalBands)
		}
		if k >= 0 {
			columns[i] = &place{k, at.Add(2 * time.Hour)}
		}
	}
	var out [][]acquisition
	for line, r := range rows[1:] {
		byDay := map[time.Time]*acquisition{}
		for i, text := range r {
			if columns[i] == nil || text == "" {
				continue
			}
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return nil, fmt.Errorf("read %s line %d column %s: %w", path, line+2, rows[0][i], err)
			}
			a := byDay[columns[i].day]
			if a == nil {
				a = &acquisition{at: columns[i].day, lai: math.NaN()}
				for b := range a.bands {
					a.bands[b] = math.NaN()
				}
				byDay[columns[i].day] = a
			}
			a.bands[columns[i].band] = (v - koreaOffset) / 10000
		}
		var one []acquisition
		for _, a := range byDay {
			if !slices.ContainsFunc(a.bands[:], math.IsNaN) {
				one = append(one, *a)
			}
		}
		slices.SortFunc(one, func(a, b acquisition) int { return a.at.Compare(b.at) })
		out = append(out, one)
	}
	return out, nil
}

// leaves fills LAI by the growth network, date by date.
func leaves(ctx context.Context, layer *models.GrowthLayer, all [][]acquisition) error {
	byDay := map[time.Time][]*acquisition{}
	for _, one := range all {
		for i := range one {
			byDay[one[i].at] = append(byDay[one[i].at], &one[i])
		}
	}
	for day, as := range byDay {
		px := raster.PixelBlock{N: len(as), Scene: raster.Scene{Time: day, Footprint: orb.Polygon{{koreaAt, koreaAt, koreaAt, koreaAt}}}}
		for b := range px.Bands {
			for _, a := range as {
				px.Bands[b] = append(px.Bands[b], float32(a.bands[b]))
			}
		}
		out := make([][]float32, len(layer.Names()))
		for i := range out {
			out[i] = make([]float32, px.N)
		}
		if err := layer.Eval(ctx, &px, out); err != nil {
			return err
		}
		k := slices.Index(layer.Names(), string(parcels.LayerLAI))
		for i, a := range as {
			a.lai = float64(out[k][i])
		}
	}
	return nil
}

// korea shows what time does on parcels' raw acquisitions, with B01, which has no
// voice, as a witness of its own.
func korea(ctx context.Context, data string, _ *networks) (string, error) {
	registry, err := models.Shipped()
	if err != nil {
		return "", err
	}
	layer, err := models.NewGrowthLayer(registry, onnxgo.New(), "lai")
	if err != nil {
		return "", err
	}
	defer layer.Close()
	var rows [3]struct{ ndvi, lai rough } // all, without what is left out, without suspects too
	count := map[parcels.Verdict]int{}
	hazy := map[parcels.Verdict]int{}
	land := 0
	for _, region := range []string{"nh", "nj", "us", "yc"} {
		all, err := koreaParcels(filepath.Join(data, "crop_series_korea_parcels", region+".csv.gz"))
		if err != nil {
			return "", err
		}
		if err := leaves(ctx, layer, all); err != nil {
			return "", err
		}
		for _, one := range all {
			land++
			var obs []raster.Observation
			for _, a := range one {
				for b, band := range raster.OpticalBands {
					obs = append(obs, raster.Observation{ParcelID: "parcel", SceneID: a.at.Format(time.DateOnly), Time: a.at, Band: band, Stats: raster.Stats{Total: 100, Count: 100, Inside: 100, Mean: a.bands[b]}})
				}
			}
			var ndvi, lai [3][]point
			for i, v := range parcels.Votes(obs, parcels.SeriesOptions{}) {
				a := one[i]
				red, nir := a.bands[2], a.bands[6]
				for k, keep := range []bool{true, v.Counts, v.Counts && v.ByTime != parcels.Suspect} {
					if !keep {
						continue
					}
					ndvi[k] = append(ndvi[k], point{a.at, (nir - red) / (nir + red)})
					if !math.IsNaN(a.lai) {
						lai[k] = append(lai[k], point{a.at, a.lai})
					}
				}
				if i > 0 && i+1 < len(one) && v.ByTime != parcels.NoWitness {
					count[v.ByTime]++
					if a.bands[10] > one[i-1].bands[10]+0.03 && a.bands[10] > one[i+1].bands[10]+0.03 {
						hazy[v.ByTime]++
					}
				}
			}
			for k := range rows {
				rows[k].ndvi.add(ndvi[k], spikeNDVI)
				rows[k].lai.add(lai[k], spikeLAI)
			}
		}
	}
	text := fmt.Sprintf(`## Korea: raw acquisitions of small parcels
%d parcels (median 564 m²), every acquisition of 2021–23 that the source did not leave out (crop_series_korea_parcels; MIT; its authors call it sample data). There is no SCL and no image, so
only time votes. Off the line as above.

| looks | n | off the line, NDVI | spikes > 0.15 in 100 | off the line, LAI | spikes > 1 in 100 |
|---|---|---|---|---|---|
`, land)
	for k, name := range []string{"all", "**without what time calls cloud or shadow**", "without suspects too (they stay, at lower weight)"} {
		text += fmt.Sprintf("| %s | %d | %s | %s |\n", name, rows[k].ndvi.looks, rows[k].ndvi, rows[k].lai)
	}
	text += `
A witness of its own: band B01 (coastal blue), which has no voice, stands 0.03 above both neighbouring looks where haze lies over the parcel.

| time says | looks with witnesses on both sides | B01 stands out |
|---|---|---|
`
	for _, v := range []parcels.Verdict{parcels.TimeClear, parcels.Suspect, parcels.TimeCloud, parcels.TimeShadow} {
		text += fmt.Sprintf("| %s | %d | %.1f %% |\n", v, count[v], 100*float64(hazy[v])/math.Max(1, float64(count[v])))
	}
	return text, nil
}
