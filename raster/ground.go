package raster

import (
	"context"
	"slices"
)

// Ground is what stays the same on the ground of a window over the season:
// roofs, plastic film and greenhouses that the scene classification calls cloud
// on most dates, and dark land that it calls shadow. Such pixels are not cloud.
type Ground struct {
	Window Window // of the 20 m grid
	Bright []bool // SCL 8, 9, 10 are bright land here
	Dark   []bool // SCL 3 is dark land here
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

// UnreadableBand is the code of the warning for a band that could not be read.
const UnreadableBand = "unreadable_band"

// BuildGround reads SCL and, where it is suspicious, blue of all scenes in a
// window (and the margin that masks look at around it). A band that cannot be
// read is left out with a warning. Memory: one byte per pixel and scene for
// SCL, two per suspicious pixel and scene for blue.
func BuildGround(ctx context.Context, r Reader, scenes []Scene, w Window20) (*Ground, []Warning, error) {
	m := MaskOptions{}.maskMargin()
	win := Window{w.Col - m, w.Row - m, w.Width + 2*m, w.Height + 2*m}
	if w.empty() {
		win = Window{}
	}
	b := &groundBuilder{ctx: ctx, r: r, base: w.Grid, w: win, n: win.Width * win.Height}
	if err := b.readClasses(scenes); err != nil {
		return nil, nil, err
	}
	g := &Ground{Window: win, Bright: make([]bool, b.n), Dark: make([]bool, b.n)}
	suspects := b.suspects(g)
	if len(suspects) == 0 {
		return g, b.warns, nil
	}
	blue, err := b.readBlue(scenes, suspects)
	if err != nil {
		return nil, nil, err
	}
	dates := len(b.scl)
	for k, i := range suspects {
		g.Bright[i] = steady(blue[k*dates:(k+1)*dates], func(d int) bool { return isCloud(uint16(b.scl[d][i])) })
	}
	return g, b.warns, nil
}

type groundBuilder struct {
	ctx   context.Context
	r     Reader
	base  Grid
	w     Window
	n     int
	scl   [][]uint8 // by date
	scene []int     // the scene of each date
	warns []Warning
}

func (b *groundBuilder) unreadable(s Scene, band Band, err error) {
	b.warns = append(b.warns, Warning{UnreadableBand, s.ID + " " + string(band), err.Error()})
}

func (b *groundBuilder) readClasses(scenes []Scene) error {
	buf := make([]uint16, b.n)
	for k, s := range scenes {
		a, ok := s.Assets[SCL]
		if !ok {
			continue
		}
		if err := readAligned(b.ctx, b.r, a, b.base, b.w, buf); err != nil {
			if b.ctx.Err() != nil {
				return b.ctx.Err()
			}
			b.unreadable(s, SCL, err)
			continue
		}
		scl := make([]uint8, b.n)
		for i, v := range buf {
			scl[i] = uint8(min(v, 255))
		}
		b.scl, b.scene = append(b.scl, scl), append(b.scene, k)
	}
	return b.ctx.Err()
}

// suspects are the pixels called cloud on most dates; dark land is settled here.
func (b *groundBuilder) suspects(g *Ground) []int32 {
	var out []int32
	for i := range b.n {
		valid, bright, dark := 0, 0, 0
		for _, scl := range b.scl {
			v := uint16(scl[i])
			if v <= 1 || int(v) >= len(sclClass) {
				continue
			}
			valid++
			if isCloud(v) {
				bright++
			} else if v == 3 {
				dark++
			}
		}
		if valid < groundMinDates {
			continue
		}
		g.Dark[i] = float64(dark) >= groundMinShare*float64(valid)
		if float64(bright) >= groundMinShare*float64(valid) {
			out = append(out, int32(i))
		}
	}
	return out
}

// readBlue is the blue of the suspects, by pixel and date: reflectance × 10000
// + 1, at least 1; 0 = not seen.
func (b *groundBuilder) readBlue(scenes []Scene, suspects []int32) ([]uint16, error) {
	dates := len(b.scl)
	out := make([]uint16, len(suspects)*dates)
	w10 := Window{b.w.Col * 2, b.w.Row * 2, b.w.Width * 2, b.w.Height * 2}
	ten := Grid{EPSG: b.base.EPSG, X0: b.base.X0, Y0: b.base.Y0, Res: 10, Width: b.base.Width * 2, Height: b.base.Height * 2}
	dn := make([]uint16, w10.Width*w10.Height)
	for d, k := range b.scene {
		s := scenes[k]
		a, ok := s.Assets[B02]
		if !ok {
			continue
		}
		if err := readAligned(b.ctx, b.r, a, ten, w10, dn); err != nil {
			if b.ctx.Err() != nil {
				return nil, b.ctx.Err()
			}
			b.unreadable(s, B02, err)
			continue
		}
		for k, i := range suspects {
			o := 4*(int(i)/b.w.Width)*b.w.Width + 2*(int(i)%b.w.Width)
			four := [4]uint16{dn[o], dn[o+1], dn[o+w10.Width], dn[o+w10.Width+1]}
			v, sum := b.scl[d][i], 0.0
			for _, x := range four {
				sum += float64(x) / 4
			}
			if slices.Min(four[:]) == 0 || v <= 1 || v == 3 || v == 11 {
				continue
			}
			out[k*dates+d] = uint16(min(max(sum+s.Settled.DN0, 0)+1, 65535))
		}
	}
	return out, nil
}

// steady reports whether the bright dates look alike and the clear ones too:
// land under changing light, not passing cloud. The shortest half of the bright
// values is looked at, so that real cloud over the land on some dates does no
// harm.
func steady(blue []uint16, cloudy func(date int) bool) bool {
	var bright, clear []uint16
	for d, v := range blue {
		switch {
		case v == 0:
		case cloudy(d):
			bright = append(bright, v)
		default:
			clear = append(clear, v)
		}
	}
	if len(bright) < groundMinDates {
		return false
	}
	slices.Sort(bright)
	slices.Sort(clear)
	h := len(bright)/2 + 1
	at := 0
	for i := 0; i+h <= len(bright); i++ {
		if bright[i+h-1]-bright[i] < bright[at+h-1]-bright[at] {
			at = i
		}
	}
	lo, hi := float64(bright[at]), float64(bright[at+h-1])
	if hi-lo > groundSpread*(hi+lo) {
		return false
	}
	return len(clear) < groundMinClear || float64(clear[len(clear)/2]) >= groundClear*(lo+hi)/2
}

// index is the place in the ground of pixel i of window w, −1 outside.
func (g *Ground) index(w Window, i int) int {
	col, row := w.Col+i%w.Width-g.Window.Col, w.Row+i/w.Width-g.Window.Row
	if col < 0 || row < 0 || col >= g.Window.Width || row >= g.Window.Height {
		return -1
	}
	return row*g.Window.Width + col
}

func (g *Ground) bright(w Window, i int) bool {
	if g == nil {
		return false
	}
	k := g.index(w, i)
	return k >= 0 && g.Bright[k]
}

// keeps reports whether the class v at pixel i of window w is the ground's own.
func (g *Ground) keeps(w Window, i int, v uint16) bool {
	if g == nil || !isCloud(v) && v != 3 {
		return false
	}
	k := g.index(w, i)
	return k >= 0 && (v != 3 && g.Bright[k] || v == 3 && g.Dark[k])
}
