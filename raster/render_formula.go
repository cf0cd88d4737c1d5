package raster

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Formula is arithmetic over band names, computed per pixel.
type Formula struct {
	Bands []Band // in the order of their first use: what Eval is given
	root  *term
	code  []step
	depth int
}

// term is a part of a formula: 'n' a number, 'b' a band, '~' minus, + − * /, or
// the first letter of a function (functions).
type term struct {
	op     byte
	number float64
	band   int
	args   []*term
}

// step is one operation on a stack.
type step struct {
	op     byte
	number float32
	band   int
}

// functions of a formula: letter and number of arguments by name.
var functions = map[string]struct {
	op   byte
	args int
}{"abs": {'a', 1}, "sqrt": {'s', 1}, "min": {'m', 2}, "max": {'x', 2}}

const (
	maxFormula = 1000 // bytes
	maxNested  = 50
)

// ParseFormula reads a formula:
//
//	formula = product { ("+" | "-") product }
//	product = sign { ("*" | "/") sign }
//	sign    = [ "-" ] ( number | band | "(" formula ")" | name "(" formula { "," formula } ")" )
//
// Bands are the Sentinel names of reflectance bands (B02 … B12, B8A), numbers
// are written 2.5 or 1e-3, functions are abs, sqrt, min and max. The error
// names the place.
func ParseFormula(text string) (*Formula, error) {
	p := &formulaParser{text: text, f: &Formula{}}
	if len(text) > maxFormula {
		return nil, fmt.Errorf("a formula of %d characters, at most %d are read", len(text), maxFormula)
	}
	root, err := p.sum(0)
	if err == nil && p.peek() != 0 {
		err = fmt.Errorf("an operator is expected, not %q", p.text[p.at:])
	}
	if err != nil {
		return nil, fmt.Errorf("formula %q, character %d: %w", text, p.at+1, err)
	}
	p.f.root = root
	p.f.compile(root, 0)
	return p.f, nil
}

type formulaParser struct {
	text string
	at   int
	f    *Formula
}

// peek is the next character that is not a space, 0 at the end.
func (p *formulaParser) peek() byte {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

func (p *formulaParser) take(c byte) bool {
	if p.peek() != c {
		return false
	}
	p.at++
	return true
}

func (p *formulaParser) sum(nested int) (*term, error) { return p.chain(nested, "+-", p.product) }

func (p *formulaParser) product(nested int) (*term, error) { return p.chain(nested, "*/", p.sign) }

// chain reads operands joined by operators of one rank, from the left.
func (p *formulaParser) chain(nested int, ops string, operand func(int) (*term, error)) (*term, error) {
	left, err := operand(nested)
	for err == nil {
		c := p.peek()
		if c == 0 || strings.IndexByte(ops, c) < 0 {
			return left, nil
		}
		p.at++
		var right *term
		right, err = operand(nested)
		left = &term{op: c, args: []*term{left, right}}
	}
	return nil, err
}

func (p *formulaParser) sign(nested int) (*term, error) {
	if nested > maxNested {
		return nil, fmt.Errorf("more than %d parentheses, functions or signs inside each other", maxNested)
	}
	switch c := p.peek(); {
	case c == 0:
		return nil, fmt.Errorf("it ends where a number, a band or a parenthesis is expected")
	case p.take('-'):
		t, err := p.sign(nested + 1)
		return &term{op: '~', args: []*term{t}}, err
	case p.take('('):
		t, err := p.sum(nested + 1)
		if err == nil && !p.take(')') {
			err = fmt.Errorf("a closing parenthesis is expected")
		}
		return t, err
	case c >= '0' && c <= '9' || c == '.':
		return p.number()
	case letter(c):
		return p.name(nested)
	default:
		return nil, fmt.Errorf("a number, a band or a parenthesis is expected, not %q", p.text[p.at:])
	}
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

func (p *formulaParser) number() (*term, error) {
	end := p.at
	for end < len(p.text) {
		c := p.text[end]
		exponent := (c == '+' || c == '-') && (p.text[end-1]|0x20) == 'e'
		if !digit(c) && c != '.' && !letter(c) && !(end > p.at && exponent) {
			break
		}
		end++
	}
	v, err := strconv.ParseFloat(p.text[p.at:end], 64)
	if err != nil || math.Abs(v) > math.MaxFloat32 || strings.ContainsAny(p.text[p.at:end], "xXpP_nN") {
		return nil, fmt.Errorf("%q is not a number", p.text[p.at:end])
	}
	p.at = end
	return &term{op: 'n', number: v}, nil
}

func (p *formulaParser) name(nested int) (*term, error) {
	end := p.at
	for end < len(p.text) && (letter(p.text[end]) || digit(p.text[end])) {
		end++
	}
	name := p.text[p.at:end]
	if fn, ok := functions[name]; ok {
		p.at = end
		return p.call(name, fn.op, fn.args, nested)
	}
	if !slices.Contains(OpticalBands, Band(name)) {
		return nil, fmt.Errorf("%q is no band of reflectance (%v) and no function (abs, sqrt, min, max)", name, OpticalBands)
	}
	p.at = end
	k := slices.Index(p.f.Bands, Band(name))
	if k < 0 {
		k = len(p.f.Bands)
		p.f.Bands = append(p.f.Bands, Band(name))
	}
	return &term{op: 'b', band: k}, nil
}

func (p *formulaParser) call(name string, op byte, n, nested int) (*term, error) {
	if !p.take('(') {
		return nil, fmt.Errorf("%s is followed by a parenthesis", name)
	}
	t := &term{op: op}
	for k := range n {
		if k > 0 && !p.take(',') {
			return nil, fmt.Errorf("%s takes %d values: a comma is expected", name, n)
		}
		arg, err := p.sum(nested + 1)
		if err != nil {
			return nil, err
		}
		t.args = append(t.args, arg)
	}
	if !p.take(')') {
		return nil, fmt.Errorf("%s takes %d values: a closing parenthesis is expected", name, n)
	}
	return t, nil
}

// String is the formula with no space and no parenthesis too many; parsed again
// it gives the same values.
func (f *Formula) String() string { return f.print(f.root) }

// rank is how tightly a term holds together.
func (t *term) rank() int {
	switch t.op {
	case '+', '-':
		return 1
	case '*', '/':
		return 2
	case '~':
		return 3
	}
	return 4
}

func (f *Formula) print(t *term) string {
	var args []string
	for k, a := range t.args {
		text, least := f.print(a), t.rank()
		switch {
		case least == 4: // a function's own parentheses hold it
			least = 0
		case k == 1:
			least++
		}
		if a.rank() < least {
			text = "(" + text + ")"
		}
		args = append(args, text)
	}
	switch t.op {
	case 'n':
		return strconv.FormatFloat(t.number, 'g', -1, 64)
	case 'b':
		return string(f.Bands[t.band])
	case '~':
		return "-" + args[0]
	case '+', '-', '*', '/':
		return args[0] + string(t.op) + args[1]
	}
	for name, fn := range functions {
		if fn.op == t.op {
			return name + "(" + strings.Join(args, ",") + ")"
		}
	}
	panic("a term that no parser made")
}
