package gdal

import (
	"context"
	"math"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/parus-lending/parus/raster"
)

// landscape is n × n pixels that pack about as well as a Sentinel-2 band:
// fields of their own level, texture and sensor noise of some ten DN.
func landscape(n int) (raster.Grid, []uint16) {
	g := raster.Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 10, Width: n, Height: n}
	v := make([]uint16, n*n)
	seed := uint32(1)
	noise := func() float64 { // sum of four uniform numbers, about normal
		s := 0.0
		for range 4 {
			seed = seed*1664525 + 1013904223
			s += float64(seed>>8)/(1<<24) - 0.5
		}
		return s
	}
	for i := range v {
		x, y := i%n, i/n
		field := uint32(x/17*73856093^y/11*19349663) * 2654435761 >> 22
		v[i] = uint16(1200 + float64(field) + 150*math.Sin(float64(x)/60)*math.Cos(float64(y)/45) + 45*noise())
	}
	return g, v
}

// cpuTime is the processor time of this process, which other processes on the
// machine lengthen less than they lengthen the wall's.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Whole blocks of a COG, decoded on one core: directly and through GDAL. The
// speed is in bytes of raw pixels.
func BenchmarkBlocks(b *testing.B) {
	const n, block = 4096, 512
	g, v := landscape(n)
	path := filepath.Join(b.TempDir(), "B08.tif")
	if err := WriteCOG(path, g, v, COGOptions{BlockSize: block}); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		opt  Options
	}{{"direct", Options{}}, {"gdal", Options{ThroughGDAL: true}}} {
		b.Run(c.name, func(b *testing.B) {
			dst := make([]uint16, block*block)
			b.SetBytes(2 * n * n)
			b.ReportAllocs()
			start := cpuTime(b)
			for b.Loop() {
				r := Open(c.opt) // anew, or GDAL's cache of blocks would serve the second round
				for row := 0; row < n; row += block {
					for col := 0; col < n; col += block {
						w := raster.Window{Col: col, Row: row, Width: block, Height: block}
						if err := r.Read(context.Background(), raster.Asset{Href: path, Grid: g}, w, dst); err != nil {
							b.Fatal(err)
						}
					}
				}
				r.Close()
			}
			b.ReportMetric(2*n*n*float64(b.N)/1e6/(cpuTime(b)-start).Seconds(), "MB/cpu-s")
		})
	}
}

// The same blocks of four files, one after the other and together.
func BenchmarkBands(b *testing.B) {
	const n, block = 2048, 512
	g, v := landscape(n)
	assets := make([]raster.Asset, 4)
	for i := range assets {
		path := filepath.Join(b.TempDir(), "B.tif")
		if err := WriteCOG(path, g, v, COGOptions{BlockSize: block}); err != nil {
			b.Fatal(err)
		}
		for k := range v { // another band
			v[k] += uint16(k*k>>7) % 9
		}
		assets[i] = raster.Asset{Href: path, Grid: g}
	}
	dst := make([][]uint16, len(assets))
	for i := range dst {
		dst[i] = make([]uint16, block*block)
	}
	for _, together := range []bool{false, true} {
		b.Run(map[bool]string{false: "single", true: "together"}[together], func(b *testing.B) {
			b.SetBytes(int64(2 * n * n * len(assets)))
			start := cpuTime(b)
			r := Open(Options{})
			defer r.Close()
			for b.Loop() {
				for row := 0; row < n; row += block {
					for col := 0; col < n; col += block {
						w := raster.Window{Col: col, Row: row, Width: block, Height: block}
						if together {
							for _, err := range r.ReadMany(context.Background(), assets, w, dst) {
								if err != nil {
									b.Fatal(err)
								}
							}
							continue
						}
						for i, a := range assets {
							if err := r.Read(context.Background(), a, w, dst[i]); err != nil {
								b.Fatal(err)
							}
						}
					}
				}
			}
			b.ReportMetric(float64(2*n*n*len(assets))*float64(b.N)/1e6/(cpuTime(b)-start).Seconds(), "MB/cpu-s")
		})
	}
}
