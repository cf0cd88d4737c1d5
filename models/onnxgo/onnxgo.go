// Package onnxgo runs networks in pure Go through owulveryck/onnx-go: no shared
// library is needed. It knows 41 operators of ONNX; a card that names others is
// refused.
package onnxgo

import (
	"context"
	"fmt"

	"github.com/owulveryck/onnx-go"
	"github.com/owulveryck/onnx-go/backend/x/gorgonnx"
	"github.com/parus-lending/parus/models"
	"gorgonia.org/tensor"
)

// operators are those of onnx-go v0.5.0 that Parus has tested with a batch.
var operators = map[string]bool{"Gemm": true, "Relu": true, "Softmax": true, "Tanh": true, "MatMul": true, "Add": true, "Mul": true, "Sub": true, "Identity": true}

// batch is the fixed number of rows of a run: a graph is built for one shape,
// and equal batches give equal bits. Short batches are padded with the first
// row.
const batch = 256

// Runtime is the pure Go runtime.
type Runtime struct{}

// New returns the runtime.
func New() Runtime { return Runtime{} }

// Name names the runtime.
func (Runtime) Name() string { return models.OnnxGo }

// Open builds the network's graph.
func (Runtime) Open(card *models.Card, file []byte) (s models.Session, err error) {
	for _, op := range card.Operators {
		if !operators[op] {
			return nil, fmt.Errorf("model %s uses the operator %s, which the pure Go runtime does not have: it needs ONNX Runtime (see `parus doctor`)", card.Name, op)
		}
	}
	defer recovered(card.Name, &err)
	backend := gorgonnx.NewGraph()
	m := onnx.NewModel(backend)
	if err := m.UnmarshalBinary(file); err != nil {
		return nil, fmt.Errorf("model %s: onnx-go cannot read %s: %w", card.Name, card.File, err)
	}
	return &session{card: card, backend: backend, model: m, in: models.Size(card.InputShape), out: models.Size(card.OutputShape)}, nil
}

type session struct {
	card    *models.Card
	backend *gorgonnx.Graph
	model   *onnx.Model
	in, out int
}

// recovered turns a panic of the graph library into an error.
func recovered(name string, err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("model %s: onnx-go panicked: %v", name, r)
	}
}

// Run evaluates rows in batches of a fixed size.
func (s *session) Run(ctx context.Context, in []float32, rows int) (out []float32, err error) {
	if err := models.CheckRows(s.card, in, rows); err != nil {
		return nil, err
	}
	defer recovered(s.card.Name, &err)
	out = make([]float32, 0, rows*s.out)
	for first := 0; first < rows; first += batch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := min(batch, rows-first)
		buf := make([]float32, batch*s.in)
		copy(buf, in[first*s.in:(first+n)*s.in])
		for k := n; k < batch; k++ {
			copy(buf[k*s.in:(k+1)*s.in], buf[:s.in])
		}
		shape := append([]int{batch}, s.card.InputShape...)
		if err := s.model.SetInput(0, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(buf))); err != nil {
			return nil, fmt.Errorf("model %s: %w", s.card.Name, err)
		}
		if err := s.backend.Run(); err != nil {
			return nil, fmt.Errorf("model %s: %w", s.card.Name, err)
		}
		res, err := s.model.GetOutputTensors()
		if err != nil {
			return nil, fmt.Errorf("model %s: %w", s.card.Name, err)
		}
		data, ok := res[0].Data().([]float32)
		if !ok || len(data) != batch*s.out {
			return nil, fmt.Errorf("model %s: gave %T of shape %v instead of %d × %d numbers", s.card.Name, res[0].Data(), res[0].Shape(), batch, s.out)
		}
		out = append(out, data[:n*s.out]...)
	}
	return out, nil
}

func (s *session) Close() error { return nil }
