package raster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
)

// By hand: cloud grows by one pixel in eight directions, over water too; shadow
// grows but not over cloud; nothing grows over no data.
func TestMaskByHand(t *testing.T) {
	w := Window{0, 0, 5, 3}
	scl := []uint8{
		9, 4, 6, 3, 5,
		4, 4, 6, 2, 0,
		4, 7, 6, 11, 1,
	}
	want := []MaskClass{
		Cloud, Cloud, Shadow, Shadow, Shadow,
		Cloud, Cloud, Shadow, Shadow, NoData,
		Usable, Doubtful, Usable, Snow, Saturated,
	}
	scene := sky{w.pad(6), make([]uint8, 17*15)} // no data around
	for i, v := range scl {
		scene.row(i / 5)[6+i%5] = v
	}
	build := func(opt MaskOptions) (out []MaskClass) {
		m := newMask(w)
		m.rows(0, 3, &scene, nil, opt)
		for i := range scl {
			out = append(out, m.at(i%5, i/5))
		}
		return out
	}
	for i, m := range build(MaskOptions{}) {
		if m != want[i] && (m.ok() || want[i].ok()) {
			t.Errorf("pixel %d: class %d, want %d", i, m, want[i])
		}
	}
	if m := build(MaskOptions{Dilate: -1}); m[1] != Usable || m[2] != Usable || m[8] != Doubtful {
		t.Errorf("without dilation: %v", m)
	}
}

// slowMask says the same pixel by pixel.
func slowMask(s *sky, ground *Ground, opt MaskOptions) []MaskClass {
	w := s.win
	mask, kept := make([]MaskClass, len(s.scl)), make([]bool, len(s.scl))
	for i, v := range s.scl {
		col, row := w.Col+i%w.Width, w.Row+i/w.Width
		mask[i] = sclClass[min(int(v), 12)%12]
		if v > 11 {
			mask[i] = NoData
		}
		if kept[i] = ground.keeps(col, row, v) && !(isCloud(v) && overcast(s, col, row, ground)); kept[i] {
			mask[i] = Doubtful
		}
	}
	for range opt.dilate() {
		out := slices.Clone(mask)
		for i, m := range mask {
			if !m.ok() || kept[i] {
				continue
			}
			for k, n := range mask {
				if n == Cloud || n == Shadow {
					if dc, dr := i%w.Width-k%w.Width, i/w.Width-k/w.Width; max(dc, -dc, dr, -dr) == 1 {
						out[i] = n
					}
				}
			}
		}
		mask = out
	}
	return mask
}

// The mask by words of bits is the mask pixel by pixel, over ground of its own,
// in any window and any division into rows.
func TestMaskIsTheSlowMask(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	classes := []uint8{0, 2, 3, 4, 4, 4, 4, 4, 5, 6, 7, 8, 9, 10, 11, 1, 255}
	for k := range 60 {
		opt := MaskOptions{Dilate: r.IntN(4) - 1}
		win := Window{r.IntN(90) - 20, r.IntN(90) - 20, 1 + r.IntN(140), 1 + r.IntN(20)}
		all := win.pad(opt.margin())
		scene := &sky{all, make([]uint8, all.Width*all.Height)}
		ground := &Ground{Window: win.pad(3), bright: newPlane(win.Width+6, win.Height+6), dark: newPlane(win.Width+6, win.Height+6)}
		share := r.IntN(len(classes))
		for i := range scene.scl {
			if scene.scl[i] = 4; r.IntN(20) <= share {
				scene.scl[i] = classes[r.IntN(len(classes))]
			}
		}
		for range 40 {
			ground.bright.set(r.IntN(win.Width+6), r.IntN(win.Height+6))
			ground.dark.set(r.IntN(win.Width+6), r.IntN(win.Height+6))
		}
		if k%3 == 0 {
			ground = nil
		}
		want := slowMask(scene, ground, opt)
		m := newMask(win)
		for from := 0; from < win.Height; from += 7 {
			m.rows(from, min(from+7, win.Height), scene, ground, opt)
		}
		for row := range win.Height {
			for col := range win.Width {
				got, w := m.at(win.Col+col, win.Row+row), want[(row+opt.margin())*all.Width+col+opt.margin()]
				if got != w && (got.ok() || w.ok()) {
					t.Fatalf("case %d, dilation %d, column %d, row %d: class %d, pixel by pixel %d", k, opt.Dilate, col, row, got, w)
				}
			}
		}
	}
}

// A season of 30 dates over 40 × 40 pixels: a greenhouse (columns 10–14, rows
// 10–14) that SCL calls cloud (8) on every clear date, a paddy flooded (6, dark)
// on half of them, and on every third date cloud over everything, of changing
// brightness; field elsewhere. On dates 25–29 a cloud stands over the field at
// columns 25–30 only.
func season(m memory) []Scene {
	var out []Scene
	for d := range 30 {
		overcast := d%3 == 2
		house := func(c, r int) bool { return c >= 10 && c < 15 && r >= 10 && r < 15 }
		paddy := func(c, r int) bool { return c >= 20 && c < 24 && r >= 20 && r < 24 }
		out = append(out, m.scene(fmt.Sprintf("s%02d", d), d+1, 40, func(b Band, c, r int) uint16 {
			patchy := d >= 25 && c >= 25 && c < 31 && r < 10
			switch {
			case b == SCL && (overcast || patchy):
				return 9
			case b == SCL && house(c, r):
				return 8
			case b == SCL && paddy(c, r) && d%2 == 0:
				return 6
			case b == SCL:
				return 4
			case overcast || patchy:
				return uint16(2500 + 900*(d%7))
			case house(c, r):
				return uint16(2800 + 40*(d%5))
			}
			return 400
		}))
	}
	return out
}

func TestGreenhouseAndPaddyKeepTheirObservations(t *testing.T) {
	m := memory{}
	scenes := season(m)
	grid := Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 10, Width: 80, Height: 80}
	at := func(c0, r0, c1, r1 float64) Shape { // in 20 m pixels
		var s Shape
		s.ID = fmt.Sprintf("%g-%g", c0, r0)
		s.Polygon = append(s.Polygon, orb.Polygon{rect(500000+20*c0, 3500000-20*r1, 500000+20*c1, 3500000-20*r0)})
		return s
	}
	cover, err := NewCover([]Shape{at(10, 10, 15, 15), at(20, 20, 24, 24), at(25, 2, 30, 8)}, grid)
	if err != nil {
		t.Fatal(err)
	}
	g, warns, err := BuildGround(context.Background(), []Reader{m, m}, scenes, cover)
	if err != nil || len(warns) > 0 {
		t.Fatal(err, warns)
	}
	bright := 0
	for i := range 40 * 40 {
		if g.Bright(i%40, i/40) {
			bright++
		}
	}
	if bright != 25 {
		t.Errorf("%d pixels of bright land, the greenhouse has 25", bright)
	}
	counts := func(d int, ground *Ground) (house, paddy, field float64) {
		res, err := Observe(context.Background(), m, scenes[d], cover, ObserveOptions{Ground: ground})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range res.Rows() {
			if o.Band == B8A {
				switch o.ParcelID {
				case "10-10":
					house = o.Count
				case "20-20":
					paddy = o.Count
				default:
					field = o.Count
				}
			}
		}
		return
	}
	for d := range scenes {
		house, paddy, field := counts(d, g)
		wantHouse, wantPaddy, wantField := 25.0, 16.0, 30.0
		if d%3 == 2 { // real cloud over the greenhouse as well
			wantHouse, wantPaddy, wantField = 0, 0, 0
		}
		if d >= 25 {
			wantField = 0
		}
		if house != wantHouse || paddy != wantPaddy || field != wantField {
			t.Errorf("date %d: greenhouse %g, paddy %g, field %g pixels; want %g, %g, %g", d, house, paddy, field, wantHouse, wantPaddy, wantField)
		}
	}
	if house, _, _ := counts(0, nil); house != 0 {
		t.Errorf("without knowing the ground the greenhouse has %g pixels: the test proves nothing", house)
	}

	b, err := g.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	back := new(Ground)
	if err := back.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	again, _ := back.MarshalBinary()
	if !bytes.Equal(b, again) || back.Window != g.Window {
		t.Error("the ground changed on its way through bytes")
	}
	if err := back.UnmarshalBinary(b[:len(b)-1]); err == nil {
		t.Error("a ground cut short was accepted")
	}
}

// whole is one shape over n × n pixels of 20 m.
func whole(t *testing.T, n int) *Cover {
	side := 20 * float64(n)
	return coverOne(t, orb.MultiPolygon{{rect(500000, 3500000-side, 500000+side, 3500000)}}, Grid{32650, 500000, 3500000, 10, 2 * n, 2 * n})
}

// A field under cloud on most dates is no bright land.
func TestFrequentCloudIsNotBrightLand(t *testing.T) {
	m := memory{}
	var scenes []Scene
	for d := range 20 {
		cloudy := d%5 < 3
		scenes = append(scenes, m.scene(fmt.Sprint(d), d+1, 20, func(b Band, c, r int) uint16 {
			switch {
			case b == SCL && cloudy:
				return 9
			case b == SCL:
				return 4
			case cloudy:
				return 5000 // even clouds of one brightness
			}
			return 600
		}))
	}
	g, _, err := BuildGround(context.Background(), []Reader{m}, scenes, whole(t, 20))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 * 20 {
		if g.Bright(i%20, i/20) {
			t.Fatalf("pixel %d is called bright land", i)
		}
	}
}

// An unreadable scene is named and the rest goes on.
func TestGroundNamesUnreadableBands(t *testing.T) {
	m := memory{}
	scenes := season(m)
	b := m["s03/SCL"]
	b.err = errors.New("torn")
	m["s03/SCL"] = b
	_, warns, err := BuildGround(context.Background(), []Reader{m}, scenes, whole(t, 40))
	if err != nil || len(warns) != 1 || warns[0].Code != UnreadableBand || warns[0].Subject != "s03 SCL" {
		t.Errorf("%v %v", err, warns)
	}
}

// ok reports whether the pixel counts.
func (m MaskClass) ok() bool { return m == Usable || m == Doubtful }

// at is the class of a pixel as far as a mask tells it: Usable, Doubtful or
// NoData for all that does not count.
func (m *mask) at(col, row int) MaskClass {
	switch c, r := col-m.win.Col, row-m.win.Row; {
	case !m.ok.at(c, r):
		return NoData
	case m.doubtful.at(c, r):
		return Doubtful
	}
	return Usable
}
