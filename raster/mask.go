package raster

import "encoding/binary"

// MaskClass is what a pixel is good for. Water is a class of land cover, not a
// fault: a flooded paddy is usable.
type MaskClass uint8

// The classes of a mask.
const (
	NoData MaskClass = iota
	Usable
	Doubtful
	Cloud
	Shadow
	Snow
	Saturated
)

// sclClass maps the Sen2Cor scene classification (Sentinel-2 products
// specification, L2A SCL): 4 vegetation, 5 bare, 6 water usable; 2 dark and 7
// unclassified doubtful; 8, 9 cloud, 10 cirrus; 3 shadow; 11 snow.
var sclClass = [12]MaskClass{NoData, Saturated, Doubtful, Shadow, Usable, Usable, Usable, Doubtful, Cloud, Cloud, Cloud, Snow}

// isCloud reports whether an SCL value is one of the cloud classes.
func isCloud(scl uint8) bool { return scl == 8 || scl == 9 || scl == 10 }

// MaskOptions are the choices of the mask. The zero value is the default.
type MaskOptions struct {
	// Dilate is how many 20 m pixels around cloud and shadow are taken for
	// cloud and shadow too. 0 = the default of 1; negative = none; at most 10.
	Dilate int
}

const maxDilate = 10

func (o MaskOptions) dilate() int {
	switch {
	case o.Dilate == 0:
		return 1
	case o.Dilate < 0:
		return 0
	}
	return min(o.Dilate, maxDilate)
}

// Bright land is taken for covered by real cloud where at least half of the
// other land within reach is cloud too, and there is enough of it to tell.
const (
	cloudReach = 5 // 20 m pixels
	cloudVotes = 12
)

// margin is how far outside a window the mask looks, so that a pixel's class
// does not depend on which window it is read in: cloud grows from a pixel whose
// own class depends on the land within reach.
func (o MaskOptions) margin() int { return o.dilate() + cloudReach }

// groundMargin is how far outside a window the ground is known: for any mask.
const groundMargin = cloudReach + maxDilate

// mask says for each 20 m pixel of a window whether it counts.
type mask struct {
	win      Window
	ok       plane // usable or doubtful
	doubtful plane
}

// sky is the scene classification of a window, one byte a pixel.
type sky struct {
	win Window
	scl []uint8
}

func (s *sky) row(row int) []uint8 {
	at := (row - s.win.Row) * s.win.Width
	return s.scl[at : at+s.win.Width]
}

// Bits of what an SCL value means: it counts, it spoils its neighbours, it is
// doubtful, it may be the ground's own.
const (
	sclOK = 1 << iota
	sclBad
	sclDoubt
	sclMaybe
)

var sclBits = func() (t [256]uint8) {
	for v, class := range sclClass {
		switch class {
		case Usable:
			t[v] = sclOK
		case Doubtful:
			t[v] = sclOK | sclDoubt
		case Cloud, Shadow:
			t[v] = sclBad | sclMaybe
		}
	}
	return t
}()

func newMask(win Window) *mask {
	return &mask{win, newPlane(win.Width, win.Height), newPlane(win.Width, win.Height)}
}

// rows fills the mask's rows [from, to) from the classification of the window
// and the margin around it. Ground that is known to be bright or dark by itself
// keeps its pixels as doubtful, does not grow cloud around it, and no cloud
// grows over it; only where the land around it is mostly cloud is it taken for
// cloud.
func (m *mask) rows(from, to int, s *sky, ground *Ground, opt MaskOptions) {
	n := opt.dilate()
	w := Window{m.win.Col - n, m.win.Row + from - n, m.win.Width + 2*n, to - from + 2*n}
	ok, bad, doubt, kept := newPlane(w.Width, w.Height), newPlane(w.Width, w.Height), newPlane(w.Width, w.Height), newPlane(w.Width, w.Height)
	for r := range w.Height {
		line := s.row(w.Row + r)[w.Col-s.win.Col:][:w.Width]
		okRow, badRow, doubtRow := ok.row(r), bad.row(r), doubt.row(r)
		for i := range okRow {
			var a, b, d uint64
			some := uint8(0)
			part := line[i*64 : min(i*64+64, len(line))]
			k := uint(0)
			for ; int(k)+8 <= len(part); k += 8 {
				// Eight pixels of 4, 5, 6 or 7, as most are: less 4 none has other bits.
				x := binary.LittleEndian.Uint64(part[k:]) - 0x0404040404040404
				if x&^0x0303030303030303 == 0 {
					a |= 0xff << (k & 63)
					if seven := x & (x >> 1) & 0x0101010101010101; seven != 0 {
						d |= seven * 0x0102040810204080 >> 56 << (k & 63)
					}
					continue
				}
				for i, v := range part[k : k+8] {
					t, at := uint64(sclBits[v]), (k+uint(i))&63
					a |= t & sclOK << at
					b |= t & sclBad / sclBad << at
					d |= t & sclDoubt / sclDoubt << at
					some |= uint8(t)
				}
			}
			for ; int(k) < len(part); k++ {
				t, at := uint64(sclBits[part[k]]), k&63
				a |= t & sclOK << at
				b |= t & sclBad / sclBad << at
				d |= t & sclDoubt / sclDoubt << at
				some |= uint8(t)
			}
			if ground != nil && some&sclMaybe != 0 {
				for k, v := range part {
					if ground.keeps(w.Col+i*64+k, w.Row+r, v) && !(isCloud(v) && overcast(s, w.Col+i*64+k, w.Row+r, ground)) {
						a, d, b = a|1<<k, d|1<<k, b&^(1<<k)
						kept.row(r)[i] |= 1 << k
					}
				}
			}
			okRow[i], badRow[i], doubtRow[i] = a, b, d
		}
	}
	grow := newPlane(w.Width, w.Height)
	for range n {
		for r := range w.Height {
			var above, below []uint64
			if r > 0 {
				above = bad.row(r - 1)
			}
			if r+1 < w.Height {
				below = bad.row(r + 1)
			}
			grown(grow.row(r), above, bad.row(r), below)
		}
		for i, g := range grow.words {
			g &= ok.words[i] &^ kept.words[i]
			bad.words[i] |= g
			ok.words[i] &^= g
		}
	}
	for r := from; r < to; r++ {
		okRow, doubtRow := m.ok.row(r), m.doubtful.row(r)
		for i := range okRow {
			k := min(64, m.win.Width-i*64)
			okRow[i] = ok.bits(n+i*64, r-from+n, k)
			doubtRow[i] = doubt.bits(n+i*64, r-from+n, k) & okRow[i]
		}
	}
}

// overcast reports whether most land around a pixel that is not bright by
// itself is cloud.
func overcast(s *sky, col, row int, ground *Ground) bool {
	cloud, all := 0, 0
	for r := max(row-cloudReach, s.win.Row); r <= min(row+cloudReach, s.win.Row+s.win.Height-1); r++ {
		line := s.row(r)
		for c := max(col-cloudReach, s.win.Col); c <= min(col+cloudReach, s.win.Col+s.win.Width-1); c++ {
			v := line[c-s.win.Col]
			if v == 0 || ground.Bright(c, r) {
				continue
			}
			all++
			if isCloud(v) {
				cloud++
			}
		}
	}
	return all >= cloudVotes && 2*cloud >= all
}
