// Package storetest gives tests a run to publish.
package storetest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"github.com/parus-lending/parus/data/rundir"
)

func ptr[T any](v T) *T { return &v }

// Run writes the folder of a small run: n parcels, one plot each, of
// growers g0, g1 …, in two dekads; every third parcel has no known grower.
func Run(t testing.TB, county string, n int) string {
	t.Helper()
	dir := t.TempDir()
	info := rundir.Info{Code: "test", County: county, Name: "县" + county, Season: "2024", From: "2024-01-01", To: "2024-12-31", AsOf: "2024-07-15",
		Places: map[string]string{county + "000": "镇" + county, county + "000000": "村" + county}, Counts: map[string]int{}, Seconds: map[string]float64{"observe": 1}}
	var shapes []rundir.Shape
	var plots []rundir.Plot
	var series []rundir.SeriesRow
	var cycles []rundir.Cycle
	var findings []rundir.Finding
	var decisions []rundir.Decision
	for i := range n {
		parcel, plot, grower := fmt.Sprintf("%s%013d", county, i), fmt.Sprintf("P%s%06d", county, i), fmt.Sprintf("g%s-%d", county, i)
		x, y := 115+0.001*float64(i%300), 31+0.001*float64(i/300)
		ring := orb.Ring{{x, y}, {x + 0.0009, y}, {x + 0.0009, y + 0.0009}, {x, y + 0.0009}, {x, y}}
		shapes = append(shapes, rundir.Shape{ParcelID: parcel, PlotID: plot, AreaMu: 13, Polygon: orb.MultiPolygon{{ring}}})
		if i%3 == 2 {
			grower = ""
		}
		plots = append(plots, rundir.Plot{PlotID: plot, ParcelID: parcel, GrowerID: grower, AreaM2: 8700.25})
		for d, date := range []string{"2024-07-01", "2024-07-11"} {
			s := rundir.SeriesRow{ParcelID: plot, Date: date, Usable: 0.5, Weight: float64(d), NDVI: ptr(0.25 + 0.5*float64(d)), InsidePixels: 80, ClearDates: 7}
			if d == 1 {
				s.B04, s.LeftOut, s.RadarDates = ptr(0.125), "2024-07-14 time", 2
			}
			series = append(series, s)
		}
		cycles = append(cycles, rundir.Cycle{ParcelID: plot, Cycle: 1, Emergence: "2024-05-20", Crop: "maize", CropProbability: ptr(0.9), GrowthGrade: ptr(int32(4)), Current: true, Assessable: true, InsidePixels: 80, ClearDates: 7, SeenShare: 0.5})
		if grower != "" {
			findings = append(findings, rundir.Finding{GrowerID: grower, ParcelID: parcel, Code: "HISTORY_DIFFERS", Severity: "info", Detail: "It, differs.", DetailZH: "不同。", Numbers: "a=1", Witnesses: "x.csv:2"})
			decisions = append(decisions, rundir.Decision{DecisionID: fmt.Sprintf("d%s-%d", county, i), GrowerID: grower, County: county, Season: "2024", AsOf: "2024-07-15", Outcome: "admit",
				LimitFen: 680_000, Binding: "need", TenorEnd: "2024-12-04", RateBP: 650, Reasons: "BOUND_BY_need;LITTLE_LAND", RestsOn: "imagery", AreaMu: 13.05, Plots: plot,
				CreditPolicy: "default 1.0.0", Models: "crop@1", Trace: `{"rules": ["a",  "b"]}`, Evidence: "00ff"})
		}
	}
	info.Counts["parcels"], info.Counts["findings"], info.Counts["decisions"] = n, len(findings), len(decisions)
	for _, err := range []error{
		rundir.WriteShapes(dir, shapes), rundir.WriteParquet(filepath.Join(dir, rundir.PlotsFile), plots), rundir.WriteParquet(filepath.Join(dir, rundir.SeriesFile), series),
		rundir.WriteParquet(filepath.Join(dir, rundir.CyclesFile), cycles), rundir.WriteFindings(dir, findings), rundir.WriteParquet(filepath.Join(dir, rundir.DecisionsFile), decisions),
		os.WriteFile(filepath.Join(dir, rundir.EvidenceFile), []byte("evidence of "+county), 0o644), rundir.WriteInfo(dir, info),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
