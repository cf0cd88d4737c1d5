package feeds

import "github.com/parus-lending/parus/scoring"

// cost reads a row of a cost survey. It is split where materials and hired
// labour both stand apart, unless the file says so itself.
func cost(r *row) scoring.Cost {
	c := scoring.Cost{
		Provenance: r.provenance(), County: r.code("county"), Crop: r.crop(), Year: r.year("year"),
		Total: r.fen("total_yuan_mu", maxPerMu), Materials: r.fen("materials_yuan_mu", maxPerMu),
		HiredLabour: r.fen("hired_labour_yuan_mu", maxPerMu), FamilyLabour: r.fen("family_labour_yuan_mu", maxPerMu),
		Rent: r.fen("rent_yuan_mu", maxPerMu), OwnLand: r.fen("own_land_yuan_mu", maxPerMu),
		PricePer50Kg: r.fen("price_yuan_50kg", maxPrice),
	}
	kg, _ := r.amount("yield_kg_mu", maxYield)
	c.YieldKgPerMu = scoring.YieldOfKg(kg)
	materials, _ := r.raw("materials_yuan_mu")
	labour, _ := r.raw("hired_labour_yuan_mu")
	yes, given := r.yesNo("split")
	c.Split = yes || !given && materials != "" && labour != ""
	if c.Split && c.Materials+c.HiredLabour == 0 {
		r.rejectRow("the row is called split, but has neither materials nor hired labour", "fill them in, or set split to false")
	}
	if !c.Split && c.Total == 0 {
		r.rejectRow("there is neither a total nor materials and hired labour", "fill in one of them")
	}
	return c
}

func statistic(r *row) scoring.Statistic {
	s := scoring.Statistic{Provenance: r.provenance(), County: r.code("county"), Crop: r.crop(), Year: r.year("year")}
	x, ok := r.amount("yield_kg_mu", maxYield)
	if s.Yield = scoring.YieldOfKg(x); ok && s.Yield == 0 {
		r.reject("yield_kg_mu", "the yield is 0", "leave the row out where the yield is not known")
	}
	return s
}
