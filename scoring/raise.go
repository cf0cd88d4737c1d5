package scoring

// Raise is one thing that would raise the limit, with the limit that sizing
// gives once it is done: nothing is estimated.
type Raise struct {
	Code   string `json:"code"` // INSURE_MORE, PUT_OFF, REPAY_OTHERS, REPAY_DRAWN, REPAY_PRODUCT, RELEASE_COVER
	EN     string `json:"en"`
	ZH     string `json:"zh"`
	Area   Area   `json:"area,omitempty"`       // of the crop to insure
	Amount Fen    `json:"amount_fen,omitempty"` // to repay or release
	By     Fen    `json:"by_fen"`               // how much more
	Limit  Fen    `json:"limit_fen"`            // what the limit would be
}

// raises tries what the grower can do about the binding constraint, each alone,
// by sizing again.
func (s *sizing) raises() []Raise {
	var out []Raise
	try := func(r Raise, change func(*Constraint)) {
		for i := range s.constraints {
			if c := &s.constraints[i]; c.Name == s.binding {
				before := *c
				change(c)
				r.Limit, _ = least(s.constraints)
				*c = before
			}
		}
		if r.Limit > s.limit {
			r.By = r.Limit - s.limit
			out = append(out, r)
		}
	}
	used := s.bindingUsed()
	repay := func(code, en, zh string) {
		try(Raise{Code: code, Amount: used, EN: en + Yuan(used), ZH: zh + Yuan(used)}, func(c *Constraint) { c.Used = 0 })
	}
	switch s.binding {
	case "need":
		repay("REPAY_DRAWN", "Repay what is drawn for the same land and season: ", "还清同一土地同季已提用的生产贷款：")
	case "capacity":
		if off := s.putOff; off > 0 {
			try(Raise{Code: "PUT_OFF", Amount: off, EN: "Agree on the extension that relief offers: " + Yuan(off), ZH: "办理灾后延期：" + Yuan(off)}, func(c *Constraint) { c.Used -= off })
		}
		repay("REPAY_OTHERS", "Repay or put off what falls due out of the same sales: ", "还清或展期以同一销售收入偿还的到期债务：")
	case "cap":
		repay("REPAY_PRODUCT", "Repay what is outstanding under the product: ", "还清本产品未偿余额：")
	case "insured":
		repay("RELEASE_COVER", "Have the pledge on the policies released: ", "解除保单已设质押：")
		for _, m := range s.uninsured {
			gross := s.cover // a copy
			gross.add(int64(m.area), 3, int64(m.perMu), int64(s.pledgeRatio))
			try(Raise{Code: "INSURE_MORE", Area: m.area, EN: "Insure " + Mu(m.area) + " more of " + m.crop, ZH: CropZH(m.crop) + "增保" + MuZH(m.area)},
				func(c *Constraint) { c.Gross = gross.down(areaPerMuThirds, 10_000) })
		}
	}
	for i := range out {
		out[i].EN += ": +" + Yuan(out[i].By)
		out[i].ZH += "，额度增加" + Yuan(out[i].By)
	}
	return out
}

func (s *sizing) bindingUsed() Fen {
	for _, c := range s.constraints {
		if c.Name == s.binding {
			return c.Used
		}
	}
	return 0
}

// least is the smallest net of the constraints that apply, rounded down to
// ¥100, and which it is; where two are equal, the first.
func least(cs []Constraint) (Fen, string) {
	const step = 100_00 // ¥100
	var limit Fen
	binding := ""
	for i := range cs {
		c := &cs[i]
		c.Net = c.Gross - c.Used
		if c.Applies && (binding == "" || c.Net < limit) {
			limit, binding = c.Net, c.Name
		}
	}
	return max(limit, 0) / step * step, binding
}

// moreCover is the land of one insured crop that no policy covers, insurable at
// what the grower's own policies pay.
type moreCover struct {
	crop  string
	area  Area
	perMu Fen
}

// findUninsured compares what counts, crop by crop, with what is insured.
func (d *desk) findUninsured() []moreCover {
	var out []moreCover
	for i := range d.cover {
		c := &d.cover[i]
		m := moreCover{crop: c.crop}
		for k := range d.counted {
			if f := &d.counted[k]; f.crop == c.crop {
				m.area += f.area
			}
		}
		var have Area
		for _, p := range c.policies {
			if p.ValidTo.IsZero() || !p.ValidTo.Before(d.ev.AsOf) {
				have += p.Area
				if m.perMu == 0 || p.SumInsuredPerMu < m.perMu {
					m.perMu = p.SumInsuredPerMu // the least that he is offered
				}
			}
		}
		if m.area -= have; m.area > 0 && m.perMu > 0 {
			out = append(out, m)
		}
	}
	return out
}
