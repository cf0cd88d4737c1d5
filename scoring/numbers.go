package scoring

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
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
func Mu(a Area) string { return decimal(roundDiv(int64(a)*300, areaPerMuThirds), 2) + " mu" }

// MuZH is the same in Chinese: "12.35 亩".
func MuZH(a Area) string { return strings.TrimSuffix(Mu(a), "mu") + "亩" }

// Yuan is the amount with thousands and fen: "¥1,234.50".
func Yuan(f Fen) string {
	s := decimal(int64(f), 2)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 6; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + "¥" + s
}

// Kg is a yield: "412.3 kg/mu".
func Kg(y Yield) string { return decimal(int64(y), 1) + " kg/mu" }

// Percent is a share: "98.12 %".
func Percent(p Prob) string { return decimal(int64(p), 2) + " %" }

func days(n int) string { return strconv.Itoa(n) + " days" }

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
	b := strconv.AppendInt(room[:0], n, 10)
	digits := b
	if n < 0 {
		digits = b[1:]
	}
	if pad := places + 1 - len(digits); pad > 0 { // a digit stands before the point
		zeros := [32]byte{}
		for i := range pad {
			zeros[i] = '0'
		}
		b = slices.Insert(b, len(b)-len(digits), zeros[:pad]...)
	}
	return string(slices.Insert(b, len(b)-places, '.'))
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
