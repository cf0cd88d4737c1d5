package scoring

import (
	"fmt"
	"reflect"
	"strconv"
)

// rowText writes all that a value of one type holds, as fmt's %+v does. Rows
// are sorted by it and their fingerprints rest on it; fmt takes far longer.
type rowText struct {
	kind   reflect.Kind
	isDate bool
	byFmt  bool // maps, and what says itself how it is written
	names  []string
	parts  []*rowText // of fields, or of the elements
}

var (
	dateType     = reflect.TypeFor[Date]()
	stringerType = reflect.TypeFor[fmt.Stringer]()
)

func textOf[T any]() *rowText { return textOfType(reflect.TypeFor[T]()) }

func textOfType(t reflect.Type) *rowText {
	w := &rowText{kind: t.Kind(), isDate: t == dateType}
	if w.isDate {
		return w
	}
	if w.byFmt = t.Implements(stringerType); w.byFmt {
		return w
	}
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int32, reflect.Int64, reflect.Float64:
	case reflect.Struct:
		for i := range t.NumField() {
			w.names = append(w.names, t.Field(i).Name+":")
			w.parts = append(w.parts, textOfType(t.Field(i).Type))
		}
	case reflect.Slice, reflect.Array:
		w.parts = []*rowText{textOfType(t.Elem())}
	default:
		w.byFmt = true
	}
	return w
}

// append writes the value that p points to.
func (w *rowText) append(b []byte, p any) []byte { return w.value(b, reflect.ValueOf(p).Elem()) }

func (w *rowText) value(b []byte, v reflect.Value) []byte {
	switch {
	case w.isDate:
		return v.Addr().Interface().(*Date).AppendTo(b)
	case w.byFmt:
		return fmt.Appendf(b, "%+v", v)
	}
	switch w.kind {
	case reflect.String:
		return append(b, v.String()...)
	case reflect.Bool:
		return strconv.AppendBool(b, v.Bool())
	case reflect.Float64:
		return strconv.AppendFloat(b, v.Float(), 'g', -1, 64)
	case reflect.Struct:
		b = append(b, '{')
		for i, name := range w.names {
			if i > 0 {
				b = append(b, ' ')
			}
			b = w.parts[i].value(append(b, name...), v.Field(i))
		}
		return append(b, '}')
	case reflect.Slice, reflect.Array:
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ' ')
			}
			b = w.parts[0].value(b, v.Index(i))
		}
		return append(b, ']')
	default:
		return strconv.AppendInt(b, v.Int(), 10)
	}
}
