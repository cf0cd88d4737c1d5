package sample

import (
	"strings"
)

// stand is one crop's part of a year: the curve of a table from one day to
// another, moved by some days.
type stand struct {
	crop     string // as declared
	table    string // in spectra.csv
	from, to float64
	move     float64 // days later than the table
	planted  string  // month and day; a day after August belongs to the year before
}

// rotation is what grows on a field in a year.
type rotation struct {
	stands []stand
	weight float64
	kind   string // arable, greenhouse, bare
}

func (r rotation) crops() []string {
	var out []string
	for _, s := range r.stands {
		if s.crop != "" {
			out = append(out, s.crop)
		}
	}
	return out
}

func (r rotation) name() string { return strings.Join(r.crops(), "+") }

// rotations of the county with their shares. Wheat is cut at the end of May,
// earlier than where its table comes from, and the rice after it is planted in
// June, so both curves are moved; wheat and soybean after it were measured
// together. Maize after wheat, common as it is, is left out: so late in the
// year the networks take it for soybean, and a sample must not plant findings
// that nobody planted.
var rotations = []rotation{
	{[]stand{{"winter_wheat", "winter_wheat", 0, 146, -34, "10-15"}, {"rice", "rice", 146, 366, 12, "06-14"}}, 26, "arable"},
	{[]stand{{"winter_wheat", "winter_wheat+soybean", 0, 168, 0, "10-15"}, {"soybean", "winter_wheat+soybean", 168, 366, 0, "06-12"}}, 16, "arable"},
	{[]stand{{"rice", "rice", 0, 366, 0, "05-10"}}, 22, "arable"},
	{[]stand{{"maize", "maize", 0, 366, 4, "04-25"}}, 14, "arable"},
	{[]stand{{"soybean", "soybean", 0, 366, 0, "05-20"}}, 10, "arable"},
	{[]stand{{"cotton", "cotton", 0, 366, 0, "04-25"}}, 8, "arable"},
}

var (
	greenhouse = rotation{stands: []stand{{"", "greenhouse", 0, 366, 0, ""}}, kind: "greenhouse"}
	forest     = rotation{stands: []stand{{"", "cherry", 0, 366, 0, ""}}, kind: "forest"}
	bare       = rotation{stands: []stand{{"", "bare_soil", 0, 366, 0, ""}}, kind: "bare"}
)

// Industries that nobody can judge from above: under film, and under trees.
var (
	vegetables = rotation{stands: []stand{{"greenhouse", "greenhouse", 0, 366, 0, "09-01"}}, kind: "greenhouse"}
	mushrooms  = rotation{stands: []stand{{"mushroom", "greenhouse", 0, 366, 0, "09-01"}}, kind: "greenhouse"}
	herbs      = rotation{stands: []stand{{"medicinal", "cherry", 0, 366, 0, "03-20"}}, kind: "forest"}
)

// single gives the rotation of one crop alone.
func single(crop string) rotation {
	for _, r := range rotations {
		if len(r.stands) == 1 && r.stands[0].crop == crop {
			return r
		}
	}
	panic("no rotation of " + crop)
}

// draw picks a rotation by weight.
func draw(c chance) rotation {
	total := 0.0
	for _, r := range rotations {
		total += r.weight
	}
	x := c.Float64() * total
	for _, r := range rotations {
		if x -= r.weight; x < 0 {
			return r
		}
	}
	return rotations[0]
}

// canopy is the field's reflectance on a day of the year.
func (f *field) canopy(tables map[string]*curve, day float64) spectrum {
	soil, _ := tables["bare_soil"].on(day)
	var out spectrum
	for i, s := range f.grown.stands {
		here := f.stand(tables, s, day, soil)
		if i == 0 {
			out = here
			continue
		}
		at := day - s.from - f.shift // days since the change of crops
		out = blend(out, here, ramp(at, -6, 6))
		out = blend(out, soil, .6*ramp(at, -10, 0)*(1-ramp(at, 12, 24))) // stubble, then tilled land
	}
	if f.grown.kind == "bare" {
		weeds, _ := tables["fallow"].on(day)
		out = blend(out, weeds, .25)
	}
	if f.flooded && out.ndvi() < .45 {
		water, _ := tables["water"].on(day)
		out = blend(out, water, .7*ramp(day, 135, 143)*(1-ramp(day, 160, 172)))
	}
	return out
}

func ramp(x, a, b float64) float64 { return max(0, min(1, (x-a)/(b-a))) }

// stand is one crop's median with the field's own deviation: vigour moves the
// near infrared up and the visible down where there are leaves, brightness moves
// all bands together; both hold all year, so curves keep their shape.
func (f *field) stand(tables map[string]*curve, s stand, day float64, soil spectrum) spectrum {
	mid, spread := tables[s.table].on(day - s.move - f.shift)
	leaves := .2 + .8*ramp(mid.ndvi(), .3, .6) // bare ground has no vigour
	for b := range mid {
		up := -.6
		if b >= 4 && b <= 7 { // B06, B07, B08, B8A
			up = 1
		}
		mid[b] += spread[b] / 1.349 * .6 * (f.vigour*up*leaves + .7*f.bright)
		mid[b] = max(mid[b], .005)
	}
	if f.grown.kind == "arable" {
		// Next winter's seed shows only a breath of green by the end of the year.
		end := ramp(day, 310, 335)
		if v := mid.ndvi(); v > .3 && end > 0 {
			mid = blend(mid, soil, end*.75)
		}
	}
	return mid
}

// giveCrops decides what every field declares and grows, before any fault.
func (t *tenure) giveCrops(seed int64) {
	c := newChance(seed, "crops")
	flooded := 0
	for _, f := range t.fields {
		f.declared = draw(c)
		f.grown = f.declared
		f.vigour, f.bright = c.normal(1.6), c.normal(1.6)
		f.shift = c.normal(2.3) * 3
		last := f.declared.stands[len(f.declared.stands)-1].crop
		if last == "rice" && (flooded == 0 || c.Float64() < .25) {
			f.flooded = true
			flooded++
		}
		use := "012"
		if last == "rice" {
			use = "011"
		}
		for _, p := range f.parcels {
			p.use = use
		}
	}
}
