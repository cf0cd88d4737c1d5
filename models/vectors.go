package models

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
)

//go:embed testdata/growth_vectors.json testdata/crop_features.json testdata/crop_ndvi.json
var shippedVectors embed.FS

// vectorsEnd is how the name of a file of test vectors ends.
const vectorsEnd = ".vectors.json"

// Vectors are inputs of a model, row by row, and the outputs they must give, by
// a computation that is not the runtime's.
type Vectors struct {
	Inputs  [][]float32 `json:"inputs"`
	Outputs [][]float32 `json:"outputs"`
}

// Vectors returns the test vectors of a model, nil where it has none: of a
// shipped model those inside the binary (growth by the published formula in
// float64, crops by PyTorch), of another the file that its card names.
func (r *Registry) Vectors(name string) (*Vectors, error) {
	e, err := r.entry(name)
	if err != nil {
		return nil, err
	}
	var v *Vectors
	switch {
	case e.from == FromBinary && e.card.Task == "growth":
		v, err = growthVectors(name)
	case e.from == FromBinary && e.card.Task == "crop":
		v, err = cropVectors(e.card)
	case e.card.Vectors != "":
		var b []byte
		if b, err = fs.ReadFile(e.files, e.card.Vectors); err == nil {
			v = &Vectors{}
			err = json.Unmarshal(b, v)
		}
	}
	if err == nil && v != nil {
		err = v.check(e.card)
	}
	if err != nil {
		return nil, fmt.Errorf("test vectors of model %s: %w", name, err)
	}
	return v, nil
}

func (v *Vectors) check(c *Card) error {
	if len(v.Inputs) == 0 || len(v.Inputs) != len(v.Outputs) {
		return fmt.Errorf("%d inputs and %d outputs", len(v.Inputs), len(v.Outputs))
	}
	for i := range v.Inputs {
		if len(v.Inputs[i]) != Size(c.InputShape) || len(v.Outputs[i]) != Size(c.OutputShape) {
			return fmt.Errorf("vector %d has %d numbers in and %d out, the card says %d and %d", i+1, len(v.Inputs[i]), len(v.Outputs[i]), Size(c.InputShape), Size(c.OutputShape))
		}
	}
	return nil
}

func growthVectors(name string) (*Vectors, error) {
	var file struct {
		Inputs  [][]float32
		Outputs map[string][]float32
	}
	if err := readVectors("growth_vectors.json", &file); err != nil {
		return nil, err
	}
	v := &Vectors{Inputs: file.Inputs}
	for _, y := range file.Outputs[name] {
		v.Outputs = append(v.Outputs, []float32{y})
	}
	return v, nil
}

// cropVectors takes of each case's channels the first that the network reads.
func cropVectors(card *Card) (*Vectors, error) {
	from, width := "crop_features.json", Size(card.InputShape)
	if card.NDVIOnly() {
		from = "crop_ndvi.json"
	}
	var file struct {
		Cases []struct {
			Features  [][]float32
			Crop      []float32
			CropSmall []float32 `json:"crop_small"`
			CropNDVI  []float32 `json:"crop_ndvi"`
		}
	}
	if err := readVectors(from, &file); err != nil {
		return nil, err
	}
	v := &Vectors{}
	for _, c := range file.Cases {
		var in []float32
		for _, channel := range c.Features {
			in = append(in, channel...)
		}
		out := map[string][]float32{"crop": c.Crop, "crop-small": c.CropSmall, "crop-ndvi": c.CropNDVI}[card.Name]
		v.Inputs, v.Outputs = append(v.Inputs, in[:min(width, len(in))]), append(v.Outputs, out)
	}
	return v, nil
}

func readVectors(name string, v any) error {
	b, err := shippedVectors.ReadFile("testdata/" + name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
