package scoring

import (
	"sort"
	"strings"
)

// bench is where a county's evidence is cross-checked.
type bench struct {
	*index
	cp       *CreditPolicy
	code     string
	severity string
	out      []Finding
	hit      map[[2]string]bool // parcel or plot, code
	asking   []string           // applicants, once asked for
}

// CrossCheck holds the records against each other and against what imagery
// shows. It sees nothing received after as-of. A missing record raises no
// finding; land that cannot be assessed raises none either.
func CrossCheck(ev *CountyEvidence, cp *CreditPolicy) []Finding { return crossCheck(newIndex(ev), cp) }

func crossCheck(x *index, cp *CreditPolicy) []Finding {
	b := &bench{index: x, cp: cp, hit: map[[2]string]bool{}}
	for _, c := range Checks {
		b.code, b.severity = c.Code, cp.Checks[c.Code].Severity
		if b.severity == "off" || b.severity == "" || !b.allGiven(c.Needs) {
			continue
		}
		c.run(b, c)
	}
	sort.SliceStable(b.out, func(i, j int) bool {
		a, c := b.out[i], b.out[j]
		for _, p := range [][2]string{{a.GrowerID, c.GrowerID}, {a.ParcelID, c.ParcelID}, {a.Code, c.Code}, {a.Detail, c.Detail}} {
			if p[0] != p[1] {
				return p[0] < p[1]
			}
		}
		return strings.Join(a.Witnesses, "") < strings.Join(c.Witnesses, "")
	})
	return b.out
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
	b.hit[[2]string{land, b.code}] = true
	b.out = append(b.out, Finding{GrowerID: grower, ParcelID: land, Code: b.code, Severity: b.severity,
		Detail: en, DetailZH: zh, Numbers: numbersOf(numbers...), Witnesses: unique(witnesses)})
}

// found reports whether an earlier check found something on a plot.
func (b *bench) found(land, code string) bool { return b.hit[[2]string{land, code}] }

// over reports whether a exceeds b by more than share.
func over(a, b int64, share Prob) bool {
	return moreThan(a, 10_000, b, 10_000+int64(share))
}
