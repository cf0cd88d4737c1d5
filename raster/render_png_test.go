package raster

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"
)

// made is a canvas with random pixels, some of them clear.
func made(r *Renderer, width, height int, indexed, clear bool) *canvas {
	rng := rand.New(rand.NewPCG(uint64(width), uint64(height)))
	c := r.canvas(Frame{Width: width, Height: height}, indexed)
	for i := range int32(width * height) {
		switch v := rng.Uint32(); {
		case clear && v%3 == 0:
		case indexed:
			c.set(i, uint8(1+(v>>8)%255))
		default:
			c.setRGB(i, uint8(v>>8), uint8(v>>16), uint8(v>>24))
		}
	}
	return c
}

// image/png reads back every pixel of what is written: with a palette, in
// colour with and without clear pixels, of any width, from canvases used again.
func TestPNGReadsBack(t *testing.T) {
	r := newDrawn().renderer(t)
	ramp := Viridis.palette()
	for _, size := range [][2]int{{256, 256}, {1, 1}, {3, 7}, {512, 2}, {255, 1}} {
		for k := range 4 {
			c := made(r, size[0], size[1], k%2 == 0, k < 2)
			img, err := png.Decode(bytes.NewReader(c.encode(ramp)))
			if err != nil {
				t.Fatal(err)
			}
			if img.Bounds() != image.Rect(0, 0, size[0], size[1]) {
				t.Fatalf("%v: %v", size, img.Bounds())
			}
			if _, palette := img.(*image.Paletted); palette != (k%2 == 0) {
				t.Errorf("%v: read as %T", size, img)
			}
			if opaque := img.(interface{ Opaque() bool }).Opaque(); k == 3 && !opaque {
				t.Errorf("%v: a picture without clear pixels has transparency", size)
			}
			for i := range size[0] * size[1] {
				want := color.NRGBA{}
				switch {
				case !c.done[i]:
				case k%2 == 0:
					rgb := ramp[c.indexed[i]]
					want = color.NRGBA{rgb[0], rgb[1], rgb[2], 255}
				default:
					want = color.NRGBA{c.rgba[4*i], c.rgba[4*i+1], c.rgba[4*i+2], 255}
				}
				if got := colorAt(img, i%size[0], i/size[0]); got != want {
					t.Fatalf("%v, kind %d: pixel %d is %v, want %v", size, k, i, got, want)
				}
			}
			r.spare.Put(c)
		}
	}
}
