package feeds

import (
	"strconv"

	"github.com/parus-lending/parus/scoring"
)

// cost reads a row of a cost survey. It is split where materials and hired
// labour both stand apart, unless the file says so itself.
func cost(r *row) scoring.Cost {
	c := scoring.Cost{
		Provenance: r.provenance(), County: r.code("county"), Crop: r.crop(), Year: r.year("year"),
		Total: r.fen("total_yuan_mu", maxPerMu), Materials: r.fen("materials_yuan_mu", maxPerMu),
		HiredLabour: r.fen("hired_labour_yuan_mu", maxPerMu), FamilyLabour: r.fen("family_labour_yuan_mu", maxPerMu),
		Rent: r.fen("rent_yuan_mu", maxPerMu), OwnLand: r.fen("own_land_yuan_mu", maxPerMu),
		Production: r.fen("production_yuan_mu", maxPerMu), Labour: r.fen("labour_yuan_mu", maxPerMu), Land: r.fen("land_yuan_mu", maxPerMu),
		NetProfit: r.signed("net_profit_yuan_mu", maxPerMu), CashIncome: r.signed("cash_income_yuan_mu", maxPerMu),
		PricePer50Kg: r.fen("price_yuan_50kg", maxPrice),
	}
	c.YieldKgPerMu, _ = r.kgPerMu("yield_kg_mu")
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
	r.set("split", strconv.FormatBool(c.Split))
	r.checkSums(c)
	return c
}

// checkSums holds a row to the sums of the official layout, to the yuan.
func (r *row) checkSums(c scoring.Cost) {
	for _, x := range []struct {
		name  string
		sum   scoring.Fen
		parts []scoring.Fen
	}{
		{"total_yuan_mu", c.Total, []scoring.Fen{c.Production, c.Land}},
		{"production_yuan_mu", c.Production, []scoring.Fen{c.Materials, c.Labour}},
		{"labour_yuan_mu", c.Labour, []scoring.Fen{c.FamilyLabour, c.HiredLabour}},
		{"land_yuan_mu", c.Land, []scoring.Fen{c.Rent, c.OwnLand}},
	} {
		sum := x.parts[0] + x.parts[1]
		whole := x.sum != 0 && x.parts[0] != 0 && x.parts[1] != 0
		if part := max(x.parts[0], x.parts[1]); whole && (sum-x.sum > 100 || x.sum-sum > 100) || x.sum != 0 && part > x.sum+100 {
			r.reject(x.name, "it is not the sum of its two parts, to the yuan", "total = production + land; production = materials and services + labour; labour = family + hired; land = rent + own land")
		}
	}
}

func statistic(r *row) scoring.Statistic {
	s := scoring.Statistic{Provenance: r.provenance(), County: r.code("county"), Crop: r.crop(), Year: r.year("year")}
	var ok bool
	if s.Yield, ok = r.kgPerMu("yield_kg_mu"); ok && s.Yield == 0 {
		r.reject("yield_kg_mu", "the yield is 0", "leave the row out where the yield is not known")
	}
	return s
}
