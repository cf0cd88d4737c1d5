package scoring

import "sort"

// Move is one grower whose decision another credit policy would change.
type Move struct {
	GrowerID  string   `json:"grower_id"`
	From      string   `json:"from"` // outcomes
	To        string   `json:"to"`
	LimitFrom Fen      `json:"limit_from_fen"`
	LimitTo   Fen      `json:"limit_to_fen"`
	Binding   string   `json:"binding"` // under the other policy
	Reasons   []string `json:"reasons"` // codes under the other policy
}

// Moves say what a change of credit policy would do to the decisions of a run.
// Money is what is admitted; a referred limit is nobody's yet.
type Moves struct {
	Decisions  int                       `json:"decisions"`
	Changed    int                       `json:"changed"` // outcome or limit
	Outcomes   map[string]map[string]int `json:"outcomes"`
	MoneyFrom  Fen                       `json:"admitted_from_fen"`
	MoneyTo    Fen                       `json:"admitted_to_fen"`
	MoneyMoved Fen                       `json:"moved_fen"` // sum of the absolute changes, grower by grower
	List       []Move                    `json:"moves"`     // the largest change of money first
}

// CompareDecisions holds two sets of decisions on the same growers against each
// other. A grower who stands in only one of them has outcome "" in the other.
func CompareDecisions(from, to []Decision) Moves {
	m := Moves{Outcomes: map[string]map[string]int{}, List: []Move{}}
	type pair struct{ a, b *Decision }
	by := map[string]pair{}
	for i := range from {
		by[from[i].GrowerID] = pair{a: &from[i]}
	}
	for i := range to {
		p := by[to[i].GrowerID]
		p.b = &to[i]
		by[to[i].GrowerID] = p
	}
	none := &Decision{}
	for _, g := range sortedKeys(by) {
		a, b := by[g].a, by[g].b
		if a == nil {
			a = none
		}
		if b == nil {
			b = none
		}
		m.Decisions++
		if m.Outcomes[a.Outcome] == nil {
			m.Outcomes[a.Outcome] = map[string]int{}
		}
		m.Outcomes[a.Outcome][b.Outcome]++
		x, y := admitted(a), admitted(b)
		m.MoneyFrom += x
		m.MoneyTo += y
		m.MoneyMoved += magnitude(y - x)
		if a.Outcome == b.Outcome && a.Limit == b.Limit {
			continue
		}
		m.Changed++
		mv := Move{GrowerID: g, From: a.Outcome, To: b.Outcome, LimitFrom: a.Limit, LimitTo: b.Limit, Binding: b.Binding, Reasons: []string{}}
		for _, r := range b.Reasons {
			mv.Reasons = append(mv.Reasons, r.Code)
		}
		m.List = append(m.List, mv)
	}
	sort.SliceStable(m.List, func(i, j int) bool { return m.List[i].money() > m.List[j].money() })
	return m
}

func admitted(d *Decision) Fen {
	if d.Outcome == Admit {
		return d.Limit
	}
	return 0
}

// money is by how much the admitted amount changes.
func (m Move) money() Fen {
	var a, b Fen
	if m.From == Admit {
		a = m.LimitFrom
	}
	if m.To == Admit {
		b = m.LimitTo
	}
	return magnitude(b - a)
}

func magnitude(f Fen) Fen {
	if f < 0 {
		return -f
	}
	return f
}
