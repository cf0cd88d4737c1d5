package gdal

/*
#include "unpack.h"
*/
import "C"

import (
	"runtime"
	"unsafe"
)

// unpacker undoes several zlib streams at once (unpack.c). It does those that
// are as imagery's are and leaves the others, and all that are broken, to the
// inflater.
type unpacker struct {
	lanes *C.struct_parus_lanes
	none  bool // not on this processor
	list  []C.struct_parus_stream
	pin   runtime.Pinner
}

// packed is a zlib stream and where its bytes go.
type packed struct {
	in, out []byte
	n       int // bytes that came out, -1 where it is left
}

func (u *unpacker) unpack(all []packed) {
	for i := range all {
		all[i].n = -1
	}
	if u.lanes == nil && !u.none {
		u.lanes = C.parus_lanes_new()
		u.none = u.lanes == nil
	}
	if u.none || len(all) == 0 {
		return
	}
	u.list = u.list[:0]
	for _, p := range all {
		in, out := unsafe.SliceData(p.in), unsafe.SliceData(p.out)
		if len(p.in) > 0 {
			u.pin.Pin(in)
		}
		if len(p.out) > 0 {
			u.pin.Pin(out)
		}
		u.list = append(u.list, C.struct_parus_stream{
			in: (*C.uint8_t)(in), size: C.size_t(len(p.in)), out: (*C.uint8_t)(out), room: C.size_t(len(p.out)),
		})
	}
	C.parus_unpack(u.lanes, &u.list[0], C.size_t(len(u.list)))
	u.pin.Unpin()
	for i, s := range u.list {
		if s.done != 0 {
			all[i].n = int(s.n)
		}
	}
	clear(u.list)
}

func (u *unpacker) close() {
	if u.lanes != nil {
		C.parus_lanes_free(u.lanes)
		u.lanes = nil
	}
}
