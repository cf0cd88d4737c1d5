package raster

import (
	"context"
	"fmt"
	"sort"
)

// Sample is a fixed look at a scene: the same pixels on every date of a tile,
// enough to tell whether its digital numbers carry the radiometric offset.
type Sample struct {
	Usable  int     `json:"usable"`   // pixels of the sample that are land seen clear
	Green   int     `json:"green"`    // those that the scene classification calls vegetation
	DarkRed float64 `json:"dark_red"` // 5th percentile of red DN on the green pixels; 0 = none
	// Red is the red DN of each sampled pixel, 0 where it was not usable.
	Red []uint16 `json:"red"`
}

// The sample: up to 3 × 3 windows of 48 × 48 pixels of 20 m, every second pixel.
const (
	sampleGrid   = 3
	sampleWindow = 48
	sampleStep   = 2
)

// SampleScene reads SCL and red in the sample windows of the scene's own grid.
func SampleScene(ctx context.Context, r Reader, s Scene) (Sample, error) {
	var out Sample
	red, ok := s.Assets[B04]
	scl, ok2 := s.Assets[SCL]
	if !ok || !ok2 {
		return out, fmt.Errorf("scene %s has no %s or no %s band", s.ID, B04, SCL)
	}
	g, err := gridFor(ctx, r, scl)
	if err != nil {
		return out, fmt.Errorf("scene %s: %w", s.ID, err)
	}
	if g.Res != 20 {
		return out, fmt.Errorf("scene %s: its SCL has pixels of %g m where 20 m are expected", s.ID, g.Res)
	}
	ten := Grid{EPSG: g.EPSG, X0: g.X0, Y0: g.Y0, Res: 10, Width: 2 * g.Width, Height: 2 * g.Height}
	rg, err := gridFor(ctx, r, red)
	if err != nil {
		return out, fmt.Errorf("scene %s: %w", s.ID, err)
	}
	fine := rg.Res == 10
	var dark []uint16
	for _, w := range sampleWindows(g) {
		class := make([]uint16, w.Width*w.Height)
		if err := readAligned(ctx, r, scl, g, w, class); err != nil {
			return out, fmt.Errorf("scene %s, %s: %w", s.ID, SCL, err)
		}
		base, rw, k := g, w, 1
		if fine {
			base, rw, k = ten, Window{2 * w.Col, 2 * w.Row, 2 * w.Width, 2 * w.Height}, 2
		}
		dn := make([]uint16, rw.Width*rw.Height)
		if err := readAligned(ctx, r, red, base, rw, dn); err != nil {
			return out, fmt.Errorf("scene %s, %s: %w", s.ID, B04, err)
		}
		for row := 0; row < w.Height; row += sampleStep {
			for col := 0; col < w.Width; col += sampleStep {
				c, v := class[row*w.Width+col], dn[k*row*rw.Width+k*col]
				if (c != 4 && c != 5) || v == 0 {
					out.Red = append(out.Red, 0)
					continue
				}
				out.Red = append(out.Red, v)
				out.Usable++
				if c == 4 {
					dark = append(dark, v)
				}
			}
		}
	}
	out.Green = len(dark)
	if out.Green > 0 {
		sort.Slice(dark, func(i, j int) bool { return dark[i] < dark[j] })
		out.DarkRed = float64(dark[len(dark)/20])
	}
	return out, nil
}

func gridFor(ctx context.Context, r Reader, a Asset) (Grid, error) {
	if a.Grid.Width > 0 {
		return a.Grid, nil
	}
	return r.Describe(ctx, a)
}

// sampleWindows spreads the windows evenly over the grid; a small image gives
// one that covers it.
func sampleWindows(g Grid) []Window {
	if g.Width <= sampleGrid*sampleWindow || g.Height <= sampleGrid*sampleWindow {
		return []Window{Window{0, 0, min(g.Width, sampleGrid*sampleWindow), min(g.Height, sampleGrid*sampleWindow)}}
	}
	var out []Window
	for i := range sampleGrid {
		for j := range sampleGrid {
			out = append(out, Window{(2*j + 1) * g.Width / (2 * sampleGrid), (2*i + 1) * g.Height / (2 * sampleGrid), sampleWindow, sampleWindow}.clip(g))
		}
	}
	return out
}
