package vector

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Column reads the text of one column by parcel code: the first of names that
// the file has, without case. No such column gives an empty map.
func Column(ctx context.Context, path string, opt Options, names ...string) (map[string]string, error) {
	src, err := open(path, opt.Layer)
	if err != nil {
		return nil, fmt.Errorf("read parcels from %s: %w", path, err)
	}
	defer src.close()
	out := map[string]string{}
	id, column := "", ""
	err = src.each(ctx, func(r row) error {
		if id == "" {
			columns := r.columns()
			if id, err = idColumn(columns, opt.IDField); err != nil {
				return err
			}
			for _, want := range names {
				if i := slices.IndexFunc(columns, func(c string) bool { return strings.EqualFold(c, want) }); i >= 0 && column == "" {
					column = columns[i]
				}
			}
		}
		if code, err := codeOf(r, id); err == nil && column != "" {
			f := r.fields[column]
			out[code] = r.text(f.String())
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read parcels from %s: %w", path, err)
	}
	return out, nil
}
