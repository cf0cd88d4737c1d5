package main

import (
	"archive/zip"
	"fmt"
	"os"
	"time"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
)

type modelsAddCmd struct {
	Package  string `arg:"" type:"existingfile" placeholder:"WHEEL" help:"The wheel of ukis-csmask 1.0.0."`
	Models   string `required:"" type:"path" placeholder:"DIR" help:"Models folder to add to; made if missing."`
	Approved string `placeholder:"DAY" help:"Day from which seasons may run it. Default: today."`
}

// Help is shown by `parus models add --help`.
func (modelsAddCmd) Help() string {
	return `The cloud network is not shipped (2 × 40 MB, Apache-2.0, by the German Aerospace Center). It comes inside a Python package; nothing of it is installed:

  pip download --no-deps ukis-csmask==1.0.0
  parus models add ukis_csmask-1.0.0-py3-none-any.whl --models models
  parus season run county.toml --models models --out run

It needs ONNX Runtime. A season with it asks the network wherever the scene classification and the plot's own past and future disagree (docs/usability.md).`
}

func (c *modelsAddCmd) Run() error {
	day := parcels.DateOf(time.Now())
	if c.Approved != "" {
		var err error
		if day, err = parcels.ParseDate(c.Approved); err != nil {
			return fmt.Errorf("%w: --approved %v", errUsage, err)
		}
	}
	z, err := zip.OpenReader(c.Package)
	if err != nil {
		return fmt.Errorf("read %s: %w (give the .whl file of ukis-csmask 1.0.0)", c.Package, err)
	}
	defer z.Close()
	names, err := models.ImportCsmask(z, c.Models, day)
	if err != nil {
		return fmt.Errorf("add the cloud network of %s: %w", c.Package, err)
	}
	for _, n := range names {
		fmt.Fprintf(os.Stdout, "%s added to %s, approved %s\n", n, c.Models, day)
	}
	return nil
}
