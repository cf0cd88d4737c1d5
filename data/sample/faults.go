package sample

import (
	"math"
	"slices"
)

// fault is one planted fault as a check should find it.
type fault struct {
	who    *person
	parcel *parcel
	field  *field // where the finding stands on the plot
	code   string
	seen   string // records | imagery
}

// planter plants faults, each on land of its own where there is enough.
type planter struct {
	chance
	l      *land
	t      *tenure
	b      *book
	each   int
	used   map[*field]map[string]bool // field → kinds of fault
	soiled map[*parcel]bool
	out    []fault
}

// perPlots is the share of plots that get a fault of each code.
const perPlots = .01

// leastInside is how many whole pixels a plot needs for an imagery fault; 30
// are promised, the rest is margin for the strictness of the true coverage.
const leastInside = 40

func newPlanter(seed int64, l *land, t *tenure) *planter {
	plots := 0
	for _, f := range t.fields {
		if !f.sliver {
			plots++
		}
	}
	return &planter{chance: newChance(seed, "faults"), l: l, t: t, each: max(1, int(math.Round(float64(plots)*perPlots))),
		used: map[*field]map[string]bool{}, soiled: map[*parcel]bool{}}
}

func (p *planter) add(who *person, land *parcel, code string) {
	f := fault{who, land, nil, code, "records"}
	if !slices.Contains(p.out, f) {
		p.out = append(p.out, f)
	}
}

// mostFaulty is the share of fields that faults in records may spread over: a
// county where nobody is honest shows nothing.
const mostFaulty = .4

// field draws a field that suits and has no fault of this kind: one without any
// fault, once too many have one rather one that has. Nil where there is none.
func (p *planter) field(kind string, suits func(*field) bool) *field {
	gather := float64(len(p.used)) > mostFaulty*float64(len(p.t.fields))
	for _, strict := range []bool{true, false} {
		order := p.Perm(len(p.t.fields))
		for _, i := range order {
			f := p.t.fields[i]
			if f.sliver || f.unseen || f.fault != "" || p.used[f][kind] || strict && len(p.used[f]) > 0 != gather || !suits(f) {
				continue
			}
			if p.used[f] == nil {
				p.used[f] = map[string]bool{}
			}
			p.used[f][kind] = true
			return f
		}
	}
	return nil
}

// fresh is a parcel of the field without a fault that suits.
func (p *planter) fresh(f *field, suits func(*parcel) bool) *parcel {
	for _, i := range p.Perm(len(f.parcels)) {
		if q := f.parcels[i]; !p.soiled[q] && suits(q) {
			return q
		}
	}
	return nil
}

// onParcel plants a fault of one code on parcels of different fields.
func (p *planter) onParcel(kind string, suits func(*field, *parcel) bool, plant func(*field, *parcel)) {
	for range p.each {
		var q *parcel
		f := p.field(kind, func(f *field) bool {
			q = p.fresh(f, func(q *parcel) bool { return suits(f, q) })
			return q != nil
		})
		if f != nil {
			p.soiled[q] = true
			plant(f, q)
		}
	}
}

// --- what only imagery shows; planted before the records are written ---

func (p *planter) plantImagery() {
	grains := []string{"rice", "maize", "soybean"}
	plain := grains[:2] // that the networks are surest of
	roomy := func(f *field) bool { return f.inside >= leastInside && f.declared.kind == "arable" }
	mark := func(code string, grains []string, change func(f *field, crop string)) {
		for range p.each {
			f := p.field("imagery", roomy)
			if f == nil {
				return
			}
			crop := oneOf(p.chance, grains)
			f.declared, f.flooded, f.fault = single(crop), false, code
			f.grown = f.declared
			change(f, crop)
			p.out = append(p.out, fault{f.farmer, nil, f, code, "imagery"})
		}
	}
	mark("CROP_DIFFERS", grains, func(f *field, crop string) { f.grown = single(other(p.chance, plain, crop)) })
	mark("LAND_FALLOW", grains, func(f *field, _ string) { f.grown = bare })
	mark("INSURED_AREA_EXCEEDS_SEEN", plain, func(*field, string) {})
	// Plastic greenhouses stand where they may not, nothing declared on them, and
	// where rice or maize is declared.
	small := func(f *field) bool { return roomy(f) && f.m2 < 13_000 }
	for range p.each {
		if f := p.field("imagery", small); f != nil {
			f.underFilm(rotation{kind: "greenhouse"}, true)
			p.fault(f, "NON_GRAIN_ON_BASIC_FARMLAND")
		}
	}
	for range p.each {
		if f := p.field("imagery", small); f != nil {
			f.underFilm(single(oneOf(p.chance, plain)), false)
			p.fault(f, "LAND_BUILT_OVER")
		}
	}
	p.plantUnseen(small, roomy, plain)
	mark("HISTORY_DIFFERS", grains, func(f *field, crop string) { f.past = single(other(p.chance, grains, crop)) })
}

func (p *planter) fault(f *field, code string) {
	f.fault = code
	p.out = append(p.out, fault{f.farmer, nil, f, code, "imagery"})
}

// plantUnseen makes growers of industries that nobody can judge from above:
// honest ones with sheds and under trees, and those whose mushrooms would have
// to grow in the open.
func (p *planter) plantUnseen(small, roomy func(*field) bool, open []string) {
	for i := range 2 * p.each {
		if f := p.field("imagery", small); f != nil {
			if f.unseen = true; i%2 == 0 {
				f.underFilm(oneOf(p.chance, []rotation{vegetables, mushrooms}), false)
			} else {
				f.declared, f.grown, f.flooded = herbs, forest, false
				f.vigour = math.Abs(f.vigour) // a closed canopy
				f.notBasic()
			}
		}
	}
	for range p.each {
		if f := p.field("imagery", roomy); f != nil {
			f.underFilm(mushrooms, false)
			f.grown = single(oneOf(p.chance, open))
			p.fault(f, "UNSEEN_LAND_DIFFERS")
		}
	}
}

func (f *field) notBasic() {
	for _, q := range f.parcels {
		q.basic = false
	}
}

func (f *field) underFilm(declared rotation, basic bool) {
	f.grown, f.declared, f.flooded = greenhouse, declared, false
	for _, q := range f.parcels {
		q.basic = basic
	}
}

func other(c chance, list []string, not ...string) string {
	for {
		if s := oneOf(c, list); !slices.Contains(not, s) {
			return s
		}
	}
}

// overlap pushes one parcel's border into its neighbour of the same plot; done
// before anything is measured.
func (p *planter) plantOverlaps() {
	fits := func(f *field, q *parcel) bool { return q.next != nil && q.next.field == f && !p.soiled[q.next] }
	p.onParcel("area", fits, func(f *field, q *parcel) {
		want := .25 * min(q.m2, q.next.m2)
		lo, hi := 0.0, 200.0
		for range 50 {
			mid := (lo + hi) / 2
			if part := q.next.shape.below(q.cut, q.at+mid); part != nil && part.area() > want {
				hi = mid
			} else {
				lo = mid
			}
		}
		q.shape = q.whole.below(q.cut, q.at+hi)
		q.m2 = q.shape.area()
		p.soiled[q.next] = true
		for _, land := range []*parcel{q, q.next} {
			p.add(f.farmer, land, "PARCEL_OVERLAP")
		}
	})
}
