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

// BenchmarkDecide cross-checks and decides every grower of a county whose
// evidence has been sorted: findings with their sentences, rules, sizing,
// reasons, trace, evidence hash and ID, as a season gets them.
func BenchmarkDecide(b *testing.B) {
	cp := defaults(b)
	x := newIndex(anyCounty(1, 1000))
	n := 0
	from := cpu(b)
	for b.Loop() {
		n += len(x.decideAll(cp, crossCheck(x, cp)))
	}
	report(b, n, cpu(b)-from)
}

// BenchmarkDecideGiven decides them with the findings given: rules, sizing,
// reasons, trace, evidence hash and ID.
func BenchmarkDecideGiven(b *testing.B) {
	cp := defaults(b)
	x := newIndex(anyCounty(1, 1000))
	found := crossCheck(x, cp)
	n := 0
	from := cpu(b)
	for b.Loop() {
		n += len(x.decideAll(cp, found))
	}
	report(b, n, cpu(b)-from)
}

// BenchmarkJudge is the same from the records as they were loaded: sorted,
// hashed, cross-checked and decided.
func BenchmarkJudge(b *testing.B) {
	cp := defaults(b)
	ev := anyCounty(1, 1000)
	n := 0
	from := cpu(b)
	for b.Loop() {
		_, ds := Judge(ev, cp)
		n += len(ds)
	}
	report(b, n, cpu(b)-from)
}

func report(b *testing.B, decisions int, spent float64) {
	b.ReportMetric(spent/float64(decisions)*1e6, "cpu-µs/decision")
	b.ReportMetric(2*float64(decisions)/spent, "decisions/s-of-2-cores-cpu")
	b.ReportMetric(float64(decisions)/b.Elapsed().Seconds(), "decisions/s-by-the-clock")
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
