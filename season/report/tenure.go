package report

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/parus-lending/parus/data/rundir"
)

// tenureRow is one spell of a parcel on a grower's sheet.
type tenureRow struct {
	rundir.Spell
	Own bool
}

// readTenure reads who farms the land of the growers that get a sheet. A run of
// an earlier version does not say.
func (r *run) readTenure(dir string, growers []string) error {
	want := map[string]bool{}
	for _, g := range growers {
		for _, p := range r.plotsOf[g] {
			for _, id := range p.Parcels {
				want[id] = true
			}
		}
	}
	r.spells = map[string][]rundir.Spell{}
	err := rundir.Each(filepath.Join(dir, rundir.TenureFile), func(rows []rundir.Spell) error {
		for _, s := range rows {
			if want[s.ParcelID] {
				r.spells[s.ParcelID] = append(r.spells[s.ParcelID], s)
			}
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// tenure lists the spells of a grower's parcels on which somebody else, or
// nobody, farms for a part of the season, or two chains claim the land.
func (r *run) tenure(grower string) (out []tenureRow) {
	for _, p := range r.plotsOf[grower] {
		for _, id := range p.Parcels {
			spells := r.spells[id]
			whole := true
			for _, s := range spells {
				whole = whole && s.GrowerID == grower && s.Conflict == ""
			}
			for _, s := range spells {
				if !whole && len(out) < areasOnSheet {
					out = append(out, tenureRow{s, s.GrowerID == grower})
				}
			}
		}
	}
	return out
}
