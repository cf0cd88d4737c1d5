package raster

import (
	"container/list"
	"context"
	"errors"
	"sync"
)

// Level is one size an asset can be read at: level 0 is the asset itself, the
// others are its overviews, each about half as wide as the one before. All
// cover the same ground.
type Level struct {
	Width, Height           int // pixels
	BlockWidth, BlockHeight int // what is cheapest to read at once
}

// LevelReader gives pixels of overviews. Implementations are not safe for
// concurrent use.
type LevelReader interface {
	// Levels returns the grid of an asset and the sizes it can be read at, the
	// finest first.
	Levels(ctx context.Context, a Asset) (Grid, []Level, error)
	// ReadLevel fills dst (row-major, len w.Width*w.Height) with raw DN of a
	// window of a level; the window lies inside it.
	ReadLevel(ctx context.Context, a Asset, level int, w Window, dst []uint16) error
	Close() error
}

// fileKey is an asset as a file with a content.
type fileKey struct {
	href, etag, modTime, checksum string
	size                          int64
	layer                         int
}

func keyOf(a Asset) fileKey {
	return fileKey{a.Href, a.ETag, a.ModTime, a.Checksum, a.Size, a.Layer}
}

type blockKey struct {
	file            fileKey
	level, col, row int
}

// pyramid is an asset and its levels.
type pyramid struct {
	grid   Grid
	levels []Level
}

// blockStore keeps the blocks read last, up to a number of bytes, and lends the
// readers. A block wanted by several at once is read once.
type blockStore struct {
	readers int
	limit   int64
	open    func() LevelReader

	mu       sync.Mutex
	used     int64
	blocks   map[blockKey]*list.Element
	recent   *list.List // of *keptBlock, newest first
	pyramids map[fileKey]pyramid
	made     []LevelReader
	free     chan LevelReader
}

type keptBlock struct {
	key    blockKey
	ready  chan struct{} // closed when values or err are there
	values []uint16
	err    error
}

// maxPyramids bounds how many assets' sizes are remembered.
const maxPyramids = 20_000

func newBlockStore(open func() LevelReader, readers int, limit int64) *blockStore {
	return &blockStore{readers: readers, limit: limit, open: open, blocks: map[blockKey]*list.Element{}, recent: list.New(),
		pyramids: map[fileKey]pyramid{}, free: make(chan LevelReader, readers)}
}

func (b *blockStore) close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var errs []error
	for _, r := range b.made {
		errs = append(errs, r.Close())
	}
	b.made, b.free = nil, make(chan LevelReader, b.readers)
	return errors.Join(errs...)
}

// lend runs f with a reader of its own.
func (b *blockStore) lend(ctx context.Context, f func(LevelReader) error) error {
	r, err := b.take(ctx)
	if err != nil {
		return err
	}
	defer func() { b.free <- r }()
	return f(r)
}

func (b *blockStore) take(ctx context.Context) (LevelReader, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case r := <-b.free:
		return r, nil
	default:
	}
	b.mu.Lock()
	if len(b.made) < b.readers {
		r := b.open()
		b.made = append(b.made, r)
		b.mu.Unlock()
		return r, nil
	}
	b.mu.Unlock()
	select {
	case r := <-b.free:
		return r, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// pyramid is the levels of an asset.
func (b *blockStore) pyramid(ctx context.Context, a Asset) (p pyramid, err error) {
	key := keyOf(a)
	b.mu.Lock()
	p, ok := b.pyramids[key]
	b.mu.Unlock()
	if ok {
		return p, nil
	}
	err = b.lend(ctx, func(r LevelReader) (err error) {
		p.grid, p.levels, err = r.Levels(ctx, a)
		return err
	})
	if err != nil {
		return pyramid{}, err
	}
	b.mu.Lock()
	if len(b.pyramids) >= maxPyramids {
		clear(b.pyramids)
	}
	b.pyramids[key] = p
	b.mu.Unlock()
	return p, nil
}

// block is one block of a level, row-major, cut at the level's edge.
func (b *blockStore) block(ctx context.Context, a Asset, l Level, key blockKey) ([]uint16, error) {
	for {
		b.mu.Lock()
		if e, ok := b.blocks[key]; ok {
			b.recent.MoveToFront(e)
			b.mu.Unlock()
			k := e.Value.(*keptBlock)
			select {
			case <-k.ready:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			if k.err != nil && ctx.Err() == nil && errors.Is(k.err, context.Canceled) {
				continue // whoever was reading it gave up
			}
			return k.values, k.err
		}
		k := &keptBlock{key: key, ready: make(chan struct{})}
		b.blocks[key] = b.recent.PushFront(k)
		b.mu.Unlock()
		b.read(ctx, a, l, k)
		return k.values, k.err
	}
}

// read fills a block that is in the store and waited for.
func (b *blockStore) read(ctx context.Context, a Asset, l Level, k *keptBlock) {
	w := Window{Col: k.key.col * l.BlockWidth, Row: k.key.row * l.BlockHeight}
	w.Width, w.Height = min(l.BlockWidth, l.Width-w.Col), min(l.BlockHeight, l.Height-w.Row)
	values := make([]uint16, w.Width*w.Height)
	k.err = b.lend(ctx, func(r LevelReader) error { return r.ReadLevel(ctx, a, k.key.level, w, values) })
	b.mu.Lock()
	defer b.mu.Unlock()
	defer close(k.ready)
	if k.err != nil {
		b.recent.Remove(b.blocks[k.key])
		delete(b.blocks, k.key)
		return
	}
	k.values = values
	b.used += 2 * int64(len(values))
	for e := b.recent.Back(); e != nil && b.used > b.limit; {
		old, before := e.Value.(*keptBlock), e.Prev()
		if old.values != nil && old != k { // not one that is being read
			b.used -= 2 * int64(len(old.values))
			b.recent.Remove(e)
			delete(b.blocks, old.key)
		}
		e = before
	}
}
