package outline

import (
	"math"
	"slices"
)

// Cover is what a season tells of a region's land.
type Cover string

// The covers. Water, Built and Wood are left out of the fields.
const (
	Unsure Cover = "unsure" // too few dates, or no near infrared
	Crops  Cover = "crops"  // green at some time and not at another
	Green  Cover = "green"  // green on every date: grass, orchard, a winter crop in winter
	Water  Cover = "water"
	Built  Cover = "built" // never green: houses, roads, quarries, greenhouses
	Wood   Cover = "wood"  // always green, dark and rough
)

// edgeStands is how much stronger than the inside an edge is that stands out.
const edgeStands = 1.5

// leastInside is the share of a field's pixels that have four neighbours of it:
// less is a road, a hedge, a ragged rim.
const leastInside = 0.2

// tally is what is counted of a region's pixels.
type tally struct {
	inside         []float32 // edge strength of pixels with four neighbours of the region
	rough          float64   // their median
	border, stands float64
	borderN        int
	size, deep, at int
}

// judge numbers the regions that may be fields in the order of their first
// pixels, and says what is known of each.
func (g *graph) judge(labels []int32, w, h int, e *edgeMap, opt Options) *Segmentation {
	for i, l := range labels {
		if l > 0 {
			labels[i] = g.find(l)
		}
	}
	even(labels, w, h)
	depth := depths(labels, w, h)
	t := make([]tally, len(g.parent))
	onBorder := func(p int) bool {
		for _, q := range neighbours(p, w, h) {
			if q < 0 || labels[q] != labels[p] {
				return true
			}
		}
		return false
	}
	for p, l := range labels {
		if l == 0 {
			continue
		}
		x := &t[l]
		x.size++
		if int(depth[p]) > x.deep {
			x.deep, x.at = int(depth[p]), p
		}
		if !onBorder(p) {
			x.inside = append(x.inside, e.strength[p])
		}
	}
	for l := range t {
		if x := &t[l]; len(x.inside) > 0 {
			slices.Sort(x.inside)
			x.rough = float64(x.inside[len(x.inside)/2])
		}
	}
	for p, l := range labels {
		if l == 0 {
			continue
		}
		for _, q := range neighbours(p, w, h) {
			if q < 0 || labels[q] == l {
				continue
			}
			s := float64(e.strength[p])
			if labels[q] > 0 {
				s = max(s, float64(e.strength[q]))
			}
			x := &t[l]
			x.border += s
			x.borderN++
			if s > edgeStands*x.rough {
				x.stands++
			}
		}
	}
	out := &Segmentation{Width: w, Height: h, Labels: labels}
	number := make([]int32, len(g.parent))
	for i, l := range labels {
		if l == 0 {
			continue
		}
		if number[l] == 0 {
			number[l] = -1
			if f, ok := g.field(l, &t[l], opt); ok {
				out.Fields = append(out.Fields, f)
				number[l] = int32(len(out.Fields))
			}
		}
		labels[i] = max(number[l], 0)
	}
	return out
}

// field says whether a region may be a field, and what is known of it.
func (g *graph) field(l int32, x *tally, opt Options) (Field, bool) {
	f := Field{Pixels: x.size, At: x.at, Depth: x.deep, Rough: x.rough}
	if x.size < opt.Pixels || float64(len(x.inside)) < leastInside*float64(x.size) || x.borderN == 0 {
		return f, false
	}
	f.Cover, f.NDVI, f.Dates = g.f.cover(l)
	f.Contrast = x.border / float64(x.borderN) / math.Max(f.Rough, 1e-6)
	f.Confidence = x.stands / float64(x.borderN)
	if f.Cover == Wood && f.Rough < smoothWood {
		f.Cover = Green
	}
	return f, f.Rough <= opt.Rough && f.Cover != Water && f.Cover != Built && f.Cover != Wood
}

// Limits of what a season tells; reflectance 0–1.
const (
	fewDates    = 4    // it takes as many to tell
	wetter      = 1.1  // green over near infrared of water, at least
	longSeason  = 0.25 // swing of NDVI that crops have
	neverGreen  = 0.30 // highest NDVI of what is built
	alwaysGreen = 0.50 // lowest NDVI of what is green all the time
	darkWood    = 0.25 // highest near infrared, on the middle date, of wood
	smoothWood  = 0.9  // edge strength inside below which it is no wood
)

// cover judges the land by NDVI and, for water, by green against near infrared
// (McFeeters 1996) on the dates that show most of it. NDVI's low and high are
// its second lowest and second highest value where there are five dates or more:
// one odd date changes nothing.
func (f *features) cover(l int32) (Cover, Swing, int) {
	var ndvi, nirs []float64
	wet, dates := 0, 0
	for t := range f.dates {
		if !f.seen(l, t) {
			continue
		}
		dates++
		if f.noise[t][red] == 0 || f.noise[t][nir] == 0 {
			continue
		}
		r, n := math.Max(f.mean(l, t, red), 1e-4), math.Max(f.mean(l, t, nir), 1e-4)
		ndvi, nirs = append(ndvi, (n-r)/(n+r)), append(nirs, n)
		if f.noise[t][green] > 0 && f.mean(l, t, green) > wetter*n {
			wet++
		}
	}
	none := Swing{math.NaN(), math.NaN()}
	if len(ndvi) == 0 {
		return Unsure, none, dates
	}
	slices.Sort(ndvi)
	slices.Sort(nirs)
	s := Swing{ndvi[0], ndvi[len(ndvi)-1]}
	if len(ndvi) >= 5 {
		s = Swing{ndvi[1], ndvi[len(ndvi)-2]}
	}
	switch {
	case 4*wet > 3*len(ndvi):
		return Water, s, dates
	case len(ndvi) < fewDates:
		return Unsure, s, dates
	case s.High < neverGreen:
		return Built, s, dates
	case s.Low > alwaysGreen && nirs[len(nirs)/2] < darkWood:
		return Wood, s, dates
	case s.High-s.Low >= longSeason:
		return Crops, s, dates
	}
	return Green, s, dates
}

// depths is for each pixel how many pixels, in steps to the side, it is from one
// of another label; 1 = at the border.
func depths(labels []int32, w, h int) []uint16 {
	d := make([]uint16, len(labels))
	at := func(p, q int) uint16 {
		if q < 0 || labels[q] != labels[p] {
			return 0
		}
		return d[q]
	}
	for p := range labels {
		n := neighbours(p, w, h)
		d[p] = 1 + min(at(p, n[0]), at(p, n[1]), math.MaxUint16-1)
	}
	for p := len(labels) - 1; p >= 0; p-- {
		n := neighbours(p, w, h)
		d[p] = min(d[p], 1+at(p, n[2]), 1+at(p, n[3]))
	}
	return d
}
