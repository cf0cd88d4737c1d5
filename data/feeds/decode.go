package feeds

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Decode turns a text file into UTF-8 and says what it was: UTF-8 with or
// without byte-order mark, UTF-16 with mark, else GB18030.
func Decode(b []byte) (text, format string, err error) {
	var c encodingCheck
	_, _ = c.Write(b)
	format, err = c.format(func() io.Reader { return bytes.NewReader(b) })
	if err != nil {
		return "", "", err
	}
	out, err := io.ReadAll(decoded(format, bytes.NewReader(b)))
	return string(out), format, err
}

// encodingCheck is written a whole file, in pieces of any size, and then knows
// how its text is encoded.
type encodingCheck struct {
	head []byte // up to three bytes: the mark
	rest []byte // a rune cut at the end of a piece
	at   int64  // bytes seen
	bad  int64  // place of the first byte that is no UTF-8, from 1; 0 = none
}

func (c *encodingCheck) Write(b []byte) (int, error) {
	if n := min(3-len(c.head), len(b)); n > 0 {
		c.head = append(c.head, b[:n]...)
	}
	if c.bad == 0 {
		text := b
		start := c.at - int64(len(c.rest))
		if len(c.rest) > 0 {
			text = append(c.rest, b...)
		}
		whole := len(text)
		for n := 1; n < utf8.UTFMax && n <= len(text); n++ { // leave a rune that may go on
			if r := text[len(text)-n]; utf8.RuneStart(r) {
				if r >= utf8.RuneSelf && !utf8.FullRune(text[len(text)-n:]) {
					whole = len(text) - n
				}
				break
			}
		}
		if !utf8.Valid(text[:whole]) {
			c.bad = start + int64(firstBad(text[:whole])) + 1
		}
		c.rest = append([]byte(nil), text[whole:]...)
	}
	c.at += int64(len(b))
	return len(b), nil
}

// format names the encoding. Again gives the file from its start.
func (c *encodingCheck) format(again func() io.Reader) (string, error) {
	if c.bad == 0 && len(c.rest) > 0 {
		c.bad = c.at - int64(len(c.rest)) + 1
	}
	switch {
	case bytes.HasPrefix(c.head, []byte("\xef\xbb\xbf")):
		if c.bad > 0 {
			return "", fmt.Errorf("it begins like UTF-8 but byte %d is not: save it anew as UTF-8", c.bad)
		}
		return "UTF-8", nil
	case bytes.HasPrefix(c.head, []byte("\xff\xfe")), bytes.HasPrefix(c.head, []byte("\xfe\xff")):
		return "UTF-16", nil
	case c.bad == 0:
		return "UTF-8", nil
	}
	var marks replacements
	if _, err := io.Copy(&marks, decoded("GB18030", again())); err != nil || marks.found {
		return "", errors.New("its text is neither UTF-8 nor GB18030: save it as CSV UTF-8")
	}
	return "GB18030", nil
}

// replacements looks for U+FFFD, which a decoder writes for what it cannot read.
type replacements struct {
	found bool
	tail  []byte
}

func (r *replacements) Write(b []byte) (int, error) {
	mark := []byte("\ufffd")
	r.found = r.found || bytes.Contains(append(r.tail, b[:min(len(b), 2)]...), mark) || bytes.Contains(b, mark)
	r.tail = append(r.tail, b[max(0, len(b)-2):]...)
	r.tail = append([]byte(nil), r.tail[max(0, len(r.tail)-2):]...)
	return len(b), nil
}

// decoded reads a file of the given format as UTF-8 without mark.
func decoded(format string, in io.Reader) io.Reader {
	switch format {
	case "UTF-16":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(in)
	case "GB18030":
		return simplifiedchinese.GB18030.NewDecoder().Reader(in)
	}
	return &withoutMark{in: in}
}

type withoutMark struct {
	in   io.Reader
	done bool
	head []byte
}

func (w *withoutMark) Read(b []byte) (int, error) {
	if !w.done {
		w.done = true
		w.head = make([]byte, 3)
		n, err := io.ReadFull(w.in, w.head)
		if w.head = w.head[:n]; string(w.head) == "\xef\xbb\xbf" {
			w.head = nil
		}
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return 0, err
		}
	}
	if len(w.head) > 0 {
		n := copy(b, w.head)
		w.head = w.head[n:]
		return n, nil
	}
	return w.in.Read(b)
}

func firstBad(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return len(b)
}
