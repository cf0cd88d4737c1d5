package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sort"
	"strings"
	"syscall"
	"time"
)

// cost is what a piece of work took.
type cost struct {
	Wall float64 `json:"wall"` // seconds
	CPU  float64 `json:"cpu"`  // seconds of all threads, user and system
}

// timed is the cost of f.
func timed(f func() error) (cost, error) {
	wall, cpu := time.Now(), cpuSeconds()
	err := f()
	return cost{time.Since(wall).Seconds(), cpuSeconds() - cpu}, err
}

// repeated is the median cost of n calls, by wall and by CPU apart. The litter
// of one call is not swept in the next.
func repeated(n int, f func() error) (cost, error) {
	all := make([]cost, n)
	for i := range all {
		runtime.GC()
		var err error
		if all[i], err = timed(f); err != nil {
			return cost{}, err
		}
	}
	return middle(all), nil
}

func middle(all []cost) cost {
	return cost{median(all, func(c cost) float64 { return c.Wall }), median(all, func(c cost) float64 { return c.CPU })}
}

func median[T any](all []T, of func(T) float64) float64 {
	v := make([]float64, len(all))
	for i, x := range all {
		v[i] = of(x)
	}
	sort.Float64s(v)
	if len(v)%2 == 1 {
		return v[len(v)/2]
	}
	return (v[len(v)/2-1] + v[len(v)/2]) / 2
}

func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return seconds(u.Utime) + seconds(u.Stime)
}

func seconds(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }

// forget gives back what making the polygons left behind and counts peak memory
// from here, as far as the system lets it.
func forget() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// peakMB is the most memory this process has held since forget, 0 where the
// system does not tell.
func peakMB() float64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(b), "\n") {
		var kb float64
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kb); err == nil {
			return kb * 1024 / 1e6
		}
	}
	return 0
}
