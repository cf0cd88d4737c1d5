package raster

import (
	"encoding/binary"
	"fmt"
)

// MarshalBinary writes the window and two bits a pixel: bright, dark.
func (g *Ground) MarshalBinary() ([]byte, error) {
	w := g.Window
	n := w.Width * w.Height
	out := make([]byte, 16+(n+3)/4)
	for i, v := range []int{w.Col, w.Row, w.Width, w.Height} {
		binary.LittleEndian.PutUint32(out[4*i:], uint32(int32(v)))
	}
	for i := range n {
		var bits byte
		if g.bright.at(i%w.Width, i/w.Width) {
			bits = 1
		}
		if g.dark.at(i%w.Width, i/w.Width) {
			bits |= 2
		}
		out[16+i/4] |= bits << (2 * (i % 4))
	}
	return out, nil
}

// maxGround is the most pixels a ground may have: a tile of 20 m and more.
const maxGround = 1 << 27

// UnmarshalBinary is the inverse of MarshalBinary.
func (g *Ground) UnmarshalBinary(b []byte) error {
	if len(b) < 16 {
		return fmt.Errorf("ground: %d bytes are too few", len(b))
	}
	var v [4]int
	for i := range v {
		v[i] = int(int32(binary.LittleEndian.Uint32(b[4*i:])))
	}
	if v[2] < 0 || v[3] < 0 || v[2] > 1<<20 || v[3] > 1<<20 || v[2]*v[3] > maxGround || len(b) != 16+(v[2]*v[3]+3)/4 {
		return fmt.Errorf("ground: %d bytes do not hold %d × %d pixels", len(b), v[2], v[3])
	}
	*g = Ground{Window{v[0], v[1], v[2], v[3]}, newPlane(v[2], v[3]), newPlane(v[2], v[3])}
	for i := range v[2] * v[3] {
		bits := b[16+i/4] >> (2 * (i % 4))
		if bits&1 != 0 {
			g.bright.set(i%v[2], i/v[2])
		}
		if bits&2 != 0 {
			g.dark.set(i%v[2], i/v[2])
		}
	}
	return nil
}
