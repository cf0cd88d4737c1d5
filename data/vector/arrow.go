package vector

/*
#cgo pkg-config: gdal
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "gdal.h"
#include "ogr_api.h"
#include "ogr_recordbatch.h"
#include "cpl_conv.h"
#include "cpl_error.h"
#include "cpl_string.h"

// Each call keeps GDAL from printing and copies its last error into msg.
static void say(char *msg, size_t size) {
	strncpy(msg, CPLGetLastErrorMsg(), size - 1);
	msg[size - 1] = 0;
}

static GDALDatasetH parus_open(const char *name, const char *option, char *msg, size_t size) {
	const char *options[] = {option, NULL};
	CPLPushErrorHandler(CPLQuietErrorHandler);
	CPLErrorReset();
	GDALDatasetH ds = GDALOpenEx(name, GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, option ? options : NULL, NULL);
	say(msg, size);
	CPLPopErrorHandler();
	return ds;
}

// parus_stream starts a stream of one column (or none, where id is NULL) and
// the geometry.
static bool parus_stream(OGRLayerH layer, const char *id, int fid, const char *batch, struct ArrowArrayStream *out, char *msg, size_t size) {
	char **ignored = NULL, **options = NULL;
	OGRFeatureDefnH defn = OGR_L_GetLayerDefn(layer);
	int n = OGR_FD_GetFieldCount(defn);
	for (int i = 0; i < n; i++) {
		const char *name = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(defn, i));
		if (!id || strcmp(name, id)) ignored = CSLAddString(ignored, name);
	}
	CPLPushErrorHandler(CPLQuietErrorHandler);
	CPLErrorReset();
	OGR_L_SetIgnoredFields(layer, (const char **)ignored);
	options = CSLSetNameValue(options, "INCLUDE_FID", fid ? "YES" : "NO");
	options = CSLSetNameValue(options, "MAX_FEATURES_IN_BATCH", batch);
	bool ok = OGR_L_GetArrowStream(layer, out, options);
	say(msg, size);
	CPLPopErrorHandler();
	CSLDestroy(ignored);
	CSLDestroy(options);
	return ok;
}

static int parus_schema(struct ArrowArrayStream *s, struct ArrowSchema *out) { return s->get_schema(s, out); }

static int parus_next(struct ArrowArrayStream *s, struct ArrowArray *out, char *msg, size_t size) {
	CPLPushErrorHandler(CPLQuietErrorHandler);
	CPLErrorReset();
	int rc = s->get_next(s, out);
	if (rc) say(msg, size);
	CPLPopErrorHandler();
	return rc;
}

static void parus_free_stream(struct ArrowArrayStream *s) { if (s->release) s->release(s); free(s); }
static void parus_free_array(struct ArrowArray *a) { if (a->release) a->release(a); free(a); }
static void parus_free_schema(struct ArrowSchema *a) { if (a->release) a->release(a); free(a); }
*/
import "C"

import (
	"errors"
	"fmt"
	"strconv"
	"unsafe"
)

// arrowStream reads one column and the geometry of a layer in batches, over
// GDAL's Arrow interface: one call for thousands of rows where features would
// take several calls each.
type arrowStream struct {
	ds       C.GDALDatasetH
	layer    C.OGRLayerH
	stream   *C.struct_ArrowArrayStream
	id, geom int    // children of each batch; id −1 = none
	format   string // Arrow format of the id column
}

// rowsPerBatch bounds the memory of a batch.
const rowsPerBatch = 4096

// openArrow opens a layer for streaming; start comes next.
func openArrow(name, option, layer string) (*arrowStream, error) {
	var msg [512]C.char
	cname, clayer := C.CString(name), C.CString(layer)
	defer C.free(unsafe.Pointer(cname))
	defer C.free(unsafe.Pointer(clayer))
	var copt *C.char
	if option != "" {
		copt = C.CString(option)
		defer C.free(unsafe.Pointer(copt))
	}
	s := &arrowStream{id: -1, geom: -1}
	if s.ds = C.parus_open(cname, copt, &msg[0], C.size_t(len(msg))); s.ds == nil {
		return nil, fmt.Errorf("open: %s", C.GoString(&msg[0]))
	}
	if s.layer = C.GDALDatasetGetLayerByName(s.ds, clayer); s.layer == nil {
		s.close()
		return nil, fmt.Errorf("open layer %q: it is not there any more", layer)
	}
	return s, nil
}

// columns are the layer's columns and the name of its row key, "" for none.
func (s *arrowStream) columns() (names []string, key string) {
	defn := C.OGR_L_GetLayerDefn(s.layer)
	for i := range C.OGR_FD_GetFieldCount(defn) {
		names = append(names, C.GoString(C.OGR_Fld_GetNameRef(C.OGR_FD_GetFieldDefn(defn, i))))
	}
	return names, C.GoString(C.OGR_L_GetFIDColumn(s.layer))
}

// count is how many features the layer says it has, −1 where it cannot say
// without looking at all of them.
func (s *arrowStream) count() int { return int(C.OGR_L_GetFeatureCount(s.layer, 0)) }

// start begins the stream of the geometry and the column id, "" for none; key
// says that it is the row key.
func (s *arrowStream) start(id string, key bool) error {
	var msg [512]C.char
	var cid *C.char
	if id != "" && !key {
		cid = C.CString(id)
		defer C.free(unsafe.Pointer(cid))
	}
	batch := C.CString(strconv.Itoa(rowsPerBatch))
	defer C.free(unsafe.Pointer(batch))
	withKey := C.int(0)
	if key || id == "" { // GDAL 3.6 loses the geometry of a GeoPackage that has no other column
		withKey = 1
	}
	s.stream = (*C.struct_ArrowArrayStream)(C.calloc(1, C.sizeof_struct_ArrowArrayStream))
	if !C.parus_stream(s.layer, cid, withKey, batch, s.stream, &msg[0], C.size_t(len(msg))) {
		return fmt.Errorf("stream rows: %s", C.GoString(&msg[0]))
	}
	geom := C.GoString(C.OGR_L_GetGeometryColumn(s.layer))
	if geom == "" {
		geom = "wkb_geometry"
	}
	return s.findColumns(id, geom, key)
}

func (s *arrowStream) close() {
	if s.stream != nil {
		C.parus_free_stream(s.stream)
		s.stream = nil
	}
	if s.ds != nil {
		C.GDALClose(s.ds)
		s.ds = nil
	}
}

func (s *arrowStream) findColumns(id, geom string, key bool) error {
	schema := (*C.struct_ArrowSchema)(C.calloc(1, C.sizeof_struct_ArrowSchema))
	defer C.parus_free_schema(schema)
	if C.parus_schema(s.stream, schema) != 0 {
		return errors.New("GDAL does not tell its columns")
	}
	for i, c := range unsafe.Slice(schema.children, schema.n_children) {
		name, format := C.GoString(c.name), C.GoString(c.format)
		switch {
		case name == geom && (format == "z" || format == "Z"):
			s.geom = i
		case id != "" && (name == id || key && i == 0):
			s.id, s.format = i, format
		}
	}
	switch {
	case s.geom < 0:
		return errors.New("it has no geometry")
	case id != "" && s.id < 0:
		return fmt.Errorf("its column %q cannot be read", id)
	case s.id >= 0 && !readableID[s.format]:
		return fmt.Errorf("its column %q holds neither text nor numbers: name another (--id-field)", id)
	}
	return nil
}

// arrowBatch is up to rowsPerBatch rows in memory of GDAL. Safe to read from
// any goroutine until close.
type arrowBatch struct {
	array  *C.struct_ArrowArray
	n      int
	id     column
	format string
	geom   column
}

// next is the next batch, nil at the end.
func (s *arrowStream) next() (*arrowBatch, error) {
	var msg [512]C.char
	a := (*C.struct_ArrowArray)(C.calloc(1, C.sizeof_struct_ArrowArray))
	if C.parus_next(s.stream, a, &msg[0], C.size_t(len(msg))) != 0 {
		C.parus_free_array(a)
		text := C.GoString(&msg[0])
		if text == "" {
			text = "GDAL cannot read on"
		}
		return nil, errors.New(text)
	}
	if a.release == nil || a.length == 0 {
		C.parus_free_array(a)
		return nil, nil
	}
	b := &arrowBatch{array: a, n: int(a.length), format: s.format}
	children := unsafe.Slice(a.children, a.n_children)
	b.geom = columnOf(children[s.geom])
	if s.id >= 0 {
		b.id = columnOf(children[s.id])
	}
	return b, nil
}

func (b *arrowBatch) close() {
	if b.array != nil {
		C.parus_free_array(b.array)
		b.array = nil
	}
}

func columnOf(a *C.struct_ArrowArray) column {
	c := column{offset: int(a.offset)}
	for i, p := range unsafe.Slice(a.buffers, a.n_buffers) {
		c.buffers[min(i, 2)] = unsafe.Pointer(p)
	}
	if a.null_count == 0 {
		c.buffers[0] = nil
	}
	return c
}
