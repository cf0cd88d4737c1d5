package raster

// plane is one bit for each pixel of a window: bit i of a row is its column i.
// Rows begin at whole words; one word more stands at the end.
type plane struct {
	stride int // words in a row
	words  []uint64
}

func newPlane(width, height int) plane {
	stride := (width + 63) / 64
	return plane{stride, make([]uint64, stride*height+1)}
}

func (p plane) row(r int) []uint64 { return p.words[r*p.stride : (r+1)*p.stride] }

func (p plane) at(col, row int) bool {
	return p.words[row*p.stride+col>>6]>>(col&63)&1 != 0
}

func (p plane) set(col, row int) { p.words[row*p.stride+col>>6] |= 1 << (col & 63) }

// bits are n ≤ 64 bits from a column on.
func (p plane) bits(col, row, n int) uint64 {
	i, s := row*p.stride+col>>6, col&63
	w := p.words[i] >> s
	if s+n > 64 {
		w |= p.words[i+1] << (64 - s)
	}
	return w & (^uint64(0) >> (64 - n))
}

// grown is the row r with its neighbours in eight directions, of rows above and
// below that may be missing (nil).
func grown(dst, above, row, below []uint64) {
	for i := range dst {
		w := row[i]
		if above != nil {
			w |= above[i]
		}
		if below != nil {
			w |= below[i]
		}
		dst[i] = w
	}
	carry := uint64(0)
	for i, w := range dst {
		out := w | w<<1 | w>>1 | carry
		if i+1 < len(dst) {
			out |= dst[i+1] << 63
		}
		carry = w >> 63
		dst[i] = out
	}
}
