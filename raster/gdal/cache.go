package gdal

import (
	"container/list"
	"sync"
)

// Cache keeps decoded blocks for several readers of a process, whose windows
// touch the same blocks: the cells of a season that lie side by side. The least
// recently used go first. Blocks that GDAL reads are not kept (GDAL has a
// memory of its own). Safe for concurrent use.
type Cache struct {
	most int64

	mu    sync.Mutex
	size  int64
	order list.List // of *kept, the last used in front
	at    map[blockKey]*list.Element
}

// blockKey names a block of one state of one file.
type blockKey struct {
	file           fileKey
	band, col, row int
}

type fileKey struct {
	href       string
	size, time int64 // time in nanoseconds, 0 on servers
}

type kept struct {
	key    blockKey
	pixels []byte // never changed once kept
}

// NewCache returns a cache of at most bytes of pixels.
func NewCache(bytes int64) *Cache {
	return &Cache{most: bytes, at: map[blockKey]*list.Element{}}
}

// Bytes is what the kept pixels take now.
func (c *Cache) Bytes() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.size
}

// get returns the pixels of a block, nil where they are not kept; the caller
// does not change them. A nil Cache keeps nothing.
func (c *Cache) get(k blockKey) []byte {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.at[k]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*kept).pixels
}

// put keeps pixels, which the caller gives away.
func (c *Cache) put(k blockKey, pixels []byte) {
	if c == nil || int64(len(pixels)) > c.most {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at[k] != nil { // another reader was faster
		return
	}
	c.at[k] = c.order.PushFront(&kept{k, pixels})
	for c.size += int64(len(pixels)); c.size > c.most; {
		last := c.order.Remove(c.order.Back()).(*kept)
		delete(c.at, last.key)
		c.size -= int64(len(last.pixels))
	}
}
