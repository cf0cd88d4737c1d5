// Package parus_test holds the import rules of docs/architecture.md.
package parus_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/parus-lending/parus/"

type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
	CgoFiles   []string
	Standard   bool
	Module     *struct{ Path string }
}

// list is go list over the whole module, tests left out.
func list(t *testing.T) map[string]goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Deps,CgoFiles,Standard,Module", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]goPackage{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p
	}
	return all
}

// top is the first folder of one of our packages, "" for any other.
func top(path string) string {
	rest, ours := strings.CutPrefix(path, module)
	if !ours {
		return ""
	}
	folder, _, _ := strings.Cut(rest, "/")
	return folder
}

// may says which folders each folder may import: raster ◀ parcels ◀ models ◀
// scoring; data implements what the four declare; season uses them all; api
// sits on top; cmd wires.
var may = map[string]string{
	"raster":  "raster",
	"parcels": "parcels raster",
	"models":  "models parcels raster",
	"scoring": "scoring models parcels raster",
	"data":    "data scoring models parcels raster",
	"season":  "season data scoring models parcels raster",
	"api":     "api season data scoring models parcels raster",
	"tools":   "tools data models parcels raster", // measures packages and writes what they are measured on; nothing imports it
	"cmd":     "cmd api season data scoring models parcels raster",
}

func TestWhoImportsWhom(t *testing.T) {
	seen := map[string]bool{}
	for path, p := range list(t) {
		from := top(path)
		if from == "" {
			continue
		}
		seen[from] = true
		allowed, known := may[from]
		if !known {
			t.Errorf("%s: no rule says what the folder %s may import: add it here and in docs/architecture.md", path, from)
		}
		for _, i := range p.Imports {
			if to := top(i); to != "" && !strings.Contains(" "+allowed+" ", " "+to+" ") {
				t.Errorf("%s imports %s: %s may import %s only", path, i, from, allowed)
			}
		}
	}
	for _, must := range []string{"raster", "parcels", "models", "scoring", "data", "season", "cmd"} {
		if !seen[must] {
			t.Errorf("go list shows no package in %s: this test looks at nothing", must)
		}
	}
}

// The four root packages are plain Go: no cgo in them, nor in anything they
// import outside the standard library, and none of the runtimes and readers.
func TestRootPackagesArePlainGo(t *testing.T) {
	all := list(t)
	for _, root := range []string{"raster", "parcels", "models", "scoring"} {
		p, ok := all[module+root]
		if !ok {
			t.Fatalf("no package %s", root)
		}
		for _, d := range append(p.Deps, p.ImportPath) {
			if dep := all[d]; !dep.Standard && len(dep.CgoFiles) > 0 {
				t.Errorf("%s depends on %s, which uses cgo", root, d)
			}
			if to := top(d); to != "" && strings.Count(strings.TrimPrefix(d, module), "/") > 0 && root != "scoring" {
				t.Errorf("%s depends on the leaf %s", root, d)
			}
		}
	}
}

// confined are dependencies that only some folders may import. A package is
// named by its module path or a prefix of it.
var confined = map[string]string{
	"github.com/gin-gonic/gin":             "api",
	"github.com/oapi-codegen/runtime":      "api",  // Apache-2.0, used by the code generated from the contract
	"github.com/coreos/go-oidc":            "api",  // Apache-2.0, verifies tokens of identity providers
	"github.com/go-jose/go-jose":           "api",  // Apache-2.0, signs those of the demo's own
	"github.com/goccy/go-yaml":             "api",  // MIT, reads the contract
	"github.com/prometheus/client_golang":  "api",  // Apache-2.0, metrics
	"github.com/emmansun/gmsm":             "data", // MIT, SM4
	"github.com/jackc/pgx":                 "data season cmd",
	"github.com/riverqueue/river":          "data season cmd",
	"github.com/airbusgeo/godal":           "raster data tools",
	"github.com/yalue/onnxruntime_go":      "models",
	"github.com/owulveryck/onnx-go":        "models",
	"gorgonia.org/":                        "models",
	"github.com/parquet-go/parquet-go":     "data season",
	"github.com/xuri/excelize":             "data",
	"github.com/alecthomas/kong":           "cmd",
	"github.com/schollz/progressbar":       "cmd",
	"golang.org/x/image":                   "season api raster",
	"github.com/BurntSushi/toml":           "scoring data season",
	"github.com/peterstace/simplefeatures": "parcels data",
}

func TestDependenciesStayInTheirFolders(t *testing.T) {
	for path, p := range list(t) {
		from := top(path)
		if from == "" {
			continue
		}
		for _, i := range p.Imports {
			for dep, folders := range confined {
				if strings.HasPrefix(i, dep) && !strings.Contains(" "+folders+" ", " "+from+" ") {
					t.Errorf("%s imports %s, which belongs to %s", path, i, folders)
				}
			}
		}
	}
}
