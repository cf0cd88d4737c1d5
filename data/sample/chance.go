package sample

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
)

// chance is a stream of random numbers that depends on the seed and a name
// only: what one part of the county draws changes nothing elsewhere.
type chance struct{ *rand.Rand }

func newChance(seed int64, name string) chance {
	h := fnv.New64a()
	h.Write([]byte(name))
	return chance{rand.New(rand.NewPCG(uint64(seed), h.Sum64()))}
}

func (c chance) between(lo, hi float64) float64 { return lo + (hi-lo)*c.Float64() }

// whole is an integer in [lo, hi].
func (c chance) whole(lo, hi int) int { return lo + c.IntN(hi-lo+1) }

// normal is a standard normal draw held within ±limit.
func (c chance) normal(limit float64) float64 {
	return max(-limit, min(limit, c.NormFloat64()))
}

// lognormal has the given median.
func (c chance) lognormal(median, sigma float64) float64 {
	return median * math.Exp(sigma*c.normal(2.5))
}

func oneOf[T any](c chance, list []T) T { return list[c.IntN(len(list))] }

// mix is a fixed hash of numbers to 64 bits (splitmix64): noise that can be
// asked for any pixel in any order.
func mix(parts ...uint64) uint64 {
	var h uint64 = 0x9e3779b97f4a7c15
	for _, p := range parts {
		h ^= p
		h += 0x9e3779b97f4a7c15
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}

// bell turns a hash into a number of mean 0 and variance 1, within ±3.5 (sum
// of four uniform numbers).
func bell(h uint64) float64 {
	s := float64(h&0xffff) + float64(h>>16&0xffff) + float64(h>>32&0xffff) + float64(h>>48)
	return (s/65536 - 2) * 1.7320508
}

func unit(h uint64) float64 { return float64(h>>11) / (1 << 53) }
