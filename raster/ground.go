package raster

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"sort"
)

// Ground is what stays the same on the ground of a window over the season:
// roofs, plastic film and greenhouses that the scene classification calls cloud
// on most dates, and dark land that it calls shadow. Such pixels are not cloud.
type Ground struct {
	Window Window // of the 20 m grid
	Bright []bool // SCL 8, 9 (and 10) are bright land here
	Dark   []bool // SCL 3 is dark land here
}

// Limits for calling ground bright (or dark): the class on at least half of
// the valid dates, of which there are at least five, with blue reflectance that
// varies little between those dates (cloud does not).
const (
	groundMinDates = 5
	groundMinShare = 0.5
	groundMaxCV    = 0.25 // half the 16–84 % range of blue over its median
)

// UnreadableBand is the code of the warning for a band that could not be read.
const UnreadableBand = "unreadable_band"

// BuildGround reads SCL and, where it is suspicious, blue of all scenes in a
// window of the base grid (20 m). A scene that cannot be read is left out with a warning.
func BuildGround(ctx context.Context, r Reader, scenes []Scene, base Grid, w Window) (*Ground, []Warning, error) {
	n := w.Width * w.Height
	g := &Ground{Window: w, Bright: make([]bool, n), Dark: make([]bool, n)}
	valid, bright, dark := make([]uint16, n), make([]uint16, n), make([]uint16, n)
	blue := make([][]float32, n) // of bright dates
	scl := make([]uint16, n)
	var warns []Warning
	for _, s := range scenes {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		a, ok := s.Assets[SCL]
		if !ok {
			continue
		}
		if err := readAligned(ctx, r, a, base, w, scl); err != nil {
			warns = append(warns, Warning{UnreadableBand, s.ID + " " + string(SCL), err.Error()})
			continue
		}
		seen := false
		for i, v := range scl {
			switch {
			case v == 0 || v == 1 || int(v) >= len(sclClass):
				continue
			case v == 8 || v == 9 || v == 10:
				bright[i]++
				seen = true
			case v == 3:
				dark[i]++
			}
			valid[i]++
		}
		if !seen {
			continue
		}
		if err := collectBlue(ctx, r, s, base, w, scl, blue); err != nil {
			warns = append(warns, Warning{UnreadableBand, s.ID + " " + string(B02), err.Error()})
		}
	}
	for i := range n {
		if valid[i] < groundMinDates {
			continue
		}
		g.Bright[i] = float64(bright[i]) >= groundMinShare*float64(valid[i]) && steady(blue[i])
		g.Dark[i] = float64(dark[i]) >= groundMinShare*float64(valid[i])
	}
	return g, warns, nil
}

// collectBlue keeps the blue reflectance of the pixels that SCL calls cloud.
func collectBlue(ctx context.Context, r Reader, s Scene, base Grid, w Window, scl []uint16, blue [][]float32) error {
	a, ok := s.Assets[B02]
	if !ok {
		return nil
	}
	w10 := Window{w.Col * 2, w.Row * 2, w.Width * 2, w.Height * 2}
	ten := Grid{EPSG: base.EPSG, X0: base.X0, Y0: base.Y0, Res: 10, Width: base.Width * 2, Height: base.Height * 2}
	dn := make([]uint16, w10.Width*w10.Height)
	if err := readAligned(ctx, r, a, ten, w10, dn); err != nil {
		return err
	}
	for i, v := range scl {
		if v != 8 && v != 9 && v != 10 {
			continue
		}
		col, row := i%w.Width, i/w.Width
		o := 2*row*w10.Width + 2*col
		sum := float64(dn[o]) + float64(dn[o+1]) + float64(dn[o+w10.Width]) + float64(dn[o+w10.Width+1])
		blue[i] = append(blue[i], float32((sum/4+s.Settled.DN0)/10000))
	}
	return nil
}

// steady reports whether the bright dates look alike: land under changing
// light, not passing clouds.
func steady(v []float32) bool {
	if len(v) < groundMinDates {
		return false
	}
	s := append([]float32(nil), v...)
	sort.Slice(s, func(i, j int) bool { return s[i] < s[j] })
	at := func(q float64) float64 { return float64(s[int(math.Round(q*float64(len(s)-1)))]) }
	med := at(0.5)
	return med > 0 && (at(0.84)-at(0.16))/2/med <= groundMaxCV
}

// keeps reports whether the class v at pixel i of window w is the ground's own.
func (g *Ground) keeps(w Window, i int, v uint16) bool {
	if g == nil || (v != 8 && v != 9 && v != 10 && v != 3) {
		return false
	}
	col, row := w.Col+i%w.Width-g.Window.Col, w.Row+i/w.Width-g.Window.Row
	if col < 0 || row < 0 || col >= g.Window.Width || row >= g.Window.Height {
		return false
	}
	k := row*g.Window.Width + col
	return v != 3 && g.Bright[k] || v == 3 && g.Dark[k]
}

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
	n := v[2] * v[3]
	if v[2] < 0 || v[3] < 0 || v[2] > 1<<20 || v[3] > 1<<20 || len(b) != 16+(n+3)/4 {
		return fmt.Errorf("ground: %d bytes do not hold %d × %d pixels", len(b), v[2], v[3])
	}
	*g = Ground{Window{v[0], v[1], v[2], v[3]}, make([]bool, n), make([]bool, n)}
	for i := range n {
		bits := b[16+i/4] >> (2 * (i % 4))
		g.Bright[i], g.Dark[i] = bits&1 != 0, bits&2 != 0
	}
	return nil
}
