package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The commands as a user meets them: what they print and how they exit.
func TestModelsCommands(t *testing.T) {
	dir := t.TempDir()
	table := filepath.Join(dir, "t.csv")
	text := "B03,B04,B05,B06,B07,B8A,B11,B12,view_zenith,sun_zenith,relative_azimuth,name\n.06,.03,.09,.28,.35,.38,.18,.09,5,35,90,wheat\n"
	if err := os.WriteFile(table, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out.csv")
	for _, c := range []struct {
		args []string
		exit int
		says []string
	}{
		{[]string{"models", "list"}, 0, []string{"crop-small", "lai-cab", "shipped", "in service"}},
		{[]string{"models", "list", "--json"}, 0, []string{`"sha256"`, `"known_failures"`}},
		{[]string{"models", "show", "crop-small"}, 0, []string{"known failures", "min_probability", "winter_wheat", "trained on"}},
		{[]string{"models", "show", "crops"}, 1, []string{`no model is called "crops"`, "crop-small"}},
		{[]string{"models", "verify", "lai", "crop-small", "--runtime", "onnx-go"}, 0, []string{"ok    lai, files", "ok    crop-small, onnx-go", "test vectors"}},
		{[]string{"models", "run", "lai", "--in", table, "--out", out, "--runtime", "onnx-go"}, 0, []string{"lai 2.1.0 in onnx-go: 1 rows read, 1 answers"}},
		{[]string{"models", "run", "lai", "--in", table, "--out", table}, 2, []string{"same file"}},
		{[]string{"models", "run", "lai", "--in", table, "--out", filepath.Join(dir, "no", "out.csv")}, 2, []string{"does not exist"}},
		{[]string{"models", "run", "crop-small", "--in", table, "--out", out, "--runtime", "onnx-go"}, 1, []string{"lacks the columns id, date"}},
		{[]string{"models", "run", "crop", "--in", table, "--out", out, "--runtime", "onnx-go"}, 1, []string{"model crop runs in onnxruntime only", "--runtime onnx-go was asked for"}},
		{[]string{"models", "run", "--help"}, 0, []string{"cos_sun_zenith", "p_CLASS", "--models"}},
		{[]string{"models", "verify", "--models", dir}, 1, []string{"holds no card"}},
	} {
		cmd := command(c.args...)
		said, _ := cmd.CombinedOutput()
		if got := cmd.ProcessState.ExitCode(); got != c.exit {
			t.Errorf("%v: exit code %d, wanted %d\n%s", c.args, got, c.exit, said)
		}
		for _, s := range c.says {
			if !strings.Contains(string(said), s) {
				t.Errorf("%v does not say %q:\n%s", c.args, s, said)
			}
		}
	}
	b, err := os.ReadFile(out)
	if err != nil || !strings.Contains(string(b), "wheat,") || !strings.Contains(string(b), "name,lai,") {
		t.Errorf("%v: %s", err, b)
	}
	said, err := command("models", "list", "--json").Output()
	var cards []map[string]any
	if err != nil || json.Unmarshal(said, &cards) != nil || len(cards) < 7 {
		t.Errorf("list --json gave %d cards: %v", len(cards), err)
	}
}

// A library that is missing, or is no library, is a clear error.
func TestMissingLibrary(t *testing.T) {
	dir := t.TempDir()
	table := filepath.Join(dir, "t.csv")
	if err := os.WriteFile(table, []byte("id,date,B02,B03,B04,B05,B06,B07,B08,B11,B12\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(dir, "libonnxruntime.so.1")
	if err := os.WriteFile(broken, []byte("no library"), 0o644); err != nil {
		t.Fatal(err)
	}
	for lib, says := range map[string][]string{
		filepath.Join(dir, "nowhere.so"): {"PARUS_ORT_LIB", "nowhere.so", "make setup"},
		broken:                           {"start ONNX Runtime from " + broken, "parus doctor"},
	} {
		cmd := command("models", "run", "crop", "--in", table, "--out", filepath.Join(dir, "o.csv"))
		cmd.Env = append(cmd.Environ(), "PARUS_ORT_LIB="+lib)
		said, _ := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != 1 {
			t.Errorf("%s: exit code %d", lib, cmd.ProcessState.ExitCode())
		}
		for _, s := range says {
			if !strings.Contains(string(said), s) {
				t.Errorf("%s: the error does not say %q:\n%s", lib, s, said)
			}
		}
	}
}
