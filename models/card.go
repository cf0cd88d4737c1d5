package models

import (
	"encoding/json"
	"fmt"
	"math"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/parus-lending/parus/parcels"
)

// Card describes a model file. No card, no load; wrong checksum, no load.
// docs/models.md tells what each field is for.
type Card struct {
	Name         string     `json:"name"`    // crop, crop-small, lai, fapar …
	Version      string     `json:"version"` // semantic
	Task         string     `json:"task"`    // crop, growth, cloud
	File         string     `json:"file"`    // ONNX file beside the card
	SHA256       string     `json:"sha256"`  // of File, hex
	InputName    string     `json:"input_name"`
	InputShape   []int      `json:"input_shape"` // without the batch axis
	Inputs       []Variable `json:"inputs"`      // per channel or column, in order
	OutputName   string     `json:"output_name"`
	OutputShape  []int      `json:"output_shape"`
	Outputs      []Variable `json:"outputs"`
	Classes      []string   `json:"classes,omitempty"`
	InService    []string   `json:"in_service,omitempty"`   // classes that may raise a limit
	Experimental []string   `json:"experimental,omitempty"` // the others: shown, never raise a limit

	Temperature    float64      `json:"temperature,omitempty"` // softmax temperature found on validation data; 0 = 1
	Calibration    *Calibration `json:"calibration,omitempty"`
	MinProbability float64      `json:"min_probability,omitempty"` // below: low_confidence, not assessable
	MinDates       int          `json:"min_dates,omitempty"`       // fewer observed dekads: few_dates, not assessable
	MinRadarDates  int          `json:"min_radar_dates,omitempty"` // so many radar dekads are enough without; 0 = radar alone is never enough
	MinFamiliarity float64      `json:"min_familiarity,omitempty"` // below: unfamiliar, not assessable
	Familiarity    *Familiarity `json:"familiarity,omitempty"`

	ClassWeights []float64 `json:"class_weights,omitempty"` // of the loss in training; the softmax is divided by them
	Batch        int       `json:"batch,omitempty"`         // rows a runtime takes at once; 0 = its own number

	Tolerance    float64      `json:"tolerance,omitempty"` // growth: how far beyond the output's range is still clamped
	Uncertainty  *Uncertainty `json:"uncertainty,omitempty"`
	Domain       string       `json:"domain,omitempty"`        // growth: file of the input classes seen in training
	DomainSHA256 string       `json:"domain_sha256,omitempty"` // of Domain

	Operators []string `json:"operators"`         // ONNX operators the file uses
	Runtimes  []string `json:"runtimes"`          // onnx-go, onnxruntime
	Vectors   string   `json:"vectors,omitempty"` // NAME.vectors.json beside the card: inputs and wanted outputs

	Training string            `json:"training"` // data, licences, command
	Validity string            `json:"validity"` // area, season, crops, in words
	ValidFor Validity          `json:"valid_for,omitzero"`
	Metrics  map[string]any    `json:"metrics"` // held-out tables, per class with support
	Failures []string          `json:"known_failures"`
	Licence  string            `json:"licence"`
	Owner    string            `json:"owner"`
	Tested   string            `json:"tested"`             // day
	Approved string            `json:"approved,omitempty"` // day; empty = not approved: no season runs it
	Notes    map[string]string `json:"notes,omitempty"`
}

// Variable is one input or output: name, unit, and its range if it has one. The
// network takes (value − Mean) / Std where Std is given.
type Variable struct {
	Name string  `json:"name"`
	Unit string  `json:"unit"`
	Min  float64 `json:"min,omitempty"`
	Max  float64 `json:"max,omitempty"`
	Mean float64 `json:"mean,omitempty"`
	Std  float64 `json:"std,omitempty"`
}

// Validity says where, when and for what a model has been shown to work.
type Validity struct {
	Regions []Region `json:"regions,omitempty"`
	Seasons []string `json:"seasons,omitempty"` // years
	Crops   []string `json:"crops,omitempty"`
}

// Region is a place by name and box.
type Region struct {
	Name string     `json:"name"`
	BBox [4]float64 `json:"bbox"` // west, south, east, north; degrees, WGS 84
}

// Calibration says how probabilities were made to mean what they say, and the
// expected calibration error (15 bins) that was measured after.
type Calibration struct {
	Method string  `json:"method"`
	ECE    float64 `json:"ece"`
	On     string  `json:"on"` // which rows
}

// Familiarity says how a series unlike those of training is known.
type Familiarity struct {
	Method     string             `json:"method"`
	FalseAlarm float64            `json:"false_alarm"`     // share of familiar series that are flagged
	Power      map[string]float64 `json:"power,omitempty"` // region left out → share of it that is flagged
}

// Uncertainty of a growth value: one standard deviation is the larger of RMSE
// (in the output's unit) and Relative × value.
type Uncertainty struct {
	RMSE     float64 `json:"rmse"`
	Relative float64 `json:"relative"`
	Source   string  `json:"source"`
}

// Of is the standard deviation of a value, in its unit.
func (u Uncertainty) Of(value float64) float64 {
	return math.Max(u.RMSE, u.Relative*math.Abs(value))
}

// ParseCard reads a card and names every field that it lacks or has wrong.
func ParseCard(b []byte) (*Card, error) {
	var c Card
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	return &c, nil
}

// check names every field a card must have and lacks.
func (c *Card) check() error {
	var wrong []string
	for name, ok := range map[string]bool{
		"name": c.Name != "", "version": c.Version != "", "task": c.Task != "", "file": c.File != "" && path.Base(c.File) == c.File,
		"sha256": hexSum(c.SHA256), "input_shape": shape(c.InputShape), "output_shape": shape(c.OutputShape), "operators": len(c.Operators) > 0,
		"runtimes": len(c.Runtimes) > 0, "training": c.Training != "", "validity": c.Validity != "", "licence": c.Licence != "", "inputs": len(c.Inputs) > 0,
		"input_name": c.InputName != "", "output_name": c.OutputName != "", "outputs": len(c.Outputs) > 0, "known_failures": len(c.Failures) > 0,
		"owner": c.Owner != "", "tested": isDay(c.Tested), "approved": c.Approved == "" || isDay(c.Approved),
		"in_service": subset(c.InService, c.Classes), "experimental": subset(c.Experimental, c.Classes) && apart(c.Experimental, c.InService),
		"valid_for":       boxes(c.ValidFor.Regions),
		"min_probability": share(c.MinProbability), "min_familiarity": share(c.MinFamiliarity),
		"min_dates": c.MinDates >= 0 && c.MinDates <= dekads, "min_radar_dates": c.MinRadarDates >= 0 && c.MinRadarDates <= dekads,
		"uncertainty":   c.Uncertainty == nil || c.Uncertainty.RMSE >= 0 && c.Uncertainty.Relative >= 0,
		"class_weights": len(c.ClassWeights) == 0 || len(c.ClassWeights) == len(c.Classes) && !slices.ContainsFunc(c.ClassWeights, func(w float64) bool { return !(w > 0) }),
		"batch":         c.Batch >= 0 && c.Batch <= 1<<16,
		"vectors":       c.Vectors == "" || path.Base(c.Vectors) == c.Vectors && strings.HasSuffix(c.Vectors, vectorsEnd),
	} {
		if !ok {
			wrong = append(wrong, name)
		}
	}
	sort.Strings(wrong)
	if len(wrong) > 0 {
		return fmt.Errorf("missing or wrong: %s (docs/models.md says what each must hold)", strings.Join(wrong, ", "))
	}
	return nil
}

// largest is more numbers than any row of a network of Parus has.
const largest = 1 << 24

func shape(dims []int) bool {
	n := 1
	for _, d := range dims {
		if d <= 0 || d > largest/n {
			return false
		}
		n *= d
	}
	return len(dims) > 0
}

func hexSum(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

func isDay(s string) bool {
	_, err := parcels.ParseDate(s)
	return err == nil
}

func share(v float64) bool { return v >= 0 && v <= 1 }

func subset(part, whole []string) bool {
	return !slices.ContainsFunc(part, func(s string) bool { return !slices.Contains(whole, s) })
}

func apart(a, b []string) bool {
	return !slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

func boxes(regions []Region) bool {
	return !slices.ContainsFunc(regions, func(r Region) bool {
		b := r.BBox
		return r.Name == "" || !(b[0] >= -180 && b[0] <= b[2] && b[2] <= 180 && b[1] >= -90 && b[1] <= b[3] && b[3] <= 90)
	})
}

// FitFor reports whether the card names the runtime as one it was tested with.
func (c *Card) FitFor(runtime string) bool {
	return slices.ContainsFunc(c.Runtimes, func(r string) bool { return strings.HasPrefix(runtime, r) })
}

// RuntimeTolerance is how far two runtimes may differ, as a share of an
// output's range.
const RuntimeTolerance = 1e-5

// OutputRanges is the range of each number of the output, 1 where the card
// gives none.
func (c *Card) OutputRanges() []float64 {
	out := make([]float64, Size(c.OutputShape))
	for k := range out {
		out[k] = 1
		if k < len(c.Outputs) && c.Outputs[k].Max > c.Outputs[k].Min {
			out[k] = c.Outputs[k].Max - c.Outputs[k].Min
		}
	}
	return out
}
