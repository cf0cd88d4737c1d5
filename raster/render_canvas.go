package raster

import "slices"

// canvas is a picture being painted and the room to do it in. Pixels are
// row-major from the north-west.
type canvas struct {
	f       Frame
	done    []bool
	left    int     // pixels still clear
	indexed []uint8 // of a palette whose entry 0 is transparent; nil for colours
	rgba    []uint8 // four bytes a pixel, not premultiplied; nil for a palette

	at     [][]int32
	values [][]uint16
	rows   []int32
	xs, ys []float64
	pixels []int32
	floats [][]float32
	out    []float32
	png    pngWriter
}

// canvas is a clear one, made of a spare one where there is one.
func (r *Renderer) canvas(f Frame, palette bool) *canvas {
	c, _ := r.spare.Get().(*canvas)
	if c == nil {
		c = &canvas{}
	}
	n := f.Width * f.Height
	c.f, c.left = f, n
	c.done = room(c.done, n)
	clear(c.done)
	if palette {
		c.indexed, c.rgba = room(c.indexed, n), c.rgba[:0]
		clear(c.indexed)
	} else {
		c.rgba, c.indexed = room(c.rgba, 4*n), c.indexed[:0]
		clear(c.rgba)
	}
	return c
}

// room is s with n places of any content.
func room[T any](s []T, n int) []T { return slices.Grow(s[:0], n)[:n] }

// index is room for where the canvas' pixels lie in the k-th level.
func (c *canvas) index(k int) []int32 {
	for len(c.at) <= k {
		c.at = append(c.at, nil)
	}
	c.at[k] = room(c.at[k], len(c.done))
	return c.at[k]
}

// window is room for n values of the k-th band.
func (c *canvas) window(k, n int) []uint16 {
	for len(c.values) <= k {
		c.values = append(c.values, nil)
	}
	c.values[k] = room(c.values[k], n)
	return c.values[k]
}

func (c *canvas) lines() (xs, ys []float64, rows []int32) {
	c.xs, c.ys, c.rows = room(c.xs, c.f.Width), room(c.ys, c.f.Width), room(c.rows, len(c.done))
	return c.xs, c.ys, c.rows
}

// set paints pixel i with an entry of the palette.
func (c *canvas) set(i int32, entry uint8) {
	c.indexed[i], c.done[i] = entry, true
	c.left--
}

// setRGB paints pixel i with a colour.
func (c *canvas) setRGB(i int32, r, g, b uint8) {
	p := c.rgba[4*i : 4*i+4]
	p[0], p[1], p[2], p[3] = r, g, b, 255
	c.done[i] = true
	c.left--
}

// put copies a piece to where its north-west pixel is col, row. Pieces that do
// not overlap may be put at once.
func (c *canvas) put(piece *canvas, col, row int) {
	w := piece.f.Width
	for j := range piece.f.Height {
		to := (row+j)*c.f.Width + col
		if len(c.indexed) > 0 {
			copy(c.indexed[to:], piece.indexed[j*w:(j+1)*w])
		} else {
			copy(c.rgba[4*to:], piece.rgba[4*j*w:4*(j+1)*w])
		}
	}
}
