package models_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/onnxgo"
)

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// cropCase is one case of testdata/crop_features.json: features by numpy,
// probabilities by PyTorch.
type cropCase struct {
	Name      string
	Bands     [36][10]*float64
	Radar     [][2]*float64 // 36, or none
	Features  [16][36]float64
	CropSmall []float64 `json:"crop_small"`
}

func (c cropCase) input() models.CropInput {
	in := models.EmptyCropInput()
	for d := range c.Bands {
		for b, v := range c.Bands[d] {
			if v != nil {
				in.Bands[d][b] = *v
			}
		}
	}
	for d := range c.Radar {
		for k, v := range c.Radar[d] {
			if v != nil {
				in.Radar[d][k] = *v
			}
		}
	}
	return in
}

func cropCases(t *testing.T) []cropCase {
	t.Helper()
	var file struct{ Cases []cropCase }
	if err := json.Unmarshal(readFile(t, "testdata/crop_features.json"), &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) < 5 {
		t.Fatalf("only %d cases", len(file.Cases))
	}
	return file.Cases
}

func TestCropFeatures(t *testing.T) {
	for _, c := range cropCases(t) {
		in := c.input()
		var got [16 * 36]float32
		seen, _ := models.CropFeatures(&in, got[:])
		want := 0
		for ch := range c.Features {
			for d, v := range c.Features[ch] {
				if g := float64(got[ch*36+d]); math.Abs(g-v) > 1e-6 {
					t.Errorf("%s: channel %d dekad %d is %v, wanted %v", c.Name, ch, d, g, v)
				}
				if ch == 12 && v == 1 {
					want++
				}
			}
		}
		if seen != want {
			t.Errorf("%s: %d observed dekads, wanted %d", c.Name, seen, want)
		}
	}
}

func cropSmall(t *testing.T) (*models.Crop, *models.Card) {
	t.Helper()
	reg, err := models.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	s, card, err := reg.Load("crop-small", onnxgo.New())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	crop, err := models.NewCrop(card, s)
	if err != nil {
		t.Fatal(err)
	}
	return crop, card
}

func TestClassify(t *testing.T) {
	crop, card := cropSmall(t)
	cases := cropCases(t)
	in := make([]models.CropInput, len(cases))
	for i := range cases {
		in[i] = cases[i].input()
	}
	got, _, err := crop.Classify(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]bool{}
	for i, c := range cases {
		best, sum := 0, 0.0
		for k, p := range c.CropSmall {
			if math.Abs(got[i].Probabilities[k]-p) > 1e-5 {
				t.Errorf("%s: %s has probability %v, wanted %v", c.Name, card.Classes[k], got[i].Probabilities[k], p)
			}
			if p > c.CropSmall[best] {
				best = k
			}
			sum += got[i].Probabilities[k]
		}
		if got[i].Crop != card.Classes[best] || math.Abs(got[i].Probability-c.CropSmall[best]) > 1e-5 || math.Abs(sum-1) > 1e-5 {
			t.Errorf("%s: %s at %v (all: %v), wanted %s at %v", c.Name, got[i].Crop, got[i].Probability, sum, card.Classes[best], c.CropSmall[best])
		}
		if got[i].Assessable != (got[i].Reason == "") {
			t.Errorf("%s: assessable %v with reason %q", c.Name, got[i].Assessable, got[i].Reason)
		}
		reasons[got[i].Reason] = true
		seen := 0
		for _, v := range c.Features[12] {
			seen += int(v)
		}
		if few := got[i].Reason == models.FewDates; few != (seen < card.MinDates) {
			t.Errorf("%s: %d observed dekads, the card wants %d, reason %q", c.Name, seen, card.MinDates, got[i].Reason)
		}
	}
	if !reasons[""] || !reasons[models.FewDates] {
		t.Errorf("the cases meet only the reasons %v", reasons)
	}
}

// Imagery without B8A at all: B08 stands in for it, as in training.
func TestCropWithoutB8A(t *testing.T) {
	in := cropCases(t)[0].input()
	want := in
	for d := range in.Bands {
		in.Bands[d][7] = math.NaN()
		want.Bands[d][7] = want.Bands[d][6]
	}
	var a, b [13 * 36]float32
	n, _ := models.CropFeatures(&in, a[:])
	m, _ := models.CropFeatures(&want, b[:])
	if n != m || n == 0 || a != b {
		t.Errorf("without B8A %d dekads count, with B08 in its place %d; features equal: %v", n, m, a == b)
	}
}
