package report

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
	"github.com/paulmach/orb"
)

// nasty stands in every free text of the made-up run: a page must show it as
// text.
const nasty = `<script>alert("x")</script>&'`

// makeRun writes the files of a run with n plots, two to a grower, as the batch
// writes them. It is no season: numbers are drawn so that every part of the
// report has something to show.
func makeRun(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	c := rand.New(rand.NewPCG(7, 7))
	var (
		plots  []rundir.Plot
		shapes []rundir.Shape
		cycles []rundir.Cycle
		series []rundir.SeriesRow
		ds     []rundir.Decision
		fs     []rundir.Finding
		areas  []rundir.Area
		agree  []rundir.Agreement
	)
	from, _ := parcels.ParseDate("2024-01-01")
	to, _ := parcels.ParseDate("2024-12-31")
	axis := parcels.Axis(from, to)
	cols := int(math.Ceil(math.Sqrt(float64(n))))
	lon := func(x float64) float64 { return 116.4 + x/(metresPerDegree*math.Cos(33*math.Pi/180)) }
	lat := func(y float64) float64 { return 33 + y/metresPerDegree }
	for i := range n {
		grower := fmt.Sprintf("g%015d", i/2)
		id := fmt.Sprintf("P%06d", i)
		x, y := float64(i%cols)*68+float64(i%cols/9)*25, float64(i/cols)*44+float64(i/cols/12)*25
		mu := 60.0 * 40 * 3 / 2000
		for k := range 2 { // two parcels to a plot
			a, b := x+30*float64(k), x+30*float64(k+1)
			pid := fmt.Sprintf("341599101001%07d", 2*i+k)
			ring := orb.Ring{{lon(a), lat(y)}, {lon(b), lat(y + 3)}, {lon(b), lat(y + 41)}, {lon(a), lat(y + 38)}, {lon(a), lat(y)}}
			shapes = append(shapes, rundir.Shape{ParcelID: pid, PlotID: id, AreaMu: mu / 2, Polygon: orb.MultiPolygon{{ring}}})
			plots = append(plots, rundir.Plot{PlotID: id, ParcelID: pid, GrowerID: grower, AreaM2: 1200, Assumed: "CGCS2000 is taken as equal to WGS 84"})
		}
		crops := [][]string{{"winter_wheat", "maize"}, {"rice"}, {"soybean"}, {"cotton"}, {"winter_wheat", "rice"}, {""}}[c.IntN(6)]
		peaks := []float64{}
		for k, crop := range crops {
			start := 100
			peak := 200
			if len(crops) == 2 {
				start, peak = []int{20, 170}[k], []int{110, 225}[k]
			}
			peaks = append(peaks, float64(peak))
			p, grade, mid := .6+.4*c.Float64(), int32(1+c.IntN(5)), 300+250*c.Float64()
			y10, y25, y90, lai := mid*.75, mid*.87, mid*1.25, 3+3*c.Float64()
			row := rundir.Cycle{ParcelID: id, Cycle: int32(k + 1), Emergence: from.Add(start).String(), Peak: from.Add(peak).String(),
				HarvestP25: from.Add(peak + 45).String(), HarvestP50: from.Add(peak + 50).String(), HarvestP75: from.Add(peak + 57).String(),
				Crop: crop, CropProbability: &p, CropDeclared: strings.Join(crops, "+"), InService: crop != "cotton", GrowthGrade: &grade, LAIPeak: &lai,
				YieldP10: &y10, YieldP25: &y25, YieldP50: &mid, YieldP90: &y90, YieldCrop: crop, Assessable: true, Current: k == len(crops)-1, InsidePixels: 14, ClearDates: 18}
			if crop == "" {
				row = rundir.Cycle{ParcelID: id, CropDeclared: "maize", Reason: "too_few_pixels"}
			}
			if i%17 == 3 && k == 0 {
				row.CropDeclared = "maize"
			}
			if i == 3 {
				row.Unread, row.BrightCover = "S2_20240501 B08;S2_20240511 SCL", true
			}
			cycles = append(cycles, row)
		}
		for k, d := range axis {
			v := .18
			for _, p := range peaks {
				v = max(v, .18+.66*math.Exp(-math.Pow((float64(k*10)-p)/38, 2)))
			}
			v += .02 * c.NormFloat64()
			lai := max(0, (v-.15)*6.5)
			w := 0.0
			if c.Float64() < .6 {
				w = 1
			}
			series = append(series, rundir.SeriesRow{ParcelID: id, Date: d.Start().String(), Usable: w, Weight: w, NDVI: &v, LAI: &lai, FAPAR: &v, InsidePixels: 14, ClearDates: 18})
		}
		paper, low, high := mu*1.04, mu*.8, mu
		areas = append(areas, rundir.Area{GrowerID: grower, PlotID: id, Parcels: 2, Contract: &paper, Polygon: &mu, SeenLow: &low, SeenHigh: &high, Counts: &mu, CountedBy: "seen;surveyed"})
		agree = append(agree, rundir.Agreement{GrowerID: grower, PlotID: id, Subject: "crop", Self: "maize", Government: "rice", Satellite: "maize", Agree: "self-satellite", Differ: "self-government;government-satellite"})
		if i%2 == 1 {
			outcome := []string{"admit", "admit", "admit", "admit", "refer", "refer", "decline", "not_assessable"}[c.IntN(8)]
			limit := int64(0)
			if outcome == "admit" || outcome == "refer" {
				limit = int64(math.Exp(9.3+.7*c.NormFloat64())) / 100 * 100 * 100
			}
			reasons := []scoring.Reason{{Code: "BOUND_BY_need", EN: "The limit follows the cash cost of the season still to come.", ZH: "额度由本季剩余现金投入决定。"}}
			if outcome != "admit" {
				reasons = []scoring.Reason{{Code: "SUBSIDY_CROP_DIFFERS", EN: "Subsidy for rice, declared maize " + nasty, ZH: "补贴作物水稻，申报玉米"}, {Code: "TOO_FEW_PIXELS", EN: "The plots are too small.", ZH: "地块过小。"}}
			}
			tr, err := json.Marshal(map[string]any{"reasons": reasons, "rules": []string{"required_feeds ok", "limit " + nasty}, "constraints": []scoring.Constraint{
				{Name: "need", Applies: true, Gross: 2_500_000, Used: 100_000, Net: 2_400_000, Numbers: scoring.Numbers{{Name: "area", Value: "7.20 mu"}, {Name: "financed_share", Value: "70.00 %"}}},
				{Name: "capacity", Applies: true, Gross: 4_000_000, Net: 4_000_000, Numbers: scoring.Numbers{{Name: "sales_p25", Value: "¥57,000.00"}}},
				{Name: "insured", Applies: false, Numbers: scoring.Numbers{{Name: "insured", Value: "5.00 mu"}}}}})
			if err != nil {
				t.Fatal(err)
			}
			codes := []string{}
			for _, r := range reasons {
				codes = append(codes, r.Code)
			}
			ds = append(ds, rundir.Decision{DecisionID: fmt.Sprintf("d%08x", i), GrowerID: grower, County: "341599", Season: "2024", AsOf: "2024-09-10", Outcome: outcome,
				LimitFen: limit, Binding: []string{"need", "need", "capacity", "cap"}[c.IntN(4)], TenorEnd: "2024-12-15", RateBP: 480, Reasons: strings.Join(codes, ";"),
				RestsOn: "imagery", AreaMu: 7.2, Plots: id, CreditPolicy: "default 1 0123abcd", Models: "crop@1.0.0;lai@2.1.0", Trace: string(tr)})
			if i%14 == 1 {
				fs = append(fs, rundir.Finding{GrowerID: grower, ParcelID: id, Code: "SUBSIDY_CROP_DIFFERS", Severity: "refer", Detail: "Subsidy for rice, declared maize " + nasty, DetailZH: "补贴作物与申报不一致",
					Numbers: "area=3.60 mu", Witnesses: "subsidies.csv:12; declarations.csv:3"})
			}
			if i%22 == 1 {
				fs = append(fs, rundir.Finding{GrowerID: grower, Code: "OVERDUE_DEBT", Severity: "decline", Detail: "¥1,000 is 40 days past due", DetailZH: "逾期 40 天"})
			}
		}
	}
	info := rundir.Info{Code: "test", County: "341599", Name: "Test county 测试县 " + nasty, Season: "2024", From: "2024-01-01", To: "2024-12-31", AsOf: "2024-09-10", Sample: true,
		Runtime: "onnx-go", Counts: map[string]int{"parcels": 2 * n, "plots": n, "scenes": 24, "findings": len(fs)},
		Inputs:   []rundir.Input{{Kind: "parcels", Path: "parcels.gpkg", Size: 123, SHA256: strings.Repeat("ab", 32)}},
		Models:   []rundir.Model{{Name: "crop", Version: "1.0.0", SHA256: strings.Repeat("cd", 32)}},
		Warnings: []rundir.Warning{{Stage: "observe", Code: "unreadable_band", Subject: "S2_20240501 B08", Detail: "truncated " + nasty}},
		Seconds:  map[string]float64{"observe": 4.5}}
	for _, err := range []error{
		rundir.WriteInfo(dir, info), rundir.WriteShapes(dir, shapes), rundir.WriteFindings(dir, fs), rundir.WriteDecisions(dir, ds),
		rundir.WriteParquet(filepath.Join(dir, rundir.PlotsFile), plots), rundir.WriteParquet(filepath.Join(dir, rundir.CyclesFile), cycles),
		rundir.WriteParquet(filepath.Join(dir, rundir.SeriesFile), series),
		rundir.WriteParquet(filepath.Join(dir, rundir.AreasFile), areas), rundir.WriteParquet(filepath.Join(dir, rundir.AgreementFile), agree),
		rundir.WriteParquet(filepath.Join(dir, rundir.TenureFile), []rundir.Spell{
			{ParcelID: plots[0].ParcelID, From: "2024-01-01", To: "2024-08-31", GrowerID: plots[0].GrowerID, OwnerID: "o", Leased: true, Chain: "c1;t1"},
			{ParcelID: plots[0].ParcelID, From: "2024-09-01", To: "2024-12-31"},
			{ParcelID: plots[1].ParcelID, From: "2024-01-01", To: "2024-12-31", GrowerID: plots[1].GrowerID, OwnerID: plots[1].GrowerID, Chain: "c2"}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func built(t *testing.T, dir string) string {
	t.Helper()
	if err := Build(dir, Options{}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, rundir.ReportFile))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

const limitBytes = 15_000_000

func TestReportOfACounty(t *testing.T) {
	start := time.Now()
	dir := makeRun(t, 20_000)
	made := time.Now()
	html := built(t, dir)
	t.Logf("20,000 plots: %.1f MB in %s (the run itself took %s to make)", float64(len(html))/1e6, time.Since(made).Round(time.Millisecond), made.Sub(start).Round(time.Millisecond))
	if len(html) > limitBytes {
		t.Errorf("the report has %d bytes, over %d", len(html), limitBytes)
	}
	if n := strings.Count(html, `<details class="sheet"`); n != 50 {
		t.Errorf("%d sheets, want 50", n)
	}
	if keep := os.Getenv("PARUS_KEEP_REPORT"); keep != "" {
		os.WriteFile(keep+"-county.html", []byte(html), 0o644)
	}
}
