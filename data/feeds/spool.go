package feeds

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
)

// kept is a row, or a line of rejects, that waits for the rest of its file.
type kept struct {
	reject bool
	row    int   // in its file
	day    int32 // when it was received
	line   []byte
}

const keptHead = 13

// spool keeps rows in their order.
type spool struct {
	in   *aside
	held []byte
	file *os.File
	err  error
}

func (s *spool) add(k kept) error {
	if s.err == nil && len(s.held) > 0 && len(s.held)+keptHead+len(k.line) > s.in.most {
		s.err = s.flush()
	}
	if s.err != nil {
		return s.err
	}
	var head [keptHead]byte
	if k.reject {
		head[0] = 1
	}
	binary.LittleEndian.PutUint32(head[1:], uint32(k.row))
	binary.LittleEndian.PutUint32(head[5:], uint32(k.day))
	binary.LittleEndian.PutUint32(head[9:], uint32(len(k.line)))
	s.held = append(append(s.held, head[:]...), k.line...)
	return nil
}

func (s *spool) flush() (err error) {
	if s.file == nil {
		if s.file, err = s.in.file(); err != nil {
			return err
		}
	}
	_, err = s.file.Write(s.held)
	s.held = s.held[:0]
	return err
}

// read gives the rows from the first; each holds until the next is asked for,
// and io.EOF follows the last.
func (s *spool) read() (next func() (kept, error), err error) {
	if s.err != nil {
		return nil, s.err
	}
	var in io.Reader = bytes.NewReader(s.held)
	if s.file != nil {
		if err := s.flush(); err != nil {
			return nil, err
		}
		s.held = nil
		in = fromStart(s.file)
	}
	var head [keptHead]byte
	var line []byte
	return func() (kept, error) {
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return kept{}, err
		}
		k := kept{reject: head[0] == 1, row: int(binary.LittleEndian.Uint32(head[1:])), day: int32(binary.LittleEndian.Uint32(head[5:]))}
		n := int(binary.LittleEndian.Uint32(head[9:]))
		if cap(line) < n {
			line = make([]byte, n)
		}
		k.line = line[:n]
		_, err := io.ReadFull(in, k.line)
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return k, err
	}, nil
}
