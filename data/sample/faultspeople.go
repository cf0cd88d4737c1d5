package sample

import (
	"fmt"
	"time"

	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/parcels"
)

// plantPeople plants faults that stand on the grower or on what he owns, sells
// and states: they may gather on one grower.
func (p *planter) plantPeople() {
	b := p.b
	any := func(*field, *parcel) bool { return true }
	natural := func(f *field, _ *parcel) bool { return !f.farmer.firm() && !f.farmer.strange }
	onGrower := func(code string, suits func(*field, *parcel) bool, plant func(*field)) {
		p.onGrower(code, suits, func(f *field) { plant(f); p.add(f.farmer, nil, code) })
	}
	turn := 0
	onGrower("PERSON_DECEASED", natural, func(f *field) {
		f.farmer.strange = true
		if turn++; turn%2 == 1 {
			b.lists = append(b.lists, &listRow{f.farmer, "deceased", true, on(b.year-1, 8, 1+p.IntN(28))})
			return
		}
		b.members = append(b.members, &memberRow{f.farmer.number, f.farmer.name, f.farmer, "户主", "7"})
	})
	onGrower("PERSON_MINOR", natural, func(f *field) {
		f.farmer.strange = true
		f.farmer.number = identity.IDCard(nowhere, time.Date(b.year-15, 3, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, turn), turn%1000)
		turn++
	})
	onGrower("COURT_LISTED", any, func(f *field) { b.onList(f.farmer, "court", on(b.year-1, 11, 1+p.IntN(28))) })
	onGrower("TAX_LISTED", any, func(f *field) { b.onList(f.farmer, "tax", on(b.year-1, 11, 1+p.IntN(28))) })

	states := func(f *field, _ *parcel) bool {
		crops := f.declared.crops()
		return len(crops) > 0 && usualYield(crops[0]) > 0
	}
	onGrower("COST_OFF_SURVEY", states, func(f *field) {
		times := oneOf(p.chance, []float64{1.9, 2.3})
		b.restate(f, func(r *declarationRow) { r.cost = cents(r.cost * times) })
	})
	onGrower("YIELD_HISTORY_IMPLAUSIBLE", states, func(f *field) {
		times := p.between(2.1, 2.6)
		b.restate(f, func(r *declarationRow) { r.yield = cents(r.yield * times) })
	})
	onGrower("SALES_EXCEED_LAND", states, func(f *field) {
		crop := f.declared.crops()[0]
		b.sell(f.farmer, crop, p.reach(f.farmer)*usualYield(crop)*p.between(1.7, 2.6))
	})
	onGrower("METER_EXCEEDS_LAND", any, func(f *field) { b.water(f.farmer, p.reach(f.farmer)*p.between(1_900, 2_800)) })
	onGrower("MACHINERY_EXCEEDS_LAND", any, func(f *field) {
		for range 3 {
			b.own(f.farmer, "收割机", min(9_900, 60+p.reach(f.farmer)*p.between(8, 11)))
		}
	})
	p.onParcel("rent", func(f *field, q *parcel) bool { return leased(f, q) && usualRent(f) > 0 }, func(f *field, q *parcel) {
		p.leaseOf(q).rent = cents(usualRent(f) * p.between(2, 2.6))
		p.add(f.farmer, q, "RENT_OFF_SURVEY")
	})
	cancel := func(f *field) {
		for _, r := range b.certificates {
			if r.who == f.farmer {
				r.status = "2"
			}
		}
		for _, q := range p.l.parcels {
			if q.owner == f.farmer && q.field != nil && q.field.farmer == f.farmer {
				p.add(f.farmer, q, "CERTIFICATE_NOT_VALID")
			}
		}
	}
	before := len(p.out)
	// Land whose lease has another fault may be back with its owner.
	plainOwner := func(f *field, q *parcel) bool {
		if q.owner != f.farmer {
			return false
		}
		for _, r := range p.l.parcels {
			if r.owner == f.farmer && r.field != nil && r.field.farmer != f.farmer && p.soiled[r] {
				return false
			}
		}
		return true
	}
	p.onGrower("certificate", plainOwner, cancel)
	for _, f := range p.t.fields { // small counties: on a strip kept by the household that owns it
		if len(p.out) == before && f.sliver && plainOwner(f, f.parcels[0]) {
			cancel(f)
		}
	}
}

// onGrower plants a fault of one code on different growers.
func (p *planter) onGrower(kind string, suits func(*field, *parcel) bool, plant func(*field)) {
	done := map[*person]bool{}
	for range p.each {
		f := p.field(kind, func(f *field) bool {
			for _, q := range f.parcels {
				if !done[f.farmer] && suits(f, q) {
					return true
				}
			}
			return false
		})
		if f != nil {
			done[f.farmer] = true
			plant(f)
		}
	}
}

// reach is the most that a grower can be said to have farmed, in mu.
func (p *planter) reach(who *person) float64 {
	var m2 float64
	for _, q := range p.l.parcels {
		if q.owner == who || q.field != nil && (q.field.farmer == who || q.field.via == who) {
			m2 += max(q.m2, q.contract)
		}
	}
	return m2 / parcels.SquareMetresPerMu
}

func (b *book) onList(who *person, list string, day parcels.Date) {
	kept := b.lists[:0]
	for _, r := range b.lists {
		if r.who != who || r.list != list {
			kept = append(kept, r)
		}
	}
	b.lists = append(kept, &listRow{who, list, true, day})
}

// restate changes what the farmer of a field states of its first crop, on all
// his land.
func (b *book) restate(f *field, change func(*declarationRow)) {
	for _, r := range b.declarations {
		if r.who == f.farmer && r.parcel.field.farmer == f.farmer && r.crop == f.declared.crops()[0] {
			change(r)
		}
	}
}

// plantMap plants what is measured on the map: claims and homes.
func (p *planter) plantMap() {
	b := p.b
	// The neighbour's parcel is drawn too.
	cropped := func(f *field, q *parcel) bool { return len(f.declared.crops()) > 0 && !q.claimed }
	p.onParcel("claimed land", func(f *field, q *parcel) bool { return cropped(f, q) && p.elsewhere(f, q) != nil }, func(f *field, q *parcel) {
		b.draw(f.farmer, f.declared.crops()[0], q, p.elsewhere(f, q))
		p.add(f.farmer, nil, "CLAIM_OFF_REGISTRY")
	})
	// One grower draws his land, another draws it with his own.
	p.onParcel("claimed land", func(f *field, q *parcel) bool { return cropped(f, q) && p.elsewhere(f, q) != nil }, func(f *field, q *parcel) {
		r := p.elsewhere(f, q)
		crop := f.declared.crops()[0]
		b.draw(r.field.farmer, crop, r)
		b.draw(f.farmer, crop, q, r)
		p.add(f.farmer, nil, "CLAIMS_OVERLAP")
		p.add(r.field.farmer, nil, "CLAIMS_OVERLAP")
		p.add(f.farmer, nil, "CLAIM_OFF_REGISTRY")
	})
	landed := map[*person]bool{}
	for _, q := range p.l.parcels {
		landed[q.owner] = true
		if q.field != nil && q.field.via != nil {
			landed[q.field.via] = true
		}
	}
	n := 0
	p.onGrower("home", func(f *field, _ *parcel) bool { return !landed[f.farmer] }, func(f *field) {
		n++
		f.farmer.code = remoteVillage + fmt.Sprintf("%04d", n)
		p.add(f.farmer, nil, "HOME_FAR_FROM_LAND")
	})
}

// elsewhere is the first unclaimed parcel of another farmer, at least half as
// large as q and no more than twice.
func (p *planter) elsewhere(f *field, q *parcel) *parcel {
	for _, r := range p.l.parcels {
		if r.field != nil && !r.field.sliver && r.field.farmer != f.farmer && !r.claimed && !p.soiled[r] && r.m2 > q.m2/2 && r.m2 < 2*q.m2 {
			return r
		}
	}
	return nil
}
