package table

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// parquetRows reads the wanted columns of a Parquet file side by side.
type parquetRows struct {
	file    *parquet.File
	bytes   io.ReaderAt // the file's
	size    int64
	leaves  []parquet.LeafColumn
	group   int   // row groups begun
	left    int64 // rows of the group not read
	columns []cursor
}

func (r *Reader) openParquet(b io.ReaderAt, size int64, want []string) error {
	if err := checkFooter(b, size); err != nil {
		return fmt.Errorf("read table %s: %w", r.name, err)
	}
	file, err := parquet.OpenFile(b, size, parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return fmt.Errorf("read table %s: %w", r.name, err)
	}
	p := &parquetRows{file: file, bytes: b, size: size}
	var headings []string
	var leaves []parquet.LeafColumn
	for _, path := range file.Schema().Columns() {
		leaf, ok := file.Schema().Lookup(path...)
		if len(path) == 1 && ok && leaf.MaxRepetitionLevel == 0 {
			headings, leaves = append(headings, path[0]), append(leaves, leaf)
		}
	}
	columns, places, err := columnsOf(r.name, headings, want)
	if err != nil {
		return err
	}
	for _, i := range places {
		p.leaves = append(p.leaves, leaves[i])
		r.kinds = append(r.kinds, kindOf(leaves[i].Node.Type()))
	}
	r.columns, r.rows, r.row.Cells = columns, p, make([]Cell, len(places))
	p.columns = make([]cursor, len(places))
	return nil
}

func (p *parquetRows) read(row *Row) error {
	for p.left == 0 {
		groups := p.file.RowGroups()
		if p.group == len(groups) {
			return io.EOF
		}
		g := groups[p.group]
		p.group, p.left = p.group+1, g.NumRows()
		if p.left < 0 {
			return fmt.Errorf("row group %d has %d rows: %w", p.group, p.left, errSpoilt)
		}
		for i, leaf := range p.leaves {
			sound := soundColumn{p.bytes, p.size, p.file.Root().Column(leaf.Path[0])}
			if err := sound.check(&p.file.Metadata().RowGroups[p.group-1].Columns[leaf.ColumnIndex]); err != nil {
				return fmt.Errorf("column %s: %w", leaf.Path[0], err)
			}
			p.columns[i].open(g.ColumnChunks()[leaf.ColumnIndex])
		}
	}
	p.left--
	row.Number++
	for i := range p.columns {
		v, err := p.columns[i].next()
		if err != nil {
			return fmt.Errorf("column %s: %w", p.leaves[i].Path[0], noEnd(err))
		}
		row.Cells[i] = cellOf(v, p.leaves[i].Node.Type())
	}
	return nil
}

// noEnd: a column that ends before its rows do is a fault, not the end.
func noEnd(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// cursor walks the values of one column of one row group.
type cursor struct {
	pages  parquet.Pages
	values parquet.ValueReader
	buf    [512]parquet.Value
	at, n  int
}

func (c *cursor) open(chunk parquet.ColumnChunk) {
	if c.pages != nil {
		c.pages.Close()
	}
	c.pages, c.values, c.at, c.n = chunk.Pages(), nil, 0, 0
}

func (c *cursor) next() (parquet.Value, error) {
	for c.at == c.n {
		if c.values == nil {
			page, err := c.pages.ReadPage()
			if err != nil {
				return parquet.Value{}, err
			}
			c.values = page.Values()
		}
		n, err := c.values.ReadValues(c.buf[:])
		c.at, c.n = 0, n
		if err == io.EOF {
			c.values = nil
		} else if err != nil {
			return parquet.Value{}, err
		}
	}
	c.at++
	return c.buf[c.at-1], nil
}

// kindOf is what cellOf makes of the values of a column.
func kindOf(typ parquet.Type) Kind {
	switch typ.Kind() {
	case parquet.Boolean:
		return Bool
	case parquet.Float, parquet.Double:
		return Number
	case parquet.Int32, parquet.Int64:
		if _, isTime := timeOf(0, typ.LogicalType()); !isTime {
			return Number
		}
	}
	return Text
}

// cellOf shows days and instants as text, whole numbers with all their digits.
func cellOf(v parquet.Value, typ parquet.Type) Cell {
	if v.IsNull() {
		return Cell{}
	}
	logical := typ.LogicalType()
	switch v.Kind() {
	case parquet.Boolean:
		return BoolCell(v.Boolean())
	case parquet.Float:
		return NumberCell(float64(v.Float()))
	case parquet.Double:
		return NumberCell(v.Double())
	case parquet.Int32, parquet.Int64:
		n := v.Int64()
		if v.Kind() == parquet.Int32 {
			n = int64(v.Int32())
		}
		if t, ok := timeOf(n, logical); ok {
			return TextCell(t)
		}
		return Cell{Kind: Number, Number: float64(n), Text: strconv.FormatInt(n, 10)}
	case parquet.Int96:
		d := v.Int96()
		const julian1970 = 2440588
		nanos := int64(uint64(d[0]) | uint64(d[1])<<32)
		return TextCell(time.Unix((int64(d[2])-julian1970)*86400, nanos).UTC().Format(time.RFC3339))
	}
	return TextCell(strings.ToValidUTF8(string(v.ByteArray()), "\ufffd"))
}

// timeOf reads a whole number that stands for a day or an instant.
func timeOf(n int64, logical *format.LogicalType) (string, bool) {
	if logical == nil {
		return "", false
	}
	switch kind := logical.Value.(type) {
	case *format.DateType:
		return time.Unix(n*86400, 0).UTC().Format(time.DateOnly), true
	case *format.TimestampType:
		if kind.Unit.Value == nil {
			return "", false
		}
		unit := int64(kind.Unit.Value.Duration())
		second := int64(time.Second) / unit
		return time.Unix(n/second, n%second*unit).UTC().Format(time.RFC3339Nano), true
	}
	return "", false
}
