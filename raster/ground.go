package raster

import (
	"context"
	"sync"
)

// Ground is what stays the same on the ground of a window over the season:
// roofs, plastic film and greenhouses that the scene classification calls cloud
// on most dates, and dark land that it calls shadow. Such pixels are not cloud.
type Ground struct {
	Window Window // of the 20 m grid
	bright plane  // SCL 8, 9, 10 are bright land here
	dark   plane  // SCL 3 is dark land here
}

// Limits for calling ground bright (or dark): the class on at least half of the
// valid dates; blue reflectance that varies little between those dates, as that
// of passing clouds does not; and on the dates when it is not called cloud
// nearly as bright, as land under a frequent cloud is not.
const (
	groundMinDates = 5
	groundMinShare = 0.5
	groundSpread   = 0.20 // half the width of the shortest half of the values, over its middle
	groundClear    = 0.6  // clear median over bright median, at least
	groundMinClear = 2    // clear dates that are enough to say so
)

// groundDates is how many dates settle what the ground is, at most: of a longer
// season as many are taken as show the land, spread evenly over it. What stays
// on the ground shows on half of them as on half of all.
const groundDates = 30

// BuildGround reads SCL and, where it is suspicious, blue around the shapes, a
// block at a time with one worker for each reader, on up to groundDates dates of
// the scenes. A band that cannot be read is left out with a warning. Memory of a
// worker: one byte per pixel of a block of 512 × 512 and date for SCL, two per
// suspicious pixel of a quarter of it and date for blue.
func BuildGround(ctx context.Context, readers []Reader, scenes []Scene, cover *Cover) (*Ground, []Warning, error) {
	g := &Ground{}
	if cover.on20.window.empty() || len(scenes) == 0 {
		return g, nil, nil
	}
	g.Window = cover.on20.window.pad(groundMargin)
	g.bright, g.dark = newPlane(g.Window.Width, g.Window.Height), newPlane(g.Window.Width, g.Window.Height)
	squares := cover.on20.touched(groundSquare, groundMargin)
	scenes = evenly(scenes)
	warns := make([][]Warning, len(squares))
	builders := make([]*groundBuilder, len(readers))
	for i, r := range readers {
		builders[i] = &groundBuilder{ctx: ctx, r: r, base: cover.Grid20, scenes: scenes}
	}
	var mu sync.Mutex // of g: squares share words
	err := each(ctx, len(readers), len(squares), func(worker, i int) error {
		b := builders[worker]
		bright, dark, err := b.build(squares[i])
		warns[i], b.warns = b.warns, nil
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		for _, k := range bright {
			g.bright.set(squares[i].Col+int(k)%b.w.Width-g.Window.Col, squares[i].Row+int(k)/b.w.Width-g.Window.Row)
		}
		for _, k := range dark {
			g.dark.set(squares[i].Col+int(k)%b.w.Width-g.Window.Col, squares[i].Row+int(k)/b.w.Width-g.Window.Row)
		}
		return nil
	})
	var all []Warning
	told := map[string]bool{}
	for _, list := range warns {
		for _, w := range list {
			if !told[w.Subject] {
				told[w.Subject] = true
				all = append(all, w)
			}
		}
	}
	return g, all, err
}

// Bright reports whether the ground at a 20 m pixel is bright by itself.
func (g *Ground) Bright(col, row int) bool {
	return g != nil && g.at(&g.bright, col, row)
}

// Dark reports whether the ground at a 20 m pixel is dark by itself.
func (g *Ground) Dark(col, row int) bool {
	return g != nil && g.at(&g.dark, col, row)
}

func (g *Ground) at(p *plane, col, row int) bool {
	col, row = col-g.Window.Col, row-g.Window.Row
	return col >= 0 && row >= 0 && col < g.Window.Width && row < g.Window.Height && p.at(col, row)
}

// keeps reports whether the class v at a pixel is the ground's own.
func (g *Ground) keeps(col, row int, v uint8) bool {
	return isCloud(v) && g.Bright(col, row) || v == 3 && g.Dark(col, row)
}
