package outline

import (
	"context"
	"math"
	"slices"
)

// never marks pixels that are not looked at: not seen on any date, or not to be
// used.
var never = float32(math.Inf(1))

// tooStrong is where an edge of one date stops to count more: the rim of a cloud
// that the mask has missed, a roof.
const tooStrong = 12

// edgeMap is the strength of edges over all dates.
type edgeMap struct {
	strength []float32 // root of the mean square over dates, in units of noise; never where not seen
	dates    []uint16  // on which the pixel and its neighbours were seen
}

// edges adds up the gradients of all dates.
func edges(ctx context.Context, d Dates) (*edgeMap, error) {
	w, h := d.Size()
	e := &edgeMap{make([]float32, w*h), make([]uint16, w*h)}
	one := make([]float32, w*h)
	for i := range d.Len() {
		img, err := d.Image(ctx, i)
		if err != nil {
			return nil, err
		}
		gradients(one, img, d.Noise(i), w, h)
		for k, v := range one {
			if v == v {
				v = min(v, tooStrong*tooStrong)
				e.strength[k] += v
				e.dates[k]++
			}
		}
	}
	for k, n := range e.dates {
		if n == 0 {
			e.strength[k] = never
			continue
		}
		e.strength[k] = float32(math.Sqrt(float64(e.strength[k]) / float64(n)))
	}
	return e, ctx.Err()
}

// gradients fills dst with the squared gradient of each pixel, the mean over the
// bands of (gradient / noise)²; NaN where the pixel or one it rests on is not
// seen.
func gradients(dst []float32, img [4][]float32, noise [4]float32, w, h int) {
	nan := float32(math.NaN())
	clear(dst)
	bands := float32(0)
	tone := make([]float32, len(dst))
	for b, px := range img {
		if px == nil || !(noise[b] > 0) {
			continue
		}
		bands++
		for i, v := range px {
			tone[i] = toneOf(v)
		}
		px = tone
		scale := 1 / (noise[b] * noise[b])
		for y := range h {
			up, down := max(y-1, 0)*w, min(y+1, h-1)*w
			for x := range w {
				l, r := max(x-1, 0), min(x+1, w-1)
				gx, gy := slope(px, up, y*w, down, l, r), slope(px, l, x, r, up, down)
				dst[y*w+x] += (gx*gx + gy*gy) * scale
			}
		}
	}
	for i := range dst {
		if bands == 0 {
			dst[i] = nan
			continue
		}
		dst[i] /= bands
	}
}

// toneOf is the logarithm of reflectance: what varies within a field, varies in
// proportion to how bright it is. Below a few per cent it flattens, where noise
// and haze do not shrink with the light.
func toneOf(v float32) float32 {
	return float32(math.Log(float64(max(v, 0)) + darkest))
}

// darkest is the reflectance that tones flatten at.
const darkest = 0.02

// slope is the difference across a pixel from one side to the other, weighted
// 3 : 10 : 3 over three lines (Scharr 2000), for one step of a pixel. Adding a
// line's offset to a side's gives the pixel.
func slope(px []float32, before, at, after, from, to int) float32 {
	return (3*(px[before+to]-px[before+from]) + 10*(px[at+to]-px[at+from]) + 3*(px[after+to]-px[after+from])) / 32
}

// NoiseOf is how much neighbouring pixels differ where there is no edge, for each
// band over sample windows of one date: the median gradient of even ground, told
// from the 30th percentile of all ground, since a third of nearly any land lies
// in even ground. 0 where nothing is seen.
func NoiseOf(images [][4][]float32, width, height []int) [4]float32 {
	var out [4]float32
	for b := range out {
		var all []float32
		for i, img := range images {
			if img[b] == nil {
				continue
			}
			one := [4][]float32{img[b]}
			g := make([]float32, len(img[b]))
			gradients(g, one, [4]float32{1}, width[i], height[i])
			for _, v := range g {
				if v == v {
					all = append(all, v)
				}
			}
		}
		if len(all) > 0 {
			slices.Sort(all)
			out[b] = max(medianOfEven*float32(math.Sqrt(float64(all[int(evenShare*float64(len(all)))]))), quietest)
		}
	}
	return out
}

// The gradient of even ground is Rayleigh distributed: its median is this many
// times the value that evenShare of it stays below, √(ln 2 / −ln(1 − 0.3)).
const (
	evenShare    = 0.3
	medianOfEven = 1.394
)

// quietest is the least noise.
const quietest = 1e-3
