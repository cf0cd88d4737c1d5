package gdal

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// benchScene is a whole Sentinel-2 tile (10980² pixels of 10 m, made of noise and
// structure) as COGs in the folder PARUS_BENCH_DIR; made there once.
func benchScene(tb testing.TB) raster.Scene {
	tb.Helper()
	dir := os.Getenv("PARUS_BENCH_DIR")
	if dir == "" {
		tb.Skip("PARUS_BENCH_DIR names no folder to make 1 GB of imagery in; see make bench-tiles")
	}
	mark := filepath.Join(dir, "tile.json")
	if b, err := os.ReadFile(mark); err == nil {
		var s raster.Scene
		if err := json.Unmarshal(b, &s); err != nil {
			tb.Fatal(err)
		}
		return s
	}
	s := raster.Scene{ID: "bench", EPSG: 32650, Assets: map[raster.Band]raster.Asset{},
		Footprint: orb.Polygon{{{116.98, 35.15}, {118.2, 35.15}, {118.2, 36.15}, {116.98, 36.15}, {116.98, 35.15}}}}
	for k, band := range append([]raster.Band{raster.SCL}, raster.OpticalBands...) {
		g := raster.Grid{EPSG: 32650, X0: 499980, Y0: 4000020, Res: 20, Width: 5490, Height: 5490}
		if slices.Contains([]raster.Band{raster.B02, raster.B03, raster.B04, raster.B08}, band) {
			g.Res, g.Width, g.Height = 10, 10980, 10980
		}
		path := filepath.Join(dir, string(band)+".tif")
		if err := WriteCOG(path, g, benchPixels(g, k, band == raster.SCL), COGOptions{Byte: band == raster.SCL}); err != nil {
			tb.Fatal(err)
		}
		s.Assets[band] = raster.Asset{Href: path, Grid: g}
	}
	b, err := json.Marshal(s)
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(mark, b, 0o644); err != nil {
		tb.Fatal(err)
	}
	return s
}

// benchPixels are fields of 50 to 400 m with noise of a few per cent: they
// compress about as imagery does.
func benchPixels(g raster.Grid, seed int, scl bool) []uint16 {
	rng := rand.New(rand.NewPCG(uint64(seed), 7))
	v := make([]uint16, g.Width*g.Height)
	for i := range v {
		x, y := float64(i%g.Width)*g.Res, float64(i/g.Width)*g.Res
		field := uint32(x/(50+350*math.Abs(math.Sin(y/3000))))*2654435761 ^ uint32(y/180)*40503
		field ^= field >> 13
		if scl {
			v[i] = [...]uint16{4, 4, 4, 5, 4, 6, 8, 9}[field%8]
			continue
		}
		v[i] = uint16(1200 + field*uint32(seed+3)%2500 + uint32(rng.Uint64()%90))
	}
	return v
}

// BenchmarkTile draws random 256-pixel tiles of zoom 8 to 15 over a whole
// Sentinel-2 tile, in every style, one at a time: what a map server's user
// waits for. In "mix" the cache of blocks starts empty and is kept as a server
// keeps it; "cold" opens the files anew for every tile.
func BenchmarkTile(b *testing.B) {
	s := benchScene(b)
	for _, mix := range []struct {
		name string
		cold bool
		size int
	}{{"mix", false, 256}, {"cold", true, 256}, {"mix512", false, 512}} {
		b.Run(mix.name, func(b *testing.B) {
			open := func() *raster.Renderer {
				return raster.NewRenderer(func() raster.LevelReader { return Open(Options{}) }, raster.RenderOptions{})
			}
			r := open()
			defer func() { r.Close() }()
			rng := rand.New(rand.NewPCG(1, 2))
			var took []float64
			bytes := 0
			before := cpuSeconds(b)
			for b.Loop() {
				z := 8 + rng.IntN(8)
				x, y := xyz(z, 117.0+rng.Float64()*1.2, 35.16+rng.Float64()*0.98)
				style := raster.Styles[rng.IntN(len(raster.Styles))]
				start := time.Now()
				if mix.cold {
					r.Close()
					r = open()
				}
				png, err := r.Tile(context.Background(), z, x, y, []raster.Scene{s}, style, raster.TileOptions{Size: mix.size})
				took = append(took, float64(time.Since(start).Microseconds())/1000)
				if err != nil {
					b.Fatal(err)
				}
				bytes += len(png)
			}
			b.ReportMetric((cpuSeconds(b)-before)*1000/float64(len(took)), "cpu-ms/tile")
			slices.Sort(took)
			at := func(q float64) float64 { return took[int(q*float64(len(took)-1))] }
			b.ReportMetric(at(0.5), "ms-median")
			b.ReportMetric(at(0.9), "ms-p90")
			b.ReportMetric(at(0.99), "ms-p99")
			b.ReportMetric(float64(bytes)/float64(len(took))/1024, "KiB/tile")
		})
	}
}

// cpuSeconds is what the process has used of all cores: it tells the cost also
// where other work runs beside.
func cpuSeconds(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

func xyz(z int, lon, lat float64) (x, y int) {
	n := float64(int(1) << z)
	return int((lon + 180) / 360 * n), int((1 - math.Asinh(math.Tan(lat*math.Pi/180))/math.Pi) / 2 * n)
}
