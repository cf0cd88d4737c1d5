// Command evalgrowth measures growth, smoothing and cycles on real imagery and
// prints the tables of docs/evaluation:
//
//	go run ./tools/evalgrowth --data ../shared/data finland      # docs/evaluation/growth.md
//	go run ./tools/evalgrowth --data ../shared/data smoothing    # docs/evaluation/smoothing.md
//	go run ./tools/evalgrowth --data ../shared/data cycles       # docs/evaluation/cycles.md
//
// The growth networks are the shipped ones, through the pure-Go runtime. Every
// draw has a fixed seed: the same data give the same tables.
package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/onnxgo"
)

var nan = math.NaN()

func main() {
	data := flag.String("data", filepath.Join("..", "shared", "data"), "folder with lai_reference_finland, s2s1_patches, crop_series_us and crop_series_korea_parcels")
	flag.Parse()
	if err := run(context.Background(), *data, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, data, what string) error {
	reg, err := models.Shipped()
	if err != nil {
		return err
	}
	layer, err := models.NewGrowthLayer(reg, onnxgo.New(), "lai", "fapar", "fcover")
	if err != nil {
		return err
	}
	defer layer.Close()
	src := &source{data: data, layer: layer}
	switch what {
	case "finland":
		return finland(ctx, src)
	case "smoothing":
		return smoothing(ctx, src)
	case "cycles":
		return cycles(ctx, src)
	}
	return fmt.Errorf("say what to measure: finland, smoothing or cycles, not %q", what)
}
