package scoring

import (
	"math"
	"math/big"
	"math/bits"
)

// moreThan reports whether a × b > c × d, exactly.
func moreThan(a, b, c, d int64) bool {
	hi, lo := wide(a, b)
	otherHi, otherLo := wide(c, d)
	return hi > otherHi || hi == otherHi && lo > otherLo
}

// wide is a × b in 128 bits of two's complement.
func wide(a, b int64) (hi int64, lo uint64) {
	h, l := bits.Mul64(uint64(a), uint64(b))
	if a < 0 {
		h -= uint64(b)
	}
	if b < 0 {
		h -= uint64(a)
	}
	return int64(h), l
}

// sum adds exact products of up to 128 bits; the division comes once, at the
// end. Factors are not negative; what does not fit stays at the largest sum.
type sum struct{ hi, lo uint64 }

func (s *sum) add(factors ...int64) {
	p := sum{lo: 1}
	for _, f := range factors {
		p.times(uint64(max(f, 0)))
	}
	lo, carry := bits.Add64(s.lo, p.lo, 0)
	hi, over := bits.Add64(s.hi, p.hi, carry)
	if over != 0 {
		hi, lo = math.MaxUint64, math.MaxUint64
	}
	s.hi, s.lo = hi, lo
}

func (s *sum) times(f uint64) {
	hi, lo := bits.Mul64(s.lo, f)
	over, high := bits.Mul64(s.hi, f)
	high, carry := bits.Add64(high, hi, 0)
	if over != 0 || carry != 0 {
		high, lo = math.MaxUint64, math.MaxUint64
	}
	s.hi, s.lo = high, lo
}

// down is the sum divided by the product of the divisors, rounded down: one
// division after another gives the same, since ⌊⌊n/a⌋/b⌋ = ⌊n/(ab)⌋.
func (s *sum) down(divisors ...int64) Fen {
	hi, lo := s.hi, s.lo
	for _, d := range divisors {
		var rest uint64
		hi, rest = hi/uint64(d), hi%uint64(d)
		lo, _ = bits.Div64(rest, lo, uint64(d))
	}
	if hi != 0 || lo > math.MaxInt64 {
		return math.MaxInt64
	}
	return Fen(lo)
}

// share is the part of an amount that s is of all, rounded down.
func (s *sum) share(all *sum, amount Fen) Fen {
	if *all == (sum{}) {
		return 0
	}
	big128 := func(x *sum) *big.Int {
		n := new(big.Int).SetUint64(x.hi)
		return n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(x.lo))
	}
	n := big128(s)
	n.Mul(n, big.NewInt(int64(amount)))
	return Fen(n.Div(n, big128(all)).Int64())
}

// costs of a crop: the county's survey where given, else the credit policy.
type unitCost struct {
	own, leased Fen // cash per mu on own and on leased land
	price       Fen // per 50 kg
	yield       Yield
	source      string
	priceOn     string // the quote that lowered the price; "" = source
}

// unitCost finds what a crop costs and sells for: the newest survey row of the
// county, else of all counties, else the credit policy's own numbers.
func (x *index) unitCost(cp *CreditPolicy, crop string) unitCost {
	c := cp.Crops[crop]
	u := unitCost{own: c.UnitCost, leased: c.UnitCost + c.Rent, price: c.Price, source: "credit policy: " + c.Source}
	if row := x.survey(crop); row != nil {
		u.survey(cp, row)
	}
	var quote *Price
	if u.price, quote = x.market(cp, crop, u.price); quote != nil {
		u.priceOn = quote.Source
	}
	return u
}

// survey lays a row of a cost survey over the credit policy's own numbers.
func (u *unitCost) survey(cp *CreditPolicy, row *Cost) {
	if row.Split && row.Materials+row.HiredLabour > 0 {
		u.own = row.Materials + row.HiredLabour
		u.leased = u.own + row.Rent
		u.source = row.Source
	} else if row.Total > 0 {
		u.own = Fen(int64(row.Total) * int64(cp.Costs.CashShareUnsplit) / 10_000)
		u.leased = u.own
		u.source = row.Source + " (labour and land not split)"
	}
	if row.PricePer50Kg > 0 {
		u.price = row.PricePer50Kg
	}
	u.yield = row.YieldKgPerMu
}

// stageShare is the share of the season's cash cost that is still to come, in
// stages that end by a day; zero = in all.
func (d *desk) stageShare(f *field, by Date) Prob {
	var share Prob
	for i := range f.rule.Stages {
		s := &f.rule.Stages[i]
		end := s.Until.onOrAfter(f.period.Planting)
		if end.After(f.period.Harvest) {
			end = f.period.Harvest
		}
		if f.harvest.After(end) && end == f.period.Harvest {
			end = f.harvest
		}
		if !d.ev.AsOf.After(end) && !d.ev.AsOf.After(f.harvest) && (by.IsZero() || !end.After(by)) {
			share += s.Share
		}
	}
	return share
}

// sizing is how a limit came about.
type sizing struct {
	limit       Fen
	binding     string
	constraints []Constraint
	tenorEnd    Date
	area        Area
	sales       Fen // P25 yield × full price, before haircut

	cover       sum // behind the insured constraint, before it is rounded
	pledgeRatio Prob
	uninsured   []moreCover
	putOff      Fen // of what falls due, what relief would put off beyond the tenor
}

// size computes the limit of DOMAIN §5: the least of what is needed, what
// sales can repay, what is insured, the product's cap and the quota, each less
// what already uses it.
func (d *desk) size(b *rulebook, grower int32, product *Product, extensions []Extension) sizing {
	var s sizing
	var need, capacity, sales sum
	var plot *SeenPlot
	var plotArea Area // of the largest field on the plot: crops follow each other on it
	for i := range d.counted {
		f := &d.counted[i]
		u, all, sold := &f.rule.cost, d.stageShare(f, Date{}), f.area
		for k := range f.land {
			l := &f.land[k]
			cost, share := u.own, all
			if l.leased {
				cost = u.leased
			}
			if l.until = d.coveredUntil(b, product, grower, f, l); !l.until.IsZero() {
				share = d.stageShare(f, l.until)
				sold -= l.area
				d.rule("covered_stages", "cut", "%s of %s is covered until %s, the P75 harvest is %s: %s of the season's cost is needed, nothing counts as sold", l.area, l.id, l.until, f.harvest, share)
			}
			need.add(int64(l.area), 3, int64(cost), int64(share), int64(product.FinancedShare))
		}
		if paid := f.harvest.Add(product.SellingLagDays); !paid.Before(d.ev.AsOf) {
			capacity.add(int64(sold), 3, int64(f.yield), int64(u.price), int64(product.Haircut), int64(product.RepaymentShare))
			sales.add(int64(sold), 3, int64(f.yield), int64(u.price))
			if paid.After(s.tenorEnd) {
				s.tenorEnd = paid
			}
		}
		if plot == nil || plot.PlotID != f.plot.PlotID {
			plot, plotArea = f.plot, 0
		}
		if f.area > plotArea {
			s.area += f.area - plotArea
			plotArea = f.area
		}
	}
	if last := d.ev.AsOf.Add(product.MaxTenorDays); s.tenorEnd.After(last) {
		s.tenorEnd = last
	}
	s.sales = sales.down(areaPerMuThirds, 10, 50)
	var drawn, due, ours Fen
	for _, o := range d.debts.growers.at(grower) {
		if !d.active(o) {
			continue
		}
		if o.Purpose == "production" && d.thisSeason(o.Season) {
			drawn += o.Outstanding
		}
		if o.Due.IsZero() || !o.Due.After(s.tenorEnd) {
			due += o.Outstanding
			if laterDue(extensions, o.DebtID).After(s.tenorEnd) {
				s.putOff += o.Outstanding
			}
		}
		if o.Purpose == "production" && (b.Lender == "" || o.Lender == b.Lender) {
			ours += o.Outstanding
		}
	}
	cover, pledged, mu, insured := d.insuredValue(product)
	gross := cover.down(areaPerMuThirds, 10_000)
	s.cover, s.pledgeRatio = cover, product.PledgeRatio
	if product.InsuredApplies && insured {
		s.uninsured = d.findUninsured()
	}
	n := cut(&d.store.numbers, 8)
	fact := func(i int, name, format string, value any) {
		n[i] = Number{name, d.store.printf(format, value)}
	}
	fact(0, "area", "%s", s.area)
	n[2] = n[0]
	fact(1, "financed_share", "%s", product.FinancedShare)
	fact(3, "haircut", "%s", product.Haircut)
	fact(4, "repayment_share", "%s", product.RepaymentShare)
	fact(5, "sales_p25", "%s", s.sales)
	fact(6, "insured", "%s", mu)
	fact(7, "pledge_ratio", "%s", product.PledgeRatio)
	s.constraints = append(cut(&d.constraints, 5)[:0], []Constraint{
		{Name: "need", Applies: true, Gross: need.down(areaPerMuThirds, 10_000, 10_000), Used: drawn, Numbers: n[0:2:2]},
		{Name: "capacity", Applies: true, Gross: capacity.down(areaPerMuThirds, 10, 50, 10_000, 10_000), Used: due, Numbers: n[2:6:6]},
		{Name: "insured", Applies: product.InsuredApplies && insured, Gross: gross, Used: pledged, Numbers: n[6:8:8]},
		{Name: "cap", Applies: true, Gross: product.Cap, Used: ours, Numbers: Numbers{}},
		{Name: "quota", Applies: b.Quota.Applies, Gross: b.Quota.Total, Used: b.Quota.Used, Numbers: Numbers{}},
	}...)
	for i := range s.constraints {
		c := &s.constraints[i]
		c.Net = c.Gross - c.Used
	}
	s.limit, s.binding = least(s.constraints)
	return s
}

// insuredValue adds up what policies in force cover; the share that may be
// pledged is in it. Land insured twice counts once.
func (d *desk) insuredValue(product *Product) (v sum, pledged Fen, mu Area, any bool) {
	for i := range d.cover {
		for _, p := range d.cover[i].policies {
			if !p.ValidTo.IsZero() && p.ValidTo.Before(d.ev.AsOf) {
				continue
			}
			any = true
			mu += p.Area
			var own sum // a pledge uses up its own policy, no other
			own.add(int64(p.Area), 3, int64(p.SumInsuredPerMu), int64(product.PledgeRatio))
			pledged += min(p.Pledged, own.down(areaPerMuThirds, 10_000))
			v.add(int64(p.Area), 3, int64(p.SumInsuredPerMu), int64(product.PledgeRatio))
		}
	}
	return v, pledged, mu, any
}
