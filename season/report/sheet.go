package report

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/scoring"
)

// sheet is one grower: what is known, seen, found and decided.
type sheet struct {
	Grower       string
	Name         string // only when the reader brought a roster
	Decided      bool
	Decision     *decision
	Outcome      word
	Rests        template.HTML
	Bound        template.HTML
	Rate         string
	Areas        []areaFact
	Constraints  []constraintRow
	Plots        []plotView
	PlotsLeft    int
	Findings     []findingView
	FindingsLeft int
	Witness      witnessView
	Tenure       []tenureRow
}

// areaFact is one of the areas known of a grower's land.
type areaFact struct {
	Label template.HTML
	Value string
}

type constraintRow struct {
	Label            template.HTML
	Applies, Binding bool
	Gross, Used, Net string
	Numbers          template.HTML
}

type plotView struct {
	ID           string
	Mu           float64
	Parcels      []string
	ParcelsLeft  int
	Chart        template.HTML
	InsidePixels float64
	ClearDates   int32
	Declared     template.HTML
	Bright       bool     // bright and bare on most dates
	Assumed      []string // of the parcels' coordinates
	Unread       []string // imagery of the plot that could not be read
	Cycles       []cycleView
}

type cycleView struct {
	rundir.Cycle
	Seen        template.HTML
	Probability string
	Differs     bool
	Harvest     string
	Grade       string
	LAI         string
	P10, P25    string
	P50, P90    string
	YieldOf     template.HTML
	Basis       string
	Why         template.HTML
}

type findingView struct {
	rundir.Finding
	SeverityLabel template.HTML
	What          template.HTML
	Text          template.HTML
	Remedy        template.HTML
}

// sheet gathers a grower, with charts of the first plots only.
func (r *run) sheet(grower string, plots int) sheet {
	s := sheet{Grower: grower, Outcome: noDecided}
	if d := r.decided[grower]; d != nil {
		s.Decided, s.Decision, s.Outcome = true, d, outcomeWord(d.Outcome)
		s.Rests, s.Bound = called(restsWords, d.RestsOn), called(constraintWords, d.Binding)
		s.Rate = number(float64(d.RateBP)/100, 2) + " %"
		for _, c := range d.trace.Constraints {
			s.Constraints = append(s.Constraints, constraintRow{Label: called(constraintWords, c.Name), Applies: c.Applies, Binding: c.Name == d.Binding,
				Gross: yuan(int64(c.Gross)), Used: yuan(int64(c.Used)), Net: yuan(int64(c.Net)), Numbers: numbersOf(c.Numbers)})
		}
	}
	s.Areas = r.areaFacts(grower)
	s.Witness, s.Tenure = r.witnesses(grower), r.tenure(grower)
	for i, p := range r.plotsOf[grower] {
		if i == plots {
			s.PlotsLeft = len(r.plotsOf[grower]) - plots
			break
		}
		s.Plots = append(s.Plots, r.plotView(p))
	}
	for i, f := range r.byGrower[grower] {
		if i == findingsOnFull {
			s.FindingsLeft = len(r.byGrower[grower]) - i
			break
		}
		v := findingView{Finding: f, SeverityLabel: called(severityWords, f.Severity), Text: both(f.Detail, f.DetailZH), What: r.reasonLabel(f.Code)}
		if c, ok := scoring.CheckOf(f.Code); ok {
			v.Remedy = both(c.RemedyEN, c.RemedyZH)
		}
		s.Findings = append(s.Findings, v)
	}
	return s
}

// areaFacts are the areas that a run knows of a grower's land: measured from
// the polygons, counted for the limit, insured, and per crop seen.
func (r *run) areaFacts(grower string) []areaFact {
	var mu float64
	parcels := 0
	for _, p := range r.plotsOf[grower] {
		mu += p.mu()
		parcels += len(p.Parcels)
	}
	out := []areaFact{{both(fmt.Sprintf("farmed, by polygon (%d parcels, %d plots)", parcels, len(r.plotsOf[grower])),
		fmt.Sprintf("经营面积，按图形（%d 地块，%d 田块）", parcels, len(r.plotsOf[grower]))), number(mu, 2) + " mu"}}
	if d := r.decided[grower]; d != nil {
		out = append(out, areaFact{both("counted for the limit (smallest of what witnesses say)", "计入额度（各来源取小）"), number(d.AreaMu, 2) + " mu"})
		for _, c := range d.trace.Constraints {
			if v := c.Numbers.Of("insured"); c.Name == "insured" && v != "" {
				out = append(out, areaFact{both("insured", "投保面积"), v})
			}
		}
	}
	return out
}

var numberWords = map[string][2]string{
	"area": {"area", "面积"}, "financed_share": {"financed share", "融资比例"}, "sales_p25": {"cautious sales (P25)", "保守销售额（P25）"},
	"haircut": {"counted at", "折算"}, "repayment_share": {"for repayment", "还款占比"}, "insured": {"insured", "投保面积"}, "pledge_ratio": {"pledge ratio", "质押率"},
}

// numbersOf writes the numbers behind a constraint, sorted by name.
func numbersOf(numbers scoring.Numbers) template.HTML {
	var out []string
	for _, n := range numbers {
		out = append(out, string(called(numberWords, n.Name))+" "+template.HTMLEscapeString(n.Value))
	}
	return template.HTML(strings.Join(out, " · "))
}

// parcelsListed is how many parcel codes are written out under a plot.
const parcelsListed = 12

func (r *run) plotView(p *plot) plotView {
	v := plotView{ID: p.ID, Mu: p.mu(), Parcels: p.Parcels, Assumed: p.Assumed, Chart: r.plotChart(p.ID)}
	if len(v.Parcels) > parcelsListed {
		v.Parcels, v.ParcelsLeft = v.Parcels[:parcelsListed], len(v.Parcels)-parcelsListed
	}
	for _, c := range r.cycles[p.ID] {
		v.InsidePixels, v.ClearDates, v.Declared = c.InsidePixels, c.ClearDates, cropsLabel(c.CropDeclared)
		v.Bright, v.Unread = c.BrightCover, split(c.Unread)
		w := cycleView{Cycle: c, Seen: cropsLabel(c.Crop), Grade: "–", LAI: value(c.LAIPeak, 1), Probability: "–",
			P10: value(c.YieldP10, 0), P25: value(c.YieldP25, 0), P50: value(c.YieldP50, 0), P90: value(c.YieldP90, 0)}
		if c.CropProbability != nil {
			w.Probability = percent(*c.CropProbability)
		}
		if c.GrowthGrade != nil {
			w.Grade = fmt.Sprint(*c.GrowthGrade)
		}
		if !c.Assessable || c.Reason != "" {
			w.Why = called(stateWords, c.Reason)
		}
		w.Differs = c.Assessable && c.Crop != "" && c.CropDeclared != "" && !strings.Contains("+"+c.CropDeclared+"+", "+"+c.Crop+"+")
		if c.HarvestP50 != "" {
			w.Harvest = c.HarvestP50
			if c.HarvestP25 != c.HarvestP75 {
				w.Harvest = c.HarvestP25 + " – " + c.HarvestP75
			}
		}
		if c.YieldCrop != "" && c.YieldCrop != c.Crop {
			w.YieldOf = cropWord(c.YieldCrop).Label()
		}
		v.Cycles = append(v.Cycles, w)
	}
	return v
}
