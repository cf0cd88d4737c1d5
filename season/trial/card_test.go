package trial

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/ort"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
)

// cdlCrops are codes of the USDA Cropland Data Layer with enough held-out points
// in both files together.
var cdlCrops = map[string]string{"1": "maize", "2": "cotton", "3": "rice", "5": "soybean", "24": "winter_wheat", "36": "alfalfa", "69": "grapes", "75": "almond", "76": "walnut", "204": "pistachio"}

// heldOut is the split of training/crop_data.py: 0.1 degree squares whose hash
// falls below 0.18 are never trained on.
func heldOut(lat, lon float64) bool {
	block := fmt.Sprintf("%d_%d", int(math.Floor(lat*10)), int(math.Floor(lon*10)))
	sum := sha256.Sum256([]byte("parus-crop-292:" + block))
	n, err := strconv.ParseUint(hex.EncodeToString(sum[:4]), 16, 64)
	return err == nil && float64(n)/(1<<32) < 0.18
}

// heldOutRows reads the points of the held-out squares: ten-day medians of 2021,
// digital numbers × 10000, 0 = not seen.
func heldOutRows(t *testing.T) []labelled {
	t.Helper()
	root := os.Getenv("PARUS_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	var out []labelled
	for _, state := range []string{"arkansas", "california"} {
		f, err := os.Open(filepath.Join(root, "data", "crop_series_us", state+"_zone0_2021_s2_10day.csv.gz"))
		if err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("shared test data are missing: %v (set PARUS_TEST_DATA)", err)
			}
			t.Skipf("shared test data are missing: %v (set PARUS_TEST_DATA)", err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(z)
		head, err := r.Read()
		if err != nil {
			t.Fatal(err)
		}
		at := map[string]int{}
		for i, h := range head {
			at[h] = i
		}
		for n := 0; ; n++ {
			row, err := r.Read()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			number := func(column string) float64 {
				v, err := strconv.ParseFloat(row[at[column]], 64)
				if err != nil {
					t.Fatalf("%s row %d column %s: %v", state, n+1, column, err)
				}
				return v
			}
			crop, lat := cdlCrops[row[at["cdl_raw"]]], number("lat")
			if crop == "" || !heldOut(lat, number("lon")) {
				continue
			}
			l := labelled{id: fmt.Sprint(state, n), lat: lat}
			l.marks[markLabel] = crop
			for d := range 36 {
				k := models.Look{Day: parcels.Dekad{Year: 2021, Index: d}.Mid(), Radar: [2]float64{math.NaN(), math.NaN()}}
				seen := true
				for b, name := range raster.OpticalBands {
					k.Bands[b] = number(fmt.Sprintf("%s_T%02d", name, d+1)) / 10000
					seen = seen && k.Bands[b] > 0
				}
				if seen {
					l.looks = append(l.looks, k)
				}
			}
			out = append(out, l)
		}
	}
	return out
}

// The crop networks are held to their cards on American points of squares that
// they never saw, shown whole years: every class in service that has 30 such
// points reaches the F1 of 0.6 that the rule of service asks, probabilities mean
// what they say (ECE at most 0.05 in regions of training), and of what the card's
// rules let pass nine in ten are right, as min_probability promises.
func TestCropNetworksKeepTheirCards(t *testing.T) {
	lib, err := ort.Find()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("needs ONNX Runtime: %v; `make setup` fetches it", err)
	}
	rt, err := ort.New(lib)
	if err != nil {
		t.Fatal(err)
	}
	rows := heldOutRows(t)
	if len(rows) < 1500 {
		t.Fatalf("only %d held-out points: the split is not that of training", len(rows))
	}
	m := pureGo(t)
	m.Runtimes = []models.Runtime{rt}
	for _, name := range []string{"crop", "crop-small"} {
		c, err := m.classifier(name, ".")
		if err != nil {
			t.Fatal(err)
		}
		results, err := c.classify(context.Background(), rows, wholeYear)
		if err != nil {
			t.Fatal(err)
		}
		v := judge(c.card.Classes, rows, results)
		s, kept := v.scores(), v.kept()
		t.Logf("%s %s: %d rows, OA %.3f, ECE %.3f, assessable %.3f, of these right %.3f", name, c.card.Version, s.Rows, s.OA, s.ECE, kept.Coverage, kept.Accuracy)
		held := 0
		for _, k := range s.Classes {
			if k.Support < 30 || !slices.Contains(c.card.InService, k.Class) {
				continue
			}
			if held++; k.F1 < 0.6 {
				t.Errorf("%s: %s is in service, but its F1 is %.3f on %d held-out points", name, k.Class, k.F1, k.Support)
			}
		}
		if held < 5 {
			t.Errorf("%s: only %d classes in service could be held to the rule", name, held)
		}
		if s.ECE > 0.05 {
			t.Errorf("%s: ECE %.3f on held-out points, 0.05 is allowed", name, s.ECE)
		}
		if kept.Accuracy < 0.9 || kept.Coverage < 0.5 {
			t.Errorf("%s: the card's rules let %.3f pass, of which %.3f are right", name, kept.Coverage, kept.Accuracy)
		}
	}
}
