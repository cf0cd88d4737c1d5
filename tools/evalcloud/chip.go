package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/models"
)

// Classes of the reference masks (cloud_labels).
const refShadow, refCloud = 0, 4

// chips measures the networks on the labelled chips: top-of-atmosphere
// reflectance in six bands, pixel by pixel.
func chips(ctx context.Context, data string, nets *networks) (string, error) {
	text := `## The networks on labelled chips
Reference masks of the authors of ukis-csmask (cloud_labels; Apache-2.0): **one** Sentinel-2 scene, 512 × 256 pixels, top of atmosphere (L1C), and two of Landsat for information.
Whether these very pixels were among the networks' training data is not published. The season asks *cloud-l2a*, made for L2A reflectance: on these L1C chips it is
out of its element, and *cloud-l1c* is its twin for this level. Both divide their softmax by the class weights of their training, which come with them; *as given* is without.

| chip | network | cloud F1 | precision | recall | shadow F1 | precision | recall |
|---|---|---|---|---|---|---|---|
`
	if nets == nil {
		return text + "\nNot measured: no models folder was given.\n", nil
	}
	godal.RegisterAll() // the chips have no position, which raster/gdal refuses
	for _, chip := range []string{"sentinel2", "landsat5", "landsat7"} {
		bands, w, h, err := tif(filepath.Join(data, "cloud_labels", chip+"_reflectance_6band.tif"))
		if err != nil {
			return "", err
		}
		mask, _, _, err := tif(filepath.Join(data, "cloud_labels", chip+"_reference_mask.tif"))
		if err != nil {
			return "", err
		}
		for _, n := range []*models.CloudNet{nets.l1c, nets.l2a} {
			for _, given := range []bool{false, true} {
				if given {
					n = n.Unweighted()
				}
				got, err := whole(ctx, n, bands[:len(n.Bands())], w, h)
				if err != nil {
					return "", err
				}
				var cloud, shadow f1
				for i, c := range got {
					cloud.add(c == models.SkyCloud, mask[0][i] == refCloud)
					shadow.add(c == models.SkyShadow, mask[0][i] == refShadow)
				}
				name := n.Card().Name
				if given {
					name += ", as given"
				}
				text += fmt.Sprintf("| %s | %s | %s | %s |\n", chip, name, cloud, shadow)
			}
		}
	}
	return text, nil
}

// f1 counts one class.
type f1 struct{ both, said, is float64 }

func (f *f1) add(said, is bool) {
	if said {
		f.said++
	}
	if is {
		f.is++
	}
	if said && is {
		f.both++
	}
}

func (f f1) String() string {
	return fmt.Sprintf("%.3f | %.3f | %.3f", 2*f.both/(f.said+f.is), f.both/f.said, f.both/f.is)
}

// whole classifies an image of any size at least a square wide and high: squares
// overlap by 64 pixels and each gives what lies nearer to its middle.
func whole(ctx context.Context, n *models.CloudNet, bands [][]float32, w, h int) ([]models.CloudClass, error) {
	side, step := n.Side(), n.Side()-64
	starts := func(length int) []int {
		var out []int
		for at := 0; at+side < length; at += step {
			out = append(out, at)
		}
		return append(out, length-side)
	}
	out, best := make([]models.CloudClass, w*h), make([]int, w*h)
	for _, r0 := range starts(h) {
		for _, c0 := range starts(w) {
			planes := make([][]float32, len(bands))
			for b := range bands {
				for r := range side {
					planes[b] = append(planes[b], bands[b][(r0+r)*w+c0:][:side]...)
				}
			}
			classes, err := n.Classify(ctx, planes)
			if err != nil {
				return nil, err
			}
			for i, c := range classes {
				r, q := i/side, i%side
				inner := 1 + min(r, side-1-r, q, side-1-q) // distance to the square's edge
				if at := (r0+r)*w + c0 + q; inner > best[at] {
					best[at], out[at] = inner, c
				}
			}
		}
	}
	return out, nil
}

// tif reads all bands of an image.
func tif(path string) (bands [][]float32, w, h int, err error) {
	ds, err := godal.Open(path)
	if err != nil {
		return nil, 0, 0, err
	}
	defer ds.Close()
	st := ds.Structure()
	for _, b := range ds.Bands() {
		px := make([]float32, st.SizeX*st.SizeY)
		if err := b.Read(0, 0, px, st.SizeX, st.SizeY); err != nil {
			return nil, 0, 0, fmt.Errorf("read %s: %w", path, err)
		}
		bands = append(bands, px)
	}
	return bands, st.SizeX, st.SizeY, nil
}
