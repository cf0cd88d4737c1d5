package main

import (
	"math"
	"sort"

	"github.com/parus-lending/parus/raster"
)

// ground is made-up farm land seen from above: farmsteads of about a kilometre
// with their own direction, parted into strips and fields of one brightness
// each, a slow change over the land, fine noise, cloud and its shadow.
type ground struct {
	ten         raster.Grid
	cloudAbove  float64
	cloudWide   float64
	shadowShift point
}

// look is how a band sees land: mean and spread of fields, fine noise, and the
// brightness of cloud, all in DN. The noise is set so that the bits per pixel
// after DEFLATE with predictor 2 are those of real Sentinel-2 land: command
// `calibrate` prints both.
type look struct{ mean, spread, noise, cloud float64 }

var looks = map[raster.Band]look{
	raster.B02: {600, 170, 68, 5200}, raster.B03: {860, 170, 66, 5000}, raster.B04: {800, 260, 70, 4900},
	raster.B08: {3000, 850, 170, 5600}, raster.B05: {1350, 230, 75, 5100}, raster.B06: {2450, 620, 130, 5400},
	raster.B07: {2900, 800, 150, 5600}, raster.B8A: {3100, 850, 150, 5700}, raster.B11: {2150, 380, 90, 4100}, raster.B12: {1500, 420, 90, 3300},
}

const cloudShare = 0.2

func newGround(ten raster.Grid) *ground {
	g := &ground{ten: ten, cloudWide: float64(ten.Width) * ten.Res / 18, shadowShift: point{-420, 560}}
	var sample []float64
	for i := range 400 {
		for k := range 400 {
			sample = append(sample, g.cloudiness(ten.X0+float64(i)/400*float64(ten.Width)*10, ten.Y0-float64(k)/400*float64(ten.Height)*10))
		}
	}
	sort.Float64s(sample)
	g.cloudAbove = sample[int((1-cloudShare)*float64(len(sample)))]
	return g
}

// cloudiness is three octaves of smooth noise.
func (g *ground) cloudiness(x, y float64) float64 {
	return smooth(11, x/g.cloudWide, y/g.cloudWide) + 0.5*smooth(12, 2.3*x/g.cloudWide, 2.3*y/g.cloudWide) + 0.25*smooth(13, 6*x/g.cloudWide, 6*y/g.cloudWide)
}

// smooth is value noise: random at whole coordinates, a smooth ramp between.
func smooth(seed uint64, x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	tx, ty := x-fx, y-fy
	tx, ty = tx*tx*(3-2*tx), ty*ty*(3-2*ty)
	at := func(i, k float64) float64 { return hash(seed, int64(fx+i), int64(fy+k)) }
	top, low := at(0, 0)*(1-tx)+at(1, 0)*tx, at(0, 1)*(1-tx)+at(1, 1)*tx
	return top*(1-ty) + low*ty
}

// hash is even in [0, 1).
func hash(seed uint64, a, b int64) float64 {
	return float64(mix(mix(seed*0x9e3779b97f4a7c15+uint64(a))+uint64(b)*0xd1342543de82ef95)>>11) / (1 << 53)
}

// cloudMap is the class of each pixel of a 20 m grid: 0 land, 1 cloud, 2 shadow.
func (g *ground) cloudMap() []uint8 {
	w, h := g.ten.Width/2, g.ten.Height/2
	out := make([]uint8, w*h)
	for row := range h {
		for col := range w {
			if g.cloudiness(g.ten.X0+(float64(col)+0.5)*20, g.ten.Y0-(float64(row)+0.5)*20) > g.cloudAbove {
				out[row*w+col] = 1
			}
		}
	}
	g.shade(out)
	return out
}

// shade adds the shadows of clouds.
func (g *ground) shade(clouds []uint8) {
	w, h := g.ten.Width/2, g.ten.Height/2
	dc, dr := int(g.shadowShift[0]/20), int(-g.shadowShift[1]/20)
	for i, v := range clouds {
		if r, c := i/w+dr, i%w+dc; v == 1 && r >= 0 && c >= 0 && r < h && c < w && clouds[r*w+c] == 0 {
			clouds[r*w+c] = 2
		}
	}
}

// fieldOf is the number of the field at a place.
func fieldOf(x, y float64) uint64 {
	const farm = 1100.0
	a, b := int64(math.Floor(x/farm)), int64(math.Floor(y/farm))
	turn := math.Pi * hash(21, a, b)
	c, s := math.Cos(turn), math.Sin(turn)
	u, v := x*c+y*s, y*c-x*s
	strip := int64(math.Floor(u / (50 + 120*hash(22, a, b))))
	part := int64(math.Floor(v/(120+400*hash(23, a, b)) + hash(24, strip, a)))
	return mix(uint64(a)*31+uint64(b)*17) ^ mix(uint64(strip)*131+uint64(part))
}

// fill sets the pixels of a band, row by row.
func (g *ground) fill(b raster.Band, grid raster.Grid, values []uint16) {
	clouds := g.cloudMap()
	half := g.ten.Width / 2
	l := looks[b]
	seed := uint64(len(b))
	for _, c := range b {
		seed = mix(seed + uint64(c))
	}
	rng := random(seed)
	for row := range grid.Height {
		y := grid.Y0 - (float64(row)+0.5)*grid.Res
		slow := 0.0
		for col := range grid.Width {
			cloud := clouds[int(float64(row)*grid.Res/20)*half+int(float64(col)*grid.Res/20)]
			x := grid.X0 + (float64(col)+0.5)*grid.Res
			if b == raster.SCL {
				values[row*grid.Width+col] = class(cloud, fieldOf(x, y))
				continue
			}
			if col%16 == 0 {
				slow = smooth(seed, x/9000, y/9000) - 0.5
			}
			f := fieldOf(x, y)
			v := l.mean + l.spread*(3.4*(float64(mix(f^seed)>>11)/(1<<53)-0.5)+0.6*slow) + l.noise*noise(&rng)
			switch cloud {
			case 1:
				v = l.cloud + 0.25*v + l.noise*noise(&rng)
			case 2:
				v *= 0.55
			}
			values[row*grid.Width+col] = uint16(math.Min(math.Max(v, 1), 15000))
		}
	}
}

// noise is nearly normal with deviation 1: the sum of four even numbers.
func noise(rng *random) float64 {
	z := rng.next()
	sum := z&0xffff + z>>16&0xffff + z>>32&0xffff + z>>48
	return (float64(sum) - 2*65535) / 37836
}

// class is the scene classification: cloud 9, shadow 3, else vegetation or soil.
func class(cloud uint8, field uint64) uint16 {
	switch {
	case cloud == 1:
		return 9
	case cloud == 2:
		return 3
	case field%4 == 0:
		return 5
	}
	return 4
}
