package season

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
)

// witness is a runtime that runs no network: it keeps what each is fed and
// answers the first class, surely.
type witness struct {
	classes, outputs int
	fed              *[][]float32
}

func (witness) Name() string { return models.OnnxGo }
func (w witness) Open(*models.Card, []byte) (models.Session, error) {
	return w, nil
}
func (witness) Close() error { return nil }
func (w witness) Run(_ context.Context, in []float32, rows int) ([]float32, error) {
	out := make([]float32, rows*w.outputs)
	for i := range rows {
		n := len(in) / rows
		*w.fed = append(*w.fed, append([]float32(nil), in[i*n:(i+1)*n]...))
		out[i*w.outputs] = 0.9
		out[i*w.outputs+1] = 0.1
	}
	return out, nil
}

// predicted judges series with a crop network of so many channels whose card
// says how many radar dekads are enough, and returns the rows and what the
// network was fed.
func predicted(t *testing.T, channels, minRadar int, all ...parcels.Series) ([]rundir.Cycle, [][]float32) {
	t.Helper()
	const name = "crop-small"
	shipped, err := models.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	old, err := shipped.Card(name)
	if err != nil {
		t.Fatal(err)
	}
	file, err := shipped.Check(name)
	if err != nil {
		t.Fatal(err)
	}
	card := *old
	card.InputShape, card.Classes, card.InService, card.Experimental, card.OutputShape = []int{channels * 36}, []string{"rice", "maize"}, []string{"rice"}, nil, []int{2}
	card.MinDates, card.MinRadarDates, card.MinFamiliarity, card.Vectors = 4, minRadar, 0, ""
	b, err := json.Marshal(card)
	if err != nil {
		t.Fatal(err)
	}
	made, err := models.Open(fstest.MapFS{name + ".json": {Data: b}, card.File: {Data: file}})
	if err != nil {
		t.Fatal(err)
	}
	eng, err := newEngine(Options{Out: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	var fed [][]float32
	eng.registry, eng.cropRT = made.Over(eng.registry), witness{2, 2, &fed}
	if err := os.MkdirAll(string(eng.cache), 0o755); err != nil {
		t.Fatal(err)
	}
	var rows []rundir.SeriesRow
	for _, s := range all {
		rows = append(rows, seriesRows(s)...)
	}
	if err := rundir.WriteParquet(eng.cache.path("series.parquet"), rows); err != nil {
		t.Fatal(err)
	}
	facts, err := eng.cache.putJSON("facts", factsFile{AsOf: day("2024-12-31"), Dekads: 36})
	if err != nil {
		t.Fatal(err)
	}
	w := eng.newWorker()
	defer w.close()
	task := Task{Stage: stagePredict, Inputs: []string{"series.parquet"}, Facts: facts}.seal()
	if err := w.run(context.Background(), task); err != nil {
		t.Fatal(err)
	}
	return rowsOf[rundir.Cycle](t, eng, task), fed
}

// madeSeries is a plot of 2024 with one summer crop; clear dekads see it, and
// every second dekad from radarFrom to radarTo has radar of −10 − d/10 dB in VV,
// 7 dB less in VH.
func madeSeries(t *testing.T, id string, clear func(d int) bool, radarFrom, radarTo int) parcels.Series {
	t.Helper()
	s := parcels.BuildSeries(id, nil, parcels.Axis(day("2024-01-01"), day("2024-12-31")), parcels.SeriesOptions{})
	s.InsidePixels = 20
	s.Radar = parcels.BuildRadar(nil, s.Dekads, parcels.RadarOptions{})
	for d := range s.Dekads {
		x := float64(d-20) / 5
		ndvi := 0.15 + 0.65*math.Exp(-x*x)
		s.NDVI[d], s.EVI2[d], s.LAI[d], s.FAPAR[d], s.FCOVER[d] = ndvi, ndvi, 4*ndvi, ndvi, ndvi
		if clear(d) {
			s.Weight[d], s.Usable[d] = 1, 1
			s.ClearDates++
			for b := range s.Bands[d] {
				s.Bands[d][b] = 0.1
			}
		}
		if d >= radarFrom && d <= radarTo && d%2 == 0 {
			s.Radar.Orbit = "ascending 142"
			s.Radar.VV[d], s.Radar.VH[d], s.Radar.Dates[d] = -10-float64(d)/10, -17-float64(d)/10, 2
		}
	}
	return s
}

func always(int) bool        { return true }
func inTwoDekads(d int) bool { return d == 14 || d == 25 }

// What a network with radar channels is fed, by hand: channel 13 is (VV + 15)/10,
// 14 the same of VH, 15 tells the observed dekads; dekad 13, between 12 and 14, is
// halfway. A clear plot's radar is cut to the cycle as its bands are.
func TestRadarReachesTheNetwork(t *testing.T) {
	rows, fed := predicted(t, 16, 8, madeSeries(t, "cloudy", inTwoDekads, 4, 30), madeSeries(t, "clear", always, 0, 35))
	if len(rows) != 2 || len(fed) != 2 || len(fed[0]) != 16*36 {
		t.Fatalf("%d rows, %d inputs", len(rows), len(fed))
	}
	at := func(i, channel, d int) float64 { return float64(fed[i][channel*36+d]) }
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-6 {
			t.Errorf("%s is %g, want %g", what, got, want)
		}
	}
	near("cloudy VV of dekad 12", at(0, 13, 12), (-11.2+15)/10)
	near("cloudy VH of dekad 12", at(0, 14, 12), (-18.2+15)/10)
	near("cloudy VV of dekad 13", at(0, 13, 13), (-11.3+15)/10)
	for d := range 36 {
		seen := 0.0
		if d >= 4 && d <= 30 && d%2 == 0 {
			seen = 1
		}
		near(fmt.Sprintf("cloudy radar seen in dekad %d", d), at(0, 15, d), seen)
		if optical := at(0, 12, d); optical != map[bool]float64{true: 1}[inTwoDekads(d)] {
			t.Errorf("cloudy: optical seen in dekad %d is %g", d, optical)
		}
		if (at(1, 12, d) == 0) && at(1, 15, d) != 0 || at(1, 12, d) == 1 && d%2 == 0 && at(1, 15, d) != 1 {
			t.Errorf("clear plot, dekad %d: optical %g, radar %g; both are cut to the cycle", d, at(1, 12, d), at(1, 15, d))
		}
	}
	if at(1, 15, 0) != 0 || at(1, 15, 20) != 1 {
		t.Errorf("clear plot: radar in January %g, at the peak %g", at(1, 15, 0), at(1, 15, 20))
	}
}

// A cloudy plot gets its crop by radar where the card allows it and radar is
// enough: no cycle, no dates, no growth. It is shown, and no evidence.
func TestRadarOnlyAnswers(t *testing.T) {
	few := inTwoDekads
	enough, scarce := madeSeries(t, "enough", few, 4, 30), madeSeries(t, "scarce", few, 10, 20)
	tiny := madeSeries(t, "tiny", few, 4, 30)
	tiny.InsidePixels = 2
	for _, c := range []struct {
		channels, minRadar int
		crop, reason       string
	}{{16, 8, "rice", radarOnly}, {16, 0, "", tooFewDates}, {13, 0, "", tooFewDates}} {
		rows, fed := predicted(t, c.channels, c.minRadar, enough, scarce, tiny)
		if len(rows) != 3 || len(fed) != len(c.crop)/4 {
			t.Fatalf("%+v: %d rows, %d inputs", c, len(rows), len(fed))
		}
		r := rows[0]
		if r.Crop != c.crop || r.Reason != c.reason || r.Assessable != (c.crop != "") || r.InService != (c.crop != "") || r.Cycle != 0 || r.Peak != "" || r.LAIPeak != nil || r.RadarDates != 28 {
			t.Errorf("%+v: %+v", c, r)
		}
		if rows[1].Reason != tooFewDates || rows[1].Assessable || rows[1].RadarDates != 12 || rows[2].Reason != "too_few_pixels" {
			t.Errorf("%+v: %+v", c, rows[1:])
		}
		p := &plan{history: []pastRun{{season: "2023", cycles: map[string][]rundir.Cycle{"a": {r}}}}, parcels: []parcels.Parcel{{ID: "a", AreaM2: 100}}}
		seen := p.seenPlot(parcels.Plot{ID: "enough", ParcelIDs: []string{"a"}, AreaM2: 100}, rows[:1])
		if seen.Assessable || seen.Vegetated || len(seen.Cycles) > 0 || seen.Reason != c.reason {
			t.Errorf("%+v: as evidence %+v", c, seen)
		}
		if len(seen.Past) != 1 || len(seen.Past[0].Crops) > 0 {
			t.Errorf("%+v: as the past %+v", c, seen.Past)
		}
	}
}

// Optical dates find the cycle; too few of them for the network's card are made
// up for by radar in the cycle.
func TestRadarFillsACycle(t *testing.T) {
	sparse := func(d int) bool { return d == 2 || d == 8 || d == 20 || d == 32 }
	s := madeSeries(t, "p", sparse, 0, 35)
	for _, minRadar := range []int{0, 4} {
		rows, _ := predicted(t, 16, minRadar, s)
		if len(rows) != 1 || rows[0].Cycle != 1 || rows[0].Assessable != (minRadar > 0) || minRadar == 0 && rows[0].Reason != models.FewDates {
			t.Errorf("min_radar_dates %d: %+v", minRadar, rows)
		}
	}
}

// Series rows keep what the network needs of radar.
func TestRadarSeriesRowsComeBack(t *testing.T) {
	s := madeSeries(t, "p", always, 4, 30)
	path := filepath.Join(t.TempDir(), "s.parquet")
	if err := rundir.WriteParquet(path, seriesRows(s)); err != nil {
		t.Fatal(err)
	}
	all, err := readSeries(path)
	if err != nil {
		t.Fatal(err)
	}
	got := all[0]
	if fmt.Sprint(got.Radar.VV, got.Radar.VH, got.Radar.Dates) != fmt.Sprint(s.Radar.VV, s.Radar.VH, s.Radar.Dates) || got.Radar.Dekads() != 14 {
		t.Errorf("got  %+v\nwant %+v", got.Radar, s.Radar)
	}
}
