package vector

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// Polygons streams the polygons of any vector file in batches, for those who
// need no more than a polygon and its ID. A million rows need no more memory
// than a few thousand.
//
//	src, err := vector.OpenPolygons("fields.gpkg", vector.Options{})
//	for b, err := src.Next(ctx); b != nil; b, err = src.Next(ctx) {
//		b.Each(func(p vector.Polygon) { … }, func(r vector.Reject) { … })
//	}
type Polygons struct {
	file   string
	src    *source // its decoder of text
	crs    *crs
	mu     sync.Mutex // GDAL's transformations are not safe for concurrent use
	notes  []Note
	stream *arrowStream
	id     string
	rows   int
	count  int
	box    *orb.Bound // of the layer, in its own coordinates
}

// Polygon is one row: rings closed, without repeated corners, crossing neither
// themselves nor each other, in the CRS of the file.
type Polygon struct {
	Row      int // 1 = the first feature
	ID       string
	Shape    orb.MultiPolygon
	Repaired string // what changed the shape, empty for nothing
}

// OpenPolygons opens a layer. IDs come from Options.IDField (its own row key
// may be named too), or the first of parcel_id, DKBM, id and BSM that is there;
// a file with none of these gets row numbers and a note. Options.County is not
// used. A CRS that is not known is an error.
func OpenPolygons(path string, opt Options) (p *Polygons, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("read polygons from %s: %w", path, err)
		}
	}()
	src, err := open(path, opt.Layer)
	if err != nil {
		return nil, err
	}
	defer src.close()
	p = &Polygons{file: path, src: src}
	if p.crs, p.notes, err = src.crs(opt); err == nil && (p.crs.swapped || p.crs.gcj) {
		p.crs.close()
		err = errors.New("its axes are swapped, or it is in GCJ-02: bring it into EPSG:4326 or EPSG:4490 first")
	}
	if err != nil {
		return nil, err
	}
	opened := p
	defer func() {
		if err != nil {
			opened.Close()
		}
	}()
	if box, ok := src.bound(); ok {
		p.box = &box
	}
	name, _, _, err := gdalName(path)
	if err != nil {
		return nil, err
	}
	option := ""
	if src.raw {
		option = "ENCODING="
	}
	if p.stream, err = openArrow(name, option, src.layer.Name()); err != nil {
		return nil, err
	}
	p.count = p.stream.count()
	columns, key := p.stream.columns()
	isKey := false
	p.id, err = idColumn(columns, opt.IDField)
	switch {
	case err == nil:
	case opt.IDField != "" && strings.EqualFold(key, opt.IDField):
		p.id, isKey = key, true
	case opt.IDField != "":
		return nil, err
	default:
		p.notes = append(p.notes, Note{"id_is_row_number", path, "no column parcel_id, DKBM, id or BSM, so the row number serves as ID; name the column with --id-field: the file has " + strings.Join(append(columns, key), ", ")})
	}
	return p, p.stream.start(p.id, isKey)
}

// Close frees what GDAL holds. Batches must have been closed before.
func (p *Polygons) Close() {
	if p.stream != nil {
		p.stream.close()
	}
	p.crs.close()
}

// Notes are what was assumed of the file.
func (p *Polygons) Notes() []Note { return p.notes }

// Rows is how many rows have been handed out.
func (p *Polygons) Rows() int { return p.rows }

// Batches is how many batches there are to be, by what the file says of itself;
// −1 where it does not say.
func (p *Polygons) Batches() int {
	if p.count < 0 {
		return -1
	}
	return (p.count + rowsPerBatch - 1) / rowsPerBatch
}

// EPSG is the code of the file's CRS, 0 where it has none.
func (p *Polygons) EPSG() int { return p.crs.epsg }

// LonLat takes coordinates of the file to longitude and latitude. Safe for
// concurrent use.
func (p *Polygons) LonLat(mp orb.MultiPolygon) (orb.MultiPolygon, error) {
	if p.crs.trn != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
	}
	return p.crs.lonlat(mp)
}

// LonLatPoint is LonLat for one point.
func (p *Polygons) LonLatPoint(pt orb.Point) (orb.Point, error) {
	if p.crs.geographic {
		return pt, nil
	}
	out, err := p.LonLat(orb.MultiPolygon{{{pt}}})
	if err != nil {
		return pt, err
	}
	return out[0][0][0], nil
}

// To takes coordinates of the file to a UTM zone or CGCS2000 zone by its EPSG
// code. Coordinates that are in it already are handed back untouched.
func (p *Polygons) To(mp orb.MultiPolygon, epsg int) (orb.MultiPolygon, error) {
	if p.crs.epsg == epsg && epsg != 0 {
		return mp, nil
	}
	lonlat, err := p.LonLat(mp)
	if err != nil {
		return nil, err
	}
	return parcels.Project(lonlat, epsg)
}

// Bound is the box of the whole layer in longitude and latitude, as the file
// tells it; ok is false where it tells none.
func (p *Polygons) Bound() (box orb.Bound, ok bool) {
	if p.box == nil {
		return box, false
	}
	// Edges that are straight in the file bulge in degrees: look along them.
	const parts = 8
	var ring orb.Ring
	at := func(i int, a, b float64) float64 { return a + (b-a)*float64(i)/parts }
	for i := range parts + 1 {
		for j := range parts + 1 {
			ring = append(ring, orb.Point{at(i, p.box.Min[0], p.box.Max[0]), at(j, p.box.Min[1], p.box.Max[1])})
		}
	}
	mp, err := p.LonLat(orb.MultiPolygon{{ring}})
	if err != nil {
		return box, false
	}
	return mp.Bound(), true
}

// Batch is a few thousand rows. Batches may be worked on in different
// goroutines.
type Batch struct {
	p     *Polygons
	first int // row number of its first row
	rows  *arrowBatch
}

// Next is the next batch, nil at the end. The caller closes it. Not safe for
// concurrent use.
func (p *Polygons) Next(ctx context.Context) (*Batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	rows, err := p.stream.next()
	if err != nil {
		return nil, fmt.Errorf("read polygons from %s, after row %d: %w", p.file, p.rows, err)
	}
	if rows == nil {
		return nil, nil
	}
	b := &Batch{p, p.rows + 1, rows}
	p.rows += rows.n
	return b, nil
}

// Close frees the rows.
func (b *Batch) Close() { b.rows.close() }

// Len is the number of rows.
func (b *Batch) Len() int { return b.rows.n }

// Each hands over the rows in order: those that are polygons to use, the others
// to reject.
func (b *Batch) Each(use func(Polygon), reject func(Reject)) {
	for i := range b.rows.n {
		poly := Polygon{Row: b.first + i}
		column := "geometry"
		err := func() (err error) {
			if b.p.id == "" {
				poly.ID = fmt.Sprint(poly.Row)
			} else {
				if poly.ID, err = b.rows.id.text(i, b.rows.format); err == nil && b.p.src.raw {
					poly.ID = b.p.src.decode(poly.ID)
				}
				if poly.ID = strings.TrimSpace(poly.ID); err == nil && poly.ID == "" {
					err = errors.New("its ID is empty")
				}
				if err != nil {
					column = b.p.id
					return err
				}
			}
			if b.rows.geom.null(i) {
				return errors.New("it has no polygon")
			}
			given, err := polygonsOf(b.rows.geom.bytes(i, false))
			if err != nil {
				return err
			}
			if surelySimple(given) {
				poly.Shape = given
				return nil
			}
			poly.Shape, poly.Repaired, err = repair(given)
			return err
		}()
		if err != nil {
			reject(Reject{File: b.p.file, Row: poly.Row, ID: poly.ID, Column: column, Reason: err.Error()})
			continue
		}
		use(poly)
	}
}
