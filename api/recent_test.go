package api

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestRecent(t *testing.T) {
	c := recent[string, int]{most: 10}
	c.put("a", 1, 4)
	c.put("b", 2, 4)
	c.get("a")
	c.put("c", 3, 4)  // b goes, it was not used for longest
	c.put("d", 4, 11) // too large
	c.put("c", 5, 2)
	for k, want := range map[string]int{"a": 1, "b": 0, "c": 5, "d": 0} {
		if v, ok := c.get(k); v != want || ok != (want != 0) {
			t.Errorf("%s: %d %v", k, v, ok)
		}
	}
	if c.bytes != 6 {
		t.Error(c.bytes)
	}
}

// Many who ask at once get what was made once; one who goes away does not stop
// it; what failed or panicked is made again.
func TestOnce(t *testing.T) {
	o := once[int]{recent: recent[string, int]{most: 10}}
	var made atomic.Int32
	gone, cancel := context.WithCancel(context.Background())
	begun, release := make(chan struct{}), make(chan struct{})
	work := func(ctx context.Context) (int, int, error) {
		made.Add(1)
		close(begun)
		<-release
		return 7, 1, ctx.Err()
	}
	var wait sync.WaitGroup
	wait.Go(func() {
		if _, err := o.of(gone, "k", work); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	<-begun
	cancel()
	wait.Wait()
	time.AfterFunc(20*time.Millisecond, func() { close(release) })
	for range 5 {
		wait.Go(func() {
			if v, err := o.of(context.Background(), "k", work); v != 7 || err != nil {
				t.Error(v, err)
			}
		})
	}
	wait.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
	for want, work := range map[string]func(context.Context) (int, int, error){
		"panic: x": func(context.Context) (int, int, error) { panic("x") },
		"y":        func(context.Context) (int, int, error) { return 0, 0, errors.New("y") },
	} {
		if _, err := o.of(context.Background(), "bad", work); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if v, err := o.of(context.Background(), "bad", func(context.Context) (int, int, error) { return 3, 1, nil }); v != 3 || err != nil {
		t.Error(v, err)
	}
}
