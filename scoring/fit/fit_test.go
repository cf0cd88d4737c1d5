package fit

import (
	"math"
	"math/rand"
	"testing"
)

// past makes loans whose log-odds of bad fall with land and rise with debt;
// noise says nothing.
func past(seed int64, n int) Table {
	r := rand.New(rand.NewSource(seed))
	t := Table{Features: []string{"land_mu", "debt_percent", "noise"}}
	for range n {
		land, debt := float64(r.Intn(100)), float64(r.Intn(150))
		z := -1.5 - 0.03*land + 0.02*debt
		row := []float64{land, debt, float64(r.Intn(1000))}
		if r.Intn(5) == 0 {
			row[1] = math.NaN()
		}
		t.Values = append(t.Values, row)
		t.Bad = append(t.Bad, r.Float64() < 1/(1+math.Exp(-z)))
		t.Group = append(t.Group, []string{"household", "coop"}[r.Intn(2)])
		t.Later = append(t.Later, r.Intn(4) == 0)
	}
	return t
}

func TestFitFindsWhatTellsLoansApart(t *testing.T) {
	table := past(1, 6000)
	c, err := Fit(table, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Items) != 2 || c.LeftOut["noise"] == "" {
		t.Fatalf("items %+v, left out %v", c.Items, c.LeftOut)
	}
	for _, it := range c.Items {
		if it.Rising != (it.Feature == "land_mu") {
			t.Errorf("%s rising = %t", it.Feature, it.Rising)
		}
		for i := 1; i < len(it.Bins); i++ {
			if d := it.Bins[i].Points - it.Bins[i-1].Points; it.Rising && d < 0 || !it.Rising && d > 0 {
				t.Errorf("%s: points are not monotonic: %+v", it.Feature, it.Bins)
			}
		}
		if float64(it.Missing) < it.Mean || float64(it.Missing) >= it.Mean+1 {
			t.Errorf("%s: missing scores %d, the mean is %.2f", it.Feature, it.Missing, it.Mean)
		}
	}
	held := c.Measure(table, true)
	if held.AUC < 0.70 || held.AUC > 0.90 || held.KS < 0.25 {
		t.Errorf("held out: %+v", held)
	}
	for _, b := range held.Calibrated { // three standard errors of a share
		if se := math.Sqrt(b.Expected * (1 - b.Expected) / float64(b.Rows)); math.Abs(b.Seen-b.Expected) > 3*se+0.01 {
			t.Errorf("calibration: %+v", b)
		}
	}
	if s := c.Stability(table); s > 0.05 {
		t.Errorf("the same population: stability index %.3f", s)
	}
	if g := c.Fairness(table); len(g) != 2 || g[0].Rows+g[1].Rows != 6000 || math.Abs(g[0].AdmittedToHighest-g[1].AdmittedToHighest) > 0.2 {
		t.Errorf("%+v", g)
	}
}

// By hand: two bins, 80 good 20 bad below 10, 80 good 5 bad from 10. With ½
// added: goods 161, bads 26. WOE = ln((80.5/161)/(20.5/26)) = −0.4555,
// ln((80.5/161)/(5.5/26)) = 0.8602; IV = (½ − 0.7885)(−0.4555) + (½ − 0.2115)(0.8602) = 0.3796.
func TestWeightsOfEvidenceByHand(t *testing.T) {
	it := Item{Bins: []Bin{{From: 0, Good: 80, Bad: 20}, {From: 10, Good: 80, Bad: 5}}}
	it.weigh()
	for what, v := range map[string][2]float64{"WOE low": {it.Bins[0].WOE, -0.4555}, "WOE high": {it.Bins[1].WOE, 0.8602}, "IV": {it.IV, 0.3796}} {
		if math.Abs(v[0]-v[1]) > 1e-4 {
			t.Errorf("%s %.4f, by hand %.4f", what, v[0], v[1])
		}
	}
}

func TestPointsScaling(t *testing.T) {
	// 60 points at odds 20, 80 at odds 40: PD = 1/21 and 1/41.
	o := Options{}.withDefaults()
	c := Card{Factor: o.PDO / math.Ln2}
	c.Offset = o.Offset - c.Factor*math.Log(o.BaseOdds)
	if a, b := c.PD(60), c.PD(80); math.Abs(a-1.0/21) > 1e-12 || math.Abs(b-1.0/41) > 1e-12 {
		t.Errorf("%v %v", a, b)
	}
	if n := c.cutoff(1.0 / 21); n != 60 {
		t.Errorf("cut-off %d", n)
	}
}

func TestStabilityByHand(t *testing.T) {
	// Ten values, each its own tenth; the other five of ten move to the top tenth:
	// the lowest five tenths hold ½/10 instead of 1/10, the top holds 6/10.
	a := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	b := []int{10, 10, 10, 10, 10, 6, 7, 8, 9, 10}
	want := 5*(0.05-0.1)*math.Log(0.5) + (0.6-0.1)*math.Log(6)
	if got := stability(a, b); math.Abs(got-want) > 1e-12 {
		t.Errorf("%v, by hand %v", got, want)
	}
	if stability(a, a) != 0 {
		t.Error("the same values differ")
	}
}

func TestFitRefuses(t *testing.T) {
	if _, err := Fit(past(1, 40), Options{}); err == nil {
		t.Error("40 loans are too few")
	}
	noise := past(2, 4000)
	noise.Features = []string{"noise"}
	for i := range noise.Values {
		noise.Values[i] = noise.Values[i][2:]
	}
	if _, err := Fit(noise, Options{}); err == nil {
		t.Error("noise alone makes no card")
	}
}
