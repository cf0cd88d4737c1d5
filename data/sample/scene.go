package sample

import (
	"math"

	"github.com/parus-lending/parus/raster"
)

// shot is one finished scene: raw numbers per band.
type shot struct {
	sky   *sky
	id    string
	bands map[raster.Band][]uint16
	cloud float64 // share of pixels that SCL calls cloud
}

// painter turns the canvas into scenes.
type painter struct {
	*canvas
	seed   uint64
	fields []*field
	tables map[string]*curve
}

// cloudLight is the reflectance of thick cloud by band.
var cloudLight = spectrum{.62, .60, .61, .62, .63, .64, .64, .65, .38, .29}

// materials gives the reflectance of every field and ground on a day.
func (p *painter) materials(day float64) []spectrum {
	out := make([]spectrum, len(p.fields)+grounds)
	for i, f := range p.fields {
		out[i] = f.canopy(p.tables, day)
	}
	at := func(crop string) spectrum { s, _ := p.tables[crop].on(day); return s }
	n := len(p.fields)
	out[n+verge] = blend(at("fallow"), at("grass"), .35)
	out[n+road] = blend(at("bare_soil"), at("built"), .4)
	out[n+houses] = at("built")
	out[n+trees] = at("walnut")
	out[n+pond] = at("water")
	return out
}

var tenMetre = map[raster.Band]bool{raster.B02: true, raster.B03: true, raster.B04: true, raster.B08: true}

// shoot takes the scene: light mixed by true coverage, texture of the ground,
// noise of the sensor, cloud and shadow.
func (p *painter) shoot(s *sky) shot {
	day := float64(s.when.YearDay())
	light := p.materials(day)
	out := shot{sky: s, bands: map[raster.Band][]uint16{}}
	ten, twenty := p.veil(s, 10, p.ten.width, p.ten.height), p.veil(s, 20, p.twenty.width, p.twenty.height)
	for b, name := range raster.OpticalBands {
		k, v, grain := &p.twenty, twenty, .022
		if tenMetre[name] {
			k, v, grain = &p.ten, ten, .03
		}
		dn := make([]uint16, k.width*k.height)
		for i := range dn {
			var r float64
			for j := k.start[i]; j < k.start[i+1]; j++ {
				r += light[k.material[j]][b] * float64(k.share[j])
			}
			x := uint64(i)
			r *= 1 + grain*bell(mix(p.seed, 1, x, uint64(k.width), uint64(b)))
			r *= 1 - .62*v.shadow[i]
			r += (cloudLight[b] - r) * v.cloud[i]
			r += .0025 * bell(mix(p.seed, s.seed, x, uint64(k.width), uint64(b)))
			dn[i] = uint16(max(1, min(65535, math.Round(r*10_000)+1000)))
		}
		out.bands[name] = dn
	}
	out.bands[raster.SCL], out.cloud = p.classify(s, light, twenty)
	return out
}

// veil is the cloud and the shadow over each pixel.
type veil struct{ cloud, shadow []float64 }

func (p *painter) veil(s *sky, res float64, w, h int) veil {
	v := veil{make([]float64, w*h), make([]float64, w*h)}
	for r := range h {
		y := p.grid.Y0 - (float64(r)+.5)*res
		for c := range w {
			x, i := p.grid.X0+(float64(c)+.5)*res, r*w+c
			v.cloud[i] = s.opacity(x, y)
			v.shadow[i] = s.shadow(x, y) * (1 - v.cloud[i])
		}
	}
	return v
}

// classify labels the 20 m pixels as Sen2Cor does, with its habits: the rim of
// clouds is unclassified or cirrus or passes for land, deep shadow and flooded
// paddies may be "dark area", plastic film is cloud on most dates.
func (p *painter) classify(s *sky, light []spectrum, v veil) ([]uint16, float64) {
	k := &p.twenty
	out := make([]uint16, k.width*k.height)
	clouds := 0
	for i := range out {
		u := unit(mix(p.seed, s.seed, uint64(i), 77))
		switch a, d := v.cloud[i], v.shadow[i]; {
		case a > .75:
			out[i] = 9
		case a > .35:
			out[i] = 8
		case a > .12:
			out[i] = 7
			if u < .3 {
				out[i] = 10
			}
		case d > .5:
			out[i] = 3
		case d > .2:
			out[i] = 2
		default:
			out[i] = p.landClass(i, light, u)
		}
		if out[i] >= 8 && out[i] <= 10 {
			clouds++
		}
	}
	return out, float64(clouds) / float64(len(out))
}

func (p *painter) landClass(i int, light []spectrum, u float64) uint16 {
	k := &p.twenty
	var mean spectrum
	var film, built float64
	for j := k.start[i]; j < k.start[i+1]; j++ {
		m, w := int(k.material[j]), float64(k.share[j])
		for b := range mean {
			mean[b] += light[m][b] * w
		}
		switch {
		case m < len(p.fields) && p.fields[m].grown.kind == "greenhouse":
			film += w
		case m == len(p.fields)+houses:
			built += w
		}
	}
	green, wet := mean.ndvi(), (mean[1]-mean[6])/(mean[1]+mean[6])
	switch {
	case film > .5 && u < .5:
		return 8
	case film > .5 && u < .78:
		return 9
	case wet > 0 && u < .6:
		return 6
	case wet > 0:
		return 2
	case u < .004 || built > .6 && u < .3:
		return 7
	case green > .4:
		return 4
	}
	return 5
}
