package rundir

import (
	"fmt"
	"io"
	"math"

	"github.com/parquet-go/parquet-go"
	"github.com/parus-lending/parus/raster"
)

// ObservationRows are rows to be written; *raster.Result is one. Row may be
// called from one goroutine at a time.
type ObservationRows interface {
	Len() int
	Row(i int) raster.Observation
}

// ObservationWriter writes observations column by column, in row groups of
// 100,000 rows. The file has the columns of Observation. The same rows in the
// same order give the same bytes, however they are handed over.
//
// It encodes in the goroutine that calls Write; let that be one beside those
// that make the rows. Memory: about 20 MB, whatever the rows.
type ObservationWriter struct {
	pw    *parquet.GenericWriter[Observation]
	to    *parquet.ConcurrentRowGroupWriter
	group int   // rows of the open row group, but for those in rows
	done  int64 // rows of the groups before
	rows  rowChunk
	err   error // of a Write before
}

// NewObservationWriter starts a file on w. Nothing else may write to w until
// Close.
func NewObservationWriter(w io.Writer) *ObservationWriter {
	pw := parquet.NewGenericWriter[Observation](w,
		parquet.Compression(newPacker()),
		parquet.CreatedBy("parus", "", ""),
		parquet.MaxRowsPerRowGroup(rowsPerGroup),
	)
	return &ObservationWriter{pw: pw, to: pw.BeginRowGroup()}
}

// Write adds rows. After an error the file cannot be finished.
func (o *ObservationWriter) Write(rows ObservationRows) error {
	n := rows.Len()
	for i := 0; i < n && o.err == nil; i++ {
		r := rows.Row(i)
		o.rows.add(&r)
		if full := o.group+o.rows.n == int(rowsPerGroup); full || o.rows.n == valuesAtOnce {
			o.encode(full)
		}
	}
	return o.err
}

// Rows is how many rows were handed over.
func (o *ObservationWriter) Rows() int64 { return o.done + int64(o.group+o.rows.n) }

// encode hands the rows that wait to their columns, and writes the row group if
// these are its last.
func (o *ObservationWriter) encode(last bool) {
	o.err = o.rows.encode(o.to.ColumnWriters())
	o.group += o.rows.n
	o.rows.reset()
	if !last || o.err != nil {
		return
	}
	_, o.err = o.to.Commit()
	o.done, o.group = o.done+int64(o.group), 0
}

// Close writes what is left and the footer with its key-value pairs.
func (o *ObservationWriter) Close(meta ...[2]string) error {
	if o.err == nil && o.group+o.rows.n > 0 {
		o.encode(true)
	}
	if o.err != nil {
		return o.err
	}
	for _, kv := range meta {
		o.pw.SetKeyValueMetadata(kv[0], kv[1])
	}
	return o.pw.Close()
}

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
	colOrbit    // the last, text
	columnCount
)

// valuesAtOnce is how many values go to a column in one call.
const valuesAtOnce = 2048

// rowChunk is rows by column until they are encoded.
type rowChunk struct {
	n       int
	words   [colBand + 1][]word // parcel, kind, scene, -, band: runs of equal text
	times   [valuesAtOnce]int64 // Unix milliseconds
	orbits  []word
	numbers [colOrbit - colTotal][valuesAtOnce]float64
	values  [valuesAtOnce]parquet.Value
}

// word is a text that stands in n rows one after another.
type word struct {
	text string
	n    int
}

func (c *rowChunk) add(r *raster.Observation) {
	c.words[colParcel] = then(c.words[colParcel], r.ParcelID)
	c.words[colKind] = then(c.words[colKind], r.Kind)
	c.words[colScene] = then(c.words[colScene], r.SceneID)
	c.words[colBand] = then(c.words[colBand], string(r.Band))
	c.orbits = then(c.orbits, r.Orbit)
	c.times[c.n] = r.Time.UnixMilli()
	for i, v := range [...]float64{r.Total, r.Count, r.Inside, r.Mean, r.Std, r.Min, r.P25, r.Median, r.P75, r.Max, r.Doubtful} {
		c.numbers[i][c.n] = v
	}
	c.n++
}

// then adds the text of one more row.
func then(w []word, s string) []word {
	if k := len(w) - 1; k >= 0 && w[k].text == s {
		w[k].n++
		return w
	}
	return append(w, word{s, 1})
}

func (c *rowChunk) reset() {
	c.n = 0
	for i := range c.words {
		clear(c.words[i])
		c.words[i] = c.words[i][:0]
	}
	clear(c.orbits)
	c.orbits = c.orbits[:0]
}

func (c *rowChunk) encode(columns []*parquet.ColumnWriter) error {
	if len(columns) != columnCount {
		return fmt.Errorf("observations have %d columns where %d are known", len(columns), columnCount)
	}
	v := c.values[:c.n]
	for col, w := range columns {
		switch {
		case col == colTime:
			for i := range v {
				v[i] = parquet.Int64Value(c.times[i])
			}
		case col == colOrbit:
			c.spell(v, c.orbits)
		case col < colTotal:
			c.spell(v, c.words[col])
		case col >= colMean && col < colDoubtful:
			null := parquet.Value{}.Level(0, 0, col)
			for i, x := range c.numbers[col-colTotal][:c.n] {
				if math.IsNaN(x) {
					v[i] = null
				} else {
					v[i] = parquet.DoubleValue(x).Level(0, 1, col)
				}
			}
		default:
			for i, x := range c.numbers[col-colTotal][:c.n] {
				v[i] = parquet.DoubleValue(x)
			}
		}
		if _, err := w.WriteRowValues(v); err != nil {
			return fmt.Errorf("column %d: %w", col, err)
		}
	}
	return nil
}

// spell sets values from runs of equal text.
func (c *rowChunk) spell(v []parquet.Value, words []word) {
	for _, w := range words {
		value := parquet.ByteArrayValue([]byte(w.text))
		for i := range w.n {
			v[i] = value
		}
		v = v[w.n:]
	}
}
