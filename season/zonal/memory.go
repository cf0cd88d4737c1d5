package zonal

import "runtime/debug"

// limits divide the memory a run is given.
type limits struct {
	held  int64 // bytes of polygons kept in memory while they wait; more go to a file
	strip int64 // bytes a strip may take: polygons, coverage, results
}

const (
	// outsideGo is what GDAL and the program's own code take.
	outsideGo = 90_000_000
	// fixedGo is what the output, the readers' buffers and masks take of Go's
	// memory whatever the land.
	fixedGo = 55_000_000
	// garbage is how much more than what is used Go's heap may grow to, in per
	// cent. Nearly all of it is coordinates and fractions, which the collector
	// does not look into, so a small heap costs little.
	garbage = 18
)

func limitsOf(memory int64) limits {
	heap := (memory - outsideGo) * 100 / (100 + garbage)
	l := limits{held: (heap - fixedGo) / 6}
	l.strip = heap - fixedGo - l.held
	return l
}

// hold keeps Go to what a strip takes, the land that waits and what everything
// else takes: less than it is given where the land is small.
func (r *run) hold(st strip) {
	debug.SetMemoryLimit(min(r.opt.Memory-outsideGo, st.need.bytes()+r.land.held+fixedGo))
}
