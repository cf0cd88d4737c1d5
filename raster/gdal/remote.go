package gdal

/*
#cgo pkg-config: gdal
#include <stdlib.h>
#include <string.h>
#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_vsi.h>
#include <cpl_vsi_error.h>

// parus_open opens a file with configuration options (key, value, …, NULL) set
// for this thread meanwhile. On failure it gives VSI's error number and message.
static VSILFILE *parus_open(const char *path, const char **options, long long *size, int *number, char *message, size_t room) {
  for (int i = 0; options[i]; i += 2) CPLSetThreadLocalConfigOption(options[i], options[i + 1]);
  CPLPushErrorHandler(CPLQuietErrorHandler);
  CPLErrorReset();
  VSIErrorReset();
  VSILFILE *f = VSIFOpenExL(path, "rb", 1);
  if (f && (VSIFSeekL(f, 0, SEEK_END) != 0 || (*size = (long long)VSIFTellL(f)) <= 0)) {
    VSIFCloseL(f);
    f = NULL;
  }
  if (!f) {
    *number = VSIGetLastErrorNo();
    const char *m = VSIGetLastErrorMsg();
    if (!m || !*m) m = CPLGetLastErrorMsg();
    strncpy(message, m ? m : "", room - 1);
  }
  CPLPopErrorHandler();
  for (int i = 0; options[i]; i += 2) CPLSetThreadLocalConfigOption(options[i], NULL);
  return f;
}

// parus_read returns how many bytes it read.
static size_t parus_read(VSILFILE *f, unsigned long long offset, void *to, size_t n, char *message, size_t room) {
  CPLPushErrorHandler(CPLQuietErrorHandler);
  CPLErrorReset();
  size_t got = 0;
  if (VSIFSeekL(f, offset, SEEK_SET) == 0) got = VSIFReadL(to, 1, n, f);
  if (got < n) {
    const char *m = CPLGetLastErrorMsg();
    strncpy(message, m ? m : "", room - 1);
  }
  CPLPopErrorHandler();
  return got;
}
*/
import "C"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"unsafe"
)

// remoteFile is a source on a server, read through GDAL's virtual file systems,
// which fetch only what is asked for (in pieces of 16 KiB) and sign requests.
type remoteFile struct {
	path string // as GDAL knows it
	net  network
	f    *C.VSILFILE
	size int64
}

func openRemote(ctx context.Context, path string, net network) (*remoteFile, error) {
	s := &remoteFile{path: path, net: net}
	if err := net.try(ctx, s.reopen); err != nil {
		return nil, err
	}
	return s, nil
}

// reopen forgets what GDAL keeps of the file, failures among it, and opens it.
func (s *remoteFile) reopen() error {
	s.Close()
	path := C.CString(s.path)
	defer C.free(unsafe.Pointer(path))
	options := make([]*C.char, 0, 16)
	for _, o := range s.net.options() {
		c := C.CString(o)
		defer C.free(unsafe.Pointer(c))
		options = append(options, c)
	}
	options = append(options, nil)
	var message [400]C.char
	var number C.int
	var size C.longlong
	s.f = C.parus_open(path, &options[0], &size, &number, &message[0], C.size_t(len(message)))
	if s.f != nil {
		if was := s.size; was != 0 && was != int64(size) {
			return final{fmt.Errorf("it had %d bytes when it was opened and has %d now", was, int64(size))}
		}
		s.size = int64(size)
		return nil
	}
	C.VSICurlPartialClearCache(path)
	said := C.GoString(&message[0])
	if what, ok := s3Final[number]; ok {
		return final{fmt.Errorf("%s: %s", what, said)}
	}
	if m := httpStatus.FindStringSubmatch(said); m != nil {
		if code, _ := strconv.Atoi(m[1]); code >= 400 && code < 500 && code != 408 && code != 425 && code != 429 {
			return final{errors.New(said)}
		}
	}
	if said == "" {
		said = "the server does not answer"
	}
	return errors.New(said)
}

// s3Final are S3's answers that no further try will change.
var s3Final = map[C.int]string{
	C.VSIE_AWSAccessDenied:          "access is denied (403)",
	C.VSIE_AWSBucketNotFound:        "there is no such bucket (404)",
	C.VSIE_AWSObjectNotFound:        "there is no such object (404)",
	C.VSIE_AWSInvalidCredentials:    "the credentials are wrong",
	C.VSIE_AWSSignatureDoesNotMatch: "the secret key does not fit the key ID",
}

// httpStatus finds the status in GDAL's words: VSIE_HttpError has no other
// place for it.
var httpStatus = regexp.MustCompile(`HTTP response code: (\d{3})\b`)

func (s *remoteFile) Size() int64 { return s.size }

func (s *remoteFile) Close() error {
	if s.f != nil {
		C.VSIFCloseL(s.f)
		s.f = nil
	}
	return nil
}

// forget makes GDAL fetch anew what it holds of the file.
func (s *remoteFile) forget() {
	s.Close()
	path := C.CString(s.path)
	C.VSICurlPartialClearCache(path)
	C.free(unsafe.Pointer(path))
}

// readAt fills b from offset, trying again where the server fails.
func (s *remoteFile) readAt(ctx context.Context, b []byte, offset int64) error {
	return s.net.try(ctx, func() error {
		if s.f == nil {
			if err := s.reopen(); err != nil {
				return err
			}
		}
		var message [400]C.char
		n := int(C.parus_read(s.f, C.ulonglong(offset), unsafe.Pointer(&b[0]), C.size_t(len(b)), &message[0], C.size_t(len(message))))
		if n == len(b) {
			return nil
		}
		s.forget()
		if f := (final{}); errors.As(s.reopen(), &f) { // gone, or no longer allowed
			return f
		}
		return fmt.Errorf("%d of %d bytes at %d came: %s: %w", n, len(b), offset, C.GoString(&message[0]), io.ErrUnexpectedEOF)
	})
}
