package sample

import (
	"math"
	"sort"
	"time"

	"github.com/parus-lending/parus/raster"
)

// sky is what stands above the county on one date.
type sky struct {
	when            time.Time
	platform        string
	share           float64 // of the scene under cloud
	seed            uint64
	size            float64 // metres, of the largest clouds
	threshold       float64
	zenith, azimuth float64 // of the sun, degrees
	dx, dy          float64 // shadow: metres from the cloud's own place
}

// skies spreads n dates over the year, on the five-day rhythm of the two
// satellites: half of them clear, three in ten scattered, a fifth overcast.
func skies(seed int64, year, n int, g raster.Grid) []*sky {
	c := newChance(seed, "sky")
	out := make([]*sky, n)
	shares := cloudShares(c, n)
	for i := range out {
		step := step(i, n)
		day := time.Date(year, 1, 3, 2, 51, 9, 0, time.UTC).AddDate(0, 0, 5*step)
		s := &sky{when: day.Add(time.Duration(c.IntN(20)) * time.Second), platform: [2]string{"sentinel-2a", "sentinel-2b"}[step%2],
			share: shares[i], seed: c.Uint64()}
		s.zenith, s.azimuth = raster.SunPosition(s.when, lonDeg, latDeg)
		s.lay(c, g)
		out[i] = s
	}
	return out
}

// step is the five-day step of the i-th of n dates.
func step(i, n int) int { return int(math.Round(float64(i) * 73 / float64(n))) }

// cloudShares deals clouds to the dates. Overcast dates lie at least three
// apart, and none falls where one crop follows the other on double-cropped land
// (real Junes are less kind).
func cloudShares(c chance, n int) []float64 {
	shares := make([]float64, n)
	overcast := 0
	for _, i := range c.Perm(n) {
		day := 5 * step(i, n)
		free := overcast < n/5 && (day < 145 || day > 190)
		for j := max(0, i-2); j <= min(n-1, i+2); j++ {
			free = free && shares[j] == 0
		}
		if free {
			shares[i] = c.between(.7, 1)
			overcast++
		}
	}
	left := n/2 - n/5 // scattered
	for _, i := range c.Perm(n) {
		switch {
		case shares[i] > 0:
		case left > 0:
			shares[i] = c.between(.08, .4)
			left--
		default:
			shares[i] = c.between(0, .04)
		}
	}
	return shares
}

// lay sets the size and height of clouds and the threshold that gives the
// wanted share over the scene.
func (s *sky) lay(c chance, g raster.Grid) {
	extent := float64(min(g.Width, g.Height)) * g.Res
	s.size = min(1800, extent*c.between(.35, .8))
	height := s.size * c.between(.5, .9)
	d := height * math.Tan(s.zenith*math.Pi/180)
	sin, cos := math.Sincos(s.azimuth * math.Pi / 180)
	s.dx, s.dy = -sin*d, -cos*d // away from the sun
	var v []float64
	step := max(1, g.Width/120)
	for r := 0; r < g.Height; r += step {
		for q := 0; q < g.Width; q += step {
			v = append(v, s.noise(g.X0+float64(q)*g.Res, g.Y0-float64(r)*g.Res))
		}
	}
	sort.Float64s(v)
	k := int(float64(len(v)) * (1 - s.share))
	switch {
	case k >= len(v):
		s.threshold = math.Inf(1)
	default:
		s.threshold = v[k]
	}
	if s.share > .97 {
		s.threshold = math.Inf(-1)
	}
}

// noise is smooth value noise of three octaves, 0–1.
func (s *sky) noise(x, y float64) float64 {
	sum, weight, size := 0.0, .58, s.size
	for o := range uint64(3) {
		fx, fy := x/size, y/size
		ix, iy := math.Floor(fx), math.Floor(fy)
		tx, ty := smooth(fx-ix), smooth(fy-iy)
		at := func(dx, dy float64) float64 {
			return unit(mix(s.seed, o, uint64(int64(ix+dx)), uint64(int64(iy+dy))))
		}
		sum += weight * ((at(0, 0)*(1-tx)+at(1, 0)*tx)*(1-ty) + (at(0, 1)*(1-tx)+at(1, 1)*tx)*ty)
		weight *= .5
		size *= .45
	}
	return sum
}

func smooth(t float64) float64 { return t * t * (3 - 2*t) }

// opacity of cloud above a place, 0–1.
func (s *sky) opacity(x, y float64) float64 {
	if math.IsInf(s.threshold, 0) {
		return max(0, math.Copysign(1, -s.threshold)) // all or nothing
	}
	return smooth(ramp(s.noise(x, y), s.threshold-.03, s.threshold+.05))
}

// shadow on a place, 0–1: the cloud that stands between it and the sun.
func (s *sky) shadow(x, y float64) float64 { return s.opacity(x-s.dx, y-s.dy) }
