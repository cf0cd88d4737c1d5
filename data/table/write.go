package table

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/parquet-go/parquet-go"
)

// Writer writes a table row by row, under a temporary name until Close.
type Writer struct {
	path    string
	columns []Column
	file    *os.File
	write   func([]Cell) error
	finish  func() error
}

// Formats are the extensions that Create knows.
const Formats = ".csv or .parquet"

// Create begins a table, CSV or Parquet by the extension of path. Close makes
// it appear; Discard leaves nothing. Equal rows give equal bytes.
func Create(path string, columns []Column) (*Writer, error) {
	ext := strings.ToLower(filepath.Ext(path))
	if ext != ".csv" && ext != ".parquet" {
		return nil, fmt.Errorf("write table %s: the name must end in %s", path, Formats)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp-*")
	if err != nil {
		return nil, fmt.Errorf("write table %s: %w", path, err)
	}
	w := &Writer{path: path, columns: columns, file: f}
	if ext == ".csv" {
		err = w.asCSV(f)
	} else {
		w.asParquet(f)
	}
	if err != nil {
		w.Discard()
		return nil, fmt.Errorf("write table %s: %w", path, err)
	}
	return w, nil
}

// Write adds a row: one cell per column.
func (w *Writer) Write(cells []Cell) error {
	if len(cells) != len(w.columns) {
		return fmt.Errorf("write table %s: %d cells for %d columns", w.path, len(cells), len(w.columns))
	}
	if err := w.write(cells); err != nil {
		return fmt.Errorf("write table %s: %w", w.path, err)
	}
	return nil
}

// Close ends the table and gives it its name.
func (w *Writer) Close() error {
	err := w.finish()
	if err == nil {
		err = w.file.Chmod(0o644)
	}
	if err == nil {
		err = w.file.Close()
	}
	if err == nil {
		err = os.Rename(w.file.Name(), w.path)
	}
	if err != nil {
		w.Discard()
		return fmt.Errorf("write table %s: %w", w.path, err)
	}
	return nil
}

// Discard drops what was written.
func (w *Writer) Discard() {
	w.file.Close()
	os.Remove(w.file.Name())
}

func (w *Writer) asCSV(f io.Writer) error {
	out := csv.NewWriter(f)
	line := make([]string, len(w.columns))
	w.write = func(cells []Cell) error {
		for i, c := range cells {
			line[i] = c.String()
		}
		return out.Write(line)
	}
	w.finish = func() error { out.Flush(); return out.Error() }
	for i, c := range w.columns {
		line[i] = c.Name
	}
	return out.Write(line)
}

// rowsPerGroup bounds the memory of a Parquet table that is written.
const rowsPerGroup = 65536

func (w *Writer) asParquet(f io.Writer) {
	types := map[Kind]reflect.Type{Text: reflect.TypeFor[*string](), Number: reflect.TypeFor[*float64](), Bool: reflect.TypeFor[*bool]()}
	fields := make([]reflect.StructField, len(w.columns))
	for i, c := range w.columns {
		fields[i] = reflect.StructField{Name: fmt.Sprintf("C%d", i), Type: types[c.Kind],
			Tag: reflect.StructTag(fmt.Sprintf(`parquet:%q`, strings.NewReplacer(",", "_", `"`, "_").Replace(c.Name)+",optional"))}
	}
	schema := parquet.NewSchema("table", parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface()))
	out := parquet.NewWriter(f, schema, parquet.Compression(&parquet.Zstd), parquet.CreatedBy("parus", "", ""), parquet.MaxRowsPerRowGroup(rowsPerGroup))
	row := make(parquet.Row, len(w.columns))
	w.write = func(cells []Cell) error {
		for i, c := range cells {
			row[i] = w.value(c, i)
		}
		_, err := out.WriteRows([]parquet.Row{row})
		return err
	}
	w.finish = out.Close
}

func (w *Writer) value(c Cell, i int) parquet.Value {
	if c.Kind == Empty {
		return parquet.NullValue().Level(0, 0, i)
	}
	var v parquet.Value
	switch w.columns[i].Kind {
	case Number:
		x, err := c.Float()
		if err != nil || x != x {
			return parquet.NullValue().Level(0, 0, i)
		}
		v = parquet.DoubleValue(x)
	case Bool:
		v = parquet.BooleanValue(c.Number != 0)
	default:
		v = parquet.ByteArrayValue([]byte(c.String()))
	}
	return v.Level(0, 1, i)
}
