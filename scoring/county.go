package scoring

import (
	"slices"
	"sync"
)

// County is a county's evidence, sorted and cross-checked under one credit
// policy, from which one grower after another is decided at once: what the
// service keeps in memory. Many goroutines may ask it.
type County struct {
	index    *index
	cp       *CreditPolicy
	findings []Finding
	own      [][2]int       // by applicant: where his findings stand
	at       map[string]int // applicants by name
	who      []int32
	desks    sync.Pool
}

// NewCounty cross-checks the evidence, which must not change afterwards.
func NewCounty(ev *CountyEvidence, cp *CreditPolicy) *County {
	return countyOf(newIndex(ev), cp)
}

func countyOf(x *index, cp *CreditPolicy) *County {
	c := &County{index: x, cp: cp, findings: slices.Clone(crossCheck(x, cp)), who: x.applicants(), at: map[string]int{}}
	slices.SortStableFunc(c.findings, byWho)
	c.own = x.parted(c.findings, c.who)
	for i, name := range x.who() {
		c.at[name] = i
	}
	return c
}

// Judge decides one grower and gives the same bytes as Judge of the whole
// county; false where he is no applicant in it. The findings are his own.
func (c *County) Judge(grower string) ([]Finding, Decision, bool) {
	i, there := c.at[grower]
	if !there {
		return nil, Decision{}, false
	}
	d, _ := c.desks.Get().(*desk)
	if d == nil {
		d = c.index.desk(c.cp)
	}
	defer c.desks.Put(d)
	var out Decision
	own := c.findings[c.own[i][0]:c.own[i][1]:c.own[i][1]]
	d.decide(c.who[i], own, &out)
	return slices.Clone(own), out, true
}
