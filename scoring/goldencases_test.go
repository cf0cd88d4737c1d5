package scoring

import "github.com/parus-lending/parus/parcels"

// goldenCases change the clean county. The numbers under ByHand are worked out
// in testdata/golden/README.md.
func goldenCases() map[string]golden {
	one := func(note string, h byHand, change func(*CountyEvidence)) golden {
		ev := county()
		change(ev)
		return golden{Note: note, ByHand: map[string]byHand{"anna": h}, Evidence: ev}
	}
	noCycles := func(ev *CountyEvidence) {
		for i := range ev.Plots {
			ev.Plots[i].Cycles, ev.Plots[i].Vegetated = nil, false
		}
	}
	clean := golden{Note: "Mid-season, all records agree: the need binds.", Evidence: county(), ByHand: map[string]byHand{
		"anna": {Admit, 3500_00, "need", 3562_65, 0, "2024-08-11", restsImagery, "BOUND_BY_need"},
		"bert": {Admit, 2700_00, "need", 2740_50, 0, "2024-08-11", restsImagery, "BOUND_BY_need"},
	}}
	lent := func(note string, h byHand, change func(*CountyEvidence), policy ...[2]string) golden {
		g := one(note, h, change)
		g.Policy = policy
		return g
	}
	same := func(*CountyEvidence) {}
	referred := func(code string) byHand {
		return byHand{Refer, 3500_00, "need", 3562_65, 0, "2024-08-11", restsImagery, code}
	}
	also := func(g golden, what ...string) golden {
		g.Also = map[string]string{}
		for i := 0; i < len(what); i += 2 {
			g.Also[what[i]] = what[i+1]
		}
		return g
	}
	struck := func(late int) func(*CountyEvidence) { // drought on p2, a production loan of ¥1,000 this season
		return func(ev *CountyEvidence) {
			ev.Records.Roster[0].DeclaredDebt = 6000_00
			ev.Records.Debts = append(ev.Records.Debts, Debt{Provenance: rec("debts.csv:3"), DebtID: "d2", GrowerID: "anna", Lender: "bank-1", Purpose: "production", Season: "2024", Outstanding: 1000_00, Due: day("2024-08-01"), DaysPastDue: late})
			ev.Records.Disasters = []Disaster{{Provenance: term("disasters.csv:2", "2024-04-01", "2024-05-01"), NoticeID: "n1", Kind: "drought", Level: 2, Places: []string{"p2"}}}
		}
	}
	relief := [2]string{"[feeds]\n", "[relief]\nworst_level = 2\nmin_loss_percent = 30\nmin_share_percent = 50\nkinds = []\nextension_days = 180\nrenew_within_days = 120\n\n[feeds]\n"}
	return map[string]golden{
		"household": {Note: "The wife applies on land contracted to her husband; their son owes a production loan.", Evidence: acted(wifeApplies()),
			ByHand: map[string]byHand{"carla": {Admit, 2200_00, "need", 2740_50, 500_00, "2024-08-11", restsImagery, "BOUND_BY_need"}}},
		"lease-short-noted": lent("The lease ends before the harvest and the credit policy only notes it: the need counts the stages that the lease covers, and no sale.",
			byHand{Admit, 3600_00, "need", 3647_70, 0, "2024-08-11", restsImagery, "BOUND_BY_need"},
			func(ev *CountyEvidence) {
				ev.AsOf = day("2024-05-01")
				ev.Records.Transfers[0].ValidTo = day("2024-06-10")
				f := ev.Farmers["p2"]
				f.Until = day("2024-06-10")
				ev.Farmers["p2"] = f
			}, [2]string{`LEASE_ENDS_BEFORE_HARVEST.severity = "refer"`, `LEASE_ENDS_BEFORE_HARVEST.severity = "warn"`}),
		"market-price": lent("Wheat is quoted far below the survey, and the state's minimum price holds it up: what sales can repay binds.",
			byHand{Admit, 3300_00, "capacity", 3324_24, 0, "2024-08-11", restsImagery, "BOUND_BY_capacity"},
			func(ev *CountyEvidence) {
				price := func(row, kind, on string, fen Fen) Price {
					return Price{Provenance: rec("prices.csv:" + row), Crop: "winter_wheat", Kind: kind, Day: day(on), PricePer50Kg: fen}
				}
				ev.Records.Prices = []Price{price("2", "farm_gate", "2024-05-01", 20_00), price("3", "minimum", "2023-10-10", 30_00),
					price("4", "farm_gate", "2023-10-01", 10_00), price("5", "wholesale", "2024-05-10", 5_00)}
			}, [2]string{"[costs]\n", "[costs]\nmarket_days = 180\n"}),
		"disaster": also(lent("A drought over two thirds of the land, a poor crop and a loan out of it: putting the loan off would raise the limit until the need binds.",
			byHand{Admit, 2400_00, "capacity", 3499_20, 1000_00, "2024-08-11", restsImagery, "BOUND_BY_capacity"},
			func(ev *CountyEvidence) {
				struck(0)(ev)
				ev.plot("plot-a").Cycles[0].YieldP25 = 1000
			}, relief), "extensions", "d2 2024-08-01 to 2025-01-28", "raises", "PUT_OFF +¥100.00; REPAY_OTHERS +¥100.00"),
		"disaster-overdue": also(lent("95 days behind after a drought: relief would put the loan off, so a person decides instead of a refusal.",
			byHand{Refer, 2500_00, "need", 3562_65, 1000_00, "2024-08-11", restsImagery, "OVERDUE_DEBT"}, struck(95), relief), "extensions", "d2 2024-08-01 to 2025-01-28"),
		"tranches": also(lent("The loan is released by stages: the first at once, the second when its stage comes and planting has been seen.",
			byHand{Admit, 6300_00, "need", 6388_20, 0, "2024-08-14", restsHistory, "BOUND_BY_need"},
			func(ev *CountyEvidence) { ev.AsOf = day("2024-01-10"); noCycles(ev) },
			[2]string{"insured_applies = false", "schedule = \"tranches\"\ninsured_applies = false"}),
			"tranches", "growing ¥2,700.00 from 2024-01-10, none, released true; harvest ¥3,600.00 from 2024-05-11, PLANTING_SEEN, released false"),
		"quota": lent("Most of what the county may lend to one grower is used.",
			byHand{Admit, 2500_00, "quota", 5000_00, 2450_50, "2024-08-11", restsImagery, "BOUND_BY_quota"}, same,
			[2]string{"applies = false\ntotal_yuan = 0\nused_yuan = 0", "applies = true\ntotal_yuan = 5000\nused_yuan = 2450.5"}),
		"out-of-force": lent("The credit policy ended the day before.", referred("CREDIT_POLICY_NOT_EFFECTIVE"), same,
			[2]string{`effective_to = ""`, `effective_to = "2024-05-19"`}),
		"out-of-scope": lent("The credit policy is for another county.", referred("OUT_OF_SCOPE"), same,
			[2]string{"[feeds]\n", "[scope]\ncounties = [\"110101\"]\n\n[feeds]\n"}),
		"unseen-industry": lent("The industry cannot be judged from above: records speak, an officer looks.",
			byHand{Refer, 3500_00, "need", 3562_65, 0, "2024-08-14", restsDeclaration, "OFFICER_MUST_SEE"}, same,
			[2]string{"[feeds]\n", "[industries.hidden]\ncrops = [\"winter_wheat\"]\nunseen = true\n\n[feeds]\n"}),
		"unseen-unproven": lent("The same, and the grower has sold nothing and shows no meter.",
			byHand{Refer, 3500_00, "need", 3562_65, 0, "2024-08-14", restsDeclaration, "OFFICER_MUST_SEE"}, same,
			[2]string{"[feeds]\n", "[industries.hidden]\ncrops = [\"winter_wheat\"]\nunseen = true\nself_proof = [\"purchases\", \"meters\"]\n\n[feeds]\n"}),
		"unseen-proven": lent("The same, and he has sold some.",
			byHand{Refer, 3500_00, "need", 3562_65, 0, "2024-08-14", restsDeclaration, "OFFICER_MUST_SEE"},
			func(ev *CountyEvidence) {
				ev.Records.Purchases = []Purchase{{Provenance: rec("purchases.csv:2"), GrowerID: "anna", Crop: "winter_wheat", Day: day("2024-01-04"), Grams: 900_000}}
			},
			[2]string{"[feeds]\n", "[industries.hidden]\ncrops = [\"winter_wheat\"]\nunseen = true\nself_proof = [\"purchases\", \"meters\"]\n\n[feeds]\n"}),
		"unseen-open": lent("Mushrooms are declared, wheat stands in the open: the land is not as claimed.",
			byHand{Outcome: Refer, Limit: 0, Reason: "UNSEEN_LAND_DIFFERS"},
			func(ev *CountyEvidence) {
				for i := range 2 {
					ev.Records.Declarations[i].Crop, ev.Records.Subsidies[i].Crop = "mushroom", "mushroom"
				}
				ev.Records.Policies = ev.Records.Policies[1:]
				ev.plot("plot-a").Green = 40_00
			},
			[2]string{"[feeds]\n", "[industries.sheds]\ncrops = [\"mushroom\"]\nunseen = true\nground = \"covered\"\n\n[feeds]\n"}, mushroomRules),
		"override": lent("Households are financed to half: the override wins over the file.",
			byHand{Admit, 2500_00, "need", 2544_75, 0, "2024-08-11", restsImagery, "BOUND_BY_need"}, same,
			[2]string{"[feeds]\n", "[[override]]\noperators = [\"household\"]\nwhy = \"pilot\"\n[override.set.products.season]\nfinanced_share_percent = 50\n\n[feeds]\n"}),
		"product-unknown": one("The product applied for does not exist: sized as the default.", referred("PRODUCT_UNKNOWN"),
			func(ev *CountyEvidence) { ev.Records.Roster[0].Product = "gold" }),
		"undeclared": one("Nothing is declared and nothing can be seen yet.",
			byHand{Outcome: Refer, Reason: "NO_DECLARATION"},
			func(ev *CountyEvidence) {
				ev.AsOf = day("2024-01-10")
				noCycles(ev)
				ev.Records.Declarations = ev.Records.Declarations[2:]
			}),
		"policy-too-short": one("The policy ends before the harvest.", referred("POLICY_ENDS_BEFORE_HARVEST"),
			func(ev *CountyEvidence) { ev.Records.Policies[0].ValidTo = day("2024-06-10") }),
		"few-dates": one("Two clear looks are too few.",
			byHand{Outcome: NotAssessable, Reason: "TOO_FEW_DATES"},
			func(ev *CountyEvidence) {
				p := ev.plot("plot-a")
				p.ClearDates, p.Assessable, p.Reason, p.Cycles, p.Vegetated = 2, false, "too_few_dates", nil, false
			}),
		"yield-unknown": lent("Nobody says what the land yields.",
			byHand{Outcome: Refer, Reason: "YIELD_UNKNOWN"},
			func(ev *CountyEvidence) {
				ev.plot("plot-a").Cycles[0].YieldP25 = 0
				ev.Records.Statistics, ev.Records.Costs[0].YieldKgPerMu = nil, 0
			}, [2]string{"yield_p25_kg_mu = 370\n", "yield_p25_kg_mu = 0\n"}),
		"cost-unknown": one("The credit policy does not know the crop.",
			byHand{Outcome: Refer, Reason: "COST_UNKNOWN"},
			func(ev *CountyEvidence) {
				for i := range 2 {
					ev.Records.Declarations[i].Crop, ev.Records.Subsidies[i].Crop = "saffron", "saffron"
				}
				ev.Records.Policies = ev.Records.Policies[1:]
			}),
		"score-low": lent("Points are short though no single item costs any.", referred("SCORE_LOW"), same,
			[2]string{"admit = 55", "admit = 95"}, [2]string{", { from = 50, points = 18 }", ""}, [2]string{", { from = 36, points = 20 }", ""},
			[2]string{", { from = 40, points = 7 }", ""}),
		"warnings": one("Three small contradictions.", referred("TOO_MANY_WARNINGS"),
			func(ev *CountyEvidence) {
				for i := range 3 {
					ev.Overlaps = append(ev.Overlaps, Overlap{A: "p1", B: "p3", Area: Area(700_00 + i)})
				}
			}),
		"below-minimum": one("Little is left to lend: less than the least amount.",
			byHand{Decline, 0, "need", 3562_65, 2600_00, "2024-08-11", restsImagery, "LIMIT_BELOW_MINIMUM"},
			func(ev *CountyEvidence) {
				ev.Records.Roster[0].DeclaredDebt = 7600_00
				ev.Records.Debts = append(ev.Records.Debts, Debt{Provenance: rec("debts.csv:3"), DebtID: "d2", GrowerID: "anna", Lender: "bank-1", Purpose: "production", Season: "2024", Outstanding: 2600_00, Due: day("2024-08-01")})
			}),
		"midseason": clean,
		"planting": one("The crop cannot be seen yet: declaration, history and statistics.",
			byHand{Admit, 6300_00, "need", 6388_20, 0, "2024-08-14", restsHistory, "BOUND_BY_need"},
			func(ev *CountyEvidence) { ev.AsOf = day("2024-01-10"); noCycles(ev) }),
		"capacity": one("A poor crop: what sales can repay binds.",
			byHand{Admit, 3400_00, "capacity", 3499_20, 0, "2024-08-11", restsImagery, "BOUND_BY_capacity"},
			func(ev *CountyEvidence) { ev.plot("plot-a").Cycles[0].YieldP25 = 1000 }),
		"drawn": one("A production loan of this season is already drawn.",
			byHand{Admit, 2500_00, "need", 3562_65, 1000_00, "2024-08-11", restsImagery, "BOUND_BY_need"},
			func(ev *CountyEvidence) {
				ev.Records.Roster[0].DeclaredDebt = 6000_00
				ev.Records.Debts = append(ev.Records.Debts, Debt{Provenance: rec("debts.csv:3"), DebtID: "d2", GrowerID: "anna", Lender: "bank-1", Purpose: "production", Season: "2024", Outstanding: 1000_00, Due: day("2024-08-01")})
			}),
		"repaid-from-sales": one("A debt to another lender falls due out of the same sales.",
			byHand{Admit, 1200_00, "capacity", 13296_96, 12000_00, "2024-08-11", restsImagery, "BOUND_BY_capacity"},
			func(ev *CountyEvidence) {
				ev.Records.Roster[0].DeclaredDebt = 17_000_00
				ev.Records.Debts = append(ev.Records.Debts, Debt{Provenance: rec("debts.csv:3"), DebtID: "d2", GrowerID: "anna", Lender: "bank-2", Purpose: "equipment", Outstanding: 12_000_00, Due: day("2024-08-11")})
			}),
		"insured": one("The product lends on the policy; most of the cover is pledged.",
			byHand{Admit, 2900_00, "insured", 12960_00, 10_000_00, "2024-08-11", restsImagery, "BOUND_BY_insured"},
			func(ev *CountyEvidence) {
				ev.Records.Roster[0].Product = "insured_season"
				ev.Records.Policies[0].Pledged = 10_000_00
			}),
		"insured-without-policy": one("The product lends on the policy, there is none: the constraint does not apply, a person decides.",
			byHand{Refer, 4000_00, "need", 4071_60, 0, "2024-08-11", restsImagery, "INSURANCE_MISSING"},
			func(ev *CountyEvidence) {
				ev.Records.Roster[0].Product = "insured_season"
				ev.Records.Policies = ev.Records.Policies[1:]
			}),
		"cap": one("An old production loan leaves little of the product's cap.",
			byHand{Admit, 1000_00, "cap", 300_000_00, 299_000_00, "2024-08-11", restsImagery, "BOUND_BY_cap"},
			func(ev *CountyEvidence) {
				ev.Records.Roster[0].DeclaredDebt = 304_000_00
				ev.Records.Debts = append(ev.Records.Debts, Debt{Provenance: rec("debts.csv:3"), DebtID: "d2", GrowerID: "anna", Lender: "bank-1", Purpose: "production", Season: "2023", Outstanding: 299_000_00, Due: day("2025-12-31")})
			}),
		"smallest-area": one("Three witnesses of p1's area disagree a little: the smallest counts.",
			byHand{Admit, 3400_00, "need", 3425_62, 0, "2024-08-11", restsImagery, "BOUND_BY_need"},
			func(ev *CountyEvidence) {
				ev.Records.Contracts[0].AreaM2 = 5700
				ev.Records.Declarations[0].Area = 5000_00
			}),
		"cost-not-split": one("The cost survey has only a total.",
			byHand{Admit, 3000_00, "need", 3014_55, 0, "2024-08-11", restsImagery, "BOUND_BY_need"},
			func(ev *CountyEvidence) { ev.Records.Costs[0].Split = false }),
		"two-crops": one("July: wheat is cut and not yet sold, maize is declared and not yet to be seen.",
			byHand{Admit, 7300_00, "need", 7338_24, 0, "2024-12-04", restsDeclaration, "BOUND_BY_need"},
			func(ev *CountyEvidence) {
				ev.AsOf = day("2024-07-15")
				for i := range ev.Plots {
					ev.Plots[i].Cycles[0].Current, ev.Plots[i].Cycles[0].Complete = false, true
				}
				for _, id := range []string{"p1", "p2"} {
					ev.Records.Declarations = append(ev.Records.Declarations, Declaration{Provenance: rec("declarations.csv:" + id), GrowerID: "anna", ParcelID: id, Season: "2024", Crop: "maize", Planting: day("2024-06-14")})
				}
			}),
		"season-over": one("The crop is cut: nothing is left to finance.",
			byHand{Decline, 0, "need", 0, 0, "2024-08-11", restsImagery, "SEASON_OVER"},
			func(ev *CountyEvidence) {
				ev.AsOf = day("2024-07-15")
				for i := range ev.Plots {
					ev.Plots[i].Cycles[0].Current, ev.Plots[i].Cycles[0].Complete = false, true
				}
			}),
		"slivers": one("Too narrow to be seen.",
			byHand{Outcome: NotAssessable, Reason: "TOO_FEW_PIXELS"},
			func(ev *CountyEvidence) {
				p := ev.plot("plot-a")
				p.InsidePixels, p.Assessable, p.Reason, p.Cycles, p.Vegetated = 1, false, "too_few_pixels", nil, false
			}),
		"slivers-pledged-twice": one("Too narrow to be seen; a fault in the records still declines.",
			byHand{Outcome: Decline, Reason: "LAND_PLEDGED_TWICE"},
			func(ev *CountyEvidence) {
				p := ev.plot("plot-a")
				p.InsidePixels, p.Assessable, p.Reason, p.Cycles, p.Vegetated = 1, false, "too_few_pixels", nil, false
				ev.Records.Debts = append(ev.Records.Debts, Debt{Provenance: rec("debts.csv:3"), DebtID: "d2", GrowerID: "anna", Lender: "bank-2", Purpose: "other", Outstanding: 100_00, Due: day("2025-12-31"), ParcelIDs: []string{"p1"}})
			}),
		"half-slivers": one("One plot can be seen, one cannot: only the first counts.",
			byHand{Admit, 2700_00, "need", 2740_50, 0, "2024-08-11", restsImagery, "BOUND_BY_need"},
			func(ev *CountyEvidence) {
				// p1 becomes a sliver; p2 stays: 18 mu leased.
				p := ev.plot("plot-a")
				p.ParcelIDs, p.Area = []string{"p2"}, 12000_00
				ev.Plots = append(ev.Plots, SeenPlot{PlotID: "plot-c", GrowerID: "anna", ParcelIDs: []string{"p1"}, Area: 6000_00, InsidePixels: 2, ClearDates: 9, Reason: "too_few_pixels"})
			}),
		"experimental": one("The crop is seen, but its class is not in service.",
			byHand{Outcome: NotAssessable, Reason: "CROP_NOT_CONFIRMED"},
			func(ev *CountyEvidence) { ev.plot("plot-a").Cycles[0].InService = false }),
		"another-crop": one("Imagery contradicts the declaration: nothing counts, a person decides.",
			byHand{Outcome: Refer, Reason: "CROP_DIFFERS"},
			func(ev *CountyEvidence) { ev.plot("plot-a").Cycles[0].Crop = "rapeseed" }),
		"overdue": one("A debt is 90 days past due.",
			byHand{Outcome: Decline, Reason: "OVERDUE_DEBT"},
			func(ev *CountyEvidence) { ev.Records.Debts[0].DaysPastDue = 90 }),
		"lease-too-short": one("The lease ends before the harvest: a person decides, the limit is shown.",
			byHand{Refer, 3500_00, "need", 3562_65, 0, "2024-08-11", restsImagery, "LEASE_ENDS_BEFORE_HARVEST"},
			func(ev *CountyEvidence) {
				ev.Records.Transfers[0].ValidTo = day("2024-06-10")
				f := ev.Farmers["p2"]
				f.Until = day("2024-06-10")
				ev.Farmers["p2"] = f
			}),
		"feed-missing": one("The debts feed was not given: a person decides.",
			byHand{Refer, 3500_00, "need", 3562_65, 0, "2024-08-11", restsImagery, "FEED_MISSING"},
			func(ev *CountyEvidence) {
				ev.Records.Debts = nil
				ev.Records.Feeds["debts"] = FeedState{}
			}),
		"no-land": one("On the roster, but no land is known.",
			byHand{Outcome: Refer, Reason: "NO_LAND_KNOWN"},
			func(ev *CountyEvidence) {
				ev.Plots = ev.Plots[1:]
				ev.Farmers = map[string]parcels.Farmer{"p3": ev.Farmers["p3"]}
				ev.Records.Contracts, ev.Records.Transfers = ev.Records.Contracts[2:], nil
				ev.Records.Declarations, ev.Records.Policies, ev.Records.Subsidies = ev.Records.Declarations[2:], ev.Records.Policies[1:], ev.Records.Subsidies[2:]
			}),
	}
}

// mushroomRules add the crop to the credit policy of these cases.
var mushroomRules = [2]string{"[crops.winter_wheat]\n", "[crops.mushroom]\ngroup = \"\"\nnon_grain = true\nplanting = \"09-01\"\nvisible = \"12-31\"\nharvest_p75 = \"05-15\"\nunit_cost_yuan_mu = 100\nrent_yuan_mu = 0\nprice_yuan_50kg = 350\nyield_p25_kg_mu = 300\nyear = 2024\nsource = \"test\"\nstages = [{ name = \"all\", until = \"05-15\", share_percent = 100 }]\n\n[crops.winter_wheat]\n"}
