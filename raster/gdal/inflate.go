package gdal

/*
#cgo CFLAGS: -O3
#cgo LDFLAGS: -ldeflate
#include <libdeflate.h>
#include "predict.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"
)

// inflater undoes zlib streams and predictors through libdeflate.
type inflater struct {
	d *C.struct_libdeflate_decompressor
	n C.size_t // bytes that came out; here so that it is not allocated each time
}

// errLong says that a zlib stream holds more than there is room for.
var errLong = errors.New("it unpacks to more bytes than its pixels take")

// inflate unpacks a zlib stream into out and returns how many bytes there were.
// The stream's checksum is verified.
func (z *inflater) inflate(out, in []byte) (int, error) {
	if z.d == nil {
		if z.d = C.libdeflate_alloc_decompressor(); z.d == nil {
			return 0, errors.New("no memory for libdeflate")
		}
	}
	if len(in) == 0 || len(out) == 0 {
		return 0, errors.New("an empty block")
	}
	switch rc := C.libdeflate_zlib_decompress(z.d, unsafe.Pointer(&in[0]), C.size_t(len(in)), unsafe.Pointer(&out[0]), C.size_t(len(out)), &z.n); rc {
	case C.LIBDEFLATE_SUCCESS:
		return int(z.n), nil
	case C.LIBDEFLATE_INSUFFICIENT_SPACE:
		return 0, errLong
	default:
		return 0, fmt.Errorf("its zlib stream is broken (libdeflate result %d)", int(rc))
	}
}

func (z *inflater) close() {
	if z.d != nil {
		C.libdeflate_free_decompressor(z.d)
		z.d = nil
	}
}

// sum16 and sum8 undo predictor 2 in rows of width values.
func sum16(p []uint16, width int) {
	C.parus_sum16((*C.uint16_t)(&p[0]), C.size_t(width), C.size_t(len(p)/width))
}

func sum8(p []byte, width int) {
	C.parus_sum8((*C.uint8_t)(&p[0]), C.size_t(width), C.size_t(len(p)/width))
}

// swap16 turns the byte order of all values.
func swap16(p []uint16) {
	C.parus_swap16((*C.uint16_t)(&p[0]), C.size_t(len(p)))
}

// widen copies 8-bit values, rows srcWidth apart, to 16-bit ones, rows dstWidth
// apart.
func widen(dst []uint16, dstWidth int, src []byte, srcWidth, width, rows int) {
	_, _ = dst[(rows-1)*dstWidth+width-1], src[(rows-1)*srcWidth+width-1] // both hold the rectangle
	C.parus_widen((*C.uint8_t)(&src[0]), C.size_t(srcWidth), (*C.uint16_t)(&dst[0]), C.size_t(dstWidth), C.size_t(width), C.size_t(rows))
}

// words are the 16-bit values in b, in the order of this machine's bytes.
func words(b []byte) []uint16 {
	return unsafe.Slice((*uint16)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/2)
}

// octets are the bytes of p.
func octets(p []uint16) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(p))), 2*len(p))
}
