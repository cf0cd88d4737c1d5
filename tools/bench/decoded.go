package main

import (
	"context"
	"fmt"

	"github.com/parus-lending/parus/raster"
)

// decoded is a reader of bands that lie in memory, to time everything but the
// reading. It only reads, so goroutines may share it.
type decoded map[string]band

type band struct {
	grid   raster.Grid
	values []uint16
}

// blockSize of the workload's files.
const blockSize = 512

// decode reads all bands of a scene.
func decode(ctx context.Context, r raster.Reader, s raster.Scene) (decoded, error) {
	d := decoded{}
	for _, a := range s.Assets {
		b := band{a.Grid, make([]uint16, a.Grid.Width*a.Grid.Height)}
		if err := r.Read(ctx, a, raster.Window{Width: a.Grid.Width, Height: a.Grid.Height}, b.values); err != nil {
			return nil, err
		}
		d[a.Href] = b
	}
	return d, nil
}

func (d decoded) Describe(_ context.Context, a raster.Asset) (raster.Grid, error) {
	return d[a.Href].grid, nil
}

func (d decoded) Blocks(context.Context, raster.Asset) (width, height int, err error) {
	return blockSize, blockSize, nil
}

func (d decoded) Read(_ context.Context, a raster.Asset, w raster.Window, dst []uint16) error {
	b, ok := d[a.Href]
	if !ok {
		return fmt.Errorf("read %s: it was not decoded", a.Href)
	}
	for row := range w.Height {
		at := (w.Row+row)*b.grid.Width + w.Col
		copy(dst[row*w.Width:(row+1)*w.Width], b.values[at:at+w.Width])
	}
	return nil
}

func (d decoded) ReadFloat(_ context.Context, a raster.Asset, _ raster.Window, _ []float32) error {
	return fmt.Errorf("read %s: the workload has no floating point", a.Href)
}

func (d decoded) Close() error { return nil }

// touched are the file blocks of a band that the boxes of any shape touch.
func touched(c *raster.Cover, g raster.Grid) []raster.Window {
	cols, rows := (g.Width+blockSize-1)/blockSize, (g.Height+blockSize-1)/blockSize
	seen := make([]bool, cols*rows)
	for k := range c.Shapes {
		w := c.At(k, g.Res).Window
		if w.Width <= 0 || w.Height <= 0 {
			continue
		}
		for r := w.Row / blockSize; r <= (w.Row+w.Height-1)/blockSize; r++ {
			for col := w.Col / blockSize; col <= (w.Col+w.Width-1)/blockSize; col++ {
				seen[r*cols+col] = true
			}
		}
	}
	var out []raster.Window
	for i, s := range seen {
		if s {
			col, row := i%cols*blockSize, i/cols*blockSize
			out = append(out, raster.Window{Col: col, Row: row, Width: min(blockSize, g.Width-col), Height: min(blockSize, g.Height-row)})
		}
	}
	return out
}
