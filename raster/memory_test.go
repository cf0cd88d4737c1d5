package raster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/paulmach/orb"
)

// memory is a Reader of rasters held in memory, by href.
type memory map[string]memoryBand

type memoryBand struct {
	grid Grid
	dn   []uint16
	err  error
}

func (m memory) Describe(_ context.Context, a Asset) (Grid, error) {
	b, ok := m[a.Href]
	if !ok {
		return Grid{}, errors.New("no such file " + a.Href)
	}
	return b.grid, nil
}

func (m memory) Read(_ context.Context, a Asset, w Window, dst []uint16) error {
	b, ok := m[a.Href]
	if !ok {
		return errors.New("no such file " + a.Href)
	}
	if b.err != nil {
		return b.err
	}
	if w != w.clip(b.grid) || len(dst) != w.Width*w.Height {
		return fmt.Errorf("window %+v of %+v", w, b.grid)
	}
	for r := range w.Height {
		copy(dst[r*w.Width:(r+1)*w.Width], b.dn[(w.Row+r)*b.grid.Width+w.Col:])
	}
	return nil
}

// Blocks of 16 pixels, so that small rasters have several.
func (m memory) Blocks(context.Context, Asset) (int, int, error) { return 16, 16, nil }

func (m memory) ReadFloat(ctx context.Context, a Asset, w Window, dst []float32) error {
	dn := make([]uint16, len(dst))
	if err := m.Read(ctx, a, w, dn); err != nil {
		return err
	}
	for i, v := range dn {
		dst[i] = float32(v)
	}
	return nil
}

func (m memory) Close() error { return nil }

// scene adds a scene on a square grid of n × n pixels of 20 m. value gives the
// DN of a band (SCL too) at a 20 m pixel.
func (m memory) scene(id string, day int, n int, value func(b Band, col, row int) uint16) Scene {
	s := Scene{ID: id, EPSG: 32650, Tile: "50SKA", Time: time.Date(2024, 1, day, 3, 0, 0, 0, time.UTC), Assets: map[Band]Asset{},
		Footprint: orb.Polygon{rect(115, 31, 116, 32)}}
	for _, b := range append([]Band{SCL}, OpticalBands...) {
		k := 1
		if b.tenMetres() {
			k = 2
		}
		g := Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 20 / float64(k), Width: k * n, Height: k * n}
		dn := make([]uint16, g.Width*g.Height)
		for i := range dn {
			dn[i] = value(b, i%g.Width/k, i/g.Width/k)
		}
		href := id + "/" + string(b)
		m[href] = memoryBand{grid: g, dn: dn}
		s.Assets[b] = Asset{Href: href, Grid: g}
	}
	return s
}
