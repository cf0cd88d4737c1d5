package season

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/onnxgo"
	"github.com/parus-lending/parus/models/ort"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
)

// engine runs tasks: the cache, the shipped models and the runtimes.
type engine struct {
	cache        cache
	progress     Progress
	workers      int
	registry     *models.Registry
	growthRT     models.Runtime
	cropRT       models.Runtime
	cropName     string
	coefficients models.CoefficientTable

	sky skyModel

	covers       covers
	blocks       *gdal.Cache       // decoded, shared by all workers
	growthModels map[string]string // name → sha256
	cropModels   map[string]string
}

// blockBytes of decoded blocks are kept: about a column of cells of one scene.
const blockBytes = 192 << 20

// growthNames are the SL2P networks whose output goes into the series.
var growthNames = []string{"lai", "fapar", "fcover"}

// newEngine chooses the runtime: ONNX Runtime and the temporal crop network
// where its library is found, else pure Go and crop-small.
func newEngine(opt Options) (*engine, error) {
	e := &engine{blocks: gdal.NewCache(blockBytes), cache: cache(cacheDir(opt.Out)), progress: opt.Progress, workers: workers(opt), cropName: "crop-small"}
	if e.progress == nil {
		e.progress = Silent{}
	}
	var err error
	if e.registry, err = models.Shipped(); err != nil {
		return nil, err
	}
	if e.coefficients, err = models.YieldCoefficients(); err != nil {
		return nil, err
	}
	e.growthRT = onnxgo.New()
	e.cropRT = e.growthRT
	if opt.OrtLib != "" {
		rt, err := ort.New(opt.OrtLib)
		if err != nil {
			return nil, fmt.Errorf("ONNX Runtime %s: %w (without --ort and PARUS_ORT_LIB the season runs in pure Go)", opt.OrtLib, err)
		}
		e.growthRT, e.cropRT, e.cropName = rt, rt, "crop"
	}
	if e.growthModels, err = e.sums(growthNames...); err != nil {
		return nil, err
	}
	if e.cropModels, err = e.sums(e.cropName); err != nil {
		return nil, err
	}
	e.sky, err = newSky(opt.Models, e.cropRT)
	return e, err
}

func (e *engine) sums(names ...string) (map[string]string, error) {
	out := map[string]string{}
	for _, n := range names {
		card, err := e.registry.Card(n)
		if err != nil {
			return nil, err
		}
		if card.Approved == "" {
			return nil, fmt.Errorf("model %s %s is not approved: a season runs only models whose card names the day under approved", card.Name, card.Version)
		}
		out[n] = card.SHA256
	}
	return out, nil
}

func (e *engine) growthRuntime() string { return e.growthRT.Name() }
func (e *engine) cropRuntime() string   { return e.cropRT.Name() }

func (e *engine) close() {
	if e.sky.net != nil {
		e.sky.net.close()
	}
}

// describe lists the runtime and the models for run.json.
func (e *engine) describe() (string, []rundir.Model) {
	var out []rundir.Model
	for _, n := range append(append([]string{}, growthNames...), e.cropName) {
		if card, err := e.registry.Card(n); err == nil {
			out = append(out, rundir.Model{Name: card.Name, Version: card.Version, SHA256: card.SHA256})
		}
	}
	if c := e.sky.card; c != nil {
		out = append(out, rundir.Model{Name: c.Name, Version: c.Version, SHA256: c.SHA256})
	}
	return e.cropRT.Name(), out
}

// worker is one goroutine's own reader and networks.
type worker struct {
	eng        *engine
	reader     raster.Reader
	growth     *guard
	growthNets *models.GrowthLayer
	crop       *models.Crop
	card       *models.Card
	cropOpen   models.Session
}

func (e *engine) newWorker() *worker {
	return &worker{eng: e, reader: gdal.Open(gdal.Options{Cache: e.blocks})}
}

func (w *worker) close() {
	if w.growthNets != nil {
		w.growthNets.Close()
	}
	if w.cropOpen != nil {
		w.cropOpen.Close()
	}
	w.reader.Close()
}

func (w *worker) run(ctx context.Context, t Task) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	switch t.Stage {
	case stageGround:
		return w.runGround(ctx, t)
	case stageObserve:
		return w.runObserve(ctx, t)
	case stageDispute:
		return w.runDispute(t)
	case stageCloud:
		return w.runCloud(ctx, t)
	case stageSeries:
		return w.runSeries(ctx, t)
	case stagePredict:
		return w.runPredict(ctx, t)
	}
	return fmt.Errorf("no stage is called %q", t.Stage)
}

// cover is the exact coverage of a cell's polygons.
func (w *worker) cover(land string) (*raster.Cover, error) {
	return w.eng.covers.get(land, func() (*raster.Cover, error) {
		var l landFile
		if err := w.eng.cache.getJSON(land, &l); err != nil {
			return nil, err
		}
		return raster.NewCover(l.Shapes, l.Grid)
	})
}

func (w *worker) growthLayer() (*guard, error) {
	if w.growth != nil {
		return w.growth, nil
	}
	g, err := models.NewGrowthLayer(w.eng.registry, w.eng.growthRT, growthNames...)
	if err != nil {
		return nil, err
	}
	w.growth, w.growthNets = &guard{Layer: g}, g
	return w.growth, nil
}

func (w *worker) cropModel() (*models.Crop, *models.Card, error) {
	if w.crop != nil {
		return w.crop, w.card, nil
	}
	s, card, err := w.eng.registry.Load(w.eng.cropName, w.eng.cropRT)
	if err != nil {
		return nil, nil, err
	}
	w.cropOpen = s
	w.crop, err = models.NewCrop(card, s)
	w.card = card
	return w.crop, card, err
}

func jsonValue(text string, v any) error { return json.Unmarshal([]byte(text), v) }
