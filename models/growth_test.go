package models_test

import (
	"context"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/onnxgo"
	"github.com/parus-lending/parus/raster"
)

func growthNet(t *testing.T, name string) *models.GrowthNet {
	t.Helper()
	reg, err := models.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	n, err := models.NewGrowthNet(reg, name, onnxgo.New())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	return n
}

func evalOne(t *testing.T, n *models.GrowthNet, in models.GrowthInput) (float64, models.GrowthFlag) {
	t.Helper()
	out, flags := make([]float32, 1), make([]models.GrowthFlag, 1)
	if err := n.Eval(context.Background(), []models.GrowthInput{in}, out, flags); err != nil {
		t.Fatal(err)
	}
	return float64(out[0]), flags[0]
}

// The vectors are those that the authors of the networks publish with them. In
// the files NaN stands where they give no number: for FAPAR above 0.94 (clamped
// here, by the published rule), for LAI_Cab above 90 (an older limit; the rule
// says 600), so only the flag is held there.
func TestGrowthPublishedVectors(t *testing.T) {
	for _, c := range []struct {
		model, folder string
		tolerance, hi float64
	}{{"lai", "LAI", 1e-3, 8}, {"fapar", "FAPAR", 1e-4, 0.94}, {"lai-cab", "LAI_Cab", 0.02, 600}} {
		dir := sharedFolder(t, "reference", "sl2p", "2_1", c.folder)
		n := growthNet(t, c.model)
		rows := numbers(t, filepath.Join(dir, c.folder+"_TestCases"))
		if len(rows) != 100 {
			t.Fatalf("%s: %d vectors, wanted 100", c.folder, len(rows))
		}
		for i, r := range rows {
			var in models.GrowthInput
			for k := range in {
				in[k] = float32(r[k])
			}
			got, flag := evalOne(t, n, in)
			if flag&models.InputOutOfDomain != 0 {
				t.Errorf("%s vector %d: flagged out of the domain", c.folder, i+1)
			}
			wantClamped := got == 0 || got == float64(float32(c.hi))
			if clamped := flag&models.OutputClamped != 0; clamped != wantClamped || flag&(models.OutputTooLow|models.OutputTooHigh) != 0 {
				t.Errorf("%s vector %d: value %v has flags %b", c.folder, i+1, got, flag)
			}
			if want := r[11]; !math.IsNaN(want) {
				if d := math.Abs(got - want); d > c.tolerance {
					t.Errorf("%s vector %d: %v, published %v", c.folder, i+1, got, want)
				}
			} else if c.folder == "FAPAR" && flag&models.OutputClamped == 0 {
				t.Errorf("FAPAR vector %d: %v is not clamped, yet no number is published for it", i+1, got)
			}
		}
	}
}

// A wheat-like spectrum; its class tuple was checked against the published grid
// with numpy, its LAI computed there by the plain formula.
func TestGrowthDomain(t *testing.T) {
	n := growthNet(t, "lai")
	first := models.GrowthInput{0.057979, 0.0078856, 0.093585, 0.2585, 0.28253, 0.30874, 0.1708, 0.069808, 0.98434, 0.40581, -0.55142}
	if _, flag := evalOne(t, n, first); flag != 0 {
		t.Fatalf("a published spectrum has flags %b", flag)
	}
	beyond := first
	beyond[0] = 0.27 // B03 above 0.263: out of the band's range
	if _, flag := evalOne(t, n, beyond); flag&models.InputOutOfDomain == 0 {
		t.Error("B03 beyond its published range is not flagged")
	}
	odd := first
	odd[1], odd[5] = 0.29, 0.02 // each band in its range, the tuple not in the grid: red bright, near infrared dark
	if _, flag := evalOne(t, n, odd); flag&models.InputOutOfDomain == 0 {
		t.Error("a class tuple outside the grid is not flagged")
	}
	missing := first
	missing[3] = float32(math.NaN())
	if v, flag := evalOne(t, n, missing); !math.IsNaN(v) || flag&models.InputOutOfDomain == 0 {
		t.Errorf("a missing band gave %v with flags %b; wanted NaN and out of domain", v, flag)
	}
}

// TestGrowthBeyond draws spectra over the range of the inputs and meets every
// side of the rule: outputs are within 0–8, or NaN with the flag of their side.
func TestGrowthBeyond(t *testing.T) {
	n := growthNet(t, "lai")
	dice := rand.New(rand.NewPCG(1, 2))
	in := make([]models.GrowthInput, 40000)
	for i := range in {
		for b := range 8 {
			in[i][b] = dice.Float32() * float32(0.2+0.08*float64(b)+0.5*float64(i%2))
		}
		in[i][8], in[i][9], in[i][10] = 1, 0.6, 0
	}
	out, flags := make([]float32, len(in)), make([]models.GrowthFlag, len(in))
	if err := n.Eval(context.Background(), in, out, flags); err != nil {
		t.Fatal(err)
	}
	met := map[models.GrowthFlag]int{}
	for i, v := range out {
		side := flags[i] &^ (models.InputOutOfDomain | models.InputFarOut)
		met[side]++
		isNaN := v != v
		switch side {
		case 0:
			if isNaN || v < 0 || v > 8 {
				t.Fatalf("%v has no flag", v)
			}
		case models.OutputClamped:
			if v != 0 && v != 8 {
				t.Fatalf("clamped to %v", v)
			}
		case models.OutputTooLow, models.OutputTooHigh:
			if !isNaN {
				t.Fatalf("%v is beyond tolerance and yet has a value", v)
			}
		default:
			t.Fatalf("flags %b exclude each other", side)
		}
	}
	for _, side := range []models.GrowthFlag{0, models.OutputClamped, models.OutputTooLow, models.OutputTooHigh} {
		if met[side] == 0 {
			t.Errorf("the sweep never met the flag %b: %v", side, met)
		}
	}
}

func TestGrowthLayer(t *testing.T) {
	reg, err := models.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	layer, err := models.NewGrowthLayer(reg, onnxgo.New(), "lai", "fapar", "fcover")
	if err != nil {
		t.Fatal(err)
	}
	defer layer.Close()
	var _ raster.Layer = layer
	spectrum := [10]float32{0.03, 0.06, 0.03, 0.09, 0.28, 0.35, 0.37, 0.38, 0.18, 0.09}
	block := func(s raster.Scene) []float64 {
		px := &raster.PixelBlock{N: 1, Scene: s}
		for b := range spectrum {
			px.Bands[b] = []float32{spectrum[b]}
		}
		out := [][]float32{{0}, {0}, {0}, {0}}
		if err := layer.Eval(context.Background(), px, out); err != nil {
			t.Fatal(err)
		}
		return []float64{float64(out[0][0]), float64(out[1][0]), float64(out[2][0])}
	}
	zenith := 35.0
	got := block(raster.Scene{SunZenith: &zenith})
	// The same pixel through the networks, bands picked by hand: no B02, no B08.
	in := models.GrowthInput{0.06, 0.03, 0.09, 0.28, 0.35, 0.38, 0.18, 0.09, 1, float32(math.Cos(zenith * math.Pi / 180)), 0}
	for k, name := range []string{"lai", "fapar", "fcover"} {
		if want, _ := evalOne(t, growthNet(t, name), in); got[k] != want {
			t.Errorf("%s of the layer is %v, of the network %v", layer.Names()[k], got[k], want)
		}
	}
	if got[0] < 1 || got[0] > 6 || got[1] < got[2]-0.1 {
		t.Errorf("a closed green crop has LAI %v, FAPAR %v, FCOVER %v", got[0], got[1], got[2])
	}
	// Without metadata the sun stands where time and place put it. At the spring
	// equinox, 12:00 local solar time, 30° N, its zenith is 30°.
	noon := time.Date(2024, 3, 20, 4, 7, 0, 0, time.UTC) // 120° E, equation of time −7 min
	at := orb.Polygon{{{119.9, 29.9}, {120.1, 29.9}, {120.1, 30.1}, {119.9, 30.1}, {119.9, 29.9}}}
	zenith = 30
	if a, b := block(raster.Scene{Time: noon, Footprint: at}), block(raster.Scene{SunZenith: &zenith}); math.Abs(a[0]-b[0]) > 0.01 {
		t.Errorf("LAI with the computed sun is %v, with its zenith given %v", a[0], b[0])
	}
}

// A scene that tells neither the sun's angle nor its place has no growth: a
// footprint left out is not 0° E, 0° N.
func TestGrowthNeedsTheSun(t *testing.T) {
	reg, err := models.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	layer, err := models.NewGrowthLayer(reg, onnxgo.New(), "lai")
	if err != nil {
		t.Fatal(err)
	}
	defer layer.Close()
	noon := time.Date(2024, 3, 20, 4, 7, 0, 0, time.UTC)
	at := orb.Point{120, 30}
	for _, c := range []struct {
		name  string
		scene raster.Scene
		ok    bool
	}{
		{"neither", raster.Scene{ID: "S2X", Time: noon}, false},
		{"an empty ring", raster.Scene{ID: "S2X", Time: noon, Footprint: orb.Polygon{{}}}, false},
		{"a place without a time", raster.Scene{ID: "S2X", Footprint: orb.Polygon{{at, at, at, at}}}, false},
		{"a place and a time", raster.Scene{ID: "S2X", Time: noon, Footprint: orb.Polygon{{at, at, at, at}}}, true},
	} {
		px := &raster.PixelBlock{N: 1, Scene: c.scene}
		for b := range px.Bands {
			px.Bands[b] = []float32{0.1}
		}
		err := layer.Eval(context.Background(), px, [][]float32{{0}, {0}})
		if (err == nil) != c.ok || err != nil && !strings.Contains(err.Error(), "S2X") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
