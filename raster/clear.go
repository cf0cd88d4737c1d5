package raster

import (
	"context"
	"fmt"
	"math"
)

// Clear is what one scene shows of a window of 10 m pixels where the sky was
// clear: reflectance 0–1 after the settled offset, row by row, NaN where cloud,
// shadow, snow or missing data hide the ground in any of the bands.
type Clear struct {
	Window Window
	Bands  [][]float32 // in the order asked for
	Pixels int         // that are clear
}

// ReadClear reads bands of 10 m of a scene over a window of the base grid, and
// puts the mask of MaskOptions over them. The buffers of into are used again
// where they fit. A scene without SCL is taken as clear wherever it has data:
// the caller knows whether that can be trusted. Bands that cannot be read are an
// error; pixels that the scene does not hold are NaN.
func ReadClear(ctx context.Context, r Reader, s Scene, base Grid, w Window, bands []Band, opt MaskOptions, into *Clear) error {
	n := w.Width * w.Height
	into.Window, into.Pixels = w, 0
	for len(into.Bands) < len(bands) {
		into.Bands = append(into.Bands, nil)
	}
	into.Bands = into.Bands[:len(bands)]
	seen := make([]bool, n)
	for i := range seen {
		seen[i] = true
	}
	if err := clearSky(ctx, r, s, base, w, opt, seen); err != nil {
		return err
	}
	dn := make([]uint16, n)
	for b, band := range bands {
		a, ok := s.Assets[band]
		if !ok {
			return fmt.Errorf("scene %s has no band %s", s.ID, band)
		}
		if err := readAligned(ctx, r, a, base, w, dn); err != nil {
			return fmt.Errorf("scene %s: %w", s.ID, err)
		}
		if cap(into.Bands[b]) < n {
			into.Bands[b] = make([]float32, n)
		}
		into.Bands[b] = into.Bands[b][:n]
		for i, v := range dn {
			if v == 0 {
				seen[i] = false
			}
			into.Bands[b][i] = float32((float64(v) + s.Settled.DN0) / 10000)
		}
	}
	nan := float32(math.NaN())
	for i, ok := range seen {
		if ok {
			into.Pixels++
			continue
		}
		for b := range into.Bands {
			into.Bands[b][i] = nan
		}
	}
	return ctx.Err()
}

// clearSky takes away the pixels of the window that the mask of 20 m hides.
func clearSky(ctx context.Context, r Reader, s Scene, base Grid, w Window, opt MaskOptions, seen []bool) error {
	a, ok := s.Assets[SCL]
	if !ok {
		return nil
	}
	half := Grid{EPSG: base.EPSG, X0: base.X0, Y0: base.Y0, Res: 2 * base.Res, Width: (base.Width + 1) / 2, Height: (base.Height + 1) / 2}
	col, row := floorHalf(w.Col), floorHalf(w.Row)
	win := Window{col, row, floorHalf(w.Col+w.Width-1) - col + 1, floorHalf(w.Row+w.Height-1) - row + 1}
	m := newMask(win)
	view := &sky{win: win.pad(opt.margin())}
	view.scl = make([]uint8, view.win.Width*view.win.Height)
	dn := make([]uint16, len(view.scl))
	if err := readAligned(ctx, r, a, half, view.win, dn); err != nil {
		return fmt.Errorf("scene %s: %w", s.ID, err)
	}
	for i, v := range dn {
		view.scl[i] = uint8(min(v, 255))
	}
	m.rows(0, win.Height, view, nil, opt)
	for y := range w.Height {
		for x := range w.Width {
			if !m.ok.at(floorHalf(w.Col+x)-col, floorHalf(w.Row+y)-row) {
				seen[y*w.Width+x] = false
			}
		}
	}
	return nil
}

// floorHalf is half of v, rounded down.
func floorHalf(v int) int { return v >> 1 }
