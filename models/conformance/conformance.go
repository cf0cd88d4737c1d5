// Package conformance is the suite that every models.Runtime passes: the same
// answers as an independent computation, whatever the number of rows, and an
// error instead of a wrong number. A runtime's own test calls Run.
package conformance

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/parus-lending/parus/models"
)

// Run holds the runtime to the suite, with every shipped model.
func Run(t *testing.T, rt models.Runtime) {
	reg, err := models.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range reg.Names() {
		card, err := reg.Card(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			if !card.FitFor(rt.Name()) {
				refuses(t, rt, card)
				return
			}
			s, _, err := reg.Load(name, rt)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			v, err := reg.Vectors(name)
			if err != nil || v == nil {
				t.Fatalf("models/testdata has no wanted answers for the shipped model %s: %v", name, err)
			}
			suite{s, card, wanted{slices.Concat(v.Inputs...), slices.Concat(v.Outputs...)}}.run(t)
		})
	}
}

// wanted are inputs and the answers of an independent computation.
type wanted struct{ in, out []float32 }

type suite struct {
	s    models.Session
	card *models.Card
	want wanted
}

func (s suite) run(t *testing.T) {
	ni, no := models.Size(s.card.InputShape), models.Size(s.card.OutputShape)
	rows := len(s.want.in) / ni
	scale := s.card.OutputRanges()
	ctx := context.Background()
	first, err := s.s.Run(ctx, s.want.in, rows)
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range s.want.out {
		if d := math.Abs(float64(first[i]-w)) / scale[i%no]; !(d <= models.RuntimeTolerance) {
			t.Fatalf("row %d output %d: %v, wanted %v (%.2g of the range)", i/no, i%no, first[i], w, d)
		}
	}
	again, err := s.s.Run(ctx, s.want.in, rows)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the same rows again", again, first)
	// A row alone, and the rows at other places of longer runs.
	for r := range rows {
		alone, err := s.s.Run(ctx, s.want.in[r*ni:(r+1)*ni], 1)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "a row alone", alone, first[r*no:(r+1)*no])
	}
	var long, longWant []float32
	for len(long) < 1000*ni {
		long, longWant = append(long, s.want.in...), append(longWant, first...)
	}
	got, err := s.s.Run(ctx, long, len(long)/ni)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "a thousand rows", got, longWant)
	if got, err := s.s.Run(ctx, nil, 0); err != nil || len(got) != 0 {
		t.Errorf("no rows: %v, %v; wanted nothing and no error", got, err)
	}
	s.refusals(t, ni)
}

func (s suite) refusals(t *testing.T, ni int) {
	ctx := context.Background()
	if _, err := s.s.Run(ctx, s.want.in[:ni-1], 1); err == nil {
		t.Error("a row that is one number short was taken")
	}
	if _, err := s.s.Run(ctx, s.want.in[:ni], 2); err == nil {
		t.Error("one row was taken for two")
	}
	for _, bad := range []float32{float32(math.NaN()), float32(math.Inf(1))} {
		in := append([]float32(nil), s.want.in[:2*ni]...)
		in[ni+1] = bad
		if _, err := s.s.Run(ctx, in, 2); err == nil || !strings.Contains(err.Error(), "row 2") {
			t.Errorf("%v in row 2 gave the error %v; wanted one that names the row", bad, err)
		}
	}
	stopped, stop := context.WithCancel(ctx)
	stop()
	if _, err := s.s.Run(stopped, s.want.in[:ni], 1); err == nil {
		t.Error("ran on after it was told to stop")
	}
	if _, err := s.s.Run(ctx, s.want.in[:ni], 1); err != nil {
		t.Errorf("after refusals the session does not run: %v", err)
	}
}

// refuses holds a runtime to refusing a network it is not made for, with the
// model's name in the error.
func refuses(t *testing.T, rt models.Runtime, card *models.Card) {
	reg, err := models.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := reg.Load(card.Name, rt); err == nil || !strings.Contains(err.Error(), card.Name) {
		t.Errorf("load gave %v, wanted a refusal that names %s", err, card.Name)
	}
	if _, err := rt.Open(card, []byte("not read")); err == nil {
		t.Error("opened a network whose operators it lacks")
	}
}

func same(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, wanted %d", what, len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%s: number %d is %v, was %v: padding or place changes the answer", what, i, got[i], want[i])
		}
	}
}
