package scoring

import (
	"math/rand"
	"slices"
	"testing"
)

// Few and many whole numbers come out as the standard library sorts and thins
// them.
func TestSortedOnce(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 2000 {
		ns := make([]int32, r.Intn(40))
		for i := range ns {
			ns[i] = int32(r.Intn(20))
		}
		want := slices.Clone(ns)
		slices.Sort(want)
		if got := sortedOnce(slices.Clone(ns)); !slices.Equal(got, slices.Compact(want)) {
			t.Fatalf("%v becomes %v", ns, got)
		}
	}
}
