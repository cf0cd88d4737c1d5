package models

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parus-lending/parus/parcels"
	"google.golang.org/protobuf/encoding/protowire"
)

// described is what lies beside a network of ukis-csmask, shortened to two bands
// and squares of two pixels.
const described = `{"data":{"class_weights":[0.5,1,4],"target_size":[2,2],"dataset_statistics":{"img":[[0.1,0.2],[0.5,0.25]],"band_names":["blue","swir16"]}},"model":{"version":"1.0.0-test"}}`

// echo is a runtime whose network gives set logits and keeps what it was given.
type echo struct {
	given, logits []float32
}

func (*echo) Name() string                          { return OnnxRuntime + " test" }
func (e *echo) Open(*Card, []byte) (Session, error) { return e, nil }
func (*echo) Close() error                          { return nil }
func (e *echo) Run(_ context.Context, in []float32, rows int) ([]float32, error) {
	e.given = in
	return e.logits, nil
}

// oneNode is an ONNX file with a single node: ModelProto.graph = 7,
// GraphProto.node = 1, NodeProto.op_type = 4.
func oneNode(op string) []byte {
	wrap := func(n protowire.Number, b []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(nil, n, protowire.BytesType), b)
	}
	return wrap(7, wrap(1, wrap(4, []byte(op))))
}

func cloudFolder(t *testing.T, change func(*Card)) *Registry {
	t.Helper()
	c, err := csmaskCard([]byte(described))
	if err != nil {
		t.Fatal(err)
	}
	onnx := oneNode("Conv")
	sum := sha256.Sum256(onnx)
	c.Name, c.File, c.SHA256, c.Validity, c.Operators = CloudL2A, "cloud-l2a.onnx", hex.EncodeToString(sum[:]), "test", []string{"Conv"}
	change(c)
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(fstest.MapFS{"cloud-l2a.json": {Data: b}, "cloud-l2a.onnx": {Data: onnx}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// By hand. Scaled: (0.6 − 0.1)/0.5 = 1, (0.7 − 0.2)/0.25 = 2; NaN stands as 0.
// Logits of pixel 0: 1.0, 1.2, 1.3 less ln 0.5, ln 1, ln 4 = 1.69, 1.2, −0.09:
// clear. Pixel 1: 0, 2, 3 → 0.69, 2, 1.61: cloud, though shadow had the most.
// Pixel 2: 0, 0, 3 → 0.69, 0, 1.61: shadow. Pixel 3 has no data.
func TestCloudNetByHand(t *testing.T) {
	rt := &echo{logits: []float32{1, 0, 0, 9, 1.2, 2, 0, 9, 1.3, 3, 3, 9}}
	n, err := NewCloudNet(cloudFolder(t, func(*Card) {}), CloudL2A, rt)
	if err != nil {
		t.Fatal(err)
	}
	nan := float32(math.NaN())
	got, err := n.Classify(context.Background(), [][]float32{{0.6, 0.1, 0.1, 0.6}, {0.7, 0.2, 0.2, nan}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []CloudClass{SkyClear, SkyCloud, SkyShadow, SkyUnknown} {
		if got[i] != want {
			t.Errorf("pixel %d: class %d, want %d", i, got[i], want)
		}
	}
	for i, want := range []float32{1, 0, 0, 1, 2, 0, 0, 0} {
		if math.Abs(float64(rt.given[i]-want)) > 1e-6 {
			t.Errorf("input %d is %g, want %g", i, rt.given[i], want)
		}
	}
	clear, err := n.Clear(context.Background(), [][]float32{{0.6, 0.1, 0.1, 0.6}, {0.7, 0.2, 0.2, nan}})
	if err != nil || clear[0] != 1 || clear[1] != 0 || clear[2] != 0 || clear[3] == clear[3] {
		t.Errorf("clear %v, %v", clear, err)
	}
	if plain, err := n.Unweighted().Classify(context.Background(), [][]float32{{0, 0, 0, 0}, {0, 0, 0, 0}}); err != nil || plain[1] != SkyShadow {
		t.Errorf("without weights pixel 1 is %v, %v; shadow has the largest logit", plain, err)
	}
	rt.logits[0] = nan
	if _, err := n.Classify(context.Background(), [][]float32{{0, 0, 0, 0}, {0, 0, 0, 0}}); err == nil || !strings.Contains(err.Error(), "NaN") {
		t.Errorf("NaN: %v", err)
	}
	if _, err := n.Classify(context.Background(), [][]float32{{0}, {0}}); err == nil {
		t.Error("planes of one pixel were taken")
	}
	for what, change := range map[string]func(*Card){
		"task":    func(c *Card) { c.Task = "crop" },
		"classes": func(c *Card) { c.Classes = []string{"clear", "shadow", "cloud"} },
		"bands":   func(c *Card) { c.Inputs[1].Name = "B99" },
		"std":     func(c *Card) { c.Inputs[0].Std = 0 },
		"shape":   func(c *Card) { c.OutputShape = []int{2, 2, 2} },
	} {
		if _, err := NewCloudNet(cloudFolder(t, change), CloudL2A, rt); err == nil {
			t.Errorf("a card with another %s was taken", what)
		}
	}
}

func TestImportRefusesOtherReleases(t *testing.T) {
	for what, c := range map[string]struct {
		files fstest.MapFS
		says  string
	}{
		"nothing in it": {fstest.MapFS{}, "pip download"},
		"other network": {fstest.MapFS{"ukis_csmask/model_6b_l2a.onnx": {Data: oneNode("Conv")}, "ukis_csmask/model_6b_l2a.json": {Data: []byte(described)}}, "only that release"},
	} {
		dir := t.TempDir()
		names, err := ImportCsmask(c.files, dir, parcels.Date{Year: 2026, Month: 1, Day: 1})
		if err == nil || !strings.Contains(err.Error(), c.says) || len(names) > 0 {
			t.Errorf("%s: %v, %v", what, names, err)
		}
	}
}

// Whatever lies beside a network gives a card that can be opened, or an error.
func FuzzCsmaskCard(f *testing.F) {
	f.Add([]byte(described))
	f.Add([]byte(`{"data":{"target_size":[-1,2]}}`))
	f.Add([]byte(`{"data":{"class_weights":[0,0,0],"target_size":[2,2],"dataset_statistics":{"img":[[],[]],"band_names":[]}}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := csmaskCard(b)
		if err != nil {
			return
		}
		if len(c.Inputs) != c.InputShape[0] || len(c.ClassWeights) != len(c.Classes) {
			t.Errorf("%d inputs of shape %v, %d weights of %d classes", len(c.Inputs), c.InputShape, len(c.ClassWeights), len(c.Classes))
		}
	})
}
