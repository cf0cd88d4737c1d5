package raster

import (
	"encoding/binary"
	"fmt"
)

// MarshalBinary writes the window and two bits a pixel.
func (g *Ground) MarshalBinary() ([]byte, error) {
	out := make([]byte, 16, 16+len(g.Bright)/4+1)
	for i, v := range []int{g.Window.Col, g.Window.Row, g.Window.Width, g.Window.Height} {
		binary.LittleEndian.PutUint32(out[4*i:], uint32(int32(v)))
	}
	for i := 0; i < len(g.Bright); i += 4 {
		var b byte
		for k := i; k < min(i+4, len(g.Bright)); k++ {
			if g.Bright[k] {
				b |= 1 << (2 * (k - i))
			}
			if g.Dark[k] {
				b |= 2 << (2 * (k - i))
			}
		}
		out = append(out, b)
	}
	return out, nil
}

// UnmarshalBinary is the inverse of MarshalBinary.
func (g *Ground) UnmarshalBinary(b []byte) error {
	if len(b) < 16 {
		return fmt.Errorf("ground: %d bytes are too few", len(b))
	}
	var v [4]int
	for i := range v {
		v[i] = int(int32(binary.LittleEndian.Uint32(b[4*i:])))
	}
	if v[2] < 0 || v[3] < 0 || v[2] > 1<<20 || v[3] > 1<<20 || len(b) != 16+(v[2]*v[3]+3)/4 {
		return fmt.Errorf("ground: %d bytes do not hold %d × %d pixels", len(b), v[2], v[3])
	}
	n := v[2] * v[3]
	*g = Ground{Window{v[0], v[1], v[2], v[3]}, make([]bool, n), make([]bool, n)}
	for i := range n {
		bits := b[16+i/4] >> (2 * (i % 4))
		g.Bright[i], g.Dark[i] = bits&1 != 0, bits&2 != 0
	}
	return nil
}
