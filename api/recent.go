package api

import (
	"container/list"
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/singleflight"
)

// recent keeps what was last used, up to a number of bytes, by key. The zero
// recent keeps nothing; it may be used from many goroutines.
type recent[K comparable, V any] struct {
	most int // bytes

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

// get finds what was kept.
func (c *recent[K, V]) get(k K) (v V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.at[k]
	if !ok {
		return v, false
	}
	c.order.MoveToFront(e)
	return e.Value.(entry[K, V]).value, true
}

// put keeps a value that takes so many bytes, in the place of those not used
// for longest. One that takes more than most is not kept.
func (c *recent[K, V]) put(k K, v V, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at == nil {
		c.at = map[K]*list.Element{}
	}
	if e, ok := c.at[k]; ok {
		c.drop(e)
	}
	if bytes > c.most {
		return
	}
	for c.bytes+bytes > c.most {
		c.drop(c.order.Back())
	}
	c.at[k] = c.order.PushFront(entry[K, V]{k, v, bytes})
	c.bytes += bytes
}

// size is how many bytes are kept.
func (c *recent[K, V]) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}

func (c *recent[K, V]) drop(e *list.Element) {
	old := e.Value.(entry[K, V])
	c.order.Remove(e)
	delete(c.at, old.key)
	c.bytes -= old.bytes
}

// once is a recent of what takes long to make: however many ask at once, it is
// made once, and made whole where the one who asked first has gone.
type once[V any] struct {
	recent[string, V]
	making singleflight.Group
}

// of is what was kept by the key, or what is made now, with its size in bytes.
func (o *once[V]) of(ctx context.Context, key string, make func(context.Context) (V, int, error)) (v V, err error) {
	if v, ok := o.get(key); ok {
		return v, nil
	}
	done := o.making.DoChan(key, func() (_ any, err error) {
		defer func() {
			if p := recover(); p != nil { // in this goroutine nobody else would catch it
				err = fmt.Errorf("panic: %v", p)
			}
		}()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mostSeconds)
		defer cancel()
		v, bytes, err := make(ctx)
		if err == nil {
			o.put(key, v, bytes)
		}
		return v, err
	})
	select {
	case <-ctx.Done():
		return v, ctx.Err()
	case r := <-done:
		v, _ = r.Val.(V)
		return v, r.Err
	}
}
