package main

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/raster"
)

func readPNG(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// scenes picture draws a scene of the sample county in a style, by a formula,
// whole and in a box.
func TestScenesPicture(t *testing.T) {
	catalog := filepath.Join(smallCounty(t), "scenes")
	listed := listScenes(t, catalog)
	id := listed.Scenes[len(listed.Scenes)/2].ID
	out := filepath.Join(t.TempDir(), "new", "p.png")
	parus(t, "scenes", "picture", catalog, id, "--out", out, "--width", "300")
	whole := readPNG(t, out)
	drawn, colours := 0, map[any]bool{}
	b := whole.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			if _, _, _, a := whole.At(x, y).RGBA(); a > 0 {
				drawn++
				colours[whole.At(x, y)] = true
			}
		}
	}
	if b.Dx() != 300 || drawn < b.Dx()*b.Dy()*9/10 || len(colours) < 20 {
		t.Errorf("%v: %d pixels drawn in %d colours", b, drawn, len(colours))
	}
	parus(t, "scenes", "picture", catalog, id, "--out", out, "--formula", "B08/B04", "--hi", "10", "--ramp", "cividis", "--width", "64", "--bbox=100,20,101,21")
	if _, _, _, a := readPNG(t, out).At(30, 30).RGBA(); a != 0 {
		t.Error("a box far from the scene is not empty")
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{id, "--style", "ndvj"}, 2, "truecolor"},
		{[]string{id, "--formula", "B08-"}, 2, "character 5"},
		{[]string{id, "--formula", "B08", "--lo", "1"}, 2, "range 1 to 1"},
		{[]string{id, "--bbox", "1,2,3"}, 2, "west,south,east,north"},
		{[]string{id, "--bbox", "3,2,1,4"}, 2, "west 3"},
		{[]string{id, "--width", "0"}, 2, "0 ×"},
		{[]string{"S2_NONE"}, 1, listed.Scenes[0].ID},
	} {
		text, err := command(append([]string{"scenes", "picture", catalog, "--out", out}, c.args...)...).CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != c.code || !strings.Contains(string(text), c.want) {
			t.Errorf("%v: %v, want exit %d\n%s", c.args, err, c.code, text)
		}
	}
}

// The help and docs/pictures.md name every style, with its formula and range.
func TestStylesAreWrittenDown(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "pictures.md"))
	if err != nil {
		t.Fatal(err)
	}
	help := parus(t, "scenes", "picture", "--help")
	for _, s := range raster.Styles {
		if !strings.Contains(help, s.Name) {
			t.Errorf("the help does not name %s", s.Name)
		}
		row := ""
		for _, line := range strings.Split(string(doc), "\n") {
			if strings.HasPrefix(line, "| `"+s.Name+"` |") {
				row = strings.ReplaceAll(line, "−", "-")
			}
		}
		if !strings.Contains(row, s.Formula) || !strings.Contains(row, fmt.Sprintf("%g to %g", s.Lo, s.Hi)) && len(s.Classes) == 0 {
			t.Errorf("docs/pictures.md has no row of %s, %q, %g to %g: %s", s.Name, s.Formula, s.Lo, s.Hi, row)
		}
	}
}
