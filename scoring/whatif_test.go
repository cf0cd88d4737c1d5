package scoring

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// A county kept ready answers for another credit policy as a run under it would,
// and still as before for its own.
func TestAnotherPolicyOnTheSameEvidence(t *testing.T) {
	own, err := ParseCreditPolicy(DefaultCreditPolicy())
	if err != nil {
		t.Fatal(err)
	}
	other, err := ParseCreditPolicy(bytes.Replace(DefaultCreditPolicy(), []byte("cap_yuan = 300000"), []byte("cap_yuan = 2000"), 1))
	if err != nil {
		t.Fatal(err)
	}
	c := NewCounty(county(), own)
	_, want := Judge(county(), other)
	if got := c.Under(other).All(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	if _, want := Judge(county(), own); !reflect.DeepEqual(c.All(), want) {
		t.Error("the county's own decisions changed")
	}
	// anna owes bank-1, bert is in no row of the debts; both are households of the roster.
	said := ""
	for _, g := range []string{"anna", "bert"} {
		first, known := c.FirstTime(g)
		said += fmt.Sprint(g, " ", c.Kind(g), " ", first, " ", known, ", ")
	}
	if said != "anna household false true, bert household true true, " || c.Kind("nobody") != "" {
		t.Error(said)
	}
}

func TestStoredCreditPolicy(t *testing.T) {
	var b bytes.Buffer
	if err := WriteStored(&b, county(), []byte("id = \"x\"\n# 中")); err != nil {
		t.Fatal(err)
	}
	if got, err := StoredCreditPolicy(bytes.NewReader(b.Bytes()[:b.Len()/2])); err != nil || got != "id = \"x\"\n# 中" {
		t.Errorf("%q, %v", got, err)
	}
	for _, text := range []string{"", "evidence", "\x1f\x8b"} {
		if got, err := StoredCreditPolicy(strings.NewReader(text)); err == nil {
			t.Errorf("%q: %q", text, got)
		}
	}
}
