package delineate

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parus-lending/parus/raster"
)

// labelFile is the number of the field of each pixel of a tile, 0 = none. It is
// a temporary file beside the output, which has no name while it is used and so
// is gone however the process ends. It takes disk only where fields are.
type labelFile struct {
	f             *os.File
	width, height int
	buf           []byte
}

func newLabelFile(out string, width, height int) (*labelFile, error) {
	f, err := os.CreateTemp(filepath.Dir(out), ".tmp-*")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file for labels: %w", err)
	}
	l := &labelFile{f: f, width: width, height: height}
	if err := os.Remove(f.Name()); err == nil {
		err = f.Truncate(4 * int64(width) * int64(height))
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("temporary file for labels: %w", err)
	}
	return l, nil
}

func (l *labelFile) close() {
	if l.f != nil {
		l.f.Close()
	}
}

// read fills dst with the labels of a window; outside of the tile they are 0.
func (l *labelFile) read(w raster.Window, dst []int32) error {
	return l.rows(w, func(at int64, row []byte, k int) error {
		if _, err := l.f.ReadAt(row, at); err != nil {
			return fmt.Errorf("read labels from the temporary file: %w", err)
		}
		for i := range len(row) / 4 {
			dst[k+i] = int32(binary.LittleEndian.Uint32(row[4*i:]))
		}
		return nil
	}, func(k, n int) { clear(dst[k : k+n]) })
}

func (l *labelFile) write(w raster.Window, src []int32) error {
	return l.rows(w, func(at int64, row []byte, k int) error {
		for i := range len(row) / 4 {
			binary.LittleEndian.PutUint32(row[4*i:], uint32(src[k+i]))
		}
		if _, err := l.f.WriteAt(row, at); err != nil {
			return fmt.Errorf("write labels to a temporary file beside the output: %w (free some disk)", err)
		}
		return nil
	}, func(int, int) {})
}

// rows goes over the window's rows: inside gets the part in the tile, its place
// in the file and in the window, outside the rest.
func (l *labelFile) rows(w raster.Window, inside func(at int64, row []byte, k int) error, outside func(k, n int)) error {
	from, to := max(w.Col, 0), min(w.Col+w.Width, l.width)
	for y := range w.Height {
		k := y * w.Width
		if row := w.Row + y; row < 0 || row >= l.height || from >= to {
			outside(k, w.Width)
			continue
		}
		outside(k, from-w.Col)
		outside(k+to-w.Col, w.Col+w.Width-to)
		if n := 4 * (to - from); cap(l.buf) < n {
			l.buf = make([]byte, n)
		}
		if err := inside(4*(int64(w.Row+y)*int64(l.width)+int64(from)), l.buf[:4*(to-from)], k+from-w.Col); err != nil {
			return err
		}
	}
	return nil
}
