package scoring

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// atOnce does several things, of which none needs another: on all processors
// where they are large enough to gain by it.
func atOnce(large bool, things ...func()) {
	if !large {
		for _, do := range things {
			do()
		}
		return
	}
	inBlocks(len(things), 1, func(from, to int) { things[from]() })
}

// inParts does n things in as many parts as there are processors, or on this one
// where they are few.
func inParts(n int, do func(from, to int)) {
	if n < 256 {
		do(0, n)
		return
	}
	inBlocks(n, max(64, n/(4*runtime.GOMAXPROCS(0))), do)
}

// inBlocks does n things, a block of at most size at a time, on all processors.
func inBlocks(n, size int, do func(from, to int)) {
	blocks := (n + size - 1) / size
	var next atomic.Int64
	work := func() {
		for k := int(next.Add(1)) - 1; k < blocks; k = int(next.Add(1)) - 1 {
			do(k*size, min((k+1)*size, n))
		}
	}
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), blocks) - 1 {
		wait.Go(work)
	}
	work()
	wait.Wait()
}
