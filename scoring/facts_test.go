package scoring

import (
	"encoding/json"
	"reflect"
	"testing"
)

// The wanted JSON is what encoding/json makes of a map with the same contents.
func TestNumbersAreOneObject(t *testing.T) {
	m := map[string]string{"seen": "maize", "area": "<1 & 2>", "a\"b": "亩\n"}
	var s store
	n := s.numbersOf("seen", "rice", "area", "<1 & 2>", "a\"b", "亩\n", "seen", "maize", "odd")
	want, _ := json.Marshal(m)
	got, err := json.Marshal(struct{ N Numbers }{n})
	if err != nil || string(got) != `{"N":`+string(want)+`}` {
		t.Fatalf("%s, %v; want %s", got, err, want)
	}
	var back Numbers
	if err := json.Unmarshal(want, &back); err != nil || !reflect.DeepEqual(back, n) {
		t.Fatalf("%v, %v; want %v", back, err, n)
	}
	if n.Of("area") != "<1 & 2>" || n.Of("none") != "" {
		t.Fatal("Of finds the wrong value")
	}
	if b, _ := json.Marshal([]Numbers{nil, {}}); string(b) != "[null,{}]" {
		t.Fatalf("none: %s", b)
	}
}
