package scoring

import (
	"syscall"
	"testing"
)

// cpu is the processor time of this process so far, in seconds: on a busy
// machine the clock on the wall says nothing.
func cpu(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Skip(err)
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// BenchmarkDecide decides every grower of a county whose evidence has been
// sorted and cross-checked: full decisions with trace, ID and evidence hash.
func BenchmarkDecide(b *testing.B) {
	cp := defaults(b)
	x := newIndex(anyCounty(1, 1000))
	findings := crossCheck(x, cp)
	n := 0
	from := cpu(b)
	for b.Loop() {
		n += len(x.decideAll(cp, findings))
	}
	spent := cpu(b) - from
	b.ReportMetric(spent/float64(n)*1e6, "cpu-µs/decision")
	b.ReportMetric(2*float64(n)/spent, "decisions/s-on-2-cores")
}

// BenchmarkJudgeOne is one grower as the service asks: his own evidence sorted,
// cross-checked and decided.
func BenchmarkJudgeOne(b *testing.B) {
	cp := defaults(b)
	whole := anyCounty(1, 1000)
	var own []*CountyEvidence
	for _, e := range whole.Records.Roster[:50] {
		own = append(own, EvidenceOf(whole, e.GrowerID))
	}
	n := 0
	from := cpu(b)
	for b.Loop() {
		for _, ev := range own {
			Judge(ev, cp)
			n++
		}
	}
	b.ReportMetric((cpu(b)-from)/float64(n)*1e3, "cpu-ms/decision")
}
