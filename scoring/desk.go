package scoring

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// desk is where grower after grower is decided: it reads each credit policy once
// and uses its room again and again. One goroutine works at a desk.
type desk struct {
	*index
	base  *rulebook
	books map[*CreditPolicy]*rulebook
	store store
	pages store // of traces

	trail    trail
	text     []byte
	decline  []Reason
	refer    []Reason
	lost     []Reason // items of the scorecard that cost points, the dearest first
	findings []*Finding
	fields   []field
	counted  []field
	land     []parcelArea
	sown     []sown
	cover    []cover
	insured  []*Policy // of cover
	items    []itemScore
	models   map[string]string

	industries  []industryArea
	reasons     []Reason // pieces for what decisions keep, see cut
	constraints []Constraint
}

func (x *index) desk(cp *CreditPolicy) *desk {
	d := &desk{index: x, base: x.rulebook(cp)}
	d.books = map[*CreditPolicy]*rulebook{cp: d.base}
	if d.models = maps.Clone(x.ev.Models); d.models == nil {
		d.models = map[string]string{}
	}
	return d
}

// book is the credit policy as it reads for an applicant.
func (d *desk) book(a Applicant) *rulebook {
	cp := d.base.For(a)
	if cp == d.base.CreditPolicy {
		return d.base
	}
	if d.books[cp] == nil {
		d.books[cp] = d.rulebook(cp)
	}
	return d.books[cp]
}

// applicants are those who are decided: the roster, and without one every
// grower who has plots, sorted.
func (x *index) applicants() []int32 {
	noRoster := !x.given("roster")
	var who []int32
	for g := range x.growers.list {
		n := int32(g)
		if g > 0 || x.growers.list[g] != "" {
			if len(x.roster.growers.at(n)) > 0 || noRoster && len(x.plots.growers.at(n)) > 0 {
				who = append(who, n)
			}
		}
	}
	return who
}

// who are their names.
func (x *index) who() []string {
	var out []string
	for _, n := range x.applicants() {
		out = append(out, x.growers.list[n])
	}
	return out
}

func (x *index) decideAll(cp *CreditPolicy, findings []Finding) []Decision {
	who := x.applicants()
	byGrower := findings
	if !slices.IsSortedFunc(byGrower, byWho) {
		byGrower = slices.Clone(findings)
		slices.SortStableFunc(byGrower, byWho)
	}
	own := x.parted(byGrower, who)
	out := make([]Decision, len(who))
	desks := sync.Pool{New: func() any { return x.desk(cp) }}
	inBlocks(len(who), 16, func(from, to int) {
		d := desks.Get().(*desk)
		for i := from; i < to; i++ {
			d.decide(who[i], byGrower[own[i][0]:own[i][1]], &out[i])
		}
		desks.Put(d)
	})
	return out
}

func byWho(a, b Finding) int { return strings.Compare(a.GrowerID, b.GrowerID) }

// parted says where the findings of each grower begin and end; both are sorted.
func (x *index) parted(fs []Finding, who []int32) [][2]int {
	out := make([][2]int, len(who))
	at := 0
	for i, n := range who {
		name := x.growers.list[n]
		for at < len(fs) && fs[at].GrowerID < name {
			at++
		}
		from := at
		for at < len(fs) && fs[at].GrowerID == name {
			at++
		}
		out[i] = [2]int{from, at}
	}
	return out
}
