package trial

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/onnxgo"
)

// The wanted values are those of the test vectors (the published formula in
// float64), with the published output rule applied by hand: within 0.2 outside
// 0–8 clamped, beyond it no value.
func TestGrowthTable(t *testing.T) {
	m := pureGo(t)
	v, err := m.Registry.Vectors("lai")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	text.WriteString("id,LAI,b03,B04,B05,B06,B07,B8A,B11,B12,view_zenith,cos_sun_zenith,relative_azimuth\n")
	for i, in := range v.Inputs {
		fmt.Fprintf(&text, "p%d,7", i)
		for k, x := range in {
			if k == 8 || k == 10 {
				x = float32(math.Acos(float64(x)) * 180 / math.Pi)
			}
			fmt.Fprintf(&text, ",%v", x)
		}
		text.WriteString("\n")
	}
	text.WriteString("bad,7,dark,0,0,0,0,0,0,0,0,1,0\nempty,7,,0,0,0,0,0,0,0,0,1,0\n")
	out := filepath.Join(t.TempDir(), "out.csv")
	sum, err := m.Run(context.Background(), RunOptions{Model: "lai", In: write(t, "t.csv", text.String()), Out: out})
	if err != nil {
		t.Fatal(err)
	}
	if sum.Rows != len(v.Inputs)+2 || sum.Answers != sum.Rows || sum.Rejected != 1 || !strings.Contains(sum.FirstReject, "column b03") || sum.Reasons["no_value"] != 2 {
		t.Errorf("%+v", sum)
	}
	got, _ := answers(t, out)
	for i := range v.Outputs {
		g, y := got[fmt.Sprint("p", i)], float64(v.Outputs[i][0])
		want := map[string]string{"output_clamped": "false", "output_too_low": "false", "output_too_high": "false"}
		value := y
		switch {
		case y < -0.2:
			value, want["output_too_low"] = math.NaN(), "true"
		case y > 8.2:
			value, want["output_too_high"] = math.NaN(), "true"
		case y < 0 || y > 8:
			value, want["output_clamped"] = math.Max(0, math.Min(8, y)), "true"
		}
		have, err := strconv.ParseFloat(g["lai_model"], 64)
		if math.IsNaN(value) != (g["lai_model"] == "") || !math.IsNaN(value) && (err != nil || math.Abs(have-value) > 2e-4) {
			t.Errorf("row %d: %s, wanted %v", i, g["lai_model"], value)
		}
		for flag, w := range want {
			if g[flag] != w {
				t.Errorf("row %d (%v): %s is %s", i, y, flag, g[flag])
			}
		}
		if g["LAI"] != "7" {
			t.Errorf("row %d: the table's own LAI became %s", i, g["LAI"])
		}
	}
	for _, id := range []string{"bad", "empty"} {
		if g := got[id]; g["lai_model"] != "" || g["input_out_of_domain"] != "true" || g["LAI"] != "7" {
			t.Errorf("%s: %v", id, g)
		}
	}
}

// faulty is the pure Go runtime with one fault: it panics, fails, or is off.
type faulty struct {
	onnxgo.Runtime
	how string
}

func (f faulty) Open(card *models.Card, file []byte) (models.Session, error) {
	s, err := f.Runtime.Open(card, file)
	return faultySession{s, f.how}, err
}

type faultySession struct {
	models.Session
	how string
}

func (f faultySession) Run(ctx context.Context, in []float32, rows int) ([]float32, error) {
	out, err := f.Session.Run(ctx, in, rows)
	switch f.how {
	case "panic":
		panic("index out of range")
	case "error":
		return nil, errors.New("out of memory")
	case "nan":
		out[0] = float32(math.NaN())
	case "off":
		out[0] += 0.01
	}
	return out, err
}

// A batch on which the model fails is lost and told; every row has its answer.
func TestTablesOutliveTheirModels(t *testing.T) {
	lines, inputs := long(t)
	spectra := "B03,B04,B05,B06,B07,B8A,B11,B12,cos_view_zenith,cos_sun_zenith,cos_relative_azimuth\n.06,.03,.09,.28,.35,.38,.18,.09,1,.8,0\n"
	for how, says := range map[string]string{"panic": "index out of range", "error": "out of memory", "nan": "NaN"} {
		m := pureGo(t)
		m.Runtimes = []models.Runtime{faulty{how: how}}
		out := filepath.Join(t.TempDir(), "out.csv")
		sum, err := m.Run(context.Background(), RunOptions{Model: "crop-small", In: write(t, "t.csv", header+strings.Join(lines, "\n")), Out: out})
		if err != nil {
			t.Fatalf("%s: %v", how, err)
		}
		if sum.Answers != len(inputs) || sum.Reasons[models.ModelFailed] != len(inputs) || len(sum.Lost) != 1 || !strings.Contains(sum.Lost[0], says) {
			t.Errorf("crop, %s: %+v", how, sum)
		}
		if sum, err = m.Run(context.Background(), RunOptions{Model: "lai", In: write(t, "t.csv", spectra), Out: out}); err != nil {
			t.Fatalf("%s: %v", how, err)
		}
		if sum.Answers != 1 || sum.Reasons["no_value"] != 1 || len(sum.Lost) != 1 || !strings.Contains(sum.Lost[0], says) {
			t.Errorf("growth, %s: %+v", how, sum)
		}
	}
}

func TestVerify(t *testing.T) {
	states := func(m Models, name string) string {
		found, err := m.Verify(context.Background(), name)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, f := range found {
			out = append(out, f.What+" "+f.State)
		}
		return strings.Join(out, ", ")
	}
	m := pureGo(t)
	for name, want := range map[string]string{
		"lai":        "files ok, onnx-go ok, onnxruntime -",
		"crop-small": "files ok, onnx-go ok, onnxruntime -",
		"crop":       "files ok, onnxruntime -",
	} {
		if got := states(m, name); got != want {
			t.Errorf("%s: %s, wanted %s", name, got, want)
		}
	}
	for how, says := range map[string]string{"panic": "index out of range", "error": "out of memory", "nan": "+Inf", "off": "0.01"} {
		m.Runtimes = []models.Runtime{faulty{how: how}}
		found, err := m.Verify(context.Background(), "crop-small")
		if err != nil || len(found) != 3 || found[1].State != Failed || !strings.Contains(found[1].Detail, says) {
			t.Errorf("%s: %v, %v; wanted a failure that says %q", how, found, err, says)
		}
	}
}

// A model of one's own, in a folder: taken as it is, refused when its network or
// its card was changed.
func TestVerifyOwnModels(t *testing.T) {
	card, network, domain := shipped(t, "lai.json"), shipped(t, "lai.onnx"), shipped(t, "sl2p.domain")
	vectors := `{"inputs": [[0.06,0.03,0.09,0.28,0.35,0.38,0.18,0.09,1,0.8,0]], "outputs": [[%s]]}`
	for what, c := range map[string]struct {
		spoil func(files map[string]string)
		says  string
	}{
		"as it is":               {func(map[string]string) {}, ""},
		"another checksum":       {func(f map[string]string) { f["mine.onnx"] += "x" }, "sha256"},
		"another domain":         {func(f map[string]string) { f["sl2p.domain"] += "x" }, "sl2p.domain"},
		"an operator not listed": {func(f map[string]string) { f["mine.json"] = strings.Replace(f["mine.json"], `"Tanh"`, `"Relu"`, 1) }, "Tanh"},
		"an operator not there": {func(f map[string]string) {
			f["mine.json"] = strings.Replace(f["mine.json"], `"Tanh"`, `"Tanh", "Conv"`, 1)
		}, "Conv"},
		"a vector of another size": {func(f map[string]string) { f["v.vectors.json"] = `{"inputs": [[1]], "outputs": [[1]]}` }, "vector 1"},
		"a vector that is off":     {func(f map[string]string) { f["v.vectors.json"] = fmt.Sprintf(vectors, "5") }, "1 test vectors"},
		"vectors missing":          {func(f map[string]string) { delete(f, "v.vectors.json") }, "v.vectors.json"},
	} {
		edited := strings.NewReplacer(`"name": "lai"`, `"name": "mine", "vectors": "v.vectors.json"`, `"file": "lai.onnx"`, `"file": "mine.onnx"`).Replace(card)
		m := pureGo(t)
		lai, err := m.run(context.Background(), "lai", onnxgo.New(), []float32{0.06, 0.03, 0.09, 0.28, 0.35, 0.38, 0.18, 0.09, 1, 0.8, 0}, 1)
		if err != nil {
			t.Fatal(err)
		}
		files := map[string]string{"mine.json": edited, "mine.onnx": network, "sl2p.domain": domain, "v.vectors.json": fmt.Sprintf(vectors, fmt.Sprint(lai[0]))}
		c.spoil(files)
		dir := t.TempDir()
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		own, err := models.OpenFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		m.Registry = own.Over(m.Registry)
		found, err := m.Verify(context.Background(), "mine")
		if err != nil {
			t.Fatal(err)
		}
		var failed []string
		for _, f := range found {
			if f.State == Failed {
				failed = append(failed, f.Detail)
			}
		}
		if (c.says == "") != (len(failed) == 0) || c.says != "" && !strings.Contains(strings.Join(failed, "; "), c.says) {
			t.Errorf("%s: %+v; wanted a failure that says %q", what, found, c.says)
		}
	}
}

func shipped(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("../../models/shipped/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
