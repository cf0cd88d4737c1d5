package scoring

import (
	"strconv"
	"strings"
)

// sprintf is fmt.Sprintf for what sentences and traces are made of: %s, %d, %t
// and %q of texts, whole numbers, days and lists (joined by ", "), and %s of
// amounts, areas, shares and yields as people read them. It takes a fraction of
// the time, since nothing that it is given is moved to the heap.
func sprintf(format string, args ...any) string {
	var room [256]byte
	return string(appendf(room[:0], format, args...))
}

func appendf(b []byte, format string, args ...any) []byte {
	for {
		i := strings.IndexByte(format, '%')
		if i < 0 || i+1 == len(format) {
			if len(args) > 0 {
				panic("more values than places for them")
			}
			return append(b, format...)
		}
		b = append(b, format[:i]...)
		verb := format[i+1]
		format = format[i+2:]
		if verb == '%' {
			b = append(b, '%')
			continue
		}
		b = appendArg(b, verb, args[0])
		args = args[1:]
	}
}

func appendArg(b []byte, verb byte, arg any) []byte {
	switch v := arg.(type) {
	case string:
		if verb == 'q' {
			return strconv.AppendQuote(b, v)
		}
		return append(b, v...)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case bool:
		return strconv.AppendBool(b, v)
	case Date:
		return v.AppendTo(b)
	case Fen:
		return appendYuan(b, v)
	case Area:
		return append(appendMu(b, v), " mu"...)
	case Prob:
		return append(appendDecimal(b, int64(v), 2), " %"...)
	case Yield:
		return append(appendDecimal(b, int64(v), 1), " kg/mu"...)
	case []string:
		for i, s := range v {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = append(b, s...)
		}
		return b
	}
	panic("sprintf does not know how to write a value of this type")
}

// trail is the lines of one decision's trace while it is written.
type trail struct {
	text []byte
	ends []int
}

func (l *trail) reset(text []byte) { l.text, l.ends = text, l.ends[:0] }

// add writes a whole line.
func (l *trail) add(format string, args ...any) {
	l.text = appendf(l.text, format, args...)
	l.end()
}

// put appends texts to the line that is being written.
func (l *trail) put(texts ...string) {
	for _, s := range texts {
		l.text = append(l.text, s...)
	}
}

// end closes the line that has been appended to text.
func (l *trail) end() { l.ends = append(l.ends, len(l.text)) }
