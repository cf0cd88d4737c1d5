package models_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/onnxgo"
)

// shippedFiles copies the lai model of the binary into a folder that a test may
// spoil.
func shippedFiles(t *testing.T) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	for _, name := range []string{"lai.json", "lai.onnx", "sl2p.domain"} {
		out[name] = &fstest.MapFile{Data: readFile(t, "shipped/"+name)}
	}
	return out
}

// edit changes one field of the card lai.json; nil removes it.
func edit(t *testing.T, files fstest.MapFS, field string, value any) {
	t.Helper()
	var card map[string]any
	if err := json.Unmarshal(files["lai.json"].Data, &card); err != nil {
		t.Fatal(err)
	}
	card = maps.Clone(card)
	if value == nil {
		delete(card, field)
	} else {
		card[field] = value
	}
	b, err := json.Marshal(card)
	if err != nil {
		t.Fatal(err)
	}
	files["lai.json"] = &fstest.MapFile{Data: b}
}

func TestShippedCards(t *testing.T) {
	reg, err := models.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"lai", "fapar", "fcover", "lai-cab", "lai-cw", "crop", "crop-small"} {
		if _, err := reg.Card(name); err != nil {
			t.Error(err)
		}
	}
	if _, err := reg.Card("wheat-oracle"); err == nil || !strings.Contains(err.Error(), "fapar") {
		t.Errorf("an unknown model gave %v; wanted an error that lists what there is", err)
	}
}

func TestCardWithoutAFieldIsRefused(t *testing.T) {
	for _, field := range []string{"name", "version", "task", "file", "sha256", "input_name", "input_shape", "inputs", "output_name", "output_shape",
		"outputs", "operators", "runtimes", "training", "validity", "known_failures", "licence", "owner", "tested"} {
		files := shippedFiles(t)
		edit(t, files, field, nil)
		if _, err := models.Open(files); err == nil || !strings.Contains(err.Error(), field) || !strings.Contains(err.Error(), "lai.json") {
			t.Errorf("a card without %s gave %v; wanted an error that names the card and the field", field, err)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, c := range []struct {
		what  string
		spoil func(fstest.MapFS)
		says  string
	}{
		{"one bit of the network changed", func(f fstest.MapFS) {
			b := append([]byte(nil), f["lai.onnx"].Data...)
			b[len(b)/2] ^= 1
			f["lai.onnx"] = &fstest.MapFile{Data: b}
		}, "sha256"},
		{"the file is missing", func(f fstest.MapFS) { delete(f, "lai.onnx") }, "lai.onnx"},
		{"the card hides an operator", func(f fstest.MapFS) { edit(t, f, "operators", []string{"Gemm"}) }, "Tanh"},
		{"the card is for another runtime", func(f fstest.MapFS) { edit(t, f, "runtimes", []string{"onnxruntime"}) }, "onnx-go"},
	} {
		files := shippedFiles(t)
		c.spoil(files)
		reg, err := models.Open(files)
		if err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		if _, _, err := reg.Load("lai", onnxgo.New()); err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "model lai") {
			t.Errorf("%s: load gave %v; wanted a refusal that names the model and %q", c.what, err, c.says)
		}
	}
	files := shippedFiles(t)
	files["sl2p.domain"] = &fstest.MapFile{Data: []byte{1, 2, 3, 4}}
	reg, err := models.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := models.NewGrowthNet(reg, "lai", onnxgo.New()); err == nil || !strings.Contains(err.Error(), "sl2p.domain") {
		t.Errorf("another domain gave %v; wanted a refusal that names the file", err)
	}
}

func TestSameNameTwiceIsRefused(t *testing.T) {
	files := shippedFiles(t)
	files["again.json"] = files["lai.json"]
	if _, err := models.Open(files); err == nil || !strings.Contains(err.Error(), "lai") {
		t.Errorf("two cards of one name gave %v", err)
	}
}
