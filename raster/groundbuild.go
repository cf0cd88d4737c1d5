package raster

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// groundSquare is the side of what is looked at together, in 20 m pixels: the
// usual block. groundQuarter is the side of what blue is read for at once: the
// usual block of 10 m.
const (
	groundSquare  = 512
	quarterBits   = 8
	groundQuarter = 1 << quarterBits
)

// groundBuilder finds the ground of one square after another.
type groundBuilder struct {
	ctx    context.Context
	r      Reader
	base   Grid
	scenes []Scene // in the order they are asked for
	w      Window  // the square
	warns  []Warning

	scl   [][]uint8 // by date
	scene []int     // the scene of each date
	room  [][]uint8 // of scl
	dn    []uint16
	votes []uint32 // by pixel
	blue  []uint16
	few   [2][]uint16 // of steady
}

// evenly puts scenes into an order of which every beginning lies evenly over
// the season, in step with no rhythm of orbits: by the fraction of their place
// in time times the golden ratio. Few scenes keep their order: all are read.
func evenly(scenes []Scene) []Scene {
	var out []Scene
	for _, s := range scenes {
		if _, ok := s.Assets[SCL]; ok {
			out = append(out, s)
		}
	}
	if len(out) <= groundDates {
		return out
	}
	slices.SortStableFunc(out, func(a, b Scene) int { return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID)) })
	at := make(map[string]float64, len(out))
	for i, s := range out {
		_, at[s.ID] = math.Modf(float64(i) * (math.Sqrt(5) - 1) / 2)
	}
	slices.SortStableFunc(out, func(a, b Scene) int { return cmp.Compare(at[a.ID], at[b.ID]) })
	return out
}

// build are the bright and the dark pixels of a window.
func (b *groundBuilder) build(w Window) (bright, dark []int32, err error) {
	b.w = w
	if err := b.readClasses(); err != nil {
		return nil, nil, err
	}
	suspects, dark := b.suspects()
	for len(suspects) > 0 {
		part, rest := b.quarter(suspects)
		if err := b.readBlue(part); err != nil {
			return nil, nil, err
		}
		dates := len(b.scl)
		for k, i := range part.pixels {
			if b.steady(b.blue[k*dates:(k+1)*dates], i) {
				bright = append(bright, i)
			}
		}
		suspects = rest
	}
	return bright, dark, nil
}

func (b *groundBuilder) unreadable(s Scene, band Band, err error) {
	b.warns = append(b.warns, Warning{UnreadableBand, s.ID + " " + string(band), err.Error()})
}

// readClasses reads SCL until enough dates show the square, and counts votes.
func (b *groundBuilder) readClasses() error {
	n := b.w.Width * b.w.Height
	b.dn, b.votes = sized(b.dn, n), sized(b.votes, n)
	clear(b.votes)
	b.scl, b.scene = b.scl[:0], b.scene[:0]
	for k, s := range b.scenes {
		d := len(b.scl)
		if d == groundDates {
			break
		}
		if err := readAligned(b.ctx, b.r, s.Assets[SCL], b.base, b.w, b.dn); err != nil {
			if b.ctx.Err() != nil {
				return b.ctx.Err()
			}
			b.unreadable(s, SCL, err)
			continue
		}
		if d == len(b.room) {
			b.room = append(b.room, nil)
		}
		b.room[d] = sized(b.room[d], n)
		scl, votes, seen := b.room[d], b.votes[:n], uint32(0)
		for i, v := range b.dn {
			c := uint8(min(v, 255))
			scl[i] = c
			votes[i] += sclVote[c]
			seen |= sclVote[c]
		}
		if seen != 0 {
			b.scl, b.scene = append(b.scl, scl), append(b.scene, k)
		}
	}
	return b.ctx.Err()
}

// sized is a slice of n elements in the room of another, if that is enough.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// sclVote is what a class adds to a pixel's votes: one valid date in the lowest
// ten bits, one cloudy in the next, one in shadow in the next.
var sclVote = func() (t [256]uint32) {
	for v := 2; v < len(sclClass); v++ {
		t[v] = 1
		switch {
		case isCloud(uint8(v)):
			t[v] |= 1 << 10
		case v == 3:
			t[v] |= 1 << 20
		}
	}
	return t
}()

// suspects are the pixels called cloud on most dates; dark land is settled here.
func (b *groundBuilder) suspects() (cloudy, dark []int32) {
	for i, v := range b.votes {
		valid := v & 1023
		if valid < groundMinDates {
			continue
		}
		least := groundMinShare * float64(valid)
		if float64(v>>20) >= least {
			dark = append(dark, int32(i))
		}
		if float64(v>>10&1023) >= least {
			cloudy = append(cloudy, int32(i))
		}
	}
	return cloudy, dark
}

// suspectPart is suspects of one quarter.
type suspectPart struct {
	win    Window // around them, of the base grid
	pixels []int32
}

// quarter takes the suspects of the quarter the first lies in; both lists keep
// their order.
func (b *groundBuilder) quarter(suspects []int32) (part suspectPart, rest []int32) {
	// Quarters begin at whole multiples, as blocks do.
	of := func(i int32) (col, row int) {
		return (b.w.Col + int(i)%b.w.Width) >> quarterBits, (b.w.Row + int(i)/b.w.Width) >> quarterBits
	}
	col, row := of(suspects[0])
	for _, i := range suspects {
		if c, r := of(i); c == col && r == row {
			part.pixels = append(part.pixels, i)
		} else {
			rest = append(rest, i)
		}
	}
	part.win = Window{col * groundQuarter, row * groundQuarter, groundQuarter, groundQuarter}.intersect(b.w)
	return part, rest
}

// readBlue fills the blue of the suspects, by pixel and date: reflectance × 10000
// + 1, at least 1; 0 = not seen.
func (b *groundBuilder) readBlue(part suspectPart) error {
	dates := len(b.scl)
	b.blue = sized(b.blue, len(part.pixels)*dates)
	clear(b.blue)
	w10 := Window{part.win.Col * 2, part.win.Row * 2, part.win.Width * 2, part.win.Height * 2}
	ten := Grid{EPSG: b.base.EPSG, X0: b.base.X0, Y0: b.base.Y0, Res: 10, Width: b.base.Width * 2, Height: b.base.Height * 2}
	b.dn = sized(b.dn, w10.Width*w10.Height)
	dn := b.dn
	for d, k := range b.scene {
		s := b.scenes[k]
		a, ok := s.Assets[B02]
		if !ok {
			continue
		}
		if err := readAligned(b.ctx, b.r, a, ten, w10, dn); err != nil {
			if b.ctx.Err() != nil {
				return b.ctx.Err()
			}
			b.unreadable(s, B02, err)
			continue
		}
		for k, i := range part.pixels {
			if v := b.scl[d][i]; v <= 1 || v == 3 || v == 11 {
				continue
			}
			col, row := b.w.Col+int(i)%b.w.Width-part.win.Col, b.w.Row+int(i)/b.w.Width-part.win.Row
			o := 2*row*w10.Width + 2*col
			p, q, r, t := dn[o], dn[o+1], dn[o+w10.Width], dn[o+w10.Width+1]
			if min(p, q, r, t) == 0 {
				continue
			}
			sum := float64(uint32(p)+uint32(q)+uint32(r)+uint32(t)) / 4
			b.blue[k*dates+d] = uint16(min(max(sum+s.Settled.DN0, 0)+1, 65535))
		}
	}
	return nil
}

// steady reports whether the bright dates of a pixel look alike and the clear
// ones too: land under changing light, not passing cloud. The shortest half of
// the bright values is looked at, so that real cloud over the land on some dates
// does no harm.
func (b *groundBuilder) steady(blue []uint16, pixel int32) bool {
	bright, clear := b.few[0][:0], b.few[1][:0]
	for d, v := range blue {
		switch {
		case v == 0:
		case isCloud(b.scl[d][pixel]):
			bright = append(bright, v)
		default:
			clear = append(clear, v)
		}
	}
	b.few = [2][]uint16{bright, clear}
	if len(bright) < groundMinDates {
		return false
	}
	slices.Sort(bright)
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
	if len(clear) < groundMinClear {
		return true
	}
	slices.Sort(clear)
	return float64(clear[len(clear)/2]) >= groundClear*(lo+hi)/2
}
