package rundir

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/parquet-go/parquet-go"
)

// rowsAtOnce bounds the memory of Each.
const rowsAtOnce = 4096

// Each reads a table in the order of its rows, a few thousand at a time. T may
// have only the columns that are wanted. The slice is used again.
func Each[T any](path string, f func(rows []T) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	r := parquet.NewGenericReader[T](file)
	defer r.Close()
	rows := make([]T, rowsAtOnce)
	for {
		clear(rows)
		n, err := r.Read(rows)
		if n > 0 {
			if err := f(rows[:n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
	}
}
