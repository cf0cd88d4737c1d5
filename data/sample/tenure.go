package sample

import (
	"fmt"
	"math"
	"sort"
)

// person is a household, firm or village body of the county.
type person struct {
	code    string // CBFBM, 18 digits
	name    string
	number  string // ID number or credit code
	phone   string
	kind    string // person, household, family_farm, coop, company
	village int
	fields  []*field // land farmed; empty for those who only lease out
	sliver  bool     // keeps only strips too narrow to be seen
	applies bool     // stands on the roster
	strange bool     // a fault lies on who he is
}

// field is land worked as one this season: a plot, or a household's strip.
type field struct {
	n        int
	parcels  []*parcel
	farmer   *person
	via      *person // sub-lessor
	m2       float64
	inside   int // 10 m pixels wholly within
	declared rotation
	grown    rotation // what the satellite sees
	past     rotation // what it saw in earlier years, where that is planted
	sliver   bool
	fault    string // imagery fault planted here
	unseen   bool   // honest land of an industry that nobody can judge from above
	vigour   float64
	bright   float64
	shift    float64 // days later than the table
	flooded  bool
	from, to int // years of its leases
}

// tenure is who owns, leases and farms the land.
type tenure struct {
	people  []*person // in the order of their codes
	growers []*person // those who farm
	fields  []*field
	serial  map[int]int
}

func settle(seed int64, l *land) *tenure {
	t := &tenure{serial: map[int]int{}}
	c := newChance(seed, "tenure")
	t.giveContracts(c, l)
	strips := t.keepStrips(c, l)
	t.gather(c, l, strips)
	t.lease(c, l)
	for i, f := range t.fields {
		f.n = i
	}
	return t
}

func (t *tenure) newPerson(c chance, l *land, village int, kind string) *person {
	t.serial[village]++
	p := &person{kind: kind, village: village, code: fmt.Sprintf("%s%04d", l.villages[village].code, t.serial[village])}
	p.describe(c, len(t.people), l.villages[village].name)
	t.people = append(t.people, p)
	return p
}

// giveContracts deals the parcels of each village to households, three to six
// each, scattered as they were in 1998.
func (t *tenure) giveContracts(c chance, l *land) {
	byVillage := make([][]*parcel, len(l.villages))
	for _, p := range l.parcels {
		byVillage[p.village] = append(byVillage[p.village], p)
	}
	for v, ps := range byVillage {
		ps = append([]*parcel(nil), ps...)
		c.Shuffle(len(ps), func(i, j int) { ps[i], ps[j] = ps[j], ps[i] })
		for len(ps) > 0 {
			k := min(len(ps), c.whole(3, 6))
			h := t.newPerson(c, l, v, "household")
			for _, p := range ps[:k] {
				p.owner = h
			}
			ps = ps[k:]
		}
	}
}

const (
	plotMedian    = 11_000.0 // m²
	plotLeast     = 5_000.0
	plotMost      = 200_000.0
	landPerGrower = 14_200.0 // m², about what the plots below come to
	sliverWidth   = 9.6      // narrower than a pixel however it lies
)

// keepStrips leaves some narrow strips with the households that own them: one
// grower in ten.
func (t *tenure) keepStrips(c chance, l *land) map[*parcel]bool {
	var total float64
	var narrow []*parcel
	for _, p := range l.parcels {
		total += p.m2
		if p.strip && p.width < sliverWidth {
			narrow = append(narrow, p)
		}
	}
	c.Shuffle(len(narrow), func(i, j int) { narrow[i], narrow[j] = narrow[j], narrow[i] })
	want := max(1, int(math.Round(total/landPerGrower/9)))
	kept := map[*parcel]bool{}
	for _, p := range narrow {
		if want == 0 {
			break
		}
		free := !p.owner.sliver
		for q := range kept {
			free = free && !(q.block == p.block && touches(p.shape, q.shape, 1))
		}
		if !free {
			continue
		}
		kept[p] = true
		p.owner.sliver = true
		t.addField(p.owner, []*parcel{p}).sliver = true
		want--
	}
	return kept
}

func (t *tenure) addField(who *person, ps []*parcel) *field {
	f := &field{parcels: ps, farmer: who}
	for _, p := range ps {
		p.field = f
		f.m2 += p.m2
	}
	if who != nil {
		who.fields = append(who.fields, f)
	}
	t.fields = append(t.fields, f)
	return f
}

// lease gives every plot a farmer: one to three plots each, never two in one
// block, so that plots stay apart.
func (t *tenure) lease(c chance, l *land) {
	var open []*field
	for _, f := range t.fields {
		if f.farmer == nil {
			open = append(open, f)
		}
	}
	c.Shuffle(len(open), func(i, j int) { open[i], open[j] = open[j], open[i] })
	brokers := map[int]*person{}
	for len(open) > 0 {
		f := open[0]
		open = open[1:]
		who := t.farmerFor(c, l, f)
		t.give(c, l, f, who, brokers)
		for more := c.Float64(); more > .78 && len(open) > 0; more -= .17 {
			for i, g := range open {
				if g.parcels[0].village == f.parcels[0].village && !sharesBlock(who, g) {
					t.give(c, l, g, who, brokers)
					open = append(open[:i:i], open[i+1:]...)
					break
				}
			}
		}
	}
	for _, p := range t.people {
		if len(p.fields) > 0 {
			p.applies = true
			t.growers = append(t.growers, p)
		}
	}
	sort.SliceStable(t.fields, func(i, j int) bool { return t.fields[i].parcels[0].id < t.fields[j].parcels[0].id })
}

func sharesBlock(who *person, f *field) bool {
	for _, g := range who.fields {
		if g.parcels[0].block == f.parcels[0].block {
			return true
		}
	}
	return false
}

// farmerFor is a firm for large land, else a new family farm, else one of the
// households whose own parcels lie in the plot.
func (t *tenure) farmerFor(c chance, l *land, f *field) *person {
	village := f.parcels[0].village
	switch r := c.Float64(); {
	case f.m2 > 60_000 && r < .6:
		return t.newPerson(c, l, village, oneOf(c, []string{"coop", "company"}))
	case f.m2 > 15_000 || r < .45:
		return t.newPerson(c, l, village, "family_farm")
	}
	for _, p := range f.parcels {
		if len(p.owner.fields) == 0 {
			p.owner.kind = oneOf(c, []string{"household", "person"})
			return p.owner
		}
	}
	return t.newPerson(c, l, village, "person")
}

func (t *tenure) give(c chance, l *land, f *field, who *person, brokers map[int]*person) {
	f.farmer = who
	who.fields = append(who.fields, f)
	f.from, f.to = c.whole(2019, 2022), c.whole(2025, 2027)
	if c.Float64() < .12 {
		v := f.parcels[0].village
		if brokers[v] == nil {
			brokers[v] = t.newPerson(c, l, v, "coop")
		}
		f.via = brokers[v]
	}
}
