package models_test

import (
	"context"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/onnxgo"
	"github.com/parus-lending/parus/raster"
)

// TestGrowthDomainAsPublished holds the flags of all five networks against the
// files of the authors, read here anew: for spectra inside and about the ranges,
// the published flag by the plain rule, and the distance to the nearest listed
// tuple by going through the whole list.
func TestGrowthDomainAsPublished(t *testing.T) {
	for model, folder := range map[string]string{"lai": "LAI", "fapar": "FAPAR", "fcover": "FCOVER", "lai-cab": "LAI_Cab", "lai-cw": "LAI_Cw"} {
		dir := sharedFolder(t, "reference", "sl2p", "2_1", folder)
		limits := numbers(t, filepath.Join(dir, folder+"_DefinitionDomain_MinMax"))
		grid := numbers(t, filepath.Join(dir, folder+"_DefinitionDomain_Grid"))
		if len(limits) != 2 || len(grid) != 11039 || len(grid[0]) != 8 {
			t.Fatalf("%s: %d limits, %d tuples", folder, len(limits), len(grid))
		}
		n := growthNet(t, model)
		dice := rand.New(rand.NewPCG(3, 4))
		met := map[models.GrowthFlag]int{}
		in := make([]models.GrowthInput, 400)
		for i := range in {
			// Around a listed tuple, so that all three answers come up.
			tuple := grid[dice.IntN(len(grid))]
			for b := range 8 {
				x := (tuple[b] - 1 + dice.Float64() + float64(i%4)*(dice.Float64()-0.5)) / 10
				in[i][b] = float32(limits[0][b] + x*(limits[1][b]-limits[0][b]))
			}
			in[i][8], in[i][9], in[i][10] = 1, 0.6, 0
		}
		out, flags := make([]float32, len(in)), make([]models.GrowthFlag, len(in))
		if err := n.Eval(context.Background(), in, out, flags); err != nil {
			t.Fatal(err)
		}
		for i := range in {
			var class [8]float64
			inside := true
			for b := range 8 {
				v := float64(in[i][b])
				class[b] = math.Floor(10*(v-limits[0][b])/(limits[1][b]-limits[0][b]) + 1)
				inside = inside && v >= limits[0][b] && v <= limits[1][b]
			}
			nearest := math.Inf(1)
			for _, tuple := range grid {
				far := 0.0
				for b := range 8 {
					far = max(far, math.Abs(tuple[b]-class[b]))
				}
				nearest = min(nearest, far)
			}
			var want models.GrowthFlag
			switch {
			case inside && nearest == 0:
			case nearest <= 1:
				want = models.InputOutOfDomain
			default:
				want = models.InputOutOfDomain | models.InputFarOut
			}
			got := flags[i] & (models.InputOutOfDomain | models.InputFarOut)
			met[want]++
			if got != want {
				t.Errorf("%s, spectrum %v (classes %v, nearest %g): flags %b, wanted %b", folder, in[i], class, nearest, got, want)
			}
		}
		if len(met) != 3 {
			t.Errorf("%s: the spectra met only %v", folder, met)
		}
	}
}

// Snow in February over a field in Finland, which SCL calls dark: the network
// gives LAI 2.2 for it. It makes no leaves; bare soil,
// which the published list leaves out as well, keeps its value.
func TestSnowMakesNoLeaves(t *testing.T) {
	reg, err := models.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	layer, err := models.NewGrowthLayer(reg, onnxgo.New(), "lai", "fapar")
	if err != nil {
		t.Fatal(err)
	}
	defer layer.Close()
	// B03, B04, B05, B06, B07, B8A, B11, B12: the field 5up on 2019-02-23, and rows
	// 2 and 11 of growth_finland_test.go: bare soil and a closed crop.
	snow := [8]float32{0.6032, 0.5892, 0.6116, 0.5777, 0.5312, 0.5062, 0.0706, 0.0855}
	soil, crop := finland[1], finland[10]
	zenith := math.Acos(float64(soil.in[9])) * 180 / math.Pi
	px := &raster.PixelBlock{N: 3, Scene: raster.Scene{SunZenith: &zenith}}
	for b := range px.Bands {
		px.Bands[b] = make([]float32, 3)
	}
	for k, b := range []int{1, 2, 3, 4, 5, 7, 8, 9} {
		px.Bands[b][0], px.Bands[b][1], px.Bands[b][2] = snow[k], soil.in[k], crop.in[k]
	}
	out := [][]float32{make([]float32, 3), make([]float32, 3), make([]float32, 3)}
	if err := layer.Eval(context.Background(), px, out); err != nil {
		t.Fatal(err)
	}
	names := layer.Names()
	if len(names) != 3 || names[2] != models.OutOfDomain {
		t.Fatalf("names %v", names)
	}
	if out[0][0] == out[0][0] || out[1][0] == out[1][0] || out[2][0] != 1 {
		t.Errorf("snow has LAI %v, FAPAR %v, out of domain %v", out[0][0], out[1][0], out[2][0])
	}
	if !(out[0][1] < 0.1) || !(out[0][2] > 5) {
		t.Errorf("soil has LAI %v, a closed crop %v", out[0][1], out[0][2])
	}
}

// With the angles of the scene the layer gives what the network gives with the
// three cosines worked out by hand: row 9 of growth_finland_test.go, whose
// cosines are 0.99782, 0.57152, 0.62178.
func TestGrowthLayerUsesViewAngles(t *testing.T) {
	reg, err := models.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	layer, err := models.NewGrowthLayer(reg, onnxgo.New(), "lai")
	if err != nil {
		t.Fatal(err)
	}
	defer layer.Close()
	row := finland[8]
	// acos of the three: view zenith 3.784°, sun zenith 55.143°, 51.553° between
	// the azimuths, here across north.
	sun, azimuth, view, from := 55.143, 20.0, 3.784, 328.447
	px := &raster.PixelBlock{N: 1, Scene: raster.Scene{SunZenith: &sun, SunAzimuth: &azimuth, ViewZenith: &view, ViewAzimuth: &from}}
	for b := range px.Bands {
		px.Bands[b] = []float32{0}
	}
	for k, b := range []int{1, 2, 3, 4, 5, 7, 8, 9} {
		px.Bands[b][0] = row.in[k]
	}
	out := [][]float32{{0}, {0}}
	if err := layer.Eval(context.Background(), px, out); err != nil {
		t.Fatal(err)
	}
	if math.Abs(float64(out[0][0])-row.lai) > 1e-3 {
		t.Errorf("LAI %v, the port %v", out[0][0], row.lai)
	}
	px.Scene.ViewZenith, px.Scene.ViewAzimuth = nil, nil
	nadir := [][]float32{{0}, {0}}
	if err := layer.Eval(context.Background(), px, nadir); err != nil {
		t.Fatal(err)
	}
	if math.Abs(float64(nadir[0][0]-out[0][0])) < 0.005 {
		t.Errorf("the view angles change nothing: %v and %v", nadir[0][0], out[0][0])
	}
}
