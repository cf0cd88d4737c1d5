package zonal

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// piece is polygons of one place in a compact form that can lie in memory or in
// a file: for each the length of its ID and the ID, the number of polygons, of
// each the rings, of each the points (all as varints), and the coordinates of
// each ring as little-endian float64.
type piece struct {
	at   place
	data []byte
	size
}

// size is what polygons will take when they are observed.
type size struct {
	shapes, polygons, rings, points, ids int
	boundary                             float64 // pixels of 10 m that outlines cross, about
	rows                                 float64 // rows of 10 m that polygons reach over
}

func (s *size) grow(o size) {
	s.shapes += o.shapes
	s.polygons += o.polygons
	s.rings += o.rings
	s.points += o.points
	s.ids += o.ids
	s.boundary += o.boundary
	s.rows += o.rows
}

// share is about the size of n of the shapes.
func (s size) share(n int) size {
	f := float64(n) / float64(s.shapes)
	part := func(v int) int { return int(float64(v)*f*1.05) + 16 }
	return size{n, part(s.polygons), part(s.rings), part(s.points), part(s.ids), s.boundary * f, s.rows * f}
}

// bytes is the memory polygons take while they are observed: themselves, their
// coverage on both grids (12 bytes for a boundary pixel, 6 for a row; the 20 m
// grid has half of each), and the results of two scenes: one is written while
// the next is observed.
func (s size) bytes() int64 {
	const perShape = 48 + 80 + 2*64 + 2*10*40
	cover := 1.5 * (12*s.boundary + 6*s.rows)
	return int64(perShape*s.shapes+24*(s.polygons+s.rings)+16*s.points+s.ids) + int64(cover)
}

func (p *piece) put(id string, mp orb.MultiPolygon) {
	d := binary.AppendUvarint(p.data, uint64(len(id)))
	d = append(d, id...)
	d = binary.AppendUvarint(d, uint64(len(mp)))
	one := size{shapes: 1, polygons: len(mp), ids: len(id)}
	top, bottom := math.Inf(-1), math.Inf(1)
	for _, poly := range mp {
		d = binary.AppendUvarint(d, uint64(len(poly)))
		for _, ring := range poly {
			d = binary.AppendUvarint(d, uint64(len(ring)))
			one.rings++
			one.points += len(ring)
			one.boundary += 2
			for i, pt := range ring {
				d = binary.LittleEndian.AppendUint64(d, math.Float64bits(pt[0]))
				d = binary.LittleEndian.AppendUint64(d, math.Float64bits(pt[1]))
				top, bottom = max(top, pt[1]), min(bottom, pt[1])
				if i > 0 {
					one.boundary += (math.Abs(pt[0]-ring[i-1][0]) + math.Abs(pt[1]-ring[i-1][1])) / 10
				}
			}
		}
	}
	one.rows = math.Max(top-bottom, 0)/10 + 2
	p.data = d
	p.size.grow(one)
}

// shapes takes the shapes out of pieces again. Memory is taken at once for all.
type shapes struct {
	list     []raster.Shape
	polygons []orb.Polygon
	rings    []orb.Ring
	points   []orb.Point
}

func newShapes(s size) *shapes {
	return &shapes{make([]raster.Shape, 0, s.shapes), make([]orb.Polygon, 0, s.polygons), make([]orb.Ring, 0, s.rings), make([]orb.Point, 0, s.points)}
}

var errSpoilt = errors.New("the temporary file of polygons is spoilt")

// take reads records from data but for the first skip of them, up to limit.
func (s *shapes) take(data []byte, skip, limit int) (n int, err error) {
	count := func() int {
		v, k := binary.Uvarint(data)
		if k <= 0 || v > uint64(len(data)) {
			err = errSpoilt
			return 0
		}
		data = data[k:]
		return int(v)
	}
	for len(data) > 0 && n < skip+limit {
		length := count()
		if err != nil || length > len(data) {
			return n, errSpoilt
		}
		id := data[:length]
		data = data[length:]
		keep := n >= skip
		n++
		from := len(s.polygons)
		for range count() {
			ringsFrom := len(s.rings)
			for range count() {
				points := count()
				if err != nil || 16*points > len(data) {
					return n, errSpoilt
				}
				if keep {
					pointsFrom := len(s.points)
					for i := range points {
						s.points = append(s.points, orb.Point{
							math.Float64frombits(binary.LittleEndian.Uint64(data[16*i:])),
							math.Float64frombits(binary.LittleEndian.Uint64(data[16*i+8:]))})
					}
					s.rings = append(s.rings, orb.Ring(s.points[pointsFrom:len(s.points):len(s.points)]))
				}
				data = data[16*points:]
			}
			if keep {
				s.polygons = append(s.polygons, orb.Polygon(s.rings[ringsFrom:len(s.rings):len(s.rings)]))
			}
		}
		if err != nil {
			return n, err
		}
		if keep {
			s.list = append(s.list, raster.Shape{ID: string(id), Kind: "parcel", Polygon: orb.MultiPolygon(s.polygons[from:len(s.polygons):len(s.polygons)])})
		}
	}
	return n, nil
}
