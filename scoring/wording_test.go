package scoring

import (
	"fmt"
	"strings"
	"testing"
)

// sprintf writes what fmt writes: the wanted texts are fmt's own.
func TestSprintfWritesAsFmt(t *testing.T) {
	d := day("2024-02-29")
	for _, c := range []struct{ got, want string }{
		{sprintf("nothing"), "nothing"},
		{sprintf("%s|%q|%d|%d|%t|100 %%", "冬小麦", "a\"b\n", -7, int64(9), true), fmt.Sprintf("%s|%q|%d|%d|%t|100 %%", "冬小麦", "a\"b\n", -7, int64(9), true)},
		{sprintf("%s %s", d, Date{}), fmt.Sprintf("%s %s", d, Date{})},
		{sprintf("%s", []string{"a", "b"}), strings.Join([]string{"a", "b"}, ", ")},
		{sprintf("%s %s %s %s", Fen(-123_456_78), Area(5_000_00), Prob(9), Yield(4123)),
			fmt.Sprintf("%s %s %s %s", Yuan(-123_456_78), Mu(5_000_00), Percent(9), Kg(4123))},
		{sprintf("%s", strings.Repeat("long ", 100)), strings.Repeat("long ", 100)},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	if n := testing.AllocsPerRun(100, func() { _ = sprintf("%s of %s until %s, %d", Area(700), "maize", d, 4) }); n > 1 {
		t.Errorf("%.0f allocations for one sentence", n)
	}
}

func TestStoreKeepsWhatIsWritten(t *testing.T) {
	var s store
	var l trail
	var kept [][]string
	for i := range 3000 { // many pieces
		l.reset(s.open(50))
		l.add("decision %d", i)
		l.add("%s", strings.Repeat("x", i%90))
		kept = append(kept, s.keepLines(&l))
	}
	for i, k := range kept {
		if len(k) != 2 || k[0] != fmt.Sprintf("decision %d", i) || len(k[1]) != i%90 {
			t.Fatalf("%d: %q", i, k)
		}
	}
	n := s.numbersOf("b", s.printf("%d", 1), "a", "2")
	if got := s.unique([]string{"b", "", "a", "b"}); len(got) != 2 || got[0] != "a" || got[1] != "b" || n.Of("b") != "1" || n[0].Name != "a" {
		t.Errorf("%q %v", got, n)
	}
	if s.strings(0) == nil {
		t.Error("no strings are nil, which JSON writes as null")
	}
}
