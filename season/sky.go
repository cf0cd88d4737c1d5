package season

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
)

// skyModel is the cloud network of the user's models folder, or none.
type skyModel struct {
	card    *models.Card
	runtime string
	core    int // side of what a square judges, 20 m pixels
	open    func() (skySession, error)
	net     *skyNet
}

type skySession interface {
	raster.SkyJudge
	Shared() bool // several workers may ask at once
	Close() error
}

// skyNet is the network of a run. It is opened once, as that takes as long as
// judging six squares.
type skyNet struct {
	once sync.Once
	skySession
	err  error
	turn sync.Mutex // of those who ask one that is not shared
}

// start opens the network unless it is open, and waits for it.
func (m *skyModel) start() (*skyNet, error) {
	m.net.once.Do(func() { m.net.skySession, m.net.err = m.open() })
	return m.net, m.net.err
}

// close waits for an opening that goes on.
func (n *skyNet) close() {
	n.once.Do(func() {})
	if n.skySession != nil {
		n.skySession.Close()
	}
}

// Clear asks the network, in turn where it is not shared.
func (n *skyNet) Clear(ctx context.Context, planes [][]float32) ([]float32, error) {
	if !n.Shared() {
		n.turn.Lock()
		defer n.turn.Unlock()
	}
	return n.skySession.Clear(ctx, planes)
}

// newSky finds the cloud network in a models folder. None is no fault: then SCL
// and time vote. A card that is not approved, and a network without its runtime,
// are.
func newSky(folder string, rt models.Runtime) (skyModel, error) {
	if folder == "" {
		return skyModel{}, nil
	}
	if _, err := os.Stat(filepath.Join(folder, models.CloudL2A+".json")); errors.Is(err, fs.ErrNotExist) {
		return skyModel{}, nil
	}
	r, err := models.OpenCard(filepath.Join(folder, models.CloudL2A+".json"))
	if err != nil {
		return skyModel{}, err
	}
	card, err := r.Card(models.CloudL2A)
	if err != nil {
		return skyModel{}, err
	}
	if card.Approved == "" {
		return skyModel{}, fmt.Errorf("cloud network %s in %s is not approved: `parus models add` approves what it adds", card.Name, folder)
	}
	if !card.FitFor(rt.Name()) {
		return skyModel{}, fmt.Errorf("cloud network %s in %s needs ONNX Runtime: `make setup` fetches it, or set PARUS_ORT_LIB; without --models and [models] folder the season does without the network", card.Name, folder)
	}
	return skyModel{card: card, runtime: rt.Name(), core: card.InputShape[1] - 2*raster.SkyMargin, net: new(skyNet), open: func() (skySession, error) { return models.NewCloudNet(r, models.CloudL2A, rt) }}, nil
}

// disputed is the output of a dispute task: by scene the plots on which its
// witnesses disagree.
type disputed map[string][]string

// skyRow is a row of a cloud task's file.
type skyRow struct {
	ParcelID string   `parquet:"parcel_id"`
	SceneID  string   `parquet:"scene_id,dict"`
	Clear    *float64 `parquet:"clear,optional"` // share of the usable pixels; null = none could be judged
}

// askSky asks the cloud network where SCL and time disagree.
func (p *plan) askSky(ctx context.Context, e *engine, clock *stopwatch) error {
	if e.sky.card == nil {
		return nil
	}
	var tasks []Task
	byCell := make([][]Task, len(p.cells))
	for i := range p.cells {
		c := &p.cells[i]
		inputs, err := e.observations(c)
		if err != nil {
			return err
		}
		for first := 0; first < len(c.shapes); first += polygonsPerTask {
			byCell[i] = append(byCell[i], Task{Stage: stageDispute, Cell: c.cell.ID(), Land: c.land, Inputs: inputs,
				First: first, Count: min(polygonsPerTask, len(c.shapes)-first)}.seal())
		}
		tasks = append(tasks, byCell[i]...)
	}
	if slices.ContainsFunc(tasks, func(t Task) bool { return !e.cache.has(t.file()) }) {
		go e.sky.start() // most likely it is asked; engine.close waits
	}
	if err := e.do(ctx, stageDispute, tasks); err != nil {
		return err
	}
	var wanted []skyWork
	observed := 0
	for i := range p.cells {
		c := &p.cells[i]
		all := disputed{}
		for _, t := range byCell[i] {
			var d disputed
			if err := e.cache.getJSON(t.file(), &d); err != nil {
				return err
			}
			for scene, ids := range d {
				all[scene] = append(all[scene], ids...)
			}
		}
		for k, s := range c.scenes {
			ids := all[s.ID]
			if len(ids) == 0 {
				continue
			}
			slices.Sort(ids)
			p.info.Counts["looks_disputed"] += len(ids)
			wanted = append(wanted, skyWork{cell: c, scene: k, ids: ids, squares: c.squares(p.tiling.Grid(c.cell), e.sky.core, ids)})
		}
		observed += len(c.scenes) * c.squares(p.tiling.Grid(c.cell), e.sky.core, nil)
	}
	tasks = nil
	for _, w := range p.afford(wanted, (observed+observedPerSquare-1)/observedPerSquare) {
		name, err := e.cache.putJSON("disputed", w.ids)
		if err != nil {
			return err
		}
		t := Task{Stage: stageCloud, Cell: w.cell.cell.ID(), Land: w.cell.sceneLand[w.scene], Scenes: []raster.Scene{w.cell.scenes[w.scene]},
			Inputs: []string{w.cell.observed[w.scene].Inputs[0], name}, Models: map[string]string{e.sky.card.Name: e.sky.card.SHA256}, Runtime: e.sky.runtime}.seal()
		w.cell.asked = append(w.cell.asked, t)
		p.info.Counts["looks_asked"] += len(w.ids)
		tasks = append(tasks, t)
	}
	if err := e.do(ctx, stageCloud, tasks); err != nil {
		return err
	}
	for _, t := range tasks {
		f, err := readFooter(e.cache, t)
		if err != nil {
			return err
		}
		p.info.Counts["squares_asked"] += f.Squares
		for _, w := range f.Warnings {
			p.warn(w.Stage, w.Code, w.Subject, w.Detail)
		}
	}
	clock.lap(stageCloud)
	return nil
}

// observations names the files of a cell's observations as inputs of a task.
func (e *engine) observations(c *cellPlan) ([]string, error) {
	var inputs []string
	for _, t := range c.observed {
		name, err := e.cache.inputName(t)
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, name)
	}
	return inputs, nil
}

// runDispute finds the looks on which SCL and time disagree.
func (w *worker) runDispute(t Task) error {
	shapes, byID, _, err := w.gather(t)
	if err != nil {
		return err
	}
	out := disputed{}
	for _, s := range shapes {
		for _, v := range parcels.Votes(byID[s.ID], parcels.SeriesOptions{}) {
			if v.Disputed() {
				out[v.SceneID] = append(out[v.SceneID], s.ID)
			}
		}
	}
	return writeBytes(w.eng.cache.path(t.file()), []byte(jsonText(out)))
}

// skyFailed is the code of the warning of a scene that the network failed on:
// SCL and time decide alone there.
const skyFailed = "cloud_network_failed"

// runCloud asks the network of the disputed plots of one scene.
func (w *worker) runCloud(ctx context.Context, t Task) error {
	cover, err := w.cover(t.Land)
	if err != nil {
		return err
	}
	ground, err := w.ground(t.Inputs[0])
	if err != nil {
		return err
	}
	var ids []string
	if err := w.eng.cache.getJSON(t.Inputs[1], &ids); err != nil {
		return err
	}
	var shapes []int
	for k, s := range cover.Shapes {
		if _, wanted := slices.BinarySearch(ids, s.ID); wanted {
			shapes = append(shapes, k)
		}
	}
	net, err := w.eng.sky.start()
	if err != nil {
		return err
	}
	var f footer
	var rows []skyRow
	answer, err := raster.AskSky(ctx, w.reader, t.Scenes[0], cover, shapes, raster.ObserveOptions{Ground: ground}, net)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		f.Partial = true
		f.Warnings = []rundir.Warning{{Stage: t.Stage, Code: skyFailed, Subject: t.Scenes[0].ID, Detail: err.Error()}}
	default:
		f.Partial, f.Squares = answer.Unreadable, answer.Squares
		for _, x := range answer.Warnings {
			f.Warnings = append(f.Warnings, rundir.Warning{Stage: t.Stage, Code: x.Code, Subject: x.Subject, Detail: x.Detail})
		}
		for _, v := range answer.Voices {
			rows = append(rows, skyRow{v.ParcelID, t.Scenes[0].ID, known(round(v.Clear, 1e-4))})
		}
	}
	return store(w.eng.cache, t, rows, f)
}

// skyVoices are what the network said, by plot and scene.
func (w *worker) skyVoices(files []string) (map[string]map[string]float64, error) {
	out := map[string]map[string]float64{}
	for _, name := range files {
		rows, err := rundir.ReadParquet[skyRow](w.eng.cache.inputPath(name))
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if r.Clear == nil {
				continue
			}
			if out[r.ParcelID] == nil {
				out[r.ParcelID] = map[string]float64{}
			}
			out[r.ParcelID][r.SceneID] = *r.Clear
		}
	}
	return out, nil
}
