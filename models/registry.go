package models

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
)

//go:embed shipped
var shipped embed.FS

// Registry holds the cards of a folder of models. No card, no load; wrong
// checksum, no load.
type Registry struct {
	files fs.FS
	cards map[string]*Card
}

// Shipped is the registry of the models inside the binary.
func Shipped() (*Registry, error) {
	sub, err := fs.Sub(shipped, "shipped")
	if err != nil {
		return nil, err
	}
	return Open(sub)
}

// Open reads every card (*.json) of a folder.
func Open(files fs.FS) (*Registry, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	r := &Registry{files: files, cards: map[string]*Card{}}
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var c Card
		if err := json.Unmarshal(b, &c); err != nil {
			return nil, fmt.Errorf("model card %s: %w", name, err)
		}
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("model card %s: %w", name, err)
		}
		if _, twice := r.cards[c.Name]; twice {
			return nil, fmt.Errorf("model card %s: another card has the name %s too", name, c.Name)
		}
		r.cards[c.Name] = &c
	}
	return r, nil
}

// check names every field a card must have and lacks.
func (c *Card) check() error {
	var missing []string
	for name, ok := range map[string]bool{
		"name": c.Name != "", "version": c.Version != "", "task": c.Task != "", "file": c.File != "" && path.Base(c.File) == c.File,
		"sha256": len(c.SHA256) == 64, "input_shape": positive(c.InputShape), "output_shape": positive(c.OutputShape), "operators": len(c.Operators) > 0,
		"runtimes": len(c.Runtimes) > 0, "training": c.Training != "", "validity": c.Validity != "", "licence": c.Licence != "", "inputs": len(c.Inputs) > 0,
		"input_name": c.InputName != "", "output_name": c.OutputName != "", "outputs": len(c.Outputs) > 0, "known_failures": len(c.Failures) > 0,
		"owner": c.Owner != "", "tested": c.Tested != "", "in_service": subset(c.InService, c.Classes),
	} {
		if !ok {
			missing = append(missing, name)
		}
	}
	sort.Strings(missing)
	if len(missing) > 0 {
		return fmt.Errorf("missing or wrong: %s", strings.Join(missing, ", "))
	}
	return nil
}

func subset(part, whole []string) bool {
	for _, s := range part {
		if !slices.Contains(whole, s) {
			return false
		}
	}
	return true
}

func positive(shape []int) bool {
	for _, d := range shape {
		if d <= 0 {
			return false
		}
	}
	return len(shape) > 0
}

// FitFor reports whether the card names the runtime as one it was tested with.
func (c *Card) FitFor(runtime string) bool {
	for _, r := range c.Runtimes {
		if strings.HasPrefix(runtime, r) {
			return true
		}
	}
	return false
}

// Names lists the models, sorted.
func (r *Registry) Names() []string {
	out := make([]string, 0, len(r.cards))
	for n := range r.cards {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// Card returns the card of a model.
func (r *Registry) Card(name string) (*Card, error) {
	c, ok := r.cards[name]
	if !ok {
		return nil, fmt.Errorf("no model is called %q; there are: %s", name, strings.Join(r.Names(), ", "))
	}
	return c, nil
}

// Load opens a model in a runtime after checking its file and its fitness.
func (r *Registry) Load(name string, rt Runtime) (Session, *Card, error) {
	c, err := r.Card(name)
	if err != nil {
		return nil, nil, err
	}
	if !c.FitFor(rt.Name()) {
		return nil, nil, fmt.Errorf("model %s is not made for %s, only for %s (operators: %s)", name, rt.Name(), strings.Join(c.Runtimes, ", "), strings.Join(c.Operators, ", "))
	}
	b, err := r.file(c, c.File, c.SHA256)
	if err != nil {
		return nil, nil, err
	}
	if err := checkOperators(c, b); err != nil {
		return nil, nil, err
	}
	s, err := rt.Open(c, b)
	if err != nil {
		return nil, nil, err
	}
	return s, c, nil
}

// file reads a model's file and refuses one whose checksum differs.
func (r *Registry) file(c *Card, name, want string) ([]byte, error) {
	b, err := fs.ReadFile(r.files, name)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", c.Name, err)
	}
	sum := sha256.Sum256(b)
	if got := hex.EncodeToString(sum[:]); got != want {
		return nil, fmt.Errorf("model %s is refused: %s has sha256 %s but its card says %s; it was changed after the card was written", c.Name, name, got[:12], want[:min(12, len(want))])
	}
	return b, nil
}
