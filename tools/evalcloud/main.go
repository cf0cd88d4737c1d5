// Command evalcloud measures who says that a date is clear (docs/usability.md) on
// real imagery and writes docs/evaluation/cloud.md:
//
//	go run ./tools/evalcloud --data ../shared/data --models models --out docs/evaluation/cloud.md
//
// The models folder holds the networks that `parus models add` made; without it
// the rows of the network are left out.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/ort"
)

func main() {
	data := flag.String("data", filepath.Join("..", "shared", "data"), "folder with cloud_labels, s2s1_patches, crop_series_korea_parcels and eopatch_slovenia_ndvi_clouds")
	folder := flag.String("models", "", "models folder with cloud-l2a and cloud-l1c (parus models add)")
	out := flag.String("out", "", "page to write; default: print it")
	flag.Parse()
	page, err := run(context.Background(), *data, *folder)
	if err == nil && *out != "" {
		err = os.WriteFile(*out, []byte(page), 0o644)
	} else if err == nil {
		fmt.Print(page)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const head = `# Clouds and shadows: what was measured

Written by ` + "`make eval-cloud MODELS=DIR`" + ` (tools/evalcloud); do not edit by hand. How the witnesses vote is told in [usability.md](../usability.md).
Nothing was trained on any of these data. The limits of the time test were set from what reflectance does (see there) and looked at on the Flanders patch below before its
table was made, so that table is a little kind to it; Korea and Slovenia were not looked at.

`

// networks are those of a models folder; nil where there are none.
type networks struct{ l1c, l2a *models.CloudNet }

func open(folder string) (*networks, error) {
	if folder == "" {
		return nil, nil
	}
	lib, err := ort.Find()
	if err != nil {
		return nil, err
	}
	rt, err := ort.New(lib)
	if err != nil {
		return nil, err
	}
	r, err := models.OpenFolder(folder)
	if err != nil {
		return nil, err
	}
	n := &networks{}
	if n.l1c, err = models.NewCloudNet(r, models.CloudL1C, rt); err != nil {
		return nil, err
	}
	n.l2a, err = models.NewCloudNet(r, models.CloudL2A, rt)
	return n, err
}

func run(ctx context.Context, data, folder string) (string, error) {
	nets, err := open(folder)
	if err != nil {
		return "", fmt.Errorf("open the cloud networks of %s: %w", folder, err)
	}
	page := head
	for _, part := range []struct {
		name string
		do   func(context.Context, string, *networks) (string, error)
	}{{"chips", chips}, {"Flanders", flanders}, {"Korea", korea}, {"Slovenia", slovenia}} {
		text, err := part.do(ctx, data, nets)
		if err != nil {
			return "", fmt.Errorf("%s: %w", part.name, err)
		}
		page += text + "\n"
	}
	return page, nil
}
