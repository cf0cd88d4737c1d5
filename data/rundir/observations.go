package rundir

import (
	"fmt"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/parus-lending/parus/raster"
)

// ObservationRows are rows to be written; *raster.Result is one. Row may be
// called from one goroutine at a time.
type ObservationRows interface {
	Len() int
	Row(i int) raster.Observation
}

// ObservationWriter writes observations column by column, in row groups of
// 100,000 rows that are encoded beside each other. The file has the columns of
// Observation. The same rows in the same order give the same bytes, however
// they are handed over and whatever the number of workers.
//
// Memory: about 20 MB per worker.
type ObservationWriter struct {
	pw      *parquet.GenericWriter[Observation]
	open    *rowGroup
	spare   chan *rowGroup
	written int64

	last  chan struct{} // closed when the row group before has been written
	wait  sync.WaitGroup
	mu    sync.Mutex
	first error
}

// NewObservationWriter starts a file on w; workers encode or collect (1 where less).
// Nothing else may write to w until Close.
func NewObservationWriter(w io.Writer, workers int) *ObservationWriter {
	pw := parquet.NewGenericWriter[Observation](w,
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}),
		parquet.CreatedBy("parus", "", ""),
		parquet.MaxRowsPerRowGroup(rowsPerGroup),
	)
	o := &ObservationWriter{pw: pw, spare: make(chan *rowGroup, max(workers, 1)), last: make(chan struct{})}
	close(o.last)
	for range cap(o.spare) {
		o.spare <- &rowGroup{}
	}
	return o
}

// Write adds rows. They are copied.
func (o *ObservationWriter) Write(rows ObservationRows) error {
	n := rows.Len()
	for i := range n {
		if o.open == nil {
			o.open = <-o.spare
			o.open.grow(min(int(rowsPerGroup), n-i))
		}
		r := rows.Row(i)
		o.open.add(&r)
		if o.open.n == int(rowsPerGroup) {
			o.send()
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.first
}

// Rows is how many rows were handed over.
func (o *ObservationWriter) Rows() int64 {
	if o.open == nil {
		return o.written
	}
	return o.written + int64(o.open.n)
}

// send encodes the open row group in the background and writes it after the
// one before.
func (o *ObservationWriter) send() {
	g, before, done := o.open, o.last, make(chan struct{})
	o.open, o.last = nil, done
	o.written += int64(g.n)
	if g.to == nil {
		g.to = o.pw.BeginRowGroup()
	}
	o.wait.Add(1)
	go func() {
		defer o.wait.Done()
		defer close(done)
		err := g.encode()
		<-before
		if err == nil {
			_, err = g.to.Commit()
		}
		o.mu.Lock()
		if o.first == nil {
			o.first = err
		}
		o.mu.Unlock()
		g.reset()
		o.spare <- g
	}()
}

// Close writes what is left and the footer with its key-value pairs.
func (o *ObservationWriter) Close(meta ...[2]string) error {
	if o.open != nil {
		o.send()
	}
	o.wait.Wait()
	if o.first != nil {
		return o.first
	}
	for _, kv := range meta {
		o.pw.SetKeyValueMetadata(kv[0], kv[1])
	}
	return o.pw.Close()
}

// Abandon waits for what is being encoded, without a file.
func (o *ObservationWriter) Abandon() { o.wait.Wait() }

// The columns of Observation in its order.
const (
	colParcel = iota
	colKind
	colScene
	colTime
	colBand
	colTotal // the first of the numbers
	colCount
	colInside
	colMean // from here optional
	colStd
	colMin
	colP25
	colMedian
	colP75
	colMax
	colDoubtful // required again
	columnCount
)

// rowGroup is rows by column until they are encoded.
type rowGroup struct {
	to      *parquet.ConcurrentRowGroupWriter
	n       int
	words   [colBand + 1][]word // parcel, kind, scene, -, band: runs of equal text
	times   []int64             // Unix milliseconds
	numbers [columnCount - colTotal][]float64
	scratch []parquet.Value
}

// word is a text that stands in n rows one after another.
type word struct {
	text string
	n    int
}

func (g *rowGroup) grow(n int) {
	g.times = slices.Grow(g.times, n)
	for i := range g.numbers {
		g.numbers[i] = slices.Grow(g.numbers[i], n)
	}
}

func (g *rowGroup) add(r *raster.Observation) {
	g.n++
	g.text(colParcel, r.ParcelID)
	g.text(colKind, r.Kind)
	g.text(colScene, r.SceneID)
	g.text(colBand, string(r.Band))
	g.times = append(g.times, r.Time.UnixMilli())
	for i, v := range [...]float64{r.Total, r.Count, r.Inside, r.Mean, r.Std, r.Min, r.P25, r.Median, r.P75, r.Max, r.Doubtful} {
		g.numbers[i] = append(g.numbers[i], v)
	}
}

func (g *rowGroup) text(col int, s string) {
	w := g.words[col]
	if k := len(w) - 1; k >= 0 && w[k].text == s {
		w[k].n++
		return
	}
	g.words[col] = append(w, word{s, 1})
}

func (g *rowGroup) reset() {
	g.n = 0
	for i := range g.words {
		clear(g.words[i])
		g.words[i] = g.words[i][:0]
	}
	g.times = g.times[:0]
	for i := range g.numbers {
		g.numbers[i] = g.numbers[i][:0]
	}
}

// valuesAtOnce is how many values go to a column in one call.
const valuesAtOnce = 2048

func (g *rowGroup) encode() error {
	if g.scratch == nil {
		g.scratch = make([]parquet.Value, valuesAtOnce)
	}
	columns := g.to.ColumnWriters()
	if len(columns) != columnCount {
		return fmt.Errorf("observations have %d columns where %d are known", len(columns), columnCount)
	}
	for col, w := range columns {
		var err error
		switch {
		case col == colTime:
			err = g.each(w, func(v []parquet.Value, at int) {
				for i := range v {
					v[i] = parquet.Int64Value(g.times[at+i])
				}
			})
		case col < colTotal:
			err = g.encodeText(w, g.words[col])
		case col >= colMean && col < colDoubtful:
			numbers := g.numbers[col-colTotal]
			null := parquet.Value{}.Level(0, 0, col)
			err = g.each(w, func(v []parquet.Value, at int) {
				for i, x := range numbers[at : at+len(v)] {
					if math.IsNaN(x) {
						v[i] = null
					} else {
						v[i] = parquet.DoubleValue(x).Level(0, 1, col)
					}
				}
			})
		default:
			numbers := g.numbers[col-colTotal]
			err = g.each(w, func(v []parquet.Value, at int) {
				for i, x := range numbers[at : at+len(v)] {
					v[i] = parquet.DoubleValue(x)
				}
			})
		}
		if err != nil {
			return fmt.Errorf("column %d: %w", col, err)
		}
	}
	return nil
}

// each fills and writes the rows of one column piece by piece.
func (g *rowGroup) each(w *parquet.ColumnWriter, fill func(v []parquet.Value, at int)) error {
	for at := 0; at < g.n; at += valuesAtOnce {
		v := g.scratch[:min(valuesAtOnce, g.n-at)]
		fill(v, at)
		if _, err := w.WriteRowValues(v); err != nil {
			return err
		}
	}
	return nil
}

func (g *rowGroup) encodeText(w *parquet.ColumnWriter, words []word) error {
	k, used := 0, 0
	var value parquet.Value
	return g.each(w, func(v []parquet.Value, _ int) {
		for i := range v {
			if used == 0 {
				value = parquet.ByteArrayValue([]byte(words[k].text))
			}
			v[i] = value
			if used++; used == words[k].n {
				k, used = k+1, 0
			}
		}
	})
}
