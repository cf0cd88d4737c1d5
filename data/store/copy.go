package store

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
)

// rows writes PostgreSQL's binary COPY format: a header, then of each row the
// number of fields and of each field its length and bytes, −1 = null. Errors
// of the writer show at the end.
type rows struct {
	w *bufio.Writer
	b [8]byte
}

// copyRows fills a table, "schema.table (columns)", in the transaction with the
// rows that write makes, as a stream. It returns how many rows there were.
func copyRows(ctx context.Context, tx pgx.Tx, into string, write func(*rows) error) (int64, error) {
	r, w := io.Pipe()
	made := make(chan struct{})
	go func() {
		defer close(made)
		out := &rows{w: bufio.NewWriterSize(w, 256<<10)}
		out.w.WriteString("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00")
		err := write(out)
		if err == nil {
			out.int2(-1)
			err = out.w.Flush()
		}
		w.CloseWithError(err)
	}()
	tag, err := tx.Conn().PgConn().CopyFrom(ctx, r, "COPY "+into+" FROM STDIN (FORMAT binary)")
	r.CloseWithError(err) // where the server refused, nothing more is made
	<-made
	if err != nil {
		return 0, fmt.Errorf("fill %s: %w", into, err)
	}
	return tag.RowsAffected(), nil
}

// row begins a row of n fields.
func (r *rows) row(n int) { r.int2(int16(n)) }

func (r *rows) int2(v int16) {
	binary.BigEndian.PutUint16(r.b[:], uint16(v))
	r.w.Write(r.b[:2])
}

func (r *rows) raw4(v uint32) {
	binary.BigEndian.PutUint32(r.b[:], v)
	r.w.Write(r.b[:4])
}

func (r *rows) null() { r.raw4(math.MaxUint32) }

func (r *rows) text(s string) {
	r.raw4(uint32(len(s)))
	r.w.WriteString(s)
}

// known writes a text, null where empty.
func (r *rows) known(s string) {
	if s == "" {
		r.null()
		return
	}
	r.text(s)
}

func (r *rows) bytes(v []byte) {
	r.raw4(uint32(len(v)))
	r.w.Write(v)
}

func (r *rows) int4(v int32) {
	r.raw4(4)
	r.raw4(uint32(v))
}

func (r *rows) int8(v int64) {
	r.raw4(8)
	binary.BigEndian.PutUint64(r.b[:], uint64(v))
	r.w.Write(r.b[:])
}

func (r *rows) bool(v bool) {
	r.raw4(1)
	if v {
		r.w.WriteByte(1)
	} else {
		r.w.WriteByte(0)
	}
}

func (r *rows) float4(v float64) {
	r.raw4(4)
	r.raw4(math.Float32bits(float32(v)))
}

func (r *rows) float8(v float64) { r.int8(int64(math.Float64bits(v))) }

// float4p and int4p are null where nothing is known.
func (r *rows) float4p(v *float64) {
	if v == nil {
		r.null()
		return
	}
	r.float4(*v)
}

func (r *rows) int4p(v *int32) {
	if v == nil {
		r.null()
		return
	}
	r.int4(*v)
}

// postgresDay is day 0 of PostgreSQL's calendar.
var postgresDay = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// date writes 2006-01-02, null where empty.
func (r *rows) date(s string) error {
	if s == "" {
		r.null()
		return nil
	}
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return fmt.Errorf("%q is not a day: %w", s, err)
	}
	r.int4(int32(d.Sub(postgresDay) / (24 * time.Hour)))
	return nil
}

// Numbers of PostgreSQL's types, for arrays.
const (
	oidInt4   = 23
	oidText   = 25
	oidFloat4 = 700
)

// array begins a one-dimensional array of n elements; size is the bytes of all
// elements with their lengths.
func (r *rows) array(oid uint32, n, size int, nulls bool) {
	if n == 0 {
		r.raw4(12)
		r.raw4(0)
		r.raw4(0)
		r.raw4(oid)
		return
	}
	r.raw4(uint32(20 + size))
	r.raw4(1)
	if nulls {
		r.raw4(1)
	} else {
		r.raw4(0)
	}
	r.raw4(oid)
	r.raw4(uint32(n))
	r.raw4(1)
}

func (r *rows) texts(v []string) {
	size := 0
	for _, s := range v {
		size += 4 + len(s)
	}
	r.array(oidText, len(v), size, false)
	for _, s := range v {
		r.text(s)
	}
}

// floats writes real[]; NaN is null. All unknown = a null in place of the array.
func (r *rows) floats(v []float32) {
	known := 0
	for _, x := range v {
		if x == x {
			known++
		}
	}
	if known == 0 {
		r.null()
		return
	}
	r.array(oidFloat4, len(v), 4*len(v)+4*known, known < len(v))
	for _, x := range v {
		if x != x {
			r.null()
			continue
		}
		r.raw4(4)
		r.raw4(math.Float32bits(x))
	}
}

func (r *rows) ints(v []int32) {
	r.array(oidInt4, len(v), 8*len(v), false)
	for _, x := range v {
		r.int4(x)
	}
}
