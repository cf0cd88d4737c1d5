package tiles

import (
	"container/list"
	"sync"
)

// Cache keeps what was last used, up to a number of bytes, by key. The zero
// Cache keeps nothing; it may be used from many goroutines.
type Cache[K comparable, V any] struct {
	Most int // bytes

	mu    sync.Mutex
	bytes int
	order list.List // the last used in front
	at    map[K]*list.Element
}

type entry[K comparable, V any] struct {
	key   K
	value V
	bytes int
}

// Get finds what was kept.
func (c *Cache[K, V]) Get(k K) (v V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.at[k]
	if !ok {
		return v, false
	}
	c.order.MoveToFront(e)
	return e.Value.(entry[K, V]).value, true
}

// Put keeps a value that takes so many bytes, in the place of those not used
// for longest. One that takes more than Most is not kept.
func (c *Cache[K, V]) Put(k K, v V, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at == nil {
		c.at = map[K]*list.Element{}
	}
	if e, ok := c.at[k]; ok {
		c.drop(e)
	}
	if bytes > c.Most {
		return
	}
	for c.bytes+bytes > c.Most {
		c.drop(c.order.Back())
	}
	c.at[k] = c.order.PushFront(entry[K, V]{k, v, bytes})
	c.bytes += bytes
}

func (c *Cache[K, V]) drop(e *list.Element) {
	old := e.Value.(entry[K, V])
	c.order.Remove(e)
	delete(c.at, old.key)
	c.bytes -= old.bytes
}
