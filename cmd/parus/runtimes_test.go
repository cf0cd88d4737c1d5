package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/models/ort"
)

// TestBothRuntimesNameTheSameCrops runs the sample season once with ONNX
// Runtime (the temporal network) and once in pure Go (crop-small): every cycle
// that both can judge has the same crop.
func TestBothRuntimesNameTheSameCrops(t *testing.T) {
	if _, err := ort.Find(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("needs ONNX Runtime: %v; `make setup` fetches it", err)
	}
	county := filepath.Join(smallCounty(t), "county.toml")
	crops := map[string]map[string]rundir.Cycle{}
	for _, rt := range []string{"onnxruntime", "onnx-go"} {
		out := t.TempDir()
		parus(t, "season", "run", county, "--out", out, "--runtime", rt)
		cycles, err := rundir.ReadCycles(out)
		if err != nil {
			t.Fatal(err)
		}
		crops[rt] = map[string]rundir.Cycle{}
		for _, c := range cycles {
			if c.Assessable && c.Cycle > 0 {
				crops[rt][c.ParcelID+string(rune('0'+c.Cycle))] = c
			}
		}
	}
	both := 0
	for id, a := range crops["onnxruntime"] {
		b, ok := crops["onnx-go"][id]
		if !ok {
			continue
		}
		both++
		if a.Crop != b.Crop {
			t.Errorf("plot %s cycle %d: %s says %s (%.2f), %s says %s (%.2f)", a.ParcelID, a.Cycle, a.CropModel, a.Crop, *a.CropProbability, b.CropModel, b.Crop, *b.CropProbability)
		}
	}
	if both < 8 {
		t.Errorf("only %d cycles could be judged by both: the test proves little", both)
	}
}
