package raster

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// whiteIsCloud calls a pixel cloud where blue is above 0.3; side is small.
type whiteIsCloud struct {
	side int
	seen [][]float32 // blue of every square
}

func (*whiteIsCloud) Bands() []Band { return []Band{B02, B11} }
func (j *whiteIsCloud) Side() int   { return j.side }

func (j *whiteIsCloud) Clear(_ context.Context, planes [][]float32) ([]float32, error) {
	j.seen = append(j.seen, planes[0])
	out := make([]float32, len(planes[0]))
	for i, v := range planes[0] {
		switch {
		case v != v:
			out[i] = v
		case v <= 0.3:
			out[i] = 1
		}
	}
	return out, nil
}

// Eight columns of 20 m: blue is 0.4 in columns 4–7 and 0.1 before; SCL calls
// column 5 cloud (nothing is grown). The plot covers columns 2–6 of row 1 and half
// of column 7: usable 2, 3, 4, 6 and half of 7, of which 2 and 3 are clear.
func TestAskSkyByHand(t *testing.T) {
	m := memory{}
	s := m.scene("a", 1, 8, func(b Band, c, r int) uint16 {
		switch {
		case b == SCL && c == 5:
			return 9
		case b == SCL:
			return 4
		case b == B02 && c >= 4:
			return 5000
		}
		return 2000
	})
	s.Settled = Offset{DN0: -1000}
	grid := Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 10, Width: 16, Height: 16}
	shapes := []Shape{
		{ID: "p", Kind: "plot", Polygon: orb.MultiPolygon{{rect(500040, 3500000-40, 500150, 3500000-20)}}},
		{ID: "not asked", Kind: "plot", Polygon: orb.MultiPolygon{{rect(500000, 3500000-80, 500020, 3500000-60)}}},
		{ID: "in cloud", Kind: "plot", Polygon: orb.MultiPolygon{{rect(500100, 3500000-80, 500120, 3500000-60)}}},
	}
	cover, err := NewCover(shapes, grid)
	if err != nil {
		t.Fatal(err)
	}
	opt := ObserveOptions{Mask: MaskOptions{Dilate: -1}}
	judge := &whiteIsCloud{side: 2*SkyMargin + 4} // two squares of four columns
	got, err := AskSky(context.Background(), m, s, cover, []int{0, 2}, opt, judge)
	if err != nil || len(got.Warnings) > 0 || got.Unreadable {
		t.Fatal(err, got)
	}
	if got.Squares != 2 || len(got.Voices) != 2 || got.Voices[0].ParcelID != "p" || math.Abs(got.Voices[0].Clear-2/4.5) > 1e-12 {
		t.Errorf("%d squares, %+v; wanted 2 and 2 of 4.5 pixels clear", got.Squares, got.Voices)
	}
	if got.Voices[1].ParcelID != "in cloud" || !math.IsNaN(got.Voices[1].Clear) {
		t.Errorf("of no usable pixel: %+v", got.Voices[1])
	}
	// Beyond the edge the image is mirrored: column −1 is column 0, column −5 is
	// column 4 (white). The first square begins at column −32.
	first := judge.seen[0][SkyMargin*judge.side:]
	if at := first[SkyMargin-1]; at != 0.1 {
		t.Errorf("column −1 is %g, not that of column 0", at)
	}
	if at := first[SkyMargin-5]; at != 0.4 {
		t.Errorf("column −5 is %g, not that of column 4", at)
	}
	// What is said of a plot does not depend on which others are asked of.
	alone, err := AskSky(context.Background(), m, s, cover, []int{0}, opt, &whiteIsCloud{side: 2*SkyMargin + 4})
	if err != nil || alone.Voices[0] != got.Voices[0] {
		t.Errorf("alone: %v %+v", err, alone)
	}

	b := m["a/B11"]
	b.err = errors.New("torn")
	m["a/B11"] = b
	torn, err := AskSky(context.Background(), m, s, cover, []int{0}, opt, judge)
	if err != nil || !torn.Unreadable || !math.IsNaN(torn.Voices[0].Clear) {
		t.Errorf("a band that cannot be read: %v %+v", err, torn)
	}
}
