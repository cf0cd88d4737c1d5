package models_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/parus-lending/parus/models"
)

func TestCardWithAWrongFieldIsRefused(t *testing.T) {
	for field, values := range map[string][]any{
		"sha256":          {"short", strings.Repeat("G", 64)},
		"tested":          {"yesterday"},
		"approved":        {"soon"},
		"min_probability": {1.5, -0.1},
		"min_familiarity": {2},
		"min_dates":       {37},
		"input_shape":     {[]int{0}, []int{1 << 20, 1 << 20}},
		"file":            {"../lai.onnx"},
		"vectors":         {"lai.json", "../x.vectors.json"},
		"in_service":      {[]string{"rice"}},
		"experimental":    {[]string{"rice"}},
		"valid_for":       {map[string]any{"regions": []any{map[string]any{"name": "nowhere", "bbox": []float64{10, 50, 5, 60}}}}},
		"uncertainty":     {map[string]any{"rmse": -1}},
	} {
		for _, v := range values {
			files := shippedFiles(t)
			edit(t, files, field, v)
			if _, err := models.Open(files); err == nil || !strings.Contains(err.Error(), field) {
				t.Errorf("%s = %v gave %v; wanted an error that names the field", field, v, err)
			}
		}
	}
}

// One standard deviation is the larger of the two, by hand.
func TestUncertainty(t *testing.T) {
	u := models.Uncertainty{RMSE: 0.5, Relative: 0.2}
	for value, want := range map[float64]float64{1: 0.5, 5: 1, -5: 1} {
		if got := u.Of(value); got != want {
			t.Errorf("of %v: %v, wanted %v", value, got, want)
		}
	}
}

// FuzzCard: no bytes make the parser panic, and a card it takes is whole: it
// holds after being written and read again.
func FuzzCard(f *testing.F) {
	for _, name := range []string{"shipped/lai.json", "shipped/crop-small.json"} {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"name":"x","input_shape":[-1]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := models.ParseCard(b)
		if err != nil {
			return
		}
		if models.Size(c.InputShape) <= 0 || models.Size(c.OutputShape) <= 0 || len(c.OutputRanges()) != models.Size(c.OutputShape) {
			t.Fatalf("a card of %v → %v was taken", c.InputShape, c.OutputShape)
		}
		again, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := models.ParseCard(again); err != nil {
			t.Fatalf("a card that was taken is refused when written again: %v", err)
		}
	})
}
