package scoring

import (
	"encoding/json"
	"testing"
)

// plainTrace has the fields of a trace for encoding/json, which says what the bytes are.
type plainTrace struct {
	Constraints []Constraint `json:"constraints"`
	Rules       []string     `json:"rules"`
	Reasons     []Reason     `json:"reasons"`
	Risk        *Risk        `json:"risk,omitempty"`
	Extensions  []Extension  `json:"extensions,omitempty"`
	Raises      []Raise      `json:"raises,omitempty"`
	Schedule    []Payment    `json:"schedule,omitempty"`
	Tranches    []Tranche    `json:"tranches,omitempty"`
	Levels      []Level      `json:"levels,omitempty"`
}

func FuzzTraceJSON(f *testing.F) {
	for _, s := range []string{"", "need", "土地 <b> & \"x\" \\", "a\u2028b", "\x00\x1f\x7f", "\xff\xfe", "é…€", "\n\t"} {
		f.Add(s, s+"1", int64(len(s)), true)
		f.Add("rule", s, int64(-1), false)
	}
	f.Fuzz(func(t *testing.T, a, b string, n int64, some bool) {
		d := Decision{Constraints: []Constraint{{Name: a, Applies: some, Gross: Fen(n), Used: -Fen(n), Net: 1, Numbers: Numbers{{a, b}, {b, a}}}, {Name: b}},
			Reasons: []Reason{{a, b, a}}, Trace: []string{a, b, a + b}}
		if some {
			d.Constraints[1].Numbers = Numbers{}
			d.Risk, d.Extensions, d.Raises = &Risk{Points: int(n), Card: a}, []Extension{{DebtID: b}}, []Raise{{Code: a, EN: b}}
			d.Schedule, d.Tranches, d.Levels = []Payment{{Principal: Fen(n)}}, []Tranche{{Stage: a}}, []Level{{Of: b}}
		} else if n < 0 {
			d.Reasons, d.Trace = nil, []string{}
		}
		want, err := json.Marshal(plainTrace{d.Constraints, d.Trace, d.Reasons, d.Risk, d.Extensions, d.Raises, d.Schedule, d.Tranches, d.Levels})
		if err != nil {
			t.Fatal(err)
		}
		if got := d.TraceJSON(); string(got) != string(want) {
			t.Errorf("%q, want %q", got, want)
		}
		if text := appendText(nil, a, true); string(text) != string(marshal(a)) {
			t.Errorf("%q", text)
		}
	})
}
