// Package trial runs models on anyone's own tables: a table in, answers out
// (Run); a labelled table in, figures out (Compare, Evaluate); and it checks
// that a model is what its card says (Verify).
//
// All of them go through the same code: what is measured is what Run gives. It
// knows no county, no grower and no run's folder.
package trial

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/parus-lending/parus/models"
)

// Models are the models at hand and what runs them.
type Models struct {
	Registry *models.Registry
	Runtimes []models.Runtime // the first that a card is fit for is taken
	// Missing says why ONNX Runtime is not among the runtimes; nil = it is.
	Missing error
	Workers int // networks at once; 0 = one per core
}

func (m Models) workers() int {
	if m.Workers > 0 {
		return m.Workers
	}
	return runtime.NumCPU()
}

// runtime chooses what runs a model.
func (m Models) runtime(c *models.Card) (models.Runtime, error) {
	for _, rt := range m.Runtimes {
		if c.FitFor(rt.Name()) {
			return rt, nil
		}
	}
	var have []string
	for _, rt := range m.Runtimes {
		have = append(have, rt.Name())
	}
	if m.Missing != nil {
		return nil, fmt.Errorf("model %s runs in %s only (operators: %s), and it is not there: %w. `make setup` fetches the library, or set PARUS_ORT_LIB to libonnxruntime.so.1 (1.30); `parus doctor` shows what is found",
			c.Name, strings.Join(c.Runtimes, ", "), strings.Join(c.Operators, ", "), m.Missing)
	}
	return nil, fmt.Errorf("model %s runs in %s only (operators: %s), not in %s: choose another --runtime", c.Name, strings.Join(c.Runtimes, ", "), strings.Join(c.Operators, ", "), strings.Join(have, ", "))
}

// crop opens a crop network; close its session after use.
func (m Models) crop(name string) (*models.Crop, models.Session, error) {
	card, err := m.Registry.Card(name)
	if err != nil {
		return nil, nil, err
	}
	rt, err := m.runtime(card)
	if err != nil {
		return nil, nil, err
	}
	s, _, err := m.Registry.Load(name, rt)
	if err != nil {
		return nil, nil, err
	}
	c, err := models.NewCrop(card, s)
	if err != nil {
		s.Close()
		return nil, nil, err
	}
	return c, s, nil
}
