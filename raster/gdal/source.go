package gdal

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

// source is where the bytes of a file come from.
type source interface {
	// readAt fills b from offset; an end of the file before that is an error.
	readAt(ctx context.Context, b []byte, offset int64) error
	Size() int64
	Close() error
}

// localFile is a source on disk.
type localFile struct {
	*os.File
	info os.FileInfo // when it was opened
}

func openLocal(path string) (*localFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no file", path)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &localFile{f, info}, nil
}

func (f *localFile) Size() int64 { return f.info.Size() }

// changed reports whether the path now names another file, or the same file
// with another content.
func (f *localFile) changed() bool {
	now, err := os.Stat(f.Name())
	return err != nil || !os.SameFile(now, f.info) || now.Size() != f.info.Size() || !now.ModTime().Equal(f.info.ModTime())
}

func (f *localFile) readAt(_ context.Context, b []byte, offset int64) error {
	if n, err := f.ReadAt(b, offset); n < len(b) {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("%d of %d bytes at %d: %w", n, len(b), offset, err)
	}
	return nil
}

// header reads the header of a source and counts its bytes.
type header struct {
	ctx   context.Context
	src   source
	asked *atomic.Int64
}

func (h header) ReadAt(b []byte, offset int64) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	h.asked.Add(int64(len(b)))
	if err := h.src.readAt(h.ctx, b, offset); err != nil {
		return 0, err
	}
	return len(b), nil
}
