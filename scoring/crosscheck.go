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

// crossCheck runs the checks of records each on its own and those of imagery, which
// look at each other's findings, as one, on all processors.
func crossCheck(x *index, cp *CreditPolicy) []Finding {
	var groups [][]Check
	var imagery []Check
	for _, c := range Checks {
		switch s := cp.Checks[c.Code].Severity; {
		case s == "off" || s == "" || !x.allGiven(c.Needs):
		case c.Sees == "imagery":
			imagery = append(imagery, c)
		default:
			groups = append(groups, []Check{c})
		}
	}
	groups = append(groups, imagery)
	found := make([][]*Finding, len(groups))
	benches := sync.Pool{New: func() any { return &bench{index: x, cp: cp, hit: map[[2]string]bool{}} }}
	size := 1
	if len(x.plots.rows) < 50 { // to start a second worker takes longer
		size = len(groups)
	}
	inBlocks(len(groups), size, func(from, to int) {
		b := benches.Get().(*bench)
		for k := from; k < to; k++ {
			first := len(b.out)
			for _, c := range groups[k] {
				b.code, b.severity, b.onPlots = c.Code, cp.Checks[c.Code].Severity, c.On == "plot"
				c.run(b, c)
			}
			found[k] = b.out[first:len(b.out):len(b.out)]
		}
		benches.Put(b)
	})
	return x.sorted(slices.Concat(found...))
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
	inParts(len(next)-1, func(one, end int) { // next has moved on to each grower's end
		from := int32(0)
		if one > 0 {
			from = next[one-1]
		}
		for _, to := range next[one:end] {
			if own := order[from:to]; len(own) > 1 {
				slices.SortFunc(own, func(i, k int32) int { return cmp.Or(byPlace(fs[i], fs[k]), cmp.Compare(i, k)) })
			}
			for ; from < to; from++ {
				out[from] = *fs[order[from]]
			}
		}
	})
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

func (x *index) allGiven(feeds []string) bool {
	for _, f := range feeds {
		if !x.given(f) {
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
