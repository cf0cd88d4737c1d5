package sample

import (
	"time"

	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/parcels"
)

// What offices beyond land, insurance and credit have written down.

type memberRow struct {
	number, name   string
	household      *person
	relation, note string
}

type listRow struct {
	who    *person
	list   string
	listed bool
	day    parcels.Date
}

type certificateRow struct {
	id, contract string
	who          *person
	issued       parcels.Date
	status       string // 1 valid, 2 cancelled
}

type purchaseRow struct {
	id   string
	who  *person
	crop string
	day  parcels.Date
	kg   float64
}

type meterRow struct {
	id       string
	who      *person
	m3       float64
	from, to parcels.Date
}

type machineRow struct {
	id, kind string
	who      *person
	kw       float64
}

// writeMore fills the further books of honest people, from a stream of its own.
func (b *book) writeMore(seed int64, t *tenure) {
	c := newChance(seed, "further records")
	certified := map[*person]bool{}
	for _, r := range b.contracts {
		if !certified[r.who] {
			certified[r.who] = true
			b.certificates = append(b.certificates, &certificateRow{r.who.code + "Q", r.id, r.who, on(2018, 12, 20), "1"})
		}
	}
	spouses := 0
	for _, g := range t.growers {
		if !g.firm() && c.Float64() < .4 {
			note := ""
			if c.Float64() < .1 {
				note = "7" // a widowed grower may borrow
			}
			b.members = append(b.members, &memberRow{spouseNumber(spouses), Marker + string([]rune(givenNames)[c.IntN(20)]), g, "配偶", note})
			spouses++
		}
		if c.Float64() < .3 {
			for _, list := range []string{"court", "tax"} {
				b.lists = append(b.lists, &listRow{g, list, false, on(b.year, 2, 1+c.IntN(15))})
			}
		}
		if g.kind == "family_farm" || g.firm() {
			for i, kind := range []string{"拖拉机", "收割机"} {
				if c.Float64() < .7 {
					b.own(g, kind, []float64{66, 73.5}[i])
				}
			}
		}
		for _, f := range g.fields {
			b.sellAndWater(c, f)
			b.claimLand(c, f)
		}
	}
}

// spouseNumber is the ID number of the n-th spouse: of years in which nobody
// else of the county was born.
func spouseNumber(n int) string {
	return identity.IDCard(nowhere, time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n/1000), n%1000)
}

// sellAndWater: half of the fields sold part of last year's last crop, and a
// third of the paddies were watered in winter.
func (b *book) sellAndWater(c chance, f *field) {
	sold, share, watered, m3 := c.Float64() < .5, c.between(.5, .95), c.Float64() < .33, c.between(60, 220)
	crops := f.declared.crops()
	if f.unseen { // their own proof: what they sold
		b.sell(f.farmer, crops[0], f.m2/parcels.SquareMetresPerMu*200*share)
		return
	}
	if f.sliver || len(crops) == 0 || f.fault != "" {
		return
	}
	mu := f.m2 / parcels.SquareMetresPerMu
	crop := crops[len(crops)-1]
	if kg := usualYield(crop); sold && kg > 0 {
		b.sell(f.farmer, crop, mu*kg*share)
	}
	if watered && crop == "rice" {
		b.water(f.farmer, mu*m3)
	}
}

func (b *book) own(who *person, kind string, kw float64) {
	b.machines = append(b.machines, &machineRow{"NJ" + countyCode + digits6(b.next()), kind, who, cents(kw)})
}

func (b *book) sell(who *person, crop string, kg float64) {
	n := b.next()
	b.purchases = append(b.purchases, &purchaseRow{"BD" + countyCode + digits6(n), who, crop, on(b.year, 1, 5+n%20), cents(kg)})
}

func (b *book) water(who *person, m3 float64) {
	b.meters = append(b.meters, &meterRow{"SB" + countyCode + digits6(b.next()), who, cents(m3), on(b.year, 1, 1), on(b.year, 2, 20)})
}

// say sets what a grower says of a crop's cost and yield on a field.
func (b *book) say(c chance, r *declarationRow) {
	cost, kg := c.between(.85, 1.2), c.between(.88, 1.1)
	for _, y := range yields {
		if y.crop == r.crop {
			r.cost, r.yield = cents(y.total()*cost), cents(y.kgMu*kg)
		}
	}
}

func (y cropYield) total() float64 { return y.materials + y.hired + y.family + y.rent + y.own }

// usualRent is what land under a field's crops costs a year.
func usualRent(f *field) float64 {
	var most float64
	for _, crop := range f.declared.crops() {
		for _, y := range yields {
			if y.crop == crop {
				most = max(most, y.rent)
			}
		}
	}
	return most
}
