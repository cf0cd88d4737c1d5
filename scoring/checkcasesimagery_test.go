package scoring

// imageryCases of the checks that look from above.
func imageryCases() []checkCase {
	return []checkCase{
		{"CROP_DIFFERS", "another crop", func(e *CountyEvidence) { e.plot("plot-b").Cycles[0].Crop = "rapeseed" }, "bert/plot-b/CROP_DIFFERS"},
		{"CROP_DIFFERS", "another crop, of which the small model is sure enough", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles[0].Crop, e.plot("plot-b").Cycles[0].Model, e.plot("plot-b").Cycles[0].Probability = "rapeseed", "crop-small", 8500
		}, "bert/plot-b/CROP_DIFFERS"},
		{"CROP_DIFFERS", "another crop, of which the large model is not", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles[0].Crop, e.plot("plot-b").Cycles[0].Model, e.plot("plot-b").Cycles[0].Probability = "rapeseed", "crop", 9299
		}, ""},
		{"CROP_DIFFERS", "another crop, unsure", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles[0].Crop, e.plot("plot-b").Cycles[0].Probability = "rapeseed", 7999
		}, ""},
		{"CROP_DIFFERS", "another crop, experimental class", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles[0].Crop, e.plot("plot-b").Cycles[0].InService = "rapeseed", false
		}, ""},
		{"CROP_DIFFERS", "another crop, not assessable", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles[0].Crop, e.plot("plot-b").Cycles[0].Assessable = "rapeseed", false
		}, ""},
		{"CROP_DIFFERS", "another crop, not past its peak", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles[0].Crop, e.plot("plot-b").Cycles[0].Peak = "rapeseed", day("2024-05-01") // as of 20 May, 19 days
		}, ""},
		{"CROP_DIFFERS", "another crop, out of its time of the year", func(e *CountyEvidence) { e.plot("plot-b").Cycles[0].Crop = "soybean" }, ""},
		{"CROP_DIFFERS", "a crop of the same group", func(e *CountyEvidence) { e.plot("plot-b").Cycles[0].Crop = "barley" }, ""},
		{"CROP_DIFFERS", "a crop that models do not know", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles[0].Crop, e.Records.Declarations[2].Crop, e.Records.Subsidies[2].Crop, e.Records.Policies[1].Crop = "grass", "peanut", "peanut", "peanut"
			e.Records.Policies[1].ValidTo = day("2024-10-31")
		}, ""},
		{"CROP_DIFFERS", "an undeclared crop before the declared one", func(e *CountyEvidence) {
			e.Records.Declarations[2].Crop, e.Records.Subsidies[2].Crop, e.Records.Policies[1].Crop = "maize", "maize", "maize"
			e.Records.Policies[1].ValidTo = day("2024-10-31")
			e.plot("plot-b").Past = nil
		}, ""},

		{"CROP_DIFFERS", "green before the declared crop, then the crop", func(e *CountyEvidence) {
			c := seenWheat(1)
			c.Crop, c.Peak, c.Current, c.Complete = "grass", day("2023-11-20"), false, true
			e.plot("plot-b").Cycles = append(e.plot("plot-b").Cycles, c)
		}, ""},

		{"LAND_FALLOW", "nothing grows", func(e *CountyEvidence) {
			e.plot("plot-b").Cycles, e.plot("plot-b").Vegetated = nil, false
		}, "bert/plot-b/LAND_FALLOW"},
		{"LAND_FALLOW", "nothing grows yet", func(e *CountyEvidence) {
			e.AsOf = day("2024-04-14")
			e.plot("plot-b").Cycles, e.plot("plot-b").Vegetated = nil, false
		}, ""},
		{"LAND_FALLOW", "nothing seen, too few clear dates", func(e *CountyEvidence) {
			p := e.plot("plot-b")
			p.Cycles, p.Vegetated, p.ClearDates = nil, false, 4
			e.Records.Policies = e.Records.Policies[:1]
		}, ""},
		{"LAND_FALLOW", "nothing seen, no clear look since the crop was due", func(e *CountyEvidence) {
			p := e.plot("plot-b")
			p.Cycles, p.Vegetated, p.LastClear = nil, false, day("2024-04-14")
			e.Records.Policies = e.Records.Policies[:1]
		}, ""},
		{"LAND_FALLOW", "nothing seen, no clear look while the crop should stand", func(e *CountyEvidence) {
			p := e.plot("plot-b")
			p.Cycles, p.Vegetated, p.LastClear = nil, false, day("2024-05-18")
			p.Looks = []Date{day("2024-01-10"), day("2024-02-10"), day("2024-03-10"), day("2024-03-30"), day("2024-05-18")} // due by 15 April, ripening from 6 May
			e.Records.Policies = e.Records.Policies[:1]
		}, ""},
		{"LAND_FALLOW", "nothing seen on a look while the crop should stand", func(e *CountyEvidence) {
			p := e.plot("plot-b")
			p.Cycles, p.Vegetated, p.LastClear = nil, false, day("2024-05-18")
			p.Looks = []Date{day("2024-01-10"), day("2024-02-10"), day("2024-03-10"), day("2024-04-01"), day("2024-05-18")}
		}, "bert/plot-b/LAND_FALLOW"},
		{"LAND_FALLOW", "nothing seen, too small", func(e *CountyEvidence) {
			p := e.plot("plot-b")
			p.Cycles, p.Vegetated, p.Assessable, p.Reason = nil, false, false, "too_few_pixels"
		}, ""},

		{"INSURED_AREA_EXCEEDS_SEEN", "insured more than is seen", func(e *CountyEvidence) {
			e.Records.Policies[1].ParcelIDs = []string{"p3"}
			e.Records.Policies[1].Area = 22_000_00 // 10 % over the land: allowed there
			e.plot("plot-b").Area = 18_000_00      // 22 % over what is seen
		}, "bert//INSURED_AREA_EXCEEDS_SEEN"},
		{"INSURED_AREA_EXCEEDS_SEEN", "another crop insured where the declared one is seen, though not surely", func(e *CountyEvidence) {
			e.AsOf = day("2024-06-20")
			c := &e.plot("plot-b").Cycles[0]
			c.Probability, c.Current, c.Complete = 7500, false, true
			e.Records.Policies[1].Crop, e.Records.Policies[1].ParcelIDs = "rapeseed", []string{"p3"}
		}, "bert//INSURED_AREA_EXCEEDS_SEEN"},
		{"INSURED_AREA_EXCEEDS_SEEN", "another crop insured where a third is seen, not surely", func(e *CountyEvidence) {
			e.AsOf = day("2024-06-20")
			c := &e.plot("plot-b").Cycles[0]
			c.Crop, c.Probability, c.Current, c.Complete = "grass", 7500, false, true
			e.Records.Policies[1].Crop, e.Records.Policies[1].ParcelIDs = "rapeseed", []string{"p3"}
		}, ""},
		{"INSURED_AREA_EXCEEDS_SEEN", "insured more than is seen, one plot not assessable", func(e *CountyEvidence) {
			e.Records.Policies[1].Area = 22_000_00
			e.plot("plot-b").Area = 18_000_00
			e.Plots = append(e.Plots, SeenPlot{PlotID: "plot-c", GrowerID: "bert", ParcelIDs: []string{"p4"}, Reason: "too_few_pixels"})
		}, ""},

		{"NON_GRAIN_ON_BASIC_FARMLAND", "vineyard on basic farmland", func(e *CountyEvidence) {
			p := e.Parcels["p3"]
			p.Basic = true
			e.Parcels["p3"] = p
			e.plot("plot-b").Cycles[0].Crop = "grapes"
			e.Records.Declarations[2].Crop, e.Records.Subsidies[2].Crop, e.Records.Policies[1].Crop = "grapes", "grapes", "grapes"
			e.Records.Policies[1].ValidTo = day("2024-10-31")
			e.plot("plot-b").Past = nil
		}, "bert/plot-b/NON_GRAIN_ON_BASIC_FARMLAND"},
		{"NON_GRAIN_ON_BASIC_FARMLAND", "wheat on basic farmland", func(e *CountyEvidence) {
			p := e.Parcels["p3"]
			p.Basic = true
			e.Parcels["p3"] = p
		}, ""},
		{"NON_GRAIN_ON_BASIC_FARMLAND", "greenhouse on basic farmland", func(e *CountyEvidence) {
			p := e.Parcels["p3"]
			p.Basic = true
			e.Parcels["p3"] = p
			e.plot("plot-b").Cycles, e.plot("plot-b").Vegetated, e.plot("plot-b").BrightCover = nil, false, true
			e.Records.Policies = e.Records.Policies[:1]
		}, "bert/plot-b/NON_GRAIN_ON_BASIC_FARMLAND"},
		{"NON_GRAIN_ON_BASIC_FARMLAND", "greenhouse on other land", func(e *CountyEvidence) {
			e.Records.Declarations, e.Records.Subsidies, e.Records.Policies = e.Records.Declarations[:2], e.Records.Subsidies[:2], e.Records.Policies[:1]
			e.plot("plot-b").Cycles, e.plot("plot-b").Vegetated, e.plot("plot-b").BrightCover = nil, false, true
		}, ""},

		{"HISTORY_DIFFERS", "new crop", func(e *CountyEvidence) {
			for i := range e.plot("plot-b").Past {
				e.plot("plot-b").Past[i].Crops = []string{"maize"}
			}
		}, "bert/plot-b/HISTORY_DIFFERS"},
		{"HISTORY_DIFFERS", "new crop, one season known", func(e *CountyEvidence) {
			e.plot("plot-b").Past = []PastSeason{{Season: "2023", Crops: []string{"maize"}, Yields: []Yield{4000}, Share: 10_000}}
		}, ""},
	}
}
