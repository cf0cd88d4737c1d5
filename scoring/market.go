package scoring

// market is the price of a crop that counts beside a survey's or the credit
// policy's own: the newest farm-gate quote of the county, else of all counties,
// at most market_days old on the as-of day, but not less than the state's
// minimum price of the season. It only ever lowers what is counted: a fall of
// the market counts at once, a rise when the county's survey says so. Missing =
// nothing is lowered.
func (x *index) market(cp *CreditPolicy, crop string, price Fen) (Fen, *Price) {
	if cp.Costs.MarketDays == 0 {
		return price, nil
	}
	var quote, floor *Price
	for p := range x.prices.all {
		if p.Crop != crop || p.County != "" && p.County != x.ev.County || p.PricePer50Kg <= 0 || p.Day.After(x.ev.AsOf) {
			continue
		}
		switch p.Kind {
		case "farm_gate":
			if p.Day.Add(cp.Costs.MarketDays).Before(x.ev.AsOf) {
				continue
			}
			quote = nearer(quote, p)
		case "minimum":
			if p.Day.Before(x.ev.SeasonFrom.Add(-yearDays)) {
				continue
			}
			floor = nearer(floor, p)
		}
	}
	if quote == nil {
		return price, nil
	}
	counts := quote.PricePer50Kg
	if floor != nil {
		counts = max(counts, floor.PricePer50Kg)
	}
	if counts >= price {
		return price, nil
	}
	return counts, quote
}

// nearer is the county's own before a general price, then the newer, then the
// lower of one day.
func nearer(a, b *Price) *Price {
	switch {
	case a == nil || (a.County != "") != (b.County != "") && b.County != "":
		return b
	case (a.County != "") != (b.County != ""):
		return a
	case b.Day.After(a.Day) || b.Day == a.Day && b.PricePer50Kg < a.PricePer50Kg:
		return b
	}
	return a
}
