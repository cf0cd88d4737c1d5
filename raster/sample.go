package raster

import (
	"context"
	"fmt"
	"slices"
)

// Sample is a fixed look at a scene: the same pixels on every date of a tile,
// enough to tell whether its digital numbers carry the radiometric offset.
type Sample struct {
	Usable int     `json:"usable"` // pixels of the sample that are land seen clear
	Green  int     `json:"green"`  // those that the scene classification calls vegetation
	Zeros  float64 `json:"zeros"`  // share of the sample that has no data
	// Dark is the 5th percentile of DN on the green pixels and DarkAll that on
	// all usable ones, Median the median on those; by sampleBands, 0 = unknown.
	Dark    [3]float64 `json:"dark"`
	DarkAll [3]float64 `json:"dark_all"`
	Median  [3]float64 `json:"median"`
	// DN of each sampled pixel by sampleBands, 0 where it was not usable; nil
	// where no pixel is usable or the scene has no such band.
	DN [3][]uint16 `json:"dn"`
}

// sampleBands are looked at: haze lifts blue and red but not short-wave
// infrared, greening lowers red but not blue, the offset moves all alike.
var sampleBands = [3]Band{B02, B04, B12}

// The sample: up to 3 × 3 windows of 48 × 48 pixels of 20 m, every second pixel.
const (
	sampleGrid   = 3
	sampleWindow = 48
	sampleStep   = 2
)

// SampleScene reads SCL and, where land is seen clear, blue, red and short-wave
// infrared in the sample windows of the scene's own grid.
func SampleScene(ctx context.Context, r Reader, s Scene) (Sample, error) {
	var out Sample
	scl, ok := s.Assets[SCL]
	if _, ok2 := s.Assets[B04]; !ok || !ok2 {
		return out, fmt.Errorf("scene %s has no %s or no %s band", s.ID, B04, SCL)
	}
	g, err := gridFor(ctx, r, scl)
	if err != nil {
		return out, fmt.Errorf("sample scene %s, %s: %w", s.ID, SCL, err)
	}
	if g.Res != 20 {
		return out, fmt.Errorf("scene %s: its SCL has pixels of %g m where 20 m are expected", s.ID, g.Res)
	}
	class, err := samplePixels(ctx, r, scl, g)
	if err != nil {
		return out, fmt.Errorf("sample scene %s, %s: %w", s.ID, SCL, err)
	}
	zeros := 0
	for _, c := range class {
		if c == 0 {
			zeros++
		} else if c == 4 || c == 5 {
			out.Usable++
		}
	}
	out.Zeros = float64(zeros) / float64(max(len(class), 1))
	if out.Usable == 0 {
		return out, nil
	}
	for k, b := range sampleBands {
		a, ok := s.Assets[b]
		if !ok {
			continue
		}
		dn, err := samplePixels(ctx, r, a, g)
		if err != nil {
			return out, fmt.Errorf("sample scene %s, %s: %w", s.ID, b, err)
		}
		out.look(k, class, dn)
	}
	return out, nil
}

// look keeps the band's values where land is seen clear.
func (s *Sample) look(k int, class, dn []uint16) {
	var green, all []uint16
	for i, c := range class {
		if c != 4 && c != 5 {
			dn[i] = 0
		}
		if dn[i] == 0 {
			continue
		}
		all = append(all, dn[i])
		if c == 4 {
			green = append(green, dn[i])
		}
	}
	slices.Sort(all)
	slices.Sort(green)
	if len(green) > 0 {
		s.Dark[k] = float64(green[len(green)/20])
	}
	if len(all) > 0 {
		s.DarkAll[k], s.Median[k] = float64(all[len(all)/20]), float64(all[len(all)/2])
	}
	s.DN[k] = dn
	if sampleBands[k] == B04 {
		s.Usable, s.Green = len(all), len(green)
	}
}

// samplePixels reads every second 20 m pixel of the sample windows; of a 10 m
// band the upper left quarter.
func samplePixels(ctx context.Context, r Reader, a Asset, g Grid) ([]uint16, error) {
	own, err := gridFor(ctx, r, a)
	if err != nil {
		return nil, err
	}
	k, base := 1, g
	if own.Res == 10 {
		k, base = 2, Grid{EPSG: g.EPSG, X0: g.X0, Y0: g.Y0, Res: 10, Width: 2 * g.Width, Height: 2 * g.Height}
	}
	var out []uint16
	for _, w := range sampleWindows(g) {
		rw := Window{k * w.Col, k * w.Row, k * w.Width, k * w.Height}
		buf := make([]uint16, rw.Width*rw.Height)
		if err := readAligned(ctx, r, a, base, rw, buf); err != nil {
			return nil, err
		}
		for row := 0; row < w.Height; row += sampleStep {
			for col := 0; col < w.Width; col += sampleStep {
				out = append(out, buf[k*row*rw.Width+k*col])
			}
		}
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
		return []Window{{0, 0, min(g.Width, sampleGrid*sampleWindow), min(g.Height, sampleGrid*sampleWindow)}}
	}
	var out []Window
	for i := range sampleGrid {
		for j := range sampleGrid {
			out = append(out, Window{(2*j + 1) * g.Width / (2 * sampleGrid), (2*i + 1) * g.Height / (2 * sampleGrid), sampleWindow, sampleWindow}.clip(g))
		}
	}
	return out
}
