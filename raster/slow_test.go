package raster

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// blocked is a memory reader with blocks of a size of its own and windows that
// cannot be read.
type blocked struct {
	memory
	w, h int
	torn func(a Asset, w Window) bool
}

func (b blocked) Blocks(context.Context, Asset) (int, int, error) { return b.w, b.h, nil }

func (b blocked) Read(ctx context.Context, a Asset, w Window, dst []uint16) error {
	if b.torn != nil && b.torn(a, w) {
		return errors.New("torn")
	}
	return b.memory.Read(ctx, a, w, dst)
}

// slowRow is a row of Observe worked out pixel by pixel: coverage by At, mask by
// slowMask, statistics by sample.
func slowRow(m memory, s Scene, c *Cover, k int, b Band, scene *sky, mask []MaskClass) (Stats, float64) {
	res, base := 20.0, c.Grid20
	if b.tenMetres() {
		res, base = 10, c.Grid10
	}
	a := m[s.Assets[b].Href]
	dc, dr := offset(a.grid, base)
	var smp sample
	doubtful, count := 0.0, 0.0
	for _, p := range c.At(k, res).Pixels {
		smp.total += p.Fraction
		col, row := int(p.Col), int(p.Row)
		if col < dc || row < dr || col >= dc+a.grid.Width || row >= dr+a.grid.Height {
			continue
		}
		v := a.dn[(row-dr)*a.grid.Width+col-dc]
		col, row = col*int(res)/20, row*int(res)/20
		class := mask[(row-scene.win.Row)*scene.win.Width+col-scene.win.Col]
		if v == 0 || !class.ok() {
			continue
		}
		if class == Doubtful {
			doubtful += p.Fraction
		}
		count += p.Fraction
		if p.Fraction == 1 {
			smp.inside++
		}
		smp.px = append(smp.px, weighted{(float64(v) + s.Settled.DN0) / 10000, p.Fraction})
	}
	return smp.stats(), doubtful / max(count, 1e-300)
}

func closeTo(a, b, tol float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= tol*(1+math.Abs(b))
}

// Observe over blocks of any layout, with shapes from slivers to the whole
// image, clouds, no data and an image that lies elsewhere than the grid, is
// pixel-by-pixel work.
func TestObserveIsTheSlowWay(t *testing.T) {
	const n = 700 // 20 m pixels a side: 3 × 3 blocks of 512 of 10 m
	r := rand.New(rand.NewPCG(9, 4))
	noise := make([]uint16, 4096)
	for i := range noise {
		noise[i] = uint16(r.IntN(1200))
	}
	m := memory{}
	s := m.scene("a", 1, n, func(b Band, c, r int) uint16 {
		k := (c*7919 + r*104729 + int(b[2])*31) % 4096
		switch {
		case b == SCL && (c/40+r/30)%7 == 2:
			return 9
		case b == SCL && k%97 == 5:
			return uint16(k % 12)
		case b == SCL:
			return 5
		case k%501 == 7:
			return 0
		case b == B12:
			return 1500 // all alike
		}
		return 300 + noise[k]*uint16(1+c%3)
	})
	s.Settled.DN0 = -1000
	for _, c := range []struct {
		name   string
		w, h   int
		dx, dy float64 // the grid's corner from the image's
	}{{"blocks of 512", 512, 512, 0, 0}, {"lines", 2 * n, 1, 0, 0}, {"one block, another tile", 5000, 5000, -400, 620}, {"blocks of 128 elsewhere", 128, 128, 5000, -200}} {
		t.Run(c.name, func(t *testing.T) {
			grid := Grid{EPSG: 32650, X0: 500000 + c.dx, Y0: 3500000 + c.dy, Res: 10, Width: 2 * n, Height: 2 * n}
			var shapes []Shape
			add := func(mp orb.MultiPolygon) {
				shapes = append(shapes, Shape{ID: fmt.Sprint(len(shapes)), Kind: "parcel", Polygon: mp})
			}
			for range 70 {
				add(orb.MultiPolygon{{star(r, 500000+14000*r.Float64(), 3500000-14000*r.Float64(), math.Exp(1+5*r.Float64()), 4+r.IntN(12))}})
			}
			x := 500000 + 14000*r.Float64()
			add(orb.MultiPolygon{{rect(x, 3486000, x+3, 3500000)}})                                                               // thinner than a pixel
			add(orb.MultiPolygon{{rect(499000, 3485000, 515000, 3501000)}})                                                       // all, and beyond
			add(orb.MultiPolygon{{rect(501003, 3486007, 511009, 3499001), rect(502000, 3487000, 510000, 3498000)}})               // a ring of land
			add(orb.MultiPolygon{{rect(501003, 3499007, 501030, 3499031)}, {rect(512003, 3487007, 512100, 3487031)}})             // two parts far apart
			add(orb.MultiPolygon{{rect(505120-30, 3500000-5120-30, 505120+30, 3500000-5120+30)}})                                 // on a corner of blocks
			add(orb.MultiPolygon{{rect(505120-3000.5, 3500000-5120-3000.25, 505120+2700.125, 3500000-5120+2900)}})                // large, on four blocks
			add(orb.MultiPolygon{{rect(500000-50, 3500000-30, 500000+30, 3500000+50)}, {rect(513990, 3486000, 514100, 3486090)}}) // corners of the image
			cover, err := NewCover(shapes, grid)
			if err != nil {
				t.Fatal(err)
			}
			rd := blocked{memory: m, w: c.w, h: c.h}
			res, err := Observe(context.Background(), rd, s, cover, ObserveOptions{More: []Reader{rd, rd}})
			if err != nil || len(res.Warnings) > 0 || res.Unreadable {
				t.Fatal(err, res.Warnings)
			}
			alone, err := Observe(context.Background(), rd, s, cover, ObserveOptions{})
			if err != nil {
				t.Fatal(err)
			}
			all := cover.on20.window.pad(6)
			scene := &sky{all, make([]uint8, all.Width*all.Height)}
			b := m["a/SCL"]
			dc, dr := offset(b.grid, cover.Grid20)
			for row := range n {
				for col := range n {
					if x, y := col+dc-all.Col, row+dr-all.Row; x >= 0 && y >= 0 && x < all.Width && y < all.Height {
						scene.scl[y*all.Width+x] = uint8(b.dn[row*n+col])
					}
				}
			}
			mask := quickMask(scene)
			seen := 0
			for i := range res.Len() {
				o := res.Row(i)
				if o != alone.Row(i) && !(o.Count == 0 && alone.Row(i).Count == 0) {
					t.Fatalf("three workers %+v, one %+v", o, alone.Row(i))
				}
				k := int(res.shapes[i/10])
				want, doubtful := slowRow(m, s, cover, k, o.Band, scene, mask)
				got := []float64{o.Total, o.Count, o.Inside, o.Mean, o.Std, o.Min, o.P25, o.Median, o.P75, o.Max, o.Doubtful}
				for j, w := range []float64{want.Total, want.Count, want.Inside, want.Mean, want.Std, want.Min, want.P25, want.Median, want.P75, want.Max, doubtful} {
					tol := 1e-10
					if j == 10 || j == 4 {
						tol = 1e-6 // kept in 32 bits
					}
					if !closeTo(got[j], w, tol) {
						t.Fatalf("shape %d, %s, statistic %d: %.15g, slow %.15g\n%+v", k, o.Band, j, got[j], w, o)
					}
				}
				if o.Count > 0 {
					seen++
				}
			}
			if seen < 300 {
				t.Errorf("only %d rows have pixels", seen)
			}
		})
	}
}

// quickMask is slowMask without ground and with one pixel of dilation.
func quickMask(s *sky) []MaskClass {
	out := make([]MaskClass, len(s.scl))
	w := s.win.Width
	for i, v := range s.scl {
		if v < 12 {
			out[i] = sclClass[v]
		}
		if !out[i].ok() {
			continue
		}
		for r := max(i/w-1, 0); r <= min(i/w+1, s.win.Height-1); r++ {
			for c := max(i%w-1, 0); c <= min(i%w+1, w-1); c++ {
				if n := s.scl[r*w+c]; isCloud(n) || n == 3 {
					out[i] = Cloud
				}
			}
		}
	}
	return out
}

// A torn block lowers the count of the shapes in it, names its place and
// changes nothing else.
func TestObserveTornBlock(t *testing.T) {
	m := memory{}
	s := m.scene("a", 1, 600, func(b Band, c, r int) uint16 {
		if b == SCL {
			return 4
		}
		return uint16(1000 + c + 2*r)
	})
	grid := Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 10, Width: 1200, Height: 1200}
	sq := func(col, row, side float64) Shape {
		x, y := 500000+10*col, 3500000-10*row
		return Shape{ID: fmt.Sprintf("%g", col), Polygon: orb.MultiPolygon{{rect(x, y-10*side, x+10*side, y)}}}
	}
	cover, err := NewCover([]Shape{sq(100, 100, 20), sq(500, 100, 24), sq(700, 100, 20)}, grid)
	if err != nil {
		t.Fatal(err)
	}
	torn := blocked{m, 512, 512, func(a Asset, w Window) bool { return strings.HasSuffix(a.Href, "B04") && w.Col == 512 && w.Row == 0 }}
	res, err := Observe(context.Background(), torn, s, cover, ObserveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Warnings) != 1 || !res.Unreadable || res.Warnings[0].Code != UnreadableBlock || res.Warnings[0].Subject != "a B04" || !strings.Contains(res.Warnings[0].Detail, "1 of 2 blocks") || !strings.Contains(res.Warnings[0].Detail, "column 512, row 0") {
		t.Errorf("warnings %v", res.Warnings)
	}
	// Of the shape at column 500 the 12 columns before 512 are left.
	for k, want := range []float64{400, 12 * 24, 0} {
		o := res.Row(10*k + 2)
		if o.Band != B04 || o.Count != want || o.Total != []float64{400, 576, 400}[k] {
			t.Errorf("shape %d: %+v, want count %g", k, o, want)
		}
		if b := res.Row(10 * k); b.Count != b.Total {
			t.Errorf("blue of shape %d: %+v", k, b)
		}
	}
	// Mean of 1000 + c/2 + 2·(r/2) in 20 m pixels over columns 500–511, rows
	// 100–123: c20 250–255 → 252.5, r20 50–61 → 55.5.
	if got, want := res.Row(12).Mean, (1000+252.5+2*55.5)/10000; math.Abs(got-want) > 1e-12 {
		t.Errorf("mean of what is left %g, want %g", got, want)
	}
	torn.torn = func(a Asset, w Window) bool { return strings.HasSuffix(a.Href, "SCL") }
	res, err = Observe(context.Background(), torn, s, cover, ObserveOptions{})
	if err != nil || len(res.Warnings) != 1 || res.Warnings[0].Code != UnreadableBand || res.Row(0).Count != 0 || res.Row(0).Total != 400 {
		t.Errorf("without SCL: %v %v %+v", err, res.Warnings, res.Row(0))
	}
}

// Inside pixels by choice: of a 6 × 5 block of whole pixels with a rim of half
// pixels, 30 lie within, 4 × 3 of them have eight neighbours within, and no rim
// pixel has more than half its area; the corner ones a quarter. Total stays.
func TestPreferInsidePixels(t *testing.T) {
	m := memory{}
	s := m.scene("a", 1, 20, func(b Band, c, r int) uint16 {
		if b == SCL {
			return 4
		}
		return 1000
	})
	grid := Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 10, Width: 40, Height: 40}
	cover, err := NewCover([]Shape{{ID: "p", Polygon: orb.MultiPolygon{{rect(500095, 3500000-155, 500165, 3500000-95)}}}}, grid)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		opt           ObserveOptions
		count, inside float64
	}{{ObserveOptions{}, 42, 30}, {ObserveOptions{MinCoverage: 0.3}, 41, 30}, {ObserveOptions{MinCoverage: 0.6}, 30, 30}, {ObserveOptions{Inset: 1}, 12, 12}, {ObserveOptions{Inset: 2}, 2, 2}, {ObserveOptions{Inset: 3}, 0, 0}} {
		res, err := Observe(context.Background(), m, s, cover, c.opt)
		if err != nil {
			t.Fatal(err)
		}
		if o := res.Row(0); o.Total != 42 || o.Count != c.count || o.Inside != c.inside {
			t.Errorf("%+v: total %g, count %g, inside %g; want 42, %g, %g", c.opt, o.Total, o.Count, o.Inside, c.count, c.inside)
		}
	}
}
