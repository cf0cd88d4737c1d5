package main

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// eachRow calls do with the rows of a gzipped CSV file, the header first.
func eachRow(path string, do func(i int, row []string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	r := csv.NewReader(z)
	for i := 0; ; i++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = do(i, row)
		}
		if err != nil {
			return fmt.Errorf("%s line %d: %w", path, i+1, err)
		}
	}
}

// us reads every step-th pixel of the two zones of 2021: ten-day medians, each
// dated in the middle of its ten days.
func (s *source) us(ctx context.Context, step int, keep func(crop string) bool) ([]plot, error) {
	axis := parcels.Axis(parcels.Date{Year: 2021, Month: 1, Day: 1}, parcels.Date{Year: 2021, Month: 12, Day: 31})
	var out []plot
	for _, zone := range []string{"arkansas", "california"} {
		path := filepath.Join(s.data, "crop_series_us", zone+"_zone0_2021_s2_10day.csv.gz")
		kept := 0
		err := eachRow(path, func(i int, row []string) error {
			if i == 0 || !keep(row[4]) {
				return nil
			}
			if kept++; kept%step != 0 {
				return nil
			}
			lon, err := strconv.ParseFloat(row[1], 64)
			if err != nil {
				return err
			}
			lat, err := strconv.ParseFloat(row[2], 64)
			if err != nil {
				return err
			}
			p := plot{set: "US, " + zone, id: fmt.Sprint(zone, i), label: row[4]}
			for d, dekad := range axis {
				var bands [10]float64
				for b := range bands {
					dn, err := strconv.ParseFloat(row[6+10*d+b], 64)
					if bands[b] = dn / 10000; err != nil || dn <= 0 {
						bands[b] = math.NaN()
					}
				}
				obs, err := s.dated(ctx, overpass(dekad.Mid(), lon), orb.Point{lon, lat}, bands)
				if err != nil {
					return err
				}
				p.obs = append(p.obs, obs...)
			}
			out = append(out, p)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// korea reads the parcels with every acquisition of one and a half years. Their
// values hold the +1000 of baseline 04.00 on all dates, as the source processed
// them anew. They have no coordinates: the sun is that of 128° E, 35.5° N.
func (s *source) korea(ctx context.Context) ([]plot, error) {
	var out []plot
	for _, region := range []string{"us", "nh", "yc", "nj"} {
		type column struct {
			band int
			day  time.Time
		}
		var columns []column
		path := filepath.Join(s.data, "crop_series_korea_parcels", region+".csv.gz")
		err := eachRow(path, func(i int, row []string) error {
			if i == 0 {
				for _, name := range row[6:] {
					b, day, _ := strings.Cut(name, "_")
					t, err := time.Parse("20060102", day)
					if err != nil {
						return err
					}
					c := column{-1, t.Add(2*time.Hour + 10*time.Minute)}
					for k, band := range raster.OpticalBands {
						if strings.EqualFold(string(band), b) {
							c.band = k
						}
					}
					columns = append(columns, c)
				}
				return nil
			}
			days := map[time.Time]*[10]float64{}
			var order []time.Time
			for k, text := range row[6:] {
				c := columns[k]
				if c.band < 0 {
					continue
				}
				if days[c.day] == nil {
					v := [10]float64{}
					for b := range v {
						v[b] = math.NaN()
					}
					days[c.day] = &v
					order = append(order, c.day)
				}
				if dn, err := strconv.ParseFloat(text, 64); err == nil && dn > 0 {
					days[c.day][c.band] = (dn - 1000) / 10000
				}
			}
			p := plot{set: "Korea", id: fmt.Sprint(region, row[1]), label: row[4]}
			for _, day := range order {
				obs, err := s.dated(ctx, day, orb.Point{128, 35.5}, *days[day])
				if err != nil {
					return err
				}
				p.obs = append(p.obs, obs...)
			}
			out = append(out, p)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
