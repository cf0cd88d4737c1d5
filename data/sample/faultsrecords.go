package sample

// plantRecords plants the faults that records alone show. What each finding
// stands on is said at the checks in package scoring.
func (p *planter) plantRecords(b *book) {
	p.b = b
	p.plantLeases()
	p.plantClaims()
	p.plantPolicies()
	p.plantDebts()
	any := func(*field, *parcel) bool { return true }
	p.onParcel("area", any, func(f *field, q *parcel) {
		for _, r := range b.contracts {
			if r.parcel == q {
				r.m2 = cents(q.m2 * oneOf(p.chance, []float64{.78, 1.24, 1.31}))
			}
		}
		p.add(f.farmer, q, "CONTRACT_AREA_DIFFERS")
	})
	p.plantPeople()
	p.plantMap()
}

// leased reports whether a parcel comes to its farmer straight from the
// contractor.
func leased(f *field, q *parcel) bool {
	return f.via == nil && q.owner != f.farmer && len(f.declared.stands) > 0
}

func (p *planter) leaseOf(q *parcel) *transferRow {
	for _, r := range p.b.transfers {
		if r.parcel == q && r.taker == q.field.farmer {
			return r
		}
	}
	panic("no lease of " + q.id)
}

func (p *planter) plantLeases() {
	undrawn := func(f *field, q *parcel) bool { return leased(f, q) && !q.claimed } // whose claim would lie off the land he farms
	p.onParcel("lease", undrawn, func(f *field, q *parcel) {
		last := f.declared.stands[len(f.declared.stands)-1]
		r := p.leaseOf(q)
		r.id = p.b.leaseID(q) // a contract of its own
		r.to = p.b.harvest(last.crop, p.b.planting(last)).Add(-p.whole(20, 55))
		p.add(f.farmer, q, "LEASE_ENDS_BEFORE_HARVEST")
	})
	p.onParcel("lease", leased, func(f *field, q *parcel) {
		r := p.leaseOf(q)
		r.id = p.b.leaseID(q)
		r.to = on(2029, 12, 31)
		p.add(f.farmer, q, "LEASE_EXCEEDS_CONTRACT")
	})
	p.onParcel("lease", leased, func(f *field, q *parcel) {
		r := p.leaseOf(q)
		taker := p.stranger(q)
		p.b.transfers = append(p.b.transfers, &transferRow{p.b.leaseID(q), r.contract, q, q.owner, taker, r.m2,
			r.from.Add(-365), on(p.b.year, 6, 30), r.signed.Add(-300), r.rent})
		for _, g := range []*person{q.owner, f.farmer, taker} {
			p.add(g, q, "LEASE_OVERLAP")
		}
	})
}

// stranger is a grower without any right on the parcel.
func (p *planter) stranger(q *parcel) *person {
	for {
		if g := oneOf(p.chance, p.t.growers); g != q.owner && g != q.field.farmer && g != q.field.via {
			return g
		}
	}
}

func (p *planter) plantClaims() {
	b := p.b
	declared := func(f *field, q *parcel) bool { return len(f.declared.crops()) > 0 }
	// The contractor who leased the land out still takes the subsidy, or still
	// declares the crop; the farmer then takes none.
	turn := 0
	p.onParcel("claim", func(f *field, q *parcel) bool { return leased(f, q) && declared(f, q) }, func(f *field, q *parcel) {
		crops := f.declared.crops()
		if turn++; turn%2 == 1 {
			b.dropClaims(q)
			b.claimParcel(q.owner, q, crops[len(crops)-1])
		} else {
			s := f.declared.stands[0]
			b.declarations = append(b.declarations, &declarationRow{who: q.owner, parcel: q, crop: s.crop, planting: b.planting(s)})
		}
		p.add(q.owner, q, "LEASED_OUT_YET_CLAIMED")
	})
	p.onParcel("claim", declared, func(f *field, q *parcel) {
		x := p.stranger(q)
		for _, s := range f.declared.stands {
			b.declarations = append(b.declarations, &declarationRow{who: x, parcel: q, crop: s.crop, planting: b.planting(s)})
		}
		p.add(x, q, "NOT_THE_FARMER")
	})
	p.onParcel("claim", declared, func(f *field, q *parcel) {
		b.dropClaims(q)
		b.claimParcel(f.farmer, q, other(p.chance, []string{"rice", "maize", "soybean", "cotton", "rapeseed"}, f.declared.crops()...))
		p.add(f.farmer, q, "SUBSIDY_CROP_DIFFERS")
	})
	p.onParcel("claim", declared, func(f *field, q *parcel) {
		b.dropClaims(q)
		crop := f.declared.crops()[0]
		b.claimParcel(f.farmer, q, crop)
		b.claimParcel(f.farmer, q, crop)
		p.add(f.farmer, q, "SUBSIDY_TWICE")
	})
}

func (b *book) dropClaims(q *parcel) {
	kept := b.subsidies[:0]
	for _, s := range b.subsidies {
		if s.parcel != q {
			kept = append(kept, s)
		}
	}
	b.subsidies = kept
}

func (p *planter) plantPolicies() {
	b := p.b
	arable := func(f *field, _ *parcel) bool { return f.declared.kind == "arable" && f.grown.kind == "arable" }
	p.onParcel("area", arable, func(f *field, q *parcel) {
		b.insured(f)
		s := f.declared.stands[0]
		row := b.insureCrop(f, s.crop, b.planting(s))
		row.land, row.m2 = []*parcel{q}, cents(q.m2)
		p.add(f.farmer, q, "INSURED_TWICE")
	})
	p.onParcel("area", arable, func(f *field, q *parcel) {
		b.insured(f)
		crop := f.declared.stands[0].crop
		for _, r := range b.policies {
			if r.who == f.farmer && r.crop == crop {
				r.m2 = 0
				for _, q := range r.land { // a seventh more than any witness gives
					r.m2 += max(q.m2, q.contract)
				}
				r.m2 = cents(r.m2 * 1.15)
			}
		}
		p.add(f.farmer, nil, "INSURED_AREA_EXCEEDS_LAND")
	})
	p.onParcel("area", arable, func(f *field, _ *parcel) {
		b.insured(f)
		last := f.declared.stands[len(f.declared.stands)-1]
		for _, r := range b.policies {
			if r.who == f.farmer && r.land[0].field == f && r.crop == last.crop {
				r.to = b.harvest(last.crop, b.planting(last)).Add(-p.whole(12, 40))
			}
		}
		p.add(f.farmer, nil, "POLICY_ENDS_BEFORE_HARVEST")
	})
	// Insured, by the right land, for a crop that grows nowhere.
	for _, x := range p.out {
		if x.code != "INSURED_AREA_EXCEEDS_SEEN" {
			continue
		}
		not := x.field.declared.crops()
		for _, f := range x.who.fields {
			not = append(not, f.declared.crops()...)
		}
		crop := other(p.chance, []string{"rice", "maize", "soybean", "sunflower"}, not...)
		b.insureCrop(x.field, crop, on(b.year, 5, 15))
	}
}

// insured sees to it that a field is insured.
func (b *book) insured(f *field) {
	for _, r := range b.policies {
		if r.land[0].field == f {
			return
		}
	}
	b.insure(f)
}

func (p *planter) plantDebts() {
	b := p.b
	any := func(*field, *parcel) bool { return true }
	p.onParcel("debt", any, func(f *field, q *parcel) {
		first, second := b.owe(p.chance, f.farmer), b.owe(p.chance, f.farmer)
		second.lender = other(p.chance, lenders, first.lender)
		first.land, second.land = []*parcel{q}, []*parcel{q}
		p.add(f.farmer, q, "LAND_PLEDGED_TWICE")
	})
	p.onParcel("debt", any, func(f *field, _ *parcel) {
		d := b.owe(p.chance, f.farmer)
		d.yuan += 40_000
		for _, r := range b.roster {
			if r.who == f.farmer {
				r.hidden += d.yuan
			}
		}
		p.add(f.farmer, nil, "UNDECLARED_DEBT")
	})
	p.onParcel("debt", any, func(f *field, _ *parcel) {
		d := b.owe(p.chance, f.farmer)
		d.late = p.whole(20, 75)
		d.due = on(b.year, 2, 20).Add(-d.late)
		p.add(f.farmer, nil, "OVERDUE_DEBT")
	})
}
