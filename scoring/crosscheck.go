package scoring

import (
	"cmp"
	"slices"
	"strings"
)

// bench is where a county's evidence is cross-checked.
type bench struct {
	*index
	cp       *CreditPolicy
	code     string
	severity string
	out      []*Finding
	room     []Finding             // for findings to come
	onPlots  bool                  // the running check's findings stand on plots
	hit      map[[2]string]bool    // plot, code
	sown     map[*SeenPlot]*sowing // what growers declare on plots, once asked for
	last     []declared            // see eachDeclared, once asked for
	asking   []string              // applicants, once asked for
}

// CrossCheck holds the records against each other and against what imagery
// shows. It sees nothing received after as-of. A missing record raises no
// finding; land that cannot be assessed raises none either.
func CrossCheck(ev *CountyEvidence, cp *CreditPolicy) []Finding { return crossCheck(newIndex(ev), cp) }

func crossCheck(x *index, cp *CreditPolicy) []Finding {
	b := &bench{index: x, cp: cp, hit: map[[2]string]bool{}, sown: map[*SeenPlot]*sowing{}}
	for _, c := range Checks {
		b.code, b.severity, b.onPlots = c.Code, cp.Checks[c.Code].Severity, c.On == "plot"
		if b.severity == "off" || b.severity == "" || !b.allGiven(c.Needs) {
			continue
		}
		c.run(b, c)
	}
	return b.sorted()
}

// sorted are the findings by grower, land, code and sentence.
func (b *bench) sorted() []Finding {
	type place struct{ grower, at int32 }
	order := make([]place, len(b.out))
	for i := range b.out {
		order[i] = place{b.growers.of(b.out[i].GrowerID), int32(i)}
	}
	slices.SortFunc(order, func(p, q place) int {
		if p.grower != q.grower {
			return cmp.Compare(p.grower, q.grower)
		}
		a, c := b.out[p.at], b.out[q.at]
		if a.GrowerID != c.GrowerID { // of nobody whom the records name
			return strings.Compare(a.GrowerID, c.GrowerID)
		}
		if n := strings.Compare(a.ParcelID, c.ParcelID); n != 0 {
			return n
		}
		if n := strings.Compare(a.Code, c.Code); n != 0 {
			return n
		}
		if n := strings.Compare(a.Detail, c.Detail); n != 0 {
			return n
		}
		return cmp.Or(strings.Compare(strings.Join(a.Witnesses, ""), strings.Join(c.Witnesses, "")), cmp.Compare(p.at, q.at))
	})
	out := make([]Finding, len(order))
	for i, p := range order {
		out[i] = *b.out[p.at]
	}
	if len(out) == 0 {
		return nil
	}
	return out
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
	b.room = b.room[1:]
	*f = Finding{GrowerID: grower, ParcelID: land, Code: b.code, Severity: b.severity,
		Detail: en, DetailZH: zh, Numbers: numbersOf(numbers...), Witnesses: unique(witnesses)}
	b.out = append(b.out, f)
}

// found reports whether an earlier check found something on a plot.
func (b *bench) found(land, code string) bool { return b.hit[[2]string{land, code}] }

// over reports whether a exceeds b by more than share.
func over(a, b int64, share Prob) bool {
	return moreThan(a, 10_000, b, 10_000+int64(share))
}
