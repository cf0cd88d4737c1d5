package models

// Card describes a model file. No card, no load; wrong checksum, no load.
type Card struct {
	Name           string            `json:"name"`    // crop, crop-small, lai, fapar …
	Version        string            `json:"version"` // semantic
	Task           string            `json:"task"`    // crop, growth
	File           string            `json:"file"`    // ONNX file beside the card
	SHA256         string            `json:"sha256"`  // of File, hex
	InputName      string            `json:"input_name"`
	InputShape     []int             `json:"input_shape"` // without the batch axis
	Inputs         []Variable        `json:"inputs"`      // per channel or column, in order
	OutputName     string            `json:"output_name"`
	OutputShape    []int             `json:"output_shape"`
	Outputs        []Variable        `json:"outputs"`
	Classes        []string          `json:"classes,omitempty"`
	InService      []string          `json:"in_service,omitempty"`      // classes that may raise a limit
	Temperature    float64           `json:"temperature,omitempty"`     // softmax temperature found on validation data; 0 = 1
	MinProbability float64           `json:"min_probability,omitempty"` // below: low_confidence, not assessable
	MinDates       int               `json:"min_dates,omitempty"`       // fewer observed dekads: few_dates, not assessable
	Tolerance      float64           `json:"tolerance,omitempty"`       // growth: how far beyond the output's range is still clamped
	Domain         string            `json:"domain,omitempty"`          // growth: file of the input classes seen in training
	DomainSHA256   string            `json:"domain_sha256,omitempty"`   // of Domain
	Operators      []string          `json:"operators"`                 // ONNX operators the file uses
	Runtimes       []string          `json:"runtimes"`                  // onnx-go, onnxruntime
	Training       string            `json:"training"`                  // data, licences, command
	Validity       string            `json:"validity"`                  // area, season, crops
	Metrics        map[string]any    `json:"metrics"`                   // held-out tables, per class with support
	Failures       []string          `json:"known_failures"`
	Licence        string            `json:"licence"`
	Owner          string            `json:"owner"`
	Tested         string            `json:"tested"` // day
	Notes          map[string]string `json:"notes,omitempty"`
}

// Variable is one input or output: name, unit, and its range if it has one.
type Variable struct {
	Name string  `json:"name"`
	Unit string  `json:"unit"`
	Min  float64 `json:"min,omitempty"`
	Max  float64 `json:"max,omitempty"`
}
