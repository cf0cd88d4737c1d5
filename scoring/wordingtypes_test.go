package scoring

import (
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"strings"
	"testing"
)

// sprintf knows few types and go vet does not know sprintf: this holds every
// call in the package to both.
func TestEverySprintfIsGivenWhatItCanWrite(t *testing.T) {
	fset := token.NewFileSet()
	var files []*ast.File
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go") {
			f, err := parser.ParseFile(fset, e.Name(), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	check := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	if _, err := check.Check("github.com/parus-lending/parus/scoring", fset, files, info); err != nil {
		t.Fatal(err)
	}
	formatAt := map[string]int{"sprintf": 0, "say": 0, "printf": 0, "appendf": 1, "rule": 2, "add": 0}
	knows := map[string]bool{"string": true, "int": true, "int64": true, "bool": true, "[]string": true, "parcels.Date": true, "Date": true,
		"scoring.Fen": true, "scoring.Area": true, "scoring.Prob": true, "scoring.Yield": true}
	calls := 0
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || call.Ellipsis.IsValid() {
				return true
			}
			name := ""
			switch fun := call.Fun.(type) {
			case *ast.Ident:
				name = fun.Name
			case *ast.SelectorExpr:
				name = fun.Sel.Name
			}
			if name == "text" && len(call.Args) == 1 { // one value, no format
				if text := types.TypeString(types.Unalias(types.Default(info.Types[call.Args[0]].Type)), (*types.Package).Name); !knows[text] {
					t.Errorf("%s: text cannot write a %s", fset.Position(call.Pos()), text)
				}
				return true
			}
			at, ours := formatAt[name]
			if !ours || len(call.Args) <= at {
				return true
			}
			format := info.Types[call.Args[at]].Value
			if format == nil || format.Kind() != constant.String {
				return true
			}
			calls++
			verbs := strings.Count(strings.ReplaceAll(constant.StringVal(format), "%%", ""), "%")
			if given := len(call.Args) - at - 1; verbs != given {
				t.Errorf("%s: %d verbs, %d values", fset.Position(call.Pos()), verbs, given)
			}
			for _, a := range call.Args[at+1:] {
				of := types.Unalias(types.Default(info.Types[a].Type))
				if text := types.TypeString(of, (*types.Package).Name); !knows[text] {
					t.Errorf("%s: sprintf cannot write a %s", fset.Position(a.Pos()), text)
				}
			}
			return true
		})
	}
	if calls < 30 {
		t.Errorf("only %d calls were found", calls)
	}
}
