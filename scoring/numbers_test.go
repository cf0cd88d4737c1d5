package scoring

import (
	"math/big"
	"math/rand"
	"testing"
)

func TestNumbersAsPeopleReadThem(t *testing.T) {
	// Worked out by hand: 1 mu = 2000/3 m² = 666.666… m².
	for _, c := range []struct{ got, want string }{
		{Mu(AreaOfM2(2000.0 / 3)), "1.00 mu"},
		{Mu(AreaOfM2(10_000)), "15.00 mu"},
		{Mu(AreaOfM2(3.33)), "0.00 mu"},
		{Mu(AreaOfM2(3.34)), "0.01 mu"},
		{MuZH(AreaOfMu(12.5)), "12.50 亩"},
		{Yuan(123_456_789), "¥1,234,567.89"},
		{Yuan(99_900), "¥999.00"},
		{Yuan(-100_005), "-¥1,000.05"},
		{Yuan(7), "¥0.07"},
		{Kg(YieldOfKg(412.34)), "412.3 kg/mu"},
		{Kg(YieldOfKg(412.35)), "412.4 kg/mu"},
		{Percent(ProbOf(0.98765)), "98.77 %"},
		{Yuan(FenOfYuan(0.005)), "¥0.01"},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
}

// The limit's arithmetic against exact rational numbers from math/big, on
// amounts whose products do not fit 64 bits.
func TestSumIsExactAndRoundsDownOnce(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	for range 500 {
		var s sum
		exact := new(big.Rat)
		for range 1 + r.Intn(50) {
			area, cost := r.Int63n(1_000_000_000_000), r.Int63n(10_000_00)
			stage, share := r.Int63n(10_001), r.Int63n(10_001)
			s.add(area, 3, cost, stage, share)
			mu := new(big.Rat).Mul(big.NewRat(area, 100), big.NewRat(3, 2000))
			part := mu.Mul(mu, big.NewRat(cost, 1))
			part.Mul(part, big.NewRat(stage, 10_000)).Mul(part, big.NewRat(share, 10_000))
			exact.Add(exact, part)
		}
		want := new(big.Int).Div(exact.Num(), exact.Denom())
		if got := s.down(areaPerMuThirds, 10_000, 10_000); big.NewInt(int64(got)).Cmp(want) != 0 {
			t.Fatalf("%d, exactly %s", got, want)
		}
	}
}

func TestSumThatFitsNowhereIsTheLargest(t *testing.T) {
	var s sum
	s.add(1<<62, 1<<62)
	if got := s.down(1); got != 1<<63-1 {
		t.Errorf("%d", got)
	}
}

// moreThan against math/big.
func TestMoreThanIsExact(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	pick := func() int64 {
		return []int64{0, 1, -1, 1 << 62, -1 << 63, 1<<63 - 1, r.Int63n(1000) - 500, int64(r.Uint64())}[r.Intn(8)]
	}
	product := func(a, b int64) *big.Int { return new(big.Int).Mul(big.NewInt(a), big.NewInt(b)) }
	for range 20_000 {
		a, b, c, d := pick(), pick(), pick(), pick()
		if got, want := moreThan(a, b, c, d), product(a, b).Cmp(product(c, d)) > 0; got != want {
			t.Fatalf("%d × %d > %d × %d: %t", a, b, c, d, got)
		}
	}
}
