package gdal

import (
	"bytes"
	"context"
	"image/color"
	"image/png"
	"testing"

	"github.com/parus-lending/parus/raster"
)

// realPixels are colours of pixels of tile 15/16659/10996 over the real patch on
// 15 July 2018, "" where it is not: position by pyproj 3.7.2, DN by GDAL's
// gdal_translate to XYZ, colours by the formulas of docs/pictures.md in Python.
// Left out are pixels whose centre lies within a fiftieth of a scene pixel's
// edge.
var realPixels = []struct {
	col, row             int
	truecolor, ndvi, scl string
}{
	{3, 3, "", "", ""},
	{10, 100, "756c5d", "219c88", "00a000"},
	{250, 250, "", "", ""},
	{255, 0, "", "", ""},
	{130, 183, "2a422d", "fde725", "00a000"},
	{14, 238, "77664f", "2fb17c", "00a000"},
	{127, 26, "", "", ""},
	{80, 57, "787661", "21928c", "ffe65a"},
	{190, 240, "", "", ""},
	{126, 194, "2f4231", "f0e525", "00a000"},
	{52, 127, "43523f", "b4dd2c", "00a000"},
	{6, 110, "72635d", "2d728e", "ffe65a"},
	{208, 143, "", "", ""},
	{93, 199, "4e5941", "81d34c", "00a000"},
	{81, 36, "a8aaa3", "34628d", "ffe65a"},
	{71, 227, "42513c", "b4dd2c", "00a000"},
	{64, 67, "98887b", "38578b", "ffe65a"},
	{0, 2, "", "", ""},
	{107, 110, "364a36", "dce326", "00a000"},
	{84, 85, "5b6247", "60c860", "00a000"},
	{148, 160, "344935", "e9e425", "00a000"},
	{101, 104, "414d3a", "b6de2a", "00a000"},
	{93, 100, "61604a", "4fc36a", "00a000"},
	{196, 152, "", "", ""},
	{11, 184, "3c4836", "94d640", "00a000"},
	{212, 84, "", "", ""},
	{33, 169, "8b8375", "2b758e", "ffe65a"},
	{154, 1, "", "", ""},
	{173, 33, "", "", ""},
}

func TestPictureOfRealScene(t *testing.T) {
	var scene raster.Scene
	for _, s := range patchScenes(t) {
		if s.ID == "S2_20180715T105300" {
			scene = s
		}
	}
	r := raster.NewRenderer(func() raster.LevelReader { return Open(Options{}) }, raster.RenderOptions{})
	defer r.Close()
	for k, name := range []string{"truecolor", "ndvi", "scl"} {
		style, err := raster.StyleByName(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := r.Tile(context.Background(), 15, 16659, 10996, []raster.Scene{scene}, style, raster.TileOptions{})
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range realPixels {
			text := []string{p.truecolor, p.ndvi, p.scl}[k]
			got := color.NRGBAModel.Convert(img.At(p.col, p.row)).(color.NRGBA)
			if text == "" {
				if got.A != 0 {
					t.Errorf("%s: pixel %d, %d is %v outside the scene", name, p.col, p.row, got)
				}
				continue
			}
			var want raster.RGB
			if err := want.UnmarshalText([]byte("#" + text)); err != nil {
				t.Fatal(err)
			}
			if got.A != 255 || apart(got.R, want[0]) > 1 || apart(got.G, want[1]) > 1 || apart(got.B, want[2]) > 1 {
				t.Errorf("%s: pixel %d, %d is %v, want %v", name, p.col, p.row, got, want)
			}
		}
	}
}

func apart(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
