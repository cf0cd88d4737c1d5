package ort_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/conformance"
	"github.com/parus-lending/parus/models/ort"
)

// library starts ONNX Runtime, or skips: the library is set up apart.
func library(t testing.TB) models.Runtime {
	t.Helper()
	path, err := ort.Find()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("CI needs ONNX Runtime: %v", err)
		}
		t.Skipf("ONNX Runtime is not set up, so its tests are left out: %v", err)
	}
	rt, err := ort.New(path)
	if err != nil {
		t.Fatal(err)
	}
	return rt
}

func TestConformance(t *testing.T) { conformance.Run(t, library(t)) }

func TestNameStartsAsCardsListIt(t *testing.T) {
	rt := library(t)
	if v, ok := strings.CutPrefix(rt.Name(), models.OnnxRuntime+" "); !ok || !strings.Contains(v, ".") {
		t.Errorf("name is %q, wanted onnxruntime and a version", rt.Name())
	}
}

func TestFindOrder(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("PARUS_ORT_LIB", "")
	if p, err := ort.Find(); err == nil {
		t.Fatalf("found %s where there is none", p)
	} else if !strings.Contains(err.Error(), cache) {
		t.Errorf("the error does not say where it looked: %v", err)
	}
	cached := filepath.Join(cache, "parus", "libonnxruntime.so.1.30.0")
	write(t, cached)
	if p, err := ort.Find(); err != nil || p != cached {
		t.Errorf("found %q, %v; wanted the one in the cache folder", p, err)
	}
	named := filepath.Join(t.TempDir(), "mine.so")
	t.Setenv("PARUS_ORT_LIB", named)
	if p, err := ort.Find(); err == nil {
		t.Errorf("PARUS_ORT_LIB names no file, yet %s was found: a wrong setting must not be passed over", p)
	}
	write(t, named)
	if p, err := ort.Find(); err != nil || p != named {
		t.Errorf("found %q, %v; wanted PARUS_ORT_LIB", p, err)
	}
}

func write(t *testing.T, name string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestAnotherLibraryIsRefused(t *testing.T) {
	library(t)
	if _, err := ort.New("/nowhere/libonnxruntime.so"); err == nil {
		t.Error("a second library was taken in one process")
	}
}

func TestGarbageIsAnError(t *testing.T) {
	rt := library(t)
	card := &models.Card{Name: "torn", File: "torn.onnx", InputName: "x", OutputName: "y", InputShape: []int{2}, OutputShape: []int{1}}
	if _, err := rt.Open(card, []byte("no network")); err == nil || !strings.Contains(err.Error(), "torn") {
		t.Errorf("a torn file gave %v; wanted an error that names the model", err)
	}
}

func BenchmarkGrowth(b *testing.B)    { run(b, "lai") }
func BenchmarkCropSmall(b *testing.B) { run(b, "crop-small") }
func BenchmarkCrop(b *testing.B)      { run(b, "crop") }

// run reports rows per second of long runs.
func run(b *testing.B, name string) {
	reg, err := models.Shipped()
	if err != nil {
		b.Fatal(err)
	}
	s, card, err := reg.Load(name, library(b))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	const rows = 8192
	n := 1
	for _, d := range card.InputShape {
		n *= d
	}
	in := make([]float32, rows*n)
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
