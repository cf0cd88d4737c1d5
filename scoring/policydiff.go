package scoring

import (
	"fmt"
	"strconv"

	"github.com/BurntSushi/toml"
)

// PolicyValue is one value of a credit policy file.
type PolicyValue struct {
	Path  string // products.season.cap_yuan
	Value string // as in the file
	Line  int
	From  string // "" = the file itself, else the override it comes from
}

// PolicyChange is one value in which two credit policy files differ; Old or New
// is empty where the value stands in one of them only.
type PolicyChange struct {
	Path, Old, New   string
	OldLine, NewLine int
}

// DiffCreditPolicies lists the values in which two files differ, by path.
func DiffCreditPolicies(a, b []byte) ([]PolicyChange, error) {
	x, err := policyValues(a)
	if err != nil {
		return nil, err
	}
	y, err := policyValues(b)
	if err != nil {
		return nil, err
	}
	paths := map[string]bool{}
	for p := range x {
		paths[p] = true
	}
	for p := range y {
		paths[p] = true
	}
	var out []PolicyChange
	for _, p := range sortedKeys(paths) {
		if x[p].Value != y[p].Value {
			out = append(out, PolicyChange{p, x[p].Value, y[p].Value, x[p].Line, y[p].Line})
		}
	}
	return out, nil
}

// ExplainCreditPolicy lists every value that holds for an applicant and where
// it comes from.
func ExplainCreditPolicy(b []byte, a Applicant) ([]PolicyValue, error) {
	cp, err := ParseCreditPolicy(b)
	if err != nil {
		return nil, err
	}
	values, err := policyValues(b)
	if err != nil {
		return nil, err
	}
	at := linesOf(string(b))
	for p := range values {
		if len(p) > 8 && p[:8] == "override" {
			delete(values, p)
		}
	}
	for i, o := range cp.Overrides {
		if !o.holds(a) {
			continue
		}
		name := fmt.Sprintf("override[%d]", i)
		set := map[string]PolicyValue{}
		flatten(o.Set, "", at, set)
		for p, v := range set {
			v.Line, v.From = at.place(name+".set."+p), name+": "+o.Why
			values[p] = v
		}
	}
	var out []PolicyValue
	for _, p := range sortedKeys(values) {
		out = append(out, values[p])
	}
	return out, nil
}

// policyValues flattens a credit policy file, which must be a good one.
func policyValues(b []byte) (map[string]PolicyValue, error) {
	if _, err := ParseCreditPolicy(b); err != nil {
		return nil, err
	}
	var raw map[string]any
	if _, err := toml.Decode(string(b), &raw); err != nil {
		return nil, err
	}
	out := map[string]PolicyValue{}
	flatten(raw, "", linesOf(string(b)), out)
	return out, nil
}

func flatten(v any, path string, at lines, out map[string]PolicyValue) {
	leaf := func(s string) { out[path] = PolicyValue{Path: path, Value: s, Line: at.place(path)} }
	switch x := v.(type) {
	case map[string]any:
		for k, e := range x {
			flatten(e, join(path, k), at, out)
		}
	case []map[string]any:
		for i, e := range x {
			flatten(e, fmt.Sprintf("%s[%d]", path, i), at, out)
		}
	case []any:
		for _, e := range x {
			if _, ok := e.(map[string]any); ok {
				for i, e := range x {
					flatten(e, fmt.Sprintf("%s[%d]", path, i), at, out)
				}
				return
			}
		}
		leaf(fmt.Sprint(x))
	case string:
		leaf(strconv.Quote(x))
	default:
		leaf(fmt.Sprint(x))
	}
}
