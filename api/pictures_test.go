package api

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parus-lending/parus/models/onnxgo"
	"github.com/parus-lending/parus/raster"
)

// flatLevels is a reader of files of one value, 4000.
type flatLevels struct{}

var flatGrid = raster.Grid{EPSG: 32650, X0: 308000, Y0: 3433000, Res: 10, Width: 300, Height: 300}

func (flatLevels) Levels(context.Context, raster.Asset) (raster.Grid, []raster.Level, error) {
	return flatGrid, []raster.Level{{Width: 300, Height: 300, BlockWidth: 300, BlockHeight: 300}}, nil
}

func (flatLevels) ReadLevel(_ context.Context, _ raster.Asset, _ int, _ raster.Window, dst []uint16) error {
	for i := range dst {
		dst[i] = 4000
	}
	return nil
}

func (flatLevels) Close() error { return nil }

func flatScene() raster.Scene {
	s := raster.Scene{ID: "flat", EPSG: 32650, Time: time.Date(2024, 7, 1, 3, 0, 0, 0, time.UTC), Assets: map[raster.Band]raster.Asset{}}
	for _, b := range raster.OpticalBands {
		s.Assets[b] = raster.Asset{Href: "flat/" + string(b)}
	}
	zenith := 30.0
	s.SunZenith = &zenith
	return s
}

// However many ask, no more are drawn at once than there are turns; one who goes
// while he waits leaves no turn behind, and who draws stops when his asker goes.
func TestFewPicturesAtOnce(t *testing.T) {
	p, err := NewPictures(func() raster.LevelReader { return flatLevels{} }, onnxgo.New())
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	var now, most atomic.Int32
	open := make(chan struct{})
	slow := raster.Style{Name: "slow", Bands: []raster.Band{raster.B04}, Hi: 1, Layer: func(ctx context.Context, _ raster.Scene, bands [][]float32, out []float32) error {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		select {
		case <-open:
		case <-ctx.Done():
			return ctx.Err()
		}
		copy(out, bands[0])
		return nil
	}}
	scenes := []raster.Scene{flatScene()}
	limit := min(runtime.GOMAXPROCS(0), mostDrawnAtOnce)
	tile := func(ctx context.Context, date string) error {
		_, err := p.tile(ctx, pictureKey{"digest", date, "slow", 16, 53703, 26827}, scenes, slow)
		return err
	}
	waitFor := func(what string, ok func() bool) {
		t.Helper()
		for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal(what)
			}
		}
	}
	drawing, stop := context.WithCancel(t.Context())
	var first sync.WaitGroup
	for i := range limit {
		first.Go(func() {
			if err := tile(drawing, "first"+string(rune('a'+i))); !errors.Is(err, context.Canceled) {
				t.Errorf("who drew when his asker went: %v", err)
			}
		})
	}
	waitFor("not all turns are taken", func() bool { return int(now.Load()) == limit })
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := tile(gone, "waiting"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	stop()
	first.Wait()
	if len(p.turn) != 0 {
		t.Errorf("%d turns were not given back", len(p.turn))
	}
	var rest sync.WaitGroup
	for i := range 5 * limit {
		rest.Go(func() {
			if err := tile(t.Context(), string(rune('a'+i))); err != nil {
				t.Error(err)
			}
		})
	}
	waitFor("they do not draw", func() bool { return int(now.Load()) == limit })
	close(open)
	rest.Wait()
	if int(most.Load()) != limit {
		t.Errorf("%d were drawn at once, the bound is %d", most.Load(), limit)
	}
	if p.tiles.size() == 0 || p.tiles.size() > mostPictures {
		t.Errorf("%d bytes are kept", p.tiles.size())
	}
}

// LAI of a spectrum comes out the same wherever its pixel stands, as the network
// alone gives it.
func TestLeafAreaOfDistinctSpectra(t *testing.T) {
	style, err := leafArea(onnxgo.New(), 1)
	if err != nil {
		t.Fatal(err)
	}
	// A dense crop and bare soil, and the crop again.
	crop := []float32{0.06, 0.03, 0.09, 0.33, 0.42, 0.45, 0.20, 0.09}
	soil := []float32{0.10, 0.14, 0.17, 0.19, 0.21, 0.23, 0.30, 0.26}
	bands := make([][]float32, 8)
	for b := range bands {
		bands[b] = []float32{crop[b], soil[b], crop[b], crop[b]}
	}
	out, alone := make([]float32, 4), make([]float32, 1)
	if err := style.Layer(t.Context(), flatScene(), bands, out); err != nil {
		t.Fatal(err)
	}
	for b := range bands {
		bands[b] = []float32{crop[b]}
	}
	if err := style.Layer(t.Context(), flatScene(), bands, alone); err != nil {
		t.Fatal(err)
	}
	if out[0] != alone[0] || out[2] != out[0] || out[3] != out[0] || !(out[0] > 2 && out[0] < 8) || !(out[1] >= 0 && out[1] < 1) {
		t.Errorf("%v, alone %v", out, alone)
	}
	if px, place := distinct([][]float32{{1, 2, 1}, {1, 2, 1}, {1, 2, 1}, {1, 2, 1}, {1, 2, 1}, {1, 2, 1}, {1, 2, 1}, {1, 3, 1}}); px.N != 2 || place[0] != 0 || place[1] != 1 || place[2] != 0 || px.Bands[9][1] != 3 {
		t.Errorf("%+v %v", px, place)
	}
}

// A tile of LAI in which every pixel is another spectrum, as far out as 16 m a pixel:
// the most work there is; and one of true colour. Neither is kept.
func BenchmarkPicture(b *testing.B) {
	p, err := NewPictures(func() raster.LevelReader { return noisyLevels{} }, onnxgo.New())
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	p.tiles.most = 0
	for _, name := range []string{"truecolor", "ndvi", "lai"} {
		style, _ := p.style(name)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := p.tile(b.Context(), pictureKey{"digest", "2024-07-01", name, 13, 6712, 3353}, []raster.Scene{flatScene()}, style); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// noisyLevels is a reader of a scene of 20 km in which no two pixels are alike.
type noisyLevels struct{ flatLevels }

var noisyGrid = raster.Grid{EPSG: 32650, X0: 300000, Y0: 3440000, Res: 10, Width: 2048, Height: 2048}

func (noisyLevels) Levels(context.Context, raster.Asset) (raster.Grid, []raster.Level, error) {
	return noisyGrid, []raster.Level{{Width: 2048, Height: 2048, BlockWidth: 512, BlockHeight: 512}}, nil
}

func (noisyLevels) ReadLevel(_ context.Context, a raster.Asset, _ int, w raster.Window, dst []uint16) error {
	for i := range dst {
		n := uint64((w.Row+i/w.Width)*2048+w.Col+i%w.Width)*0x9e3779b97f4a7c15 + uint64(a.Href[len(a.Href)-1])
		dst[i] = 500 + uint16(n>>52) // 500 to 4595
	}
	return nil
}
