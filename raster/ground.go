package raster

import (
	"context"
	"slices"
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

// BuildGround reads SCL and, where it is suspicious, blue of all scenes around
// the shapes, a block at a time with one worker for each reader. A band that
// cannot be read is left out with a warning. Memory of a worker: one byte per
// pixel of a block and scene for SCL, two per suspicious pixel and scene for
// blue.
func BuildGround(ctx context.Context, readers []Reader, scenes []Scene, cover *Cover) (*Ground, []Warning, error) {
	g := &Ground{}
	if cover.on20.window.empty() || len(scenes) == 0 {
		return g, nil, nil
	}
	g.Window = cover.on20.window.pad(groundMargin)
	g.bright, g.dark = newPlane(g.Window.Width, g.Window.Height), newPlane(g.Window.Width, g.Window.Height)
	squares := cover.on20.touched(groundSquare, groundMargin)
	warns := make([][]Warning, len(squares))
	var mu sync.Mutex // of g: squares share words
	err := each(ctx, len(readers), len(squares), func(worker, i int) error {
		b := &groundBuilder{ctx: ctx, r: readers[worker], base: cover.Grid20, w: squares[i], n: squares[i].Width * squares[i].Height}
		bright, dark, err := b.build(scenes)
		warns[i] = b.warns
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

// groundSquare is the side of what is looked at together, in 20 m pixels: the
// usual block.
const groundSquare = 512

// build are the bright and the dark pixels of the builder's window.
func (b *groundBuilder) build(scenes []Scene) (bright, dark []int32, err error) {
	if err := b.readClasses(scenes); err != nil {
		return nil, nil, err
	}
	suspects, dark := b.suspects()
	if len(suspects) == 0 {
		return nil, dark, nil
	}
	blue, err := b.readBlue(scenes, suspects)
	if err != nil {
		return nil, nil, err
	}
	dates := len(b.scl)
	for k, i := range suspects {
		if steady(blue[k*dates:(k+1)*dates], func(d int) bool { return isCloud(b.scl[d][i]) }) {
			bright = append(bright, i)
		}
	}
	return bright, dark, nil
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
func (b *groundBuilder) suspects() (cloudy, dark []int32) {
	for i := range b.n {
		valid, bright, shade := 0, 0, 0
		for _, scl := range b.scl {
			v := scl[i]
			if v <= 1 || int(v) >= len(sclClass) {
				continue
			}
			valid++
			if isCloud(v) {
				bright++
			} else if v == 3 {
				shade++
			}
		}
		if valid < groundMinDates {
			continue
		}
		if float64(shade) >= groundMinShare*float64(valid) {
			dark = append(dark, int32(i))
		}
		if float64(bright) >= groundMinShare*float64(valid) {
			cloudy = append(cloudy, int32(i))
		}
	}
	return cloudy, dark
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
