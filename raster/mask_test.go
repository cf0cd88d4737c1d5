package raster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/paulmach/orb"
)

// By hand: cloud grows by one pixel in eight directions, over water too; shadow
// grows but not over cloud; nothing grows over no data.
func TestMaskByHand(t *testing.T) {
	w := Window{0, 0, 5, 3}
	scl := []uint16{
		9, 4, 6, 3, 5,
		4, 4, 6, 2, 0,
		4, 7, 6, 11, 1,
	}
	want := []MaskClass{
		Cloud, Cloud, Shadow, Shadow, Shadow,
		Cloud, Cloud, Shadow, Shadow, NoData,
		Usable, Doubtful, Usable, Snow, Saturated,
	}
	for i, m := range BuildMask(scl, w, nil, MaskOptions{}) {
		if m != want[i] {
			t.Errorf("pixel %d: class %d, want %d", i, m, want[i])
		}
	}
	if m := BuildMask(scl, w, nil, MaskOptions{Dilate: -1}); m[1] != Usable || m[2] != Usable || m[8] != Doubtful {
		t.Errorf("without dilation: %v", m)
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
	g, warns, err := BuildGround(context.Background(), m, scenes, cover.Window20())
	if err != nil || len(warns) > 0 {
		t.Fatal(err, warns)
	}
	bright := 0
	for _, b := range g.Bright {
		if b {
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
		for _, o := range res.Observations {
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
	g, _, err := BuildGround(context.Background(), m, scenes, Window20{Grid{32650, 500000, 3500000, 20, 20, 20}, Window{0, 0, 20, 20}})
	if err != nil {
		t.Fatal(err)
	}
	for i, b := range g.Bright {
		if b {
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
	_, warns, err := BuildGround(context.Background(), m, scenes, Window20{Grid{32650, 500000, 3500000, 20, 40, 40}, Window{0, 0, 40, 40}})
	if err != nil || len(warns) != 1 || warns[0].Code != UnreadableBand || warns[0].Subject != "s03 SCL" {
		t.Errorf("%v %v", err, warns)
	}
}
