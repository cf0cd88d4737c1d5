package outline

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/paulmach/orb"
)

// memory is dates held in memory.
type memory struct {
	w, h   int
	images [][4][]float32
	noise  [][4]float32
}

func (m *memory) Size() (int, int)       { return m.w, m.h }
func (m *memory) Len() int               { return len(m.images) }
func (m *memory) Noise(i int) [4]float32 { return m.noise[i] }
func (m *memory) Image(ctx context.Context, i int) ([4][]float32, error) {
	return m.images[i], ctx.Err()
}

// add adds a date of reflectance by pixel and band, with noise.
func (m *memory) add(seed uint64, spread float64, value func(x, y, band int) float64) {
	r := rand.New(rand.NewPCG(seed, 1))
	var img [4][]float32
	for b := range img {
		img[b] = make([]float32, m.w*m.h)
		for i := range img[b] {
			img[b][i] = float32(value(i%m.w, i/m.w, b) + spread*r.NormFloat64())
		}
	}
	m.images = append(m.images, img)
	m.noise = append(m.noise, NoiseOf([][4][]float32{img}, []int{m.w}, []int{m.h}))
}

// A ridge of 5 between two basins parts them where they are deeper than asked
// for; by hand: the left one's lowest is 1, the right one's 3, the ridge 5.
func TestWatershedByHand(t *testing.T) {
	level := []float32{
		1, 2, 5, 3, 4,
		2, 2, 6, 4, 4,
	}
	two, n := watershed(level, 5, 2, 1.5)
	// The ridge's pixels go to the neighbour that lies lowest.
	if want := []int32{1, 1, 1, 2, 2, 1, 1, 1, 2, 2}; n != 2 || !reflect.DeepEqual(two, want) {
		t.Errorf("%d basins %v, want %v", n, two, want)
	}
	one, n := watershed(level, 5, 2, 2.5) // the right one is 2 deep
	if n != 1 || one[9] != 1 {
		t.Errorf("%d basins %v, want one", n, one)
	}
	level[2], level[7] = never, never
	apart, n := watershed(level, 5, 2, 9)
	if n != 2 || apart[2] != 0 || apart[7] != 0 {
		t.Errorf("%d basins %v, want two and a gap", n, apart)
	}
}

// The gradient of a plane of one unit a pixel is one, in any direction; where a
// neighbour is not seen there is none.
func TestGradientByHand(t *testing.T) {
	w, h := 5, 5
	px := make([]float32, w*h)
	for i := range px { // tones rise by 0.3 to the right and 0.4 downwards: 0.5 along
		px[i] = float32(math.Exp(0.3*float64(i%w)+0.4*float64(i/w)-3) - darkest)
	}
	px[24] = float32(math.NaN())
	g := make([]float32, w*h)
	gradients(g, [4][]float32{px}, [4]float32{0.25}, w, h)
	if got := g[12]; math.Abs(float64(got)-4) > 1e-4 { // (0.5 / 0.25)²
		t.Errorf("gradient² %g, want 4", got)
	}
	if !math.IsNaN(float64(g[18])) {
		t.Errorf("a gradient %g beside a pixel that is not seen", g[18])
	}
}

// NoiseOf of even ground with normal noise: gradients by the weights 3 : 10 : 3
// have a standard deviation of √(2 (9 + 100 + 9)) / 32 = 0.48 of the noise along
// each axis, so a median of √(2 ln 2) × 0.48 = 0.565 of it.
func TestNoiseOfEvenGround(t *testing.T) {
	m := &memory{w: 120, h: 120}
	m.add(3, 0, func(x, y, b int) float64 { return 0 })
	r := rand.New(rand.NewPCG(5, 6))
	for i := range m.images[0][2] {
		m.images[0][2][i] = float32(math.Exp(0.1*r.NormFloat64())*0.2 - darkest)
	}
	got := NoiseOf(m.images, []int{m.w}, []int{m.h})
	if want := 0.1 * 0.565; math.Abs(float64(got[2])-want) > 0.03*want {
		t.Errorf("noise %.5f, want %.5f", got[2], want)
	}
	if got[0] != quietest {
		t.Errorf("ground without noise has %g", got[0])
	}
}

// Four fields of which no date shows all the borders are told apart by two dates
// together, and their borders lie where they were put.
func TestDatesTogetherShowAllBorders(t *testing.T) {
	m := &memory{w: 40, h: 40}
	side := func(on bool) float64 {
		if on {
			return 0.10
		}
		return 0.16
	}
	m.add(1, 0.003, func(x, y, b int) float64 { return side(x < 18) })
	m.add(2, 0.003, func(x, y, b int) float64 { return side(y < 25) })
	s, err := Segment(t.Context(), m, nil, Options{Rough: 9}) // land as dark as this is rough
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Fields) != 4 {
		t.Fatalf("%d fields, want 4: %+v", len(s.Fields), s.Fields)
	}
	wrong := 0
	quarter := map[[2]bool]int32{{true, true}: s.Labels[0], {false, true}: s.Labels[39], {true, false}: s.Labels[39*40], {false, false}: s.Labels[39*40+39]}
	for i, l := range s.Labels {
		if l != quarter[[2]bool{i%40 < 18, i/40 < 25}] {
			wrong++
		}
	}
	if wrong > 20 { // a quarter of the 80 pixels that lie along the borders on either side
		t.Errorf("%d pixels lie in the wrong field", wrong)
	}
}

// What a segmentation must be, whatever the images: labels of fields only, each
// field as many pixels as it says, hanging together, its point in it.
func TestSegmentationIsAPartition(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for round := range 30 {
		m := &memory{w: 1 + r.IntN(40), h: 1 + r.IntN(40)}
		step := 1 + r.IntN(9)
		for d := range 1 + r.IntN(4) {
			m.add(uint64(100*round+d), 0.005, func(x, y, b int) float64 { return 0.05 + 0.03*float64((x/step*7+y/step*5+d*x/11)%6) })
		}
		use := make([]bool, m.w*m.h)
		for i := range use {
			use[i] = r.IntN(20) > 0
			if r.IntN(30) == 0 {
				m.images[0][1][i] = float32(math.NaN())
			}
		}
		opt := Options{Pixels: 1 + r.IntN(12), Rough: 9}
		s, err := Segment(t.Context(), m, use, opt)
		if err != nil {
			t.Fatal(err)
		}
		size := make([]int, len(s.Fields))
		for i, l := range s.Labels {
			if l < 0 || int(l) > len(s.Fields) || l > 0 && !use[i] {
				t.Fatalf("label %d of %d fields at a pixel of use %v", l, len(s.Fields), use[i])
			}
			if l > 0 {
				size[l-1]++
			}
		}
		parts := connected(s.Labels, m.w, m.h)
		n := int32(0)
		for _, p := range parts.At {
			n = max(n, p)
		}
		if int(n) != len(s.Fields) {
			t.Fatalf("%d fields in %d parts", len(s.Fields), n)
		}
		for k, f := range s.Fields {
			if f.Pixels != size[k] || f.Pixels < opt.Pixels || s.Labels[f.At] != int32(k+1) || f.Confidence < 0 || f.Confidence > 1 {
				t.Fatalf("field %d has %d pixels: %+v", k+1, size[k], f)
			}
		}
		checkPartition(t, &Labels{m.w, m.h, s.Labels}, 0.6)
	}
}

// NDVI by date of made-up regions and what they are; wanted values from the
// limits beside Cover.
func TestCover(t *testing.T) {
	n := [4]float32{1, 1, 1, 1}
	f := &features{dates: 6, size: []int32{0}, noise: [][4]float32{n, n, n, n, n, n}}
	add := func(green, red, nir [6]float64) int32 {
		k := int32(len(f.size))
		f.size = append(f.size, 10)
		for len(f.sum) <= int(k) {
			f.sum, f.count = append(f.sum, make([]float32, 24)), append(f.count, make([]int32, 6))
		}
		for t := range 6 {
			f.count[k][t] = 10
			for b, v := range [4]float64{green[t], green[t], red[t], nir[t]} {
				f.sum[k][4*t+b] = float32(10 * v)
			}
		}
		return k
	}
	all := func(v float64) [6]float64 { return [6]float64{v, v, v, v, v, v} }
	for _, c := range []struct {
		want             Cover
		green, red, nirs [6]float64
	}{
		{Crops, all(0.08), [6]float64{0.15, 0.12, 0.06, 0.04, 0.05, 0.14}, [6]float64{0.2, 0.25, 0.35, 0.45, 0.4, 0.2}},
		{Green, all(0.08), all(0.05), all(0.32)},
		{Wood, all(0.04), all(0.025), all(0.20)},
		{Water, all(0.06), all(0.04), all(0.02)},
		{Built, all(0.15), all(0.17), all(0.22)},
	} {
		if got, _, dates := f.cover(add(c.green, c.red, c.nirs)); got != c.want || dates != 6 {
			t.Errorf("%s on %d dates, want %s", got, dates, c.want)
		}
	}
	k := add(all(0.08), all(0.05), all(0.32))
	for t := 3; t < 6; t++ {
		f.count[k][t] = 4 // less than half of its ten pixels
	}
	if got, _, dates := f.cover(k); got != Unsure || dates != 3 {
		t.Errorf("%s on %d dates, want unsure on 3", got, dates)
	}
}

// A field of 4 × 3 units proposed as two parts, one of 2 × 3 moved by half a
// unit, and one that nobody found; by hand from areas on the plane, near the
// equator where a degree is as long both ways to within 1 %.
func TestCompareByHand(t *testing.T) {
	rect := func(x0, y0, x1, y1 float64) orb.MultiPolygon {
		const k = 0.001
		return orb.MultiPolygon{{{{k * x0, k * y0}, {k * x1, k * y0}, {k * x1, k * y1}, {k * x0, k * y1}, {k * x0, k * y0}}}}
	}
	reference := []orb.MultiPolygon{rect(0, 0, 4, 3), rect(10, 0, 12, 3), rect(20, 0, 24, 1)}
	proposed := []orb.MultiPolygon{rect(0, 0, 2.2, 3), rect(2.2, 0, 4, 3), rect(10.5, 0, 12.5, 3)}
	s := Compare(proposed, reference, 0.5)
	near := func(what string, got, want float64) {
		if math.Abs(got-want) > 1e-3 {
			t.Errorf("%s %.4f, want %.4f", what, got, want)
		}
	}
	near("extent", s.ExtentIoU, 16.5/(18+22-16.5))
	near("F1", s.ObjectF1, 2*2.0/(3+3)) // the larger part has an IoU of 6.6 / 12 = 0.55, the moved one of 4.5 / 7.5 = 0.6
	near("mean IoU", s.MeanIoU, (0.55+0.6+0)/3)
	near("over", s.OverSegmentation, (0.45+0.25)/2)
	near("under", s.UnderSegmentation, (0+0.25)/2)
	if s.Matched != 2 || s.Untouched != 1 {
		t.Errorf("%d matched, %d untouched", s.Matched, s.Untouched)
	}
	near("IoU of the third proposed", s.Best()[2], 0.6)
	if again := Compare(proposed, reference, 0.58); again.Matched != 1 {
		t.Errorf("%d matched at 0.58", again.Matched)
	}
}
