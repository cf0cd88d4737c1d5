package raster

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// SkyJudge calls the pixels of a square image clear or not, such as a cloud
// network.
type SkyJudge interface {
	Bands() []Band // optical bands, in the order of the planes
	Side() int     // pixels of 20 m on a side of the square, more than 2 × SkyMargin
	// Clear gives for each pixel of side × side, row by row, 1 = clear, 0 = cloud
	// or shadow, NaN = no data. Planes hold reflectance 0–1; NaN = no data.
	Clear(ctx context.Context, planes [][]float32) ([]float32, error)
}

// SkyMargin is how many 20 m pixels at the edge of a square are only there for
// their neighbours' sake.
const SkyMargin = 32

// SkyVoice is what a judge says of one shape in one scene.
type SkyVoice struct {
	ParcelID string
	Clear    float64 // share of the shape's usable pixels that are clear; NaN = none could be judged
}

// SkyAnswer is the result of AskSky.
type SkyAnswer struct {
	Voices     []SkyVoice // in the order of shapes
	Squares    int        // that were judged
	Warnings   []Warning
	Unreadable bool
}

// AskSky asks the judge of some shapes of a cover (places in cover.Shapes) in one
// scene. Squares lie on the tile's own 20 m grid, one beside the other but for
// their margin, so what is said of a shape does not depend on which others are
// asked of; only squares that hold a pixel of them are read. Only pixels that the
// mask calls usable count. Beyond the scene's edge the image is mirrored. A band
// that cannot be read becomes a warning, and nothing is said.
func AskSky(ctx context.Context, r Reader, s Scene, cover *Cover, shapes []int, opt ObserveOptions, judge SkyJudge) (*SkyAnswer, error) {
	o := &observer{readers: []Reader{r}, s: s, cover: cover, opt: opt, res: &Result{scene: s, cover: cover}}
	if err := o.readMask(ctx); err != nil {
		return nil, err
	}
	a := &asking{o: o, judge: judge, core: judge.Side() - 2*SkyMargin, clear: make([]float64, len(shapes)), seen: make([]float64, len(shapes))}
	if a.core <= 0 {
		return nil, fmt.Errorf("ask of clouds: squares of %d pixels leave nothing within margins of %d", judge.Side(), SkyMargin)
	}
	for _, at := range a.sort(shapes) {
		if err := a.square(ctx, at); err != nil {
			return nil, fmt.Errorf("scene %s: %w", s.ID, err)
		}
	}
	out := &SkyAnswer{Squares: a.judged, Warnings: o.res.Warnings, Unreadable: o.res.Unreadable}
	for i, k := range shapes {
		v := SkyVoice{ParcelID: cover.Shapes[k].ID, Clear: math.NaN()}
		if a.seen[i] > 0 {
			v.Clear = a.clear[i] / a.seen[i]
		}
		out.Voices = append(out.Voices, v)
	}
	return out, nil
}

// asking is one call of AskSky.
type asking struct {
	o           *observer
	judge       SkyJudge
	core        int
	pixels      map[[2]int][]skyPixel // by square: row, column
	clear, seen []float64
	judged      int
}

// skyPixel is a usable pixel of one of the shapes asked of.
type skyPixel struct {
	shape, row, col int
	fraction        float64
}

// sort puts the usable pixels of the shapes into their squares.
func (a *asking) sort(shapes []int) [][2]int {
	a.pixels = map[[2]int][]skyPixel{}
	m := a.o.mask
	var squares [][2]int
	for i, k := range shapes {
		for _, p := range a.o.cover.At(k, 20).Pixels {
			row, col := int(p.Row), int(p.Col)
			if !m.ok.at(col-m.win.Col, row-m.win.Row) {
				continue
			}
			at := [2]int{row / a.core, col / a.core}
			if len(a.pixels[at]) == 0 {
				squares = append(squares, at)
			}
			a.pixels[at] = append(a.pixels[at], skyPixel{i, row, col, p.Fraction})
		}
	}
	slices.SortFunc(squares, func(x, y [2]int) int { return cmp.Or(x[0]-y[0], x[1]-y[1]) })
	return squares
}

// square judges one square and counts its pixels.
func (a *asking) square(ctx context.Context, at [2]int) error {
	side := a.judge.Side()
	w := Window{at[1]*a.core - SkyMargin, at[0]*a.core - SkyMargin, side, side}
	planes := make([][]float32, len(a.judge.Bands()))
	for i, b := range a.judge.Bands() {
		plane, err := a.o.plane20(ctx, b, w)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			a.o.unreadable(b, UnreadableBand, "for the cloud network: "+err.Error())
			return nil
		}
		planes[i] = plane
	}
	clear, err := a.judge.Clear(ctx, planes)
	if err != nil {
		return err
	}
	if len(clear) != side*side {
		return fmt.Errorf("ask of clouds: %d pixels judged of %d", len(clear), side*side)
	}
	a.judged++
	for _, p := range a.pixels[at] {
		if v := float64(clear[(p.row-w.Row)*side+p.col-w.Col]); !math.IsNaN(v) {
			a.clear[p.shape] += p.fraction * v
			a.seen[p.shape] += p.fraction
		}
	}
	return nil
}

// plane20 is one band of a window of the 20 m grid as reflectance; 10 m bands are
// averaged 2 × 2, NaN = no data. Beyond the scene's edge it is mirrored.
func (o *observer) plane20(ctx context.Context, b Band, w Window) ([]float32, error) {
	asset, ok := o.s.Assets[b]
	if !ok {
		return nil, fmt.Errorf("the scene has no band %s", b)
	}
	k, base := 1, o.cover.Grid20
	if b.tenMetres() {
		k, base = 2, o.cover.Grid10
	}
	fine := Window{w.Col * k, w.Row * k, w.Width * k, w.Height * k}
	dn := make([]uint16, fine.Width*fine.Height)
	if err := readAligned(ctx, o.readers[0], asset, base, fine, dn); err != nil {
		return nil, err
	}
	out := make([]float32, w.Width*w.Height)
	for row := range w.Height {
		for col := range w.Width {
			sum, whole := 0.0, true
			for r := range k {
				for _, v := range dn[(row*k+r)*fine.Width+col*k:][:k] {
					sum += o.reflectance(v)
					whole = whole && v != 0
				}
			}
			out[row*w.Width+col] = float32(sum / float64(k*k))
			if !whole {
				out[row*w.Width+col] = float32(math.NaN())
			}
		}
	}
	if g := asset.Grid; g.Width > 0 {
		dc, dr := offset(g, base)
		mirror(out, w, Window{dc / k, dr / k, g.Width / k, g.Height / k}.intersect(w))
	}
	return out, nil
}

// mirror fills what lies outside the part of the window that has data.
func mirror(plane []float32, w, have Window) {
	if have.empty() || have == w {
		return
	}
	back := func(i, lo, n int) int { // ... 2 1 0 | 0 1 2 ... n-1 | n-1 n-2 ...
		i = ((i-lo)%(2*n) + 2*n) % (2 * n)
		return lo + min(i, 2*n-1-i)
	}
	from := slices.Clone(plane)
	for row := range w.Height {
		r := back(w.Row+row, have.Row, have.Height) - w.Row
		for col := range w.Width {
			plane[row*w.Width+col] = from[r*w.Width+back(w.Col+col, have.Col, have.Width)-w.Col]
		}
	}
}
