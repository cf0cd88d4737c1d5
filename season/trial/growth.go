package trial

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/parus-lending/parus/data/table"
	"github.com/parus-lending/parus/models"
)

// rowsAtOnce make a batch of a worker.
const rowsAtOnce = 8192

// spectra are rows of a table with the inputs found in them.
type spectra struct {
	cells [][]table.Cell // carried through
	in    []models.GrowthInput
	out   []float32
	flags []models.GrowthFlag
	lost  error
}

// growthColumns are what a growth network adds to a row.
func growthColumns(card *models.Card, taken []string) []table.Column {
	name := strings.ToLower(card.Outputs[0].Name)
	out := []table.Column{{Name: name, Kind: table.Number}}
	if card.Uncertainty != nil {
		out = append(out, table.Column{Name: name + "_uncertainty", Kind: table.Number})
	}
	for _, f := range growthFlags {
		out = append(out, table.Column{Name: f.name, Kind: table.Bool})
	}
	for i := range out {
		for slices.ContainsFunc(taken, func(c string) bool { return strings.EqualFold(c, out[i].Name) }) {
			out[i].Name += "_model"
		}
	}
	return out
}

// inputColumns finds the card's inputs in the table. An angle may stand there in
// degrees, under its name without cos_.
func inputColumns(card *models.Card, r *table.Reader, path string) (at []int, degrees []bool, err error) {
	var missing []string
	for _, v := range card.Inputs {
		i, deg := r.Find(v.Name), false
		if angle, ok := strings.CutPrefix(v.Name, "cos_"); i < 0 && ok {
			i, deg = r.Find(angle), true
		}
		if i < 0 {
			missing = append(missing, v.Name)
		}
		at, degrees = append(at, i), append(degrees, deg)
	}
	if len(missing) > 0 {
		var all []string
		for _, v := range card.Inputs {
			all = append(all, v.Name)
		}
		return nil, nil, fmt.Errorf("table %s lacks the columns %s: model %s needs, one row per observation, %s (reflectance 0–1; an angle also in degrees, under its name without cos_; docs/models.md)",
			path, strings.Join(missing, ", "), card.Name, strings.Join(all, ", "))
	}
	return at, degrees, nil
}

func (m Models) runGrowth(ctx context.Context, card *models.Card, rt models.Runtime, opt RunOptions, sum *Summary, rej *rejects) error {
	r, err := table.Open(opt.In)
	if err != nil {
		return err
	}
	defer r.Close()
	at, degrees, err := inputColumns(card, r, opt.In)
	if err != nil {
		return err
	}
	var columns []table.Column
	for i, c := range r.Columns() {
		columns = append(columns, table.Column{Name: c, Kind: r.Kinds()[i]})
	}
	for _, i := range at {
		columns[i].Kind = table.Number
	}
	columns = append(columns, growthColumns(card, r.Columns())...)
	out, err := table.Create(opt.Out, columns)
	if err != nil {
		return err
	}
	defer out.Discard()
	produce := func(yield func(*spectra) error) error {
		batch := &spectra{}
		for {
			row, err := r.Read()
			if err == io.EOF {
				if len(batch.in) > 0 {
					return yield(batch)
				}
				return nil
			}
			if err != nil {
				return err
			}
			sum.Rows++
			if row.Fault != "" {
				rej.add(row.Number, "", "", row.Fault)
				continue
			}
			batch.cells = append(batch.cells, slices.Clone(row.Cells))
			batch.in = append(batch.in, spectrum(row, r.Columns(), at, degrees, rej))
			if len(batch.in) == rowsAtOnce {
				if err := yield(batch); err != nil {
					return err
				}
				batch = &spectra{}
			}
		}
	}
	start := func() (func(context.Context, *spectra) (*spectra, error), func(), error) {
		net, err := models.NewGrowthNet(m.Registry, card.Name, rt)
		if err != nil {
			return nil, nil, err
		}
		return func(ctx context.Context, s *spectra) (*spectra, error) { return s, s.eval(ctx, net) }, func() { net.Close() }, nil
	}
	err = ordered(ctx, m.workers(), produce, start, func(s *spectra) error { return s.write(card, out, len(columns), sum) })
	if err != nil {
		return err
	}
	return out.Close()
}

// spectrum reads a row's inputs; a cell that is no number is told and leaves the
// row without a value.
func spectrum(row *table.Row, names []string, at []int, degrees []bool, rej *rejects) models.GrowthInput {
	var in models.GrowthInput
	for k, i := range at {
		v, err := row.Cells[i].Float()
		if err != nil {
			rej.add(row.Number, names[i], row.Cells[i].String(), err.Error()+"; the row has no value")
			v = math.NaN()
		}
		if degrees[k] {
			v = math.Cos(v * math.Pi / 180)
		}
		in[k] = float32(v)
	}
	return in
}

// eval never fails for the model's sake: a batch it fails on has no values.
func (s *spectra) eval(ctx context.Context, net *models.GrowthNet) (err error) {
	s.out, s.flags = make([]float32, len(s.in)), make([]models.GrowthFlag, len(s.in))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("model %s panicked: %v", net.Card().Name, r)
		}
		if err != nil && ctx.Err() == nil {
			s.lost, err = err, nil
			for i := range s.out {
				s.out[i], s.flags[i] = float32(math.NaN()), 0
			}
		}
	}()
	return net.Eval(ctx, s.in, s.out, s.flags)
}

var growthFlags = []struct {
	flag models.GrowthFlag
	name string
}{{models.InputOutOfDomain, "input_out_of_domain"}, {models.InputFarOut, "input_far_out"}, {models.OutputClamped, "output_clamped"}, {models.OutputTooLow, "output_too_low"}, {models.OutputTooHigh, "output_too_high"}}

func (s *spectra) write(card *models.Card, out *table.Writer, width int, sum *Summary) error {
	if s.lost != nil {
		sum.Lost = append(sum.Lost, fmt.Sprintf("%s: %d rows, after %d: %v", models.ModelFailed, len(s.in), sum.Answers, s.lost))
	}
	line := make([]table.Cell, 0, width)
	for i, carried := range s.cells {
		v := float64(s.out[i])
		line = append(line[:0], carried...)
		line = append(line, table.NumberCell(millionth(v)))
		if card.Uncertainty != nil {
			line = append(line, table.NumberCell(millionth(card.Uncertainty.Of(v))))
		}
		for _, f := range growthFlags {
			set := s.flags[i]&f.flag != 0
			line = append(line, table.BoolCell(set))
			if set {
				sum.Reasons[f.name]++
			}
		}
		if math.IsNaN(v) && s.flags[i]&(models.OutputTooLow|models.OutputTooHigh) == 0 {
			sum.Reasons["no_value"]++
		}
		if err := out.Write(line); err != nil {
			return err
		}
		sum.Answers++
	}
	return nil
}
