package gdal

import (
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// plainFile is a plain GeoTIFF as it describes itself.
type plainFile struct {
	path  string
	grid  raster.Grid
	bands []plainBand
}

type plainBand struct {
	about         string // what the file says it is
	typ           godal.DataType
	noData        float64
	hasNoData     bool
	scale, offset float64
}

func readTIFF(path string) (plainFile, error) {
	register()
	ds, err := godal.Open(path, godal.RasterOnly(), godal.ErrLogger(onlyErrors))
	if err != nil {
		return plainFile{}, fmt.Errorf("open %s: %w", path, err)
	}
	defer ds.Close()
	t := plainFile{path: path}
	if t.grid, err = gridOf(ds); err != nil {
		return plainFile{}, fmt.Errorf("place %s: %w", path, err)
	}
	if !raster.Placeable(t.grid.EPSG) {
		return plainFile{}, fmt.Errorf("place %s: its coordinate system (EPSG:%d, 0 = not told) is neither UTM of WGS 84 nor Gauss–Krüger of CGCS2000; turn it into one: gdalwarp -t_srs EPSG:326ZZ -tr 10 10 -r near", path, t.grid.EPSG)
	}
	for _, b := range ds.Bands() {
		st := b.Structure()
		about := b.Description()
		if about == "" {
			about = b.Metadata("DESCRIPTION") // as openEO writes it
		}
		tb := plainBand{about: about, typ: st.DataType, scale: st.Scale, offset: st.Offset}
		tb.noData, tb.hasNoData = b.NoData()
		t.bands = append(t.bands, tb)
	}
	return t, nil
}

// layers says which band of the file is which, by the band map where there is
// one, the file's own descriptions, or for a single band its name. stem is what
// the files of one scene share.
func (t plainFile) layers(given map[raster.Band]int) (layers map[raster.Band]int, stem string, err error) {
	name := strings.TrimSuffix(filepath.Base(t.path), filepath.Ext(t.path))
	if len(t.bands) == 1 {
		if b, rest, ok := bandInName(name); ok {
			if rest == "" { // B04.tif in a folder of its scene
				rest = filepath.Base(filepath.Dir(t.path))
			}
			return map[raster.Band]int{b: 1}, rest, nil
		}
	}
	if len(given) > 0 {
		for b, n := range given {
			if n > len(t.bands) {
				return nil, "", fmt.Errorf("%s has %d bands; the band map wants band %d for %s", t.path, len(t.bands), n, b)
			}
		}
		return given, name, nil
	}
	layers = map[raster.Band]int{}
	for i, tb := range t.bands {
		if b, ok := bandOfText(tb.about); ok && layers[b] == 0 {
			layers[b] = i + 1
		}
	}
	if len(layers) == 0 {
		return nil, "", fmt.Errorf("%s: neither its name nor its %d band descriptions name a band: tell which is which with --bands \"B02=1,B03=2,…\"", t.path, len(t.bands))
	}
	return layers, name, nil
}

var (
	tileInName     = regexp.MustCompile(`(?:^|_)T(\d{2}[C-HJ-NP-X][A-HJ-NP-Z]{2})(?:_|$)`)
	platformInName = regexp.MustCompile(`^S2([A-D])_`)
)

// plain turns plain GeoTIFFs into scenes: one of each file with several bands,
// one of the single-band files that share a name but for the band.
func (x *indexer) plain(paths []string) {
	at := map[string]*planned{}
	var order []string
	for _, path := range paths {
		t, err := readTIFF(path)
		if err != nil {
			x.warn("unreadable_file", path, err.Error())
			continue
		}
		layers, stem, err := t.layers(x.opt.Bands)
		if err != nil {
			x.warn("unknown_bands", path, err.Error())
			continue
		}
		key := filepath.Join(filepath.Dir(path), stem)
		p := at[key]
		if p == nil {
			if p, err = x.newPlain(t, stem); err != nil {
				x.warn("no_date", path, err.Error())
				continue
			}
			at[key] = p
			order = append(order, key)
		}
		x.addLayers(p, t, layers)
	}
	for _, key := range order {
		if len(at[key].scene.Assets) > 0 {
			x.scenes = append(x.scenes, at[key])
		}
	}
}

func (x *indexer) newPlain(t plainFile, stem string) (*planned, error) {
	when, timed, ok := x.opt.Date.find(stem)
	if !ok {
		when, timed, ok = x.opt.Date.find(filepath.Base(filepath.Dir(t.path)))
	}
	if !ok {
		return nil, fmt.Errorf("neither the name of %s nor of its folder tells a date (YYYYMMDD or YYYY-MM-DD): rename it, or tell where the date stands with --date-pattern", t.path)
	}
	ring, err := lonLatRing(t.grid)
	if err != nil {
		return nil, fmt.Errorf("place %s: %w", t.path, err)
	}
	if !timed {
		when = overpass(when, ring.Bound().Center()[0])
	}
	s := raster.Scene{ID: stem, Collection: x.opt.Collection, Time: when, EPSG: t.grid.EPSG, Footprint: orb.Polygon{ring}, Assets: map[raster.Band]raster.Asset{}}
	if m := tileInName.FindStringSubmatch(stem); m != nil {
		s.Tile = m[1]
	}
	if m := platformInName.FindStringSubmatch(stem); m != nil {
		s.Platform = "sentinel-2" + strings.ToLower(m[1])
	}
	return &planned{scene: s, jobs: map[raster.Band]conversion{}, from: filepath.Dir(t.path)}, nil
}

// native10 are the bands of 10 m pixels; the others have 20 m, and Parus reads
// each on its own.
var native10 = map[raster.Band]bool{raster.B02: true, raster.B03: true, raster.B04: true, raster.B08: true}

// addLayers gives the scene the bands of a file: as they are where they hold DN
// = reflectance × 10000 in whole numbers with 0 for no data, else by way of a
// COG of such numbers.
func (x *indexer) addLayers(p *planned, t plainFile, layers map[raster.Band]int) {
	names := make([]raster.Band, 0, len(layers))
	for b := range layers {
		names = append(names, b)
	}
	sort.Slice(names, func(i, j int) bool { return names[i] < names[j] })
	for _, b := range names {
		tb := t.bands[layers[b]-1]
		if t.grid.EPSG != p.scene.EPSG {
			x.warn("unreadable_file", t.path, fmt.Sprintf("it lies in EPSG:%d and other bands of scene %s in EPSG:%d", t.grid.EPSG, p.scene.ID, p.scene.EPSG))
			return
		}
		radar := b == raster.VV || b == raster.VH
		spread := !radar && t.grid.Res == 10 && !native10[b]
		old, taken := p.scene.Assets[b]
		if taken && old.Grid.Res == 20 && spread {
			continue // that one is the original
		}
		if taken && old.Grid.Res <= t.grid.Res && (native10[b] || radar || old.Grid.Res != 10 || t.grid.Res == 10) {
			if old.Grid.Res == t.grid.Res {
				x.warn("band_twice", p.scene.ID+" "+string(b), fmt.Sprintf("%s and %s both hold it; the first is used", old.Href, t.path))
			}
			continue
		}
		delete(p.jobs, b)
		whole := (tb.typ == godal.UInt16 || tb.typ == godal.Byte) && (!tb.hasNoData || tb.noData == 0)
		a := raster.Asset{Href: t.path, Grid: t.grid, Layer: layers[b], Scale: 1}
		c := conversion{src: t.path, layer: layers[b], grid: t.grid, class: b == raster.SCL}
		c.halve = spread
		switch {
		case radar: // read in floating point as it is
			whole = true
		case b != raster.SCL:
			c.scale, c.offset = x.scaleOf(tb)
			a.Scale, a.Offset = c.scale, c.offset
			if whole = whole && math.Abs(c.scale-1e-4) < 1e-12; !whole {
				c.rescale = !(tb.typ == godal.UInt16 && math.Abs(c.scale-1e-4) < 1e-12) // else only its no data is another
			}
		}
		if !whole || c.halve {
			if c.rescale {
				a.Scale, a.Offset = 1e-4, -storedOffset/1e4
			}
			a.Layer = 0
			p.jobs[b] = c
		}
		p.scene.Assets[b] = a
	}
}

// scaleOf is how values become reflectance: as told, else by the file's own
// scale and offset, else whole numbers are reflectance × 10000 and others
// reflectance.
func (x *indexer) scaleOf(b plainBand) (scale, offset float64) {
	scale, offset = b.scale, b.offset
	if scale == 1 || scale == 0 {
		scale = 1e-4
		if b.typ == godal.Float32 || b.typ == godal.Float64 {
			scale = 1
		}
	}
	if x.opt.Scale != nil {
		scale = *x.opt.Scale
	}
	if x.opt.Offset != nil {
		offset = *x.opt.Offset
	}
	return scale, offset
}

// lonLatRing is the outline of a grid in longitude and latitude.
func lonLatRing(g raster.Grid) (orb.Ring, error) {
	src, err := godal.NewSpatialRefFromEPSG(g.EPSG)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	dst, err := godal.NewSpatialRefFromEPSG(4326)
	if err != nil {
		return nil, err
	}
	defer dst.Close()
	tr, err := godal.NewTransform(src, dst)
	if err != nil {
		return nil, err
	}
	defer tr.Close()
	w, h := float64(g.Width)*g.Res, float64(g.Height)*g.Res
	x := []float64{g.X0, g.X0, g.X0 + w, g.X0 + w}
	y := []float64{g.Y0, g.Y0 - h, g.Y0 - h, g.Y0}
	if err := tr.TransformEx(x, y, nil, nil); err != nil {
		return nil, err
	}
	ring := orb.Ring{}
	for i := range x {
		ring = append(ring, orb.Point{math.Round(x[i]*1e7) / 1e7, math.Round(y[i]*1e7) / 1e7})
	}
	return append(ring, ring[0]), nil
}
