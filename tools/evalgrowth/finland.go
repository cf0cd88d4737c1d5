package main

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/onnxgo"
	"github.com/parus-lending/parus/raster"
)

// finland prints how the shipped networks reproduce LAI and FAPAR of the Finnish
// fields from their reflectances and angles, what nadir view costs, and what the
// input domain flags.
func finland(ctx context.Context, s *source) error {
	fields, err := s.fields(ctx)
	if err != nil {
		return err
	}
	var in []models.GrowthInput
	var scl []float64
	want := map[string][]float64{}
	dates := 0
	for _, f := range fields {
		for i := range f.when {
			any := false
			for k := range f.scl[i] {
				px, ok := f.input(i, k)
				if !ok {
					continue
				}
				any = true
				in, scl = append(in, px), append(scl, f.scl[i][k])
				want["lai"], want["fapar"] = append(want["lai"], f.lai[i][k]), append(want["fapar"], f.fapar[i][k])
			}
			if any {
				dates++
			}
		}
	}
	fmt.Printf("%d pixels with all bands, %d fields and dates\n\n", len(in), dates)
	fmt.Print("| file values | n | largest difference | within 0.001 | value only here | only there | neither |\n|---|---|---|---|---|---|---|\n")
	reg, err := models.Shipped()
	if err != nil {
		return err
	}
	var flags []models.GrowthFlag
	var nadirTable string
	for _, name := range []string{"lai", "fapar", "fcover"} {
		net, err := models.NewGrowthNet(reg, name, onnxgo.New())
		if err != nil {
			return err
		}
		defer net.Close()
		out := make([]float32, len(in))
		flags = make([]models.GrowthFlag, len(in))
		if err := net.Eval(ctx, in, out, flags); err != nil {
			return err
		}
		var diff []float64
		var here, there, neither int
		for i := range want[name] {
			v := out[i]
			a, b := math.IsNaN(float64(v)), math.IsNaN(want[name][i])
			switch {
			case a && b:
				neither++
			case a:
				there++
			case b:
				here++
			default:
				diff = append(diff, math.Abs(float64(v)-want[name][i]))
			}
		}
		if name != "fcover" { // the files have none
			fmt.Printf("| %s | %d | %.6f | %.2f %% | %d | %d | %d |\n", net.Card().Outputs[0].Name, len(diff), slices.Max(diff), 100*shareBelow(diff, 1e-3), here, there, neither)
		}
		overhead := slices.Clone(in)
		for i := range overhead {
			overhead[i][8], overhead[i][10] = 1, 0
		}
		moved := make([]float32, len(in))
		if err := net.Eval(ctx, overhead, moved, make([]models.GrowthFlag, len(in))); err != nil {
			return err
		}
		var all []float64
		var squares float64
		for i := range moved {
			if d := math.Abs(float64(moved[i] - out[i])); (scl[i] == 4 || scl[i] == 5) && !math.IsNaN(d) {
				all = append(all, d)
				squares += d * d
			}
		}
		slices.Sort(all)
		nadirTable += fmt.Sprintf("| %s | %.3f | %.3f | %.3f | %.2f |\n", net.Card().Outputs[0].Name, all[len(all)/2], math.Sqrt(squares/float64(len(all))), all[len(all)*95/100], all[len(all)-1])
	}
	fmt.Print("\nNadir view instead of the view angles (SCL 4 and 5)\n\n| output | median | RMS | 95th percentile | largest |\n|---|---|---|---|---|\n" + nadirTable)
	fmt.Print("\n| SCL | pixels | flagged by the published domain | far out: no growth |\n|---|---|---|---|\n")
	for _, c := range []struct {
		class float64
		name  string
	}{{4, "4 vegetation"}, {5, "5 bare soil"}, {2, "2 dark (February snow)"}, {3, "3 cloud shadow"}, {6, "6 water"}} {
		var n, out, far float64
		for i, f := range flags {
			if scl[i] != c.class {
				continue
			}
			n++
			if f&models.InputOutOfDomain != 0 {
				out++
			}
			if f&models.InputFarOut != 0 {
				far++
			}
		}
		fmt.Printf("| %s | %.0f | %.1f %% | %.1f %% |\n", c.name, n, 100*out/n, 100*far/n)
	}
	return nil
}

// input is pixel k on date i; false where a band is missing.
func (f *field) input(i, k int) (models.GrowthInput, bool) {
	const rad = math.Pi / 180
	var px models.GrowthInput
	for b := range 8 {
		v := f.bands[i][b][k]
		if math.IsNaN(v) {
			return px, false
		}
		px[b] = float32(v)
	}
	px[8], px[9] = float32(math.Cos(f.viewZenith[i]*rad)), float32(math.Cos(f.sunZenith[i]*rad))
	px[10] = float32(math.Cos((f.sunAzimuth[i] - f.viewAzimuth[i]) * rad))
	return px, true
}

func shareBelow(v []float64, limit float64) float64 {
	n := 0
	for _, x := range v {
		if x <= limit {
			n++
		}
	}
	return float64(n) / float64(len(v))
}

// plots are the fields as a season would see them: SCL says which pixels are
// usable, growth per pixel with the angles of the date. B8A stands for B08, which
// the files lack.
func (s *source) finnish(ctx context.Context) ([]plot, error) {
	fields, err := s.fields(ctx)
	if err != nil {
		return nil, err
	}
	var out []plot
	for _, f := range fields {
		p := plot{set: "Finland", id: f.name}
		size := 0 // pixels of the field
		for i := range f.when {
			n := 0
			for k := range f.scl[i] {
				if _, ok := f.input(i, k); ok {
					n++
				}
			}
			size = max(size, n)
		}
		for i, t := range f.when {
			scene := raster.Scene{ID: fmt.Sprint(f.name, i), Time: t, SunZenith: &f.sunZenith[i], SunAzimuth: &f.sunAzimuth[i], ViewZenith: &f.viewZenith[i], ViewAzimuth: &f.viewAzimuth[i]}
			var px [][10]float32
			for k, class := range f.scl[i] {
				in, ok := f.input(i, k)
				if !ok || !slices.Contains([]float64{2, 4, 5, 6, 7}, class) {
					continue
				}
				px = append(px, [10]float32{nan32, in[0], in[1], in[2], in[3], in[4], in[5], in[5], in[6], in[7]})
			}
			if len(px) == 0 {
				continue
			}
			for b, band := range raster.OpticalBands[1:] {
				o := raster.Observation{ParcelID: "p", Kind: "plot", SceneID: scene.ID, Time: t, Band: band}
				o.Total, o.Count, o.Inside = float64(size), float64(len(px)), float64(len(px))
				for _, v := range px {
					o.Mean += float64(v[b+1]) / float64(len(px))
				}
				p.obs = append(p.obs, o)
			}
			g, err := s.growth(ctx, scene, px, float64(size))
			if err != nil {
				return nil, err
			}
			p.obs = append(p.obs, g...)
		}
		out = append(out, p)
	}
	return out, nil
}

var nan32 = float32(math.NaN())
