package models_test

import (
	"context"
	"encoding/json"
	"math"
	"testing"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/onnxgo"
)

// ndviCases are those of testdata/crop_ndvi.json: features by numpy,
// probabilities by PyTorch.
func ndviCases(t *testing.T) (cases []struct {
	Name     string
	Bands    [36][2]*float64 // B04, B08
	Features [2][36]float64
	CropNDVI []float64 `json:"crop_ndvi"`
}) {
	t.Helper()
	var file struct{ Cases json.RawMessage }
	if err := json.Unmarshal(readFile(t, "testdata/crop_ndvi.json"), &file); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(file.Cases, &cases); err != nil || len(cases) < 5 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	return cases
}

// The features and answers of Go are those of Python; red and infrared are all
// that is needed of a date.
func TestNDVINetwork(t *testing.T) {
	reg, err := models.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	s, card, err := reg.Load("crop-ndvi", onnxgo.New())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	crop, err := models.NewCrop(card, s)
	if err != nil {
		t.Fatal(err)
	}
	if !card.NDVIOnly() || card.Approved != "" || len(card.InService) != 0 {
		t.Errorf("NDVI only %v, approved %q, in service %v: no season may use it", card.NDVIOnly(), card.Approved, card.InService)
	}
	for _, c := range ndviCases(t) {
		in, seen := models.EmptyCropInput(), 0
		for d, v := range c.Bands {
			if v[0] != nil && v[1] != nil {
				in.Bands[d][2], in.Bands[d][6] = *v[0], *v[1]
				seen++
			}
		}
		var got [2 * 36]float32
		if n, radar := models.CropFeatures(&in, got[:]); n != seen || radar != 0 {
			t.Errorf("%s: %d and %d observed dekads, wanted %d and none", c.Name, n, radar, seen)
		}
		for i, g := range got {
			if w := c.Features[i/36][i%36]; math.Abs(float64(g)-w) > 1e-6 {
				t.Errorf("%s: channel %d dekad %d is %v, wanted %v", c.Name, i/36, i%36, g, w)
			}
		}
		r, lost, err := crop.Classify(context.Background(), []models.CropInput{in})
		if err != nil || lost != nil {
			t.Fatalf("%s: %v, %v", c.Name, lost, err)
		}
		for k, p := range c.CropNDVI {
			if math.Abs(r[0].Probabilities[k]-p) > 1e-5 {
				t.Errorf("%s: %s has probability %v, wanted %v", c.Name, card.Classes[k], r[0].Probabilities[k], p)
			}
		}
		if few := r[0].Reason == models.FewDates; few != (seen < card.MinDates) {
			t.Errorf("%s: %d dekads, reason %q", c.Name, seen, r[0].Reason)
		}
	}
}

// By hand: (0.45 − 0.05)/(0.45 + 0.05) = 0.8 and −0.6 clipped to −0.2; the dekad
// between is their mean.
func TestNDVIFeaturesByHand(t *testing.T) {
	in := models.EmptyCropInput()
	in.Bands[3][2], in.Bands[3][6] = 0.05, 0.45
	in.Bands[5][2], in.Bands[5][6] = 0.40, 0.10
	in.Bands[9][6] = 0.4 // no red: not observed
	var got [2 * 36]float32
	n, _ := models.CropFeatures(&in, got[:])
	for d, want := range map[int][2]float64{2: {0, 0}, 3: {0.8, 1}, 4: {0.3, 1}, 5: {-0.2, 1}, 6: {0, 0}, 9: {0, 0}} {
		if math.Abs(float64(got[d])-want[0]) > 1e-5 || float64(got[36+d]) != want[1] {
			t.Errorf("dekad %d: %v, %v; wanted %v", d, got[d], got[36+d], want)
		}
	}
	if n != 2 {
		t.Errorf("%d dekads observed, wanted 2", n)
	}
}
