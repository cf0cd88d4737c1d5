package models

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed shipped
var shipped embed.FS

// Registry holds the cards of a folder of models. No card, no load; wrong
// checksum, no load.
type Registry struct {
	models map[string]entry
}

// entry is a model with the folder its files lie in.
type entry struct {
	card  *Card
	files fs.FS
	from  string
}

// FromBinary is what Registry.From says of the shipped models.
const FromBinary = "shipped"

// Shipped is the registry of the models inside the binary.
func Shipped() (*Registry, error) {
	sub, err := fs.Sub(shipped, "shipped")
	if err != nil {
		return nil, err
	}
	return open(sub, FromBinary)
}

// Open reads every card of a folder: *.json but for *.vectors.json.
func Open(files fs.FS) (*Registry, error) { return open(files, "") }

// OpenFolder is Open on a folder of the disk.
func OpenFolder(dir string) (*Registry, error) {
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return nil, fmt.Errorf("models folder %s: it is no folder with cards (%v)", dir, err)
	}
	r, err := open(os.DirFS(dir), dir)
	if err != nil {
		return nil, fmt.Errorf("models folder %s: %w", dir, err)
	}
	if len(r.models) == 0 {
		return nil, fmt.Errorf("models folder %s: it holds no card (NAME.json beside NAME.onnx)", dir)
	}
	return r, nil
}

// OpenCard reads one card of the disk; its files lie beside it.
func OpenCard(file string) (*Registry, error) {
	r := &Registry{models: map[string]entry{}}
	dir := filepath.Dir(file)
	return r, r.add(os.DirFS(dir), filepath.Base(file), dir)
}

func open(files fs.FS, from string) (*Registry, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	r := &Registry{models: map[string]entry{}}
	for _, name := range names {
		if strings.HasSuffix(name, vectorsEnd) {
			continue
		}
		if err := r.add(files, name, from); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *Registry) add(files fs.FS, name, from string) error {
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return fmt.Errorf("model card %s: %w", name, err)
	}
	c, err := ParseCard(b)
	if err != nil {
		return fmt.Errorf("model card %s: %w", name, err)
	}
	if _, twice := r.models[c.Name]; twice {
		return fmt.Errorf("model card %s: another card has the name %s too", name, c.Name)
	}
	r.models[c.Name] = entry{c, files, from}
	return nil
}

// Over joins two registries: the models of r, and those of base whose names r
// does not have.
func (r *Registry) Over(base *Registry) *Registry {
	out := &Registry{models: maps.Clone(base.models)}
	maps.Copy(out.models, r.models)
	return out
}

// Names lists the models, sorted.
func (r *Registry) Names() []string { return slices.Sorted(maps.Keys(r.models)) }

func (r *Registry) entry(name string) (entry, error) {
	e, ok := r.models[name]
	if !ok {
		return e, fmt.Errorf("no model is called %q; there are: %s", name, strings.Join(r.Names(), ", "))
	}
	return e, nil
}

// Card returns the card of a model.
func (r *Registry) Card(name string) (*Card, error) {
	e, err := r.entry(name)
	return e.card, err
}

// From says where a model lies: FromBinary or its folder.
func (r *Registry) From(name string) string { return r.models[name].from }

// Load opens a model in a runtime after checking its file and its fitness.
func (r *Registry) Load(name string, rt Runtime) (Session, *Card, error) {
	c, err := r.Card(name)
	if err != nil {
		return nil, nil, err
	}
	if !c.FitFor(rt.Name()) {
		return nil, nil, fmt.Errorf("model %s is not made for %s, only for %s (operators: %s); `parus doctor` says which runtimes are there", name, rt.Name(), strings.Join(c.Runtimes, ", "), strings.Join(c.Operators, ", "))
	}
	b, err := r.Check(name)
	if err != nil {
		return nil, nil, err
	}
	s, err := rt.Open(c, b)
	if err != nil {
		return nil, nil, err
	}
	return s, c, nil
}

// Check reads a model's network and refuses it where its checksum, that of its
// domain file, or its operators are not those of the card.
func (r *Registry) Check(name string) ([]byte, error) {
	c, err := r.Card(name)
	if err != nil {
		return nil, err
	}
	b, err := r.file(c, c.File, c.SHA256)
	if err != nil {
		return nil, err
	}
	if c.Domain != "" {
		if _, err := r.file(c, c.Domain, c.DomainSHA256); err != nil {
			return nil, err
		}
	}
	return b, checkOperators(c, b)
}

// file reads a model's file and refuses one whose checksum differs.
func (r *Registry) file(c *Card, name, want string) ([]byte, error) {
	b, err := fs.ReadFile(r.models[c.Name].files, name)
	if err != nil {
		return nil, fmt.Errorf("model %s: its card names the file %s beside it: %w", c.Name, name, err)
	}
	sum := sha256.Sum256(b)
	if got := hex.EncodeToString(sum[:]); got != want {
		return nil, fmt.Errorf("model %s is refused: %s has sha256 %s… but its card says %s…; it was changed after the card was written: fetch both anew, or write the card for this file", c.Name, name, got[:12], want[:min(12, len(want))])
	}
	return b, nil
}
