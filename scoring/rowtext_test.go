package scoring

import (
	"bytes"
	"fmt"
	"math"
	"math/rand"
	"reflect"
	"testing"

	"github.com/parus-lending/parus/parcels"
)

// fill puts chance values into everything that v holds.
func fill(r *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString([]string{"", "a", "冬小麦", "x{y}:[z] ", "%d"}[r.Intn(5)])
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(r.Int63n(1<<uint(1+r.Intn(30))) - 5)
	case reflect.Bool:
		v.SetBool(r.Intn(2) == 0)
	case reflect.Float64:
		v.SetFloat([]float64{0, -1.5, 123456789, 1e21, 1e-7, 666.67, math.Inf(1), math.NaN(), r.NormFloat64(), math.Float64frombits(r.Uint64())}[r.Intn(10)])
	case reflect.Struct:
		for i := range v.NumField() {
			fill(r, v.Field(i))
		}
	case reflect.Slice:
		if n := r.Intn(4); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n-1, n-1))
		}
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			fill(r, v.Index(i))
		}
	case reflect.Map:
		m := reflect.MakeMap(v.Type())
		for range r.Intn(4) {
			k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(r, k)
			fill(r, e)
			m.SetMapIndex(k, e)
		}
		v.Set(m)
	default:
		panic("a record holds a " + v.Type().String() + ": teach rowText and this test to write it")
	}
}

// What rowText writes is what fmt writes: fingerprints of decisions rest on it.
func TestRowTextIsWhatFmtWrites(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, c := range []struct {
		row  any
		text *rowText
	}{
		{&parcels.Contract{}, contractKind.text}, {&parcels.Transfer{}, transferKind.text}, {&Declaration{}, declarationKind.text},
		{&Policy{}, policyKind.text}, {&Subsidy{}, subsidyKind.text}, {&Debt{}, debtKind.text}, {&RosterEntry{}, rosterKind.text},
		{&Cost{}, costKind.text}, {&Statistic{}, statisticKind.text}, {&Person{}, personKind.text}, {&Certificate{}, certificateKind.text},
		{&Machine{}, machineKind.text}, {&Purchase{}, purchaseKind.text}, {&Meter{}, meterKind.text}, {&ListEntry{}, listKind.text},
		{&parcels.Claim{}, claimKind.text}, {&Price{}, priceKind.text}, {&Disaster{}, disasterKind.text}, {&SeenPlot{}, plotKind.text},
		{&parcels.Parcel{}, parcelText}, {&parcels.Farmer{}, farmerText},
	} {
		for range 200 {
			v := reflect.ValueOf(c.row).Elem()
			v.SetZero()
			fill(r, v)
			if got, want := c.text.append(nil, c.row), fmt.Appendf(nil, "%+v", v.Interface()); !bytes.Equal(got, want) {
				t.Fatalf("%T:\n got %s\nwant %s", c.row, got, want)
			}
		}
	}
}
