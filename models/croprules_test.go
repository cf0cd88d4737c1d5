package models_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/parus-lending/parus/models"
)

// scripted is a session that answers the same numbers for every row, and fails
// on the call with the number fail (1 = the first).
type scripted struct {
	p           []float32
	fail, calls int
	how         string // "panic", "nan", "error", "short"
}

func (f *scripted) Run(_ context.Context, _ []float32, rows int) ([]float32, error) {
	var out []float32
	for range rows {
		out = append(out, f.p...)
	}
	if f.calls++; f.calls == f.fail {
		switch f.how {
		case "panic":
			panic("index out of range")
		case "error":
			return nil, errors.New("out of memory")
		case "nan":
			out[len(out)-1] = float32(math.NaN())
		case "short":
			out = out[1:]
		}
	}
	return out, nil
}
func (f *scripted) Close() error { return nil }

func threeClasses() *models.Card {
	return &models.Card{Name: "c", Task: "crop", InputShape: []int{13, 36}, OutputShape: []int{3}, Classes: []string{"rice", "maize", "other"}, MinProbability: 0.55, MinDates: 4}
}

func TestClassifyRules(t *testing.T) {
	full, radar := cropCases(t)[0].input(), models.EmptyCropInput()
	for d := 10; d < 20; d++ {
		radar.Radar[d] = [2]float64{-11, -17}
	}
	plain, familiar, withRadar := threeClasses(), threeClasses(), threeClasses()
	familiar.OutputShape, familiar.MinFamiliarity = []int{4}, 0.05
	withRadar.InputShape, withRadar.MinRadarDates = []int{16, 36}, 8
	strict := *withRadar
	strict.MinRadarDates = 11
	for _, c := range []struct {
		what       string
		card       *models.Card
		in         models.CropInput
		p          []float32
		crop, want string
	}{
		{"sure", plain, full, []float32{0.6, 0.3, 0.1}, "rice", ""},
		{"not sure", plain, full, []float32{0.4, 0.5, 0.1}, "maize", models.LowConfidence},
		{"another crop", plain, full, []float32{0.1, 0.2, 0.7}, "other", models.OtherCrop},
		{"not sure that it is another", plain, full, []float32{0.2, 0.3, 0.5}, "other", models.LowConfidence},
		{"nothing seen", plain, models.EmptyCropInput(), []float32{0.9, 0.1, 0}, "rice", models.FewDates},
		{"familiar", familiar, full, []float32{0.6, 0.3, 0.1, 0.05}, "rice", ""},
		{"unfamiliar, however sure", familiar, full, []float32{0.98, 0.01, 0.01, 0.04}, "rice", models.Unfamiliar},
		{"radar alone, ten dekads of eight", withRadar, radar, []float32{0.6, 0.3, 0.1}, "rice", ""},
		{"radar alone, ten dekads of eleven", &strict, radar, []float32{0.6, 0.3, 0.1}, "rice", models.FewDates},
		{"radar alone for an optical network", plain, radar, []float32{0.6, 0.3, 0.1}, "rice", models.FewDates},
	} {
		crop, err := models.NewCrop(c.card, &scripted{p: c.p})
		if err != nil {
			t.Fatal(err)
		}
		got, lost, err := crop.Classify(context.Background(), []models.CropInput{c.in})
		if err != nil || lost != nil {
			t.Fatalf("%s: lost %v, %v", c.what, lost, err)
		}
		if got[0].Crop != c.crop || got[0].Reason != c.want || got[0].Assessable != (c.want == "") || len(got[0].Probabilities) != 3 {
			t.Errorf("%s: %+v, wanted %s and reason %q", c.what, got[0], c.crop, c.want)
		}
		if said := !math.IsNaN(got[0].Familiarity); said != (c.card == familiar) {
			t.Errorf("%s: familiarity %v", c.what, got[0].Familiarity)
		}
	}
}

func TestNoCropNetwork(t *testing.T) {
	for what, spoil := range map[string]func(*models.Card){
		"three outputs for two classes and no familiarity": func(c *models.Card) { c.Classes, c.OutputShape = c.Classes[:1], []int{3} },
		"another task":          func(c *models.Card) { c.Task = "growth" },
		"an input of 14 × 36":   func(c *models.Card) { c.InputShape = []int{14, 36} },
		"no classes":            func(c *models.Card) { c.Classes = nil },
		"an output of two axes": func(c *models.Card) { c.OutputShape = []int{3, 1} },
	} {
		card := threeClasses()
		spoil(card)
		if _, err := models.NewCrop(card, &scripted{}); err == nil || !strings.Contains(err.Error(), "model c") {
			t.Errorf("%s: %v; wanted a refusal that names the model", what, err)
		}
	}
}

// A batch that fails is lost with its reason, and no other: of 600 inputs in
// batches of 256 the second batch holds the inputs 256 to 511.
func TestABatchIsLostNotTheRun(t *testing.T) {
	full := cropCases(t)[0].input()
	in := make([]models.CropInput, 600)
	for i := range in {
		in[i] = full
	}
	for how, says := range map[string]string{"panic": "index out of range", "nan": "NaN", "error": "out of memory", "short": "767 numbers"} {
		crop, err := models.NewCrop(threeClasses(), &scripted{p: []float32{0.6, 0.3, 0.1}, fail: 2, how: how})
		if err != nil {
			t.Fatal(err)
		}
		got, lost, err := crop.Classify(context.Background(), in)
		if err != nil {
			t.Fatalf("%s: %v", how, err)
		}
		if len(lost) != 1 || lost[0].First != 256 || lost[0].Count != 256 || !strings.Contains(lost[0].Err.Error(), says) {
			t.Errorf("%s: lost %+v; wanted the 256 inputs from 256 on and %q", how, lost, says)
		}
		for i, r := range got {
			failed := i >= 256 && i < 512
			if (r.Reason == models.ModelFailed) != failed || failed == r.Assessable || failed && (r.Crop != "" || !math.IsNaN(r.Probability)) {
				t.Fatalf("%s: input %d: %+v", how, i, r)
			}
		}
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	crop, err := models.NewCrop(threeClasses(), &scripted{p: []float32{1, 0, 0}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := crop.Classify(stopped, in); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped, yet %v", err)
	}
}
