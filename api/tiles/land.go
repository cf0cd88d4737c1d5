// Package tiles makes vector tiles (Mapbox Vector Tile 2.1) of a run's land. A
// published run never changes, so its land is read once, kept as whole numbers
// on one grid of the world, and what every tile would write of a parcel is
// written once. It knows neither who asks nor where land comes from.
//
//	land := tiles.NewLand(parcels)
//	body, err := land.Tile(tiles.Address{Z: 14, X: 13424, Y: 6703}, tiles.Everything)
package tiles

import (
	"fmt"
	"math"
	"sync"

	"github.com/paulmach/orb"

	"github.com/parus-lending/parus/data/store"
)

// The grid of the world: Web Mercator (EPSG:3857) from 0 in the north-west to
// 2³⁰ in the south-east, 3.7 cm at the equator.
const gridBits = 30

// Zooms of tiles; a map shows closer views from those of the last.
const (
	LeastZoom = 8
	MostZoom  = 16
)

// point is a place on the grid, or in a tile.
type point struct{ x, y int32 }

// Kinds of values, in the order of their keys.
const (
	kParcel = iota
	kPlot
	kCrop
	kGrade
	kYield
	kOutcome
	kRisk
	kArea
	kinds
)

var keys = [kinds]string{"parcel_id", "plot_id", "crop", "grade", "yield", "outcome", "risk", "area_mu"}

// Land is the land of one run, ready to be cut into tiles. It is read only.
type Land struct {
	boxes  []box   // by parcel
	first  []int32 // by parcel: its first ring; one more at the end
	rings  []ring
	points []point
	tags   [][kinds]int32 // by parcel: number of the value, -1 = none
	values [][]byte       // as they stand in a tile
	area   []float64      // by parcel, m²
	steps  []int32        // by parcel: number of its yield in steps of 50 kg/mu, -1 = none
	plots  []int32        // by parcel: parcels of one plot that look alike have one number
	index  index

	tilers sync.Pool // of *tiler: their room is used again
}

type ring struct {
	from, to int32 // points, the last not repeating the first
	outer    bool
}

type box struct{ west, north, east, south int32 }

const muM2 = 2000.0 / 3

// NewLand lays out a run's parcels.
func NewLand(parcels []store.LandParcel) (*Land, error) {
	l := &Land{first: []int32{0}}
	number := map[string]int32{}
	value := func(v []byte) int32 {
		n, there := number[string(v)]
		if !there {
			n = int32(len(l.values))
			number[string(v)] = n
			l.values = append(l.values, v)
		}
		return n
	}
	text := func(s string) int32 {
		if s == "" {
			return -1
		}
		return value(textValue(s))
	}
	type group struct{ plot, risk, outcome int32 }
	groups := map[group]int32{}
	for _, p := range parcels {
		t := [kinds]int32{kParcel: text(p.ParcelID), kPlot: text(p.PlotID), kCrop: text(p.Crop), kGrade: -1, kYield: -1, kOutcome: text(p.Outcome), kRisk: text(p.Risk),
			kArea: value(numberValue(round(p.AreaM2/muM2, 100)))}
		if p.Grade != nil {
			t[kGrade] = value(countValue(uint64(max(*p.Grade, 0))))
		}
		step := int32(-1)
		if p.Yield != nil {
			t[kYield] = value(numberValue(round(float64(*p.Yield), 10)))
			step = value(numberValue(50 * math.Round(float64(*p.Yield)/50)))
		}
		l.tags, l.steps = append(l.tags, t), append(l.steps, step)
		l.area = append(l.area, p.AreaM2)
		g := group{t[kPlot], t[kRisk], t[kOutcome]}
		if _, there := groups[g]; !there {
			groups[g] = int32(len(groups))
		}
		l.plots = append(l.plots, groups[g])
		if err := l.shape(p.Geometry); err != nil {
			return nil, fmt.Errorf("parcel %s: %w", p.ParcelID, err)
		}
	}
	l.index = newIndex(l.boxes)
	return l, nil
}

func round(v, steps float64) float64 { return math.Round(v*steps) / steps }

// shape adds a parcel's rings.
func (l *Land) shape(g orb.MultiPolygon) error {
	b := box{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}
	for _, polygon := range g {
		for i, r := range polygon {
			if r.Closed() {
				r = r[:len(r)-1]
			}
			from := int32(len(l.points))
			for _, p := range r {
				q, err := onGrid(p)
				if err != nil {
					return err
				}
				b.west, b.north, b.east, b.south = min(b.west, q.x), min(b.north, q.y), max(b.east, q.x), max(b.south, q.y)
				l.points = append(l.points, q)
			}
			l.rings = append(l.rings, ring{from, int32(len(l.points)), i == 0})
		}
	}
	l.boxes = append(l.boxes, b)
	l.first = append(l.first, int32(len(l.rings)))
	return nil
}

// onGrid is Web Mercator of longitude and latitude (EPSG:4326) in degrees.
func onGrid(p orb.Point) (point, error) {
	const most = 85.05112878 // degrees: where the square of the world ends
	if !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= most) {
		return point{}, fmt.Errorf("%v lies off the map", p)
	}
	s := math.Sin(p[1] * math.Pi / 180)
	x, y := p[0]/360+0.5, 0.5-math.Log((1+s)/(1-s))/(4*math.Pi)
	const size = 1 << gridBits
	return point{int32(min(math.Round(x*size), size-1)), int32(min(math.Round(y*size), size-1))}, nil
}

// Bytes is about how much memory it takes.
func (l *Land) Bytes() int {
	n := 8*len(l.points) + 12*len(l.rings) + len(l.boxes)*(16+4+4*kinds+8+4+5+4) + 24*len(l.values)
	for _, v := range l.values {
		n += len(v)
	}
	return n
}
