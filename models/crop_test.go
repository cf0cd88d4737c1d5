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
	Features  [13][36]float64
	CropSmall []float64 `json:"crop_small"`
}

func (c cropCase) input() models.CropInput {
	var in models.CropInput
	for d := range c.Bands {
		for b, v := range c.Bands[d] {
			in.Bands[d][b] = math.NaN()
			if v != nil {
				in.Bands[d][b] = *v
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
		var got [13 * 36]float32
		seen := models.CropFeatures(&in, got[:])
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
	got, err := crop.Classify(context.Background(), in)
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

// fixed is a session that answers the same probabilities for every row.
type fixed struct {
	p      []float32
	inputs []float32
}

func (f *fixed) Run(_ context.Context, in []float32, rows int) ([]float32, error) {
	f.inputs = in
	var out []float32
	for range rows {
		out = append(out, f.p...)
	}
	return out, nil
}
func (f *fixed) Close() error { return nil }

func TestClassifyRules(t *testing.T) {
	card := &models.Card{Name: "c", Task: "crop", InputShape: []int{13, 36}, OutputShape: []int{3}, Classes: []string{"rice", "maize", "other"}, MinProbability: 0.55, MinDates: 4}
	full := cropCases(t)[0].input()
	for _, c := range []struct {
		p          []float32
		crop, want string
	}{
		{[]float32{0.6, 0.3, 0.1}, "rice", ""},
		{[]float32{0.4, 0.5, 0.1}, "maize", models.LowConfidence},
		{[]float32{0.1, 0.2, 0.7}, "other", models.OtherCrop},
		{[]float32{0.2, 0.3, 0.5}, "other", models.LowConfidence},
	} {
		crop, err := models.NewCrop(card, &fixed{p: c.p})
		if err != nil {
			t.Fatal(err)
		}
		got, err := crop.Classify(context.Background(), []models.CropInput{full})
		if err != nil {
			t.Fatal(err)
		}
		if got[0].Crop != c.crop || got[0].Reason != c.want || got[0].Assessable != (c.want == "") {
			t.Errorf("%v: %+v, wanted %s and reason %q", c.p, got[0], c.crop, c.want)
		}
	}
	card.Classes = card.Classes[:2]
	if _, err := models.NewCrop(card, &fixed{}); err == nil {
		t.Error("a network with three outputs was taken for two classes")
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
	if n, m := models.CropFeatures(&in, a[:]), models.CropFeatures(&want, b[:]); n != m || n == 0 || a != b {
		t.Errorf("without B8A %d dekads count, with B08 in its place %d; features equal: %v", n, m, a == b)
	}
}
