package scoring

import (
	"fmt"
	"math"
)

// Numbers inside scoring are scaled integers: what rasters and models gave was
// rounded once on the way in, so a replay gives the same bytes on any machine.
type (
	Fen   int64 // 1/100 yuan
	Area  int64 // 1/100 m²
	Yield int64 // 1/10 kg per mu, at trade moisture
	Prob  int64 // 1/10 000
)

// areaPerMu is 1 mu in thirds of 1/100 m²: 1 mu = 2000/3 m² = 200 000/3 Area.
const areaPerMuThirds = 200_000

// harden rounds x × scale once, half away from zero. It is the only way from a
// float into scoring.
func harden(x, scale float64) int64 { return int64(math.Round(x * scale)) }

// AreaOfM2 hardens square metres.
func AreaOfM2(m2 float64) Area { return Area(harden(m2, 100)) }

// AreaOfMu hardens mu.
func AreaOfMu(mu float64) Area { return Area(harden(mu*areaPerMuThirds, 1.0/3)) }

// YieldOfKg hardens kg per mu.
func YieldOfKg(kgPerMu float64) Yield { return Yield(harden(kgPerMu, 10)) }

// FenOfYuan hardens yuan.
func FenOfYuan(yuan float64) Fen { return Fen(harden(yuan, 100)) }

// ProbOf hardens a share 0–1.
func ProbOf(share float64) Prob { return Prob(harden(share, 10_000)) }

// Mu is the area in mu with two decimals, rounded half up: "12.35 mu".
func Mu(a Area) string {
	var room [32]byte
	return string(append(appendMu(room[:0], a), " mu"...))
}

// MuZH is the same in Chinese: "12.35 亩".
func MuZH(a Area) string {
	var room [32]byte
	return string(append(appendMu(room[:0], a), " 亩"...))
}

func appendMu(b []byte, a Area) []byte {
	return appendDecimal(b, roundDiv(int64(a)*300, areaPerMuThirds), 2)
}

// Yuan is the amount with thousands and fen: "¥1,234.50".
func Yuan(f Fen) string {
	var room [40]byte
	return string(appendYuan(room[:0], f))
}

func appendYuan(b []byte, f Fen) []byte {
	u := uint64(f)
	if f < 0 {
		b, u = append(b, '-'), -u
	}
	var room [40]byte
	i := len(room) - 3
	room[i], room[i+1], room[i+2] = '.', byte('0'+u/10%10), byte('0'+u%10)
	u /= 100
	for k := 0; u > 0 || k == 0; k++ {
		if k > 0 && k%3 == 0 {
			i--
			room[i] = ','
		}
		i--
		room[i] = byte('0' + u%10)
		u /= 10
	}
	return append(append(b, "¥"...), room[i:]...)
}

// Kg is a yield: "412.3 kg/mu".
func Kg(y Yield) string { return decimal(int64(y), 1) + " kg/mu" }

// Percent is a share: "98.12 %".
func Percent(p Prob) string {
	var room [32]byte
	return string(append(appendDecimal(room[:0], int64(p), 2), " %"...))
}

// roundDiv is n/d rounded half away from zero; d > 0.
func roundDiv(n, d int64) int64 {
	if n < 0 {
		return -roundDiv(-n, d)
	}
	return (n + d/2) / d
}

// decimal writes n × 10^−places.
func decimal(n int64, places int) string {
	var room [32]byte
	return string(appendDecimal(room[:0], n, places))
}

func appendDecimal(b []byte, n int64, places int) []byte {
	u := uint64(n)
	if n < 0 {
		b, u = append(b, '-'), -u
	}
	var room [24]byte
	i := len(room)
	for k := 0; u > 0 || k <= places; k++ { // a digit stands before the point
		if k == places && k > 0 {
			i--
			room[i] = '.'
		}
		i--
		room[i] = byte('0' + u%10)
		u /= 10
	}
	return append(b, room[i:]...)
}

// A credit policy file speaks the county officer's units: yuan, percent, kg per
// mu. These methods harden them.

func (f *Fen) UnmarshalTOML(v any) error   { return fromTOML((*int64)(f), v, 100, "yuan") }
func (y *Yield) UnmarshalTOML(v any) error { return fromTOML((*int64)(y), v, 10, "kg per mu") }
func (p *Prob) UnmarshalTOML(v any) error  { return fromTOML((*int64)(p), v, 100, "percent") }

func fromTOML(dst *int64, v any, scale float64, unit string) error {
	const most = 1e12 // beyond any loan, and products stay exact
	var x float64
	switch n := v.(type) {
	case int64:
		x = float64(n)
	case float64:
		x = n
	default:
		return fmt.Errorf("%v is not a number of %s", v, unit)
	}
	if !(x >= -most && x <= most) { // NaN too
		return fmt.Errorf("%v is not a sensible number of %s", v, unit)
	}
	*dst = harden(x, scale)
	return nil
}
