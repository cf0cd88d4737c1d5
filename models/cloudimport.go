package models

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/parus-lending/parus/parcels"
)

// CloudL2A is the network that a season asks; CloudL1C its twin for products
// without atmospheric correction, to be measured on labelled chips.
const (
	CloudL2A = "cloud-l2a"
	CloudL1C = "cloud-l1c"
)

// csmask are the networks of ukis-csmask 1.0.0 that were measured, by the name
// they get: six bands do best on L2A, four on L1C (docs/evaluation/cloud.md).
var csmask = []struct{ name, file, sum, level string }{
	{CloudL2A, "model_6b_l2a", "d11c530978637ca420eedc40791c62bf78997dd39e1201777e2527e4bd94904e", "L2A (bottom of atmosphere)"},
	{CloudL1C, "model_4b_l1c", "81611f290adc315b86bb7e7c69b0f2496b3abe0390c2a5c8e9e9da9622e8a0c8", "L1C (top of atmosphere)"},
}

// csmaskBands are the bands of Sentinel-2 by the names ukis-csmask uses.
var csmaskBands = map[string]string{"blue": "B02", "green": "B03", "red": "B04", "nir": "B08", "swir16": "B11", "swir22": "B12"}

// ImportCsmask copies the cloud networks of the Python package ukis-csmask (its
// wheel opened as a zip, or its folder) into a models folder with a card each, and
// names what it wrote. A network whose checksum is not that of the release
// measured is refused. Approved is the day from which seasons may run them.
func ImportCsmask(package_ fs.FS, dir string, approved parcels.Date) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	var written []string
	for _, m := range csmask {
		onnx, err := findFile(package_, m.file+".onnx")
		if err != nil {
			return written, err
		}
		sum := sha256.Sum256(onnx)
		if got := hex.EncodeToString(sum[:]); got != m.sum {
			return written, fmt.Errorf("%s.onnx has sha256 %s, ukis-csmask 1.0.0 has %s: only that release has been measured; get it by `pip download --no-deps ukis-csmask==1.0.0`", m.file, got[:12], m.sum[:12])
		}
		text, err := findFile(package_, m.file+".json")
		if err != nil {
			return written, err
		}
		card, err := csmaskCard(text)
		if err != nil {
			return written, fmt.Errorf("%s.json: %w", m.file, err)
		}
		card.Name, card.File, card.SHA256, card.Approved = m.name, m.name+".onnx", m.sum, approved.String()
		card.Validity = "Sentinel-2 " + m.level + " reflectance on the 20 m grid, land; trained on scenes of all continents"
		if card.Operators, err = fileOperators(onnx); err != nil {
			return written, fmt.Errorf("%s.onnx: %w", m.file, err)
		}
		if err := card.check(); err != nil {
			return written, fmt.Errorf("card of %s: %w", m.name, err)
		}
		out, err := json.MarshalIndent(card, "", "  ")
		if err != nil {
			return written, err
		}
		if err := errors.Join(os.WriteFile(filepath.Join(dir, card.File), onnx, 0o644), os.WriteFile(filepath.Join(dir, m.name+".json"), append(out, '\n'), 0o644)); err != nil {
			return written, err
		}
		written = append(written, m.name)
	}
	return written, nil
}

// findFile reads the file of that name from the package's folder or its root.
func findFile(files fs.FS, name string) ([]byte, error) {
	for _, p := range []string{name, "ukis_csmask/" + name} {
		b, err := fs.ReadFile(files, p)
		if err == nil {
			return b, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("there is no %s: give the wheel of ukis-csmask (`pip download --no-deps ukis-csmask==1.0.0`) or the folder it was unpacked to", name)
}

// csmaskCard makes a card of the description that lies beside a network.
func csmaskCard(text []byte) (*Card, error) {
	var d struct {
		Data struct {
			Weights    []float64 `json:"class_weights"`
			Size       []int     `json:"target_size"`
			Statistics struct {
				Image [][]float64 `json:"img"` // means, deviations
				Bands []string    `json:"band_names"`
			} `json:"dataset_statistics"`
		} `json:"data"`
		Model struct {
			Version string `json:"version"`
		} `json:"model"`
	}
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, err
	}
	st := d.Data.Statistics
	if len(st.Image) != 2 || len(st.Image[0]) != len(st.Bands) || len(st.Image[1]) != len(st.Bands) || len(d.Data.Size) != 2 || len(d.Data.Weights) != len(cloudClasses) {
		return nil, fmt.Errorf("it needs class_weights of %d classes, target_size, and a mean and a deviation of each band", len(cloudClasses))
	}
	c := &Card{
		Version: d.Model.Version, Task: "cloud", InputName: "input", OutputName: "output", Classes: cloudClasses, ClassWeights: d.Data.Weights, Batch: 1,
		InputShape: []int{len(st.Bands), d.Data.Size[0], d.Data.Size[1]}, OutputShape: []int{len(cloudClasses), d.Data.Size[0], d.Data.Size[1]},
		Runtimes: []string{OnnxRuntime}, Licence: "Apache-2.0", Owner: "German Aerospace Center (DLR), github.com/dlr-eoc/ukis-csmask",
		Training: "U-Net with an EfficientNet-B4 encoder, trained by DLR on open reference masks of Sentinel-2 and Landsat (SPARCS, CloudSEN12+ and others named in its README; method: Wieland, Li & Martinis 2019, Remote Sensing of Environment 230); published with the Python package ukis-csmask",
		Tested:   csmaskTested,
		Failures: []string{"a scene wholly in the shadow of a cloud is called clear: there is nothing lit to compare with", "thin haze is called clear",
			"measured by Parus on one labelled Sentinel-2 chip and one patch in Flanders only (docs/evaluation/cloud.md)"},
		Metrics: map[string]any{"see": "docs/evaluation/cloud.md"},
		Notes:   map[string]string{"output": "logits; Parus divides the softmax by class_weights, as training raised rare classes"},
	}
	for i, name := range st.Bands {
		band, ok := csmaskBands[name]
		if !ok {
			return nil, fmt.Errorf("band %q is none of Sentinel-2's", name)
		}
		c.Inputs = append(c.Inputs, Variable{Name: band, Unit: "reflectance 0–1", Mean: st.Image[0][i], Std: st.Image[1][i]})
	}
	for _, class := range cloudClasses {
		c.Outputs = append(c.Outputs, Variable{Name: class, Unit: "logit"})
	}
	return c, nil
}

// csmaskTested is the day of the measurement in docs/evaluation/cloud.md.
const csmaskTested = "2026-11-23"
