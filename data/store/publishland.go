package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"

	"github.com/parus-lending/parus/data/rundir"
)

func (l *loader) parcels() (int64, error) {
	return copyRows(l.ctx, l.tx, "parus.parcel (run, county, parcel_id, plot_id, grower_id, area_m2, geom)", func(r *rows) error {
		// Both files are read side by side: plots only as far as the parcels need them.
		next, stop := iter.Pull2(l.plots)
		defer stop()
		of := map[string]rundir.Plot{}
		type shape struct {
			ParcelID string `parquet:"parcel_id"`
			PlotID   string `parquet:"plot_id,dict"`
			Geometry []byte `parquet:"geometry"`
		}
		return rundir.Each(l.file(rundir.ParcelsFile), func(shapes []shape) error {
			for _, s := range shapes {
				p, ok := of[s.ParcelID]
				for !ok {
					plots, err, more := next()
					if err != nil {
						return err
					}
					if !more {
						return fmt.Errorf("parcel %s stands in %s and not in %s", s.ParcelID, rundir.ParcelsFile, rundir.PlotsFile)
					}
					for _, p := range plots {
						of[p.ParcelID] = p
					}
					p, ok = of[s.ParcelID]
				}
				l.key(r, 5)
				r.text(s.ParcelID)
				r.text(p.PlotID)
				r.known(p.GrowerID)
				r.float8(p.AreaM2)
				if err := r.geometry(s.Geometry); err != nil {
					return fmt.Errorf("parcel %s: %w", s.ParcelID, err)
				}
			}
			return nil
		})
	})
}

// plots yields the rows of plots.parquet, some at a time.
func (l *loader) plots(yield func([]rundir.Plot, error) bool) {
	err := rundir.Each(l.file(rundir.PlotsFile), func(plots []rundir.Plot) error {
		if !yield(plots, nil) {
			return errEnough
		}
		return nil
	})
	if err != nil && err != errEnough {
		yield(nil, err)
	}
}

// bbox notes where the run's land lies.
func (l *loader) bbox() error {
	_, err := l.tx.Exec(l.ctx, `UPDATE parus.run SET bbox = (SELECT ARRAY[ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)] FROM (SELECT ST_Extent(geom) AS e FROM parus.parcel WHERE run = $1) x
		WHERE e IS NOT NULL) WHERE id = $1`, l.id)
	return err
}

// geometry writes little-endian WKB as PostGIS takes it, with its CRS (EPSG:4326).
func (r *rows) geometry(wkb []byte) error {
	if len(wkb) < 9 || wkb[0] != 1 {
		return errors.New("its geometry is not little-endian WKB")
	}
	const hasCRS = 0x20000000
	r.raw4(uint32(len(wkb) + 4))
	var head [9]byte
	head[0] = 1
	binary.LittleEndian.PutUint32(head[1:], binary.LittleEndian.Uint32(wkb[1:])|hasCRS)
	binary.LittleEndian.PutUint32(head[5:], 4326)
	r.w.Write(head[:])
	r.w.Write(wkb[5:])
	return nil
}
