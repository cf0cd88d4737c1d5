package zonal

import (
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/raster"
)

// many are rows that tell when they are asked for.
type many struct {
	n     int
	asked func(i int)
}

func (m many) Len() int { return m.n }

func (m many) Row(i int) raster.Observation {
	m.asked(i)
	return raster.Observation{ParcelID: fmt.Sprint(i / 10), Kind: "parcel", Time: time.Unix(0, 0), Band: raster.B02}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// Rows are written beside what comes after write, one set after the other, and
// an error comes back at the next call, not later.
func TestPenWritesOneAfterTheOther(t *testing.T) {
	p := &pen{out: rundir.NewObservationWriter(full{})}
	begun, let := make(chan struct{}), make(chan struct{})
	first := many{100_000, func(i int) { // a whole row group: it is written at its end
		if i == 0 {
			close(begun)
			<-let
		}
	}}
	if err := p.write(first); err != nil {
		t.Fatal(err)
	}
	<-begun // and write has returned: it does not wait for its rows
	close(let)
	if err := p.write(many{1, func(int) { t.Error("rows are asked for after an error") }}); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk gives %v", err)
	}
	if err := p.wait(); err != nil {
		t.Errorf("an error comes twice: %v", err)
	}

	var order []int
	p = &pen{out: rundir.NewObservationWriter(full{})}
	for k := range 3 {
		if err := p.write(many{2, func(i int) { order = append(order, 2*k+i) }}); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.wait(); err != nil {
		t.Fatal(err)
	}
	for i, v := range order {
		if i != v || len(order) != 6 {
			t.Fatalf("rows were asked for in the order %v", order)
		}
	}
}
