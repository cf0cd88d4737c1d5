package feeds

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// Every text that the package gives a reject is known in Chinese: literals are
// taken from the source, %d and %s of them filled in.
func TestRejectsInChinese(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			name := ""
			switch fun := call.Fun.(type) {
			case *ast.SelectorExpr:
				name = fun.Sel.Name
			case *ast.Ident:
				name = fun.Name
			}
			first := map[string]int{"reject": 1, "refuse": 1, "rejectRow": 0}
			at, is := first[name]
			if !is || len(call.Args) < at+2 {
				return true
			}
			for _, a := range call.Args[at : at+2] {
				texts = append(texts, textOf(a))
			}
			return true
		})
	}
	texts = append(texts, "the quotes of the row do not pair up", "the row has 3 cells, the headings 2", "put quotes round cells that hold the separator, and double the quotes inside them",
		"the ID number holds no day of birth in places 7 to 14; its last digits are zeros, so a spreadsheet may have rounded it")
	known := 0
	for _, text := range texts {
		if text == "" { // an error's own text
			continue
		}
		known++
		if zh := RejectZH(text); zh == text || !strings.ContainsFunc(zh, func(r rune) bool { return unicode.Is(unicode.Han, r) }) || strings.ContainsAny(zh, "$⟦⟧") {
			t.Errorf("%q has no Chinese: %q", text, zh)
		}
	}
	if known < 80 {
		t.Errorf("only %d texts were found in the source", known)
	}
}

// textOf is a text as the source makes it, with something for what it cannot know.
func textOf(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.BasicLit:
		s, _ := strconv.Unquote(x.Value)
		return s
	case *ast.Ident:
		if x.Name == "asText" {
			return asText
		}
		return ""
	case *ast.BinaryExpr:
		l, r := textOf(x.X), textOf(x.Y)
		if l == "" && r == "" || strings.HasPrefix(r, "; its last digits") {
			return ""
		}
		if l == "" {
			l = "a, b"
		}
		if r == "" {
			r = "a, b"
		}
		return l + r
	case *ast.CallExpr:
		if len(x.Args) > 0 {
			if s := textOf(x.Args[0]); strings.Contains(s, "%") {
				return strings.NewReplacer("%d", "7", "%g", "7", "%s", "x").Replace(s)
			}
		}
	}
	return ""
}
