package vector

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// polygonsOf reads the polygons of a WKB geometry of any of the dialects GDAL
// writes (ISO and the older 2.5D form), dropping heights and measures, and
// collecting polygons out of collections.
func polygonsOf(b []byte) (orb.MultiPolygon, error) {
	r := wkbReader{b: b}
	mp := r.geometry(0)
	if r.err != nil {
		return nil, r.err
	}
	return mp, nil
}

type wkbReader struct {
	b     []byte
	order binary.ByteOrder
	err   error
}

func (r *wkbReader) uint32() uint32 {
	if r.err == nil && len(r.b) < 4 {
		r.err = errors.New("geometry is cut short")
	}
	if r.err != nil {
		return 0
	}
	v := r.order.Uint32(r.b)
	r.b = r.b[4:]
	return v
}

// count reads a number of things of at least size bytes each.
func (r *wkbReader) count(size int) int {
	n := int(r.uint32())
	if r.err == nil && n > len(r.b)/size {
		r.err = errors.New("geometry is cut short")
	}
	if r.err != nil {
		return 0
	}
	return n
}

func (r *wkbReader) geometry(depth int) orb.MultiPolygon {
	if r.err == nil && (len(r.b) < 5 || depth > 8) {
		r.err = errors.New("geometry is cut short or nested too deep")
	}
	if r.err != nil {
		return nil
	}
	r.order = binary.ByteOrder(binary.BigEndian)
	if r.b[0] == 1 {
		r.order = binary.LittleEndian
	}
	r.b = r.b[1:]
	t := r.uint32()
	dims := 2
	if t&0x80000000 != 0 {
		dims++
	}
	if t&0x40000000 != 0 {
		dims++
	}
	t &= 0x0fffffff
	switch t / 1000 {
	case 1, 2:
		dims++
	case 3:
		dims += 2
	}
	switch t % 1000 {
	case 3:
		return orb.MultiPolygon{r.polygon(dims)}
	case 6, 7:
		var out orb.MultiPolygon
		for range r.count(5) {
			out = append(out, r.geometry(depth+1)...)
		}
		return out
	}
	r.err = fmt.Errorf("geometry of WKB type %d is not a polygon", t)
	return nil
}

func (r *wkbReader) polygon(dims int) orb.Polygon {
	poly := make(orb.Polygon, 0, 1)
	for range r.count(4) {
		n := r.count(8 * dims)
		ring := make(orb.Ring, n)
		for i := range ring {
			for k := range 2 {
				ring[i][k] = math.Float64frombits(r.order.Uint64(r.b[8*k:]))
			}
			r.b = r.b[8*dims:]
		}
		poly = append(poly, ring)
	}
	return poly
}
