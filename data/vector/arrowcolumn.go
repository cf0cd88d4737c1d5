package vector

import (
	"fmt"
	"math"
	"strconv"
	"unsafe"
)

// column is one column of an Arrow batch: validity bits, then offsets and
// bytes, or values (Arrow columnar format 1.x).
type column struct {
	buffers [3]unsafe.Pointer
	offset  int
}

// readableID are the Arrow formats an ID can be read from: text, whole numbers,
// floating point.
var readableID = map[string]bool{"u": true, "U": true, "c": true, "C": true, "s": true, "S": true, "i": true, "I": true, "l": true, "L": true, "f": true, "g": true}

func (c column) null(i int) bool {
	i += c.offset
	return c.buffers[0] != nil && *(*byte)(unsafe.Add(c.buffers[0], i/8))&(1<<(i%8)) == 0
}

// bytes of row i of a text or binary column; they live as long as the batch.
func (c column) bytes(i int, large bool) []byte {
	i += c.offset
	var from, to int
	if large {
		from, to = int(at[int64](c.buffers[1], i)), int(at[int64](c.buffers[1], i+1))
	} else {
		from, to = int(at[int32](c.buffers[1], i)), int(at[int32](c.buffers[1], i+1))
	}
	if to <= from {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Add(c.buffers[2], from)), to-from)
}

func at[T any](p unsafe.Pointer, i int) T {
	return *(*T)(unsafe.Add(p, i*int(unsafe.Sizeof(*new(T)))))
}

// text is the value of row i as text. A floating-point number too long to be
// exact is refused.
func (c column) text(i int, format string) (string, error) {
	if c.null(i) {
		return "", nil
	}
	p, k := c.buffers[1], i+c.offset
	switch format {
	case "u", "U":
		return string(c.bytes(i, format == "U")), nil
	case "c":
		return strconv.Itoa(int(at[int8](p, k))), nil
	case "C":
		return strconv.Itoa(int(at[uint8](p, k))), nil
	case "s":
		return strconv.Itoa(int(at[int16](p, k))), nil
	case "S":
		return strconv.Itoa(int(at[uint16](p, k))), nil
	case "i":
		return strconv.Itoa(int(at[int32](p, k))), nil
	case "I":
		return strconv.FormatUint(uint64(at[uint32](p, k)), 10), nil
	case "l":
		return strconv.FormatInt(at[int64](p, k), 10), nil
	case "L":
		return strconv.FormatUint(at[uint64](p, k), 10), nil
	case "f":
		return floatText(float64(at[float32](p, k)), 1<<24)
	case "g":
		return floatText(at[float64](p, k), 1<<53)
	}
	return "", fmt.Errorf("column of Arrow format %q", format)
}

func floatText(v, exact float64) (string, error) {
	if v != math.Trunc(v) || math.Abs(v) >= exact {
		return strconv.FormatFloat(v, 'g', -1, 64), fmt.Errorf("its ID %v is a floating-point number and may be rounded: store the column as text", v)
	}
	return strconv.FormatFloat(v, 'f', 0, 64), nil
}
