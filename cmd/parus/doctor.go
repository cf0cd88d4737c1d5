package main

import (
	"fmt"
	"os"
	"runtime"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/onnxgo"
	"github.com/parus-lending/parus/models/ort"
	"github.com/parus-lending/parus/raster/gdal"
)

type doctorCmd struct{}

// Run checks each part for real: it opens every shipped model in each runtime.
func (doctorCmd) Run() error {
	fmt.Printf("parus %s, %s, %d cores\n", version, runtime.Version(), runtime.NumCPU())
	fmt.Printf("ok    GDAL %s reads imagery and land\n", gdal.Version())
	reg, err := models.Shipped()
	if err != nil {
		return err
	}
	failed := open(reg, "pure Go", onnxgo.New())
	path, err := ort.Find()
	if err != nil {
		fmt.Printf("lost  ONNX Runtime: %v\n", err)
		fmt.Println("      Without it the season runs in pure Go: growth and the crop network crop-small.")
		fmt.Println("      Lost: the temporal network crop, which is surer of more plots, and speed. `make setup` fetches the library;")
		fmt.Println("      or set PARUS_ORT_LIB to libonnxruntime.so.1 (1.30).")
	} else {
		rt, err := ort.New(path)
		if err != nil {
			fmt.Printf("fail  ONNX Runtime %s: %v\n", path, err)
			failed = true
		} else {
			fmt.Printf("ok    %s at %s\n", rt.Name(), path)
			failed = open(reg, rt.Name(), rt) || failed
		}
	}
	if failed {
		fmt.Fprintln(os.Stderr)
		return fmt.Errorf("something above does not work")
	}
	return nil
}

// open loads every model the runtime is meant for and says so; true = a failure.
func open(reg *models.Registry, name string, rt models.Runtime) (failed bool) {
	for _, m := range reg.Names() {
		card, err := reg.Card(m)
		if err == nil && !card.FitFor(rt.Name()) {
			fmt.Printf("  -   %s: not for %s\n", m, name)
			continue
		}
		s, _, err := reg.Load(m, rt)
		if err != nil {
			fmt.Printf("fail  %s in %s: %v\n", m, name, err)
			failed = true
			continue
		}
		s.Close()
		fmt.Printf("ok    %s %s in %s\n", m, card.Version, name)
	}
	return failed
}
