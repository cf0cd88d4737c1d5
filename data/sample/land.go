package sample

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// The county is made up: no county has the code 341599. It lies in the lowland
// between Huai and Yangtze, in UTM zone 50.
const (
	countyCode = "341599"
	countyName = "大山雀县 (made-up sample county)"
	utm        = 32650
	tile       = "50SMB"
	originX    = 450_000.0
	originY    = 3_650_000.0
	lonDeg     = 116.47 // of the origin, for sun and weather
	latDeg     = 32.99
)

// parcel is one registry parcel as it was drawn.
type parcel struct {
	id, name string
	shape    convex
	village  int
	block    int
	strip    bool    // 6–12 m wide
	width    float64 // of a strip
	m2       float64 // true area
	contract float64 // area in the contract, m²
	basic    bool
	use      string
	owner    *person
	field    *field
	claimed  bool    // drawn or walked by somebody
	next     *parcel // cut from the same piece, on the far side of cut
	whole    convex  // the piece both were cut from
	cut      orb.Point
	at       float64
}

// block is the land between roads.
type block struct {
	village int
	shape   convex
	parcels []*parcel
	basic   bool
}

// village is a stretch of land with one direction of its roads and ridges.
type village struct {
	code   string // FBFBM, 14 digits
	name   string
	houses convex
	trees  convex
}

// land is all the ground of the county.
type land struct {
	strips   int // among the parcels
	villages []village
	blocks   []*block
	parcels  []*parcel
	ponds    []convex
	shape    [4]float64 // minx, miny, maxx, maxy
}

// layLand draws villages side by side until n parcels are there.
func layLand(seed int64, n int) *land {
	l := &land{shape: [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}}
	c := newChance(seed, "land")
	size := 620.0
	if n < 400 {
		size = max(320, 43*math.Sqrt(float64(n)))
	}
	perRow := int(math.Ceil(math.Sqrt(float64(n) / 190)))
	for v := 0; len(l.parcels) < n; v++ {
		x, y := originX+float64(v%perRow)*size*1.42, originY-float64(v/perRow)*size*1.42
		l.addVillage(c, v, orb.Point{x, y}, size, n)
	}
	for _, p := range l.parcels {
		l.grow(p.shape)
	}
	return l
}

func (l *land) grow(c convex) {
	for _, p := range c {
		l.shape[0], l.shape[1] = min(l.shape[0], p[0]), min(l.shape[1], p[1])
		l.shape[2], l.shape[3] = max(l.shape[2], p[0]), max(l.shape[3], p[1])
	}
}

// addVillage lays a village square of random direction: houses and trees in one
// corner, the rest cut by roads into blocks.
func (l *land) addVillage(c chance, v int, at orb.Point, size float64, limit int) {
	angle := c.between(0, math.Pi)
	var square convex
	for _, k := range []orb.Point{{-.5, -.5}, {.5, -.5}, {.5, .5}, {-.5, .5}} {
		p := turn(orb.Point{k[0] * size, k[1] * size}, angle)
		square = append(square, orb.Point{at[0] + p[0], at[1] + p[1]})
	}
	n := turn(orb.Point{1, 0}, angle+c.between(-.12, .12))
	d := square.cutAt(n, c.between(.08, .14))
	houses, fields := square.below(n, d), square.above(n, d+4)
	m := turn(n, math.Pi/2)
	e := houses.cutAt(m, .7)
	l.villages = append(l.villages, village{
		code: fmt.Sprintf("%s%03d%03d%02d", countyCode, 101+v/12, 201+v%12, 1),
		name: villageNames[v%len(villageNames)], houses: houses.below(m, e).inset(6), trees: houses.above(m, e).inset(4)})
	var blocks []convex
	spread := blockSpread(limit)
	var split func(c0 convex, target float64)
	split = func(piece convex, target float64) {
		if piece == nil {
			return
		}
		if piece.area() < target*1.5 {
			blocks = append(blocks, piece)
			return
		}
		n := turn(piece.longest(), c.between(-.15, .15))
		d := piece.cutAt(n, c.between(.36, .64))
		split(piece.below(n, d), c.lognormal(21_000, spread))
		split(piece.above(n, d), c.lognormal(21_000, spread))
	}
	split(fields, c.lognormal(21_000, spread))
	for _, shape := range blocks {
		road := c.between(1.5, 3.5) // half of a road or ditch
		if shape = shape.inset(road); shape == nil || shape.area() < 7_000 {
			if shape != nil && c.Float64() < .25 {
				l.ponds = append(l.ponds, shape)
			}
			continue
		}
		b := &block{village: v, shape: shape, basic: c.Float64() < .8}
		l.cutParcels(c, b)
		for _, p := range b.parcels {
			if len(l.parcels) == limit {
				return
			}
			if b.parcels[0] == p {
				l.blocks = append(l.blocks, b)
			}
			p.block, p.village, p.basic = len(l.blocks)-1, v, b.basic
			p.id = fmt.Sprintf("%s%05d", l.villages[v].code, len(l.parcels)+1)
			p.name = fmt.Sprintf("%s%d号地", l.villages[v].name, len(l.parcels)+1)
			p.m2 = p.shape.area()
			if p.strip {
				l.strips++
			}
			p.use = "012"
			l.parcels = append(l.parcels, p)
		}
	}
}

// blockSpread is how unequal blocks and plots are: a large county has room for
// plots of up to 20 ha, a small one for many plots only if they are small.
func blockSpread(parcels int) float64 {
	if parcels < 1000 {
		return .65
	}
	return 1.05
}

// cutParcels cuts a block into strips or fields by ridges, so that a fifth of
// all parcels are strips.
func (l *land) cutParcels(c chance, b *block) {
	missing := float64(len(l.parcels)+40)/5 - float64(l.strips)
	if missing < 6 {
		b.cutField(c, b.shape)
		return
	}
	share := missing * 900 / b.shape.area()
	if share > .7 {
		b.cutStrips(c, b.shape)
		return
	}
	n := b.shape.longest()
	d := b.shape.cutAt(n, share)
	b.cutStrips(c, b.shape.below(n, d))
	b.cutField(c, b.shape.above(n, d))
}

// cutStrips cuts bays of 70–130 m, each into strips of 6–12 m.
func (b *block) cutStrips(c chance, land convex) {
	along := land.longest()
	lo, hi := land.span(along)
	bays := max(1, int(math.Round((hi-lo)/c.between(80, 125))))
	across := turn(along, math.Pi/2)
	for i := range bays {
		step := (hi - lo) / float64(bays)
		bay := land.above(along, lo+float64(i)*step)
		if bay != nil {
			bay = bay.below(along, lo+float64(i+1)*step)
		}
		if bay == nil {
			continue
		}
		from, to := bay.span(across)
		var last *parcel
		for from < to {
			w := c.between(6, 12)
			if to-from-w < 6 {
				w = to - from
			}
			piece := bay.above(across, from)
			if piece != nil {
				piece = piece.below(across, from+w)
			}
			if piece != nil && piece.area() > 120 {
				p := &parcel{shape: piece, strip: true, width: w}
				if last != nil {
					last.next, last.whole, last.cut, last.at = p, bay.above(across, from-last.width), across, from
				}
				b.parcels = append(b.parcels, p)
				last = p
			}
			from += w
		}
	}
}

// cutField halves a piece until it is the size of a field.
func (b *block) cutField(c chance, piece convex) {
	if piece == nil || piece.area() < 60 {
		return
	}
	var cut func(piece convex) *parcel
	cut = func(piece convex) *parcel {
		if piece.area() < 1.55*c.lognormal(1330, .42) {
			p := &parcel{shape: piece}
			b.parcels = append(b.parcels, p)
			return p
		}
		n := turn(piece.longest(), c.between(-.08, .08))
		d := piece.cutAt(n, c.between(.4, .6))
		low, high := piece.below(n, d), piece.above(n, d)
		p, q := cut(low), cut(high)
		if p != nil && q != nil {
			p.next, p.whole, p.cut, p.at = q, piece, n, d
		}
		return nil
	}
	cut(piece)
}

var townNames = []string{"鹭溪镇", "雁湖镇", "鹤洲乡", "鸥港镇", "鹰岭乡", "鸿塘镇"}

var villageNames = []string{"山雀", "白鹡", "戴胜", "翠鸟", "苇莺", "鹊鸲", "云雀", "黄鹂", "夜鹭", "池鹭", "乌鸫", "柳莺"}
