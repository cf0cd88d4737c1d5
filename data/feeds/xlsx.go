package feeds

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// What a workbook may hold at most, against files made to exhaust memory.
const (
	mostSheetBytes  = 8 << 30
	mostStringBytes = 1 << 30
	mostColumns     = 16384
	mostCellBytes   = 1 << 20
)

// xlsxTable reads one sheet of a workbook, the first where none is named, row by
// row and as the file stores it: a number keeps the digits it has, and a rounded
// code can be told. Only the table of shared strings stays in memory.
func xlsxTable(file, sheet string) (func(context.Context, func(line) error) error, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, noBook(err)
	}
	defer z.Close()
	part, err := sheetPart(&z.Reader, sheet)
	if err != nil {
		return nil, err
	}
	var texts *texts
	return func(ctx context.Context, use func(line) error) error {
		z, err := zip.OpenReader(file)
		if err != nil {
			return noBook(err)
		}
		defer z.Close()
		if texts == nil {
			if texts, err = sharedTexts(&z.Reader); err != nil {
				return noBook(err)
			}
		}
		in, err := z.Open(part)
		if err != nil {
			return noBook(err)
		}
		defer in.Close()
		s := sheetRows{xml: newTags(&upTo{in, mostSheetBytes}), texts: texts}
		for n := 0; ; n++ {
			if n%4096 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			l, err := s.next()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return noBook(err)
			}
			if err := use(l); err != nil {
				return err
			}
		}
	}, nil
}

func noBook(err error) error {
	return fmt.Errorf("it is no readable XLSX file (%w): save it anew", err)
}

// Sheets are the names of a workbook's sheets, in its order.
func Sheets(file string) ([]string, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, noBook(err)
	}
	defer z.Close()
	sheets, err := sheetsOf(&z.Reader)
	var out []string
	for _, s := range sheets {
		out = append(out, s.Name)
	}
	return out, err
}

type sheetRef struct {
	Name string     `xml:"name,attr"`
	Any  []xml.Attr `xml:",any,attr"`
}

func sheetsOf(z *zip.Reader) ([]sheetRef, error) {
	var book struct {
		Sheets []sheetRef `xml:"sheets>sheet"`
	}
	if err := readPart(z, "xl/workbook.xml", &book); err != nil {
		return nil, noBook(err)
	}
	if len(book.Sheets) == 0 {
		return nil, errors.New("the XLSX file has no sheet")
	}
	return book.Sheets, nil
}

// sheetPart is the part of the archive that holds a sheet.
func sheetPart(z *zip.Reader, want string) (string, error) {
	sheets, err := sheetsOf(z)
	if err != nil {
		return "", err
	}
	chosen := sheets[0]
	if want != "" {
		var names []string
		found := false
		for _, s := range sheets {
			names = append(names, s.Name)
			if !found && strings.EqualFold(strings.TrimSpace(s.Name), want) {
				chosen, found = s, true
			}
		}
		if !found {
			return "", fmt.Errorf("it has no sheet %q; its sheets are %s", want, strings.Join(names, ", "))
		}
	}
	var rels struct {
		Relationships []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := readPart(z, "xl/_rels/workbook.xml.rels", &rels); err != nil {
		return "", noBook(err)
	}
	for _, a := range chosen.Any {
		if a.Name.Local != "id" {
			continue
		}
		for _, r := range rels.Relationships {
			if r.ID == a.Value {
				if strings.HasPrefix(r.Target, "/") {
					return strings.TrimPrefix(path.Clean(r.Target), "/"), nil
				}
				return path.Join("xl", r.Target), nil
			}
		}
	}
	return "", noBook(fmt.Errorf("sheet %q leads nowhere", chosen.Name))
}

func readPart(z *zip.Reader, name string, to any) error {
	f, err := z.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return xml.NewDecoder(&upTo{f, 16 << 20}).Decode(to)
}

// upTo fails where more is read than a workbook may hold.
type upTo struct {
	in   io.Reader
	left int64
}

func (u *upTo) Read(b []byte) (int, error) {
	if u.left <= 0 {
		return 0, errors.New("a part of it is too large")
	}
	if int64(len(b)) > u.left {
		b = b[:u.left]
	}
	n, err := u.in.Read(b)
	u.left -= int64(n)
	return n, err
}

// texts are the workbook's shared strings, one after the other.
type texts struct {
	all []byte
	end []uint32
}

func (t *texts) at(i int) (string, bool) {
	if i < 0 || i >= len(t.end) {
		return "", false
	}
	from := uint32(0)
	if i > 0 {
		from = t.end[i-1]
	}
	return string(t.all[from:t.end[i]]), true
}

func sharedTexts(z *zip.Reader) (*texts, error) {
	t := &texts{}
	f, err := z.Open("xl/sharedStrings.xml")
	if err != nil {
		return t, nil // a workbook without text has none
	}
	defer f.Close()
	x := newTags(&upTo{f, mostSheetBytes})
	for {
		tag, err := x.next()
		if err == io.EOF {
			return t, nil
		}
		if err != nil {
			return nil, err
		}
		if tag != "si" {
			continue
		}
		before := len(t.all)
		if !x.empty {
			if t.all, err = x.appendTexts(t.all, "si"); err != nil {
				return nil, err
			}
		}
		t.all = append(t.all[:before], unescaped(t.all[before:])...)
		if t.end = append(t.end, uint32(len(t.all))); len(t.all) > mostStringBytes {
			return nil, errors.New("its shared strings are too large")
		}
	}
}
