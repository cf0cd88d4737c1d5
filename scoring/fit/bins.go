package fit

import (
	"errors"
	"fmt"
	"math"
)

// startBins is how many quantile bins a feature begins with.
const startBins = 20

// binned cuts a feature into bins whose share of bads only rises or only
// falls: quantiles first, then neighbours that break the order are joined (pool
// adjacent violators), then bins that are too small. Of the two directions the
// one with the higher information value is kept.
func binned(t Table, rows []int, k int, o Options) (Item, error) {
	values := sortedValues(t, rows, k)
	if len(values) == 0 {
		return Item{}, errors.New("it has no values")
	}
	var best Item
	for _, rising := range []bool{true, false} {
		it := Item{Feature: t.Features[k], Rising: rising, Unknown: len(rows) - len(values)}
		for b := range startBins {
			// Bins begin at whole numbers: scoring's features are whole.
			v := math.Floor(values[b*len(values)/startBins])
			if len(it.Bins) == 0 || v > it.Bins[len(it.Bins)-1].From {
				it.Bins = append(it.Bins, Bin{From: v})
			}
		}
		for _, r := range rows {
			if v := t.Values[r][k]; !math.IsNaN(v) {
				b := &it.Bins[it.bin(v)]
				if t.Bad[r] {
					b.Bad++
				} else {
					b.Good++
				}
			}
		}
		it.join(o.MinShare * float64(len(values)))
		it.weigh()
		if best.Bins == nil || it.IV > best.IV {
			best = it
		}
	}
	if len(best.Bins) < 2 {
		return Item{}, fmt.Errorf("it does not rise or fall with the share of bad loans")
	}
	return best, nil
}

// join merges neighbours until the order holds and every bin has its share and
// loans of both kinds.
func (it *Item) join(least float64) {
	for {
		at := -1
		for i := 0; i+1 < len(it.Bins) && at < 0; i++ {
			a, b := it.Bins[i], it.Bins[i+1]
			// bad rate a vs b without division
			x, y := a.Bad*(b.Good+b.Bad), b.Bad*(a.Good+a.Bad)
			if it.Rising && x < y || !it.Rising && x > y {
				at = i
			}
		}
		for i := 0; i < len(it.Bins) && at < 0 && len(it.Bins) > 1; i++ {
			if b := it.Bins[i]; float64(b.Good+b.Bad) < least || b.Good == 0 || b.Bad == 0 {
				at = min(i, len(it.Bins)-2)
			}
		}
		if at < 0 {
			return
		}
		it.Bins[at].Good += it.Bins[at+1].Good
		it.Bins[at].Bad += it.Bins[at+1].Bad
		it.Bins = append(it.Bins[:at+1], it.Bins[at+2:]...)
	}
}

// weigh computes weights of evidence (½ added to every count) and information
// value, and the mean weight that a missing value stands at.
func (it *Item) weigh() {
	var good, bad float64
	for _, b := range it.Bins {
		good, bad = good+float64(b.Good)+.5, bad+float64(b.Bad)+.5
	}
	it.IV, it.meanWOE = 0, 0
	all := 0.0
	for i := range it.Bins {
		b := &it.Bins[i]
		g, d := (float64(b.Good)+.5)/good, (float64(b.Bad)+.5)/bad
		b.WOE = math.Log(g / d)
		it.IV += (g - d) * b.WOE
		n := float64(b.Good + b.Bad)
		it.meanWOE += n * b.WOE
		all += n
	}
	it.meanWOE /= all
}
