package models

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
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
		c, err := ParseCard(b)
		if err != nil {
			return nil, fmt.Errorf("model card %s: %w", name, err)
		}
		if _, twice := r.cards[c.Name]; twice {
			return nil, fmt.Errorf("model card %s: another card has the name %s too", name, c.Name)
		}
		r.cards[c.Name] = c
	}
	return r, nil
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
