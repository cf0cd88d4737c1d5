package feeds

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// tags takes an XML text apart into tags and the text between them. It knows as
// much of XML as a workbook's sheets use, and refuses a document type: entities
// of its own could grow without end. The standard library's decoder does more
// and takes ten times as long, which a million rows feel.
type tags struct {
	in    *bufio.Reader
	tag   []byte // between < and >
	empty bool   // the tag closes itself
	text  []byte // raw text before the tag, kept only by appendText
	keep  bool
}

func newTags(in io.Reader) *tags { return &tags{in: bufio.NewReaderSize(in, 1<<18)} }

// next is the name of the next tag without prefix, "/row" for an end tag.
// Remarks and instructions are passed over.
func (x *tags) next() (string, error) {
	for {
		if err := x.upTo('<'); err != nil {
			return "", err
		}
		head, _ := x.in.Peek(8)
		switch {
		case len(head) > 0 && head[0] == '?':
			if err := x.skip("?>"); err != nil {
				return "", err
			}
		case bytes.HasPrefix(head, []byte("!--")):
			if err := x.skip("-->"); err != nil {
				return "", err
			}
		case bytes.HasPrefix(head, []byte("![CDATA[")):
			_, _ = x.in.Discard(8)
			before := len(x.text)
			if err := x.skip("]]>"); err != nil {
				return "", err
			}
			if x.keep { // its text is what it is: no & in it begins an entity
				raw := append([]byte(nil), x.tag...)
				x.text = append(x.text[:before], bytes.ReplaceAll(raw, []byte("&"), []byte("&amp;"))...)
			}
		case len(head) > 0 && head[0] == '!':
			return "", errors.New("it has a document type")
		default:
			return x.name()
		}
	}
}

// upTo passes over (or keeps) the text before the next c.
func (x *tags) upTo(c byte) error {
	for {
		part, err := x.in.ReadSlice(c)
		if x.keep {
			x.text = append(x.text, part...)
			if err == nil {
				x.text = x.text[:len(x.text)-1]
			}
			if len(x.text) > mostCellBytes {
				return errors.New("a cell of it is too large")
			}
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// skip reads to the end mark; what stood before it is x.tag.
func (x *tags) skip(end string) error {
	x.tag = x.tag[:0]
	for {
		part, err := x.in.ReadSlice(end[len(end)-1])
		x.tag = append(x.tag, part...)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
		if bytes.HasSuffix(x.tag, []byte(end)) {
			x.tag = x.tag[:len(x.tag)-len(end)]
			return nil
		}
		if len(x.tag) > mostCellBytes {
			return errors.New("a remark of it is too large")
		}
	}
}

// name reads a tag: a > within quotes does not end it.
func (x *tags) name() (string, error) {
	x.tag = x.tag[:0]
	quote := byte(0)
	for {
		part, err := x.in.ReadSlice('>')
		x.tag = append(x.tag, part...)
		for _, c := range part {
			switch {
			case quote == 0 && (c == '"' || c == '\''):
				quote = c
			case c == quote:
				quote = 0
			}
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			if err == io.EOF {
				err = errors.New("it ends within a tag")
			}
			return "", err
		}
		if err == nil && quote == 0 {
			break
		}
		if len(x.tag) > mostCellBytes {
			return "", errors.New("a tag of it is too large")
		}
	}
	x.tag = x.tag[:len(x.tag)-1]
	if x.empty = bytes.HasSuffix(x.tag, []byte("/")); x.empty {
		x.tag = x.tag[:len(x.tag)-1]
	}
	end := bytes.IndexAny(x.tag, " \t\r\n")
	if end < 0 {
		end = len(x.tag)
	}
	name := x.tag[:end]
	closing := len(name) > 0 && name[0] == '/'
	if i := bytes.LastIndexByte(name, ':'); i >= 0 {
		if name = name[i+1:]; closing {
			return "/" + string(name), nil
		}
	}
	switch string(name) { // no memory for what a sheet is full of
	case "c":
		return "c", nil
	case "/c":
		return "/c", nil
	case "v":
		return "v", nil
	case "/v":
		return "/v", nil
	case "row":
		return "row", nil
	case "/row":
		return "/row", nil
	case "is":
		return "is", nil
	case "t":
		return "t", nil
	}
	return string(name), nil
}

// attr is the raw value of an attribute of the tag just read, nil where it has
// none. Prefixes are part of the name.
func (x *tags) attr(name string) []byte {
	rest := x.tag
	for {
		i := bytes.IndexByte(rest, '=')
		if i < 0 {
			return nil
		}
		key := bytes.TrimRight(rest[:i], " \t\r\n")
		if j := bytes.LastIndexAny(key, " \t\r\n"); j >= 0 {
			key = key[j+1:]
		}
		rest = bytes.TrimLeft(rest[i+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil
		}
		if string(key) == name {
			return rest[1 : 1+end]
		}
		rest = rest[end+2:]
	}
}

// appendText appends the text up to the tag end.
func (x *tags) appendText(to []byte, end string) ([]byte, error) {
	x.text, x.keep = x.text[:0], true
	defer func() { x.keep = false }()
	for {
		tag, err := x.next()
		if err == io.EOF {
			err = errors.New("it ends within a cell")
		}
		if err != nil {
			return to, err
		}
		if tag == end {
			return entities(to, x.text)
		}
	}
}

// appendTexts appends the text of every t up to the end of the element: rich
// text is parted into runs. How a text is spoken (rPh) is left out.
func (x *tags) appendTexts(to []byte, element string) ([]byte, error) {
	spoken := 0
	for {
		tag, err := x.next()
		if err == io.EOF {
			err = errors.New("it ends within a text")
		}
		if err != nil {
			return to, err
		}
		switch {
		case tag == "/"+element:
			return to, nil
		case tag == "rPh" && !x.empty:
			spoken++
		case tag == "/rPh" && spoken > 0:
			spoken--
		case tag == "t" && !x.empty:
			before := len(to)
			if to, err = x.appendText(to, "/t"); err != nil {
				return to, err
			}
			if spoken > 0 {
				to = to[:before]
			}
		}
	}
}

var named = map[string]string{"lt": "<", "gt": ">", "amp": "&", "quot": `"`, "apos": "'"}

// entities appends text with its entities resolved and line ends as XML has them.
func entities(to, text []byte) ([]byte, error) {
	if !utf8.Valid(text) {
		return to, errors.New("its text is not UTF-8")
	}
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return append(to, text...), nil
		}
		to = append(to, text[:i]...)
		end := bytes.IndexByte(text[i:], ';')
		if end < 0 || end > 12 {
			return to, errors.New("an & in it begins no entity")
		}
		name := string(text[i+1 : i+end])
		text = text[i+end+1:]
		if v, ok := named[name]; ok {
			to = append(to, v...)
			continue
		}
		if len(name) < 2 || name[0] != '#' {
			return to, fmt.Errorf("an entity &%s; of it is not known", name)
		}
		digits, base := name[1:], 10
		if digits[0] == 'x' {
			digits, base = digits[1:], 16
		}
		n, err := strconv.ParseUint(digits, base, 32)
		if err != nil || !utf8.ValidRune(rune(n)) {
			return to, fmt.Errorf("an entity &%s; of it is no character", name)
		}
		to = utf8.AppendRune(to, rune(n))
	}
}
