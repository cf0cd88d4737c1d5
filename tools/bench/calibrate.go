package main

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
)

// calibrate prints the bits per pixel of the workload's bands beside those of
// real Sentinel-2: the patches and the single scene in the folder with test
// data, packed the same way (differences along rows, DEFLATE level 6).
func calibrate(ctx context.Context, w *workload, data string) error {
	r := gdal.Open(gdal.Options{})
	defer r.Close()
	out := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(out, "band\tworkload 512²\tworkload 64² or 32²\treal scene 512²\treal patch 64² or 32², clear dates")
	scene := map[raster.Band]int{raster.B02: 1, raster.B03: 2, raster.B04: 3, raster.B08: 4}
	for _, b := range raster.OpticalBands {
		side := 32
		if tenMetres(b) {
			side = 64
		}
		made := raster.Asset{Href: w.path("scene/" + string(b) + ".tif")}
		corner := raster.Window{Col: 256, Row: 256, Width: 512, Height: 512}
		whole, err := bits(ctx, r, made, corner)
		if err != nil {
			return err
		}
		corner.Width, corner.Height = side, side
		small, err := bits(ctx, r, made, corner)
		if err != nil {
			return err
		}
		real := "-"
		if layer := scene[b]; layer > 0 {
			v, err := bits(ctx, r, raster.Asset{Href: filepath.Join(data, "s2_single_scene", "S2_L2A_south_tyrol.tif"), Layer: layer}, raster.Window{Width: 512, Height: 512})
			if err != nil {
				return err
			}
			real = fmt.Sprintf("%.1f", v)
		}
		sum, n := 0.0, 0
		for _, date := range []string{"S2_20180325T105703", "S2_20180506T105423", "S2_20180613T105737", "S2_20180715T105300", "S2_20181117T105653"} {
			v, err := bits(ctx, r, raster.Asset{Href: filepath.Join(data, "s2s1_patches", "BE_00002806639B424A", "stac", "sentinel-2-l2a", date, string(b)+".tif")}, raster.Window{Width: side, Height: side})
			if err != nil {
				return err
			}
			sum, n = sum+v, n+1
		}
		fmt.Fprintf(out, "%s\t%.1f\t%.1f\t%s\t%.1f\n", b, whole, small, real, sum/float64(n))
	}
	return out.Flush()
}

// bits is the size per pixel of a window packed as one block.
func bits(ctx context.Context, r raster.Reader, a raster.Asset, w raster.Window) (float64, error) {
	values := make([]uint16, w.Width*w.Height)
	if err := r.Read(ctx, a, w, values); err != nil {
		return 0, err
	}
	var raw []byte
	for i, v := range values {
		if i%w.Width > 0 {
			v -= values[i-1]
		}
		raw = append(raw, byte(v), byte(v>>8))
	}
	var buf bytes.Buffer
	z := zlib.NewWriter(&buf)
	if _, err := z.Write(raw); err != nil {
		return 0, err
	}
	if err := z.Close(); err != nil {
		return 0, err
	}
	return 8 * float64(buf.Len()) / float64(len(values)), nil
}
