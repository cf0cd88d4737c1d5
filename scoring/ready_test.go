package scoring

import (
	"bytes"
	"sync"
	"testing"
)

// A county that is kept ready decides each grower as Judge does, byte for byte,
// in any order, again, and by many at once.
func TestCountyDecidesAsJudge(t *testing.T) {
	ev, cp := anyCounty(7, growers), defaults(t)
	findings, want := Judge(ev, cp)
	c := NewCounty(ev, cp)
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Go(func() {
			for i := range want {
				d := want[(i*7+worker)%len(want)]
				var own []Finding
				for _, f := range findings {
					if f.GrowerID == d.GrowerID {
						own = append(own, f)
					}
				}
				fs, got, ok := c.Judge(d.GrowerID)
				if !ok || !bytes.Equal(encode(t, got), encode(t, d)) || len(fs) != len(own) || len(own) > 0 && !bytes.Equal(encode(t, fs), encode(t, own)) {
					t.Errorf("%s: another decision than Judge's\n%s\n%s", d.GrowerID, encode(t, got), encode(t, d))
				}
			}
		})
	}
	wait.Wait()
	if len(want) < growers {
		t.Fatalf("%d decisions", len(want))
	}
	if _, _, ok := c.Judge("nobody"); ok {
		t.Error("nobody is decided")
	}
}

// BenchmarkCountyJudge is one grower as the service decides him.
func BenchmarkCountyJudge(b *testing.B) {
	ev := anyCounty(1, 1000)
	c := NewCounty(ev, defaults(b))
	i := 0
	for b.Loop() {
		c.Judge(ev.Records.Roster[i%1000].GrowerID)
		i++
	}
}
