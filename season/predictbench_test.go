package season

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/ort"
	"github.com/parus-lending/parus/parcels"
)

// benchPlots make the county of `make bench-models`.
const benchPlots = 20_000

// benchVersion is raised when the made-up county changes.
const benchVersion = "3"

// TestPredictOverhead measures the whole predict stage, series files in, results
// files out, against the bare inference of the same batches through ONNX
// Runtime, with the same number of workers. It runs only for `make
// bench-models`; PARUS_BENCH_MAX fails it above that ratio.
func TestPredictOverhead(t *testing.T) {
	folder := os.Getenv("PARUS_BENCH_MODELS")
	if folder == "" {
		t.Skip("a bench: make bench-models")
	}
	lib, err := ort.Find()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	eng, err := newEngine(Options{Out: folder, OrtLib: lib})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.close()
	tasks := benchTasks(t, eng)
	inputs := benchInputs(t, eng, tasks)
	card, err := eng.registry.Card(eng.cropName)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, in := range inputs {
		n += len(in) / models.Size(card.InputShape)
	}
	const rounds = 5
	var stage, bare, ratio, cpuRatio []float64
	for range rounds {
		for _, task := range tasks {
			os.Remove(eng.cache.path(task.file()))
		}
		w, c := clocked(t, func() error { return eng.do(ctx, stagePredict, tasks) })
		bw, bc := clocked(t, func() error { return bareInference(ctx, eng, inputs) })
		stage, bare = append(stage, w), append(bare, bw)
		ratio, cpuRatio = append(ratio, w/bw), append(cpuRatio, c/bc)
		fmt.Printf("stage %.3f s (CPU %.3f s), bare inference %.3f s (CPU %.3f s): %.2f by wall, %.2f by CPU\n", w, c, bw, bc, w/bw, c/bc)
	}
	fmt.Printf("\n%s %s, %s, %d plots, %d cycles, %d workers; medians of %d: stage %.2f s, bare inference %.2f s, ratio %.2f by wall, %.2f by CPU\n",
		card.Name, card.Version, eng.cropRT.Name(), benchPlots, n, eng.workers, rounds, middle(stage), middle(bare), middle(ratio), middle(cpuRatio))
	if limit, err := strconv.ParseFloat(os.Getenv("PARUS_BENCH_MAX"), 64); err == nil && middle(ratio) > limit {
		t.Errorf("the stage takes %.2f × the bare inference, %.2f is allowed", middle(ratio), limit)
	}
}

func middle(v []float64) float64 { v = slices.Clone(v); sort.Float64s(v); return v[len(v)/2] }

// clocked is wall and processor seconds of f.
func clocked(t *testing.T, f func() error) (wall, cpu float64) {
	t.Helper()
	used := func() float64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			t.Fatal(err)
		}
		return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
	}
	begin, before := time.Now(), used()
	if err := f(); err != nil {
		t.Fatal(err)
	}
	return time.Since(begin).Seconds(), used() - before
}

// bareInference runs the features of every task through the network, one session
// per worker, and nothing else.
func bareInference(ctx context.Context, e *engine, tasks [][]float32) error {
	queue := make(chan []float32, len(tasks))
	for _, in := range tasks {
		queue <- in
	}
	close(queue)
	var g errgroup.Group
	for range min(e.workers, len(tasks)) {
		g.Go(func() error {
			s, card, err := e.registry.Load(e.cropName, e.cropRT)
			if err != nil {
				return err
			}
			defer s.Close()
			for in := range queue {
				if _, err := s.Run(ctx, in, len(in)/models.Size(card.InputShape)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// benchInputs are the features that each task gives to the network.
func benchInputs(t *testing.T, e *engine, tasks []Task) [][]float32 {
	t.Helper()
	card, err := e.registry.Card(e.cropName)
	if err != nil {
		t.Fatal(err)
	}
	width := models.Size(card.InputShape)
	var out [][]float32
	for _, task := range tasks {
		var facts factsFile
		if err := e.cache.getJSON(task.Facts, &facts); err != nil {
			t.Fatal(err)
		}
		all, err := readSeries(e.cache.inputPath(task.Inputs[0]))
		if err != nil {
			t.Fatal(err)
		}
		var flat []float32
		for _, s := range all {
			if notAssessable(s) != "" {
				continue
			}
			cycles := parcels.FindCycles(s, facts.AsOf, parcels.CycleOptions{})
			for i := range cycles {
				in := cropInput(s, cycles, i)
				flat = append(flat, make([]float32, width)...)
				models.CropFeatures(&in, flat[len(flat)-width:])
			}
		}
		out = append(out, flat)
	}
	return out
}

// benchTasks makes the series and the facts of the county, once.
func benchTasks(t *testing.T, e *engine) []Task {
	t.Helper()
	if err := os.MkdirAll(string(e.cache), 0o755); err != nil {
		t.Fatal(err)
	}
	mark := filepath.Join(string(e.cache), fmt.Sprintf("made-%s-%d", benchVersion, stageVersion[stageSeries]))
	_, err := os.Stat(mark)
	fresh := err != nil
	var out []Task
	for first := 0; first < benchPlots; first += polygonsPerTask {
		dice := rand.New(rand.NewPCG(7, uint64(first)))
		name := fmt.Sprintf("series-bench-%d.parquet", first)
		facts := factsFile{AsOf: parcels.Date{Year: 2024, Month: 12, Day: 31}, Dekads: 36, Plots: map[string]plotFacts{},
			County: map[string]models.CountyYield{"maize": {Crop: "maize", Years: 8, MeanKg: 430, SDKg: 30}, "rice": {Crop: "rice", Years: 8, MeanKg: 520, SDKg: 30}, "soybean": {Crop: "soybean", Years: 8, MeanKg: 140, SDKg: 15}}}
		for d := (parcels.Date{Year: 2024, Month: 1, Day: 1}); d.Year == 2024; d = d.Add(1) {
			warm := 13 - 14*math.Cos(2*math.Pi*float64(d.Time().YearDay()-20)/365)
			facts.Weather = append(facts.Weather, models.WeatherDay{Date: d, TminC: warm - 5, TmeanC: warm, TmaxC: warm + 6, RadiationMJ: 8 + warm/2, RainMM: 2})
		}
		var rows []rundir.SeriesRow
		for k := first; k < first+polygonsPerTask; k++ {
			id := fmt.Sprintf("P%012x", k)
			facts.Plots[id] = plotFacts{Declared: []string{[]string{"maize", "rice", "soybean"}[k%3]}}
			if fresh {
				s := madeUp(id, dice)
				drawSpreads(&s, facts.AsOf)
				rows = append(rows, seriesRows(s)...)
			}
		}
		if fresh {
			if err := rundir.WriteParquet(e.cache.path(name), rows, [2]string{footerKey, "{}"}); err != nil {
				t.Fatal(err)
			}
		}
		factsName, err := e.cache.putJSON("facts", facts)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, Task{Stage: stagePredict, Cell: "bench", First: first, Inputs: []string{name}, Facts: factsName, Models: e.cropModels, Runtime: e.cropRuntime()}.seal())
	}
	if err := os.WriteFile(mark, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return out
}

// madeUp is a plot's year: one crop, in a fifth of the plots two, of leaf over
// soil, seen clear in two dekads of three.
func madeUp(id string, dice *rand.Rand) parcels.Series {
	soil := [10]float64{.085, .115, .150, .180, .195, .210, .225, .235, .310, .270}
	leaf := [10]float64{.025, .055, .028, .085, .290, .380, .410, .425, .200, .095}
	axis := parcels.Axis(parcels.Date{Year: 2024, Month: 1, Day: 1}, parcels.Date{Year: 2024, Month: 12, Day: 31})
	up := 13 + 5*dice.Float64()
	down := up + 8 + 3*dice.Float64()
	twice := dice.IntN(5) == 0
	s := parcels.Series{ParcelID: id, Dekads: axis, InsidePixels: 20 + 100*dice.Float64(), ClearDates: 20}
	for d := range axis {
		hump := func(up, down float64) float64 {
			return 0.9 / (1 + math.Exp(up-float64(d))) * (1 - 1/(1+math.Exp(down-float64(d))))
		}
		g := hump(up, down)
		if twice {
			g = math.Max(g, hump(4, 10))
		}
		bands := make([]float64, 10)
		for b := range bands {
			bands[b] = round(math.Max(0, (g*leaf[b]+(1-g)*soil[b])*math.Exp(0.04*dice.NormFloat64())), 1e-4)
		}
		ndvi := (bands[6] - bands[2]) / (bands[6] + bands[2])
		weight := 1.0
		if dice.IntN(3) == 0 {
			weight = 0
			bands = slices.Repeat([]float64{math.NaN()}, 10)
		}
		s.Bands, s.Weight, s.Usable = append(s.Bands, bands), append(s.Weight, weight), append(s.Usable, weight)
		s.NDVI, s.EVI2 = append(s.NDVI, ndvi), append(s.EVI2, ndvi*0.9)
		s.LAI, s.FAPAR, s.FCOVER = append(s.LAI, 5*g), append(s.FAPAR, 0.9*g), append(s.FCOVER, 0.9*g)
		s.LAIOfMean, s.OutOfDomain = append(s.LAIOfMean, 5*g), append(s.OutOfDomain, 0)
		s.UsableVote, s.LeftOut, s.GrowthNote = append(s.UsableVote, weight), append(s.LeftOut, nil), append(s.GrowthNote, "")
	}
	return s
}
