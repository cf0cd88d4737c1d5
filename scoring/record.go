package scoring

import (
	"reflect"
	"strconv"
	"strings"
)

// registryWitness is how a witness names a parcel of the registry.
const registryWitness = "registry:"

// Record is a record as the evidence holds it, for who follows a witness to its
// source ("policies.csv:12", "registry:3415…"): its feed, and what it says in the
// order of its fields, with units; what is not known is left out, and so is when
// somebody was born. false where the evidence has no such record.
func (c *County) Record(source string) (feed string, says []Number, found bool) {
	ev := c.index.ev
	if id, ok := strings.CutPrefix(source, registryWitness); ok {
		p, found := ev.Parcels[id]
		if !found {
			return "", nil, false
		}
		return "registry", saysOf(nil, reflect.ValueOf(p)), true
	}
	records := reflect.ValueOf(ev.Records)
	for i := range records.NumField() {
		rows := records.Field(i)
		if rows.Kind() != reflect.Slice {
			continue
		}
		for n := range rows.Len() {
			row := rows.Index(n)
			if row.FieldByName("Source").String() == source {
				name, _, _ := strings.Cut(records.Type().Field(i).Tag.Get("json"), ",")
				return name, saysOf(nil, row), true
			}
		}
	}
	return "", nil, false
}

// unsaid are fields that a record does not show: shapes, and what only the
// program needs.
var unsaid = map[string]bool{"source": true, "polygon": true, "point": true, "source_epsg": true, "checksum": true, "born": true, "legal_basis": true, "extras": true}

// saysOf adds what a row's fields say.
func saysOf(says []Number, row reflect.Value) []Number {
	for i := range row.NumField() {
		field, v := row.Type().Field(i), row.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous:
			says = saysOf(says, v)
		case unsaid[name] || v.IsZero():
		default:
			if text := saidOf(name, v); text != "" {
				says = append(says, Number{name, text})
			}
		}
	}
	return says
}

// saidOf writes a value with its unit; what is not for people is "".
func saidOf(name string, v reflect.Value) string {
	switch x := v.Interface().(type) {
	case string, bool, Date, Fen, Area, Prob, Yield, []string:
		return string(appendArg(nil, 'v', x))
	case int:
		return strconv.Itoa(x)
	case float64:
		if strings.HasSuffix(name, "_m2") {
			return string(appendArg(nil, 'v', AreaOfM2(x)))
		}
	case int64:
		switch name {
		case "watts":
			return string(append(appendDecimal(nil, x, 3), " kW"...))
		case "grams":
			return string(append(appendDecimal(nil, x, 3), " kg"...))
		case "rent_fen_per_mu":
			return string(appendArg(nil, 'v', Fen(x))) + "/mu"
		}
		return strconv.FormatInt(x, 10)
	}
	return ""
}
