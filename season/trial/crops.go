package trial

import (
	"context"
	"fmt"
	"math"

	"github.com/parus-lending/parus/data/table"
	"github.com/parus-lending/parus/models"
)

// RunOptions say which model runs on which table.
type RunOptions struct {
	Model string
	In    string // CSV or Parquet
	Out   string // .csv or .parquet
}

// Summary is what a run did.
type Summary struct {
	Model, Runtime string
	Rows           int // of the table
	Answers        int // rows written
	Rejected       int // rows not used
	FirstReject    string
	Rejects        string         // file that lists them; empty = none
	Reasons        map[string]int // crop: why not assessable; growth: flags
	Lost           []string       // batches on which the model failed
}

// Run gives every row (growth) or id (crop) of a table to a model and writes
// its answers. docs/models.md describes both tables.
func (m Models) Run(ctx context.Context, opt RunOptions) (*Summary, error) {
	card, err := m.Registry.Card(opt.Model)
	if err != nil {
		return nil, err
	}
	rt, err := m.runtime(card)
	if err != nil {
		return nil, err
	}
	sum := &Summary{Model: card.Name + " " + card.Version, Runtime: rt.Name(), Reasons: map[string]int{}}
	rej := newRejects(opt.Out)
	switch card.Task {
	case "crop":
		err = m.runCrop(ctx, card, opt, sum, rej)
	case "growth":
		err = m.runGrowth(ctx, card, rt, opt, sum, rej)
	default:
		err = fmt.Errorf("model %s has the task %s: tables go to models of the tasks crop and growth", card.Name, card.Task)
	}
	if err != nil {
		return nil, err
	}
	if sum.Rejected, sum.FirstReject = rej.count(), rej.first(); sum.Rejected > 0 {
		sum.Rejects = rej.path
	}
	return sum, rej.write()
}

// placesAtOnce make a batch of a worker: a few runs of the network.
const placesAtOnce = 4 * models.CropBatch

// answered are places with what the network says of them.
type answered struct {
	places  []*place
	results []models.CropResult
	lost    []models.Lost
}

// classify lets a crop network name every id of a table, in order.
func (m Models) classify(ctx context.Context, name, path string, rej *rejects, each func(answered) error) (rows int, err error) {
	card, err := m.Registry.Card(name)
	if err != nil {
		return 0, err
	}
	if err := fits(card, path); err != nil {
		return 0, err
	}
	produce := func(yield func([]*place) error) error {
		var batch []*place
		rows, err = readPlaces(ctx, path, rej, func(p *place) error {
			if batch = append(batch, p); len(batch) < placesAtOnce {
				return nil
			}
			full := batch
			batch = nil
			return yield(full)
		})
		if err == nil && len(batch) > 0 {
			err = yield(batch)
		}
		return err
	}
	start := func() (func(context.Context, []*place) (answered, error), func(), error) {
		crop, session, err := m.crop(name)
		if err != nil {
			return nil, nil, err
		}
		work := func(ctx context.Context, ps []*place) (answered, error) {
			in := make([]models.CropInput, len(ps))
			for i, p := range ps {
				in[i] = models.CropWindow(p.looks, p.lat, card.MinDates)
				p.looks = nil
			}
			results, lost, err := crop.Classify(ctx, in)
			return answered{ps, results, lost}, err
		}
		return work, func() { session.Close() }, nil
	}
	return rows, ordered(ctx, m.workers(), produce, start, each)
}

// answerColumns of a crop network: id, crop, assessable, reason, a probability
// per class, and the familiarity where the network tells it.
func answerColumns(card *models.Card) []table.Column {
	out := []table.Column{{Name: "id", Kind: table.Text}, {Name: "crop", Kind: table.Text}, {Name: "assessable", Kind: table.Bool}, {Name: "reason", Kind: table.Text}}
	for _, c := range card.Classes {
		out = append(out, table.Column{Name: "p_" + c, Kind: table.Number})
	}
	if models.Size(card.OutputShape) > len(card.Classes) {
		out = append(out, table.Column{Name: "familiarity", Kind: table.Number})
	}
	return out
}

func (m Models) runCrop(ctx context.Context, card *models.Card, opt RunOptions, sum *Summary, rej *rejects) error {
	columns := answerColumns(card)
	out, err := table.Create(opt.Out, columns)
	if err != nil {
		return err
	}
	defer out.Discard()
	cells := make([]table.Cell, len(columns))
	sum.Rows, err = m.classify(ctx, card.Name, opt.In, rej, func(a answered) error {
		for _, l := range a.lost {
			sum.Lost = append(sum.Lost, fmt.Sprintf("%s: %d ids, from %s on: %v", models.ModelFailed, l.Count, a.places[l.First].id, l.Err))
		}
		for i, r := range a.results {
			clear(cells)
			cells[0], cells[1], cells[2], cells[3] = table.TextCell(a.places[i].id), table.TextCell(r.Crop), table.BoolCell(r.Assessable), table.TextCell(r.Reason)
			for k, p := range r.Probabilities {
				cells[4+k] = table.NumberCell(millionth(p))
			}
			if 4+len(card.Classes) < len(cells) {
				cells[4+len(card.Classes)] = table.NumberCell(millionth(r.Familiarity))
			}
			if err := out.Write(cells); err != nil {
				return err
			}
			sum.Answers++
			if r.Reason != "" {
				sum.Reasons[r.Reason]++
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return out.Close()
}

// millionth rounds, so that the last bits of a processor do not show.
func millionth(v float64) float64 { return math.Round(v*1e6) / 1e6 }
