package feeds

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The store is a folder with one CSV file a feed, under Parus's own headings: a
// feed's file without people, in which each row also names its source and holds
// its checksum. Rows are only ever added: of those that share a key, the one
// received last (by as-of) holds.

// storedLayout is the layout of the feed's file in the store.
func storedLayout(l Layout) Layout {
	out := Layout{Feed: l.Feed, Authority: l.Authority, Key: l.Key, stored: true}
	for _, f := range l.Fields {
		if f.Kind == Identity || f.Kind == Private || f.Name == "contractor_id" && l.Feed != "contractors" || f.Name == "to_contractor_id" {
			continue
		}
		f.Need = f.Need || f.Name == "checksum"
		for _, h := range f.Headings { // the heading that is the field's own name, in its own unit
			if h.Name == f.Name {
				f.Headings = []Heading{h}
				break
			}
		}
		out.Fields = append(out.Fields, f)
	}
	return out
}

func storeFile(dir, feed string) string { return filepath.Join(dir, feed+".csv") }

// openStored opens a feed's file in the store; nil where there is none.
func openStored(ctx context.Context, lay Layout, opt Options) (*source, error) {
	if opt.Store == "" {
		return nil, nil
	}
	path := storeFile(opt.Store, lay.Feed)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	t, err := openTable(ctx, path, nil)
	if err != nil {
		return nil, fmt.Errorf("read feed %s from the store: %s: %w", lay.Feed, path, err)
	}
	s, err := sourceOf(ctx, storedLayout(lay), path, t, nil, Options{Key: opt.Key, County: opt.County, AsOf: opt.AsOf})
	if err != nil {
		return nil, fmt.Errorf("%w; the store's files are written by parus import: import the feed anew into an empty folder", err)
	}
	s.stored = true
	return s, nil
}

// storeRow appends a row as the store writes it and gives the checksum of its
// content: of what the row says, not when and from where it came.
func (r *row) storeRow(to []byte, l Layout, source string) (line []byte, sum string) {
	content := r.content[:0]
	for i, f := range l.Fields {
		if i > 0 {
			to = append(to, ',')
		}
		switch f.Name {
		case "source":
			to = appendCell(to, source)
		case "checksum":
			sum = checksum(content)
			to = append(to, sum...)
		case "received":
			to = append(to, r.received().String()...)
		default:
			before := len(to)
			to = appendCell(to, r.value(f.Name))
			content = append(append(content, to[before:]...), ',')
		}
	}
	r.content = content
	return append(to, '\n'), sum
}

// checksum of a row's content: 16 characters of SHA-256.
func checksum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:8])
}

// appendCell writes a cell of a CSV file.
func appendCell(to []byte, v string) []byte {
	if !strings.ContainsAny(v, ",\"\r\n") && (v == "" || v[0] != ' ') {
		return append(to, v...)
	}
	to = append(to, '"')
	for i := range len(v) {
		if v[i] == '"' {
			to = append(to, '"')
		}
		to = append(to, v[i])
	}
	return append(to, '"')
}
