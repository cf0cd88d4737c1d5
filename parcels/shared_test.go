package parcels_test

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
)

// sharedData is a path in the shared test data; the test is skipped without
// them, and fails in CI.
func sharedData(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("PARUS_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	p := filepath.Join(root, "data", name)
	if _, err := os.Stat(p); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("shared test data are missing: %v (set PARUS_TEST_DATA)", err)
		}
		t.Skipf("shared test data are missing: %v (set PARUS_TEST_DATA)", err)
	}
	return p
}

// labelled is one pixel of 2021 with its USDA crop name.
type labelled struct {
	crop string
	obs  []raster.Observation
}

// usSeries reads the pixels of one zone: ten bands × 36 dekads, DN / 10000,
// 0 = not observed. Each dekad becomes one scene on its middle day.
func usSeries(t *testing.T, zone string) []labelled {
	t.Helper()
	f, err := os.Open(sharedData(t, "crop_series_us/"+zone+"_2021_s2_10day.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(z)
	if _, err := r.Read(); err != nil {
		t.Fatal(err)
	}
	axis := year2021()
	var out []labelled
	for {
		rec, err := r.Read()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		l := labelled{crop: rec[4]}
		for d := range 36 {
			for b, band := range raster.OpticalBands {
				dn, err := strconv.ParseFloat(rec[6+10*d+b], 64)
				if err != nil || dn <= 0 {
					continue
				}
				l.obs = append(l.obs, observation(axis[d].Mid(), band, dn/10000, 1))
			}
		}
		out = append(out, l)
	}
}

func year2021() []parcels.Dekad {
	return parcels.Axis(parcels.Date{Year: 2021, Month: 1, Day: 1}, parcels.Date{Year: 2021, Month: 12, Day: 31})
}

// observation is a plot of 100 pixels of 10 m with the given usable share.
func observation(day parcels.Date, band raster.Band, mean, usable float64) raster.Observation {
	return raster.Observation{ParcelID: "p", Kind: "plot", SceneID: day.String(), Time: day.Time().Add(3 * time.Hour), Band: band,
		Stats: raster.Stats{Total: 100, Count: 100 * usable, Inside: 80 * usable, Mean: mean}}
}
