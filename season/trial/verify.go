package trial

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/parus-lending/parus/models"
)

// Finding is one thing that Verify looked at.
type Finding struct {
	What   string // files, onnx-go, onnxruntime 1.30.0, both runtimes …
	State  string // Passed, Failed or NotTried
	Detail string
}

// States of a Finding.
const (
	Passed   = "ok"
	Failed   = "fail"
	NotTried = "-"
)

// Verify holds a model to its card: checksums and operators of its files; in
// every runtime that the card names, that it opens and gives the wanted answers
// of its test vectors; and that the runtimes agree, all within
// models.RuntimeTolerance of the output's range.
func (m Models) Verify(ctx context.Context, name string) ([]Finding, error) {
	card, err := m.Registry.Card(name)
	if err != nil {
		return nil, err
	}
	if _, err := m.Registry.Check(name); err != nil {
		return []Finding{{"files", Failed, err.Error()}}, nil
	}
	out := []Finding{{"files", Passed, fmt.Sprintf("sha256 %s…, operators %s", card.SHA256[:12], strings.Join(card.Operators, " "))}}
	vectors, err := m.Registry.Vectors(name)
	if err != nil {
		out = append(out, Finding{"test vectors", Failed, err.Error()})
	}
	in, rows := probes(card, vectors)
	var answers [][]float32
	var names []string
	for _, wanted := range card.Runtimes {
		rt := m.named(wanted)
		if rt == nil {
			why := "not chosen"
			if wanted == models.OnnxRuntime && m.Missing != nil {
				why = m.Missing.Error()
			}
			out = append(out, Finding{wanted, NotTried, why})
			continue
		}
		y, err := m.run(ctx, name, rt, in, rows)
		if err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			out = append(out, Finding{rt.Name(), Failed, err.Error()})
			continue
		}
		answers, names = append(answers, y), append(names, rt.Name())
		out = append(out, against(card, rt.Name(), y, vectors))
	}
	if len(answers) == 2 {
		worst := apart(card, answers[0], answers[1])
		out = append(out, judged(strings.Join(names, " and "), worst, fmt.Sprintf("differ on %d inputs by at most %.2g of the output's range", rows, worst)))
	}
	return out, nil
}

func (m Models) named(runtime string) models.Runtime {
	for _, rt := range m.Runtimes {
		if strings.HasPrefix(rt.Name(), runtime) {
			return rt
		}
	}
	return nil
}

// run opens the model as its task does and evaluates it.
func (m Models) run(ctx context.Context, name string, rt models.Runtime, in []float32, rows int) (y []float32, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("model %s panicked: %v", name, r)
		}
	}()
	s, card, err := m.Registry.Load(name, rt)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	switch card.Task {
	case "crop":
		_, err = models.NewCrop(card, s)
	case "growth":
		var n *models.GrowthNet
		if n, err = models.NewGrowthNet(m.Registry, name, rt); err == nil {
			err = n.Close()
		}
	}
	if err != nil {
		return nil, err
	}
	return s.Run(ctx, in, rows)
}

// against compares the first answers with the wanted ones.
func against(card *models.Card, runtime string, y []float32, v *models.Vectors) Finding {
	if v == nil {
		return Finding{runtime, Passed, "opens and runs; the model has no test vectors"}
	}
	no := models.Size(card.OutputShape)
	var want []float32
	for _, row := range v.Outputs {
		want = append(want, row...)
	}
	worst := apart(card, y[:len(v.Outputs)*no], want)
	return judged(runtime, worst, fmt.Sprintf("%d test vectors, off by at most %.2g of the output's range", len(v.Outputs), worst))
}

func judged(what string, worst float64, detail string) Finding {
	if !(worst <= models.RuntimeTolerance) {
		return Finding{what, Failed, fmt.Sprintf("%s; %.0g is allowed", detail, models.RuntimeTolerance)}
	}
	return Finding{what, Passed, detail}
}

// apart is the largest difference as a share of the output's range, +Inf where
// one of the two is no number.
func apart(card *models.Card, a, b []float32) float64 {
	worst, ranges := 0.0, card.OutputRanges()
	for i := range a {
		d := math.Abs(float64(a[i])-float64(b[i])) / ranges[i%len(ranges)]
		if math.IsNaN(d) {
			return math.Inf(1)
		}
		worst = math.Max(worst, d)
	}
	return worst
}

// probeRows are spread over the ranges of the inputs by the golden ratio.
const probeRows = 64

// probes are the inputs of the vectors, then rows spread over the inputs' ranges.
func probes(card *models.Card, v *models.Vectors) ([]float32, int) {
	var in []float32
	rows := probeRows
	if v != nil {
		for _, row := range v.Inputs {
			in = append(in, row...)
		}
		rows += len(v.Inputs)
	}
	width := models.Size(card.InputShape)
	per := max(width/max(len(card.Inputs), 1), 1)
	const golden = 0.6180339887498949
	for r := range probeRows {
		for i := range width {
			lo, hi := 0.0, 1.0
			if c := i / per; c < len(card.Inputs) && card.Inputs[c].Max > card.Inputs[c].Min {
				lo, hi = card.Inputs[c].Min, card.Inputs[c].Max
			}
			_, part := math.Modf(golden * float64((r+1)*(i+1)))
			in = append(in, float32(lo+(hi-lo)*part))
		}
	}
	return in, rows
}
