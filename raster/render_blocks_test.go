package raster

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// alone is a reader that minds being used twice at once.
type alone struct {
	drawn
	t    *testing.T
	busy atomic.Bool
	slow time.Duration
}

func (a *alone) ReadLevel(ctx context.Context, asset Asset, level int, w Window, dst []uint16) error {
	if a.busy.Swap(true) {
		a.t.Error("a reader is used by two at once")
	}
	defer a.busy.Store(false)
	time.Sleep(a.slow)
	return a.drawn.ReadLevel(ctx, asset, level, w, dst)
}

// Many tiles at once: each reader serves one at a time, no more are opened than
// asked for, a block wanted by all is read once, and all get the same picture.
func TestTilesAtOnce(t *testing.T) {
	m := newDrawn()
	s := m.scene("a", wide, map[Band]func(int, int) uint16{B04: func(c, r int) uint16 { return uint16(1 + c*r%3000) }, B08: flat(5000)})
	style := Style{Name: "x", Formula: "B08-B04", Hi: 1}
	single := m.renderer(t)
	want, err := single.Tile(context.Background(), tz, tx, ty, []Scene{s}, style, TileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	once := m.reads.Swap(0)
	var opened atomic.Int64
	r := NewRenderer(func() LevelReader {
		opened.Add(1)
		return &alone{drawn: m, t: t, slow: time.Millisecond}
	}, RenderOptions{Readers: 3})
	defer r.Close()
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			got, err := r.Tile(context.Background(), tz, tx, ty, []Scene{s}, style, TileOptions{})
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("another picture, %v", err)
			}
		})
	}
	all.Wait()
	if n := m.reads.Load(); n != once {
		t.Errorf("%d blocks read, one tile alone reads %d", n, once)
	}
	if n := opened.Load(); n < 1 || n > 3 {
		t.Errorf("%d readers opened, want at most 3", n)
	}
}

// Blocks take no more bytes than allowed: the ones used last stay.
func TestCacheIsBounded(t *testing.T) {
	m := newDrawn()
	s := m.scene("a", wide, map[Band]func(int, int) uint16{B02: flat(1), B03: flat(2), B04: flat(3)})
	const limit = 5 * 2 * 64 * 96 // five blocks
	r := NewRenderer(func() LevelReader { return m }, RenderOptions{Readers: 2, CacheBytes: limit})
	defer r.Close()
	for range 2 {
		for x := range 2 {
			if _, err := r.Tile(context.Background(), tz, tx+x, ty, []Scene{s}, red, TileOptions{}); err != nil {
				t.Fatal(err)
			}
			held := int64(0)
			for _, e := range r.blocks.blocks {
				held += 2 * int64(len(e.Value.(*keptBlock).values))
			}
			if held == 0 || held > limit || held != r.blocks.used || len(r.blocks.blocks) != r.blocks.recent.Len() {
				t.Errorf("%d bytes held in %d blocks, %d counted, %d allowed", held, len(r.blocks.blocks), r.blocks.used, limit)
			}
		}
	}
	before := m.reads.Load()
	if _, err := r.blocks.block(context.Background(), s.Assets[B02], Level{600, 600, 64, 96}, r.blocks.recent.Front().Value.(*keptBlock).key); err != nil || m.reads.Load() != before {
		t.Errorf("the block used last was read again, %v", err)
	}
}

// Who waits for a block that another gave up reading gets it all the same.
func TestBlockOutlivesItsFirstReader(t *testing.T) {
	m := newDrawn()
	s := m.scene("a", wide, map[Band]func(int, int) uint16{B04: flat(7)})
	r := NewRenderer(func() LevelReader { return &alone{drawn: m, t: t, slow: 50 * time.Millisecond} }, RenderOptions{Readers: 2})
	defer r.Close()
	a, l := s.Assets[B04], Level{600, 600, 64, 96}
	key := blockKey{file: keyOf(a)}
	ctx, cancel := context.WithCancel(context.Background())
	first := make(chan error)
	go func() {
		_, err := r.blocks.block(ctx, a, l, key)
		first <- err
	}()
	time.Sleep(10 * time.Millisecond) // the first is reading
	cancel()
	v, err := r.blocks.block(context.Background(), a, l, key)
	if err != nil || len(v) != 64*96 || v[0] != 7 {
		t.Errorf("%d values, %v", len(v), err)
	}
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the first got %v", err)
	}
}
