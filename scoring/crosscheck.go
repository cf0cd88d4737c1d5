package scoring

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// bench is where a county's evidence is cross-checked.
type bench struct {
	*index
	cp       *CreditPolicy
	code     string
	severity string
	out      []*Finding
	room     []Finding // for findings to come
	store    store
	onPlots  bool               // the running check's findings stand on plots
	hit      map[[2]string]bool // plot, code
	sown     []sowing           // what growers declare on plots, by row, once asked for
	cover    []cover            // room for covers
	insured  []*Policy          // and their policies
	named    []string           // and the land that they name
	ds       []*Declaration     // room for declaredOn
	periods  []cropPeriod       // and for its calendars
	last     []declared         // see eachDeclared, once asked for
	asking   []string           // applicants, once asked for
}

// CrossCheck holds the records against each other and against what imagery
// shows. It sees nothing received after as-of. A missing record raises no
// finding; land that cannot be assessed raises none either.
func CrossCheck(ev *CountyEvidence, cp *CreditPolicy) []Finding { return crossCheck(newIndex(ev), cp) }

// crossCheck runs the checks of records and those of imagery, which do not look
// at each other's findings, side by side.
func crossCheck(x *index, cp *CreditPolicy) []Finding {
	const few = 50 // plots: to start a second worker takes longer
	if len(x.plots.rows) < few {
		return x.sorted(append(x.findings(cp, "records"), x.findings(cp, "imagery")...))
	}
	var records, imagery []*Finding
	var wait sync.WaitGroup
	wait.Go(func() { imagery = x.findings(cp, "imagery") })
	records = x.findings(cp, "records")
	wait.Wait()
	return x.sorted(append(records, imagery...))
}

// findings are those of the checks that see records, or imagery.
func (x *index) findings(cp *CreditPolicy, sees string) []*Finding {
	b := &bench{index: x, cp: cp, hit: map[[2]string]bool{}}
	for _, c := range Checks {
		b.code, b.severity, b.onPlots = c.Code, cp.Checks[c.Code].Severity, c.On == "plot"
		if c.Sees != sees || b.severity == "off" || b.severity == "" || !b.allGiven(c.Needs) {
			continue
		}
		c.run(b, c)
	}
	return b.out
}

// sorted puts findings in the order of grower, land, code and sentence.
func (x *index) sorted(fs []*Finding) []Finding {
	if len(fs) == 0 {
		return nil
	}
	whose := make([]int32, len(fs))
	next := make([]int32, len(x.growers.list)+2) // where the next finding of a grower goes
	for i := range fs {
		whose[i] = x.growers.of(fs[i].GrowerID) + 1 // 0 = of nobody whom the records name
		next[whose[i]+1]++
	}
	for i := range next[1:] {
		next[i+1] += next[i]
	}
	order := make([]int32, len(fs))
	for i, g := range whose {
		order[next[g]] = int32(i)
		next[g]++
	}
	out := make([]Finding, len(fs))
	from := int32(0)
	for _, to := range next[:len(next)-1] { // next has moved on to each grower's end
		if own := order[from:to]; len(own) > 1 {
			slices.SortFunc(own, func(i, k int32) int { return cmp.Or(byPlace(fs[i], fs[k]), cmp.Compare(i, k)) })
		}
		for ; from < to; from++ {
			out[from] = *fs[order[from]]
		}
	}
	return out
}

// byPlace orders findings by grower, land, code, sentence and witnesses.
func byPlace(a, b *Finding) int {
	if n := strings.Compare(a.GrowerID, b.GrowerID); n != 0 {
		return n
	}
	if n := strings.Compare(a.ParcelID, b.ParcelID); n != 0 {
		return n
	}
	if n := strings.Compare(a.Code, b.Code); n != 0 {
		return n
	}
	if n := strings.Compare(a.Detail, b.Detail); n != 0 {
		return n
	}
	return strings.Compare(strings.Join(a.Witnesses, ""), strings.Join(b.Witnesses, ""))
}

func (b *bench) allGiven(feeds []string) bool {
	for _, f := range feeds {
		if !b.given(f) {
			return false
		}
	}
	return true
}

// find adds a finding of the running check. Numbers come as name, value pairs.
func (b *bench) find(grower, land, en, zh string, witnesses []string, numbers ...string) {
	if b.onPlots {
		b.hit[[2]string{land, b.code}] = true
	}
	if len(b.room) == 0 {
		b.room = make([]Finding, min(max(4, len(b.out)), 256))
	}
	f := &b.room[0]
	b.room, b.out = b.room[1:], append(b.out, f)
	*f = Finding{GrowerID: grower, ParcelID: land, Code: b.code, Severity: b.severity,
		Detail: en, DetailZH: zh, Numbers: b.store.numbersOf(numbers...), Witnesses: b.store.unique(witnesses)}
}

// say is sprintf, and text writes one value, for what a finding keeps.
func (b *bench) say(format string, args ...any) string { return b.store.printf(format, args...) }
func (b *bench) text(v any) string {
	return b.store.close(appendArg(b.store.open(64), 's', v))
}

// found reports whether an earlier check found something on a plot.
func (b *bench) found(land, code string) bool { return b.hit[[2]string{land, code}] }

// over reports whether a exceeds b by more than share.
func over(a, b int64, share Prob) bool {
	return moreThan(a, 10_000, b, 10_000+int64(share))
}
