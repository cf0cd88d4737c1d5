package rundir

import (
	"bytes"
	"fmt"
	"math"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/parus-lending/parus/raster"
)

type observed []raster.Observation

func (o observed) Len() int                     { return len(o) }
func (o observed) Row(i int) raster.Observation { return o[i] }

// made are rows that differ in every column, a fifth of them without a count.
func made(n int) observed {
	nan := math.NaN()
	rows := make(observed, n)
	for i := range rows {
		shape, band := i/len(raster.OpticalBands), raster.OpticalBands[i%len(raster.OpticalBands)]
		x := float64(i%7919) / 10000
		rows[i] = raster.Observation{ParcelID: fmt.Sprintf("34152310020%08d", shape), Kind: "parcel", SceneID: fmt.Sprintf("S2_%d", shape/7), Band: band,
			Time: time.Date(2024, 5, 1, 3, 0, shape/7, 123e6, time.UTC), Doubtful: x / 3, Orbit: fmt.Sprint(shape / 11 % 3)}
		s := &rows[i].Stats
		s.Total, s.Count, s.Inside = 50+x*1.7, 50+x*1.3, float64(i%40)
		s.Mean, s.Std, s.Min, s.P25, s.Median, s.P75, s.Max = x+0.0123, x/7, x, x+0.01, x+0.0124, x+0.02, x+0.03
		if shape%5 == 0 {
			*s = raster.Stats{Total: s.Total, Mean: nan, Std: nan, Min: nan, P25: nan, Median: nan, P75: nan, Max: nan}
			rows[i].Doubtful = 0
		}
	}
	return rows
}

// plain is a row as the table has it.
func plain(r raster.Observation) Observation {
	known := func(v float64) *float64 {
		if math.IsNaN(v) {
			return nil
		}
		return &v
	}
	return Observation{ParcelID: r.ParcelID, Kind: r.Kind, SceneID: r.SceneID, Time: r.Time, Band: string(r.Band),
		Total: r.Total, Count: r.Count, Inside: r.Inside, Mean: known(r.Mean), Std: known(r.Std), Min: known(r.Min),
		P25: known(r.P25), Median: known(r.Median), P75: known(r.P75), Max: known(r.Max), Doubtful: r.Doubtful, Orbit: r.Orbit}
}

func written(t *testing.T, parts ...observed) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewObservationWriter(&b)
	n := 0
	for _, p := range parts {
		if err := w.Write(p); err != nil {
			t.Fatal(err)
		}
		n += len(p)
	}
	if w.Rows() != int64(n) {
		t.Errorf("%d rows counted, %d written", w.Rows(), n)
	}
	if err := w.Close([2]string{"parus", `{"rows":1}`}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is written column by column is what parquet-go reads as the struct.
func TestObservationWriterWritesTheTable(t *testing.T) {
	rows := made(250_010) // two row groups and a part of a third
	b := written(t, rows)
	got, err := parquet.Read[Observation](bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(rows) {
		t.Fatalf("%d rows, want %d", len(got), len(rows))
	}
	for i := range got {
		want := plain(rows[i])
		got[i].Time = got[i].Time.UTC()
		if !cmp.Equal(got[i], want) {
			t.Fatalf("row %d:\n%s", i, cmp.Diff(want, got[i]))
		}
	}
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := f.Lookup("parus"); !ok || v != `{"rows":1}` {
		t.Errorf("footer says %q", v)
	}
	if n := len(f.RowGroups()); n != 3 {
		t.Errorf("%d row groups, want 3 of up to 100,000 rows", n)
	}
	var names []string
	for _, c := range f.Schema().Columns() {
		names = append(names, c[0])
	}
	var want []string
	for _, c := range parquet.SchemaOf(Observation{}).Columns() {
		want = append(want, c[0])
	}
	if !cmp.Equal(names, want) || len(names) != columnCount {
		t.Errorf("columns %v, want %v", names, want)
	}
}

func TestObservationWriterSameBytes(t *testing.T) {
	rows := made(210_000)
	one := written(t, rows)
	if !bytes.Equal(one, written(t, rows[:70], rows[70:99_990], rows[99_990:100_010], rows[100_010:])) {
		t.Error("rows handed over in parts give other bytes")
	}
}

func TestObservationWriterEmpty(t *testing.T) {
	b := written(t)
	rows, err := parquet.Read[Observation](bytes.NewReader(b), int64(len(b)))
	if err != nil || len(rows) != 0 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

type fullDisk struct{ left int }

func (f *fullDisk) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, syscall.ENOSPC
	}
	return len(b), nil
}

// A disk that fills up ends in an error, whenever it does, and never hangs.
func TestObservationWriterFullDisk(t *testing.T) {
	rows := made(350_000)
	for _, left := range []int{0, 100_000, 3_000_000} {
		w := NewObservationWriter(&fullDisk{left})
		err := w.Write(rows)
		if e := w.Close(); err == nil {
			err = e
		}
		if err == nil {
			t.Errorf("a disk of %d bytes gave no error", left)
		}
	}
}

// BenchmarkObservationWriter writes a million rows; cpu-s is of the process.
func BenchmarkObservationWriter(b *testing.B) {
	rows := made(1_000_000)
	runtime.GC()
	cpu := func() (u syscall.Rusage) { _ = syscall.Getrusage(0, &u); return u }
	before := cpu()
	b.ResetTimer()
	size := 0
	for range b.N {
		var buf bytes.Buffer
		w := NewObservationWriter(&buf)
		if err := w.Write(rows); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
		size = buf.Len()
	}
	after := cpu()
	b.ReportMetric(float64(after.Utime.Nano()+after.Stime.Nano()-before.Utime.Nano()-before.Stime.Nano())/1e9/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(size)/1e6, "MB")
}
