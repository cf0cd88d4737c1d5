package scoring

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// TraceJSON is what shows how a decision came about, as decisions.parquet keeps
// it: a JSON object with the constraints, the rules, the reasons and, where there
// are any, what follows them. The bytes are those of json.Marshal of the same
// fields; a grower who is asked about waits for them.
func (d *Decision) TraceJSON() []byte {
	b := make([]byte, 0, 4096)
	b = appendList(append(b, `{"constraints":`...), "[]", d.Constraints, func(b []byte, c *Constraint) []byte {
		b = appendText(append(b, `{"name":`...), c.Name, true)
		b = strconv.AppendBool(append(b, `,"applies":`...), c.Applies)
		b = strconv.AppendInt(append(b, `,"gross":`...), int64(c.Gross), 10)
		b = strconv.AppendInt(append(b, `,"used":`...), int64(c.Used), 10)
		b = strconv.AppendInt(append(b, `,"net":`...), int64(c.Net), 10)
		return append(c.Numbers.append(append(b, `,"numbers":`...), true), '}')
	})
	b = appendList(append(b, `,"rules":`...), "[]", d.Trace, func(b []byte, rule *string) []byte { return appendText(b, *rule, true) })
	b = appendList(append(b, `,"reasons":`...), "[]", d.Reasons, func(b []byte, r *Reason) []byte {
		b = appendText(append(b, `{"code":`...), r.Code, true)
		b = appendText(append(b, `,"en":`...), r.EN, true)
		return append(appendText(append(b, `,"zh":`...), r.ZH, true), '}')
	})
	for _, rest := range [...]struct {
		name string
		any  bool
		v    any
	}{
		{"risk", d.Risk != nil, d.Risk}, {"extensions", len(d.Extensions) > 0, d.Extensions}, {"raises", len(d.Raises) > 0, d.Raises},
		{"schedule", len(d.Schedule) > 0, d.Schedule}, {"tranches", len(d.Tranches) > 0, d.Tranches}, {"levels", len(d.Levels) > 0, d.Levels},
	} {
		if rest.any {
			b = append(appendText(append(b, ','), rest.name, true), ':')
			b = append(b, marshal(rest.v)...)
		}
	}
	return append(b, '}')
}

// appendList adds what a list holds between brackets; null where there is no list.
func appendList[T any](b []byte, brackets string, list []T, each func([]byte, *T) []byte) []byte {
	if list == nil {
		return append(b, "null"...)
	}
	b = append(b, brackets[0])
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = each(b, &list[i])
	}
	return append(b, brackets[1])
}

// append adds numbers as one JSON object.
func (n Numbers) append(b []byte, escapeHTML bool) []byte {
	return appendList(b, "{}", n, func(b []byte, v *Number) []byte {
		b = append(appendText(b, v.Name, escapeHTML), ':')
		return appendText(b, v.Value, escapeHTML)
	})
}

// appendText adds a JSON string as encoding/json writes it. Plain text, as nearly
// all is, is copied; what needs care is left to encoding/json.
func appendText(b []byte, s string, escapeHTML bool) []byte {
	plain := true
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || escapeHTML && (c == '<' || c == '>' || c == '&') || c == 0xe2 && i+2 < len(s) && s[i+1] == 0x80 && s[i+2]&^1 == 0xa8 { // U+2028, U+2029
			plain = false
			break
		}
	}
	if plain && utf8.ValidString(s) {
		return append(append(append(b, '"'), s...), '"')
	}
	var w bytes.Buffer
	enc := json.NewEncoder(&w)
	enc.SetEscapeHTML(escapeHTML)
	enc.Encode(s) // a text always has its JSON
	return append(b, bytes.TrimSuffix(w.Bytes(), []byte("\n"))...)
}

// marshal is json.Marshal of plain data.
func marshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("json of %T: %v", v, err)) // only plain data types are passed
	}
	return b
}
