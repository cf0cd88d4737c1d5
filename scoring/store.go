package scoring

import "unsafe"

// store keeps texts, lists of them and numbers in few large pieces: what is kept
// together is cheaper to make and to collect than one by one.
type store struct {
	piece   []byte
	list    []string
	numbers []Number
}

// The first pieces are small, since one grower alone needs few; each next one is
// twice as large, up to the second size.
const (
	firstPiece, pieceSize = 512, 64 << 10 // bytes
	firstCut, cutSize     = 8, 1024       // values
)

// open is room for a text of about some length that close will keep.
func (s *store) open(about int) []byte {
	if cap(s.piece)-len(s.piece) < about {
		size := min(max(firstPiece, 2*cap(s.piece)), pieceSize)
		s.piece = make([]byte, 0, max(size, about))
	}
	return s.piece[len(s.piece):]
}

// close makes a string that stays of the text written into the room that open
// gave last; a text that outgrew the room is copied.
func (s *store) close(text []byte) string {
	if len(text) == 0 {
		return ""
	}
	if from := len(s.piece); len(text) <= cap(s.piece)-from {
		s.piece = s.piece[:from+len(text)] // nobody writes here again
		return unsafe.String(&s.piece[from], len(text))
	}
	return s.keep(text)
}

// keep makes a string that stays.
func (s *store) keep(text []byte) string { return s.close(append(s.open(len(text)), text...)) }

// printf is sprintf into the store.
func (s *store) printf(format string, args ...any) string {
	return s.close(appendf(s.open(128), format, args...))
}

// strings makes room for n strings that stay.
func (s *store) strings(n int) []string { return cut(&s.list, n) }

// cut takes n zero values from a piece.
func cut[T any](piece *[]T, n int) []T {
	if *piece == nil || cap(*piece)-len(*piece) < n {
		size := min(max(firstCut, 2*cap(*piece)), cutSize)
		*piece = make([]T, 0, max(size, n))
	}
	from := len(*piece)
	*piece = (*piece)[:from+n]
	return (*piece)[from : from+n : from+n]
}

// keepLines makes the trace that stays of a trail, whose text was opened in the
// store.
func (s *store) keepLines(l *trail) []string {
	text := s.close(l.text)
	out := s.strings(len(l.ends))
	from := 0
	for i, end := range l.ends {
		out[i] = text[from:end]
		from = end
	}
	return out
}

// unique keeps the texts sorted, each once, without the empty one.
func (s *store) unique(texts []string) []string {
	if len(texts) == 0 {
		return nil
	}
	out := s.strings(len(texts))[:0]
	for _, t := range texts {
		at := len(out)
		for at > 0 && out[at-1] > t {
			at--
		}
		if t == "" || at > 0 && out[at-1] == t {
			continue
		}
		out = append(out, "")
		copy(out[at+1:], out[at:])
		out[at] = t
	}
	return out
}

// numbersOf makes Numbers of name, value pairs.
func (s *store) numbersOf(pairs ...string) Numbers {
	out := cut(&s.numbers, len(pairs)/2)[:0]
	for i := 0; i+1 < len(pairs); i += 2 {
		at := len(out)
		for at > 0 && out[at-1].Name > pairs[i] {
			at--
		}
		if at > 0 && out[at-1].Name == pairs[i] {
			out[at-1].Value = pairs[i+1]
			continue
		}
		out = append(out, Number{})
		copy(out[at+1:], out[at:])
		out[at] = Number{pairs[i], pairs[i+1]}
	}
	return out
}
