package onnxgo_test

import (
	"context"
	"strings"
	"testing"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/conformance"
	"github.com/parus-lending/parus/models/onnxgo"
)

func TestConformance(t *testing.T) { conformance.Run(t, onnxgo.New()) }

func TestRefusesOperators(t *testing.T) {
	card := &models.Card{Name: "series", Operators: []string{"Gemm", "Conv"}, InputShape: []int{2}, OutputShape: []int{1}}
	_, err := onnxgo.New().Open(card, nil)
	if err == nil || !strings.Contains(err.Error(), "Conv") || !strings.Contains(err.Error(), "series") {
		t.Errorf("opening a network with Conv gave %v; wanted an error that names the model and the operator", err)
	}
}

func TestGarbageIsAnError(t *testing.T) {
	card := &models.Card{Name: "torn", File: "torn.onnx", Operators: []string{"Gemm"}, InputShape: []int{2}, OutputShape: []int{1}}
	s, err := onnxgo.New().Open(card, []byte("\x08\x06\x12\x05parus"))
	if err == nil {
		_, err = s.Run(context.Background(), []float32{1, 2}, 1)
	}
	if err == nil || !strings.Contains(err.Error(), "torn") {
		t.Errorf("a torn file gave %v; wanted an error that names the model", err)
	}
}

func BenchmarkGrowth(b *testing.B)    { run(b, "lai") }
func BenchmarkCropSmall(b *testing.B) { run(b, "crop-small") }

// run reports rows per second of long runs.
func run(b *testing.B, name string) {
	reg, err := models.Shipped()
	if err != nil {
		b.Fatal(err)
	}
	s, card, err := reg.Load(name, onnxgo.New())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	const rows = 8192
	in := make([]float32, rows*card.InputShape[0])
	for i := range in {
		in[i] = float32(i%97) / 300
	}
	for b.Loop() {
		if _, err := s.Run(context.Background(), in, rows); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
