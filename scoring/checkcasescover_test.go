package scoring

// coverCases of the checks of what stands on the land. The sheds and the forest
// are those of the default credit policy.
func coverCases() []checkCase {
	seen := func(crop string, bright, cycles bool) func(*CountyEvidence) {
		return func(e *CountyEvidence) {
			e.Records.Declarations[2].Crop, e.Records.Subsidies[2].Crop = crop, crop
			e.Records.Policies = e.Records.Policies[:1]
			p := e.plot("plot-b")
			p.BrightCover, p.Vegetated, p.Past = bright, cycles, nil
			if p.Green = 40_00; !cycles {
				p.Cycles, p.Green = nil, 0
			}
		}
	}
	basic := func(e *CountyEvidence) {
		p := e.Parcels["p3"]
		p.Basic = true
		e.Parcels["p3"] = p
	}
	return []checkCase{
		{"LAND_BUILT_OVER", "wheat under a roof", seen("winter_wheat", true, false), "bert/plot-b/LAND_BUILT_OVER"},
		{"LAND_BUILT_OVER", "vegetables under film", seen("greenhouse", true, false), ""},
		{"LAND_BUILT_OVER", "on basic farmland the other check speaks", func(e *CountyEvidence) { seen("winter_wheat", true, false)(e); basic(e) }, "bert/plot-b/NON_GRAIN_ON_BASIC_FARMLAND"},
		{"UNSEEN_LAND_DIFFERS", "mushrooms in the open", seen("mushroom", false, true), "bert/plot-b/UNSEEN_LAND_DIFFERS"},
		{"UNSEEN_LAND_DIFFERS", "sheds between clouds, taken for a cycle", func(e *CountyEvidence) {
			seen("mushroom", false, true)(e)
			e.plot("plot-b").Green = 9_99
		}, ""},
		{"UNSEEN_LAND_DIFFERS", "mushrooms in sheds", seen("mushroom", true, false), ""},
		{"UNSEEN_LAND_DIFFERS", "herbs on bare land", seen("medicinal", false, false), "bert/plot-b/UNSEEN_LAND_DIFFERS"},
		{"UNSEEN_LAND_DIFFERS", "herbs under trees without a cycle", func(e *CountyEvidence) {
			seen("medicinal", false, false)(e)
			e.plot("plot-b").Green = 10_00
		}, ""},
		{"UNSEEN_LAND_DIFFERS", "herbs under film", seen("medicinal", true, false), "bert/plot-b/UNSEEN_LAND_DIFFERS"},
		{"UNSEEN_LAND_DIFFERS", "herbs under trees", seen("medicinal", false, true), ""},
		{"UNSEEN_LAND_DIFFERS", "mushrooms, too few clear looks", func(e *CountyEvidence) {
			seen("mushroom", false, true)(e)
			e.plot("plot-b").ClearDates = 4
		}, ""},
	}
}
