package season

import (
	"sync"

	"github.com/parus-lending/parus/raster"
)

// coverBytes is how much coverage an engine keeps. Tasks come scene by scene, so
// that cells side by side share the blocks of a band; each cell's coverage is
// then wanted again for every scene.
const coverBytes = 256 << 20

// covers keeps the coverage of cells, the least lately used going first. Safe
// for concurrent use.
type covers struct {
	mu   sync.Mutex
	tick int64
	size int64
	by   map[string]*keptCover
}

type keptCover struct {
	once  sync.Once
	cover *raster.Cover
	err   error
	size  int64
	used  int64
}

// get makes the coverage of a land file unless it is kept.
func (c *covers) get(land string, make func() (*raster.Cover, error)) (*raster.Cover, error) {
	c.mu.Lock()
	if c.by == nil {
		c.by = map[string]*keptCover{}
	}
	k := c.by[land]
	if k == nil {
		k = &keptCover{}
		c.by[land] = k
	}
	c.tick++
	k.used = c.tick
	c.mu.Unlock()
	k.once.Do(func() {
		if k.cover, k.err = make(); k.err == nil {
			c.keep(land, k)
		}
	})
	return k.cover, k.err
}

// keep counts what was made and drops what has not been used for longest.
func (c *covers) keep(land string, made *keptCover) {
	c.mu.Lock()
	defer c.mu.Unlock()
	made.size = made.cover.Bytes()
	c.size += made.size
	for c.size > coverBytes {
		oldest := ""
		for name, k := range c.by {
			if name != land && k.size > 0 && (oldest == "" || k.used < c.by[oldest].used) {
				oldest = name
			}
		}
		if oldest == "" {
			return
		}
		c.size -= c.by[oldest].size
		delete(c.by, oldest)
	}
}
