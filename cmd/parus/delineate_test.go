package main

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The commands over the sample county: fields are proposed on its land, and
// scored against its parcels.
func TestDelineateAndScore(t *testing.T) {
	county := smallCounty(t)
	out := filepath.Join(t.TempDir(), "p.gpkg")
	said := parus(t, "parcels", "delineate", "--scenes", filepath.Join(county, "scenes", "catalog.json"), "--within", filepath.Join(county, "parcels.gpkg"), "--out", out)
	if !strings.Contains(said, "fields proposed") || !strings.Contains(said, "suggestions") {
		t.Errorf("the summary says\n%s", said)
	}
	said = parus(t, "parcels", "score", out, filepath.Join(county, "parcels.gpkg"))
	for _, want := range []string{"IoU of the extent", "object F1 at IoU 0.5", "over-segmentation"} {
		if !strings.Contains(said, want) {
			t.Errorf("the score does not say %q:\n%s", want, said)
		}
	}
	if said = parus(t, "parcels", "score", "--format", "json", out, out); !strings.Contains(said, `"ObjectF1": 1`) {
		t.Errorf("a file scored against itself:\n%s", said)
	}
}

func TestDelineateCommandLine(t *testing.T) {
	county := smallCounty(t)
	base := []string{"parcels", "delineate", "--scenes", filepath.Join(county, "scenes", "catalog.json"), "--out", filepath.Join(t.TempDir(), "x.gpkg")}
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{0, "a person", []string{"parcels", "delineate", "--help"}},
		{2, "--out", base[:4]},
		{2, "--bbox", append(base, "--bbox", "1,2,3")},
		{2, "no box", append(base, "--bbox", "3,2,1,4")},
		{2, "is no area", append(base, "--min-area", "small")},
		{2, "--join", append(base, "--join", "-1")},
		{2, "--crs", append(base, "--crs", "3857")},
		{1, "widen", append(base, "--from", "2031-01-01")},
		{1, "widen", append(base, "--bbox", "10,10,11,11")},
		{1, "roster.csv", []string{"parcels", "score", filepath.Join(county, "parcels.gpkg"), filepath.Join(county, "roster.csv")}},
	} {
		b, err := command(c.args...).CombinedOutput()
		var e *exec.ExitError
		code := 0
		if errors.As(err, &e) {
			code = e.ExitCode()
		}
		if code != c.code || !strings.Contains(string(b), c.says) {
			t.Errorf("%v: exit %d, want %d saying %q:\n%s", c.args, code, c.code, c.says, b)
		}
	}
}

func TestPixelsOf(t *testing.T) {
	for text, want := range map[string]int{"1.5mu": 10, "3 mu": 20, "0.1ha": 10, "2000m2": 20, "200ha": 20000} {
		if got, err := pixelsOf(text); err != nil || got != want {
			t.Errorf("%s: %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "mu", "-1mu", "12", "1e300ha", "NaNha"} {
		if got, err := pixelsOf(text); err == nil {
			t.Errorf("%q gave %d", text, got)
		}
	}
}
