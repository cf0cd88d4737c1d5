package raster

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"syscall"
	"testing"

	"github.com/paulmach/orb"
)

// cpu reports the processor time of each round: others may use the machine.
func cpu(b *testing.B, f func()) {
	now := func() float64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
	}
	from := now()
	f()
	b.ReportMetric((now()-from)/float64(b.N), "cpu-s/op")
}

// fields are n polygons of 0.2–5 ha with about 20 vertices on a whole tile.
func fields(n int) ([]Shape, Grid) {
	grid := Grid{EPSG: 32650, X0: 600000, Y0: 3700020, Res: 10, Width: 10980, Height: 10980}
	r := rand.New(rand.NewPCG(1, 1))
	out := make([]Shape, n)
	for i := range out {
		area := 2000 * math.Exp(r.Float64()*math.Log(25))
		long := 1 + 2*r.Float64()
		w, h := math.Sqrt(area*long), math.Sqrt(area/long)
		cx, cy := grid.X0+109800*r.Float64(), grid.Y0-109800*r.Float64()
		sin, cos := math.Sincos(r.Float64() * math.Pi)
		var ring orb.Ring
		for k := range 20 { // along the sides of a turned rectangle, a little off
			side, t := k/5, float64(k%5)/5
			x, y := []float64{t, 1, 1 - t, 0}[side], []float64{0, t, 1, 1 - t}[side]
			x, y = (x-0.5)*w+2*r.Float64(), (y-0.5)*h+2*r.Float64()
			ring = append(ring, orb.Point{cx + x*cos - y*sin, cy + x*sin + y*cos})
		}
		out[i] = Shape{ID: fmt.Sprint(i), Polygon: orb.MultiPolygon{{append(ring, ring[0])}}}
	}
	return out, grid
}

// Coverage of 100,000 fields on both grids.
func BenchmarkCoverage(b *testing.B) {
	shapes, grid := fields(100_000)
	cpu(b, func() {
		for range b.N {
			if _, err := NewCover(shapes, grid); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// decoded hands out pixels that cost nothing to make.
type decoded struct {
	memory
	dn, scl []uint16
}

func (d decoded) Blocks(context.Context, Asset) (int, int, error) { return 512, 512, nil }

func (d decoded) Read(_ context.Context, a Asset, w Window, dst []uint16) error {
	from := d.dn
	if a.Href == "SCL" {
		from = d.scl
	}
	copy(dst, from[(w.Row*31+w.Col*17)%(len(from)-len(dst)):])
	return nil
}

// Statistics and gathering of 100,000 fields in ten bands, one core; the copy of
// each block is included.
func BenchmarkStatistics(b *testing.B) {
	shapes, grid := fields(100_000)
	cover, err := NewCover(shapes, grid)
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(2, 2))
	d := decoded{dn: make([]uint16, 1<<20), scl: make([]uint16, 1<<20)}
	for i := range d.dn {
		d.dn[i] = uint16(1500 + 400*math.Sin(float64(i)/300) + 100*r.NormFloat64())
		if d.scl[i] = 4; i>>16%5 == 0 {
			d.scl[i] = 9
		}
	}
	s := Scene{ID: "a", Assets: map[Band]Asset{}}
	for _, band := range append([]Band{SCL}, OpticalBands...) {
		g := grid
		if !band.tenMetres() {
			g.Res, g.Width, g.Height = 20, grid.Width/2, grid.Height/2
		}
		s.Assets[band] = Asset{Href: string(band), Grid: g}
	}
	b.ResetTimer()
	cpu(b, func() {
		for range b.N {
			if _, err := Observe(context.Background(), d, s, cover, ObserveOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
