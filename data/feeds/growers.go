package feeds

import (
	"encoding/json"

	"github.com/parus-lending/parus/scoring"
)

var kinds = words{
	"person": "person", "个人": "person", "2": "person", "自然人": "person",
	"household": "household", "农户": "household", "1": "household", "普通农户": "household", "种植大户": "household", "专业大户": "household",
	"family_farm": "family_farm", "家庭农场": "family_farm",
	"coop": "coop", "合作社": "coop", "农民专业合作社": "coop",
	"company": "company", "公司": "company", "企业": "company", "3": "company", "单位": "company", "农业企业": "company",
}

var purposes = words{
	"production": "production", "生产": "production", "种植": "production", "生产经营": "production", "农业生产": "production", "流动资金": "production",
	"equipment": "equipment", "农机": "equipment", "设备": "equipment", "购置农机": "equipment",
	"other": "other", "其他": "other", "消费": "other", "住房": "other",
}

func rosterEntry(r *row) scoring.RosterEntry {
	e := scoring.RosterEntry{
		Provenance: r.provenance(), GrowerID: r.person(), Kind: r.choice("kind", kinds), Product: r.text("product"),
		Requested: r.fen("requested_yuan", maxYuan), DeclaredDebt: r.fen("declared_debt_yuan", maxYuan),
	}
	if v, _ := r.raw("household_id"); v != "" { // often the head's own number: always a keyed code
		e.HouseholdID = v
		if !r.s.stored {
			e.HouseholdID = r.s.opt.Key.Pseudonym("household", v)
		}
		r.set("household_id", e.HouseholdID)
	}
	for _, c := range r.s.extras {
		if c.index < len(r.cells) {
			if v := r.s.publicText(narrow(r.cells[c.index])); v != "" {
				if e.Extras == nil {
					e.Extras = map[string]string{}
				}
				e.Extras[c.heading] = v
			}
		}
	}
	if r.s.stored {
		if v := r.plain("extras"); v != "" && json.Unmarshal([]byte(v), &e.Extras) != nil {
			r.reject("extras", "it is no JSON object of texts", "import the roster anew")
		}
	} else if e.Extras != nil {
		b, _ := json.Marshal(e.Extras) // texts always can be written
		r.set("extras", string(b))
	}
	return e
}

func declaration(r *row) scoring.Declaration {
	d := scoring.Declaration{
		Provenance: r.provenance(), GrowerID: r.person(), ParcelID: r.parcel("parcel_id"), Season: r.season(),
		Crop: r.crop(), Area: scoring.AreaOfM2(r.area()), Planting: r.date("planting"), Cost: r.fen("cost_yuan_mu", maxPerMu),
	}
	d.Yield, _ = r.kgPerMu("yield_kg_mu")
	return d
}

func policy(r *row) scoring.Policy {
	p := scoring.Policy{
		Provenance: r.provenance(), PolicyID: r.code("policy_id"), GrowerID: r.person(), Crop: r.crop(),
		Area: scoring.AreaOfM2(r.area()), ParcelIDs: r.parcelList("parcel_ids"), Village: r.place("village"),
		SumInsuredPerMu: r.fen("sum_insured_per_mu_yuan", maxPerMu), Beneficiary: r.text("beneficiary"), Pledged: r.fen("pledged_yuan", maxYuan),
	}
	if len(p.ParcelIDs) == 0 {
		r.s.odd["area_only"]++
	}
	return p
}

func subsidy(r *row) scoring.Subsidy {
	return scoring.Subsidy{
		Provenance: r.provenance(), SubsidyID: r.code("subsidy_id"), GrowerID: r.person(), ParcelID: r.parcel("parcel_id"),
		Season: r.season(), Crop: r.crop(), Area: scoring.AreaOfM2(r.area()),
	}
}

// debt keeps a loan whose purpose it does not know: a debt that is lost would
// raise a limit.
func debt(r *row) scoring.Debt {
	d := scoring.Debt{
		Provenance: r.provenance(), DebtID: r.code("debt_id"), GrowerID: r.person(), Lender: r.text("lender"),
		Purpose: "other", Season: r.season(), Outstanding: r.fen("outstanding_yuan", maxYuan), Due: r.date("due"),
		DaysPastDue: r.whole("days_past_due"), ParcelIDs: r.parcelList("parcel_ids"),
	}
	if v, _ := r.raw("purpose"); v != "" {
		if p, ok := purposes.find(v); ok {
			d.Purpose = p
		} else {
			r.s.odd["purpose_unknown"]++
		}
	}
	r.set("purpose", d.Purpose)
	return d
}
