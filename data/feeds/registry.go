package feeds

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parus-lending/parus/data/vector"
)

// The land registry as NY/T 2539 delivers it: tables of people and contracts
// beside the layer of parcels, as a folder of files, a GeoPackage or a workbook.

// registryTables are the tables that records come from. DK, the parcels, is read
// by a season itself (parcels.file).
var registryTables = []string{"FBF", "CBF", "CBF_JTCY", "CBHT", "CBDKXX", "CBJYQZ", "LZHT"}

// ImportRegistry brings the tables of a registry into the store: FBF as issuers,
// CBF as contractors, CBF_JTCY as members, CBDKXX with the terms of CBHT as
// contracts, CBJYQZ as certificates, LZHT with the parcels that CBDKXX gives it as
// transfers. Path is a folder of files, each named after its table (CBF.dbf,
// CBF3415232016.csv), a GeoPackage with such layers, or a workbook with such
// sheets. A table that is not there is left out; none at all is an error.
func ImportRegistry(ctx context.Context, path string, opt Options) ([]*Imported, error) {
	tables, err := findTables(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("import registry from %s: %w", path, err)
	}
	if tables["CBF"] == nil && opt.Key.IsZero() {
		return nil, fmt.Errorf("import registry from %s: there is no identity key to turn people into grower IDs: set identity_key in the county file", path)
	}
	parts := []struct {
		feed  string
		needs string
		turn  func(context.Context) (*table, error)
	}{
		{"issuers", "FBF", nil}, {"contractors", "CBF", nil}, {"members", "CBF_JTCY", nil},
		{"contracts", "CBDKXX", func(ctx context.Context) (*table, error) { return withTerms(ctx, tables["CBDKXX"], tables["CBHT"]) }},
		{"certificates", "CBJYQZ", nil},
		{"transfers", "LZHT", func(ctx context.Context) (*table, error) { return withParcels(ctx, tables["LZHT"], tables["CBDKXX"]) }},
	}
	var out []*Imported
	err = locked(ctx, opt, func() error {
		for _, p := range parts {
			t := tables[p.needs]
			if t == nil {
				continue
			}
			if p.turn != nil {
				if t, err = p.turn(ctx); err != nil {
					return fmt.Errorf("import %s from %s of %s: %w", p.feed, p.needs, path, err)
				}
			}
			lay, _ := LayoutOf(p.feed)
			s, err := sourceOf(ctx, lay, p.needs, t, opt.Mappings[p.feed], opt)
			if err != nil {
				return err
			}
			i, err := importSource(ctx, s, opt)
			if err != nil {
				return err
			}
			out = append(out, i)
		}
		return nil
	})
	return out, err
}

// tableNamed is the registry's table that a file, layer or sheet is named after:
// the county's code may follow.
func tableNamed(name string) string {
	name = strings.ToUpper(strings.TrimRight(strings.TrimSpace(name), "0123456789"))
	if slices.Contains(registryTables, name) {
		return name
	}
	return ""
}

func findTables(ctx context.Context, path string) (map[string]*table, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	files := []string{path}
	if info.IsDir() {
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, err
		}
		files = nil
		for _, e := range entries {
			files = append(files, filepath.Join(path, e.Name()))
		}
	}
	out := map[string]*table{}
	add := func(name, from string, t *table) error {
		if out[name] != nil {
			return fmt.Errorf("the table %s is there twice, once in %s: leave one", name, filepath.Base(from))
		}
		out[name] = t
		return nil
	}
	for _, f := range files {
		ext := strings.ToLower(filepath.Ext(f))
		base := strings.TrimSuffix(filepath.Base(f), filepath.Ext(f))
		switch {
		case ext == ".gpkg":
			layers, err := vector.Layers(f)
			if err != nil {
				return nil, err
			}
			for _, l := range layers {
				if name := tableNamed(l); name != "" {
					t, err := layerTable(f, l)
					if err == nil {
						err = add(name, f, t)
					}
					if err != nil {
						return nil, err
					}
				}
			}
		case ext == ".dbf" && tableNamed(base) != "":
			t, err := layerTable(f, "")
			if err == nil {
				err = add(tableNamed(base), f, t)
			}
			if err != nil {
				return nil, err
			}
		case (ext == ".csv" || ext == ".txt") && tableNamed(base) != "":
			t, err := openTable(ctx, f, nil)
			if err == nil {
				err = add(tableNamed(base), f, t)
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f, err)
			}
		case ext == ".xlsx":
			sheets, err := Sheets(f)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f, err)
			}
			for i, sheet := range sheets {
				name := tableNamed(sheet)
				if i == 0 && name == "" {
					name = tableNamed(base)
				}
				if name == "" {
					continue
				}
				t, err := openTable(ctx, f, &Mapping{Sheet: sheet})
				if err == nil {
					err = add(name, f, t)
				}
				if err != nil {
					return nil, fmt.Errorf("%s: %w", f, err)
				}
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("it holds none of the tables %s: a file, layer or sheet is named after its table", strings.Join(registryTables, ", "))
	}
	return out, nil
}

// layerTable is a layer of a GeoPackage, or a .dbf.
func layerTable(path, layer string) (*table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err != nil {
		return nil, err
	}
	format := "GeoPackage"
	if layer == "" {
		format = "DBF"
	}
	return &table{format: format, size: n, sha256: fmt.Sprintf("%x", sum.Sum(nil)), each: func(ctx context.Context, use func(line) error) error {
		return vector.Table(ctx, path, layer, func(row int, cells []string) error { return use(line{number: row, cells: cells}) })
	}}, nil
}

// columnsOf finds columns by their registry names in a table's first row.
func columnsOf(head []string, names ...string) []int {
	out := make([]int, len(names))
	for i, name := range names {
		out[i] = slices.IndexFunc(head, func(h string) bool { return plain(h) == plain(name) })
	}
	return out
}

func at(cells []string, column int) string {
	if column < 0 || column >= len(cells) {
		return ""
	}
	return narrow(cells[column])
}

// withTerms gives each contracted parcel (CBDKXX) the first and last day of its
// contract (CBHT).
func withTerms(ctx context.Context, parcels, contracts *table) (*table, error) {
	terms := map[string][2]string{}
	if contracts != nil {
		var c []int
		err := contracts.each(ctx, func(l line) error {
			if c == nil {
				c = columnsOf(l.cells, "CBHTBM", "CBQXQ", "CBQXZ")
				return nil
			}
			if id := at(l.cells, c[0]); id != "" {
				terms[id] = [2]string{at(l.cells, c[1]), at(l.cells, c[2])}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	out := *parcels
	out.each = func(ctx context.Context, use func(line) error) error {
		var c []int
		width := 0
		return parcels.each(ctx, func(l line) error {
			if c == nil {
				c, width = columnsOf(l.cells, "CBHTBM"), len(l.cells)
				l.cells = append(slices.Clone(l.cells), "CBQXQ", "CBQXZ")
				return use(l)
			}
			t := terms[at(l.cells, c[0])]
			for len(l.cells) < width {
				l.cells = append(l.cells, "")
			}
			if len(l.cells) == width {
				l.cells = append(slices.Clone(l.cells), t[0], t[1])
			}
			return use(l)
		})
	}
	return &out, nil
}

// withParcels gives each transfer (LZHT) a row for each parcel that CBDKXX names
// it for. Where it names none, all parcels of the contract are meant if LZDKS
// counts as many; else the transfer vouches for an area only.
func withParcels(ctx context.Context, transfers, parcels *table) (*table, error) {
	byTransfer, byContract := map[string][]string{}, map[string][]string{}
	if parcels != nil {
		var c []int
		err := parcels.each(ctx, func(l line) error {
			if c == nil {
				c = columnsOf(l.cells, "DKBM", "CBHTBM", "LZHTBM")
				return nil
			}
			land := at(l.cells, c[0])
			if id := at(l.cells, c[1]); id != "" && land != "" {
				byContract[id] = append(byContract[id], land)
			}
			if id := at(l.cells, c[2]); id != "" && land != "" {
				byTransfer[id] = append(byTransfer[id], land)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	out := *transfers
	out.each = func(ctx context.Context, use func(line) error) error {
		var c []int
		width := 0
		return transfers.each(ctx, func(l line) error {
			if c == nil {
				c, width = columnsOf(l.cells, "LZHTBM", "CBHTBM", "LZDKS", "LZMJ", "LZMJM", "DKBM"), len(l.cells)
				if c[0] < 0 {
					return errors.New("it has no column LZHTBM")
				}
				if c[5] < 0 {
					l.cells = append(slices.Clone(l.cells), "DKBM")
				}
				return use(l)
			}
			if c[5] >= 0 || l.fault != "" {
				return use(l)
			}
			land := byTransfer[at(l.cells, c[0])]
			if n := byContract[at(l.cells, c[1])]; len(land) == 0 && len(n) > 0 && at(l.cells, c[2]) == fmt.Sprint(len(n)) {
				land = n
			}
			for len(l.cells) < width {
				l.cells = append(l.cells, "")
			}
			if len(land) == 0 {
				land = []string{""}
			}
			for _, id := range slices.Sorted(maps.Keys(setOf(land))) {
				row := l
				row.cells = append(slices.Clone(l.cells[:width]), id)
				if len(land) > 1 { // the area is that of all of them together
					for _, k := range c[3:5] {
						if k >= 0 {
							row.cells[k] = ""
						}
					}
				}
				if err := use(row); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return &out, nil
}

func setOf(list []string) map[string]bool {
	out := map[string]bool{}
	for _, v := range list {
		out[v] = true
	}
	return out
}
